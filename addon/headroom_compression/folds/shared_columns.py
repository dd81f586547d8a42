"""Say once what most rows of a table have in common, such as those of `kubectl get pods`.

    NAME                   READY   STATUS             RESTARTS   AGE
    [28 rows below; "<NAME>  <AGE>" is short for "<NAME>  1/1  Running  0  <AGE>"]
    web-7c5ddbdf54-2x8kq  5d
    web-7c5ddbdf54-9vq4z  5d
    worker-6f9c4d-tt2hx    0/1     CrashLoopBackOff   12 (3m ago)   5d

Only where no command can show a file, and below a line of titles in capitals, at which all columns begin. Rows with
another value stay as they are. Byte-exact, the spaces that fill the columns included.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import islice
from itertools import pairwise
from itertools import takewhile

from headroom_compression.calls.shown_files import only_reports
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.record import record

STAGE = Stage.KIND
MIN_LINES = 6

_SIGN = " rows below; "
_IS_SHORT_FOR = '" is short for "'
# A shared value may hold quotation marks, as the COMMAND of `docker ps`; the names of columns hold none.
_HEAD = re.compile(rf'\[([1-9][0-9]{{0,6}}){_SIGN}"([^"\n]{{1,2000}}){_IS_SHORT_FOR}([^\n]{{1,4000}})"\]')
_TITLE = r"[A-Z][A-Z0-9()/_%-]{0,40}(?: [A-Z0-9()/_%-]{1,40}){0,3}"
# NAME   READY   NOMINATED NODE
_TITLES = re.compile(rf"{_TITLE}(?: {{2,200}}{_TITLE}){{1,30}} {{0,40}}")
_ONE_TITLE = re.compile(_TITLE)
_GAP = "  "
_MIN_ROWS = 5
# In characters, of which 3 make a token here.
_MIN_SAVED = 60
# Columns; each number of them is tried. kubectl get -o wide has ten.
_MAX_SHARED = 12


@record
class _Table:
    """titles: of the columns. starts: where they begin. shared: what most rows have; None in columns that differ."""

    titles: Sequence[str]
    starts: Sequence[int]
    shared: Sequence[str | None] = ()

    def cells(self, line: str) -> list[str] | None:
        """The values of a row; None of a line in which not every column begins below its title."""
        if len(line) <= self.starts[-1]:  # nearly all that are none, such as short rows
            return None
        cells = [line[start:stop] for start, stop in pairwise([*self.starts, len(line)])]
        are_padded = all(cell.endswith(_GAP) for cell in cells[:-1])
        values = [*(cell.rstrip(" ") for cell in cells[:-1]), cells[-1]]
        is_row = are_padded and all(value and value[0] != " " and _GAP not in value.rstrip() for value in values)
        return values if is_row else None

    def is_like_most(self, cells: Sequence[str]) -> bool:
        return all(value in {None, cell} for value, cell in zip(self.shared, cells, strict=True))

    def short(self, cells: Sequence[str]) -> str:
        return _GAP.join(cell for cell, value in zip(cells, self.shared, strict=True) if value is None)

    def head(self, rows: int) -> str:
        names = [f"<{title}>" for title in self.titles]
        full = _GAP.join(name if value is None else value for name, value in zip(names, self.shared, strict=True))
        return f'[{rows}{_SIGN}"{self.short(names)}{_IS_SHORT_FOR}{full}"]'

    def whole(self, line: str) -> str | None:
        """The row that a short one stands for."""
        values = iter(line.split(_GAP))
        cells = [next(values, "") if value is None else value for value in self.shared]
        text = ""
        for start, cell in zip(self.starts, cells, strict=True):
            text = text.ljust(start) + cell
        return text if next(values, None) is None and "" not in cells else None


def fold(document: Document) -> str | None:
    body = document.body
    if not only_reports(document.call) or _SIGN in body or has_cut(body):
        return None
    folded: list[str] = []
    lines = body.split("\n")
    rest = iter(range(len(lines)))
    for at in rest:
        folded.append(lines[at])
        table = _table(lines[at])
        found = map(table.cells, _rows_from(lines, at + 1)) if table else iter(())
        rows = [cells for cells in takewhile(bool, found) if cells]
        if table and len(rows) >= _MIN_ROWS:
            folded += _shortened(lines[at + 1 : at + 1 + len(rows)], rows, table)
            next(islice(rest, len(rows) - 1, None), None)
    return "\n".join(folded)


def _rows_from(lines: Sequence[str], row: int) -> Iterator[str]:
    """Without a copy of all that follows: each line may be one of titles."""
    return (lines[row] for row in range(row, len(lines)))


def is_exact(document: Document, folded: str) -> bool:
    return "\n".join(_unfolded(folded.split("\n"))) == document.body


def _table(line: str) -> _Table | None:
    """The table that has this line of titles; None for other lines."""
    if not _TITLES.fullmatch(line):
        return None
    titles = list(_ONE_TITLE.finditer(line))
    return _Table([title[0] for title in titles], [title.start() for title in titles])


def _shortened(lines: Sequence[str], rows: Sequence[Sequence[str]], table: _Table) -> Sequence[str]:
    """The lines with a head, or as they are where that saves nothing."""
    best = lines
    for shared in _shared_values(rows):
        form = _Table(table.titles, table.starts, shared)
        short = [form.short(cells) if form.is_like_most(cells) else "" for cells in rows]
        found = [
            text if text and form.cells(text) is None and form.whole(text) == line else line
            for line, text in zip(lines, short, strict=True)
        ]
        found = [form.head(len(lines)), *found]
        if sum(map(len, found)) < min(sum(map(len, best)), sum(map(len, lines)) - _MIN_SAVED):
            best = found
    return best


def _shared_values(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str | None]]:
    """The most common values of one, two, ... columns, those with the most equal rows first; never of all."""
    common = [Counter(column).most_common(1)[0] for column in zip(*rows, strict=True)]
    order = sorted(range(len(common)), key=lambda column: -common[column][1])
    for count in range(1, min(len(order), _MAX_SHARED + 1)):
        yield [common[column][0] if column in order[:count] else None for column in range(len(common))]


def _unfolded(lines: Sequence[str]) -> Iterator[str]:
    """The lines that a folded text stands for; a row that stands for none is left out."""
    rest = iter(lines)
    before = ""
    for line in rest:
        head, table = _HEAD.fullmatch(line), _table(before)
        before = line
        if not head or not table:
            yield line
            continue
        form = _read(head, table)
        for row in islice(rest, int(head[1])):
            whole = row if form.cells(row) else form.whole(row)
            yield from [] if whole is None else [whole]


def _read(head: re.Match[str], table: _Table) -> _Table:
    values = head[3].split(_GAP)
    names = [f"<{title}>" for title in table.titles]
    shared = [None if value == name else value for value, name in zip(values, names, strict=False)]
    form = _Table(table.titles, table.starts, shared)
    return form if len(shared) == len(names) and form.head(int(head[1])) == head[0] else _Table((), (), ())
