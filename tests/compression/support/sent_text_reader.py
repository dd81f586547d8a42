"""Reads sent texts back into what the tools wrote, as a model would: from the texts alone, top to bottom.

Written from the description of the forms in DESIGN.md, section 4, without the core: a thinned row keeps its
separator, a bare number restarts the count, and a marker names lines of a file, or of the output of a call: by the
numbers in front of them, else by counting. Where several earlier outputs fit the name, none may show others there.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from dataclasses import field
from itertools import takewhile
from typing import Any

_MARKERS = (
    re.compile(r"\[(?P<count>\d+) lines identical to lines (?P<first>\d+)-(?P<last>\d+) of (?P<title>.+) above\]"),
    re.compile(r"\[(?P<count>1) line identical to line (?P<first>(?P<last>\d+)) of (?P<title>.+) above\]"),
    re.compile(r"\[ran again, output identical to lines (?P<first>\d+)-(?P<last>\d+) of (?P<title>.+) above\]"),
)
_CLIENT_CUT = re.compile(r"…\d+ (tokens|chars) truncated…")
_HEADER_WORDS = (
    "Chunk ID: ",
    "Exit code: ",
    "Wall time",
    "Process exited with code ",
    "Process running with session ID ",
    "Original token count: ",
    "Script completed",
    "Script failed",
)
_FULL_GUTTERS = {
    "viewer": re.compile(r"(?P<field>[1-9][0-9]*)(?P<separator>:)"),
    "tagged": re.compile(r"(?P<field>0[0-9]{4}|[1-9][0-9]*)(?P<separator>\| |: )"),
    "none": re.compile("(?!)"),
    "plain": re.compile(r"(?P<field>(?= *[1-9])[ 0-9]{5}[0-9])(?P<separator>→|\t)"),
}
_VIEWER_HEAD = re.compile(r"^\[File: (.+) \(\d+ lines total\)\]\r?$", re.MULTILINE)
_MIN_NUMBERED_ROWS = 5
_MAX_BARE = 9


@dataclass(frozen=True)
class Source:
    """What is known of a call: the file that it shows, what its output is called, and the first line where known.

    gutters: what may number its lines: "any", "viewer" where no command is that does it, "none" of a bare file.
    """

    path: str | None = None
    title: str | None = None
    first_line: int | None = None
    gutters: str = "any"


@dataclass
class _Line:
    """A line that the text shows, with its content; `numbered` by a gutter, in the run that `run` counts."""

    content: str
    full: str
    number: int
    run: int | None
    is_verbatim: bool = True


_AGAIN = re.compile(r"\[ran again, output identical to (?P<title>the .+) above\]")
_FOOTER = re.compile("</output>|<.*shellId: .*>")
_TITLE = re.compile(
    r"(?P<output>the output of )?"
    r"(?:the (?P<ordinal>(?:(?:second|third|fourth) )?latest|first|second|third|fourth) (?P<run>(?:run|call) of )?)?"
    r"(?P<base>.+)"
)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3}
_ORDINALS |= {"latest": -1, "second latest": -2, "third latest": -3, "fourth latest": -4}


@dataclass
class _Shown:
    """A text that was shown: what its output is called, its file, its places and its lines by their numbers.

    chunk: Codex's own name of the output, as a pointer says it.
    offset: what the number of a line in the file is more than its number in the output. is_later: not the first text.
    whole: all that the tool wrote, without what the client wrote behind it.
    """

    title: str
    chunk: str
    path: str | None
    places: list[dict[int, str]]
    lines: dict[int, str]
    offset: int
    is_later: bool
    whole: list[str]


@dataclass
class Reader:
    """Holds what was shown so far."""

    shown: list[_Shown] = field(default_factory=list)

    def forget(self) -> None:
        self.shown.clear()

    def read(self, text: str, source: Source, *, has_rows_stage: bool, has_own_name: bool = True) -> str:
        """The text before the rows stage; from now on later texts may refer to it.

        has_own_name: no text of the same output stands before it, with which its lines would share their numbers.
        """
        header, body = split_header(text)
        pattern = _full_gutter(body, source.gutters)
        lines = self._sent_lines(body, pattern) if has_rows_stage else _tool_lines(body, pattern)
        if body and (has_own_name or any(line.run is not None for line in lines)):
            self._show(text, header, lines, source, is_later=not has_own_name)
        return header + "\n".join(line.full for line in lines)

    def _sent_lines(self, body: str, pattern: re.Pattern[str]) -> list[_Line]:
        lines: list[_Line] = []
        full = ""
        separator, number, run = "", 0, 0
        texts = body.split("\n")
        for place, line in enumerate(texts):
            marked = _marked(line)
            again = None if marked else _AGAIN.fullmatch(line)
            if again and not lines:
                lines += [_Line(line, line, 0, None, is_verbatim=False) for line in self._whole(again["title"])]
                continue
            if marked:
                contents = _above(lines, marked) if marked["title"] == "this output" else self._meant(marked)
                for content in contents:
                    gutter = _padded(full, number, separator)
                    lines.append(_Line(content, gutter + content, number, run if full else None, is_verbatim=False))
                    number += 1
                continue
            gutters: tuple[str, ...] = (separator, f"{number}{separator}", _padded(full, number, separator))
            if full and not line.startswith(gutters) and _goes_on(texts[place + 1 :], full, number, separator):
                lines.append(_Line(line, _padded(full, number, separator) + line, number, run))
                number += 1
                continue
            if not full or not line.startswith(gutters):
                match = pattern.match(line)
                full, separator = (match["field"], match["separator"]) if match else ("", "")
                number, run = int(full or 0), run + 1
                gutters = (full + separator,)
            gutter = next(gutter for gutter in gutters if line.startswith(gutter))
            content = line[len(gutter) :]
            lines.append(_Line(content, _padded(full, number, separator) + content, number, run if full else None))
            number += 1
        return lines

    def _whole(self, title: str) -> list[str]:
        """The lines of an output that came again as a whole."""
        first, *others = self._found(title)[0]
        assert all(text.whole == first.whole for text in others), f"two outputs for {title}"
        return first.whole

    def _found(self, called: str) -> tuple[list[_Shown], bool]:
        """The texts that a title means, and whether it names an output and not a file."""
        title = _TITLE.fullmatch(called)
        assert title
        is_output = bool(title["output"] or title["run"]) or called.startswith("the output with Chunk ID ")
        found = [text for text in self.shown if _is_meant(text, title["base"], is_output=is_output)]
        if title["ordinal"]:
            outputs = [text for text in found if not text.is_later]
            place = _ORDINALS[title["ordinal"]]
            found = [outputs[place]] if -len(outputs) <= place < len(outputs) else []
        return found, is_output

    def _meant(self, marked: re.Match[str]) -> list[str]:
        found, is_output = self._found(marked["title"])
        meant: list[str] | None = None
        for text in found:
            offset = 0 if is_output else text.offset
            wanted = range(int(marked["first"]) - offset, int(marked["last"]) + 1 - offset)
            seen = [[place[number] for number in wanted] for place in text.places if place.keys() >= set(wanted)]
            assert meant is None or all(lines == meant for lines in seen), f"two places for {marked.group()}"
            meant = seen[0] if seen else meant
        assert meant is not None, f"no earlier output shows what is meant by {marked.group()}"
        for text in found:
            numbers = range(int(marked["first"]) - (0 if is_output else text.offset), 10**9)
            for number, line in zip(numbers, meant, strict=False):
                assert text.lines.get(number, line) == line, f"other lines for {marked.group()}"
        return meant

    def _show(self, text: str, header: str, lines: list[_Line], source: Source, *, is_later: bool) -> None:
        viewer = _VIEWER_HEAD.search(text[:400])
        is_numbered = any(line.run is not None for line in lines)
        path = source.path or (viewer[1] if viewer else None)
        chunk = re.match(r"Chunk ID: (\w+)\n", header)
        name = f"the output with Chunk ID {chunk[1]}" if chunk else ""
        title = source.title or name
        whole = _without_end([line.full for line in lines])
        if lines and not lines[0].number and not lines[0].is_verbatim:  # it only says that it ran again
            self.shown.append(_Shown(title, name, path, [], {}, 0, is_later, whole))
            return
        if is_numbered:
            places, lines = _numbered_places(lines), [line for line in lines if line.run is not None]
            numbers = [line.number for line in lines]
        else:
            lines = _countable(lines)
            numbers = [1 + position for position in range(len(lines))]
            places = [{number: line.content for number, line in zip(numbers, lines, strict=True) if _is_seen(line)}]
        known = zip(numbers, lines, strict=True)
        contents = {number: line.content for number, line in known if not _CLIENT_CUT.search(line.content)}
        offset = 0 if is_numbered or not source.first_line else source.first_line - 1
        path = path if is_numbered or source.first_line else None
        self.shown.append(_Shown(title, name, path, places, contents if places else {}, offset, is_later, whole))


def _without_end(lines: list[str]) -> list[str]:
    """The lines of the tool: behind them stand a footer of the client and the end of the last line."""
    end = len(lines) - (lines[-1:] == [""])
    return lines[: end - bool(end and _FOOTER.fullmatch(lines[end - 1]))]


def _is_meant(text: _Shown, base: str, *, is_output: bool) -> bool:
    if base in {text.title, text.chunk}:
        return True
    if is_output:
        return text.title == f"the output of {base}"
    return text.path is not None and (text.path == base or text.path.endswith("/" + base))


def split_header(text: str) -> tuple[str, str]:
    """The client's lines up to "Output:", and what stands after them; above the parts of a list nothing does."""
    prefix = "MCP text 1 of 1:\n"
    start = len(prefix) if text.startswith(prefix) else 0
    rest = text[start:]
    if not rest.startswith(_HEADER_WORDS):
        return text[:start], rest
    head, found, body = (f"{rest}\n" if rest.endswith("\nOutput:") else rest).partition("\nOutput:\n")
    if not found or not all(line.startswith((*_HEADER_WORDS, "Total output lines: ")) for line in head.split("\n")):
        return text[:start], rest
    note = re.match(r"(Warning: truncated output .*\n)?Total output lines: \d+\n\n", body)
    stop = len(text) - len(body) + (note.end() if note else 0)
    return text[:stop], text[stop:]


