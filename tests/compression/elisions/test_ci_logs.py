"""Which commands print the log of a CI and nothing else."""

from __future__ import annotations

import pytest

from headroom_compression import compress_request_body
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.recall_sessions import RECALL

LINES = [f" * [new tag]             v1.{number}.0     -> v1.{number}.0" for number in range(80)]
LOG = "\n".join(f"build\tfetch\t2026-11-28T10:15:01.{number:07}Z {line}" for number, line in enumerate(LINES))


def sent(command: str, log: str = LOG) -> str:
    body = request_body(command_call(command), function_output(log))
    return str(sent_items(compress_request_body(body, RECALL).body)[-1]["output"])


def loses_lines(command: str) -> bool:
    return "left out here: what git fetched" in sent(command)


@pytest.mark.parametrize(
    "command",
    [
        "gh run view 4711 --log",
        "cd shop && gh run view --job 4711 --log-failed 2>&1 | tail -n 300",
        "gh run view 4711 --log | cut -f3- | head -500",
        "gh run view 4711 --log | tee run.log | sed 's/^build.//'",
        "gh api /repos/acme/shop/actions/jobs/4711/logs",
    ],
)
def test_logs_of_a_ci(command: str) -> None:
    assert loses_lines(command)


@pytest.mark.parametrize(
    "command",
    [
        "gh run view 4711",
        "cat run.log",
        "gh run view 4711 --log; cat run.txt",
        "gh run view 4711 --log; tail -n 300 run.txt",
        "gh run view 4711 --log && sed -n 1,200p run.txt",
        "gh run view 4711 --log; ls | xargs tail",
        'gh run view 4711 --log; echo "$(<run.txt)"',
        "gh api /repos/acme/shop/actions/runs",
    ],
)
def test_other_commands_and_files(command: str) -> None:
    assert not loses_lines(command)


def test_an_error_behind_the_progress_of_a_fetch_stays() -> None:
    progress = "remote: Counting objects:  40% (40/100)\rfatal: the remote end hung up unexpectedly"
    log = LOG + f"\nbuild\tfetch\t2026-11-28T10:16:00.0000001Z {progress}\n" + LOG
    assert "the remote end hung up" in sent("gh run view 4711 --log", log)
