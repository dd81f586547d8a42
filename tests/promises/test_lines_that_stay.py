"""What no elision may leave out, in outputs made up for the purpose; real ones are in tests/cases."""

from __future__ import annotations

import re

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items

RECALL = Settings(level="recall", recall_dir="/recall", recall_stores=False)
CODE = "".join(f"function f{number}(a,b){{return a*b+{number};}}var x{number}={{a:1}};" for number in range(120))
PLAIN = [f"step {number} of the long run did well with file number {number}" for number in range(120)]
CURL = "curl -s http://localhost:5173/"


def sent(command: str, lines: list[str]) -> list[str]:
    call = command_call(command)
    body = request_body(call, function_output("\n".join([*lines, ""]), call["call_id"]))
    return str(sent_items(compress_request_body(body, RECALL).body)[-1]["output"]).split("\n")


def log(line: str) -> list[str]:
    """A line a second, of requests of which every 61st fails. line: what says the time, the status and numbers."""
    statuses = [(503 if number % 2 else 404) if number % 61 == 30 else 200 for number in range(300)]
    times = (f"10:{row // 60:02}:{row % 60:02}" for row in range(300))
    return [
        line.format(time=time, status=status, n=n, ms=2 + n % 7)
        for n, (time, status) in enumerate(zip(times, statuses, strict=True))
    ]


ACCESS_LOGS = {
    "chi": '2026/11/23 {time} "GET http://h/o/{n} HTTP/1.1" from 10.0.0.1:5{n:04} - {status} 84B in {ms}.1ms',
    "Phoenix": "{time}.123 request_id=F{n}x [info] Sent {status} in {ms}ms",
    "ASP.NET": "2026-11-23T{time}Z info: Hosting[2] Request finished HTTP/1.1 GET http://h/o/{n} - {status} - {ms}.1ms",
    "Serilog": "[{time} INF] HTTP GET /o/{n} responded {status} in {ms}.2 ms",
    "HAProxy": "Nov 23 {time} lb haproxy[812]: 10.0.0.7:5{n:04} web app/app1 0/0/1/{ms}/{ms} {status} 212",
    "words": "2026-11-23 {time} INFO request handled path=/o/{n} status {status} in {ms}ms",
    "an arrow": "2026-11-23 {time} INFO GET /o/{n} -> {status} ({ms}ms)",
}


@pytest.mark.parametrize("line", ACCESS_LOGS.values(), ids=ACCESS_LOGS)
def test_failed_requests_of_a_log(line: str) -> None:
    lines = log(line)
    failed = [text for text in lines if re.search(r"\b(?:404|503)\b", text)]
    found = sent("docker logs web --tail 300", lines)
    assert len(failed) == 5
    assert set(failed) <= set(found)
    assert len(found) < len(lines) / 2


@pytest.mark.parametrize(
    "odd",
    [
        "INFO supervisor worker 7 exited with code 137",
        "INFO supervisor worker 7 exited with code 1",
        "INFO supervisor worker 7 got signal 11",
        "INFO kubelet container 7 OOMKilled",
        "INFO writer volume 7: No space left on device",
        "INFO proxy peer 7 connection reset",
        "INFO kubelet pod 7 is NotReady",
        "INFO api upstream 7 said bad gateway",
        "INFO tls certificate 7 expired",
    ],
)
def test_words_of_alarm_in_a_log_each_time(odd: str) -> None:
    lines = [f"2026-11-23 10:{row // 60:02}:{row % 60:02} INFO job {row} done in {row % 7} ms" for row in range(300)]
    for row in range(20, 280, 26):
        lines[row] = f"{lines[row][:19]} {odd.replace('7', str(row), 1)}"
    assert {line for line in lines if odd[-6:] in line} <= set(sent("journalctl -u app -n 300", lines))


def test_another_number_than_nearly_all_lines_have_and_each_of_a_few() -> None:
    times = [f"2026-11-23 10:{row // 60:02}:{row % 60:02}" for row in range(300)]
    terms = [5 + (row > 170) for row in range(300)]
    lines = [f"{time} INFO raft beat term {term} replicas 3 lag 4" for time, term in zip(times, terms, strict=True)]
    lines[140] = lines[140].replace("replicas 3", "replicas 1")
    found = sent("kubectl logs raft-0", lines)
    assert {lines[140], lines[171]} <= set(found)
    assert len(found) < len(lines) / 4


@pytest.mark.parametrize("told", ["{} packets dropped", "sent after {} retries", "Unauthorized", "socket hang up"])
def test_trouble_told_as_information_among_rows_that_are_shortened(told: str) -> None:
    lines = [f"2026-11-23T10:{row // 60:02}:{row % 60:02}Z INFO request {row} took {row % 7} ms" for row in range(300)]
    for row in range(20, 280, 9):
        lines[row] = f"{lines[row][:20]} INFO order {row}: {told.format(row % 5 + 2)}"
    assert set(lines[20:280:9]) <= set(sent("docker logs web", lines))


def calm(row: int, message: str) -> str:
    return f"2026-11-28T10:{row // 60:02}:{row % 60:02}.{row % 1000:03}Z INFO svc-{row % 3} {message}"


