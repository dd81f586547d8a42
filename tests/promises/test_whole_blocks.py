"""Reports with headings come again changed: no line in sight below a pointer belongs to a heading that it hides."""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import Settings
from headroom_compression import compress_request_body
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items

# What clients put around an output.
WRAPS = {
    "plain": "{}",
    "mini-swe-agent": "<returncode>0</returncode>\n<output>\n{}</output>",
    "Copilot CLI": "{}\n<command with shellId: 3 completed with exit code 0>",
}
_MARKER = re.compile(r"\[[0-9]+ lines identical to lines .*\]")


@contextmanager
def logged() -> Iterator[list[str]]:
    """What is logged of texts that are left as they are since something went wrong."""
    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("headroom_compression")
    logger.addHandler(handler)
    try:
        yield messages
    finally:
        logger.removeHandler(handler)


def tree(numbers: random.Random) -> Iterator[str]:
    """`npm ls --all`: a root, packages, and what they need."""
    for root in range(numbers.randint(1, 3)):
        yield f"shop-{root}@1.0.0 /srv/shop"
        packages = [(f"package-{root}-{place}@1.0.0", numbers.randint(0, 5)) for place in range(numbers.randint(3, 20))]
        if numbers.randint(0, 1):
            packages.append(("q@1", 0))
        for place, (name, needed) in enumerate(packages):
            is_last = place == len(packages) - 1
            yield f"{'└' if is_last else '├'}─{'┬' if needed else '─'} {name}"
            for number in range(needed):
                yield f"{' ' if is_last else '│'} {'└' if number == needed - 1 else '├'}── needed-by-it-{number}@2.0.0"


def pyright(numbers: random.Random) -> Iterator[str]:
    for place in range(numbers.randint(3, 12)):
        path = numbers.choice((f"/srv/shop/app/cart_{place}.py", "/a"))
        yield path
        for row in range(numbers.randint(1, 5)):
            yield f'  {path}:{row + 1}:5 - error: "total_{row}" is not defined (reportUndefinedVariable)'
    yield "7 errors, 0 warnings, 0 informations"


def tsc(numbers: random.Random) -> Iterator[str]:
    for place in range(numbers.randint(3, 12)):
        path = numbers.choice((f"src/cart_{place}.ts", "x"))
        for row in range(numbers.randint(1, 5)):
            yield f"{path}({row + 1},5): error TS2322: Type 'number' is not assignable to type 'string'."


REPORTS = {"npm ls --all": tree, "pyright": pyright, "npx tsc --noEmit": tsc}


def changed(numbers: random.Random, lines: list[str]) -> list[str]:
    found = [*lines]
    for _ in range(numbers.randint(0, 3)):
        place = numbers.randrange(len(found))
        found[place] = re.sub("@[0-9]|:5 |,5", lambda match: match[0][:1] + "7" + match[0][2:], found[place])
    return found


def session(command: str, wrap: str, numbers: random.Random) -> list[Item]:
    items: list[Item] = []
    lines = [*REPORTS[command](numbers)]
    end = numbers.choice(("", "\n", "\n\n"))
    for number, (words, shown) in enumerate([("ls", ["a"]), (command, lines), (command, changed(numbers, lines))]):
        items.append(function_call("bash", {"command": words}, f"call_{number}"))
        items.append(function_output(WRAPS[wrap].format("\n".join(shown) + end), f"call_{number}"))
    return items


def is_below_a_heading(line: str, command: str, *, has_roots: bool) -> bool:
    """Whether a line can be read only below another one, which stands above it."""
    if command == "npx tsc --noEmit":
        return re.match("[0-9]+,[0-9]+: ", line) is not None
    depth = len(line) - len(line.lstrip(" "))
    return depth > (2 if command == "npm ls --all" and not has_roots else 0)


@settings(max_examples=400)
@given(
    command=strategies.sampled_from(sorted(REPORTS)),
    wrap=strategies.sampled_from(sorted(WRAPS)),
    level=strategies.sampled_from(("careful", "eager")),
    seed=strategies.integers(0, 2**32),
)
def test_a_pointer_ends_with_a_block(command: str, wrap: str, level: str, seed: int) -> None:
    items = session(command, wrap, random.Random(seed))  # noqa: S311  test data
    has_roots = "shop-1@" in str(items[-1])
    with logged() as messages:
        sent = sent_items(compress_request_body(request_body(*items), Settings(references=level)).body)
    assert not messages
    lines = str(sent[-1]["output"]).split("\n")
    for above, line in pairwise(lines):
        if _MARKER.fullmatch(above):
            assert not is_below_a_heading(line, command, has_roots=has_roots), lines
