"""Show what a terminal would show: no colours, titles and cursor movements, and of redrawn lines the last state.

    \\x1b[32mok\\x1b[0m                                          ok
    Rebasing (1/3)\\rRebasing (2/3)\\rSuccessfully rebased.     Successfully rebased.
    \\x1b]8;;https://a.example\\x1b\\\\text\\x1b]8;;\\x1b\\\\             text (https://a.example)

Screen-exact: the same characters stand in the same places. Text that was drawn over stays too, unless it was erased
or shows progress. File reads, diffs, listings in colour, sequences that are not wholly understood, and texts in which a
failure was erased and is told nowhere else stay as they are.
"""

from __future__ import annotations

import re

from headroom_compression.calls.programs import is_run
from headroom_compression.calls.programs import is_script_run
from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.shell_words import MAX_COMMAND
from headroom_compression.calls.shown_files import shows_file
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import GREPS
from headroom_compression.calls.vocabulary import LINE_FILTERS
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.terminal.drawn_over import hides_failure
from headroom_compression.formats.terminal.redraw import NotUnderstoodError
from headroom_compression.formats.terminal.redraw import Redraw
from headroom_compression.formats.terminal.screen import visible_rows

STAGE = Stage.TERMINAL
MIN_LINES = 1

# Tools that show what a running command goes on printing: Codex, Claude Code.
_TERMINAL_TOOLS = frozenset({"write_stdin", "BashOutput"})
# "cat a.log"   "cd a && tail -50 a.log"   "git show HEAD:a"   "jq . a.json": they show data as it is stored
# "for f in *; do cat $f; done"   "ls | xargs cat"   "docker exec web cat a.log"
_SHOWS_DATA = re.compile(
    r"(?:(?:^|[;&({\n`]|\|\|)[ \t]{0,8}(?:sudo )?"
    r"|\b(?:command|do|else|env|exec|execdir|nice|nohup|ssh|then|time|xargs)\b[^;&|\n]{0,80}[ \t])(?:/[^\s;&|]{0,80}/)?"
    r"(?:(?:cat|bat|batcat|sed|awk|head|tail|less|more|nl|tac|strings|grep|egrep|rg|ag|cut|jq|diff|xxd|od|hexdump)\b"
    r"|git [^;&|\n]{0,80}\b(?:diff|show|cat-file|grep|blame|range-diff)\b)"
)
# "ls --color"   "git log -p | delta": what stands in colour there, changed words and kinds of files, is not all said in
# characters.
_COLOUR_IS_DATA = re.compile(
    r"--color-(?:words|moved)|--word-diff"
    r"|(?:^|[;&(\n`|/])[ \t]{0,8}(?:sudo )?(?:[A-Z_]{1,20}=[^ ]{0,40} )?"
    r"(?:ls|dir|vdir|tree|eza|exa|lsd|fd|fdfind|delta|difft|icdiff|colordiff|wdiff)(?![A-Za-z0-9_.-])"
)
# "FORCE_COLOR=1 node cli.js"   "./report.py --color=always": what a program of the project is told to colour is looked
# at for its colours. Runners of tests and builds are told so for people.
_FORCES_COLOUR = re.compile(
    r"--colou?rs?[= ](?:always|ansi|force|on|true|yes)\b|\b(?:FORCE_COLOR|CLICOLOR_FORCE|PY_COLORS)=[1-3]"
)
_PASSING_ON = LINE_FILTERS | GREPS | {"cat", "cd"}
# The colour of folders, by GNU ls and what follows its LS_COLORS.
_LISTING_COLOUR = "\x1b[01;34m"
_BELL = "\a"
# 0.5 s of work. A progress bar that is drawn again ten times a second takes more than an hour for so many.
_MAX_MOVEMENTS = 50_000
_DIFF_LINES = ("@@ -", "diff --git ")
# Colours, settings and titles: "\x1b[1;31m"   "\x1b[?25l"   "\x1b(B"   "\x1b]0;title\x07"
# Questions to the terminal, "\x1b[6n" or "\x1b]11;?\x1b\\", are not among them: they may be what a program hangs on.
_INVISIBLE = re.compile(
    r"\x1b\[[0-9;:]{0,60}m|\x1b\[\?(?:1|12|25|1004|2004|2026)[hl]|\x1b\(B|\x1b[=>]"
    r"|\x1b\](?:[0127]|9;4|133);[^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)"
)
# A link as OSC 8 writes it: "\x1b]8;id=1;https://a.example\x1b\\text\x1b]8;;\x1b\\"
_LINK = re.compile(
    r"\x1b\]8;[^;\x07\x1b\n]{0,200};([^\x07\x1b\n]{1,2000})(?:\x07|\x1b\\)"
    r"([^\x00-\x1f\x7f-\x9f]{0,2000})"
    r"\x1b\]8;[^;\x07\x1b\n]{0,200};(?:\x07|\x1b\\)"
)
# Form feeds, NUL and other characters that no terminal shows, and sequences other than those drawn with.
_NOT_UNDERSTOOD = re.compile(r"[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]|\x1b(?!\[[0-9]{0,4}[A-GJK])")


def fold(document: Document) -> str | None:
    body = document.body
    if not _is_for_a_screen(body) or not _is_from_a_terminal(document.call, body):
        return None
    readable = _LINK.sub(_link_text, _INVISIBLE.sub("", body)).replace(_BELL, "")
    if _NOT_UNDERSTOOD.search(readable) or _movements(readable) > _MAX_MOVEMENTS:
        return None
    redraw = Redraw()
    try:
        for line in readable.split("\n"):
            redraw.add_whole(line) if has_cut(line) else redraw.add(line)
    except NotUnderstoodError:
        return None
    shown = "\n".join(redraw.lines())
    return None if hides_failure(redraw.erased, shown) else shown


def is_exact(document: Document, folded: str) -> bool:
    rows = visible_rows(document.body)
    return rows is not None and rows == visible_rows(folded)


def _is_for_a_screen(text: str) -> bool:
    return "\x1b" in text or "\b" in text or ("\r" in text and text.count("\r") > text.count("\r\n"))


def _is_from_a_terminal(call: ToolCall | None, text: str) -> bool:
    """Whether the sequences are for a screen to show, and not what the model wants to see."""
    if any(mark in text for mark in _DIFF_LINES) or _LISTING_COLOUR in text:
        return False
    if call is None or call.tool in _TERMINAL_TOOLS:
        return True
    if call.command is None or call.path is not None or len(call.command) > MAX_COMMAND:
        return False
    if _SHOWS_DATA.search(call.command) or shows_file(call):
        return False
    return "\x1b" not in text or not (_COLOUR_IS_DATA.search(call.command) or _asks_for_colours(call))


def _asks_for_colours(call: ToolCall) -> bool:
    if not _FORCES_COLOUR.search(call.command or ""):
        return False
    programs = [words for words in programs_run(call) if words[0] not in _PASSING_ON]
    return not programs or not all(is_run(words) and not is_script_run(words) for words in programs)


def _movements(text: str) -> int:
    """How often the cursor does not simply go on."""
    return text.count("\r") - text.count("\r\n") + text.count("\b") + text.count("\x1b")


def _link_text(link: re.Match[str]) -> str:
    target, shown = link.groups()
    return shown if target == shown else f"{shown} ({target})"
