"""Lines that machines write for machines: minified code, source maps, base64, data: URLs, rows of hex dumps.

Never left out: what is only long, what a test compares; the two ends of a line with words of alarm in them; of a line
with a name in front (grep's path and number, a key) the name, and what was searched for with what stands around it; the
head and the end of a dump, and its rows with text. Never in file reads, only for programs that run, search, fetch,
encode or dump.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.fetches import is_fetch
from headroom_compression.calls.programs import is_program_run
from headroom_compression.calls.programs import prints_texts
from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.searches import prints_matches
from headroom_compression.calls.shown_files import matches_all
from headroom_compression.calls.shown_files import shows_more_than_matches
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import LINE_FILTERS
from headroom_compression.calls.vocabulary import SEARCHERS
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.alarms import is_alarm
from headroom_compression.formats.data_lines import kind_of_data
from headroom_compression.formats.data_lines import name_before
from headroom_compression.formats.data_lines import place_before
from headroom_compression.formats.data_lines import without_urls
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import judged_gaps

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_DUMPING = frozenset({"xxd", "hexdump", "hd", "od"})
# They start programs in containers.
_STARTING = frozenset({"kubectl", "docker"})
_PROGRAMS = _DUMPING | SEARCHERS | _STARTING | {"base64", "openssl", "gpg", "aws"}
# A line of base64 that is wrapped at 64 or 76 characters; a sum or an id of 64 hex digits is none.
_WRAPPED = re.compile(r"(?![0-9A-Fa-f]{64})(?:[A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{76})")
_MIN_WRAPPED = 12
# 00000010: 7f45 4c46 0201 ...  .ELF....    00000010  7f 45 4c 46 ...  |.ELF....|
_DUMP_ROW = re.compile(r"[0-9a-f]{6,16}:? {1,2}(?:[0-9a-f]{2,4} {1,2}){4,17} {0,40}(?P<text>[^\n]{0,18})|\*")
_TEXT = re.compile(r"[A-Za-z0-9_ /:-]{7}")
_DUMP_HEAD, _DUMP_TAIL = 16, 4
# E   AssertionError: ...   Received: "..."   + ...
_COMPARED = re.compile(r"\s{0,40}(?:E\s|expected\b|received\b|actual\b|got\b|want\b|[-+] )", re.IGNORECASE)
_ENDS = 200  # characters of a line, in which code that was not minified says what went wrong
_AROUND = 80  # characters on each side of what was searched for
_MAX_PLACES = 3


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    call = document.call
    if call is None or not _may_hold_data(call):
        return
    asked = asked_words(call)
    if any(words[0] in _DUMPING for words in programs_run(call)):
        yield from judged_gaps(_dumped(lines), "rows of a dump, without text in them")
        return
    rows = () if any(map(_shows_parts_of_files, programs_run(call))) else enumerate(lines)
    wrapped = [row for row, line in rows if _WRAPPED.fullmatch(line.rstrip("\r"))]
    yield from (gap for gap in judged_gaps(wrapped, "base64") if gap.stop - gap.start >= _MIN_WRAPPED)
    for row, line in enumerate(lines):
        kind = kind_of_data(line)
        part, shown = _shown(line, asked) if kind else ("", None)
        if shown is not None:
            below = f", its {part} in the next line" if shown else ""
            yield Gap(row, row + 1, f"{kind}{below}", is_judged=True, instead=(shown,) if shown else ())


def _may_hold_data(call: ToolCall) -> bool:
    programs = {words[0] for words in map(_own, programs_run(call))}
    is_known = bool(programs & _PROGRAMS) and programs <= _PROGRAMS | LINE_FILTERS
    if is_known and not prints_matches(call) and any(map(_shows_all_of_a_file, programs_run(call))):
        return False
    return is_known or is_fetch(call) or is_program_run(call)


def _own(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[1:] if words[:2] == ("git", "grep") else words


def _shows_all_of_a_file(words: tuple[str, ...]) -> bool:
    """grep "" app.min.js    docker exec web cat app.min.js"""
    own = _own(words)
    return matches_all(own) if own[0] in SEARCHERS else own[0] in _STARTING and prints_texts(own)


def _shows_parts_of_files(words: tuple[str, ...]) -> bool:
    """grep -A 30 BEGIN key.pem"""
    own = _own(words)
    return own[0] in SEARCHERS and shows_more_than_matches(own)


def _dumped(lines: Sequence[str]) -> list[int]:
    """Rows of a dump with no text in their last column, but for the head and the end."""
    matches = [_DUMP_ROW.fullmatch(line) for line in lines]
    rows = [row for row, match in enumerate(matches) if match and not _TEXT.search(match["text"] or "")]
    known = [row for row, match in enumerate(matches) if match]
    staying = {*known[:_DUMP_HEAD], *known[-_DUMP_TAIL:]}
    return [row for row in rows if row not in staying]


def _shown(line: str, asked: Sequence[str]) -> tuple[str, str | None]:
    """Which part of the line the row shows that stands for it, and that row, "" for none; None where the line stays."""
    if asked:
        return "place and match", _shown_of_match(line, asked)
    if _COMPARED.match(line):
        return "", None
    if is_alarm(line[:_ENDS]) or is_alarm(line[-_ENDS:]):
        return "two ends", f"{line[:_ENDS]}[...]{line[-_ENDS:]}"
    return "beginning", _shown_of_match(line, asked)


def _shown_of_match(line: str, asked: Sequence[str]) -> str | None:
    name = name_before(line)
    lowered = line.lower()
    found = sorted(lowered.find(word, len(name)) for word in sorted(asked, key=len)[-_MAX_PLACES:] if word in lowered)
    places = [place for place in found if place >= 0]
    if not places and without_urls(line) != line:
        return without_urls(line)
    if asked and not places and not place_before(line).endswith("-"):
        return None
    pieces, position = [name], len(name)
    for place in places:
        start, stop = max(place - _AROUND, position), place + _AROUND
        if start < stop:
            pieces += ["[...]"] if start > position else []
            pieces.append(line[start:stop])
            position = stop
    return "".join([*pieces, "[...]"]) if len(pieces) > 1 or name else ""