def envelope_value(folded: str) -> Any:
    """What a text said as JSON before it was taken out of its envelope; numbers by their source text."""
    parts = re.split(r"(?:^|\n)MCP text \d+ of \d+:\n", folded)
    if len(parts) > 1 and not parts[0]:
        return {"content": [{"type": "text", "text": part} for part in parts[1:]]}
    head, _, output = folded.partition("Output:\n")
    fields = [line.rsplit(" ", 1) for line in head.replace(" seconds\n", "\n").splitlines()]
    if fields[0][0] == "Exit code:":
        return {"output": output, "metadata": {"exit_code": fields[0][1], "duration_seconds": fields[1][1]}}
    names = {
        "Chunk ID:": "chunk_id",
        "Wall time:": "wall_time_seconds",
        "Process exited with code": "exit_code",
        "Process running with session ID": "session_id",
        "Original token count:": "original_token_count",
    }
    return {**{names[name]: value for name, value in fields}, "output": output}


def value_by_source(text: str) -> Any:
    """A JSON value with its numbers as they stand there."""
    return json.loads(text, parse_int=str, parse_float=str)


def _full_gutter(body: str, gutters: str) -> re.Pattern[str]:
    if gutters != "none" and _VIEWER_HEAD.search(body[:400]):
        return _FULL_GUTTERS["viewer"]
    if gutters != "any":
        return _FULL_GUTTERS["none"]
    return _FULL_GUTTERS["tagged" if body.startswith(("<path>", "<file>")) else "plain"]


