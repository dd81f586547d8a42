"""What level recall makes of outputs that it is made for: `python scripts/savings/captures.py`.

The captures are the cases of the elisions in tests/cases that lose lines: real outputs of tools on small projects.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.recall.eliding import all_elisions
from headroom_compression.recall.eliding import kind_of
from scripts.savings.recordings import RECALL

CASES = Path(__file__).parents[2] / "tests" / "cases"
HEADINGS = ("elision", "captures", "tokens", "lossless", "recall", "saved beside lossless")


@dataclass(frozen=True, slots=True)
class Sizes:
    """In tokens: as the tool wrote it, and as it is sent at each level."""

    captures: int = 0
    original: int = 0
    lossless: int = 0
    recall: int = 0

    def __add__(self, other: Sizes) -> Sizes:
        return Sizes(
            self.captures + other.captures,
            self.original + other.original,
            self.lossless + other.lossless,
            self.recall + other.recall,
        )

    def row(self, name: str) -> str:
        numbers = (f"{number:,}" for number in (self.captures, self.original, self.lossless, self.recall))
        return f"| {' | '.join((name, *numbers, f'{100 - 100 * self.recall / self.lossless:.0f}%'))} |"


def main() -> int:
    print(f"| {' | '.join(HEADINGS)} |\n|---|{'---:|' * (len(HEADINGS) - 1)}")
    total = Sizes()
    for name in map(kind_of, all_elisions()):
        sizes = sum(map(measure, sorted((CASES / name).glob("*.expected.txt"))), Sizes())
        print(sizes.row(name))
        total += sizes
    print(total.row("all"))
    return 0


def measure(expected: Path) -> Sizes:
    name = expected.name.removesuffix(".expected.txt")
    text = expected.with_name(f"{name}.input.txt").read_bytes().decode()
    before = json.loads(expected.with_name(f"{name}.before.json").read_text())
    return Sizes(1, tokens.count(text), *(tokens.count(sent(text, before, level)) for level in (Settings(), RECALL)))


def sent(text: str, before: list[dict[str, Any]], settings: Settings) -> str:
    """The text as it is sent, as the output of the last of the items before it."""
    output = {"type": "function_call_output", "call_id": before[-1]["call_id"], "output": text}
    body = json.dumps({"model": "model", "input": [*before, output]}).encode()
    return str(json.loads(compress_request_body(body, settings).body)["input"][-1]["output"])


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    sys.exit(main())
