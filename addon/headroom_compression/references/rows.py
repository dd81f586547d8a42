"""A tool text as rows: read from the text as the tool wrote it, or back from the form that is sent."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from functools import partial
from itertools import count
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple
from typing import Self
from typing import overload

from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.client_text import has_cut
from headroom_compression.record import record
from headroom_compression.references.gutter import NUMBER_MOST
from headroom_compression.references.gutter import Run
from headroom_compression.references.gutter import find_runs
from headroom_compression.references.gutter import goes_on_bare
from headroom_compression.references.gutter import open_run
from headroom_compression.references.gutter import opening
from headroom_compression.references.markers import Marker
from headroom_compression.references.markers import read_marker


class Row(NamedTuple):
    """A line: its content without gutter; the run and number when it has one. `marker` stands for several lines."""

    content: str
    run: Run | None = None
    number: int = 0
    marker: Marker | None = None
    is_match: bool = False

    @property
    def height(self) -> int:
        """How many lines of the tool's own text it stands for."""
        return self.marker.count if self.marker else 1

    def full_line(self) -> str:
        """The line as the tool wrote it."""
        return self.run.field(self.number, is_match=self.is_match) + self.content if self.run else self.content


# Rows by the hundred: in C, a third of the time.
_ROW = partial(tuple.__new__, Row)
_NO_MATCHES = repeat(False)  # noqa: FBT003  it takes no keywords
_CONTENT = itemgetter(Row._fields.index("content"))


class Rows(Sequence[Row]):
    """The rows of a text.

    contents: theirs; of a text without gutters and markers they are all there is, and rows are made when asked for.
    is_numbered: some have a gutter. is_whole: no marker, and nothing that the client has cut.
    """

    __slots__ = ("_rows", "contents", "is_numbered", "is_whole")

    def __init__(
        self, contents: list[str], rows: list[Row] | None = None, *, is_numbered: bool, is_whole: bool
    ) -> None:
        self.contents = contents
        self.is_numbered = is_numbered
        self.is_whole = is_whole
        self._rows = rows

    @classmethod
    def of_plain(cls, text: str) -> Self:
        return cls(text.split("\n") if "\n" in text else [text], is_numbered=False, is_whole=not has_cut(text))

    @property
    def height(self) -> int:
        """How many lines of the tool's own text they are."""
        return len(self) if self.is_whole else height(self)

    def __len__(self) -> int:
        return len(self.contents)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows) if self._rows is not None else _plain_rows(self.contents)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if self._rows is not None:
            return self._rows[place]
        return [*_plain_rows(self.contents[place])] if isinstance(place, slice) else Row(self.contents[place])


@record
class Numbering:
    """Rows `start` to `stop` are called by the numbers from `first` on."""

    first: int
    start: int
    stop: int

    def number(self, row: int) -> int:
        return self.first + row - self.start


@record
class SentRows:
    """A body as it is sent, and its rows. ids: theirs in the store of lines, where they were looked up."""

    body: str
    rows: Rows
    ids: array[int] | None = None


def height(rows: Sequence[Row]) -> int:
    """How many lines of the tool's own text they stand for."""
    return len(rows) + sum(row.height - 1 for row in rows if row.marker)


def read_original(text: str, form: GutterForm = GutterForm.ANY) -> Rows:
    """The rows of a text as the tool wrote it."""
    plain = Rows.of_plain(text)
    lines = plain.contents
    pattern = opening(text, form)
    rows: list[Row] = []
    for run in find_runs(lines, pattern, in_most=form in NUMBER_MOST) if pattern else ():
        rows += _plain_rows(lines[len(rows) : run.start])
        rows += _numbered_rows(lines[run.start : run.stop], run)
    if not rows:
        return plain
    rows += _plain_rows(lines[len(rows) :])
    return Rows([*map(_CONTENT, rows)], rows, is_numbered=True, is_whole=plain.is_whole)


def read_sent(text: str, form: GutterForm = GutterForm.ANY) -> Rows:
    """The rows of a text that the rows fold wrote, markers and thinned gutters understood."""
    pattern = opening(text, form)
    rows: list[Row] = []
    run: Run | None = None
    number = 0
    lines = text.split("\n")
    while len(rows) < len(lines):
        line = lines[len(rows)]
        marker = read_marker(line)
        if marker:
            rows.append(Row("", run, number, marker))
            number += rows[-1].height
            continue
        row = _continue_run(line, run, number) if run else None
        bare = goes_on_bare(lines, len(rows), run, number) if run and row is None else 0
        if bare:
            rows += _bare_rows(lines[len(rows) : len(rows) + bare], run, number)
            number += bare
            continue
        if row is None:
            run = open_run(line, len(rows), pattern) if pattern else None
            number = run.first if run else 0
            row = _continue_run(line, run, number) if run else Row(line)
        rows.append(row or Row(line))
        number += 1
    is_whole = not has_cut(text) and not any(row.marker for row in rows)
    return Rows([*map(_CONTENT, rows)], rows, is_numbered=any(row.run for row in rows), is_whole=is_whole)


def _continue_run(line: str, run: Run, number: int) -> Row | None:
    """The row `number` of the run: thinned, with the bare number, or with the whole field."""
    if not run.for_matches and line.startswith(run.separator):
        return _ROW((line[len(run.separator) :], run, number, None, False))
    if run.has(line, number):
        return _numbered_row(line, run, number)
    bare = f"{number}{run.separator}"
    return Row(line[len(bare) :], run, number) if not run.for_matches and line.startswith(bare) else None


def _plain_rows(lines: Iterable[str]) -> Iterator[Row]:
    return map(_ROW, zip(lines, repeat(None), repeat(0), repeat(None), _NO_MATCHES))


def _bare_rows(lines: Sequence[str], run: Run | None, number: int) -> Iterator[Row]:
    """The rows of lines without gutters, of which the first has this number."""
    return map(_ROW, zip(lines, repeat(run), count(number), repeat(None), _NO_MATCHES))


def _numbered_rows(lines: Sequence[str], run: Run) -> Iterator[Row]:
    """The rows of lines that begin with the full gutters of the run's numbers, one after the other."""
    if run.for_matches:
        return (_numbered_row(line, run, number) for number, line in enumerate(lines, run.first))
    contents: list[str] = []
    while len(contents) < len(lines):
        number = run.first + len(contents)
        length = run.field_length(number)
        longer_from = 10 ** (length - len(run.separator))
        contents += [line[length:] for line in lines[len(contents) : longer_from - run.first]]
    return map(_ROW, zip(contents, repeat(run), count(run.first), repeat(None), _NO_MATCHES))


def _numbered_row(line: str, run: Run, number: int) -> Row:
    """The row of a line that begins with its full gutter."""
    is_match = bool(run.for_matches) and run.is_match(line, number)
    return _ROW((line[run.field_length(number) :], run, number, None, is_match))
