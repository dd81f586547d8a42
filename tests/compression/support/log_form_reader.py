"""Reads the lines of a log back that show only what tells them from the form above them, by the words of the form."""

from __future__ import annotations

import re

FORM = re.compile(r"\[(?P<count>[0-9]+) lines below show only (?P<names>(?:<\w+> )+)of: (?P<form>.*)\]")
PLACE = re.compile(r"<\w+>")
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")


def read_forms(text: str) -> str:
    """The text with each line as its form says it. A row begins with a time, all other lines stand as they are."""
    lines: list[str] = []
    count, form = 0, ""
    for line in text.split("\n"):
        said = FORM.fullmatch(line)
        if said:
            assert count == 0, "the form before has fewer rows than it says"
            count, form = int(said["count"]), said["form"]
            assert said["names"].split() == PLACE.findall(form)
        elif count and CLOCK.match(line):
            lines.append(filled(form, line.split(" ", len(PLACE.findall(form)) - 1)))
            count -= 1
        else:
            lines.append(line)
    assert count == 0
    return "\n".join(lines)


def filled(form: str, values: list[str]) -> str:
    pieces = PLACE.split(form)
    return "".join(piece + value for piece, value in zip(pieces, [*values, ""], strict=True))
