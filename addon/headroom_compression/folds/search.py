"""Write search results, and what linters find, as `rg --heading` does: each file once, its rows below.

    src/a.py:12:import re               src/a.py
    src/a.py-13-import sys              12:import re
    --                                  13-import sys
    src/b.py:7:import re
                                        src/b.py
                                        7:import re

Without numbers (`grep -r`) the rows are the bare lines. Byte-exact, the order of the rows included.

Claude Code's Grep cuts the working folder off in front of rows that hold a colon, and leaves it on all others. A `/./`
in the first heading that needs it says where the folder ends, as in rsync: /home/me/project/./src/a.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import islice

from headroom_compression.calls.linters import prints_findings
from headroom_compression.calls.programs import is_program_run
from headroom_compression.calls.searches import asks_for_numbers
from headroom_compression.calls.searches import may_print_others
from headroom_compression.calls.searches import places
from headroom_compression.calls.searches import prints_matches
from headroom_compression.calls.searches import prints_only_matches
from headroom_compression.calls.searches import revisions
from headroom_compression.client_text import has_cut
from headroom_compression.client_text import rows_elided
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.blocks import blocks_below_blank_lines
from headroom_compression.formats.grep_rows import NUMBERED
from headroom_compression.formats.grep_rows import SearchRow
from headroom_compression.formats.grep_rows import read_search_rows
from headroom_compression.formats.words_in_lines import stands_times
from headroom_compression.references.seeds import long_rows

STAGE = Stage.KIND
MIN_LINES = 2

_ANCHOR = "/./"
_BETWEEN = "--"
# src/a.py:content, of a search without line numbers. Only names that nothing else looks like.
_UNNUMBERED = re.compile(r"((?=[A-Za-z0-9_@+~-]{0,100}[./])[A-Za-z0-9_./@+~-]{1,300}):(?=[^\n]*\S)")
# src/a.py   a.py   but not what stands in front of minutes: 2026-11-23T10   Nov 23 10
_FILE_NAME = re.compile(r"\S{0,200}(?:/\S{1,200}|\.[A-Za-z][A-Za-z0-9]{0,9})")
# A row of context that the folder was left on: /home/me/project/src/a.py-13-
_WHOLE_ROW = re.compile("(/[^:]{1,300}?)-[1-9][0-9]{0,8}-")
# src/a.py:12:5: what is wrong there     of a program that may have started a linter
_FINDING = re.compile(r"^[^\s:]{1,200}:[1-9][0-9]{0,8}:[0-9 ]", re.MULTILINE)
_BEGINNING = 4_000  # characters, in which half of so few show themselves
_MIN_FINDINGS = 8
# A row has one behind the place.
_MIN_COLONS = 2
_SHARE_OF_FINDINGS = 0.8
# What mini-swe-agent puts around an output, and around one of which it left out the middle.
_HEAD = "<output_head>\n"
_ENDS = {"<output>\n": "</output>", _HEAD: "</output_tail>"}


def fold(document: Document) -> str | None:
    if not stands_times(document.body, ":", _MIN_COLONS):
        return None
    is_search = prints_matches(document.call)
    if not (is_search or prints_findings(document.call) or _may_be_findings(document)):
        return None
    lines = document.body.split("\n")
    folder = _working_folder(lines)
    rows = _rows(document, [_without_folder(line, folder) for line in lines])
    within = places(document.call)
    if rows is None or not all(_is_in(within, row.path) for row in rows if row):
        return None
    if any(rows):
        folded = list(_grouped(lines, rows, folder))
    elif not is_search or asks_for_numbers(document.call) or not prints_only_matches(document.call):
        return None  # where the name ends, or whether it is one, is not certain
    else:
        folded = _fold_unnumbered(within, lines, document.header) or []
    body = "\n".join(folded or lines)
    return body if len(body) < len(document.body) else None


def is_exact(document: Document, folded: str) -> bool:
    lines = folded.split("\n")
    unnumbered = _read_unnumbered(lines, document.header) or lines
    return document.body in {"\n".join(_read_numbered(lines)), "\n".join(unnumbered)}


def blocks(folded: str) -> tuple[int, ...]:
    """Each file's rows, but where the first heading says something of all paths."""
    return blocks_below_blank_lines(folded.split("\n")) if _ANCHOR not in folded else ()


def entries(folded: str) -> list[int]:
    """Below the heading of a file the rows that are long enough for a pointer alone, and the rows behind them."""
    begun = {*blocks(folded)}
    found = long_rows(folded.split("\n")) if begun else []
    return sorted({row + behind for row in found for behind in (0, 1)} - begun)


