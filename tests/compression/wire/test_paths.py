"""What the addon and the recordings of its traffic agree on; test_flows.py sees the mark that the addon sets."""

from __future__ import annotations

import pytest

from headroom_compression.wire.paths import Asks
from headroom_compression.wire.paths import is_responses_path
from headroom_compression.wire.paths import responses_target
from headroom_compression.wire.paths import what_asks


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [
        pytest.param("/v1/responses", True, id="plain"),
        pytest.param("/openai/responses/?api-version=1", True, id="slash and query"),
        pytest.param("/v1/responses/resp_1", False, id="one response"),
        pytest.param("/v1/responses/compact", False, id="for a compaction"),
        pytest.param("/v1/responses/input_tokens?x=1", False, id="for a count"),
        pytest.param("/v1/messages?next=/responses", False, id="in the query"),
    ],
)
def test_requests_for_an_answer(path: str, is_ours: bool) -> None:  # noqa: FBT001  a table's column
    assert is_responses_path(path) == is_ours


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/responses", Asks.ANSWER),
        ("/v1/responses/compact", Asks.COMPACTION),
        ("/key/responses/compact/?api-version=1", Asks.COMPACTION),
        ("/v1/responses/input_tokens", Asks.COUNT),
        ("/responses/input_tokens/?a=/compact", Asks.COUNT),
        ("/v1/responses/resp_1/cancel", None),
        ("/v1/compact", None),
        ("/v1/responses/compacted", None),
        ("/v1/responses/input_tokens//", None),
        ("/v1/x?to=/responses/compact", None),
    ],
)
def test_what_a_request_asks(path: str, asked: Asks | None) -> None:
    assert what_asks(path) is asked


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/v1/responses", "/v1/responses"),
        ("/v1/responses/?api-version=1", "/v1/responses?api-version=1"),
        ("/key/v1/responses/compact", "/key/v1/responses"),
        ("/responses/input_tokens/?key=/compact", "/responses?key=/compact"),
        ("/v1/responses?", "/v1/responses?"),
    ],
)
def test_all_that_is_asked_of_the_same_items_has_one_target(path: str, target: str) -> None:
    assert responses_target(path) == target
