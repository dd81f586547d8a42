"""The files that the sessions of the tests show ranges of."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.compression.support.bodies import code_lines

PATHS = ("src/a.py", "/repo/src/a.py", "notes.md")
_ODD_LINES = (
    "",
    "",
    "\t",
    "}",
    "\treturn None",
    "a form feed \x0b and a separator \x1c in one line",
    "line\u2028separator and \x85 next line",
    "NUL \x00 and ESC \x1b[31m",
    "beyond the plane: 😀 𝄞 漢字",
    "a carriage return\r",
    "7\tlooks numbered",
    "     7\tlooks numbered with padding",
    "12: looks numbered",
    "→ an arrow first",
    "…17 tokens truncated…",
    "[mark] see the lines above]",
    "A line so long that it may stand behind a pointer alone. " * 8,
    "Another, of as many words as that, which stands elsewhere. " * 8,
)
_MARKER_LIKE = "[3 lines identical to lines 1-3 of src/a.py above]"


@dataclass(frozen=True)
class View:
    """Lines of a file that a call shows, from the line `first` on. `is_all`: it shows all of them."""

    path: str
    first: int
    lines: list[str]
    is_all: bool
    ending: str

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    def plain(self) -> str:
        return "\n".join(self.lines) + self.ending

    def gutter(self, form: str) -> str:
        rows = (form.format(number) + line for number, line in enumerate(self.lines, self.first))
        return "\n".join(rows) + self.ending


def file_lines(numbers: random.Random) -> list[str]:
    oddity = numbers.choice((0.0, 0.02, 0.1, 0.5))
    lines = [
        numbers.choice(_ODD_LINES) if numbers.random() < oddity else line
        for line in code_lines(numbers.randint(4, 60), numbers.choice(("value", "total")))
    ]
    lines = [line + "\r" for line in lines] if numbers.random() < 0.15 else lines
    return [_MARKER_LIKE, *lines] if numbers.random() < 0.05 else lines
