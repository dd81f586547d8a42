"""The tables that the fold json_tables wrote into a text: where their rows stand, and what their columns hold."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from headroom_compression.client_text import is_remark
from headroom_compression.formats.tables.read_back import HEAD
from headroom_compression.formats.tables.read_back import HEADER_EVERY
from headroom_compression.formats.tables.read_back import read_back
from headroom_compression.formats.tables.read_back import read_shape
from headroom_compression.formats.tables.read_back import split_row
from headroom_compression.record import record

# "Found 3 issues:" and the like may stand before what was JSON.
_MAX_INTRODUCING_LINES = 3


@record
class WrittenTable:
    """columns: their names. constants: name and value of what the head says of all records.

    rows: the cells of each row, by the number of its line in the text, from 0. Between them may stand the header again.
    """

    columns: tuple[str, ...]
    constants: tuple[tuple[str, str], ...]
    rows: Mapping[int, tuple[str, ...]]


def tables_in(lines: Sequence[str], *, may_be_list: bool = False, checked: str = "") -> list[WrittenTable]:
    """The tables of a text that is written so from one of its first lines on; none where any of it cannot be read.

    may_be_list: also those within a list of objects. checked: what of the text is known to be read back.
    """
    openings = ("{", "[{") if may_be_list else ("{",)
    stop = len(lines)
    while stop and (not lines[stop - 1].strip() or is_remark(lines[stop - 1])):
        stop -= 1
    for start in range(min(stop, _MAX_INTRODUCING_LINES + 1)):
        head = HEAD.fullmatch(lines[start])
        is_table = head is not None and head.group(1) is None
        is_outer = lines[start].startswith(openings) and "" in lines[start:stop]
        if (is_table or is_outer) and _is_read_back("\n".join(lines[start:stop]), checked):
            ends = [place for place in range(start, stop) if not lines[place]] if not is_table else [start - 1]
            return [_table(lines, end + 1, other) for end, other in zip(ends, [*ends[1:], stop], strict=True)]
    return []


def _is_read_back(text: str, checked: str) -> bool:
    if text == checked:
        return True
    try:
        read_back(text)
    except (ValueError, LookupError, RecursionError):
        return False
    return True


def _table(lines: Sequence[str], start: int, stop: int) -> WrittenTable:
    head = HEAD.fullmatch(lines[start])
    columns, constants = read_shape((head and head.group(4)) or f"{{{lines[start + 1]}}}")
    rows = {
        place: tuple(split_row(lines[place]))
        for place in range(start + 1, stop)
        if (place - start - 1) % (HEADER_EVERY + 1)
    }
    return WrittenTable(tuple(columns), tuple(constants), rows)
