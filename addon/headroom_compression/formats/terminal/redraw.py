"""What stays of lines that a program draws over: progress bars, spinners, lists redrawn in place.

A row is the list of what was written from its first column on, in order. What is wholly drawn over goes when it was
erased, or when it looks like a state of progress; otherwise it stays, with the "\\r" between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

from headroom_compression.formats.terminal.drawn_over import is_expendable
from headroom_compression.formats.terminal.widths import cells
from headroom_compression.formats.terminal.widths import width_of

# "\r"   "\b\b"   "\x1b[2K"   "\x1b[1A"   text
_STEP = re.compile(r"(\r|\x08+)|\x1b\[([0-9]{0,4})([A-GJK])|([^\r\x08\x1b]+)|\x1b")
# Spinners and counters that go back by "\b".
_OVERSTRUCK = frozenset("_ -\\|/0123456789%.()")
# The program counted the rows of its own terminal. In rows that fit every terminal, and not past the top of the
# smallest one, its count is ours.
_SAFE_WIDTH = 80
_SAFE_HEIGHT = 23
# Blank columns made by sequences: no screen is wider, and each may be asked for with a few bytes.
_MAX_COLUMNS = 1_000


class NotUnderstoodError(ValueError):
    """The cursor goes where only the terminal itself knows what stands."""


@dataclass(slots=True)
class _Row:
    """layers: what is still to be seen, lowest first. written: all since the last erasing. ending: "\\r" or nothing.

    bottom: the lowest layer without spaces at its end. narrow_layers: how many of the lowest are known as narrow.
    """

    layers: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    bottom: str = ""
    narrow_layers: int = 0
    loses_text: bool = False
    ending: str = ""

    def write(self, text: str) -> None:
        width = width_of(text) if self.layers else None
        while self.layers and _covers(width, self._top_layer()):
            lower = self.layers.pop()
            self.loses_text |= not is_expendable(lower, text, self.written[-2] if len(self.written) > 1 else "")
        if not self.layers:
            self.bottom = text.rstrip(" ")
        self.narrow_layers = min(self.narrow_layers, len(self.layers))
        self.layers.append(text)
        self.written.append(text)

    def _top_layer(self) -> str:
        """Spaces at its end hide what lies below, where anything does."""
        return self.layers[-1] if len(self.layers) > 1 else self.bottom

    def erase(self) -> None:
        self.layers.clear()
        self.written.clear()
        self.bottom = ""
        self.narrow_layers = 0
        self.loses_text = False

    def require_narrow(self) -> None:
        _require(all(_is_narrow(layer) for layer in self.layers[self.narrow_layers :]))
        self.narrow_layers = len(self.layers)

    def text(self) -> str:
        layers = self.written if self.loses_text else self.layers
        return ("\r".join(layers) if len(layers) > 1 else self.bottom) + self.ending


def _covers(upper: int | None, lower: str) -> bool:
    """upper: its columns, where they are known."""
    if not lower:
        return True
    width = None if upper is None else width_of(lower)
    return upper is not None and width is not None and upper >= width


def _has_simple_widths(text: str) -> bool:
    """Whether every character takes one column."""
    return width_of(text) == len(text) and (text.isascii() or "" not in cells(text))


class Redraw:
    """Takes the lines of an output in order, without invisible sequences, and gives the rows that stay.

    What was found out about a row is kept, so that the work is in proportion to the text, however it moves.

    erased: what was written and then erased, in parts.
    """

    def __init__(self) -> None:
        self.erased: list[str] = []
        self._rows: list[str | _Row] = []
        self._at = 0
        self._top = 0
        # The rows from here on are empty. Of the others, those not opened that are known as narrow.
        self._drawn = 0
        self._narrow: set[int] = set()
        # What is written since the cursor came to the first column, how many characters of it, from the first on, are
        # known to take one column, and the column.
        self._current: list[str] = []
        self._simple = 0
        self._column = 0

    def add_whole(self, line: str) -> None:
        """A line that stays as it is, and above which nothing changes any more."""
        _require(self._at == len(self._rows))
        self._rows.append(line)
        self._at = self._top = self._drawn = len(self._rows)

    def add(self, line: str) -> None:
        if self._at == len(self._rows) and not _needs_drawing(line):
            self._rows.append(line)
            self._drawn = len(self._rows)
        else:
            self._draw(line)
        self._at += 1

    def lines(self) -> Iterator[str]:
        return _texts(self._rows)

    def _draw(self, line: str) -> None:
        body = line.rstrip("\r")
        for step in _STEP.finditer(body):
            control, count, command, text = step.groups()
            if text:
                self._write(text)
            elif command:
                self._move(command, count)
            elif control == "\r":
                self._return()
            elif control:
                self._column = max(self._column - len(control), 0)
            else:
                raise NotUnderstoodError
        self._finish()
        self._column = 0
        self._row().ending = "\r" if len(body) < len(line) else ""

    def _row(self) -> _Row:
        """The row of the cursor, opened for drawing."""
        while self._at >= len(self._rows):
            self._rows.append(_Row())
        self._drawn = max(self._drawn, self._at + 1)
        row = self._rows[self._at]
        if isinstance(row, str):
            body = row.rstrip("\r")
            row = _Row(ending=row[len(body) :])
            row.write(body)
            self._rows[self._at] = row
        return row

    def _write(self, text: str) -> None:
        _require(self._column <= len(self._current))
        under = self._current[self._column : self._column + len(text)]
        if under:
            _require(_has_simple_widths(text))
            self._require_simple()
            _require(all(old == new or old in _OVERSTRUCK for old, new in zip(under, text, strict=False)))
        written = [*text] if text.isascii() else [*cells(text)]
        self._current[self._column : self._column + len(written)] = written
        self._column += len(written)

    def _require_simple(self) -> None:
        _require(_has_simple_widths("".join(self._current[self._simple :])))
        self._simple = len(self._current)

    def _return(self) -> None:
        self._column = 0
        self._finish()

    def _finish(self) -> None:
        """What was written since the first column lies over what the row held."""
        if self._current:
            self._row().write("".join(self._current))
            self._current = []
            self._simple = 0

    def _move(self, command: str, count: str) -> None:
        number = int(count or "0")
        match command:
            case "K" | "J":
                self._erase(command, number)
            case "A" | "F":
                self._go(-max(number, 1))
            case "B" | "E":
                self._go(max(number, 1))
            case "D" if number >= self._column:
                self._return()
            case "D":
                self._column -= max(number, 1)
            case "G":
                _require(number <= 1)
            case "C":
                self._skip(max(number, 1))
        if command in "EFG":
            self._return()

    def _skip(self, columns: int) -> None:
        _require(self._column == len(self._current) and not self._row().layers)
        _require(self._column + columns <= _MAX_COLUMNS)
        self._write(" " * columns)

    def _erase(self, command: str, number: int) -> None:
        is_whole_line = command == "K" and number == 2  # noqa: PLR2004  the parameter of "\x1b[2K"
        _require(number == 0 or is_whole_line)
        row = self._row()
        self.erased += [*row.written, "".join(self._current[0 if is_whole_line else self._column :])]
        row.erase()
        if is_whole_line:
            _require(len(self._current) <= _MAX_COLUMNS)
            self._current = [" "] * len(self._current)
            return
        _require(self._column <= len(self._current))
        if self._column < len(self._current):
            self._require_simple()
        del self._current[self._column :]
        self._simple = min(self._simple, self._column)
        if command == "J":
            self.erased += _texts(self._rows[self._at + 1 : self._drawn])
            self._rows[self._at + 1 : self._drawn] = [""] * (self._drawn - self._at - 1)
            self._drawn = self._at + 1

    def _go(self, rows: int) -> None:
        column = self._column
        self._finish()
        target = self._at + rows
        low, high = sorted((self._at, target))
        _require(self._top <= low and high < max(len(self._rows), self._at + 1) and high - low <= _SAFE_HEIGHT)
        for at in range(low, min(high + 1, len(self._rows))):
            self._require_narrow(at)
        self._row()
        self._at = target
        self._column = column

    def _require_narrow(self, at: int) -> None:
        row = self._rows[at]
        if not isinstance(row, str):
            row.require_narrow()
        elif at not in self._narrow:
            _require(_is_narrow(row.rstrip("\r")) and len(row) <= _SAFE_WIDTH)
            self._narrow.add(at)


def _texts(rows: Iterable[str | _Row]) -> Iterator[str]:
    return (row if isinstance(row, str) else row.text() for row in rows)


def _require(condition: object) -> None:
    if not condition:
        raise NotUnderstoodError


def _needs_drawing(line: str) -> bool:
    return "\b" in line or "\x1b" in line or "\r" in line.rstrip("\r")


def _is_narrow(text: str) -> bool:
    width = width_of(text)
    return width is not None and width <= _SAFE_WIDTH
