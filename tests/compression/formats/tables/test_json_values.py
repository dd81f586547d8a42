from __future__ import annotations

import pytest

from headroom_compression.formats.tables.json_values import Value
from headroom_compression.formats.tables.json_values import compact
from headroom_compression.formats.tables.json_values import read_documents


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ('{"a" : [1.0, -0, 1E+2, "\\/\\u00e9"], "b": {}}', [{'"a"': ["1.0", "-0", "1E+2", '"\\/\\u00e9"'], '"b"': {}}]),
        ("[true,false,null,0]\n[]", [["true", "false", "null", "0"], []]),
        ('{"\\ud83d":"\u2028"}', [{'"\\ud83d"': '"\u2028"'}]),
    ],
)
def test_leaves_are_the_source(text: str, documents: list[Value]) -> None:
    assert read_documents(text) == documents


NO_JSON = """1 "a" [1 [1,] [,1] {"a"} {"a":} {"a":1,} {1:2} [01] [.5] [1.] [truey] [-] ["\\x"] ["\\u12g4"]
{"a":1,"a":1} [1]] [1} ["a"""


@pytest.mark.parametrize("text", [*NO_JSON.split(), '["\n"]', "[\x0b1]", "[\u00a01]"])
def test_all_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_documents(text)


def test_compact_writes_the_source_back() -> None:
    text = '{"a":[1.0,{"b":"\\u00e9"},[]],"c":{}}'
    assert [compact(value) for value in read_documents(text)] == [text]
