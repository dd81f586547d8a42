"""Texts of ten kinds through a whole request, at both levels: processor time a MB, as a multiple of file text.

Processor time, which a busy machine changes little. Counting of tokens is part of it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_compression import Settings
from headroom_compression import compress_request_body
from scripts.savings.recordings import LEVELS
from scripts.savings.recordings import Session
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import core_seconds
from scripts.speed.measures import milliseconds
from scripts.speed.measures import ratio
from scripts.speed.measures import report_progress

MAX_TIMES_FILE_TEXT = 4

_FILE_TEXT = "file text"
# The least of several runs counts: other work of the machine can only add to it.
_RUNS = 3
_WORDS = (
    "adds", "keeps", "sorts", "rounds", "splits", "merges", "drops", "shows", "hides", "checks", "reads",
    "writes", "opens", "closes", "counts", "names",
)  # fmt: skip
_THINGS = (
    "orders", "bills", "rows", "totals", "users", "carts", "labels", "prices", "taxes", "dates", "files",
    "pages", "lists", "roles", "notes", "links",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Output:
    """What a command printed."""

    command: str
    text: str


def text_kinds(_: Sequence[Session], effort: Effort) -> Iterator[Row]:
    outputs = kinds(effort.kind_bytes)
    usual = {level: seconds_a_megabyte(outputs[_FILE_TEXT], settings) for level, settings in LEVELS.items()}
    for kind, output in outputs.items():
        for level, settings in LEVELS.items():
            report_progress(f"kinds of text: {kind}, level {level}")
            spent = usual[level] if kind == _FILE_TEXT else seconds_a_megabyte(output, settings)
            what = f"{kind}, level {level}: CPU a MB"
            note = f"of {len(output.text.encode()) / MEGABYTE:.1f} MB from `{output.command[:40]}`"
            aim = f"{MAX_TIMES_FILE_TEXT}x file text"
            yield Row(what, milliseconds(spent), milliseconds(usual[level]), ratio(spent, usual[level]), aim, note)


def seconds_a_megabyte(output: Output, settings: Settings) -> float:
    """Seconds of the processor for a MB of the text, in the request in which it is new."""
    body = request_body(output)
    compress_request_body(body[:-2] + b',{"role":"user","content":"Warm up."}]}', settings)
    seconds = min(core_seconds(body, settings) for _ in range(_RUNS))
    return seconds / len(output.text.encode()) * MEGABYTE


def request_body(output: Output) -> bytes:
    arguments = json.dumps({"command": output.command})
    call = {"type": "function_call", "call_id": "call_1", "name": "shell", "arguments": arguments}
    result = {"type": "function_call_output", "call_id": "call_1", "output": output.text}
    return json.dumps({"input": [call, result]}, ensure_ascii=False).encode()


def kinds(size: int) -> Mapping[str, Output]:
    """By the name of each kind, what a command printed: about `size` bytes, the same in every run."""
    chance = random.Random(17)  # noqa: S311  no secret
    code = [
        f"    value_{number % 977} = compute({chance.choice(_THINGS)}, second + {number})  # {chance.choice(_WORDS)}"
        for number in range(size // 60)
    ]
    paths = [
        f"src/{chance.choice(_THINGS)}/{chance.choice(_WORDS)}_{number // 40}/module_{number}.py"
        for number in range(size // 35)
    ]
    chinese = "".join(map(chr, range(0x4E00, 0x4E00 + 2_000)))
    sentences = ["".join(chance.choices(chinese, k=30)) + "。" for _ in range(size // 90)]
    functions = ((number, _WORDS[number % len(_WORDS)]) for number in range(size // 40))
    minified = "".join(f"function {word}{number}(e,t){{return e.{word}?t+{number}:[]}};" for number, word in functions)
    numbers = json.dumps([chance.randint(0, 999_999) for _ in range(size // 8)])
    listed = f"python -m tool {' '.join(paths[:400])} 'a \"quoted\" word'"
    return {
        _FILE_TEXT: Output("nl -ba src/areas.py", "\n".join(f"{row:6}\t{line}" for row, line in enumerate(code, 1))),
        "CI log": Output("gh run view 4711 --log", "\n".join(_ci_log(chance, size))),
        "JSON of numbers": Output("gh api repos/shop/api/stats", numbers),
        "JSON of records": Output("gh api repos/shop/api/issues", json.dumps(_records(chance, size // 330), indent=2)),
        "paths": Output("find . -name '*.py'", "\n".join(paths)),
        "hex": Output("npm test", "\n".join(chance.randbytes(32).hex() for _ in range(size // 65))),
        "minified": Output("npm run build", minified),
        "Chinese": Output("npm test", "\n".join(sentences)),
        "long command": Output(listed, "\n".join(code)),
        "one line": Output("npm test", " ".join(chance.choice(_WORDS) for _ in range(size // 6))),
        "empty lines": Output("npm test", "\n" * size),
    }


def _records(chance: random.Random, count: int) -> list[dict[str, object]]:
    return [
        {
            "id": 4_000_000 + number,
            "title": f"{chance.choice(_WORDS)} the {chance.choice(_THINGS)} of {chance.choice(_THINGS)}",
            "state": chance.choice(["open", "closed"]),
            "user": {"login": chance.choice(_THINGS), "id": chance.randint(1, 99)},
            "labels": [{"name": chance.choice(_WORDS), "color": "f00"} for _ in range(number % 3)],
            "url": f"https://api.example/repos/shop/api/issues/{4_000_000 + number}",
            "comments": chance.randint(0, 30),
        }
        for number in range(count)
    ]


def _ci_log(chance: random.Random, size: int) -> Iterator[str]:
    """Lines as `gh run view --log` prints them: the job, the step, a time with its own end, what the step printed."""
    length = number = 0
    while length < size:
        step = list(_SAID)[length * len(_SAID) // size]
        clock = f"2026-11-28T10:{number // 600 % 60:02}:{number // 10 % 60:02}.{number * 7919 % 10_000_000:07}Z"
        line = f"build (ubuntu-24.04, 3.13)\t{step}\t{clock} {_said(chance, step, number)}"
        yield line
        length += len(line) + 1
        number += 1


_SAID = {
    "Set up job": "Image: ubuntu-24.04, {word} {thing} {number}",
    "Install": "Collecting {thing}-{word}<9.0,>=1.{number} (from {other}==2.{number})",
    "Build": "[{number}/9000] gcc -O2 -Wall -I{thing}/include -DNDEBUG -c -o {other}/{word}_{number}.o {word}.c",
    "Lint": "src/{thing}/{word}.py:{number}:1: W291 {word} the {other} here",
    "Run tests": "tests/{thing}/test_{word}.py::test_{other}_{number} \x1b[32mPASSED\x1b[0m\x1b[32m [ 50%]\x1b[0m",
    "Unit tests": "\x1b[32m✓\x1b[39m {word} the {thing} of {other} \x1b[2m({number} ms)\x1b[22m",
}
_LINES_A_GROUP = 40


def _said(chance: random.Random, step: str, number: int) -> str:
    word, thing, other = chance.choice(_WORDS), chance.choice(_THINGS), chance.choice(_THINGS)
    if number % _LINES_A_GROUP == 0:
        return f"##[group]Run {word}-{thing}/action@v4"
    if number % _LINES_A_GROUP == _LINES_A_GROUP - 1:
        return "##[endgroup]"
    return _SAID[step].format(word=word, thing=thing, other=other, number=number)
