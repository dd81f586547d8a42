"""Rows of large tables of records, as the fold json_tables wrote them: hits of a search, issues, logs, metrics.

    [240 rows, 31,420 characters, left out here: of each only trace_id stands below, indented; all is in /state/3f.txt]
        7a97c643656412a9
    2026-03-14T09:27:09.741Z,ERROR,billing-1,8534f45738d048ec,parse cart took 3195 ms,500,upstream timed out
        a4042bb3d4341aad

Never left out: a row that says error, failure, warning or a status other than 2xx; one with a value that few have, with
the largest or smallest amount, with what was asked for; one for each value of a column with few of them; the first two
and the last. Of every other row stays what tells it from the others, in its own cells and in its place, and the columns
that the call lists or sorts by.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import groupby

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.json_answers import answers_in_json
from headroom_compression.calls.picked_columns import picked_columns
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.tables.columns import Column
from headroom_compression.formats.tables.find import WrittenTable
from headroom_compression.formats.tables.find import tables_in
from headroom_compression.formats.tables.standouts import standing_out

WORKS_ON = Stage.KIND

_MIN_ROWS = 16
# Narrower rows are hardly longer than what tells them apart.
_NARROWEST = 48
_HEAD_ROWS = 2
# Of a row that is left out so much is shown at most: else what is shown is hardly shorter.
_MAX_SHARE = 0.6
_MAX_ASKED_FOR = 0.2
# Each word is looked for in each row; what is longer is no query.
_MAX_ASKED = 50
_MAX_CELL_LENGTH = 100
# A row begins with a cell, and no cell with a blank.
_INDENT = "\t"


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not answers_in_json(document.call) or document.call is None:
        return
    asked = asked_words(document.call)
    if len(asked) > _MAX_ASKED:
        return
    for table in tables_in(lines, checked=document.checked):
        gap = _gap(table, lines, document.call, asked)
        if gap:
            yield gap


def _gap(table: WrittenTable, lines: Sequence[str], call: ToolCall, asked: Sequence[str]) -> Gap | None:
    places = list(table.rows)
    if len(places) < _MIN_ROWS or sum(len(lines[place]) for place in places) < _NARROWEST * len(places):
        return None
    if any(Column(name, (value,)).is_alarm(value) for name, value in table.constants):
        return None  # each row is one of a fault
    by_column = zip(*table.rows.values(), strict=True)
    columns = [Column(name, cells) for name, cells in zip(table.columns, by_column, strict=True)]
    rows = [lines[place] for place in places]
    whole = {0, len(rows) - 1, *range(_HEAD_ROWS), *standing_out(columns), *_asked_for(rows, asked)}
    short = [row for row in range(len(rows)) if row not in whole]
    if not short:
        return None
    picked = picked_columns(call, table.columns)
    told = _telling(columns, short)
    telling = [column for column in columns if column in told or column.name in picked]
    hidden = any(column.hides_ids for column in columns if column not in telling)
    if hidden or _says_too_little(telling, columns, table) or _length(telling) > _MAX_SHARE * _length(columns):
        return None
    start, stop = places[short[0]], places[short[-1]] + 1
    shown = {places[row]: ",".join(column.cells[row] for column in telling) for row in short}
    instead = tuple(_instead(range(start, stop), lines, shown))
    return Gap(start, stop, _what(telling), is_judged=True, instead=instead)


def _says_too_little(telling: Sequence[Column], columns: Sequence[Column], table: WrittenTable) -> bool:
    """Whether the rows are there for what they say in words, and what is left of them does not say what that is.

    Of logs, which say how bad each row is, the rows that tell most stay whole anyway. Where nothing tells rows apart
    they must be measurements, of which the outliers do.
    """
    if not telling:
        return not any(column.measures and not column.has_few_kinds for column in columns)
    if any(column.is_heading for column in telling):
        return False
    if any(column.is_letter for column in columns):
        return True
    is_named = any(column.names_something for column in telling)
    names = [*table.columns, *(name for name, _ in table.constants)]
    has_state = any(Column(name, ()).says_state for name in names)
    return not is_named and not has_state and any(column.holds_sentences for column in columns)


def _length(columns: Sequence[Column]) -> float:
    """Characters of these cells of a row, on the average."""
    return sum(column.length + 1 for column in columns)


def _asked_for(rows: Sequence[str], asked: Sequence[str]) -> list[int]:
    """Rows with a word that was asked for; but what many rows hold, as the hits of a search do, tells nothing."""
    lowered = [row.lower() for row in rows] if asked else []
    found = [row for row, text in enumerate(lowered) if any(word in text for word in asked)]
    return found if len(found) <= _MAX_ASKED_FOR * len(rows) else []


def _telling(columns: Sequence[Column], rows: Sequence[int]) -> list[Column]:
    """The columns that tell these rows apart, in the order of the table."""
    differing = [column for column in columns if len({column.cells[row] for row in rows}) > 1]
    many = [column for column in differing if not column.has_few_kinds]
    named = [column for column in many if column.identifies]
    if any(column.names_file for column in columns):
        named += [column for column in differing if column.names_line]
    named = named or [column for column in many if column.is_address]
    named = named or [column for column in many if column.is_distinct and column.could_be_name][:1]
    short = [column for column in differing if column.length <= _MAX_CELL_LENGTH] if named else []
    told = [
        column for column in short if column.names_file or column.tells_kind or column.is_heading or column.hides_ids
    ]
    return [column for column in columns if column in named or column in told]


def _instead(places: range, lines: Sequence[str], shown: Mapping[int, str]) -> Iterator[str]:
    """The lines in these places, those of `shown` in their short form; how many there are where nothing is shown."""
    for is_short, run in groupby(places, key=lambda place: place in shown):
        found = list(run)
        if not is_short:
            yield from (lines[place] for place in found)
        elif shown[found[0]]:
            yield from (_INDENT + shown[place] for place in found)
        else:
            yield f"{_INDENT}{len(found)} row{'s' * (len(found) > 1)} left out"


def _what(telling: Sequence[Column]) -> str:
    if telling:
        return f"of each only {','.join(column.name for column in telling)} stands below, indented"
    return "each indented line below says how many in its place"
