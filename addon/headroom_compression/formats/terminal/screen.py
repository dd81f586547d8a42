"""A terminal's screen, endlessly wide and high: which characters stand where after an output was printed to it.

It serves as a check: it shares no code with what shortens texts, but for the widths of characters.
"""

from __future__ import annotations

import re

from headroom_compression.formats.terminal.widths import cells as cells_of
from headroom_compression.formats.terminal.widths import split_accents

# "\x1b[31m"   "\x1b]0;title\x07"   "\x1b(B"   "\n"   "\r"   text
_PIECE = re.compile(
    r"\x1b\[(?P<parameters>[0-9;:?]{0,60})(?P<final>[A-Za-z])"
    r"|\x1b\](?P<osc>[^\x07\x1b\n]{0,2100})(?:\x07|\x1b\\)"
    r"|\x1b(?:\(B|[=>])"
    r"|(?P<control>\n+|[\r\b\t\x07])"
    r"|(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
)
# Whole lines without any sequence but tabs, and a colour or the like.
_PLAIN_LINES = re.compile(r"(?:[^\x00-\x08\x0a-\x1f\x7f-\x9f]*\n)+")
_COLOUR = re.compile(r"\x1b\[([0-9;:]{0,60})m")
# No screen is wider or higher; the cells in between would take memory.
_FARTHEST = 1_000
# Colours and the like but "conceal", and cursor and input modes.
_INVISIBLE = re.compile(r"[0-9;:]*m|\?(?:1|12|25|1004|2004|2026)[hl]")
# Titles, the current folder, progress in the task bar, marks around prompts.
_SILENT_COMMANDS = frozenset({"0", "1", "2", "7", "9", "133"})
_TAB_WIDTH = 8


class Screen:
    """The rows so far and the cursor. Hyperlinks show their target behind their text.

    rows: each a cell a character, or a string that is taken apart when the cursor comes to it.
    height: with the rows that were erased and have no cells until the cursor comes there again.
    """

    def __init__(self) -> None:
        self.rows: list[list[str] | str] = [[]]
        self.height = 1
        self.row = 0
        self.column = 0
        self.link = ""
        self.link_text: list[str] = []

    def visible(self) -> list[str]:
        rows = [(cells if isinstance(cells, str) else "".join(cells)).rstrip(" ") for cells in self.rows]
        return rows + [""] * (self.height - len(rows))

    def print(self, text: str) -> None:
        position = 0
        text = _without_colours(text)
        while position < len(text):
            plain = _PLAIN_LINES.match(text, position) if self._is_at_fresh_row() else None
            if plain:
                position = plain.end()
                self._put_lines([_with_tabs(line) if "\t" in line else line for line in plain[0].split("\n")])
                continue
            piece = _PIECE.match(text, position)
            if piece is None:
                raise ValueError(f"no terminal sequence at {position}")
            position = piece.end()
            match piece.lastgroup:
                case "text":
                    self._put(piece["text"])
                case "control":
                    self._control(piece["control"])
                case "final":
                    self._command(piece["final"], piece["parameters"])
                case "osc":
                    self._operating_system_command(piece["osc"])

    def _is_at_fresh_row(self) -> bool:
        return not self.column and self.row == len(self.rows) - 1 and not self.rows[self.row] and not self.link

    def _put_lines(self, lines: list[str]) -> None:
        """Lines from the first column of the last row on; the last one is empty, and the cursor's."""
        self.rows[self.row :] = lines
        self.row = len(self.rows) - 1
        self.height = max(self.height, len(self.rows))

    def _cells(self) -> list[str]:
        """The cells of the cursor's row."""
        cells = self.rows[self.row]
        if isinstance(cells, str):
            cells = self.rows[self.row] = _apart(cells)
        return cells

    def _put(self, text: str) -> None:
        cells = self._cells()
        if self.column > len(cells):
            if self.column - len(cells) > _FARTHEST:
                raise ValueError("too far from the text before")
            cells.extend(" " * (self.column - len(cells)))
        self._write(cells, text)
        if self.link:
            self.link_text.append(text)

    def _write(self, cells: list[str], text: str) -> None:
        accents, rest = ("", text) if text.isascii() or not self.column else split_accents(text)
        if accents:
            cells[self.column - 1] += accents
        written = _apart(rest)
        stop = self.column + len(written)
        # Of a letter of two columns that is drawn over in part, nothing stays.
        if written and self.column and cells[self.column : self.column + 1] == [""]:
            cells[self.column - 1] = " "
        if written and cells[stop : stop + 1] == [""]:
            cells[stop] = " "
        cells[self.column : stop] = written
        self.column = stop

    def _control(self, control: str) -> None:
        match control:
            case "\r":
                self.column = 0
            case "\b":
                self.column = max(self.column - 1, 0)
            case "\t":
                self._put(_tab(self.column))
            case "\a":
                pass
            case line_feeds:
                self.column = 0
                self._go_down(len(line_feeds))

    def _command(self, final: str, parameters: str) -> None:
        if _INVISIBLE.fullmatch(parameters + final) and not _conceals(parameters):
            return
        if parameters and not parameters.isdecimal():
            raise ValueError("a sequence with several parameters")
        given = min(int(parameters or "0"), _FARTHEST)
        if final in "JK":
            self._erase(final, given)
        else:
            self._move(final, max(given, 1))

    def _move(self, final: str, count: int) -> None:
        match final:
            case "A" | "F" if count <= self.row:
                self.row -= count
            case "B" | "E":
                self._go_down(count)
            case "C":
                self.column += count
            case "D":
                self.column = max(self.column - count, 0)
            case "G":
                self.column = count - 1
            case _:
                raise ValueError(f"the sequence {final}")
        if final in "EF":
            self.column = 0

    def _go_down(self, count: int) -> None:
        self.row += count
        self.rows.extend([] for _ in range(len(self.rows), self.row + 1))
        self.height = max(self.height, len(self.rows))

    def _erase(self, final: str, extent: int) -> None:
        cells = self._cells()
        match final, extent:
            case "K", 2:
                cells.clear()
            case "K" | "J", 0:
                del cells[self.column :]
            case _:
                raise ValueError("erasing to the left or everything")
        if final == "J":
            del self.rows[self.row + 1 :]

    def _operating_system_command(self, command: str) -> None:
        number, _, rest = command.partition(";")
        if number != "8":
            if number not in _SILENT_COMMANDS:
                raise ValueError(f"the command {number}")
            return
        target = rest.partition(";")[2]
        shown, before = "".join(self.link_text), self.link
        self.link, self.link_text = "", []
        if before and before != shown:
            self._put(f" ({before})")
        self.link = target


