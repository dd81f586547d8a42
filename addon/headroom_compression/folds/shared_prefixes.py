"""Say once what a runner of several programs puts before each line of theirs: the package, the task, the service.

And the file of the tests that pytest collects, where it does not tell how they went; and the commit, its author and
its time in what `git blame` shows, of which each line of the file stays as it is behind its number.

    @shop/core test: test/cart.test.ts:            ["@shop/core test: " stands before each of the 3 lines below]
    @shop/core test: (pass) carts > adds           test/cart.test.ts:
    @shop/core test: (pass) carts > removes        (pass) carts > adds
    @shop/web test: ok                             (pass) carts > removes
                                                   @shop/web test: ok

Only in the output of programs that run, in what others tell of files and systems, in logs, and of blame. Byte-exact:
the lines that are counted stand right below the count, none is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.git_reports import shows_blame
from headroom_compression.calls.programs import is_log
from headroom_compression.calls.programs import is_program_run
from headroom_compression.calls.shown_files import only_reports
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.alarms import is_alarm

STAGE = Stage.KIND
MIN_LINES = 3

# A table's head is said again each 50 rows, or models lose it.
_LINES_PER_HEAD = 50
_MIN_LINES = 5
# Of long prefixes, such as those of blame.
_MIN_OF_LONG = 3
_LONG = 40
# In characters, of which 3 to 4 make a token: what the lines lose beside what the head costs.
_MIN_SAVED = 60
_SIGN = " stands before each of the "
_HEAD = re.compile(rf'\["([^\n]{{1,300}})"{_SIGN}([1-9][0-9]?) lines below\]')
# "@shop/core test: " (bun, pnpm)   "@shop/core:test: " (turbo)   "[lint:go] " (mise)   "web-1  | " (docker compose)
# "(Reading database ... " (dpkg, whose progress became lines)
# "tests/test_cart.py::" where pytest lists tests; not where it tells how they went
_STATUS = r"(?:SUB)?(?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|RERUN)"
_PREFIX = re.compile(
    r"@?\w[\w./-]{0,40}(?: |:)[A-Za-z][\w:.-]{0,30}: |\[[A-Za-z@][^\]\n]{0,60}\] |[A-Za-z][\w.-]{0,40} {1,20}\| "
    r"|\([A-Z][a-z]{1,20} [a-z]{1,20} \.\.\. "
    rf"|[\w./-]{{4,78}}+(?<=\.py)::(?=[A-Za-z_])(?![^\n]{{0,2000}} {_STATUS}\b)"
)
# 3f2a1b4c src/cart.py (Ann Example 2026-11-23 12:00:00 +0000  12) def total(cart):
_DAY, _CLOCK, _ZONE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{2}:[0-9]{2}:[0-9]{2}", r"[+-][0-9]{4}"
_BLAME = re.compile(
    r"\^?[0-9a-f]{7,40} {1,9}(?:[^\s()]{1,150} {1,80})?\([^()\n]{1,80}? {1,40}"
    rf"(?:{_DAY} {_CLOCK}|[0-9]{{9,11}}) {_ZONE} (?= {{0,8}}[0-9]{{1,8}}\) )"
)


def fold(document: Document) -> str | None:
    call, body = document.call, document.body
    is_blame = shows_blame(call)
    if not (is_blame or is_program_run(call) or is_log(call) or only_reports(call)) or _SIGN in body:
        return None
    lines = body.split("\n")
    shortened = [*_shortened(lines, _BLAME if is_blame else _PREFIX)]
    return "\n".join(shortened) if len(shortened) > len(lines) else None


def is_exact(document: Document, folded: str) -> bool:
    return _lengthened(folded.split("\n")) == document.body


def _shortened(lines: Sequence[str], form: re.Pattern[str]) -> Iterator[str]:
    row = 0
    while row < len(lines):
        prefix = _prefix(lines[row], form)
        stop = _stop_of(lines, row, prefix) if prefix else row + 1
        if prefix and _pays(stop - row, prefix):
            yield _head(prefix, stop - row)
            yield from (line[len(prefix) :] for line in lines[row:stop])
        else:
            yield from lines[row:stop]
        row = stop


def _prefix(line: str, form: re.Pattern[str]) -> str:
    match = form.match(line)
    if match is None or has_cut(line):
        return ""
    is_name = form is _BLAME or match[0].endswith("::")  # of a file, which may be test_errors.py
    return match[0] if is_name or not is_alarm(match[0]) else ""


def _stop_of(lines: Sequence[str], row: int, prefix: str) -> int:
    """Where the lines stop that begin with it, and of which the client cut none."""
    stop, last = row + 1, min(len(lines), row + _LINES_PER_HEAD)
    is_file = prefix.endswith("::")
    while stop < last and lines[stop].startswith(prefix) and not has_cut(lines[stop]):
        if is_file and not _PREFIX.match(lines[stop]):
            break
        stop += 1
    return stop


def _pays(count: int, prefix: str) -> bool:
    least = _MIN_OF_LONG if len(prefix) >= _LONG else _MIN_LINES
    return count >= least and count * len(prefix) - len(_head(prefix, count)) >= _MIN_SAVED


def _head(prefix: str, count: int) -> str:
    return f'["{prefix}"{_SIGN}{count} lines below]'


def _lengthened(lines: Sequence[str]) -> str | None:
    """The text that a folded one stands for; None where a head has not all of its lines."""
    found: list[str] = []
    rest = iter(lines)
    for line in rest:
        head = _HEAD.fullmatch(line)
        if head is None:
            found.append(line)
            continue
        below = [head[1] + line for _, line in zip(range(int(head[2])), rest, strict=False)]
        if len(below) < int(head[2]):
            return None
        found += below
    return "\n".join(found)
