"""Lines of a log, compared by what they say apart from their values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression.formats.logs.entries import most_entries
from headroom_compression.formats.logs.entries import read_entries
from headroom_compression.formats.logs.entries import read_entry
from headroom_compression.formats.logs.levels import has_bad_level


@pytest.mark.parametrize(
    ("line", "other", "are_alike"),
    [
        pytest.param("10:15:01 order 12 paid in 3.5 ms", "10:16:07 order 981 paid in 22 ms", True, id="numbers"),
        pytest.param("10:15:01 sent req8fa2", "10:15:02 sent 7c01", True, id="ids"),
        pytest.param(
            "10:15:01 job 3f9a2c81-aaaa-bbbb-cccc-00112233dead",
            "10:15:02 job deadbeef-0001-0002-0003-aaaaaaaaaaaa",
            True,
            id="uuids with groups of letters only",
        ),
        pytest.param("10:15:01 done in 12ms", "10:15:01 done in 12s", False, id="units"),
        pytest.param("10:15:01 read 0 rows", "10:15:01 read 4 rows", False, id="none and some"),
        pytest.param("10:15:01 cache hit", "10:15:01 cache miss", False, id="words"),
        pytest.param('10:15:01 "GET /a HTTP/1.1" 200 5', '10:15:01 "GET /a HTTP/1.1" 302 5', False, id="statuses"),
        pytest.param('{"level":30,"time":1795634946540}', '{"level":20,"time":1795634946540}', False, id="levels"),
        pytest.param("10:15:01 a # b 7", "10:15:01 a 7 b 7", False, id="a hash sign and a value"),
    ],
)
def test_lines_of_one_form_differ_in_values_only(line: str, other: str, are_alike: bool) -> None:  # noqa: FBT001  a row
    first, second = read_entry(line, needs_level=False), read_entry(other, needs_level=False)
    assert first is not None
    assert second is not None
    assert (first.form == second.form) is are_alike


@pytest.mark.parametrize(
    ("line", "has_trouble"),
    [
        ("2026-11-25 10:15:01 ERROR could not pay", True),
        ("10:15:01 level=warning disk at 91%", True),
        ("E1123 10:15:01.123456   1 reflector.go:147] gone", True),
        ("11-25 10:15:01.123  4120  4131 W ActivityManager: late", True),
        ('10.0.0.7 - - [25/Nov/2026:10:15:01 +0000] "GET /pay HTTP/1.1" 502 157', True),
        ("10:15:01 GET /pay 404 12.3 ms - 150", True),
        ('[GIN] 2026/11/25 - 10:15:01 | 503 |  1.2ms | ::1 | GET "/pay"', True),
        ('{"level":50,"time":1795634946540,"msg":"gone"}', True),
        ('{"level":30,"time":1795634946540,"res":{"statusCode":409}}', True),
        ("10:15:01 worker left with rc=3", True),
        ('10:15:01 "GET /errors HTTP/1.1" 200 404', False),
        ("10:15:01 INFO sync done error=0", False),
        ('{"level":30,"time":1795634946540,"err":null}', False),
        ("10:15:01 worker left with rc=0", False),
        ("10:15:01 INFO 500 rows read", False),
    ],
)
def test_levels_and_statuses_tell_of_trouble(line: str, has_trouble: bool) -> None:  # noqa: FBT001  a row
    entry = read_entry(line, needs_level=False)
    assert entry is not None
    assert (entry.has_bad_status or has_bad_level(line)) is has_trouble


@pytest.mark.parametrize(
    ("line", "needs_level", "is_entry"),
    [
        pytest.param("10:15:01 van 7 stops 12", False, True, id="a time, in a log"),
        pytest.param("10:15:01 van 7 stops 12", True, False, id="a time without a level, in the output of a program"),
        pytest.param('INFO:  10.0.0.7:50 - "GET /a HTTP/1.1" 200 OK', True, True, id="a request without a time"),
        pytest.param("GET /a 304 2.1 ms - 0", True, True, id="a request as morgan writes it"),
        pytest.param("[INFO] Tests run: 5, Failures: 0", True, False, id="a level without a time"),
        pytest.param("ok 12 - GET /orders/7 returns 200", True, False, id="a test of a request"),
        pytest.param('  File "a.py", line 12, in charge', False, False, id="a stack trace"),
        pytest.param("10:15:01 INFO " + "x" * 5_000, False, False, id="a line longer than any that a log is read for"),
    ],
)
def test_only_lines_of_a_log_are_read(line: str, needs_level: bool, is_entry: bool) -> None:  # noqa: FBT001  a row
    assert (read_entry(line, needs_level=needs_level) is not None) is is_entry


PARTS = [
    "10:15:01",
    "99:10",
    ":",
    "1",
    " ",
    "INFO",
    "GET /a 200",
    "PUT",
    '"ts": 1234567890',
    '{"time":1234567890,',
    "é",
]


@given(
    lines=strategies.lists(strategies.lists(strategies.sampled_from(PARTS), max_size=6).map("".join)),
    needs_level=strategies.booleans(),
)
@settings(deadline=None)
def test_no_more_lines_are_of_a_log_than_those_with_a_sign_of_it(lines: list[str], *, needs_level: bool) -> None:
    entries = read_entries(lines, needs_level=needs_level)
    assert sum(entry is not None and entry.likeness != "" for entry in entries) <= most_entries(lines)


def test_numbers_are_known_by_their_place() -> None:
    entry = read_entry("10:15:01 INFO order 12 paid in 3.5ms by visa1", needs_level=True)
    assert entry is not None
    assert entry.values == (None, 12.0, 3.5, "visa1")
    assert entry.second == 10 * 3600 + 15 * 60 + 1
