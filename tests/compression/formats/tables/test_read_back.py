from __future__ import annotations

import pytest

from headroom_compression.formats.tables.read_back import read_back

TABLE = """\
4 records {id,state:"open",user:{login},by:null|{login},to?:{login},labels:[{name,fixed:true}],url:`https://h/${id}`}
id,user.login,by.login,to.login,labels[name]
1,ada,bob,eve,["bug","ui"]
2,"7",null,,[]
"3",a b,bob,,["x"]
,ada,null,eve,[]"""
RECORDS = (
    '[{"id":1,"state":"open","user":{"login":"ada"},"by":{"login":"bob"},"to":{"login":"eve"},'
    '"labels":[{"name":"bug","fixed":true},{"name":"ui","fixed":true}],"url":"https://h/1"},'
    '{"id":2,"state":"open","user":{"login":"7"},"by":null,"labels":[],"url":"https://h/2"},'
    '{"id":"3","state":"open","user":{"login":"a b"},"by":{"login":"bob"},"labels":[{"name":"x","fixed":true}],'
    '"url":"https://h/3"},'
    '{"state":"open","user":{"login":"ada"},"by":null,"to":{"login":"eve"},"labels":[],"url":"https://h/"}]'
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TABLE, RECORDS),
        ("4 JSON lines\na\n1\n2\n\n4", '{"a":1}\n{"a":2}\n{}\n{"a":4}'),
        ('{"n":{"x":[2 records below]},"m":1}\n\nn.x: 2 records\na\n1\nb', '{"n":{"x":[{"a":1},{"a":"b"}]},"m":1}'),
        ('{"a":1}\n[2]', '{"a":1}\n[2]'),
    ],
)
def test_what_a_text_stands_for(text: str, expected: str) -> None:
    assert read_back(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        TABLE.replace("4 records", "5 records"),
        TABLE.replace("user.login,by", "user.name,by"),
        TABLE.replace("{id,", "{id}{"),
        TABLE + "\n",
        TABLE + ",1",
        TABLE.replace(',["x"]', ',"x"]'),
        TABLE.replace("null,,[]", "null,,]"),
        "1 records {a:null|{b,c}}\na.b,a.c\nnull,1",
        '{"x":[1 records below]}',
        '{"x":[1 records below]}\n\ny: 1 records\na\n1',
        '{"x":[1 records below]}\n\nx: 1 records\na\n1\n\nx: 1 records\na\n1',
        '{"x":1}\n\nx: 1 records\na\n1',
        '{"n":1.0"x":[1 records below]}\n\nx: 1 records\na\n1',
        '{"n":1.0""x":[1 records below]}\n\nx: 1 records\na\n1',
        '{"x":[1 records below]1"n":1.0}\n\nx: 1 records\na\n1',
        '{"m":{"n":[]:"x":[1 records below]}}\n\nm.x: 1 records\na\n1',
    ],
)
def test_what_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises((ValueError, LookupError)):
        read_back(text)
