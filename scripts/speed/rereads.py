"""Files that are read again and again, in one body that is not remembered: the cost of looking for earlier sights.

Processor time of the whole request, as a multiple of the same request without references.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression import Settings
from scripts.savings.recordings import Session
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import core_seconds
from scripts.speed.measures import milliseconds
from scripts.speed.measures import ratio
from scripts.speed.measures import report_progress

_FILES = 7
_LINES = 300
# One line in so many has changed in each reading.
_CHANGED = 50
_WITHOUT = Settings(references="off")


def rereads(_: Sequence[Session], effort: Effort) -> Iterator[Row]:
    for readings in effort.readings:
        for command in ("sed -n 1,300p", "cat -n"):
            report_progress(f"{readings} readings by {command}")
            body = request_body(readings, command)
            spent, without = (core_seconds(body, settings) for settings in (Settings(), _WITHOUT))
            what = f"core, first sight of {readings} readings of {_FILES} files by `{command}`: CPU"
            note = f"{len(body) / MEGABYTE:.1f} MB; compared with no references"
            yield Row(
                what, milliseconds(spent), milliseconds(without), ratio(spent, without), "grows as the body", note
            )


def request_body(readings: int, command: str) -> bytes:
    chance = random.Random(7)  # noqa: S311  no secret
    items: list[dict[str, str]] = []
    for number in range(readings):
        arguments = json.dumps({"command": f"{command} src/file_{number % _FILES}.py"})
        call = {"type": "function_call", "call_id": f"call_{number}", "name": "shell", "arguments": arguments}
        lines = _lines(number % _FILES, chance)
        shown = [f"{row:6}\t{line}" for row, line in enumerate(lines, 1)] if command == "cat -n" else lines
        items += [call, {"type": "function_call_output", "call_id": f"call_{number}", "output": "\n".join(shown)}]
    return json.dumps({"input": items}).encode()


def _lines(file: int, chance: random.Random) -> list[str]:
    changed = (chance.randrange(_CHANGED) == 0 for _ in range(_LINES))
    values = [chance.randrange(1000) if is_changed else 7 for is_changed in changed]
    return [f"    value_{file}_{row} = compute({row}, {value})" for row, value in enumerate(values)]
