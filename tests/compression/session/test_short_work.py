"""What counts as short work takes no longer than a long text of an ordinary kind would, whatever it looks like."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_new_items
from headroom_compression import compress_request_body
from headroom_compression.session.short_work import work_to_fold
from headroom_compression.session.short_work import work_to_parse
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 10_240
SOURCE = "".join(f"    area_{number} = width * height + offset\n" for number in range(2_000))
# Source code of this many characters is what short work may cost at most: 2 to 4 ms.
ORDINARY_CHARACTERS = 90_000


def taken(items: list[Item], most: int) -> tuple[float, bool]:
    """The least processor time of several, and whether it was short work."""
    old = [command_call("old", "cat a.py"), function_output("old", SOURCE[:20_000])]
    times = []
    is_short = False
    for _ in range(5):
        memory = Memory()
        compress_request_body(request_body(*old), memory=memory)
        body = request_body(*old, *items)
        begin = time.thread_time()
        is_short = compress_new_items(body, Settings(), memory, most) is not None
        times.append(time.thread_time() - begin)
    return min(times), is_short


def output_of(command: str, text: str) -> list[Item]:
    return [command_call("c", command), function_output("c", text)]


KINDS: dict[str, tuple[str, Callable[[int], str]]] = {
    "numbers": ("gh api x", lambda count: json.dumps(list(range(count)))),
    "ones": ("gh api x", lambda count: json.dumps([1] * count)),
    "rows of numbers": ("gh api x", lambda count: "[0, 1, 2]\n" * count),
    "strings": ("gh api x", lambda count: json.dumps(["a"] * count)),
    "records": ("gh api x", lambda count: json.dumps([{"id": number, "n": "a"} for number in range(count)])),
    "paths": ("find .", lambda count: "".join(f"./a/{number}\n" for number in range(count))),
    "search results": ("rg -n x", lambda count: "".join(f"a:{number}:b\n" for number in range(count))),
    "log": ("docker logs a", lambda count: "".join(f"10:00:01 INFO took {number} ms\n" for number in range(count))),
    "empty lines": ("npm test", lambda count: "\n" * count),
    "words": ("npm test", lambda count: "ab " * count),
    "a long command": ("a; ", lambda _: "done"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_as_much_of_any_kind_as_is_short_work_takes_little_time(kind: str) -> None:
    command, written = KINDS[kind]
    count = 10
    while True:  # as much of it as is still short work
        items = output_of(command * (count // 2 if kind == "a long command" else 1), written(count))
        if work_to_fold(request_body(*items), MOST) + work_to_parse(request_body(*items)) > MOST - 200:
            break
        spent, is_short = taken(items, MOST)
        assert is_short
        assert not taken(items * 40, MOST)[1]
        count *= 2
    ordinary, _ = taken(output_of("cat b.py", SOURCE[:ORDINARY_CHARACTERS]), 10**7)
    assert spent < ordinary


@pytest.mark.parametrize("text", ["a\bb", "a\rb", "\x1b[1mb", "\u009b1m"], ids=ascii)
def test_what_a_terminal_draws_over_is_never_short(text: str) -> None:
    assert work_to_fold(json.dumps(text).encode(), MOST) > MOST