def _may_be_findings(document: Document) -> bool:
    if not is_program_run(document.call):  # first: it takes a tenth of the time
        return False
    found = islice(_FINDING.finditer(document.body, 0, _BEGINNING), _MIN_FINDINGS // 2)
    return len(list(found)) == _MIN_FINDINGS // 2


def _rows(document: Document, lines: list[str]) -> Sequence[SearchRow | None] | None:
    """A row for each line that is one. None where one could be of two files, or nothing is known to search or lint."""
    try:
        rows = read_search_rows(lines, revisions(document.call))
    except ValueError:
        return None
    is_known = prints_matches(document.call) or prints_findings(document.call)
    if not is_known or may_print_others(document.call):
        rows = [row if row and _FILE_NAME.fullmatch(row.path) else None for row in rows]
    return rows if is_known or _are_findings(lines, rows) else None


def _are_findings(lines: Sequence[str], rows: Sequence[SearchRow | None]) -> bool:
    """Whether nearly all of what a program says are findings of a linter that it started: make lint, npm run lint."""
    found = sum(row is not None and row.mark == ":" for row in rows)
    return found >= _MIN_FINDINGS and found >= _SHARE_OF_FINDINGS * sum(map(bool, lines))


def _is_in(within: tuple[str, ...], path: str) -> bool:
    return path.removeprefix("./").startswith(within)


def _working_folder(lines: list[str]) -> str:
    """What stands in front of rows of context only: "" unless there is a row of the same file without it."""
    relative = {line[: line.index(":")] for line in lines if ":" in line and not line.startswith("/")}
    for line in lines:
        match = None if ":" in line or not relative else _WHOLE_ROW.match(line)
        path = match[1] if match else ""
        for place in re.finditer("/", path):
            if path[place.end() :] in relative:
                return path[: place.end()]
    return ""


def _without_folder(line: str, folder: str) -> str:
    return line.removeprefix(folder) if folder and ":" not in line else line


def _grouped(lines: list[str], rows: Sequence[SearchRow | None], folder: str) -> Iterator[str]:
    path = None
    for position, row in enumerate(rows):
        if row is None:
            following = rows[position + 1] if position + 1 < len(rows) else None
            if path is None or following is None or lines[position] != _BETWEEN:
                path = None
                yield lines[position]
            elif following.path == path:
                yield _BETWEEN
            continue
        if row.path != path:
            path = row.path
            if position:
                yield ""
            yield folder[:-1] + _ANCHOR + path if folder else path
            folder = ""
        yield row.rest


def _read_numbered(lines: list[str]) -> Iterator[str]:
    """The lines that a text with headings and numbered rows stands for."""
    numbered = [NUMBERED.match(line) for line in lines]
    # Between the files of a search with context, too, a "--" stands in the tool's own text.
    has_context = any(match and match[2] == "-" for match in numbered)
    path = None
    folder = ""
    for position, (line, match) in enumerate(zip(lines, numbered, strict=True)):
        follows_row = position + 1 < len(lines) and numbered[position + 1] is not None
        if _is_break(lines, numbered, position):
            if path is not None and has_context:
                yield _BETWEEN
        elif follows_row and not match and _is_heading(lines, position):
            before, anchor, name = line.partition(_ANCHOR)
            folder = before + "/" if anchor else folder
            path = name if anchor else line
        elif path is not None and match:
            row = f"{path}{match[2]}{line}"
            yield row if ":" in row else folder + row
        else:
            path = path if line == _BETWEEN and follows_row else None
            yield line


def _is_heading(lines: list[str], position: int) -> bool:
    return lines[position] not in {"", _BETWEEN} and (position == 0 or not lines[position - 1])


def _is_break(lines: list[str], numbered: Sequence[object], position: int) -> bool:
    """Whether it is the empty line in front of a heading."""
    heading = position + 1
    return (
        not lines[position]
        and heading + 1 < len(lines)
        and not numbered[heading]
        and bool(numbered[heading + 1])
        and _is_heading(lines, heading)
    )


def _fold_unnumbered(within: tuple[str, ...], lines: list[str], header: str) -> list[str] | None:
    stop = _end_of_rows(lines, header)
    elided = rows_elided(lines) if header.endswith(_HEAD) else None
    if elided is None:
        folded = _bare_rows(within, lines[:stop])
        return folded and folded + lines[stop:]
    # The row above the cut may be the beginning of one, the row below it the rest of one.
    first, last, tail = lines[: elided.start - 1], lines[elided.start - 1], lines[elided.stop + 1 : stop]
    is_row = _UNNUMBERED.match(last) is not None
    head, bottom = _bare_rows(within, first + [last] * is_row), _bare_rows(within, tail)
    if head is None or bottom is None:
        return None
    loose = [] if is_row else ["", last]
    return [*head, *loose, *lines[elided.start : elided.stop + 1], "", *bottom, *lines[stop:]]


def _bare_rows(within: tuple[str, ...], lines: list[str]) -> list[str] | None:
    """Below headings; None where one of the lines is no row."""
    folded: list[str] = []
    path = None
    for line in lines:
        match = None if has_cut(line) else _UNNUMBERED.match(line)
        if match is None:
            return None
        if match[1] != path:
            path = match[1]
            if not _is_in(within, path):
                return None
            folded += ["", path] if folded else [path]
        folded.append(line[match.end() :])
    return folded


def _read_unnumbered(lines: list[str], header: str) -> list[str] | None:
    """The lines that a text with headings and bare rows stands for; None when it is no such text."""
    stop = _end_of_rows(lines, header)
    elided = rows_elided(lines) if header.endswith(_HEAD) else None
    if elided is None:
        rows = _whole_rows(lines[:stop])
        return rows and rows + lines[stop:]
    end = elided.start - 2 if not lines[elided.start - 2] else elided.start
    head, bottom = _whole_rows(lines[:end]), _whole_rows(lines[elided.stop + 2 : stop])
    if head is None or bottom is None:
        return None
    loose = lines[end + 1 : elided.start]
    return [*head, *loose, *lines[elided.start : elided.stop + 1], *bottom, *lines[stop:]]


def _whole_rows(lines: list[str]) -> list[str] | None:
    rows: list[str] = []
    for block in "\n".join(lines).split("\n\n"):
        path, *contents = block.split("\n")
        if not path or not contents or "" in contents:
            return None
        rows += [f"{path}:{content}" for content in contents]
    return rows


def _end_of_rows(lines: list[str], header: str) -> int:
    stop = len(lines) - (not lines[-1])
    end = next((end for begin, end in _ENDS.items() if header.endswith(begin)), None)
    stop -= lines[stop - 1 : stop] == [end]
    return stop - (header.endswith(_HEAD) and lines[stop - 1 : stop] == [""])
