"""What Terraform read and began, and what it will know after it has applied a plan.

    aws_instance.web[0]: Refreshing state... [id=i-0a1b2c3d]
    aws_instance.web[1]: Still creating... [10s elapsed]
          + arn = (known after apply)

Never left out: the first line of each sort, what was begun of which no end is told, and how long each change took; any
value that is known, what is replaced by one that is not, and why; errors, warnings, the plan's sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.shown_files import reports
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import inner_rows
from headroom_compression.formats.gaps import next_lines

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_PROGRAMS = frozenset({"terraform", "tofu"})
_COMMANDS = frozenset({"apply", "destroy", "plan", "refresh"})
# What a step of a CI runs, may be any program: the forms of the lines have to prove it.
_ANY_PROGRAM = "make"
_ID = r"(?: \[id=[^\n]{0,600}\])?"
_TIME = r"[0-9hms]{1,20}"
# aws_iam_role.web["a b"]: Refreshing state... [id=web]   data.aws_ami.base: Still reading... [id=a, 10s elapsed]
_BEGUN = re.compile(
    rf"(\S[^\n]{{0,400}}?): (?:(Refreshing) state\.\.\.{_ID}|(Reading|Creating|Modifying|Destroying)\.\.\.{_ID}"
    rf"|Still (reading|creating|modifying|destroying)\.\.\. \[(?:id=[^\n]{{0,600}}, )?{_TIME} elapsed\])"
)
# aws_instance.web: Creation complete after 12s [id=i-0a1b2c3d]
_ENDED = re.compile(rf"(\S[^\n]{{0,400}}?): (Read|Creation|Modifications|Destruction) complete after ({_TIME}){_ID}")
_ENDS = {"reading": "Read", "creating": "Creation", "modifying": "Modifications", "destroying": "Destruction"}
_SHORT_READ = re.compile("[0-9]s")
#       + arn   = (known after apply)      + "kubernetes.io/name" = (known after apply)
_UNKNOWN = re.compile(r" {2,40}\+ (?:\"[^\"\n]{1,200}\"|[\w.:/-]{1,200}) {1,80}= \(known after apply\)")
# To look for them takes less time than to ask each line; without one of them nothing is left out.
_MARKS = (": Refreshing state...", " complete after ", " = (known after apply)")
# A resource has few more lines that are known.
_FAR = 16


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not any(mark in document.body for mark in _MARKS) or not _runs_terraform(document):
        return
    asked = asked_words(document.call) if document.call else ()
    sorts = {
        "what Terraform read and began": _rows_of_progress(lines),
        "values known after apply": [row for row, line in enumerate(lines) if _UNKNOWN.fullmatch(line)],
    }
    inner = inner_rows(lines)
    found: list[Gap] = []
    for what, rows in sorts.items():
        leaving = (row for row in rows[1:] if row in inner and not any(word in lines[row].lower() for word in asked))
        found += [_gap(those, lines, what) for those in _together(list(leaving))]
    yield from sorted(found, key=lambda gap: gap.start)


def _runs_terraform(document: Document) -> bool:
    programs = programs_run(document.call)
    own = [words for words in programs if words[0] == _ANY_PROGRAM or _is_own(words)]
    return bool(own) and all(words in own or reports(words) for words in programs)


def _is_own(words: Sequence[str]) -> bool:
    return words[0] in _PROGRAMS and not _COMMANDS.isdisjoint(words)


def _rows_of_progress(lines: Sequence[str]) -> list[int]:
    """The rows that say of something only that it was read, or that it was begun, where another tells its end."""
    ends = {(ended[1], ended[2]): row for row, line in enumerate(lines) if (ended := _ended(line))}
    rows = [row for (_, what), row in ends.items() if what == "Read" and _is_short(lines[row])]
    for row, line in enumerate(lines):
        begun = _BEGUN.fullmatch(line) if "..." in line else None
        if begun and (begun[2] or ends.get((begun[1], _ENDS[(begun[3] or begun[4]).lower()]), -1) > row):
            rows.append(row)
    return sorted(rows)


def _ended(line: str) -> re.Match[str] | None:
    return _ENDED.fullmatch(line) if " complete after " in line else None


def _is_short(line: str) -> bool:
    ended = _ended(line)
    return ended is not None and _SHORT_READ.fullmatch(ended[3]) is not None


def _together(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """Runs of rows between which nothing else takes many lines."""
    start = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place] - rows[place - 1] > _FAR:
            yield rows[start:place]
            start = place


def _gap(rows: Sequence[int], lines: Sequence[str], what: str) -> Gap:
    start, stop = rows[0], rows[-1] + 1
    left_out = set(rows)
    kept = tuple(lines[row] for row in range(start, stop) if row not in left_out)
    if kept:
        others = "others that stay" if len(kept) > 1 else "one that stays"
        what = f"{what}, and {others} in the {next_lines(kept)}"
    return Gap(start, stop, what, is_judged=True, instead=kept)
