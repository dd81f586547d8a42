"""Which commands print the log of a CI and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

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
        'gh run view 4711 --log | tail -n 500; echo "EXIT: $?"',
        "gh run view 4711 --log > /tmp/ci.txt 2>&1; tail -n 500 /tmp/ci.txt",
        """gh run view $(gh run list -L 1 --json databaseId --jq '.[] | select(.a=="b") | .databaseId') --log-failed""",
        "gh run view $(cat id.txt) --log",
        'RUN=$(gh run list --limit 1 --json databaseId -q ".[0].databaseId"); gh run view $RUN --log',
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
        "gh run view 4711 --log > /tmp/ci.txt; cat /tmp/ci.txt notes.txt",
        "gh run view 4711 --log > /tmp/ci.txt; cat notes.txt",
    ],
)
def test_other_commands_and_files(command: str) -> None:
    assert not loses_lines(command)


def test_an_error_behind_the_progress_of_a_fetch_stays() -> None:
    progress = "remote: Counting objects:  40% (40/100)\rfatal: the remote end hung up unexpectedly"
    log = LOG + f"\nbuild\tfetch\t2026-11-28T10:16:00.0000001Z {progress}\n" + LOG
    assert "the remote end hung up" in sent("gh run view 4711 --log", log)


# Lines of seven kinds, so that none is like the one above it.
KINDS = ("rule {} holds", "room {} is built here", "{}: done", "now to part {} of all", "{} and {}", "see {}", "a {}")


def told(number: int) -> str:
    return f"[{number}] " + KINDS[number % 7].replace("{}", str(number * 37))


def stamped(lines: Iterable[tuple[int, str]], place: str = "") -> str:
    """A log of lines with the second of each."""
    return "\n".join(
        f"{place}2026-11-28T10:{second // 60:02}:{second % 60:02}.{row:07}Z {line}"
        for row, (second, line) in enumerate(lines)
    )


def test_times_go_but_those_at_groups_troubles_and_silences() -> None:
    steps = [
        *((second, f"unpacking part {second} of the archive") for second in range(40)),
        (41, "##[group]Run make"),
        (41, "make"),
        (41, "##[endgroup]"),
        *((42, f"[{row}] checking rule {row} of the house") for row in range(40)),
        (90, "the linker has come back"),
        *((90, f"[{row}] linking part {row} of the house") for row in range(40)),
        (91, "##[error]Process completed with exit code 2."),
        *((92, f"[{row}] sweeping room {row} of the house") for row in range(9)),
    ]
    lines = sent("gh run view 4711 --log", stamped(steps)).split("\n")
    assert [line[11:19] + line[28:] for line in lines if line.startswith("2026-")] == [
        "10:00:00 unpacking part 0 of the archive",
        "10:00:01 unpacking part 1 of the archive",
        "10:00:41 ##[group]Run make",
        "10:00:42 [39] checking rule 39 of the house",
        "10:01:30 the linker has come back",
        "10:01:31 ##[error]Process completed with exit code 2.",
        "10:01:32 [6] sweeping room 6 of the house",
        "10:01:32 [7] sweeping room 7 of the house",
        "10:01:32 [8] sweeping room 8 of the house",
    ]
    assert [line for line in lines if not line.startswith(("2026-", "[1"))][:2] == [
        "unpacking part 2 of the archive",
        "unpacking part 3 of the archive",
    ]
    assert [line for _, line in steps if line not in "\n".join(lines)] == []


def test_where_job_or_step_change_they_are_told() -> None:
    first = stamped(((0, f"[{row}] rule {row} of the house holds") for row in range(40)), "lint\tcheck\t")
    second = stamped(((1, f"[{row}] room {row} of the house is built") for row in range(40)), "build\tmake\t")
    text = sent("gh run view 4711 --log", f"{first}\n{second}")
    assert "\n[39] rule 39 of the house holds\nbuild\tmake\t2026-11-28T10:00:01.0000000Z [0] room 0" in text


@pytest.mark.parametrize(
    ("command", "have_times"),
    [
        ("gh run view 4711 --log", False),
        ("gh run view 4711 --log | grep -v hint", False),
        ("gh run view 4711 --log | grep 'T10:0'", True),
        ("gh run view 4711 --log | grep -E '10:00|10:01'", True),
        ("cat run.log", True),
    ],
)
def test_times_that_the_call_looks_for_stay(command: str, have_times: bool) -> None:  # noqa: FBT001  a column
    log = stamped((row // 9, told(row)) for row in range(90))
    assert ("10:00:05" in sent(command, log)) is have_times


@pytest.mark.parametrize("cut", ["…9120 tokens truncated…", "\n\n... [812 lines truncated] ...\n\n"])
def test_of_a_log_that_a_client_cut_the_lines_at_the_cut_stay_as_they_are(cut: str) -> None:
    log = stamped((row // 9, told(row)) for row in range(90))
    above, below = log.split(" [44] ", 1)
    text = sent("gh run view 4711 --log", f"{above} [44] {cut}{below}")
    beside = [line for line in f"{above} [44] {cut}{below}".split("\n") if "[43]" in line or "truncated" in line]
    assert [line for line in beside if line not in text.split("\n")] == ([] if "tokens" in cut else beside[:1])
    assert f"\n{told(20)}\n" in text
    assert f"\n{told(70)}\n" in text


def test_groups_of_the_last_step_above_a_cut_stay_for_it_may_have_failed() -> None:
    group = [(1, "##[group]Files to check"), *((1, f"lib/part_{row}.go") for row in range(40)), (1, "##[endgroup]")]
    log = stamped([*group, (2, "checking"), (3, "all is well"), (3, "done"), (3, "bye")])
    assert "lib/part_20.go" not in sent("gh run view 4711 --log", log)
    assert "lib/part_20.go" in sent("gh run view 4711 --log", f"{log}\n\n... [812 lines truncated] ...\n\n{LOG}")


def test_a_log_file_is_of_a_ci_where_it_has_groups() -> None:
    log = stamped((row // 9, told(row)) for row in range(90))
    assert "the times before the lines" not in sent("tail -n 500 /var/log/shop.log", log)
    groups = stamped([(0, "##[group]Run make"), (0, "make"), (0, "##[endgroup]")])
    assert "the times before the lines" in sent("tail -n 500 /tmp/ci.log", f"{groups}\n{log}")
    assert "the times before the lines" not in sent("tail -n 500 /tmp/ci.txt", f"{groups}\n{log}")


OF_GITLAB = "\n".join(f"2026-11-28T10:15:01.{number:06}Z 01O {line}" for number, line in enumerate(LINES))


@pytest.mark.parametrize(
    ("command", "log"),
    [
        ("glab ci trace 4711 | tail -n 300", OF_GITLAB),
        ("glab ci trace 4711 > /tmp/job.txt; tail -n 300 /tmp/job.txt", OF_GITLAB),
        ("tail -n 300 job.log", OF_GITLAB),
        ("curl -s https://ci.example/job/shop/42/consoleText", "\n".join(LINES)),
        ("curl -s $URL/job/shop/42/consoleText > /tmp/job.txt && tail -n 300 /tmp/job.txt", "\n".join(LINES)),
        ("bk job log 019c9b53", "\n".join(LINES)),
    ],
)
def test_logs_of_other_cis(command: str, log: str) -> None:
    assert "left out here: what git fetched" in sent(command, log)


@pytest.mark.parametrize(
    "command",
    ["glab ci view", "glab ci trace 4711; cat run.txt", "curl -s https://ci.example/job/shop/42/", "bk job list"],
)
def test_what_is_no_log_of_another_ci_stays(command: str) -> None:
    assert "left out here" not in sent(command, "\n".join(LINES))
