"""What Codex wraps of a command, on its own: what is none of its results, and the way back."""

from __future__ import annotations

import json

import pytest

from headroom_compression.formats.exec_results import opened
from headroom_compression.formats.exec_results import read_written
from headroom_compression.formats.exec_results import written

SHELL = {"output": "a\nb\n", "metadata": {"exit_code": 0, "duration_seconds": 0.1}}
SCRIPT = {"chunk_id": "1a2b3c", "wall_time_seconds": 0.05, "exit_code": 1, "output": "a\n"}


@pytest.mark.parametrize(
    "value", [SHELL, SCRIPT, {"wall_time_seconds": 1, "session_id": 7, "output": ""}], ids=["shell", "exec", "running"]
)
def test_what_was_opened_is_read_back(value: dict[str, object]) -> None:
    result = opened(json.dumps(value))
    assert result is not None
    assert read_written(written(result)) == result


def test_numbers_keep_their_source() -> None:
    result = opened('{"output":"","metadata":{"exit_code":0,"duration_seconds":1.50e1}}')
    assert result is not None
    assert written(result) == "Exit code: 0\nWall time: 1.50e1 seconds\nOutput:\n"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"output": "a"}),
        json.dumps({**SCRIPT, "more": 1}),
        json.dumps({"output": "a", "exit_code": 0}),
        json.dumps({"exit_code": "0", "output": "a"}),
        json.dumps(SHELL)[:-1],
        json.dumps({**SHELL, "output": "\ud800"}),
        "Exit code: 0",
    ],
    ids=["no status", "another field", "another order", "text for a number", "cut", "half a character", "no JSON"],
)
def test_what_is_no_result(text: str) -> None:
    assert opened(text) is None


def test_a_text_without_a_header_is_no_plain_form() -> None:
    assert read_written("Output:\na\n") is None
