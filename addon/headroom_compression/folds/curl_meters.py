"""Name what curl writes above its progress, the same each time: its titles, and the row of zeros that it begins with.

      % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current    [titles and first row of curl's…
                                     Dload  Upload   Total   Spent    Left  Speed      100   293  100   293    0     0…

      0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0
    100   293  100   293    0     0  12993      0 --:--:-- --:--:-- --:--:-- 15421

A terminal draws the other rows over the first one, which `terminal` then leaves out, and the titles stay; clients that
read output as text make lines of what was to be drawn over. Byte-exact; only where curl runs and nothing shows a file.
"""

from __future__ import annotations

from headroom_compression.calls.shown_files import shows_file
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.words_in_lines import holds_one_of

STAGE = Stage.KIND
MIN_LINES = 5

# The empty line is of the "\r" in front of each row.
_HEAD = """\
  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed

  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0
"""
_SHORT = "[titles and first row of curl's progress meter]\n"
# Of the characters: of more JSON, such as a table of records, the fold that knows it may save more.
_MIN_SHARE = 1 / 6
_JSON = ("\n{", "\n[")


def fold(document: Document) -> str | None:
    body, call = document.body, document.call
    if _HEAD not in body or _SHORT in body or call is None or call.path is not None:
        return None
    if "curl" not in (call.command or "") or shows_file(call):
        return None
    is_little = body.count(_HEAD) * len(_HEAD) < _MIN_SHARE * len(body)
    return None if is_little and holds_one_of(_JSON, body) else body.replace(_HEAD, _SHORT)


def is_exact(document: Document, folded: str) -> bool:
    return folded.replace(_SHORT, _HEAD) == document.body


def blocks(folded: str) -> tuple[int, ...]:
    """Each row reads alone."""
    return tuple(range(folded.count("\n") + 1))
