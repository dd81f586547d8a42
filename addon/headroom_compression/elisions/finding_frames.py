"""What linters print of the source below each finding: its lines, the marks under them, the diffs of fixes.

Ruff, ty, pyrefly, oxlint, Biome, Bandit, golangci-lint, RuboCop, cppcheck, flake8 with `--show-source`, mypy and tsc
with `--pretty`, and of warnings rustc, clippy, GCC, clang and clang-tidy. All of it stands in the files, and a linter
that is told to makes the fixes; of Bandit also links that an earlier finding of the rule has. Never left out: codes,
messages, places, labels in words under a line, help and notes, the summary, the first finding as a whole, any line of
an error of a compiler, what rustc, clippy, GCC and clang would write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import pairwise
from itertools import starmap

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.launchers import SCRIPT
from headroom_compression.calls.launchers import is_launcher
from headroom_compression.calls.launchers import may_run
from headroom_compression.calls.programs import is_run
from headroom_compression.calls.programs import names_no_file
from headroom_compression.calls.shown_files import is_like_a_file
from headroom_compression.calls.shown_files import is_source_code
from headroom_compression.calls.shown_files import may_print_file
from headroom_compression.calls.shown_files import reports
from headroom_compression.calls.started import commands_without_own_files
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.wrappers import own_words
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.bandit_findings import PLACE
from headroom_compression.formats.bandit_findings import spare_rows
from headroom_compression.formats.builds.compile_lines import COMPILE_LINES
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import inner_rows
from headroom_compression.formats.gaps import next_lines
from headroom_compression.formats.line_kinds import LineKinds

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_PROGRAMS = frozenset({
    "bandit", "biome", "c++", "cargo", "cc", "clang", "clang++", "clang-tidy", "cppcheck", "dmypy", "flake8", "g++",
    "gcc", "golangci-lint", "mypy", "oxlint", "pycodestyle", "pyrefly", "rubocop", "ruff", "run-clang-tidy", "rustc",
    "standardrb", "tsc", "ty", "vue-tsc",
})  # fmt: skip
_RUNS_THE_PROJECT = ("cargo", "run")
#  --> app/carts.py:6:14      --> app/a.ipynb:cell 2:1:8       of ruff and ty
_PYTHON = re.compile(r" {0,12}--> [^\n]{1,500}\.(?:pyi?|ipynb)(?::cell [0-9]{1,7})?:[0-9]{1,7}:[0-9]{1,7}")
#   ! eslint(no-unused-vars): Variable 'unused1' is declared but never used.
#     ,-[src/ledger.js:11:7]
_OXLINT_RULE = re.compile(r"  [!x×⚠] [\w-]{1,80}\([\w/-]{1,100}\): [^\n]{1,2000}")  # noqa: RUF001  as oxlint writes it
_OXLINT = re.compile(r" {1,12}(?:,-|╭─)\[[^\n]{1,500}:[0-9]{1,7}:[0-9]{1,7}\]")
# src/carts.js:5:7 lint/correctness/noUnusedVariables  FIXABLE  ━━━━━━━━━━━━━━━
_BIOME = re.compile(r"[^\s:][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7} [a-z]{1,20}/[\w/]{1,100} [^\n━]{0,40}━{3,200}")
# warning: unused variable: `unused`
#   --> src/main.rs:9:9
_RUST = re.compile(r" {0,12}--> [^\n]{1,500}\.rs:[0-9]{1,7}:[0-9]{1,7}")
_WARNING, _ERROR = "warning", "error"
# help: remove `return`          = help: for further information visit https://…
_ADVICE = re.compile(r"[ =]{0,20}(?:help|suggestion)\b")
# src/cart.c:13:11: warning: comparison of integer expressions … [-Wsign-compare]      …:5:9: note: declared here
# but not <scratch space>:12:1, the lines of which stand in no file
_C = re.compile(r"[^\s:<][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7}: warning: [^\n]{1,4000}")
_C_NOTE = re.compile(r"[^\s:<][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7}: note: [^\n]{1,4000}")
_C_ERROR = re.compile(r"[^\s:][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7}: (?:fatal )?error: [^\n]{1,4000}")
_BESIDE_BAR = re.compile(r" {0,12}[0-9]{0,7} {1,12}\|[^\n]*")
# src/cart.ts:4:9 - error TS2322: Type 'number' is not assignable to type 'string'.
_TSC = re.compile(r"[^\s:][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7} - (?:error|warning) TS[0-9]{1,6}: [^\n]{1,4000}")
# src/cart.c:7:10: error: Buffer is accessed out of bounds: leak [bufferAccessOutOfBounds]
_CPPCHECK = re.compile(
    r"[^\s:][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7}: (?:error|warning|style|performance|portability|information): "
    r"[^\n]{1,4000} \[[a-z][A-Za-z_]{2,80}\]"
)
# app/cart.py:2:1: F401 'os' imported but unused
_FLAKE8 = re.compile(r"[^\s:][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7}: [A-Z]{1,4}[0-9]{2,5} [^\n]{1,4000}")
# cart.go:12:5: ineffectual assignment to err (ineffassign)
_GO = re.compile(r"[^\s:][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7}: [^\n]{1,4000} \([a-z][\w-]{0,60}\)")
# app/cart.py:7: error: Name "total" is not defined  [name-defined]     The code may stand some lines below.
_MYPY = re.compile(r"[^\s:][^\n:]{0,500}\.(?:pyi?|ipynb):[0-9]{1,7}:(?:[0-9]{1,7}:)? error: [^\n]{1,4000}")
_MYPY_CODE = re.compile(r"(?:[^\n]{0,4000} )?\[[a-z]{2,40}(?:-[a-z]{1,40}){0,6}\]")
_MYPY_INDENT = " " * 4
# app/cart.rb:3:5: W: [Correctable] Lint/UselessAssignment: Useless assignment to variable - `total`.
_RUBOCOP = re.compile(r"[^\s:][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7}: [CEFIRW]: [^\n]{1,4000}")
_SOURCE_IS_NEXT = (_C, _CPPCHECK, _FLAKE8, _GO, _RUBOCOP)
# Lines over which mypy breaks a message, at most.
_MAX_MESSAGE = 8
# One of them is in each line of the first forms, and below each of the others: to look for it takes no time.
_PLACE_MARKS = ("--> ", ",-[", "╭─[", "━━━", "^\n", "~\n", PLACE)
# 12   const unused: string = a;         of tsc; the others have no number, and mypy four spaces before it
_NUMBERED_SOURCE = re.compile(r" {0,6}[0-9]{1,7}(?: [^\n]*)?")
_POINTERS = re.compile(r"[ \t]{1,2000}(?:\^~{0,2000}|~{1,2000})[ \t]{0,80}|[\^~]~{0,2000}|[ \t]{0,2000}\^{2,2000}")
# Of clang, which marks more than one place of a line:    ~~~~ ^ ~~~~
_MARKS_OF_CLANG = re.compile(r"[ \t~]{0,2000}\^[ \t~]{0,2000}")
#  6 |     x: str = a       11 |   var unused1 = a;      > 137 │   var unused22 = a;       135 135 │   return a
_SOURCE = r" {0,12}(?:> )? {0,9}[0-9]{1,7}(?: {1,12}[0-9]{1,7})? {1,12}[|│](?: [^\n]*)?"
# 1 + import json            137     │ - ··var·unused22·=·a;              137 │ + ··var·_unused22·=·a;
_CHANGED = r" {0,12}[0-9]{1,7} {1,6}[+-] ?[^\n]*| {0,24}[0-9]{1,7} {1,12}│ [+-] [^\n]*"
#   |        ^^              :       ^^^|^^^             │       ^^^^^^^^        `----       ...
_MARKS = r" {1,24}[|│:·](?:[ |/_^~'-]|[┬─╰╭│])*| {1,24}(?:`-{2,9}|╰─{2,9})| {0,12}\.\.\."
_FRAME = re.compile(f"{_SOURCE}|{_CHANGED}|{_MARKS}")
# A line that a fix takes away has no number:   - import json
_REMOVED = re.compile(r" {2,12}- ?[^\n]*")
# Biome writes two spaces into empty lines, and has them between all parts of a finding.
_BLANK = re.compile(r" {1,4}")
_STEPS = LineKinds(COMPILE_LINES)
# Without a frame in so many lines another program is at work.
_FAR = 16


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    has_place = any(mark in document.body for mark in _PLACE_MARKS)
    if document.call is None or not has_place or not _runs_linters(document.call):
        return
    asked = asked_words(document.call)
    for rows in _together(sorted({*_frame_rows(lines), *_pointed_rows(lines), *_rows_of_bandit(lines)}), lines):
        start, stop = rows[0], rows[-1] + 1
        left_out = {row for row in rows if not any(word in lines[row].lower() for word in asked)}
        kept = tuple(lines[row] for row in range(start, stop) if row not in left_out)
        others = f", and others that stay in the {next_lines(kept)}" if kept else ""
        yield Gap(start, stop, f"source lines below findings{others}", is_judged=True, instead=kept)


def _runs_linters(call: ToolCall) -> bool:
    """Not beside a program that may print a file, which may hold findings of yesterday."""
    return may_run(call, _PROGRAMS) and all(map(_shows_no_file, commands_without_own_files(call.command or "")))


def _shows_no_file(words: Sequence[str]) -> bool:
    """Whether the program is a linter or known to run or report, or no word behind it names a file."""
    own = own_words(words)
    if may_print_file(words):
        return False
    starts = own if own and is_launcher(own[0]) else own[:1]
    names = [word.rpartition("/")[2] for word in starts]
    place = next((at for at, word in enumerate(starts) if names[at] in _PROGRAMS or SCRIPT.fullmatch(word)), None)
    if place is not None and (names[place], *own[place + 1 : place + 2]) != _RUNS_THE_PROJECT:
        return names[place] in _PROGRAMS or names_no_file(own[place + 1 :])
    # What stands in a word of a launcher, "cd api && ruff check", is a command of its own.
    if reports(words):
        return True
    named = [pair for pair in pairwise(own) if " " not in pair[1] and is_like_a_file(pair[1])]
    return not any(starmap(_may_be_shown, named)) if is_run(own) else not named


def _may_be_shown(before: str, word: str) -> bool:
    """Whether a script of the project may show that file, of yesterday's findings: npm run findings -- build/ruff.txt

    Not what an option is given, nor source code, which a linter is told to look at: npm run lint -- src/carts.ts
    """
    is_of_option = word.startswith("-") or (before.startswith("-") and before != "--")
    return not is_of_option and not is_source_code(word)


def _frame_rows(lines: Sequence[str]) -> list[int]:
    """Those of all findings but the first, in the order of the text."""
    inner = inner_rows(lines)
    found: list[int] = []
    places, form, is_frame, is_advice = 0, None, False, False
    for row, line in enumerate(lines):
        begun = _form(row, lines)
        if begun:
            places, form, is_frame, is_advice = places + 1, begun, False, False
        elif form and _goes_on(form, line):
            is_advice = is_advice or (form is _RUST and _ADVICE.match(line) is not None)
            is_frame = not is_advice and _is_frame(line, form, follows_frame=is_frame)
        else:
            form, is_frame = None, False
        if places > 1 and row in inner and form and (is_frame or (not is_advice and _BLANK.fullmatch(line))):
            found.append(row)
    return found


def _rows_of_bandit(lines: Sequence[str]) -> Iterator[int]:
    inner = inner_rows(lines)
    return (row for row in spare_rows(lines) if row in inner)


def _form(row: int, lines: Sequence[str]) -> re.Pattern[str] | None:
    """How the finding is written of which the line tells the place; None for other lines."""
    line, above = lines[row], lines[row - 1] if row else ""
    if _OXLINT.fullmatch(line):
        return _OXLINT if _OXLINT_RULE.fullmatch(above) else None
    if _RUST.fullmatch(line):
        return _RUST if above.startswith(_WARNING) else None
    return next((form for form in (_PYTHON, _BIOME, _C) if form.fullmatch(line)), None)


def _goes_on(form: re.Pattern[str], line: str) -> bool:
    """Whether the line still is of the finding."""
    if form is _C:
        return _BESIDE_BAR.fullmatch(line) is not None or _C_NOTE.fullmatch(line) is not None
    if form is _RUST and line.startswith(_ERROR):
        return False
    return line[:1] in ("", " ") if form is _BIOME else bool(line)


def _is_frame(line: str, form: re.Pattern[str], *, follows_frame: bool) -> bool:
    is_removed = follows_frame and form not in {_BIOME, _C} and _REMOVED.fullmatch(line)
    return bool(is_removed or _FRAME.fullmatch(line))


def _pointed_rows(lines: Sequence[str]) -> Iterator[int]:
    """Lines of nothing but marks, the source above each, and an empty line above that; none of the first finding.

    Of tsc in the rows below a finding that it numbers, indents or leaves empty; of the others where the source is due.
    """
    inner = inner_rows(lines)
    places, is_of_tsc, is_of_error, source = 0, False, False, -1
    for row, line in enumerate(lines):
        if _TSC.fullmatch(line):
            places, is_of_tsc, source = places + 1, True, -1
        elif (due := _source_below(row, lines)) is not None:
            places, is_of_tsc, is_of_error, source = places + 1, False, False, due
        elif _C_ERROR.fullmatch(line):
            places, is_of_tsc, is_of_error = places + 1, False, True
        elif _C_NOTE.fullmatch(line):
            source = -1 if is_of_error else row + 1
        elif _POINTERS.fullmatch(line) or (row - 1 == source and _MARKS_OF_CLANG.fullmatch(line)):
            above = lines[row - 1] if row else ""
            is_numbered = is_of_tsc and "^" not in line and _NUMBERED_SOURCE.fullmatch(above)
            if places > 1 and row in inner and (is_numbered or (row - 1 == source and "^" in line and above.strip())):
                yield from (row - 1, row)
                if is_numbered and not lines[row - 2]:
                    yield row - 2
        elif line and not line.startswith(" ") and not _NUMBERED_SOURCE.fullmatch(line):
            is_of_tsc = False


def _source_below(row: int, lines: Sequence[str]) -> int | None:
    """The row of the source line of a finding of golangci-lint, RuboCop, flake8 or mypy, or a warning of clang, that
    begins here; None of other rows.

    Mypy writes it, with four spaces before it, below its code, which ends the message.
    """
    line = lines[row]
    if any(form.fullmatch(line) for form in _SOURCE_IS_NEXT):
        return row + 1
    if not _MYPY.fullmatch(line):
        return None
    ends = (at for at in range(row, min(row + _MAX_MESSAGE, len(lines))) if _MYPY_CODE.fullmatch(lines[at]))
    source = next(ends, -1) + 1
    return source if 0 < source < len(lines) and lines[source].startswith(_MYPY_INDENT) else None


def _together(rows: Sequence[int], lines: Sequence[str]) -> Iterator[Sequence[int]]:
    """Runs of rows between which nothing else takes many lines; no step of a build, which another elision may know."""
    start = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or not _are_near(rows[place - 1], rows[place], lines):
            yield rows[start:place]
            start = place


def _are_near(row: int, following: int, lines: Sequence[str]) -> bool:
    return following - row <= _FAR and not any(_STEPS.kind_of(lines[at].strip()) for at in range(row + 1, following))
