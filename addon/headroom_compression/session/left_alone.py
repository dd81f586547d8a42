"""Which outputs are left as they are, whatever they hold."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from headroom_compression.calls.callers import is_of_program
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.session.known_items import KnownItem


def is_excluded(call: ToolCall | None, patterns: Sequence[str]) -> bool:
    """Whether a pattern names the tool or its command; where there are patterns, an unknown call may be meant too."""
    if not patterns or call is None:
        return bool(patterns)
    names = (call.tool, call.command or "")
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def is_for_program(call: ToolCall | None, output: KnownItem | None) -> bool:
    """Whether a program reads it, and no model. The output may say so, or only its call."""
    return (call is not None and call.is_of_program) or (output is not None and is_of_program(output.members))
