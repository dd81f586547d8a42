"""Sessions of the outputs of all cases, in any order: every fold and elision there is, beside the same outputs again.

Also such of which lines were taken away, doubled or changed, texts of two cases in one output, and parts of lists.
"""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

from tests.compression.support.bodies import Item
from tests.compression.support.bodies import custom_output
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import message
from tests.compression.support.bodies import shell_output
from tests.compression.support.bodies import text_part

CASES = Path(__file__).parents[2] / "cases"
# Longer texts take most of the time, and hold nothing that others do not.
_MAX_LENGTH = 12_000
_CALLS = frozenset({"custom_tool_call", "function_call", "shell_call"})


@cache
def _inputs() -> tuple[Path, ...]:
    return tuple(path for path in sorted(CASES.glob("*/*.input.txt")) if path.stat().st_size <= _MAX_LENGTH)


@cache
def _folders() -> tuple[tuple[Path, ...], ...]:
    """The inputs of each folder: folders have from two to a hundred."""
    names = dict.fromkeys(path.parent for path in _inputs())
    return tuple(tuple(path for path in _inputs() if path.parent == name) for name in names)


def session_of_cases(numbers: random.Random, longest: int) -> list[Item]:
    items: list[Item] = []
    shown: list[tuple[Item, str]] = []
    for number in range(numbers.randint(1, longest)):
        if shown and numbers.random() < 0.4:
            call, text = numbers.choice(shown)
            text = _changed(numbers, text, numbers.choice(shown)[1])
        else:
            before, call, text = _case(numbers)
            items += [_under_another_id(item, number) for item in before]
        shown.append((call, text))
        call = call | {"call_id": f"call_{number}"}
        items += [call, _output(numbers, call, text)]
        items += [message("Go on.")] if numbers.random() < 0.05 else []
        items += [{"type": "compaction", "encrypted_content": "gAAAA"}] if numbers.random() < 0.02 else []
    return items


def _case(numbers: random.Random) -> tuple[list[Item], Item, str]:
    """The items before the output of a case, the call that the last of them is, and the output."""
    path = numbers.choice(numbers.choice(_folders()))
    before = path.with_name(path.name.replace(".input.txt", ".before.json"))
    items: list[Item] = json.loads(before.read_text()) if before.exists() else []
    if not items or items[-1]["type"] not in _CALLS:
        items.append(function_call("look", {}))
    return items[:-1], items[-1], path.read_bytes().decode()


def _under_another_id(item: Item, number: int) -> Item:
    return item | {"call_id": f"{item['call_id']}_before_{number}"} if "call_id" in item else item


def _changed(numbers: random.Random, text: str, other: str) -> str:
    """The text as it is, with some lines of it gone, doubled or changed, or with those of another one behind it."""
    lines = text.split("\n")
    row = numbers.randint(0, len(lines) - 1)
    choice = numbers.randint(0, 5)
    if choice == 0:
        del lines[row : row + numbers.choice((1, 1, 5, 40))]
    elif choice == 1:
        lines[row:row] = lines[: numbers.choice((1, 10))]
    elif choice == 2:
        lines[row] += numbers.choice((" now", "\r", "7", " FAILED", "\u2028", "…12 tokens truncated…"))
    elif choice == 3:
        lines += other.split("\n")
    return "\n".join(lines)


def _output(numbers: random.Random, call: Item, text: str) -> Item:
    if call["type"] == "shell_call":
        return shell_output(text, numbers.choice(("", "", "npm warn old lockfile\n")), call["call_id"])
    parts = [text_part(text), image_part()] if numbers.random() < 0.1 else text
    answer = custom_output if call["type"] == "custom_tool_call" else function_output
    return answer(parts, call["call_id"])
