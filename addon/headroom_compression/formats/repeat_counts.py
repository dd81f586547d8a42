"""The line that stands for equal lines above it, in the words of Python's tracebacks: written here, read here.

[previous line repeated 11 more times]
[previous 3 lines repeated 1 more time]
"""

from __future__ import annotations

import re

from headroom_compression.record import record

SIGN = "[previous "
_COUNT = re.compile(r"\[previous (?:line|([2-8]) lines) repeated (?:1 more time|([2-9]|[1-9][0-9]{1,8}) more times)\]")


@record
class RepeatCount:
    """The `height` lines above it stand there `more` times more."""

    height: int
    more: int

    @property
    def covered(self) -> int:
        return self.height * self.more

    def line(self) -> str:
        block = "line" if self.height == 1 else f"{self.height} lines"
        times = "time" if self.more == 1 else "times"
        return f"[previous {block} repeated {self.more} more {times}]"


def read_repeat_count(line: str) -> RepeatCount | None:
    """The count that a line is, if it is one."""
    match = _COUNT.fullmatch(line) if line.startswith(SIGN) else None
    return RepeatCount(int(match[1] or 1), int(match[2] or 1)) if match else None
