"""JSON of any program is read and written again."""

from __future__ import annotations

import pytest

from headroom_report.values import json_text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"a":[1,"é",null]}', id="plain"),
        pytest.param('{"a":"\\ud83d"}', id="half of an emoji"),
        pytest.param('{"a":123456789012345678901234567890}', id="a number over 64 bits"),
    ],
)
def test_what_is_written_reads_the_same(text: str) -> None:
    assert json_text.parse(json_text.write(json_text.parse(text))) == json_text.parse(text.encode())


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\xff"], ids=["empty", "cut", "too deep", "no UTF-8"])
def test_what_is_no_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  of two parsers, in words of their own
        json_text.parse(text.encode("latin-1"))
    assert json_text.parse_or_none(text.encode("latin-1")) is None


def test_only_text_is_parsed() -> None:
    assert [json_text.parse_or_none(given) for given in ("[1]", b"[1]", 1, None)] == [[1], [1], None, None]
