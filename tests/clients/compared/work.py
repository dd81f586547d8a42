"""The work that every compared client does: the same files, searches and records, each of them more than once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FINAL_MESSAGE = "Everything read."
PROMPT = "Look at the areas."
_ISSUES = 60


@dataclass(frozen=True)
class Read:
    """The lines `first` to `last` of a file; all of it without them."""

    path: str
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Search:
    """For a word, in all files of the folder."""

    word: str


@dataclass(frozen=True)
class ListIssues:
    """As records, which the model's server keeps at a path of its own."""


@dataclass(frozen=True)
class Show:
    """A file, by a command where the client has one beside its tool that reads files."""

    path: str


Step = Read | Search | ListIssues | Show
WORK: tuple[Step, ...] = (
    Read("areas.py"),
    Read("areas.py", 40, 160),
    Search("width"),
    ListIssues(),
    Read("rooms.py"),
    Search("area_1"),
    Read("areas.py"),
    Show("areas.py"),
    ListIssues(),
)


def write_files(folder: Path) -> None:
    for name, count in (("area", 70), ("room", 40)):
        functions = (
            f"def {name}_{number}(width, height):\n    return width * height + {number}\n" for number in range(count)
        )
        (folder / f"{name}s.py").write_text("\n".join(functions))
    (folder / "issues.json").write_text(json.dumps(issues()))


def issues() -> list[dict[str, Any]]:
    return list(_issues())


def _issues() -> Iterator[dict[str, Any]]:
    for number in range(1000, 1000 + _ISSUES):
        yield {
            "id": number,
            "title": f"Area {number % 70} is wrong by {number % 7}",
            "assignee": None if number % 3 else f"person{number % 5}",
            "is_locked": number % 11 == 0,
            "labels": ["bug"] if number % 2 else ["bug", "areas"],
        }


def has_tools(request: Mapping[str, Any]) -> bool:
    """Whether it is about the work: some clients ask for a title of the session beside it."""
    items = request.get("input") or ()
    declared = any(isinstance(item, dict) and item.get("type") == "additional_tools" for item in items)
    return bool(request.get("tools")) or declared
