"""A row in sight is never below the name of another file: a pointer does not hide the one that it belongs to."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import Settings
from headroom_compression import compress_request_body
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items

POINTER = re.compile(r"\[([0-9]+) lines identical to lines [0-9]+-[0-9]+ of .+ above\]")
NAMES = ("carts", "orders", "prices", "stock", "taxes", "users")
# A line of a text, and the headings that it belongs to; of a heading itself those up to it.
Owned = tuple[str, tuple[str, ...]]


def blocks(numbers: random.Random, heading: Callable[[str], str], contents: dict[str, list[str]]) -> list[Owned]:
    """As `tail -n +1 *`, `ls -R` and loops of shells show them."""
    found: list[Owned] = []
    for name in numbers.sample(sorted(contents), len(contents)) if numbers.random() < 0.3 else contents:
        head = heading(name)
        found += [(line, (head,)) for line in (head, *contents[name], "")]
    return found


def diff(_: random.Random, heading: Callable[[str], str], contents: dict[str, list[str]]) -> list[Owned]:
    found: list[Owned] = []
    for name, lines in contents.items():
        file = heading(name)
        found += [(line, (file,)) for line in (f"diff --git a/{name}.py b/{name}.py", file)]
        for first in range(0, len(lines), 9):
            hunk = f"@@ -{first + 1},9 +{first + 1},9 @@ def {name}_{first}():"
            found += [(line, (file, hunk)) for line in (hunk, *(f" {line}" for line in lines[first : first + 9]))]
    return found


KINDS = [
    pytest.param(blocks, "==> {}.py <==".format, id="files of tail"),
    pytest.param(blocks, "=== {}.py".format, id="files of a loop"),
    pytest.param(blocks, "src/{}:".format, id="folders"),
    pytest.param(blocks, '<file path="{}.py">'.format, id="tags"),
    pytest.param(diff, "--- a/{}.py".format, id="a diff"),
]


@pytest.mark.parametrize(("written", "heading"), KINDS)
@given(seed=strategies.integers(0, 2**32), references=strategies.sampled_from(["careful", "eager"]))
@settings(max_examples=60)
def test_rows_in_sight_stand_below_their_own_headings(
    written: Callable[..., list[Owned]], heading: Callable[[str], str], seed: int, references: str
) -> None:
    numbers = random.Random(seed)  # noqa: S311  test data
    contents = {name: [f"{name}_{numbers.randrange(9999)}" for _ in range(numbers.randint(3, 40))] for name in NAMES}
    earlier = [line for line, _ in written(numbers, heading, contents)]
    for _ in range(numbers.randint(0, 4)):
        lines = contents[numbers.choice(NAMES)]
        lines[numbers.randrange(len(lines))] = f"changed_{numbers.randrange(9999)}"
    later = written(numbers, heading, contents)
    shown = "\n".join(earlier[: numbers.randint(5, len(earlier))])
    body = request_body(
        command_call("./show | head -200", "c1"),
        function_output(shown, "c1"),
        command_call("./show", "c2"),
        function_output("\n".join(line for line, _ in later), "c2"),
    )
    sent = sent_items(compress_request_body(body, Settings(references=references)).body)[-1]["output"].split("\n")
    row = 0
    seen: dict[int, str] = {}  # the heading in sight of each depth
    for line in sent:
        if match := POINTER.fullmatch(line):
            row += int(match[1])
            continue
        text, owners = later[row]
        assert line == text
        seen |= {depth: owner for depth, owner in enumerate(owners) if owner == line}
        assert not line or line.startswith("diff ") or tuple(seen[depth] for depth in range(len(owners))) == owners
        row += 1
