from __future__ import annotations

import pytest

from headroom_compression.formats.tables.compact_json import compacted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (' {\t"a b" :\r\n [ 1.0 , "\\u00e9 \\/ " ] } ', '{"a b":[1.0,"\\u00e9 \\/ "]}'),
        ("{}\n[ ]\n{}", "{}\n[]\n{}"),
        ('{"a": {"b": []}}{"c": null}', '{"a":{"b":[]}}\n{"c":null}'),
        ('["\u2028 \x7f"]', '["\u2028 \x7f"]'),
    ],
)
def test_only_blanks_between_parts_go(text: str, expected: str) -> None:
    assert compacted(text) == expected


@pytest.mark.parametrize("text", ["[1 2]", '["a" "b"]', "[[1]", '["a'])
def test_broken_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        compacted(text)
