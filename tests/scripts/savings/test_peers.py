"""What the comparison with peers counts, with made-up peers; none is installed here."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.savings.peer_programs import PROGRAMS
from scripts.savings.peer_programs import Program
from scripts.savings.peers import Figures
from scripts.savings.peers import Post
from scripts.savings.peers import cells
from scripts.savings.peers import measure
from scripts.savings.peers import measured
from scripts.savings.recordings import Session

ROWS = [f"value_{number} = compute({number})" for number in range(30)]
# A proxy as a peer may be one: it drops the first line of each output, and passes on what the upstream answers.
PEER = """
import http.client, http.server, json, sys, urllib.parse
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for item in request["input"]:
            if "output" in item:
                item["output"] = item["output"].partition("\\n")[2]
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(sys.argv[2]).netloc)
        connection.request("POST", self.path, json.dumps(request), {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def call(number: int, command: str) -> dict[str, Any]:
    return {"type": "function_call", "call_id": f"c{number}", "name": "bash", "arguments": command}


def output(number: int, lines: list[str]) -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": f"c{number}", "output": "\n".join(lines)}


SESSION = Session(
    "made up",
    [
        {"type": "message", "role": "user", "content": "Read it."},
        call(1, "cat values.py"),
        output(1, ROWS),
        call(2, "grep value_0 values.py"),
        output(2, ROWS[1:]),
        call(3, "grep value_29 values.py"),
        output(3, ["no match"]),
        {"type": "message", "role": "assistant", "content": "Done."},
    ],
)


def peer(change: Any) -> Post:
    """Return a peer that changes the items of a request."""

    def post(body: bytes) -> bytes:
        request = json.loads(body)
        return json.dumps({**request, "input": change(request["input"])}).encode()

    return post


def with_outputs(items: list[dict[str, Any]], lines: list[str]) -> list[dict[str, Any]]:
    return [{**item, "output": "\n".join(lines)} if "output" in item else item for item in items]


def figures(**others: int) -> Figures:
    return Figures(sessions=1, requests=4, pairs=3, used=2, **others)


def test_who_changes_nothing_saves_and_loses_nothing() -> None:
    measured_of_all = measure(SESSION, peer(lambda items: items))
    assert measured_of_all.before == measured_of_all.after > 0
    assert measured_of_all == figures(before=measured_of_all.before, after=measured_of_all.after)


def test_a_line_that_is_used_later_and_was_cut_is_gone() -> None:
    found = measure(SESSION, peer(lambda items: with_outputs(items, ROWS[:1])))
    assert 0 < found.after < found.before
    assert (found.gone, found.broken, found.others) == (1, 0, 0), "value_29 is, value_0 is not"


def test_who_changes_what_was_sent_breaks_the_prefix() -> None:
    def masked(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*with_outputs(items[:-1], ["(old)"]), items[-1]]

    assert measure(SESSION, peer(masked)).broken == 2, "two outputs came whole in the request before"


def test_items_that_were_dropped_are_found_missing_and_no_others() -> None:
    found = measure(SESSION, peer(lambda items: [item for item in items if item.get("call_id") != "c2"]))
    assert (found.others, found.gone) == (1, 0), "the call that is gone; the first output still shows both lines"
    dropped = measure(SESSION, peer(lambda items: [item for item in items if item.get("call_id") != "c1"]))
    assert (dropped.others, dropped.gone) == (1, 1), "value_0 stood in the first output only"


def test_other_items_that_are_changed_count() -> None:
    found = measure(SESSION, peer(lambda items: [{**items[0], "content": "Read."}, *items[1:]]))
    assert (found.others, found.after) == (1, found.before)


def test_the_cells_of_a_row() -> None:
    table = {"one": figures(before=100, after=50), "other": figures(before=300, after=300, broken=1, gone=2, others=1)}
    assert cells(table, ["one", "other"], 0.04) == ("12.5%", "50.0%", "0.0%", "1 of 6", "2 of 4", "1", "5.0 ms")


def test_a_peer_is_started_and_posted_to(tmp_path: Path) -> None:
    (tmp_path / "peer.py").write_text(PEER)
    command = (Path(sys.executable).name, str(tmp_path / "peer.py"), "{port}", "{upstream}")
    saved, of_source, broken, gone, others, time = measured(
        Program("a peer", "", command), [SESSION], ["made up"], tmp_path
    )
    assert saved == of_source
    assert 0 < float(saved.rstrip("%")) < 10
    assert (broken, gone, others) == ("0 of 3", "1 of 2", "0")
    assert time.endswith(" ms")


def test_a_peer_that_does_not_start_says_why(tmp_path: Path) -> None:
    command = (Path(sys.executable).name, "-c", "raise SystemExit('no such upstream')")
    with pytest.raises(RuntimeError, match="does not listen: no such upstream"):
        measured(Program("a peer", "", command), [SESSION], ["made up"], tmp_path)


def test_every_peer_has_a_pinned_version_in_its_name() -> None:
    assert [program.name for program in PROGRAMS if program.requirement.rpartition("==")[2] not in program.name] == []
