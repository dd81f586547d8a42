"""Write rows that tell of files under the names of their folders, as `ls -R` does: wc, du, git diff --stat, coverage.

     src/shop/carts/api.py   |  12 +-      [4 rows below: the files of column 1 stand under their folders, as in ls -R]
     src/shop/carts/mail.py  |   4 ++      src/shop/carts:
     src/shop/carts/tax.py   |   9 --       api.py   |  12 +-
     tests/test_tax.py       |   2 +        mail.py  |   4 ++
     4 files changed, 20 insertions(+)      tax.py   |   9 --

                                           tests:
                                            test_tax.py       |   2 +

                                            4 files changed, 20 insertions(+)

Only in the output of programs that run, and in what others tell of files and systems. In each of the rows, which follow
one another, the first word with a folder is the path, and as many words stand before it. Rows that tell of trouble keep
their words, but where those beside each other say the same; so do those with another path or name behind it, and those
of which the word before it may be the beginning of its folder's name. Paths that git has cut at their beginning,
.../api.py, stay as well, of which the head says so. An empty line stands between the last row and what follows.
Byte-exact, spaces and the order of the rows included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import groupby
from itertools import islice

from headroom_compression.calls.programs import is_program_run
from headroom_compression.calls.shown_files import only_reports
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.alarms import alarm_rows
from headroom_compression.formats.folder_headings import cheapest_folders
from headroom_compression.formats.words_in_lines import stands_times
from headroom_compression.record import record

STAGE = Stage.KIND
MIN_LINES = 4

_MIN_ROWS = 4
# 0.1 s of work.
_MAX_ROWS = 20_000
# In characters: what the rows lose beside what the head and the headings cost.
_MIN_SAVED = 60
_SIGN = " rows below: the files of column "
_BUT_CUT = ", but those of .../"
_HEAD = re.compile(
    rf"\[([1-9][0-9]{{0,6}}){_SIGN}([1-9][0-9]?) stand under their folders, as in ls -R({re.escape(_BUT_CUT)})?\]"
)
_HERE = "."
_ROW = re.compile(
    r"([ \t]*(?:[^\s/]{1,200}[ \t]+){0,4})([^\s/]{0,200}/\S{1,400}|\.{3}\S{1,200})((?:[ \t][^\n/]{0,1000})?)"
)
# src/a.py   ./a.py   /srv/a.py   src/a.py:12   but neither https://a/b nor 'src/a.py' nor tests/test_a.py::test_b
_PATH = re.compile(
    r"(?:/|\.{3})?(?:[\w.@+~-][\w.@+~,=#%-]*/)+[\w.@+~,=#%-]+(?:(?::[0-9]{1,9})+:?)?|\.{3}[\w.@+~,=#%-]+"
)
_CUT = "..."
# README.md, in no folder
_NAME = re.compile(r"[\w@+~-][\w.@+~-]{0,100}\.[A-Za-z]\w{0,11}")
_WORD = re.compile(r"\S+")
# Before a path of which another stands behind it that may be in no folder; and behind it.   R100\tsrc/a\ta   src/a => a
# But not: src/a | Bin 0 -> 12 bytes
_RENAMED, _ARROW = re.compile(r"[RC][0-9]{3}\t"), re.compile(r"[ \t][=-]>[ \t](?![0-9]{1,15} bytes)")
# "12 My " of "12 My carts/a.py", in reports: of programs that run it may be "CC ". "MM " is one of git status.
_MAY_BE_OF_NAME = re.compile(r"(?:.*[ \t])?(?![MADRCUT]{1,2} )(?=\S*[^\W\d_])[^\W_][\w.-]* ")
# Of the paths at least a half name a file by its ending: names of Go's subtests have slashes as well.
_ENDING = re.compile(r"[^./]\.[A-Za-z]\w{0,11}$")


@record
class _Row:
    before: str
    path: str
    behind: str
    column: int


def fold(document: Document) -> str | None:
    body = document.body
    if not stands_times(body, "/", _MIN_ROWS) or _SIGN in body or has_cut(body):
        return None
    if not (only_reports(document.call) or is_program_run(document.call)):
        return None
    text = body.removesuffix("\n")
    lines = text.split("\n")
    if len(lines) > _MAX_ROWS:
        return None
    return "\n".join(_folded(lines, may_begin_before=only_reports(document.call))) + body[len(text) :]


def is_exact(document: Document, folded: str) -> bool:
    text = folded.removesuffix("\n")
    return "\n".join(_unfolded(text.split("\n"))) + folded[len(text) :] == document.body


def blocks(folded: str) -> Iterator[int]:
    """All rows but those of tables, of which the head stands for all."""
    rest = iter(enumerate(folded.split("\n")))
    for row, line in rest:
        yield row
        head = _HEAD.fullmatch(line)
        left = int(head[1]) if head else 0
        is_heading = True
        for _, below in rest if left else ():
            left -= bool(below) and not is_heading
            is_heading = not below
            if not left:
                next(rest, None)
                break


def _folded(lines: Sequence[str], *, may_begin_before: bool) -> Iterator[str]:
    rows = [row if row and _is_clear(row, may_begin_before=may_begin_before) else None for row in _rows(lines)]
    if not _may_hold_table(rows):  # five of six that are asked for: words of alarm are looked for in the others
        yield from lines
        return
    alarming = alarm_rows([f"{row.before} {row.behind}" if row else "" for row in rows])
    kinds = [_kind(row, is_alarming=at in alarming) for at, row in enumerate(rows)]
    for kind, group in groupby(range(len(lines)), kinds.__getitem__):
        places = list(group)
        table = [row for at in places if (row := rows[at])] if kind else []
        first = next((at for at, row in enumerate(table) if not row.path.startswith(_CUT)), len(table))
        yield from (lines[at] for at in places[:first])
        plain = [lines[at] for at in places[first:]]
        written = list(_written(table[first:])) if _are_files(table[first:]) else plain
        pays = sum(map(len, plain)) - sum(map(len, written)) - len(written) + len(plain) >= _MIN_SAVED
        yield from written if pays else plain
        if pays and places[-1] + 1 < len(lines):
            yield ""


def _may_hold_table(rows: Sequence[_Row | None]) -> bool:
    """Whether rows that follow one another, their paths in one column, name at least two files by their endings."""
    groups = groupby(rows, lambda row: row and row.column)
    return any(column and sum(_is_named(row) for row in group if row) >= _MIN_ROWS // 2 for column, group in groups)


def _is_named(row: _Row) -> bool:
    """Whether the path names a file by its ending."""
    return _ENDING.search(row.path) is not None


def _kind(row: _Row | None, *, is_alarming: bool) -> tuple[int, str, str] | None:
    """The same for rows of one table; None for a line that is no row."""
    if row is None:
        return None
    return (row.column, row.before, row.behind) if is_alarming else (row.column, "", "")


def _is_clear(row: _Row, *, may_begin_before: bool) -> bool:
    """Whether the path is whole, and the only one. may_begin_before: the words before it may belong to its name."""
    if _RENAMED.match(row.before) or _ARROW.search(row.behind) or any(map(_NAME.fullmatch, row.behind.split())):
        return False
    return not (may_begin_before and _MAY_BE_OF_NAME.fullmatch(row.before))


def _are_files(rows: Sequence[_Row]) -> bool:
    """Whether they tell something of files: no list of paths alone, which has its own fold."""
    is_table = any(row.before or row.behind for row in rows)
    return is_table and 2 * sum(map(_is_named, rows)) >= max(len(rows), _MIN_ROWS)


def _rows(lines: Sequence[str]) -> list[_Row | None]:
    rows = [_row(line) for line in lines]
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        for at in order:
            beside = rows[at - order.step]
            if beside and rows[at] is None:
                rows[at] = _row_of_name(lines[at], beside.column)
    return rows


def _row(line: str) -> _Row | None:
    match = _ROW.fullmatch(line) if "/" in line else None
    if match is None or not _PATH.fullmatch(match[2]):
        return None
    path, colon, behind = match[2].partition(":")
    return _Row(match[1], path, colon + behind + match[3], len(match[1].split()) + 1)


def _row_of_name(line: str, column: int) -> _Row | None:
    """Beside rows with paths one of a file that is in no folder."""
    words = [*islice(_WORD.finditer(line), column)]
    if len(words) < column or "/" in line or not _NAME.fullmatch(words[-1][0]):
        return None
    start, stop = words[-1].span()
    return _Row(line[:start], line[start:stop], line[stop:], column)


def _written(rows: Sequence[_Row]) -> Iterator[str]:
    folders = iter(cheapest_folders([row.path for row in rows if not row.path.startswith(_CUT)]))
    but_cut = _BUT_CUT if any(row.path.startswith(_CUT) for row in rows) else ""
    yield f"[{len(rows)}{_SIGN}{rows[0].column} stand under their folders, as in ls -R{but_cut}]"
    current = None
    for row in rows:
        if row.path.startswith(_CUT):
            yield row.before + row.path + row.behind
            continue
        folder = next(folders)
        if folder != current:
            yield from [f"{folder}:"] if current is None else ["", f"{folder}:"]
            current = folder
        yield row.before + (row.path if folder == _HERE else row.path[len(folder) + 1 :]) + row.behind


def _unfolded(lines: Sequence[str]) -> Iterator[str]:
    """The lines that a folded text stands for."""
    rest = iter(lines)
    for line in rest:
        head = _HEAD.fullmatch(line)
        if head:
            yield from _whole(rest, int(head[1]), int(head[2]), has_cut=head[3] is not None)
            yield from _behind(rest)
        else:
            yield line


def _behind(rest: Iterator[str]) -> Iterator[str]:
    """What a line stands for that is not empty, as it is behind a table."""
    line = next(rest, "")
    if line:
        yield f"\n{line}"


def _whole(rest: Iterator[str], count: int, column: int, *, has_cut: bool) -> Iterator[str]:
    """So many rows, each with its folder before the word of the column. has_cut: but for those that git has cut."""
    prefix: str | None = None
    while count:
        line = next(rest, "") if prefix is not None else ""
        if not line:
            heading = next(rest, "")
            if not heading.endswith(":"):
                yield f"\n{heading}"
                return
            prefix = "" if heading == f"{_HERE}:" else heading.removesuffix(":") + "/"
            continue
        words = [match.start() for match in _WORD.finditer(line)]
        start = words[column - 1] if column <= len(words) else len(line)
        yield line if has_cut and line.startswith(_CUT, start) else f"{line[:start]}{prefix}{line[start:]}"
        count -= 1
