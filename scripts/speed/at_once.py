"""Short work that the event loop does by itself, with hostile texts: how long that can block the loop."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import product
from statistics import median

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_new_items
from headroom_compression import compress_request_body
from headroom_compression.wire.body import locate_items
from headroom_proxy.work.compressor import MAX_NEW_AT_ONCE
from scripts.savings.recordings import Session
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import report_progress
from scripts.speed.measures import times_row
from scripts.speed.texts import hostile
from scripts.speed.texts import ordinary

# The output of the first command may be anything, so that most folds look at it; the others have folds of their own.
_COMMANDS = ("npm test", "curl -s https://a.example/list", "find . -type f")
_RECORDS = json.dumps([{"id": number, "name": f"item {number}", "tags": ["a", "b"]} for number in range(600)], indent=1)


def at_once(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    """As much new text as the loop takes, at the end of a session, beside a numbered file of that size."""
    session = _GrowingByTexts(next(GrowingSession(sessions, 0, effort.session_bytes).turns(effort.session_bytes, 1)))
    usual_command, text = ordinary(2 * MAX_NEW_AT_ONCE)["rows"]
    usual = [session.seconds_of_next(usual_command, text) for _ in range(5 * effort.runs)]
    worst: dict[str, float] = {}
    for (title, hostile_text), command in product({**hostile(MAX_NEW_AT_ONCE), "records": _RECORDS}.items(), _COMMANDS):
        report_progress(f"at once: {title} from {command}")
        seconds = [session.seconds_of_next(command, hostile_text) for _ in range(effort.runs)]
        worst[f"{title} from {command}"] = median(seconds)
    title = max(worst, key=lambda key: worst[key])
    size = f"{MAX_NEW_AT_ONCE // 1024} KiB that are new at {effort.session_bytes / MEGABYTE:g} MB"
    what = f"hostile text, {size}, in the event loop"
    yield times_row(what, [worst[title]], usual, "10x", f"the worst: {title}; compared with a file, counting included")


class _GrowingByTexts:
    def __init__(self, body: bytes) -> None:
        stop = locate_items(body).items[-1].stop
        self._items, self._rest = body[:stop], body[stop:]
        self._memory = Memory()
        self._count = 0
        compress_request_body(body, memory=self._memory)

    def seconds_of_next(self, command: str, text: str) -> float:
        """The seconds of a request with one more output: as much of the text as the loop takes."""
        self._count += 1
        self._items += _call_and_output(command, text, f"at_once_{self._count}")
        body = self._items + self._rest
        begin = time.perf_counter()
        compressed = compress_new_items(body, Settings(), self._memory, MAX_NEW_AT_ONCE)
        seconds = time.perf_counter() - begin
        if compressed is None:  # it is for the thread: what that adds is not part of this row
            compress_request_body(body, memory=self._memory)
        return seconds


def _call_and_output(command: str, text: str, call_id: str) -> bytes:
    call = {"type": "function_call", "name": "shell", "arguments": json.dumps({"command": command})}
    output = {"type": "function_call_output", "call_id": call_id, "output": ""}
    items = b"," + json.dumps({**call, "call_id": call_id}).encode() + b"," + json.dumps(output).encode()
    room = MAX_NEW_AT_ONCE - len(items)
    literal = json.dumps(text).encode()
    while len(literal) > room:
        text = text[: len(text) * room // len(literal)]
        literal = json.dumps(text).encode()
    return items.replace(b'"output": ""', b'"output": ' + literal)
