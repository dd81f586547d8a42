"""Random findings of ESLint and ruff: what people are told of each stays, in its place."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import sent_outputs
from tests.compression.support.elided_tables import check_rows
from tests.compression.support.recall_sessions import RECALL

WORDS = st.one_of(st.text(max_size=30), st.sampled_from(["a, b", 'Use "x".', "[1]", "", "12", "error: no x"]))
EDITS = st.fixed_dictionaries({"range": st.lists(st.integers(0, 9_999), min_size=2, max_size=2), "text": WORDS})
SUGGESTIONS = st.lists(
    st.builds(lambda words, edit: {"messageId": "do", "data": {"x": words}, "fix": edit, "desc": words}, WORDS, EDITS),
    max_size=2,
)
MESSAGES = st.builds(
    lambda words, number, more: {
        "ruleId": words and "semi", "severity": 2, "message": words, "line": number, "messageId": "missing semicolon",
        "endLine": number + 1, "endColumn": number % 80, **more,
    },
    WORDS,
    st.integers(0, 9_999),
    st.fixed_dictionaries({}, optional={"fix": EDITS, "suggestions": SUGGESTIONS}),
)  # fmt: skip


def sent(text: str, command: str, level: str) -> str:
    (output,) = sent_outputs(command_call(command), function_output(text), settings=replace(RECALL, level=level))
    return output


@settings(max_examples=60, phases=[Phase.explicit, Phase.generate])  # to shrink takes minutes
@given(st.lists(MESSAGES, min_size=6, max_size=12), st.sampled_from([4, 9]))
def test_what_people_are_told_of_each_finding_stays(messages: list[dict[str, Any]], times: int) -> None:
    answer = [{"filePath": "/srv/a.js", "messages": messages * times, "errorCount": 3}]
    text = json.dumps(answer, ensure_ascii=False)
    whole, shown = (sent(text, "npx eslint -f json src", level) for level in ("lossless", "recall"))
    if "left out here: of each only " in shown:
        check_rows(shown, whole)


def test_there_is_something_to_check() -> None:
    check_rows(*(sent(findings(), "npx eslint -f json src", level) for level in ("recall", "lossless")))
    assert sent(findings(), "npx eslint -f json src", "recall").count("\n\t") == 87


def findings(**more: object) -> str:
    rows: list[dict[str, object]] = []
    for number in range(90):
        fix = {"range": [31 * number, 31 * number + number % 5], "text": f"total_{number * 7}"}
        told = {
            "ruleId": ("camelcase", "semi")[number % 2],
            "message": f"Identifier total_{number * 3} is not in camel case.",
        }
        rows.append({**told, "line": number, "endLine": number + 1, "endColumn": number % 7, "fix": fix, **more})
    return json.dumps([{"filePath": "/srv/a.js", "messages": rows}])


@pytest.mark.parametrize(
    ("command", "text", "expected"),
    [
        ("npx eslint -f json src", findings(), True),
        ("npm run --silent lint -- --format json", findings(), True),
        ("npx eslint -f json src", findings().replace("ruleId", "rule"), False),
        ("cat report.json", findings(), False),
        ("npx other -f json src", findings(), False),
    ],
)
def test_only_of_linters_that_are_known(command: str, text: str, expected: bool) -> None:  # noqa: FBT001  a table
    assert ("left out here: of each only " in sent(text, command, "recall")) is expected
