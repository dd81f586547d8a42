"""Reports of tests as a tree: the tests of a group stand indented below its heading.

A heading needs no look where all that stands below it passed; above a test that failed or was skipped it says where.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterable
from enum import Enum
from enum import auto

from headroom_compression.record import record

# What a test prints may stand where a heading could, and nothing tells them apart but their words:
#     Error: connection refused
#     at read (file.js:3:1)
#     connecting to ldap://10.0.0.7
#     12:07:31 INFO up
#     lost the connection: retry 3, but not "with role: :admin"
_MESSAGE = re.compile(
    r"\s*(?:[\[{}*>|]|at |- )|.{0,300}(?:://|: (?!:)|\.\.\.\s*$|[0-9]:[0-9]{2}\b"
    r"|\b(?:DEBUG|ERROR|FATAL|INFO|WARN|WARNING)\b|(?i:error|exception|failed|failure|warning) ?[\]:])"
)


class Kind(Enum):
    """HEADING: of a group. OTHER: anything that has to stay, such as a test that failed."""

    HEADING = auto()
    PASSED = auto()
    OTHER = auto()


@record
class TreeRow:
    """row: the number of the line, from 0. indent: how many spaces it begins with."""

    row: int
    indent: int
    kind: Kind


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def reads_like_a_message(line: str) -> bool:
    """Whether the line is rather what a program says than the name of a group of tests."""
    return _MESSAGE.match(line) is not None


def passed_rows(tree: Iterable[TreeRow], slow: Collection[int] = ()) -> list[int]:
    """The rows of passed tests, and of headings with nothing but passed tests below, in the order of the tree.

    slow: numbers of lines that stay although they passed, as tests that failed do.
    """
    rows = list(tree)
    above: list[TreeRow] = []
    staying: set[int] = set()
    for position, row in enumerate(rows):
        while above and above[-1].indent >= row.indent:
            above.pop()
        following = rows[position + 1] if position + 1 < len(rows) else None
        is_empty = row.kind is Kind.HEADING and (following is None or following.indent <= row.indent)
        if row.kind is Kind.OTHER or row.row in slow or is_empty:
            staying.add(row.row)
            staying.update(heading.row for heading in above)
        elif row.kind is Kind.HEADING:
            above.append(row)
    return [row.row for row in rows if row.row not in staying]
