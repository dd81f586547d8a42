"""Write a tree by spaces, without the branches that are drawn around it: `npm ls`, `cargo tree`, `tree`, Gradle, Maven.

    shop@1.0.0 /srv/shop                shop@1.0.0 /srv/shop
    ├─┬ express@4.22.3                  [a tree: two spaces a level stand for "│ ├── "]
    │ ├── accepts@1.3.8                   express@4.22.3
    │ └── qs@6.16.2 deduped                 accepts@1.3.8
    └── uuid@3.4.0                          qs@6.16.2 deduped
                                          uuid@3.4.0

Only of commands that show no file, and where below the first branch no other line is indented. Byte-exact: whether a
branch is the last one follows from what stands below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from headroom_compression.calls.shown_files import prints_no_file
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.words_in_lines import stands_in

STAGE = Stage.KIND
MIN_LINES = 8

_SIGN = "two spaces a level stand for "
# Where the end was cut off, as by head, branches are open that nothing follows.
_HEAD = re.compile(rf'\[a tree(?:, cut off at level ([0-9, ]{{1,300}}))?: {_SIGN}"([^"\n]{{1,20}})"\]')
_LEVEL = "  "
_FRONT = "[INFO] "
# In fewer the line that explains them costs more than the branches.
_MIN_ROWS = 8
# Levels; npm's deepest was 14.
_DEEPEST = 100
# What cargo writes between branches without one of its own: those above and those below it are apart.
_GROUP = re.compile(r"\[[a-z]{1,20}-dependencies\]")


class _Form:
    """How a program draws: what stands in front of a branch, of the last one, and of what is below either.

    parents: what stands there instead where something is below them. front: what begins each line.
    """

    def __init__(
        self, marks: tuple[str, str], below: tuple[str, str], parents: tuple[str, ...] = (), front: str = ""
    ) -> None:
        self.marks, self.below, self.parents, self.front = marks, below, parents or marks, front
        self.drawing = below[0] + marks[0]

    @cached_property
    def _row(self) -> re.Pattern[str]:
        below, marks = ("|".join(map(re.escape, texts)) for texts in (self.below, {*self.marks, *self.parents}))
        return re.compile(
            rf"{re.escape(self.front)}((?:{below}){{0,{_DEEPEST}}})(?:({marks})(?=\S)|(?={_GROUP.pattern}$))"
        )

    def level(self, line: str) -> tuple[int, str]:
        """How many branches a line stands behind, and its text; 0 and the line where it stands behind none."""
        match = self._row.match(line)
        level = len(match[1]) // len(self.below[0]) + 1 if match and (match[1] or match[2]) else 0
        return (level, line[match.end() :]) if match and level else (0, line)

    def short(self, line: str) -> str | None:
        """The line by spaces; None where it would look like one that was written so."""
        level, text = self.level(line)
        if not level:
            is_alike = line.startswith(f"{self.front} ") or any(map(line.__contains__, self.marks))
            return None if is_alike else line
        return self.front + _LEVEL * level + text

    def open_levels(self, line: str) -> list[int]:
        """In which levels something else has to follow below a line."""
        match = self._row.match(line)
        if match is None:
            return []
        width = len(self.below[0])
        levels = [match[1][start : start + width] == self.below[0] for start in range(0, len(match[1]), width)]
        levels.append(match[2] in (self.marks[0], self.parents[0]))
        levels.append(match[2] in set(self.parents) - set(self.marks))
        return [level for level, is_open in enumerate(levels, 1) if is_open]

    def head(self, last: str) -> str:
        """The line above the tree; last: its last line."""
        levels = ", ".join(map(str, self.open_levels(last)))
        return f'[a tree{levels and ", cut off at level "}{levels}: {_SIGN}"{self.drawing}"]'

    def whole(self, lines: Sequence[str], open_levels: Sequence[int]) -> list[str]:
        """The lines as they were drawn, which is told from the last line up."""
        drawn: list[str] = []
        # By level, whether another branch stands below in the same one.
        followed = [level in open_levels for level in range(1, max(open_levels, default=0) + 1)]
        is_below = True
        for line in reversed(lines):
            rest = line.removeprefix(self.front) if line.startswith(f"{self.front} ") else line
            text = rest.lstrip(" ")
            level = (len(rest) - len(text)) // len(_LEVEL)
            if not level:
                goes_on = is_below or line.startswith(self.below[0].strip())
                followed = followed if goes_on else []
                drawn.append(line)
                continue
            marks = self.parents if len(followed) > level else self.marks
            is_below = False
            followed = [*followed[:level], *[False] * (level - len(followed))]
            above = "".join(self.below[not is_followed] for is_followed in followed[:-1])
            is_group = _GROUP.fullmatch(text) is not None
            drawn.append(self.front + above + ("" if is_group else marks[not followed[-1]]) + text)
            followed[-1] = not is_group
        return drawn[::-1]


_FORMS = (
    _Form(("├── ", "└── "), ("│ ", "  "), ("├─┬ ", "└─┬ ")),  # npm, pnpm
    _Form(("├── ", "└── "), ("│   ", "    ")),  # cargo, uv, eza
    _Form(("├── ", "└── "), ("│\xa0\xa0 ", "    ")),  # tree
    _Form(("|-- ", "`-- "), ("|   ", "    ")),  # tree, where the terminal has ASCII only
    _Form(("├─ ", "└─ "), ("│  ", "   ")),  # yarn
    _Form(("+--- ", "\\--- "), ("|    ", "     ")),  # Gradle
    _Form(("+- ", "\\- "), ("|  ", "   "), front=_FRONT),  # Maven
)


def fold(document: Document) -> str | None:
    if not prints_no_file(document.call):  # first: to look for all marks takes longer
        return None
    body = document.body
    forms = [form for form in _FORMS if any(stands_in(body, mark) for mark in form.marks)]
    if not forms or _SIGN in body or has_cut(body):
        return None
    lines = body.split("\n")
    found = (_folded(lines, form) for form in forms)
    return next((text for text in found if text and _unfolded(text) == body), None)


def is_exact(document: Document, folded: str) -> bool:
    return _unfolded(folded) == document.body


def blocks(folded: str) -> tuple[int, ...]:
    """The branches of the first level, with what is below them, and lines that are in none.

    Of several trees, whose roots stand among the branches, only the latter.
    """
    lines = folded.split("\n")
    start = next((row for row, line in enumerate(lines) if _HEAD.fullmatch(line)), len(lines)) + 1
    depths = [_depth(line) for line in lines[start:]]
    outermost = 0 if (0, len(_LEVEL)) in pairwise(depths) else len(_LEVEL)
    return tuple(row for row, depth in enumerate(depths, start) if depth is not None and depth <= outermost)


def _depth(line: str) -> int | None:
    """How many spaces stand in front of its text; None where it has none."""
    rest = line.removeprefix(_FRONT)
    text = rest.lstrip(" ")
    return len(rest) - len(text) if text else None


def _folded(lines: Sequence[str], form: _Form) -> str | None:
    """The text by spaces below its first branch; None where that is not certain or saves little."""
    rows = [row for row, line in enumerate(lines) if form.level(line)[0]]
    short = [form.short(line) for line in lines[rows[0] :]] if len(rows) >= _MIN_ROWS else [None]
    below = [line for line in short if line is not None]
    if len(below) < len(short):
        return None
    return "\n".join([*lines[: rows[0]], form.head(lines[rows[-1]]), *below])


def _unfolded(folded: str) -> str:
    """The text that a folded one stands for."""
    lines = folded.split("\n")
    start, head = next(((row, head) for row, line in enumerate(lines) if (head := _HEAD.fullmatch(line))), (0, None))
    form = next((form for form in _FORMS if head and form.drawing == head[2]), None)
    if head is None or form is None:
        return folded
    open_levels = [int(level) for level in (head[1] or "").replace(",", "").split()]
    return "\n".join([*lines[:start], *form.whole(lines[start + 1 :], open_levels)])
