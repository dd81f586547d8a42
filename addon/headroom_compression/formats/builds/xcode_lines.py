"""Lines in which xcodebuild and Swift's package manager tell of their steps, each with the commands below it.

    SwiftCompile normal arm64 Compiling\\ Cart.swift /srv/shop/Cart.swift (in target 'Shop' from project 'Shop')
        cd /srv/shop
        builtin-swiftTaskExecution -- /Applications/Xcode.app/…/swift-frontend -frontend -c …

Not here: what a step prints below that, errors and warnings, notes, the sum.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_compression.formats.line_kinds import Forms
from headroom_compression.formats.line_kinds import FormWithWord

XCODE = "steps of Xcode and Swift, and their commands"

_COMMANDS = (
    r"cd /[^\n:;&|]{1,500}",
    r"export [A-Z_]{1,60}\\=[^\n]{0,4000}",
    r"builtin-[A-Za-z]{2,60}(?: [^\n]{0,100000})?",
    r"/Applications/Xcode[\w.-]{0,60}\.app/[^\s:]{1,500}(?: [^\n]{0,100000})?",
)
_STEP = r"[A-Z][A-Za-z]{1,40} [^\n]{1,8000} \(in target '[^'\n]{1,200}' from project '[^'\n]{1,200}'\)"
# [23/59] Compiling Shop Cart.swift   [16/59] Emitting module Shop   [1/3] Compiling Swift Module 'Shop' (12 sources)
_SWIFT = (
    r"\[[0-9]{1,6}/[0-9]{1,6}\] (?:Planning build|Compiling (?:[\w.+-]{1,200} )?[\w./+-]{1,300}"
    r"|Compiling Swift Module '[^'\n]{1,200}' \([0-9]{1,6} sources?\)|Wrapping AST for \S{1,200} for debugging"
    r"|(?:Applying|Copying|Emitting module|Linking|Merging module|Processing|Writ(?:e|e auxiliary file|ing)) \S{1,300})"
)
XCODE_LINES: Forms = {XCODE: (FormWithWord(" (in target '", _STEP), *_COMMANDS, _SWIFT)}
_INDENTED = re.compile(r" {4}\S")


def is_command(line: str, kind: str | None) -> bool:
    """Whether it stands below a step, which names its file: a command may name all files of a module."""
    return kind == XCODE and _INDENTED.match(line) is not None


def kinds_by_step(kinds: Sequence[str | None], lines: Sequence[str]) -> list[str | None]:
    """The kinds of all lines: an empty one between two of Xcode's is of that kind as well; a step that printed
    something is not, nor is one that is listed, with an indent, among those that failed."""
    if XCODE not in kinds:
        return list(kinds)
    around = zip([None, *kinds[:-1]], kinds, [*kinds[1:], None], lines, strict=True)
    found = [XCODE if not line and above == below == XCODE else kind for above, kind, below, line in around]
    step = None
    for row, line in enumerate(lines):
        if kinds[row] == XCODE and not _stands_in_its_place(line):
            found[row] = None
        elif kinds[row] == XCODE and not is_command(line, XCODE):
            step = row
        elif kinds[row] != XCODE:
            if line and step is not None:
                found[step] = None
            step = None
    return found


def _stands_in_its_place(line: str) -> bool:
    """Whether it is a command with an indent, or a step, which begins with a capital or a bracket, without one."""
    begin = line.lstrip()[:1]
    return line[:1].isspace() != (begin == "[" or begin.isupper())