def _padded(full: str, number: int, separator: str) -> str:
    if not full:
        return ""
    digits = str(number)
    return digits.rjust(len(full), "0" if full.startswith("0") else " ") + separator


def _goes_on(below: list[str], full: str, number: int, separator: str) -> bool:
    """Whether the line above these is one without number and separator: the next number counts it."""
    for behind, line in enumerate(takewhile(lambda line: not _marked(line), below[:_MAX_BARE]), 1):
        if line.startswith((f"{number + behind}{separator}", _padded(full, number + behind, separator))):
            return True
        if line.startswith(separator):
            return False
    return False


def _above(lines: list[_Line], marked: re.Match[str]) -> list[str]:
    """What a text that points at itself shows above: by the numbers in front of its lines, else by counting."""
    is_numbered = any(line.run is not None for line in lines)
    wanted = range(int(marked["first"]), int(marked["last"]) + 1)
    bare = [line.run is None for line in lines[wanted[0] - 1 : wanted[-1]]]
    assert not is_numbered or 2 * sum(bare) <= len(bare), f"numbered or counted: {marked.group()}"
    places = [(line.number if is_numbered else place, line) for place, line in enumerate(lines, 1)]
    found = [
        (number, line) for number, line in places if number in wanted and (line.run is not None or not is_numbered)
    ]
    assert [number for number, _ in found] == [*wanted], f"other lines are called so in {marked.group()}"
    assert all(_is_seen(line) for _, line in found), f"out of sight: {marked.group()}"
    return [line.content for _, line in found]


def _marked(line: str) -> re.Match[str] | None:
    return next((match for pattern in _MARKERS if (match := pattern.fullmatch(line))), None)


def _tool_lines(body: str, pattern: re.Pattern[str]) -> list[_Line]:
    """The lines of a text that was sent as the tool wrote it."""
    lines: list[_Line] = []
    full, number, run = "", 0, 0
    separator = ""
    for text in body.split("\n"):
        if not (full and text.startswith(_padded(full, number, separator))):
            match = pattern.match(text)
            full, separator = (match["field"], match["separator"]) if match else ("", "")
            number, run = int(full or 0), run + 1
        gutter = _padded(full, number, separator)
        lines.append(_Line(text[len(gutter) :], text, number, run if full else None))
        number += 1
    return _without_short_runs(lines)


def _without_short_runs(lines: list[_Line]) -> list[_Line]:
    heights = [line.run for line in lines]
    return [
        _Line(line.full, line.full, 0, None) if heights.count(line.run) < _MIN_NUMBERED_ROWS else line for line in lines
    ]


def _numbered_places(lines: list[_Line]) -> list[dict[int, str]]:
    """A place for each run; none when the numbers do not ascend, so that it would not be clear which are meant."""
    runs = sorted({line.run for line in lines if line.run is not None})
    numbers = [line.number for line in lines if line.run is not None]
    if numbers != sorted(set(numbers)):
        return []
    return [{line.number: line.content for line in lines if line.run == run and _is_seen(line)} for run in runs]


def _countable(lines: list[_Line]) -> list[_Line]:
    """Up to where the client cut, without the end of the text after its last newline."""
    if lines[-1].full == "":
        lines = lines[:-1]
    return list(takewhile(lambda line: not (line.is_verbatim and _CLIENT_CUT.search(line.content)), lines))


def _is_seen(line: _Line) -> bool:
    return line.is_verbatim and not _CLIENT_CUT.search(line.content)
