"""What is promised of tables whose rows are left out, checked by a reader of its own: nothing moved, every id there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

from tests.compression.support.json_table_decoder import HEAD
from tests.compression.support.json_table_decoder import parse_row

MARKER = re.compile(
    r"\[(?P<count>[0-9,]+) rows?, (?P<characters>[0-9,]+) characters?, left out here: "
    r"(?:of each only (?P<columns>.+) stands below, indented|each indented line below says how many in its place); "
    r"all is in (?P<path>/.+)\]"
)
MISSING = re.compile(r"\t([0-9]+) rows? left out")
# labels[name,color]    attributes."http.method"    path
NAME = re.compile(r"(?:\"(?:[^\"\\\\]|\\\\.)*\"|\[[^\]]*\]|[^,\"\[])+")
IDENTITY = re.compile(r"(?:.*[._])?\"?(?:id|uuid|sha|sha1|sha256|hash|number|path|filename|key)\"?", re.IGNORECASE)
STATE = re.compile(r"(?:.*[._])?(?:state|status|level|severity|conclusion|result|yanked|status_code)\"?")
FAULT = re.compile(r"error|warn|fail|fatal|critical|[45][0-9]{2}", re.IGNORECASE)


@dataclass
class Gap:
    """What a marker says, and what was found below it."""

    said: re.Match[str]
    count: int = 0
    characters: int = 0

    def take(self, lines: list[str]) -> None:
        self.count += len(lines)
        self.characters += sum(len(line) + 1 for line in lines)

    def check(self) -> None:
        assert (f"{self.count:,}", f"{self.characters:,}") == (self.said["count"], self.said["characters"])


@dataclass
class Table:
    """A table of the text without gaps. shown: its rows that stand whole in the text with gaps."""

    columns: list[str]
    rows: list[str] = field(default_factory=list)

    def cells(self, column: str) -> list[str]:
        return [parse_row(row)[self.columns.index(column)] for row in self.rows]


def check_rows(sent: str, whole: str) -> list[str]:
    """Check a text with gaps against the one without; return the paths that its markers name."""
    paths = check_places(sent.split("\n"), whole.split("\n"))
    rows = set(sent.split("\n"))
    shown = {cell for row in rows if row.startswith("\t") for cell in parse_row(row[1:])}
    for table in tables_of(whole):
        stay = [row for row in table.rows if row in rows]
        for column in table.columns:
            kept = shown | set(Table(table.columns, stay).cells(column))
            values = table.cells(column)
            if IDENTITY.fullmatch(column) or STATE.fullmatch(column):
                assert set(values) <= kept, column
            if STATE.fullmatch(column):
                faults = [row for row, value in zip(table.rows, values, strict=True) if FAULT.fullmatch(value)]
                assert set(faults) <= rows, column
    return paths


def check_places(sent: list[str], whole: list[str]) -> list[str]:
    """Read both side by side: each line stands as it was, or in its place the cells that a marker names, or a count."""
    columns: list[str] = []
    gaps: list[Gap] = []
    place = 0
    for line in sent:
        if place and HEAD.fullmatch(whole[place - 1]):
            columns = NAME.findall(line)
        marker = MARKER.fullmatch(line)
        missing = MISSING.fullmatch(line)
        if marker:
            gaps.append(Gap(marker))
        elif line.startswith("\t"):
            count = int(missing[1]) if missing else 1
            gaps[-1].take(whole[place : place + count])
            if not missing:
                assert line[1:] == ",".join(chosen_cells(whole[place], columns, gaps[-1].said["columns"]))
            place += count
        else:
            assert line == whole[place]
            place += 1
    assert place == len(whole)
    for gap in gaps:
        gap.check()
    return [gap.said["path"] for gap in gaps]


def chosen_cells(row: str, columns: list[str], chosen: str) -> Iterator[str]:
    cells = dict(zip(columns, parse_row(row), strict=True))
    return (cells[column] if column in cells else some_of(cells, column) for column in NAME.findall(chosen))


def some_of(cells: dict[str, str], wanted: str) -> str:
    """Of a list of records in a cell what stands in one of their columns: suggestions[desc]."""
    name, key = wanted.removesuffix("]").split("[")
    column = next(column for column in cells if column.startswith(f"{name}["))
    place = column.removesuffix("]").split("[")[1].split(",").index(key)
    found = [record[place] for record in json.loads(cells[column] or "[]")]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if cells[column] else ""


def tables_of(text: str) -> Iterator[Table]:
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if HEAD.fullmatch(line):
            stop = lines.index("", place) if "" in lines[place:] else len(lines)
            header = lines[place + 1]
            yield Table(NAME.findall(header), [row for row in lines[place + 1 : stop] if row != header])
