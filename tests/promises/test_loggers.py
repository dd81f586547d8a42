"""Lines of trouble of each logger stay whole at both levels, and calm ones still go."""

from __future__ import annotations

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.loggers import LOGGERS
from tests.compression.support.recall_sessions import RECALL

LOSSLESS = Settings()


def log(calm: str, bad: str, rows: range, amount: int = 260) -> list[str]:
    """A line a second; those of `rows` are bad."""
    return [
        (bad if row in rows else calm)
        .replace("<T>", f"10:{15 + row // 60}:{row % 60:02}")
        .replace("<N>", str(row))
        .replace("<M>", str(row % 7 + 10))
        for row in range(amount)
    ]


def sent(lines: list[str], settings: Settings) -> str:
    body = request_body(command_call("docker logs web", "c"), function_output("\n".join([*lines, ""]), "c"))
    return str(sent_items(compress_request_body(body, settings).body)[-1]["output"])


@pytest.mark.parametrize("settings", [RECALL, LOSSLESS], ids=["recall", "lossless"])
@pytest.mark.parametrize("rows", [range(40, 240, 12), range(90, 240, 70)], ids=["many", "few"])
@pytest.mark.parametrize("logger", LOGGERS)
def test_lines_of_trouble_stay(logger: str, rows: range, settings: Settings) -> None:
    calm, *others = LOGGERS[logger]
    for bad in others:
        lines = log(calm, bad, rows)
        assert {lines[row] for row in rows} <= set(sent(lines, settings).split("\n"))


@pytest.mark.parametrize("logger", LOGGERS)
def test_calm_lines_go(logger: str) -> None:
    calm, bad, *_ = LOGGERS[logger]
    lines = log(calm, bad, range(90, 240, 70))
    text = sent(lines, RECALL)
    assert tokens.count(text) < tokens.count("\n".join(lines)) / 3