PAID = [calm(row, f"order {10_000 + row} paid, {5 + row * 7 % 25} ms") for row in range(600)]
MET = [calm(row, f"connected peer=10.0.{row % 4}.{row % 200}") for row in range(600)]
ASKED = [
    f'10.0.0.{row % 9} - - [23/Nov/2026:10:{row // 60:02}:{row % 60:02} +0000] "GET /a" 200 7' for row in range(600)
]
STRANGER = ASKED[333].replace("10.0.0.0", "203.0.113.66")
ABROAD = calm(333, "connected peer=203.0.113.66")
AGAIN = calm(301, "order 10300 paid, 12 ms")


@pytest.mark.parametrize(
    ("lines", "odd"),
    [
        ([*MET[:333], ABROAD, *MET[334:]], {ABROAD}),
        ([*ASKED[:333], STRANGER, *ASKED[334:]], {STRANGER}),
        ([*PAID[:301], AGAIN, *PAID[302:]], {PAID[300], AGAIN, PAID[302]}),
        ([*PAID[:250], *PAID[252:]], {PAID[249], PAID[252]}),
        (PAID, set()),
        (MET, set()),
    ],
    ids=[
        "a foreign address",
        "one before the time",
        "a number twice",
        "two numbers missing",
        "a sequence",
        "addresses of a network",
    ],
)
def test_values_that_do_not_fit_the_others(lines: list[str], odd: set[str]) -> None:
    found = sent("tail -2000 app.log", lines)
    assert odd <= set(found)
    assert len(found) < 30


@pytest.mark.parametrize(
    ("command", "line", "stays"),
    [
        (
            "node scripts/check.js",
            f"SyntaxError: Unexpected token (1:88): {CODE} <-- refused",
            "SyntaxError: Unexpected",
        ),
        ("node scripts/check.js", f"SyntaxError: Unexpected token (1:88): {CODE} <-- refused", "<-- refused"),
        ("pytest -q", f'E   AssertionError: minify("a.css") differs at 812: {CODE}', CODE),
        ("node server.js", f'{{"level":"error","msg":"boom","src":"{CODE}"}}', '"msg":"boom"'),
        ("make", f"src/a.cpp:12:5: error: no matching function for call to {CODE}", "no matching function"),
        ("npx jest", f'    Received: "{CODE}"', CODE),
    ],
)
def test_what_a_long_line_says_went_wrong(command: str, line: str, stays: str) -> None:
    assert any(stays in text for text in sent(command, [*PLAIN[:60], line, *PLAIN[60:]]))


def page(body: str, script: str) -> list[str]:
    filler = [f"  const part{number} = document.getElementById('part-{number}');" for number in range(120)]
    head = ["<!DOCTYPE html>", "<html>", "<head>", "<title>Shop</title>", "</head>", f"<body>{body}"]
    return [*head, '<script type="module">', *filler[:60], script, *filler[60:], "</script>", "</body>", "</html>"]


@pytest.mark.parametrize(
    ("body", "script", "is_whole"),
    [
        ("<h1>All 240 articles of the shop, by their names and by what they cost</h1>", "start();", False),
        (
            "<h1>All 240 articles of the shop, by their names and by what they cost</h1>",
            'const error = {"stack":"a.ts:3"};',
            True,
        ),
        (
            "<h1>All 240 articles of the shop, by their names and by what they cost</h1>",
            'window.data = [{"id":1}];',
            True,
        ),
        ('<div id="app"></div><noscript>This page needs JavaScript to be switched on.</noscript>', "start();", True),
    ],
    ids=["text", "an error", "data", "nothing to read"],
)
def test_a_page_that_its_scripts_make(body: str, script: str, *, is_whole: bool) -> None:
    lines = page(body, script)
    assert (sent(CURL, lines) == [*lines, ""]) is is_whole


ZOD = '     "node_modules/zod": {'
SUM = ['-      "integrity": "a",', '+      "integrity": "b",']


def lock_diff(*changes: str) -> list[str]:
    """A hunk of 120 packages that are new, and these lines at its end."""
    rows = [
        row
        for number in range(120)
        for row in (
            f'+    "node_modules/p{number}": {{',
            f'+      "version": "1.0.{number}",',
            f'+      "integrity": "{number}a",',
        )
    ]
    old, new = (len([row for row in (*rows, *changes) if row[0] in signs]) for signs in (" -", " +"))
    head = [f"{sign} {side}/package-lock.json" for sign, side in (("---", "a"), ("+++", "b"))]
    return ["diff --git a/package-lock.json b/package-lock.json", *head, f"@@ -1,{old} +1,{new} @@", *rows, *changes]


@pytest.mark.parametrize(
    ("changes", "is_whole"),
    [
        ([ZOD, '-      "version": "1.0.0",', '+      "version": "1.0.1",', *SUM], False),
        ([ZOD, *SUM], True),
        ([ZOD, '-      "version": "1.0.0",', '+      "version": "1.0.1",', "+<<<<<<< HEAD"], True),
    ],
    ids=["a version", "a sum alone", "a conflict"],
)
def test_a_lock_file_of_which_there_is_more_to_say(changes: list[str], *, is_whole: bool) -> None:
    lines = lock_diff(*changes)
    assert (sent("git diff", lines) == [*lines, ""]) is is_whole
