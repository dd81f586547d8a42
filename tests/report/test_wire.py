"""What the addon and the recordings of its traffic agree on; test_flows.py sees the mark that the addon sets."""

from __future__ import annotations

import pytest

from headroom_report.wire import is_responses_path


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [
        pytest.param("/v1/responses", True, id="plain"),
        pytest.param("/openai/responses/?api-version=1", True, id="slash and query"),
        pytest.param("/v1/responses/resp_1", False, id="one response"),
        pytest.param("/v1/messages?next=/responses", False, id="in the query"),
    ],
)
def test_paths(path: str, is_ours: bool) -> None:  # noqa: FBT001  a table's column
    assert is_responses_path(path) == is_ours
