from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.formats.tables import json_values
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


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text('a"\\,\n:[]{} é', max_size=6)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text('a"\\,', max_size=3), inner), max_leaves=12
)
_BROKEN = st.sampled_from(["", "", "", ",", '"', "\\", '\\"', "\n", "1", "]", "[", "{}", " ", "tru", "\x00"])


def _read(text: str) -> list[Value] | None:
    try:
        return read_documents(text)
    except ValueError:
        return None


@given(_VALUES, st.sampled_from([None, 0, 2]), _BROKEN, st.floats(0, 1), st.integers(1, 12))
def test_slices_are_read_as_the_whole(
    value: object, indent: int | None, broken: str, where: float, length: int
) -> None:
    text = json.dumps([value], indent=indent)
    text = text[: int(where * len(text))] + broken + text[int(where * len(text)) :]
    whole = _read(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "_SLICE", length)
        assert _read(text) == whole


@pytest.mark.parametrize("indent", [None, 1])
def test_no_slice_of_records_is_long(monkeypatch: pytest.MonkeyPatch, indent: int | None) -> None:
    text = json.dumps([{"id": number, "name": f'the "{number}", \\ of all'} for number in range(200)], indent=indent)
    monkeypatch.setattr(json_values, "_SLICE", 100)
    start = 0
    while len(text) - start > 100:
        stop = json_values._token_end(text, start)  # noqa: SLF001
        assert 100 <= stop - start < 160
        assert (text[:stop].replace("\\\\", "").replace('\\"', "").count('"')) % 2 == 0
        start = stop


def test_compact_writes_the_source_back() -> None:
    text = '{"a":[1.0,{"b":"\\u00e9"},[]],"c":{}}'
    assert [compact(value) for value in read_documents(text)] == [text]
