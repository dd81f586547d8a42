"""Write the rows of a search tool as `rg --heading` does, without what it puts around each number.

    /repo/src/a.py:                  /repo/src/a.py:      opencode, kilo: an empty line behind each row, or behind none
      Line 12: import re             12:import re
                                     13:import sys
      Line 13: import sys

    File: src/a.py                   File: src/a.py       Qwen Code
    L12: import re                   12:import re

    [grep content: 1 matches ...]    [grep content: 1 matches ...]        Copilot CLI
    a.py (1 match(es)):              a.py (1 match(es)):
      12: import re                  12:import re

    /src/a.py:                       /src/a.py:           deepagents: below the names of files nothing but rows
      12: import re                  12:import re

    matches_format: "… indented '<line>: <content>' rows …"       Hermes, which says so itself: then it says
    /src/a.py                        /src/a.py                    "… '<line>:<content>' rows …"
      12: import re                  12:import re

Only for tools that search, and only where all rows have one of the forms. Byte-exact, the order of the rows included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.searches import is_searching_tool
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.record import record

STAGE = Stage.KIND
MIN_LINES = 1

_SHORT_ROW = re.compile(r"([1-9][0-9]{0,8}):(.*)")


@record
class _Form:
    """opening: how a text with such rows begins. before: what stands before the number of a row.

    other: what each line is that is no row, where not all of them may stand there.
    said: what the text says of its rows. says: what is true of them as they are sent.
    """

    opening: str
    before: str
    other: str = ""
    said: str = ""
    says: str = ""

    @property
    def row(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.before) + "([1-9][0-9]{0,8}): (.*)")


_OF_HERMES = (
    '\nmatches_format: "path-grouped: each file path on its own line, followed by {} rows for matches in that file"\n'
)
_FORMS = (
    _Form(
        "total_count: ",
        "  ",
        other=r"[^ \n][^\n]*|",
        said=_OF_HERMES.format("indented '<line>: <content>'"),
        says=_OF_HERMES.format("'<line>:<content>'"),
    ),
    _Form("", "  Line "),
    _Form("Found ", "L"),
    _Form("[grep content: ", "  "),
    _Form("", "  ", other=r"[^ \n][^\n]{0,1000}:|"),
)


def fold(document: Document) -> str | None:
    if document.call is None or not is_searching_tool(document.call):
        return None
    form = next((form for form in _FORMS if _is_written_in(document.body, form)), None)
    if form is None or has_cut(document.body):
        return None
    lines = document.body.replace(form.said, form.says, 1).split("\n")
    is_row = form.row.fullmatch
    is_spaced = _is_spaced(lines, form)
    folded: list[str] = []
    is_behind_row = False
    for line in lines:
        row = is_row(line)
        if row:
            folded.append(f"{row[1]}:{row[2]}")
        elif line or not (is_spaced and is_behind_row):
            folded.append(line)
        is_behind_row = row is not None
    return "\n".join(folded)


def is_exact(document: Document, folded: str) -> bool:
    return any(
        document.body == "\n".join(_unfolded(folded.replace(form.says, form.said, 1).split("\n"), form, gap))
        for form in _FORMS
        if _is_written_in(document.body, form)
        for gap in ([], [""])
    )


def _is_written_in(body: str, form: _Form) -> bool:
    if f"\n{form.before}" not in body or not body.startswith(form.opening) or form.said not in body:
        return False
    is_known = re.compile(f"{form.row.pattern}|{form.other}").fullmatch
    return not form.other or all(map(is_known, body.split("\n")))


def _is_spaced(lines: Sequence[str], form: _Form) -> bool:
    """Whether an empty line stands behind each row."""
    behind = [lines[place + 1 : place + 2] for place, line in enumerate(lines) if form.row.fullmatch(line)]
    return all(following == [""] for following in behind)


def _unfolded(lines: Sequence[str], form: _Form, gap: Sequence[str]) -> Iterator[str]:
    """The lines as the tool wrote them; gap: what it writes behind each row."""
    for line in lines:
        row = _SHORT_ROW.fullmatch(line)
        if row is None:
            yield line
        else:
            yield f"{form.before}{row[1]}: {row[2]}"
            yield from gap
