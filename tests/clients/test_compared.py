"""How the outputs of compared clients are counted, without a client."""

from __future__ import annotations

import json

import pytest

from headroom_compression import tokens
from tests.clients.compared.measuring import Saved
from tests.clients.compared.measuring import saved
from tests.clients.compared.work import has_tools

LONG, SHORT = "def area(width, height):", "def"


def body_of(*outputs: tuple[str, object]) -> bytes:
    items = [{"type": "function_call_output", "call_id": call, "output": output} for call, output in outputs]
    return json.dumps({"input": [{"role": "user", "content": "Look."}, *items]}).encode()


def test_an_output_counts_once_however_often_it_is_sent() -> None:
    parts = [{"type": "input_text", "text": LONG}, {"type": "input_text", "text": LONG}]
    sent = [body_of(("a", LONG)), body_of(("a", LONG), ("b", parts))]
    received = [body_of(("a", SHORT)), body_of(("a", SHORT), ("b", parts))]
    each = tokens.count(LONG)
    assert saved(sent, received) == Saved(2, 3 * each, tokens.count(SHORT) + 2 * each)


def test_what_was_lost_on_the_way_is_told() -> None:
    with pytest.raises(ValueError, match="other calls"):
        saved([body_of(("a", LONG))], [body_of()])


def test_a_share_of_nothing_is_nothing() -> None:
    assert saved([b'{"input": "Look."}'], [b'{"input": "Look."}']).percent == 0


@pytest.mark.parametrize(
    ("request_", "is_about_the_work"),
    [
        ({"input": "Name it.", "tools": []}, False),
        ({"input": [{"type": "message"}]}, False),
        ({"input": [{"type": "additional_tools"}]}, True),
        ({"input": "Look.", "tools": [{"type": "function"}]}, True),
    ],
)
def test_requests_for_titles_are_told_apart(request_: dict[str, object], is_about_the_work: bool) -> None:  # noqa: FBT001  a table
    assert has_tools(request_) is is_about_the_work
