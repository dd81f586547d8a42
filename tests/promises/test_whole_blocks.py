"""Reports with headings come again changed: no line in sight below a pointer belongs to a heading that it hides.

Of findings below the names of their files some of a file may go: the others still stand below its name.
"""

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
_MARKER = re.compile(r"\[[0-9]+ lines identical to lines ([0-9]+)-([0-9]+) of the output of .* above\]")


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
    if numbers.random() < 0.5:
        yield "No configuration file found."
    for place in range(numbers.randint(1, 8)):
        path = numbers.choice((f"/srv/shop/app/cart_{place}.py", "/a"))
        yield path
        for row in range(numbers.choice((1, 3, 30, 30))):
            yield f'  {path}:{7 * row + 1}:5 - error: "total_{row}" is not defined (reportUndefinedVariable)'
            if numbers.random() < 0.1:
                yield "    It is defined in another file"
    yield "7 errors, 0 warnings, 0 informations"


def tsc(numbers: random.Random) -> Iterator[str]:
    for place in range(numbers.randint(1, 8)):
        path = numbers.choice((f"src/cart_{place}.ts", "x"))
        for row in range(numbers.choice((1, 3, 30, 30))):
            yield f"{path}({7 * row + 1},5): error TS2322: Type 'number' is not assignable to type 'string'."
            if numbers.random() < 0.1:
                yield numbers.choice(("  Overload 1 of 2 gave an error.", "Compiling again"))


REPORTS = {"npm ls --all": tree, "pyright": pyright, "npx tsc --noEmit": tsc}


def changed(numbers: random.Random, lines: list[str]) -> list[str]:
    found = [*lines]
    for _ in range(numbers.randint(0, 3)):
        place = numbers.randrange(len(found))
        found[place] = re.sub("@[0-9]|:5 |,5", lambda match: match[0][:1] + "7" + match[0][2:], found[place])
        if numbers.random() < 0.3:
            found[place : place + numbers.randint(1, 40)] = []
        if not found:
            return lines
    return found


def session(command: str, wrap: str, numbers: random.Random) -> list[Item]:
    items: list[Item] = []
    lines = [*REPORTS[command](numbers)]
    end = numbers.choice(("", "\n", "\n\n"))
    for number, (words, shown) in enumerate([("ls", ["a"]), (command, lines), (command, changed(numbers, lines))]):
        items.append(function_call("bash", {"command": words}, f"call_{number}"))
        items.append(function_output(WRAPS[wrap].format("\n".join(shown) + end), f"call_{number}"))
    return items


def sent_lines(items: list[Item], level: str) -> list[list[str]]:
    with logged() as messages:
        sent = sent_items(compress_request_body(request_body(*items), Settings(references=level)).body)
    assert not messages
    return [str(item["output"]).split("\n") for item in sent if "output" in item]


@settings(max_examples=150)
@given(
    wrap=strategies.sampled_from(sorted(WRAPS)),
    level=strategies.sampled_from(("careful", "eager")),
    seed=strategies.integers(0, 2**32),
)
def test_a_pointer_ends_with_a_branch_of_a_tree(wrap: str, level: str, seed: int) -> None:
    items = session("npm ls --all", wrap, random.Random(seed))  # noqa: S311  test data
    deepest = 0 if "shop-1@" in str(items[-1]) else 2
    lines = sent_lines(items, level)[-1]
    for above, line in pairwise(lines):
        if _MARKER.fullmatch(above):
            assert len(line) - len(line.lstrip(" ")) <= deepest, lines


def findings(command: str, lines: list[str]) -> list[tuple[str, str]]:
    """The findings of a sent text, each with the heading in sight above it, and the pointers."""
    shape = re.compile(r"[0-9]+,[0-9]+: " if command == "npx tsc --noEmit" else "  [0-9]+:[0-9]+ - ")
    found = []
    heading = ""
    for line in lines:
        if shape.match(line) or _MARKER.fullmatch(line):
            found.append((heading, line))
        elif line and not line.startswith(" "):
            heading = line
    return found


def read_back(command: str, first: list[str], again: list[str]) -> list[tuple[str, str]]:
    """The findings of `again`, those behind its pointers as they stand in `first`."""
    found = []
    for heading, line in findings(command, again):
        marker = _MARKER.fullmatch(line)
        if not marker:
            found.append((heading, line))
            continue
        before, stop = (len(findings(command, first[:row])) for row in (int(marker[1]) - 1, int(marker[2])))
        behind = findings(command, first)[before:stop]
        is_begun = first[int(marker[1]) - 1] in {line for _, line in behind[:1]}
        assert not is_begun or behind[0][0] == heading, again
        found += behind
    return found


@settings(max_examples=400)
@given(
    command=strategies.sampled_from(sorted({*REPORTS} - {"npm ls --all"})),
    level=strategies.sampled_from(("careful", "eager")),
    seed=strategies.integers(0, 2**32),
)
def test_each_finding_is_of_the_file_whose_name_is_in_sight_above_it(command: str, level: str, seed: int) -> None:
    items = session(command, "plain", random.Random(seed))  # noqa: S311  test data
    _, first, again = sent_lines(items, level)
    if "[ran again" in again[0]:
        return
    alone = sent_lines(items[-2:], level)[-1]
    assert read_back(command, first, again) == findings(command, alone), again


def test_of_the_findings_of_a_file_most_are_not_sent_again() -> None:
    for command, row in {
        "npx tsc --noEmit": "src/cart.ts({0},5): error TS2322: Type 'number' is not assignable to type 'string'.",
        "pyright": '  /srv/cart.py:{0}:5 - error: "total_{0}" is not defined (reportUndefinedVariable)',
    }.items():
        lines = ["/srv/cart.py"] * (command == "pyright") + [row.format(7 * number) for number in range(1, 101)]
        items = []
        for number, shown in enumerate((lines, [*lines[:40], *lines[41:]])):
            items.append(function_call("bash", {"command": command}, f"call_{number}"))
            items.append(function_output("\n".join(shown), f"call_{number}"))
        again = sent_lines(items, "careful")[-1]
        assert len(again) <= 8, again
        assert "cart" in again[0]
