"""Long sessions for a small budget: views of files that overlap, commands, failures, images, parallel calls."""

from __future__ import annotations

import random
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace

from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import message
from tests.compression.support.bodies import text_part
from tests.compression.support.recall_sessions import RECALL
from tests.compression.support.recall_sessions import name_of
from tests.compression.support.recall_sessions import run_of_tests

BUDGET = 12_000
WITH_BUDGET = replace(RECALL, budget=BUDGET)
LATEST_KEPT = 20
CODEX_HEADER = "Chunk ID: {}\nWall time: 0.1 seconds\nProcess exited with code {}\nOriginal token count: 9\nOutput:\n"


def report(number: int, rows: int = 50) -> str:
    """An output of which no row says the same as another."""
    return "".join(f"row {row} of {number}: {row * 7919 * (number + 3) % 99991}\n" for row in range(rows))


def listing(numbers: random.Random, count: int) -> str:
    return "".join(f"{numbers.choice('abcdef')}{number * 7919} is {numbers.random():.9f}\n" for number in range(count))


def view(numbers: random.Random, call_id: str) -> tuple[Item, object]:
    first, name = numbers.choice((1, 11, 41)), numbers.choice(("orders", "carts"))
    lines = code_lines(140, name)[first - 1 :][: numbers.choice((8, 60, 90))]
    command = f"sed -n {first},{first + len(lines) - 1}p {name}.py"
    return command_call(command, call_id), "\n".join(lines) + "\n"


def read(numbers: random.Random, call_id: str) -> tuple[Item, object]:
    name = numbers.choice(("orders", "carts"))
    return function_call("read_file", {"path": f"{name}.py"}, call_id), "\n".join(code_lines(70, name))


def command(numbers: random.Random, call_id: str) -> tuple[Item, object]:
    status = numbers.choice((0, 0, 0, 1))
    header = CODEX_HEADER.format(call_id.replace("_", ""), status) if numbers.random() < 0.5 else ""
    return command_call("./report --all", call_id), header + listing(numbers, numbers.choice((3, 30, 80)))


def tests(numbers: random.Random, call_id: str) -> tuple[Item, object]:
    return command_call("pytest -v", call_id), run_of_tests(
        numbers.choice((20, 130)), "orders", numbers.choice((None, 7))
    )


def picture(numbers: random.Random, call_id: str) -> tuple[Item, object]:
    parts = [text_part(listing(numbers, 30)), *([image_part()] if numbers.random() < 0.5 else [])]
    return function_call("look", {"n": call_id}, call_id), parts


KINDS: tuple[Callable[[random.Random, str], tuple[Item, object]], ...] = (
    view,
    view,
    read,
    command,
    command,
    tests,
    picture,
)


def opening(numbers: random.Random, call_id: str, outputs: list[str]) -> tuple[Item, object]:
    text = numbers.choice(outputs)
    return command_call(f"sed -n 1,400p /recall/{name_of(text)}", call_id), text


def turn(numbers: random.Random, first: int, outputs: list[str], *, opens: bool) -> Iterator[Item]:
    """Reasoning, one to three calls, their outputs."""
    if numbers.random() < 0.2:
        yield {"type": "reasoning", "id": f"rs_{first}", "summary": [], "encrypted_content": "gAAA" * 400}
    pairs = []
    for number in range(numbers.choice((1, 1, 1, 3))):
        call_id = f"call_{first}_{number}"
        if opens and outputs and numbers.random() < 0.1:
            pairs.append(opening(numbers, call_id, outputs))
        else:
            pairs.append(numbers.choice(KINDS)(numbers, call_id))
    yield from (call for call, _ in pairs)
    for call, output in pairs:
        yield function_output(output, call["call_id"])
        outputs += [output] if isinstance(output, str) else []


def long_session(seed: int, turns: int, *, opens: bool = True, compacts: bool = True) -> list[Item]:
    numbers = random.Random(seed)  # noqa: S311  test data
    items = [message("Repair the shop.")]
    outputs: list[str] = []
    for number in range(turns):
        items += turn(numbers, number, outputs, opens=opens)
        if numbers.random() < 0.1:
            items += [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Done."}]}]
            items += [message("And now? " + listing(numbers, numbers.choice((1, 40))))]
        if compacts and numbers.random() < 0.02:
            items.append({"type": "compaction", "encrypted_content": "gAAA" * 300})
    return items
