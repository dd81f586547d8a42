"""A warning that pip writes for each package again, where a place that it is told to look into has no folder for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

WARNINGS = "the warnings above of other packages"

# WARNING: Location 'file:///srv/packages/simple/kombu/' is ignored: it is neither a file nor a directory.
_WORD = "' is ignored: it is neither "
_NO_FOLDER = re.compile(
    r"WARNING: Location '(file:[^'\s]{1,300}/)[\w.-]{1,100}/' is ignored: it is neither a file nor a directory\."
)


def warnings_said_before(text: str, lines: Sequence[str]) -> set[int]:
    """The rows of such warnings, but for the first one of each place: the same but for the name of the package.

    text: holds the lines.
    """
    if _WORD not in text:
        return set()
    found = {row: match[1] for row, line in enumerate(lines) if (match := _NO_FOLDER.fullmatch(line.strip()))}
    first = {place: row for row, place in reversed(found.items())}
    return found.keys() - first.values()
