"""What linters in JSON say to editors, in tables that the fold json_tables wrote: edits, where a finding ends.

    [60 rows, 11,921 characters, left out here: of each only ruleId,message,line,suggestions[desc] stands below, …]
        no-unused-vars,"'path' is defined but never used.",2,["Remove unused variable 'path'."]

Of ruff and ESLint, whose text for people says nothing of it; they make the edits when they are told to. Never left out:
codes, messages, where findings begin, what an edit does in words and whether it is safe, the first two rows and the
last of each table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeAlias

from headroom_compression.calls.json_answers import answers_in_json
from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.tables.find import WrittenTable
from headroom_compression.formats.tables.find import tables_in
from headroom_compression.formats.tables.read_back import entries

WORKS_ON = Stage.KIND
HALLMARKS = ("fix",)

_PROGRAMS = frozenset({"eslint", "ruff"})
_TABLES = (frozenset({"ruleId", "message", "line"}), frozenset({"code", "message", "location.row", "noqa_row"}))
# Of ruff "fix.edits[content,end_location,location]", the end, and the line of a comment that would silence it; of
# ESLint the edit by offsets, the end, and its own name of the message.
_OF_EDITORS = re.compile(
    r"fix\.(?:edits(?:\[[\w,]{1,200}\])?|range|text)|end_location\.(?:row|column)|noqa_row|endLine|endColumn|messageId"
)
# ESLint's "suggestions[messageId,data,fix,desc]".
_SUGGESTIONS = re.compile(r"suggestions\[([\w,]{1,200})\]")
_WORDS = "desc"
_NOTHING = frozenset({"", "null", "[]"})
_HEAD_ROWS = 2
_INDENT = "\t"
# What stays of a cell.
_Rest: TypeAlias = Callable[[str], str]


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    call = document.call
    if call is None or not may_run(call, _PROGRAMS) or not answers_in_json(call):
        return
    for table in tables_in(lines, may_be_list=True, checked=document.checked):
        names, rests, goes = _columns(table)
        if not any(goes) or not _is_of_linter(table):
            continue
        short = {
            place: _INDENT + ",".join(rest(cells[column]) for column, rest in rests.items())
            for place, cells in [*table.rows.items()][_HEAD_ROWS:-1]
            if any(may_go and cell not in _NOTHING for may_go, cell in zip(goes, cells, strict=True))
        }
        if short:
            yield _gap(names, short, lines)


def _is_of_linter(table: WrittenTable) -> bool:
    """Whether it has what only these programs write side by side."""
    names = {*table.columns, *(name for name, _ in table.constants)}
    return any(names.issuperset(known) for known in _TABLES)


def _columns(table: WrittenTable) -> tuple[Sequence[str], Mapping[int, _Rest], Sequence[bool]]:
    """The names of what stays, by its place what stays of a cell, and of each column whether something goes."""
    names: list[str] = []
    rests: dict[int, _Rest] = {}
    goes: list[bool] = []
    for place, name in enumerate(table.columns):
        suggestions = _SUGGESTIONS.fullmatch(name)
        keys = suggestions[1].split(",") if suggestions else []
        is_told = len(keys) > 1 and _WORDS in keys
        goes.append(is_told or _OF_EDITORS.fullmatch(name) is not None)
        if is_told:
            names.append(f"suggestions[{_WORDS}]")
            rests[place] = _in_words(keys.index(_WORDS))
        elif not goes[-1]:
            names.append(name)
            rests[place] = str
    return names, rests, goes


def _in_words(place: int) -> _Rest:
    """Of the suggestions in a cell what they say in words, at this place of each."""

    def rest(cell: str) -> str:
        if cell in _NOTHING:
            return cell
        return f"[{','.join([*entries(suggestion)][place] for suggestion in entries(cell))}]"

    return rest


def _gap(names: Sequence[str], short: Mapping[int, str], lines: Sequence[str]) -> Gap:
    start, stop = min(short), max(short) + 1
    instead = tuple(short.get(place, lines[place]) for place in range(start, stop))
    return Gap(start, stop, f"of each only {','.join(names)} stands below, indented", is_judged=True, instead=instead)
