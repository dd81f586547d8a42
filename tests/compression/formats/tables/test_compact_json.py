from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.formats.tables import compact_json
from headroom_compression.formats.tables.compact_json import DEEPEST
from headroom_compression.formats.tables.compact_json import compacted
from headroom_compression.formats.tables.compact_json import compacted_lists
from headroom_compression.formats.tables.compact_json import value_end
from headroom_compression.formats.tables.json_values import compact
from headroom_compression.formats.tables.json_values import read_documents


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


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text('a[]"\\ ,\n\u2028é\ud800')
_LISTS = st.lists(st.recursive(_LEAVES, st.lists))


@given(_LISTS, st.sampled_from([None, 0, 2]), st.booleans(), st.sampled_from(["", ",", "]", "[", " 1", "0", "\x00"]))
def test_lists_are_written_as_reading_them_whole_does(lists: object, indent: int | None, ascii: bool, end: str) -> None:  # noqa: A002, FBT001
    text = json.dumps(lists, indent=indent, ensure_ascii=ascii) + end
    written = compacted_lists(text)
    assert written is None or [written] == [compact(value) for value in read_documents(text)]


_BROKEN = st.sampled_from(["", "", ",", "]", "[", "],[", ",,", " 1", "0", '"', "[]", "\x00"])


@given(_LISTS, st.sampled_from([None, 0, 2]), _BROKEN, st.floats(0, 1), st.integers(0, 12))
def test_slices_tell_as_all_of_it_whether_it_is_json(
    lists: object, indent: int | None, broken: str, where: float, at_once: int
) -> None:
    text = json.dumps(lists, indent=indent)
    text = text[: int(where * len(text))] + broken + text[int(where * len(text)) :]
    expected = compacted_lists(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compact_json, "_READ_AT_ONCE", at_once)
        assert compacted_lists(text) == expected


@pytest.mark.parametrize("text", [str([*range(99)]), str([[number, "a"] for number in range(99)]).replace("'", '"')])
def test_no_slice_of_a_list_of_like_values_is_long(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    read: list[int] = []

    def loads(text: str) -> object:
        read.append(len(text))
        return json.loads(text)

    monkeypatch.setattr(orjson, "loads", loads)
    monkeypatch.setattr(compact_json, "_READ_AT_ONCE", 50)
    assert compacted_lists(text) == "".join(text.split())
    assert len(text) > sum(read) - 2 * len(read) > len(text) - 2 - len(read)
    assert max(read) < 70


@pytest.mark.parametrize(
    "text", ["{}", "[{}]", '["{"]', "[1,]", "[1 2]", "[NaN]", "[01]", "[[]", "", "[]]", "[" * 101 + "]" * 101]
)
def test_what_is_no_list_without_objects_is_left_to_others(text: str) -> None:
    assert compacted_lists(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2]", "[1,2]"),
        ('[ "a ]]" , [\n] ]', '["a ]]",[]]'),
        ("[" * DEEPEST + "]" * DEEPEST, "[" * DEEPEST + "]" * DEEPEST),
    ],
)
def test_lists_without_objects_are_written_without_blanks(text: str, expected: str) -> None:
    assert compacted_lists(text) == expected


_VALUES = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('ab,"\\[]{}é \x7f'), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=8,
)


@given(_VALUES, st.sampled_from(["", ",", "]", ',"x"', ',["a"]']), st.booleans())
def test_a_value_ends_where_it_ends_for_a_reader_of_json(value: object, behind: str, ascii: bool) -> None:  # noqa: A002, FBT001
    text = json.dumps(value, ensure_ascii=ascii, separators=(",", ":"))
    assert value_end(f"[{text}{behind}", 1) == 1 + len(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('"a', "Unterminated string"),
        ('["a","b', "Unterminated string"),
        ('["a"', "a bracket is not closed"),
        ('["a" "b"', "a bracket is not closed"),
        ('"a\nb"', "Invalid control character"),
        ('["a\x1f"]', "Invalid control character"),
    ],
)
def test_a_value_without_an_end_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        value_end(text, 0)
