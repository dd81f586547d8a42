"""Hunks of lock files and of generated files in a diff.

What stays: the lines in front of the hunks (`diff --git`, `index`, `---`, `+++`), every `@@` line, and of lock files
the names and versions that change, and which packages are deprecated or run a script at their installation. Hunks of
all other files are not touched. Only where each hunk has as many lines as its `@@` line says, and not where the command
names the file or asks for a word, where no name or version of a lock file changes (the format may not be known), where
a sum or an address changes and its version does not, or where marks of a conflict were left over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import next_lines

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_LOCK_FILES = frozenset({
    "Cargo.lock", "Gemfile.lock", "Pipfile.lock", "Podfile.lock", "bun.lock", "composer.lock", "deno.lock",
    "flake.lock", "go.sum", "go.work.sum", "gradle.lockfile", "mix.lock", "npm-shrinkwrap.json", "package-lock.json",
    "packages.lock.json", "pdm.lock", "pnpm-lock.yaml", "poetry.lock", "pubspec.lock", "uv.lock", "yarn.lock",
})  # fmt: skip
_GENERATED_FILE = re.compile(
    r"[^\n]{1,400}(?:\.min\.(?:m?js|cjs|css)|\.(?:m?js|cjs|css)\.map|\.pb\.(?:go|cc|h)|_pb2(?:_grpc)?\.pyi?|_pb\.(?:js|d\.ts)"
    r"|\.g\.dart|\.Designer\.cs)"
)
# diff --git a/web/package-lock.json b/web/package-lock.json
_FILE = re.compile(r"diff --git a/[^\n]{1,500} b/(?P<path>[^\n]{1,500})")
# @@ -4421,9 +4421,9 @@ "node_modules/zod": {
_HUNK = re.compile(
    r"@@ -[0-9]{1,9}(?:,(?P<old>[0-9]{1,9}))? \+[0-9]{1,9}(?:,(?P<new>[0-9]{1,9}))? @@(?: [^\n]{0,400})?"
)
_COUNTED = {" ": (1, 1), "-": (1, 0), "+": (0, 1), "\\": (0, 0), "": (1, 1)}
#      "node_modules/zod": {     name = "serde"     "name": "monolog/monolog",     zod@^3.22.0:
_NAME = re.compile(
    r"[ +-](?: {0,8}\"node_modules/[^\"\n]{1,200}\": \{| {0,12}\"?name\"? ?[:=] \"[^\"\n]{1,200}\",?"
    r"|\"?@?[\w./-]{1,200}@[^:\n]{1,300}:)"
)
#   fastify:   of pnpm, but also of `dependencies:`
_KEY = re.compile(r"[ +-] {2,8}'?@?[\w./-]{1,200}'?:")
# -      "version": "3.22.4",   +version = "1.0.1"   +  version "3.22.4"   +  zod@3.22.4:   -    rails (7.1.2)
_VERSION = re.compile(
    r"[+-](?: {0,12}\"?version\"? ?[:=]? ?\"?v?[0-9][^\n]{0,100}| {2}'?/?@?[\w./-]{1,200}@[0-9][^:\n]{0,200}:"
    r"| {4}[\w.-]{1,100} \([0-9][^)\n]{0,100}\))"
)
# +      "deprecated": "use zod 4",   +      "hasInstallScript": true,   +    requiresBuild: true
_WARNING = re.compile(r"[+-] {0,12}\"?(?:abandoned|deprecated|hasInstallScript|requiresBuild)\"?: [^\n]{0,400}")
# -      "integrity": "sha512-iX...",   -checksum = "9c3d"   +    {file = "idna-3.10.tar.gz", hash = "sha256:12f6"},
# where a package comes from counts as much; "content-hash" is that of the manifest
_SUM = re.compile(r"[+-][^\n]*(?:integrity|checksum|resolved|reference|sha(?:1|256|384|512)|(?<!content-)hash|h1:)")
_CONFLICT = ("+<<<<<<<", "+=======", "+>>>>>>>")
_MAX_ROWS = 150


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    call = document.call
    if call is None or not any(map(_prints_diff, programs_run(call))) or asked_words(call):
        return
    heads = [row for row, line in enumerate(lines) if line.startswith("diff --git ")]
    for head in heads:
        match = _FILE.fullmatch(lines[head])
        kind = _kind(match["path"], call) if match else None
        hunks = _hunks(lines, head + 1) if kind else []
        if kind and hunks and not _is_odd([lines[first + 1 : last] for first, last in hunks], kind):
            yield _gap(lines, hunks, kind)


def _prints_diff(words: Sequence[str]) -> bool:
    """Also `git --no-pager log -p`; not where -S or -G asks for changes of a word."""
    plain = [word for word in words[1:] if not word.startswith("-")]
    if words[0] == "gh":
        return plain[:2] == ["pr", "diff"]
    is_diff = words[0] == "git" and plain[:1] in (["diff"], ["show"], ["log"], ["stash"])
    return is_diff and not any(word.startswith(("-S", "-G")) for word in words)


def _kind(path: str, call: ToolCall) -> str | None:
    name = path.rpartition("/")[2]
    if name in (call.command or ""):
        return None
    if name in _LOCK_FILES:
        return "lock"
    return "generated" if _GENERATED_FILE.fullmatch(path) else None


def _hunks(lines: Sequence[str], start: int) -> list[tuple[int, int]]:
    """The rows from each @@ line up to the next one of a file; none when a hunk is not whole."""
    row = start
    while row < len(lines) and not lines[row].startswith(("@@", "diff ")):
        row += 1
    found: list[tuple[int, int]] = []
    while row < len(lines) and (match := _HUNK.fullmatch(lines[row])):
        stop = _end_of_hunk(lines, row + 1, int(match["old"] or 1), int(match["new"] or 1))
        if stop is None:
            return []
        found.append((row, stop))
        row = stop
    return found


def _end_of_hunk(lines: Sequence[str], row: int, old: int, new: int) -> int | None:
    while row < len(lines) and (old or new or lines[row].startswith("\\")):
        before, after = _COUNTED.get(lines[row][:1], (-1, -1))
        if before < 0 or before > old or after > new:
            return None
        old, new, row = old - before, new - after, row + 1
    return None if old or new else row


def _is_odd(hunks: Sequence[Sequence[str]], kind: str) -> bool:
    """Whether somebody should see them: marks of a conflict, or changes of which nothing would be said."""
    if any(line.startswith(_CONFLICT) for hunk in hunks for line in hunk):
        return True
    if kind != "lock":
        return False
    return any(map(_changes_only_a_sum, hunks)) or not any(line for hunk in hunks for line in _versions(hunk))


def _changes_only_a_sum(hunk: Sequence[str]) -> bool:
    """Whether the sum of a package changes, or its address, and neither its name nor its version above it."""
    is_said = False
    for line in hunk:
        is_name = _NAME.fullmatch(line) is not None
        if _VERSION.fullmatch(line) or (is_name and _is_changed_name(line)):
            is_said = True
        elif is_name or not line[1:]:  # the next package
            is_said = False
        elif _SUM.match(line) and not is_said:
            return True
    return False


def _gap(lines: Sequence[str], hunks: Sequence[tuple[int, int]], kind: str) -> Gap:
    """All hunks of a file, with rows for what is to be seen of them."""
    rows, said = [lines[row] for row, _ in hunks], "@@ lines"
    if kind == "lock":
        for tell, words in ((_warnings, "@@ lines and warnings"), (_versions, "@@ lines, names and versions")):
            told = [row for first, last in hunks for row in (lines[first], *tell(lines[first + 1 : last]))]
            if len(hunks) < len(told) and (len(told) <= _MAX_ROWS or tell is _warnings):
                rows, said = told, words
    what = f"hunks of a {kind} file, {said} in the {next_lines(rows)}"
    return Gap(hunks[0][0], hunks[-1][1], what, is_judged=True, instead=tuple(rows))


def _versions(hunk: Sequence[str]) -> Iterator[str]:
    """Names and versions that change, and what a developer is warned of, each with the name above it."""
    name = ""
    for line in hunk:
        is_version = _VERSION.fullmatch(line) is not None or _WARNING.match(line) is not None
        if not is_version and not _NAME.fullmatch(line) and not _KEY.fullmatch(line):
            continue
        if name and (is_version or _is_changed_name(name)):
            yield name
        name = "" if is_version else line
        if is_version:
            yield line
    if _is_changed_name(name):
        yield name


def _warnings(hunk: Sequence[str]) -> Iterator[str]:
    """What a developer is warned of, with the name above it."""
    name = ""
    for line in hunk:
        if _WARNING.match(line):
            yield from (row for row in (name, line) if row)
            name = ""
        elif _NAME.fullmatch(line) and not _KEY.fullmatch(line):
            name = line


def _is_changed_name(line: str) -> bool:
    return line[:1] in {"+", "-"} and not _KEY.fullmatch(line)
