"""Which line of a file an output begins with, and what speaks against it: something may stand before the file."""

from __future__ import annotations

import re

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import is_footer
from headroom_compression.references.anchors import says_where
from headroom_compression.references.rows import Rows
from headroom_compression.references.shown_texts import NOT_SHOWN
from headroom_compression.references.shown_texts import ShownTexts

# Codex's, Claude Code's, mini-swe-agent's and the API's: what they put in front of an output is known.
_BARE_SHELLS = frozenset({"bash", "container.exec", "exec", "exec_command", "local_shell", "shell", "shell_command"})
# What a shell or a program says before the file: "bash: warning: setlocale: ...", "WARNING: ...". A file may begin so
# too; then its lines are counted as those of the output.
_SAID_BEFORE = re.compile(
    r"\S{0,80}?(?:\b(?:ba|c|da|fi|k|tc|z)?sh(?:\[[0-9]+\])?|\.[a-z]*(?:rc|profile)|/profile): "
    r"|(?:\S{1,80}: )?\W{0,3}(?:warning|warn|error|notice|cannot|can't)\b",
    re.IGNORECASE,
)
# What a client that nobody knows may put before it: "STDOUT:", "--- stdout ---", "[exit code: 0]", "Took 12 ms",
# "<output>", "```python", "-----", "0", "$ cat a.py", "dev@host:~$ cat a.py".
_OF_A_CLIENT = re.compile(
    r"\W{0,6}(?:chunk id|cmd|command|cwd|done|duration|elapsed|execution time|(?:exit|return)[ _]?(?:code|status)?|file"
    r"|(?:total[ _])?lines|ok|output|path|response|result|status|std(?:err|out)|success|took|wall time)"
    r"(?:\W{0,8}$|\W{0,3}(?:[:=>\])]|[0-9]))"
    r"|\W{0,6}(?:command|execution|here|process|the|tool)\b[^\n]{0,60}\b(?:completed|executed|exited|finished|output|ran|"
    r"succeeded)\b|\W{0,6}(?:read|showing)\b[^\n]{0,20}\blines\b"
    r"|```|~~~|[-=*_#]{3,200}$|-?[0-9]{1,3}$|\[[0-9]{1,3}\] [0-9]|[$+] \S|\S{1,80}@\S{1,80}[$#] ",
    re.IGNORECASE,
)


def opening_of(shown: ShownTexts, rows: Rows) -> int:
    """The id of the first row of an output; NOT_SHOWN where it says nothing or has a number."""
    line = rows.contents[0]  # that of a marker is empty
    is_numbered = rows.is_numbered and rows[0].run is not None
    return NOT_SHOWN if is_numbered or not says_where(line) else shown.row_id(line)


def first_line_of(call: ToolCall | None, rows: Rows) -> int | None:
    """The number of the file's line that the rows begin with; None where something else may stand before the file.

    call: the one whose whole output they are.
    """
    first_line = claimed_first_line(call)
    if first_line is None or call is None or _may_stand_before(rows.contents[0], call, first_line):
        return None
    footer = _footer_height(rows)
    has_more = call.max_lines is not None and rows.height - footer > call.max_lines
    return None if has_more else first_line


def _may_stand_before(line: str, call: ToolCall, first_line: int) -> bool:
    """Whether the first line may be none of the file: a client may name that in it. Seldom does a file begin empty."""
    if not line.strip() and first_line == 1:
        return True
    name = (call.path or "").rpartition("/")[2]
    is_named = bool(name) and name in line
    return is_named or _SAID_BEFORE.match(line) is not None or _OF_A_CLIENT.match(line) is not None


def claimed_first_line(call: ToolCall | None) -> int | None:
    """The number of the file's line that the output begins with, as its call says."""
    first_line = call.first_line if call else None
    return first_line if call and first_line is not None and call.tool.lower() in _BARE_SHELLS else None


def _footer_height(rows: Rows) -> int:
    """How many rows at the end are none of the tool's lines."""
    is_ended = rows[-1].content == "" and rows[-1].marker is None
    last = len(rows) - 1 - is_ended
    return int(is_ended) + int(last >= 0 and is_footer(rows[last].content))


def is_same_subject(one: str, other: str) -> bool:
    """Whether two paths or commands are the same, a relative path being the end of an absolute one."""
    one, other = one.removeprefix("./"), other.removeprefix("./")
    if not one or not other:
        return False
    return one == other or one.endswith("/" + other) or other.endswith("/" + one)
