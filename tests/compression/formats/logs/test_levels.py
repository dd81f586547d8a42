"""Levels that say that something is wrong, in one line and in a whole log; tests/compression/loggers.py has loggers."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression.formats.logs import level_places
from headroom_compression.formats.logs.levels import bad_levels
from headroom_compression.formats.logs.levels import has_bad_level
from headroom_compression.formats.logs.levels import rows_of_bad_level
from headroom_compression.formats.logs.levels import rows_with_bad_level
from tests.compression.support.loggers import LOGGERS

# Their spelling alone does not say so: the numbers of these go the other way in other logs, or nobody knows them.
BY_THE_WHOLE_LOG = {
    "GELF", "Google Cloud", "OpenTelemetry", "a level of its own", "a logger of its own", "a number of its own",
    "journald", "letters of its own", "logstash", "python, JSON", "signs of its own",
}  # fmt: skip


def filled(line: str, number: int = 7) -> str:
    return line.replace("<T>", f"10:15:{number % 60:02}").replace("<N>", str(number)).replace("<M>", "12")


@pytest.mark.parametrize("logger", LOGGERS)
def test_a_calm_line_of_a_logger_has_no_bad_level(logger: str) -> None:
    calm, *_ = LOGGERS[logger]
    assert not has_bad_level(filled(calm))


@pytest.mark.parametrize("logger", sorted(LOGGERS.keys() - BY_THE_WHOLE_LOG))
def test_a_bad_level_of_a_known_logger_is_known_in_one_line(logger: str) -> None:
    _, *bad = LOGGERS[logger]
    assert [line for line in bad if not has_bad_level(filled(line))] == []


PARTS = [
    "E", "W", "F", "C", "[", "]", " ", "\t", "|", "/", ":", "!", ",", ")", "1234", "12345.", "T", "stdout ", "stderr ",
    '"s":"E"', '"s": "F"', "[C 261123", "[C]", "<27>", "| <3>", "<200>", " # ", "10:15:01.123 # ", "10:15:01Z # ",
    "%LINK-3-UP", "%LINK-6-UP", "%", "x", "é", "ß", "[wrn]", "lvl=crt", "err", "ERROR", "error=0", "fail: a[", "(EE)",
    "\x1c", "\x85", "x" * 110,
]  # fmt: skip


@given(lines=strategies.lists(strategies.lists(strategies.sampled_from(PARTS), max_size=6).map("".join), max_size=6))
@settings(deadline=None)
def test_many_lines_are_asked_as_each_is(lines: list[str]) -> None:
    bad = {row for row, line in enumerate(lines) if has_bad_level(line)}
    assert rows_with_bad_level(lines) == bad
    assert rows_with_bad_level(lines, besides={0, 2}) == bad - {0, 2}


@pytest.mark.parametrize("logger", sorted(BY_THE_WHOLE_LOG))
def test_a_bad_level_is_known_by_the_whole_log(logger: str) -> None:
    calm, *bad = LOGGERS[logger]
    for line in bad:
        lines = [filled(line if row in {20, 50} else calm, row) for row in range(60)]
        assert {20, 50} <= rows_of_bad_level(lines) | {row for row in range(60) if has_bad_level(lines[row])}


@pytest.mark.parametrize("logger", LOGGERS)
def test_where_messages_begin_changes_no_level(logger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calm, *bad = LOGGERS[logger]
    words = ["".join(chr(97 + number * prime % 26) for prime in (3, 7, 11, 17)) for number in range(26)]
    lines = [
        f"{filled(bad[row % len(bad)] if row % 90 == 0 else calm, row)} {words[row % 26]} the {words[row // 3 % 26]}"
        for row in range(400)
    ]
    found = rows_of_bad_level(lines)
    monkeypatch.setattr(level_places, "_TELLING_ROWS", len(lines))
    assert found == rows_of_bad_level(lines)


@pytest.mark.parametrize(
    "line",
    [
        "10:15:01 INFO sync done error=0",
        '{"time":"10:15:01","level":30,"err":null}',
        "10:15:01 INFO loaded tls.crt",
        "2026-11-23T10:15:01.123Z stdout F INFO a line of a container's runtime",
        "2026-11-23T10:15:01.123Z stderr F INFO a line of a container's runtime",
        "<30>Nov 23 10:15:01 host app: up",
        "<190>Nov 23 10:15:01 host app: up",
        "<999> is no priority",
        "10:15:01 INFO order E12 paid",
        "10:15:01 INFO " + "x" * 240 + " ERROR far behind the place of a level",
    ],
)
def test_other_lines_have_none(line: str) -> None:
    assert not has_bad_level(line)


@pytest.mark.parametrize(
    ("key", "levels", "bad"),
    [
        pytest.param("level", "6 6 6 7 4 3 0", {"4", "3", "0"}, id="syslog"),
        pytest.param("level", "30 30 20 40 50", {"40", "50"}, id="pino"),
        pytest.param("level", "3 3 3", {"3"}, id="syslog, all of them errors"),
        pytest.param("severityNumber", "9 9 9 5 13 17", {"13", "17"}, id="OpenTelemetry"),
        pytest.param("levelno", "20 20 10 30 40", {"30", "40"}, id="python"),
        pytest.param("severity", " ".join(["200"] * 20 + ["500"]), {"500"}, id="a scale that nobody knows"),
        pytest.param("level", "info info debug warn oops", {"warn", "oops"}, id="words"),
        pytest.param("s", "I I I D E W X", {"E", "W", "X"}, id="letters"),
        pytest.param("severity", "HIGH LOW MEDIUM HIGH", set(), id="no levels of a log"),
        pytest.param("level", " ".join(["ruhig"] * 20 + ["schlimm"]), {"schlimm"}, id="words that nobody knows"),
    ],
)
def test_bad_levels_by_all_that_stand_below_a_key(key: str, levels: str, bad: set[str]) -> None:
    assert set(bad_levels(key, Counter(levels.split()))) == bad


def test_a_service_has_its_own_levels_in_a_log_that_several_share() -> None:
    calm, bad, _ = LOGGERS["GELF"]
    other = "web-2  | 2026-11-23 <T> INFO served <N>"
    lines = [filled(other if row % 3 else calm, row) for row in range(60)]
    lines[30] = filled(bad, 30)
    assert rows_of_bad_level(lines) == {30}


@pytest.mark.parametrize(
    ("calm", "bad"),
    [
        ("INFO", "FEHLER"),
        ("INFO", "AVERTISSEMENT"),
        ("INFO", "ПРЕДУПРЕЖДЕНИЕ"),
        ("INFORMATION", "SCHWERWIEGEND"),
        ("INFOS", "GRAVE"),
        ("信息", "错误"),
        ("[情報]", "[警告]"),
        ("INFO", "[UNHEIL]"),
        ("INFO", "YELLOW"),
    ],
)
def test_levels_that_nobody_knows_are_trouble_however_many_lines_have_them(calm: str, bad: str) -> None:
    lines = [f"2026-11-23 10:15:{row:02} {bad if row % 4 == 0 else calm} cart {row} of 9" for row in range(60)]
    assert rows_of_bad_level(lines) == set(range(0, 60, 4))


def test_words_of_messages_are_no_levels() -> None:
    words = ["connected", "paid", "sent", "picked"]
    lines = [f"2026-11-23 10:15:{row % 60:02} {words[row % 4]} order {row}" for row in range(200)]
    lines[77] = lines[77].replace("paid", "shipped")
    assert rows_of_bad_level(lines) == set()


def test_methods_of_requests_are_no_levels() -> None:
    lines = [f"2026-11-23 10:15:{row % 60:02} GET /orders/{row} 200" for row in range(200)]
    lines[77] = lines[77].replace("GET", "DELETE")
    assert rows_of_bad_level(lines) == set()


def test_lines_without_a_level_are_not_asked() -> None:
    calm = "2026-11-23 10:15:01 INFO served"
    assert rows_of_bad_level([calm, None, *[calm] * 20, "2026-11-23 10:15:01 HAVOC served", None]) == {22}
    assert rows_of_bad_level([]) == set()


@pytest.mark.parametrize("piece", ["level", '"level":', "severity ", "[[[", "E ", "word ", '"s"', "lvl=a", "| <1"])
def test_many_long_lines_take_no_longer_than_their_letters(piece: str) -> None:
    """Eight times the letters take at most 24 times as long: a quadratic search would take 64 times."""
    took = []
    for size in (40_000, 320_000):
        lines: list[str | None] = [(piece * size)[:size]] * 3
        times = []
        for _ in range(3):
            start = time.thread_time()
            rows_of_bad_level(lines)
            times.append(time.thread_time() - start)
        took.append(min(times))
    assert took[1] <= 24 * took[0] + 0.01
