"""Which lines somebody may have to act on, and which tell of an error."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.formats.alarms import alarm_rows
from headroom_compression.formats.alarms import error_rows
from headroom_compression.formats.alarms import is_alarm
from headroom_compression.formats.alarms import is_bad_status
from headroom_compression.formats.alarms import tells_of_error


@pytest.mark.parametrize(
    "line",
    [
        "npm WARN deprecated inflight@1.0.6: This module is not supported",
        "E: Unable to locate package foo",
        "src/main.c:12:5: error: expected ';'",
        "Traceback (most recent call last):",
        "KeyError: 'id'",
        "ERROR 503 upstream timed out",
        "3 vulnerabilities (1 moderate, 2 high)",
        "undefined reference to `main'",
        "thread 'main' panicked at src/main.rs:3",
        "Killed",
        "make: *** [Makefile:3: all] Error 2",
        "skipping test_orders.py",
        "note: run with RUST_BACKTRACE=1",
        "  ✕ adds one to the sum (3 ms)",
        "× test/sum.test.ts > adds one",  # noqa: RUF001
        "process exited with exit code 137",
        "feed prices: 10 errors, 0 warnings",
        "errors=0.5 of all",
        "error=0x80070005",
        "no route: timed out",
        "10:15:01 FTL volume 3",
        "lvl=eror volume 3",
        "make: *** [Makefile:3: all] Fehler 2",
        "Verbindung zu db-1 abgelehnt",
        "Échec de la connexion",
        "echec de la connexion",
        "No se pudo abrir el archivo",
        "3 erros encontrados",
        "Ошибка подключения",
        "连接失败",
        "接続できません",
        "연결 실패",
        "Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
        "Kein Platz mehr auf dem Gerät",
        "Aucun espace disponible sur le périphérique",
        "No existe el archivo o el directorio",
        "File o directory non esistente",
        "Нет такого файла или каталога",
        "デバイスに空き領域がありません",
        "ファイルが見つかりません",
        "没有那个文件或目录",
        "그런 파일이나 디렉터리가 없습니다",
    ],
)
def test_what_somebody_may_have_to_act_on_is_an_alarm(line: str) -> None:
    assert is_alarm(line)


@pytest.mark.parametrize(
    "told",
    [
        "12 packets dropped",
        "dropping frame 7",
        "sent after 3 retries",
        "login of ann: Unauthorized",
        "user ann is not authorized",
        "upstream 7: socket hang up",
        "rate limit hit, waiting 3 s",
        "rate-limited by upstream",
        "429 Too Many Requests",
        "tenant 7: quota used up",
        "access denied",
        "connect refused",
        "lease expired",
        "token expires: expired 3 s ago",
        "page 7 evicted",
        "evicting pod 7",
        "container 7 OOM",
        "deadlock detected",
        "client 7 throttled",
        "page 7 is corrupt",
        "checksum mismatch",
        "host 7 unreachable",
        "no route to host",
        "disk full",
        "queue is full",
        "replica 7 lagging",
        "circuit breaker open",
        "falling back to disk",
        "restarting worker 7",
        "worker 7 is stuck",
        "payment declined",
        "mail bounced",
        "account locked out",
        "heartbeat missed",
        "lost 3 frames",
        "packet loss of 3%",
        "certificate revoked",
        "context canceled",
        "pool exhausted",
        "link 7 is down",
        "loss: nan",
        "ip 7 banned",
        "request 7 blocked",
        "member 7 unhealthy",
        "too large a body",
        "duplicate key 7",
        "peer 7 went away",
        "peer 7 disconnected",
        "node 7 does not answer",
        "gave up after 5 tries",
        "circuit open",
        "account 7 was locked out",
        "account locked",
        "worker 7 died",
        "session terminated",
        "battery low",
        "clock skew of 3 s",
        "unexpected EOF",
        "got EOF",
    ],
)
def test_trouble_that_a_line_of_level_info_tells(told: str) -> None:
    assert is_alarm(f"2026-11-23T10:15:30Z INFO {told}")
    assert is_alarm(told.upper())


@pytest.mark.parametrize(
    "line",
    [
        "Compiling serde v1.0.1",
        "Collecting requests",
        "gcc -O2 -c main.c -o main.o",
        "default room, deadline in a week, skills",
        "feed prices: 108 rows in 0.027 s, 0 errors",
        'ts=10:15:01 failed=0 "err":null retries: 0',
        "dropped=0 retries=0 timeouts=0 evicted=0",
        "0 dropped, 0 packets dropped, no packets lost",
        "no errors, no warnings, without errors",
        "packets_dropped_total 0",
        "retrieving 3 rows from the shop's dropdown",
        "loss: 0.31 accuracy: 0.9",
        "exit code 0",
        "installed 3 packages of skilled people",
        "loaded /etc/ssl/tls.crt",
        "",
    ],
)
def test_what_is_said_of_each_step_is_none(line: str) -> None:
    assert not is_alarm(line)


@pytest.mark.parametrize(
    ("line", "tells"),
    [
        ("10:15:01 INFO request Failed", True),
        ("10:15:01 INFO queue 7: 12 packets dropped", True),
        ("10:15:01 INFO socket hang up", True),
        ("10:15:01 EROR volume 3", True),
        ("W1123 10:15:01.123456   1 reflector.go:147] volume 3", True),
        ("10:15:01 INFO queue 7: 0 packets dropped", False),
        ("10:15:01 INFO skipped 3 rows, note: unused", False),
        ("10:15:01 INFO order 7 paid", False),
    ],
)
def test_lines_that_stay_whole_when_others_are_shortened(line: str, *, tells: bool) -> None:
    assert tells_of_error(line) is tells


@pytest.mark.parametrize(
    ("status", "is_bad"), [(400.0, True), (599.0, True), (399.0, False), (600.0, False), ("404", False), (None, False)]
)
def test_statuses_of_requests_that_failed(status: float | str | None, *, is_bad: bool) -> None:
    assert is_bad_status(status) is is_bad


@pytest.mark.parametrize(
    "piece",
    [
        "a" * 60,
        "no ",
        "exit ",
        "err" + "_a" * 20,
        "0 packets ",
        "retr",
        "level",
        '"level": ',
        "[crt",
        "<<",
        "E1",
        "%A_",
    ],
)
def test_a_long_line_takes_no_longer_than_its_letters(piece: str) -> None:
    """Eight times the letters take at most 24 times as long: a quadratic search would take 64 times."""
    took = []
    for size in (40_000, 320_000):
        line = (piece * size)[:size]
        times = []
        for _ in range(3):
            start = time.thread_time()
            is_alarm(line)
            tells_of_error(line)
            times.append(time.thread_time() - start)
        took.append(min(times))
    assert took[1] <= 24 * took[0] + 0.01


# The letters at the end are small ones of ASCII by one way to write them small, but not by the other.
_PIECES = (
    "error", "errors", "0 ", "no ", "time", "-out", " out", "fail", "failed=0", "ed", "null", "=", ":", "refused", "ok",
    "kill", "WARN", " E ", "<27>", "level=50", "✕ ", "10:15:01 ", "dead", "deadline", "reset by", "quota", "  ",
    "\N{LATIN SMALL LETTER LONG S}", "\N{KELVIN SIGN}", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}",
)  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(_PIECES), max_size=6).map("".join), max_size=6))
def test_to_ask_of_all_lines_says_what_asking_each_says(lines: list[str]) -> None:
    assert alarm_rows(lines) == {row for row, line in enumerate(lines) if is_alarm(line)}
    assert error_rows(lines) == {row for row, line in enumerate(lines) if tells_of_error(line)}
