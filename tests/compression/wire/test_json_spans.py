"""Positions agree with a JSON parser, whatever the nesting and the spelling."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression.wire.json_spans import array_entries
from headroom_compression.wire.json_spans import check_json
from headroom_compression.wire.json_spans import object_members

values = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() | strategies.text(),
    lambda inner: strategies.lists(inner, max_size=4) | strategies.dictionaries(strategies.text(), inner, max_size=4),
)
indents = strategies.sampled_from([None, 0, 3])
finite = values.filter(lambda value: not any(word in json.dumps(value) for word in ("NaN", "Infinity")))


@given(strategies.dictionaries(strategies.text(), finite, max_size=5), indents, strategies.booleans())
def test_members_are_those_of_a_parser(value: dict[str, object], indent: int | None, ascii_only: bool) -> None:  # noqa: FBT001  drawn
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    check_json(text)
    members = object_members(text, 0)
    assert members is not None
    assert {key: json.loads(text[span.start : span.stop]) for key, span in members.items()} == value


@given(strategies.lists(finite, max_size=5), indents)
def test_entries_are_those_of_a_parser(value: list[object], indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert [json.loads(text[span.start : span.stop]) for span in array_entries(text, 0)[0]] == value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 5_000 + "]" * 5_000, id="5,000 lists deep"),
        pytest.param('{"a":' * 5_000 + "1" + "}" * 5_000, id="5,000 objects deep"),
        pytest.param("1e400", id="a number that no double holds"),
        pytest.param("-0.0E-0", id="minus zero"),
        pytest.param("9" * 5_000, id="5,000 digits"),
        pytest.param('"\\ud800"', id="a lone surrogate"),
        pytest.param(' \t\r\n{ "a" : [ ] , "b" : { } } \n', id="white space everywhere"),
        pytest.param('"\\u0000\\/\\b"', id="escapes"),
        pytest.param('"\x7f\u2028"', id="characters that need no escape"),
    ],
)
def test_strange_but_valid_json_passes(text: str) -> None:
    check_json(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "[",
        '"',
        "]",
        "}",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        '{"a":1]',
        "{1:2}",
        "{a:1}",
        '{"a"}',
        '{"a":}',
        '{"a" 1}',
        '{"a":1,}',
        '{,"a":1}',
        '{"a":1 "b":2}',
        "1 2",
        "[1] [2]",
        "{} x",
        "NaN",
        "Infinity",
        "-",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "0x1",
        "tru",
        "truee",
        "True",
        "'a'",
        '"\n"',
        '"\\x41"',
        '"\\u12g4"',
        '"\\ud8"',
        "\ufeff1",
        "\xa01",
        "// x\n1",
    ],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the message of the scanner is Python's own
        check_json(text)


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"a":{},"b":1,"a":[]}'])
def test_a_key_twice_is_known_however_it_is_spelt(text: str) -> None:
    assert object_members(text, 0) is None


def test_a_key_twice_deeper_down_does_not_matter() -> None:
    assert object_members('{"a":{"b":1,"b":2}}', 0) is not None
