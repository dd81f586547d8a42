"""The report for machines: every figure of the report, the sums of its parts, no text of an output."""

from __future__ import annotations

import json
from typing import Any

from headroom_report.writing.json_report import as_json
from tests.report.values.test_savings import REPORT

VALUES: Any = json.loads(json.dumps(as_json(REPORT)))


def test_sums_are_those_of_the_report() -> None:
    assert VALUES["new"] == {"before": 400, "after": 285, "saved": 115, "share": 0.2875}
    assert VALUES["whole"] == {"before": 800, "after": 585, "saved": 215, "share": 0.2687}
    assert VALUES["outputs"]["saved"] == 115
    assert VALUES["usage"] == {"input": 700, "cached": 500, "output": 30, "cached_untold_of": 0}
    assert [bill["cached_price"] for bill in VALUES["bills"]] == [0.1, 0.25, 0.5]
    assert (VALUES["title"], VALUES["level"], VALUES["references"], VALUES["requests"]) == (
        "both",
        "lossless",
        "careful",
        4,
    )


def test_parts_add_up_to_the_sums() -> None:
    for figure in ("new", "whole"):
        for count in ("before", "after", "saved"):
            of_sessions = [session[figure][count] for session in VALUES["sessions"]]
            of_turns = [sum(turn[figure][count] for turn in session["turns"]) for session in VALUES["sessions"]]
            assert of_turns == of_sessions
            assert sum(of_sessions) == VALUES[figure][count]
    for count in ("before", "after", "saved"):
        assert sum(tool[count] for tool in VALUES["tools"]) == VALUES["outputs"][count]


def test_outputs_are_named_by_their_call() -> None:
    assert VALUES["largest"][0] == {
        "tool": "read",
        "call": None,
        "before": 190,
        "after": 90,
        "saved": 100,
        "share": 0.5263,
    }
