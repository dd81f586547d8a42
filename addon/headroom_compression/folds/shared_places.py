"""Say once where the packages are that a tool lists: in which module (go test), in which environment (pip install).

    ok  \tgithub.com/acme/shop/internal/cart\t0.412s       [3 packages below are in github.com/acme/shop/internal/]
    ok  \tgithub.com/acme/shop/internal/mail\t(cached)     ok  \tcart\t0.412s
    ?   \tgithub.com/acme/shop/internal/wire\t[no test…    ok  \tmail\t(cached)
                                                         ?   \twire\t[no test files]

Only in the output of programs that run, and of commands that show no file. Packages that failed keep their whole names,
and so does every line of another form. Byte-exact.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from collections.abc import Sequence

from headroom_compression.calls.shown_files import prints_no_file
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.record import record

STAGE = Stage.KIND
MIN_LINES = 3

_SIGN = " below are in "
_HEAD = re.compile(rf"\[([1-9][0-9]{{0,6}}) ([a-z ]{{1,40}}){_SIGN}([^\n]{{1,1000}})\]")
_MIN_ROWS = 3
# In characters: what the rows lose beside what the head costs.
_MIN_SAVED = 60


@record
class _Kind:
    """rows: what the head calls them. whole: a row in three groups, of which the second begins with the place; short:
    one without. joint: what stands in front of a place. itself: what stands for the place alone.
    """

    rows: str
    whole: re.Pattern[str]
    short: re.Pattern[str]
    place: Callable[[Sequence[str]], str]
    joint: str = ""
    itself: str = ""

    def shortened(self, line: str, place: str) -> str | None:
        """None for a row of another place, and for other lines."""
        row = self.whole.fullmatch(line)
        if row is None or not f"{row[2]}/".startswith(place):
            return None
        return row[1] + (row[2][len(place) :] or self.itself) + row[3]

    def lengthened(self, line: str, place: str) -> str | None:
        """None for a row that names its place, and for other lines."""
        row = self.short.fullmatch(line)
        if row is None:
            return None
        return row[1] + self.joint + (place.removesuffix("/") if row[2] == self.itself else place + row[2]) + row[3]


def _common_folder(names: Sequence[str]) -> str:
    lowest, highest = f"{min(names)}/", f"{max(names)}/"
    length = next((at for at, pair in enumerate(zip(lowest, highest, strict=False)) if pair[0] != pair[1]), len(lowest))
    return lowest[: lowest.rfind("/", 0, length) + 1]


def _most_common(names: Sequence[str]) -> str:
    return Counter(names).most_common(1)[0][0]


# A row that a client cut, "…12 tokens truncated…", is none.
_PACKAGE = r"[\w.~-]{1,100}(?:/[\w.~-]{1,100}){0,20}"
_STATUS = rf"((?:ok  |\?   )\t|\t(?={_PACKAGE}\t\tcoverage: ))"
_REQUIREMENT = r"(Requirement already satisfied: [^\n]{1,200}?)"
# One of them is in each row: to look for them takes less time than to ask what the command is.
_HALLMARKS = ("\t", "Requirement already satisfied: ")
_KINDS = (
    # ok  \tgithub.com/acme/shop/cart\t0.412s\tcoverage: 80.0% of statements
    _Kind(
        "packages",
        re.compile(rf"{_STATUS}({_PACKAGE}/[\w.~-]{{1,100}})(\t[^\r\n…]{{1,200}})"),
        re.compile(rf"{_STATUS}({_PACKAGE})(\t[^\r\n…]{{1,200}})"),
        _common_folder,
        itself=".",
    ),
    # Requirement already satisfied: numpy>=1.20 in /opt/env/lib/python3.9/site-packages (from astropy==5.3) (1.25.2)
    _Kind(
        "requirements",
        re.compile(rf"{_REQUIREMENT} in ([./]\S{{1,400}})((?: \([^\r\n…]{{1,400}})?)"),
        re.compile(rf"(?![^\n]{{1,600}} in [./]){_REQUIREMENT}()((?: \([^\r\n…]{{1,400}})?)"),
        _most_common,
        joint=" in ",
    ),
)


def fold(document: Document) -> str | None:
    body = document.body
    if not any(map(body.__contains__, _HALLMARKS)) or _SIGN in body:
        return None
    if not prints_no_file(document.call):
        return None
    lines = body.split("\n")
    for kind in _KINDS:
        lines = _shortened(lines, kind)
    return "\n".join(lines)


def is_exact(document: Document, folded: str) -> bool:
    return _lengthened(folded.split("\n")) == document.body


def _shortened(lines: list[str], kind: _Kind) -> list[str]:
    rows = {at: row for at, line in enumerate(lines) if (row := kind.whole.fullmatch(line))}
    if len(rows) < _MIN_ROWS:
        return lines
    place = kind.place([row[2] for row in rows.values()])
    short = {at: text for at in rows if (text := kind.shortened(lines[at], place)) is not None}
    head = f"[{len(short)} {kind.rows}{_SIGN}{place}]"
    if len(short) * (len(place) + len(kind.joint)) < len(head) + _MIN_SAVED:
        return lines
    first = min(short)
    return [*lines[:first], head, *(short.get(at, lines[at]) for at in range(first, len(lines)))]


def _lengthened(lines: Sequence[str]) -> str | None:
    """The text that a folded one stands for; None where a head has not all of its rows."""
    found: list[str] = []
    open_heads: dict[_Kind, tuple[int, str]] = {}
    for line in lines:
        head = _HEAD.fullmatch(line)
        kind = next((kind for kind in _KINDS if head and kind.rows == head[2]), None)
        if head and kind:
            open_heads[kind] = int(head[1]), head[3]
            continue
        for kind, (left, place) in open_heads.items():
            whole = kind.lengthened(line, place) if left else None
            if whole is not None:
                open_heads[kind] = left - 1, place
                found.append(whole)
                break
        else:
            found.append(line)
    return "\n".join(found) if not any(left for left, _ in open_heads.values()) else None
