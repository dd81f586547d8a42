"""What a change does to recorded sessions: `python scripts/savings/compare.py OLD NEW FOLDER [--show 10]`.

OLD and NEW are checkouts. Every session of FOLDER goes through the core of both; the outputs that they send differently
are shown, those with the largest change in tokens first, each as a diff from what OLD sends to what NEW sends.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Runs with the core of one checkout: a line for every tool text, its tokens and the text as it is sent.
_SENDING = """
import json, sys
from pathlib import Path
from headroom_compression import compress_request_body, tokens
for path in sorted(Path(sys.argv[1]).glob("*.json")):
    body = json.dumps({"input": json.loads(path.read_bytes())["input"]}, ensure_ascii=False).encode()
    for number, item in enumerate(json.loads(compress_request_body(body).body)["input"]):
        output = item.get("output", "")
        for text in [output] if isinstance(output, str) else [part.get("text", "") for part in output]:
            print(json.dumps([f"{path.name}, item {number}", tokens.count(text), text]))
"""
_MAX_DIFF_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Change:
    place: str
    tokens_before: int
    tokens_after: int
    before: str
    after: str

    @property
    def size(self) -> int:
        return abs(self.tokens_after - self.tokens_before)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=10, help="how many of the changed outputs to show")
    arguments = parser.parse_args()
    changes = list(compare(arguments.old, arguments.new, arguments.folder))
    changes.sort(key=lambda change: (-change.size, change.place))
    fewer = sum(change.tokens_before - change.tokens_after for change in changes)
    print(f"{len(changes)} outputs are sent differently, {fewer:,} tokens fewer")
    for change in changes[: arguments.show]:
        print_change(change)
    return 0


def compare(old: Path, new: Path, folder: Path) -> Iterator[Change]:
    for before, after in zip(sent_texts(old, folder), sent_texts(new, folder), strict=True):
        if before != after:
            (place, tokens_before, text_before), (_, tokens_after, text_after) = before, after
            yield Change(place, tokens_before, tokens_after, text_before, text_after)


def sent_texts(checkout: Path, folder: Path) -> list[tuple[str, int, str]]:
    """Place, tokens and text of every tool text as the checkout's core sends it."""
    addon = checkout / "addon"
    if not addon.is_dir():
        sys.exit(f"{checkout} is no checkout of headroom-addon: it has no folder addon")
    environment = {**os.environ, "PYTHONPATH": str(addon.resolve())}
    command = [sys.executable, "-c", _SENDING, str(folder.resolve())]
    finished = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [tuple(json.loads(line)) for line in finished.stdout.splitlines()]


def print_change(change: Change) -> None:
    print(f"\n{change.place}: {change.tokens_before:,} -> {change.tokens_after:,} tokens")
    lines = difflib.unified_diff(change.before.split("\n"), change.after.split("\n"), "old", "new", lineterm="", n=2)
    shown = list(lines)
    print("\n".join(shown[:_MAX_DIFF_LENGTH]))
    if len(shown) > _MAX_DIFF_LENGTH:
        print(f"({len(shown) - _MAX_DIFF_LENGTH} more lines)")


if __name__ == "__main__":
    sys.exit(main())