def _tab(column: int) -> str:
    """What a tab in a column puts into the row: a cell of its own up to the next stop, so that it and spaces differ."""
    return "\t" + "\0" * (_TAB_WIDTH - 1 - column % _TAB_WIDTH)


def _with_tabs(line: str) -> str:
    """The row that a line makes from the first column on."""
    first, *others, last = line.split("\t")
    shown, column = [first], _width(first)
    for text in others:
        tab = _tab(column)
        shown += [tab, text]
        column += len(tab) + _width(text if text.isascii() else split_accents(text)[1])
    return "".join([*shown, _tab(column), last])


def _width(text: str) -> int:
    return len(text if text.isascii() else _apart(text))


def _apart(text: str) -> list[str]:
    """A cell for each column; that of the second column of a wide letter is empty."""
    return [*text] if text.isascii() else [*cells_of(text)]


def _without_colours(text: str) -> str:
    """The text without what changes nothing, where no other sequence is in it that could be put together by that."""
    if any(map(_conceals, set(_COLOUR.findall(text)))):
        return text
    bare = _COLOUR.sub("", text)
    return text if "\x1b" in bare else bare


def _conceals(parameters: str) -> bool:
    """Whether a colour sequence makes text invisible: 8, where it is not part of a colour as in 38;5;8."""
    numbers = iter(parameters.replace(":", ";").split(";"))
    for number in numbers:
        if number.lstrip("0") == "8":
            return True
        if number in {"38", "48", "58"}:
            kind = next(numbers, "")
            for _ in range({"5": 1, "2": 3}.get(kind, 0)):
                next(numbers, "")
    return False


def visible_rows(text: str) -> list[str] | None:
    """The characters of every row; None for a text with sequences that the screen does not know."""
    screen = Screen()
    try:
        screen.print(text)
    except ValueError:
        return None
    return screen.visible()
