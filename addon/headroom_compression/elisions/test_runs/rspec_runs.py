"""Passed examples of RSpec's format `documentation`, with the groups that hold nothing else.

Nothing marks an example that passed: it is a line with none below it. So only a tree that is read whole, in which each
line has the place that RSpec gives it, and whose lines are as many examples, failures and pending ones as the summary
counts. Never left out: examples that failed or are pending, with the groups above them; what they print; the rest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import TREES
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.trees import Kind
from headroom_compression.formats.test_reports.trees import TreeRow
from headroom_compression.formats.test_reports.trees import indent_of
from headroom_compression.formats.test_reports.trees import passed_rows
from headroom_compression.formats.test_reports.trees import reads_like_a_message

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = (" example",)

_PROGRAMS = frozenset({"rspec", "parallel_rspec", "turbo_tests"})
_STEP = 2  # spaces by which what is in a group stands right of it
# removes an item (FAILED - 1)
_FAILED = re.compile(r" \(FAILED - [0-9]{1,6}\)$")
# counts items (PENDING: not yet)
_PENDING = re.compile(r" \(PENDING: .{1,1000}\)$")
_END_OF_TREE = re.compile(
    r"Failures:|Pending: \(.{1,100}\)|Deprecation Warnings:"
    r"|Top [0-9]{1,4} slowest examples .{1,100}|Finished in .{1,100}"
)
# 168 examples, 1 failure, 1 pending, 1 error occurred outside of examples
_TOTAL = re.compile(
    r"([0-9]{1,7}) examples?, ([0-9]{1,7}) failures?(?:, ([0-9]{1,7}) pending)?"
    r"(?:, [0-9]{1,7} errors? occurred outside of examples)?"
)
# An error occurred in an `after(:context)` hook.
_ERROR = "An error occurred "
# What is said of it, below and in paragraphs after that:
#     Failure/Error: after(:all) { raise "told wrongly" }
#     RuntimeError:
#     # ./spec/orders_spec.rb:4:in `block (2 levels) in <top (required)>'
_OF_ERROR = re.compile(r"Failure/Error: |[A-Z][\w:]{0,200}:$|# ")


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    totals = [match.groups(default="0") for line in lines if (match := _TOTAL.fullmatch(line.rstrip()))]
    stop = next((row for row, line in enumerate(lines) if _END_OF_TREE.fullmatch(line)), len(lines))
    tree = _read_tree(lines, stop)
    if len(totals) == 1 and tree and _counts(tree, lines) == tuple(map(int, totals[0])):
        yield from passed_gaps(passed_rows(_without_messages(tree, lines)), lines, TREES)


def _counts(tree: Sequence[TreeRow], lines: Sequence[str]) -> tuple[int, int, int]:
    """How many examples, failed and pending ones the tree has."""
    examples = [lines[row.row] for row in tree if row.kind is not Kind.HEADING]
    failed = sum(_FAILED.search(line) is not None for line in examples)
    return len(examples), failed, sum(_PENDING.search(line) is not None for line in examples)


def _read_tree(lines: Sequence[str], stop: int) -> list[TreeRow]:
    """Groups and examples; empty where a line has a place that RSpec would not give it."""
    errors = _rows_of_errors(lines, stop)
    rows = [row for row in range(stop) if lines[row].strip() and row not in errors and _is_in_tree(lines, row)]
    if not rows:
        return []
    indents = [indent_of(lines[row]) for row in rows]
    has_below = [following > indent for indent, following in pairwise([*indents, 0])]
    if not _has_order(indents, has_below):
        return []
    return [_tree_row(lines, row, has) for row, has in zip(rows, has_below, strict=True)]


def _rows_of_errors(lines: Sequence[str], stop: int) -> set[int]:
    """The rows of errors outside of examples, which stand among the groups."""
    rows: set[int] = set()
    is_error = False
    for row in range(stop):
        if lines[row].startswith(_ERROR):
            is_error = True
        elif row and not lines[row - 1].strip() and lines[row].strip():
            is_error = is_error and _OF_ERROR.match(lines[row]) is not None
        if is_error:
            rows.add(row)
    return rows


def _is_in_tree(lines: Sequence[str], row: int) -> bool:
    """An outermost group stands below an empty line; other lines without a space before them are printed by tests."""
    if lines[row].startswith(" "):
        return True
    has_below = row + 1 < len(lines) and indent_of(lines[row + 1]) == _STEP and bool(lines[row + 1].strip())
    return has_below and (row == 0 or not lines[row - 1].strip())


def _has_order(indents: Sequence[int], has_below: Sequence[bool]) -> bool:
    """Whether each line is a step right of its group, and no example comes after a group in the same group."""
    has_group: list[bool] = []  # of the groups that the line is in, from the outermost
    for indent, has in zip(indents, has_below, strict=True):
        depth, rest = divmod(indent, _STEP)
        if rest or depth > len(has_group):
            return False
        del has_group[depth:]
        if has:
            if has_group:
                has_group[-1] = True
            has_group.append(False)
        elif depth == 0 or has_group[-1]:
            return False
    return True


def _tree_row(lines: Sequence[str], row: int, has_below: bool) -> TreeRow:  # noqa: FBT001  read beside it
    line = lines[row]
    kind = Kind.OTHER if _FAILED.search(line) or _PENDING.search(line) else Kind.PASSED
    return TreeRow(row, indent_of(line), Kind.HEADING if has_below else kind)


def _without_messages(tree: Sequence[TreeRow], lines: Sequence[str]) -> Iterator[TreeRow]:
    """What examples and hooks print may stand where a group or an example could, and errors name no group."""
    rows = [row.row for row in tree]
    errors = (row for row, line in enumerate(lines) if line.startswith(_ERROR))
    before_errors = {rows[max(bisect_left(rows, row) - 1, 0)] for row in errors}
    for row in tree:
        stays = row.row in before_errors or reads_like_a_message(lines[row.row])
        yield replace(row, kind=Kind.OTHER) if stays else row
