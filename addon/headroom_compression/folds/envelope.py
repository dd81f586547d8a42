"""Take an output out of the JSON that a client wrapped it in: a header line per field, then the plain text.

    {"output":"a\\nb\\n","metadata":{"exit_code":0,"duration_seconds":0.1}}       Codex 0.63, shell

    Exit code: 0
    Wall time: 0.1 seconds
    Output:
    a
    b

    {"chunk_id":"1a2b3c","wall_time_seconds":0.05,"exit_code":0,"output":"…"}   Codex 0.169, code mode

    Chunk ID: 1a2b3c
    Wall time: 0.05 seconds
    Process exited with code 0
    Output:
    …

    {"content":[{"type":"text","text":"…"}]}                                    MCP

    MCP text 1 of 1:
    …

What else is opened is in `formats.wrapped_results`. The headers are the ones that other versions of Codex write.
Value-exact: the header form is read back to the same fields, numbers by their source text. Envelopes with other keys
or in another order, or cut by the client, stay whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from headroom_compression.calls.fetches import is_fetch
from headroom_compression.calls.programs import launched
from headroom_compression.calls.programs import prints_texts
from headroom_compression.calls.reading import reads_files
from headroom_compression.calls.searches import is_searching_tool
from headroom_compression.calls.shown_files import numbers_rows
from headroom_compression.calls.shown_files import shows_no_file
from headroom_compression.calls.shown_files import shows_source_code
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import SEARCHERS
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.wrapped_results import FILE
from headroom_compression.formats.wrapped_results import MATCHES
from headroom_compression.formats.wrapped_results import MCP_PARTS
from headroom_compression.formats.wrapped_results import MCP_RESULT
from headroom_compression.formats.wrapped_results import WrappedResult
from headroom_compression.formats.wrapped_results import read_written
from headroom_compression.formats.wrapped_results import unwrapped
from headroom_compression.formats.wrapped_results import written
from headroom_compression.record import record

STAGE = Stage.ENVELOPE

# The tools whose output Codex wraps; the output of another tool that runs commands may be a file that looks alike.
_WRAPPING_TOOLS = frozenset({"shell", "container.exec", "exec", "exec_command", "write_stdin"})
# What Codex writes in front of what a command printed.
_SAID_OF_COMMANDS = ("Exit code: ", "Process exited with code ", "Process running with session ID ")
_OPENING = re.compile(r'[ \t\r\n]*\{[ \t\r\n]*"(?:output|chunk_id|wall_time_seconds)"')
_WRAPPED_OPENING = re.compile(
    r'[ \t\r\n]*(?:\{[ \t\r\n]*"(?:content|isError|structuredContent|_meta|result|output|error|total_count)"'
    r'|\[[ \t\r\n]*\{[ \t\r\n]*"(?:type|text|query|result|success)")'
)
# The query as the JSON of the call's arguments has it.
_QUERY = re.compile(r', query "([^"\\]*(?:\\.[^"\\]*)*)"')
# src/a.py:40-160    src/a.py:40-EOF    how Cline calls the lines of a file
_LINES = re.compile(r":[1-9][0-9]{0,8}-(?:[1-9][0-9]{0,8}|EOF)\Z")
_NUMBER = r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,4})?"


@record
class _Field:
    key: str
    before: str
    after: str
    pattern: str


_SHELL = (
    _Field("exit_code", "Exit code: ", "", _NUMBER),
    _Field("duration_seconds", "Wall time: ", " seconds", _NUMBER),
)
_EXEC = (
    _Field("chunk_id", "Chunk ID: ", "", "[0-9A-Za-z]{1,64}"),
    _Field("wall_time_seconds", "Wall time: ", " seconds", _NUMBER),
    _Field("exit_code", "Process exited with code ", "", _NUMBER),
    _Field("session_id", "Process running with session ID ", "", _NUMBER),
    _Field("original_token_count", "Original token count: ", "", _NUMBER),
)


def _header_pattern(fields: tuple[_Field, ...]) -> re.Pattern[str]:
    lines = (f"(?:{re.escape(field.before)}({field.pattern}){re.escape(field.after)}\n)?" for field in fields)
    return re.compile("".join(lines) + "Output:\n")


_HEADERS = tuple((fields, _header_pattern(fields)) for fields in (_SHELL, _EXEC))


@record
class _Opened:
    """What an envelope of Codex's holds."""

    fields: tuple[tuple[_Field, str], ...]
    text: str


@record
class _Origin:
    """Where a text comes from. is_printed: a command printed it, and what the client says of that stands before it.

    is_wrapped: the client wraps the outputs of all commands. is_inner: it is a text of another result.
    """

    call: ToolCall | None
    is_printed: bool = False
    is_wrapped: bool = False
    is_inner: bool = False

    @classmethod
    def of(cls, document: Document) -> _Origin:
        is_printed = any(map(document.header.__contains__, _SAID_OF_COMMANDS))
        return cls(document.call, is_printed, document.is_reported)

    def of_inner(self) -> _Origin:
        return _Origin(self.call, is_inner=True)

    def may_hold_another(self, result: WrappedResult) -> bool:
        """Whether a text of the result may be one itself; what a call shows of a file is the file."""
        is_file = self.call is not None and self.call.path is not None
        return result.name == MCP_RESULT and not self.is_inner and not is_file


class _Number(str):
    """A JSON number as it stands in the source; equal to the same source text only."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Number) and str.__eq__(self, other)


def fold(document: Document) -> str | None:
    if not document.body.startswith(("{", "[", " ", "\t", "\r", "\n")):  # nearly always
        return None
    folded = _folded(document.body, _Origin.of(document))
    return None if folded is None else document.header + folded


def is_exact(document: Document, folded: str) -> bool:
    behind = folded.removeprefix(document.header)
    return document.header + behind == folded and _says_the_same(document.body, behind, _Origin.of(document))


def _folded(text: str, origin: _Origin) -> str | None:
    """An MCP result around an exec_command result is the deepest nesting that clients were seen to send."""
    opened = _open(text, origin)
    if opened is not None:
        lines = "".join(f"{field.before}{value}{field.after}\n" for field, value in opened.fields)
        return f"{lines}Output:\n{opened.text}"
    result = _unwrap(text, origin)
    if result is None:
        return None
    if origin.may_hold_another(result):
        texts = tuple((note, _folded(inner, origin.of_inner()) or inner) for note, inner in result.texts)
        result = WrappedResult(result.name, result.head, texts)
    return written(result)


def _says_the_same(text: str, folded: str, origin: _Origin) -> bool:
    opened = _open(text, origin)
    if opened is not None:
        return _read_header(folded) == opened
    result, read = _unwrap(text, origin), read_written(folded)
    if result is None or read is None or (read.name, read.head) != (result.name, result.head):
        return False
    may_hold_another = origin.may_hold_another(result)
    return len(read.texts) == len(result.texts) and all(
        now[0] == before[0]
        and (now[1] == before[1] or (may_hold_another and _says_the_same(before[1], now[1], origin.of_inner())))
        for before, now in zip(result.texts, read.texts, strict=True)
    )


def _unwrap(text: str, origin: _Origin) -> WrappedResult | None:
    call = origin.call
    if not _WRAPPED_OPENING.match(text) or (call and reads_files(call.tool) and not shows_source_code(call)):
        return None
    result = unwrapped(text)
    return result if result is not None and _may_wrap(result, origin) else None


def _may_wrap(result: WrappedResult, origin: _Origin) -> bool:
    """Whether it is no file that the call shows, nor what a program wrote."""
    call = origin.call
    if result.name == MATCHES or (call and reads_files(call.tool)):
        return call is not None and (result.name == FILE or is_searching_tool(call))
    runs_commands = call is not None and call.command is not None
    if result.name == MCP_RESULT or (runs_commands and origin.is_printed):
        return not runs_commands
    if call is None or call.path is not None or origin.is_inner:
        return False
    if any(note.startswith(", ") and result.name == "result" for note, _ in result.texts):
        return all(_is_asked(note, call) for note, _ in result.texts)
    if result.name == MCP_PARTS:
        return not runs_commands
    return _shows_no_file(call, origin) if runs_commands else not is_fetch(call)


def _is_asked(note: str, call: ToolCall) -> bool:
    """Whether the call names the query that the title of its result begins with, or the file of its lines.

    Of a command the query is all of it: a server may answer with the words that it was asked for, too.
    """
    match = _QUERY.match(note)
    named = (match[1], json.loads(f'"{match[1]}"'), _LINES.sub("", match[1])) if match else ()
    return call.says in named if call.command is not None else any(name in call.says for name in named)


def _shows_no_file(call: ToolCall, origin: _Origin) -> bool:
    """A search that names the file before each line; where the client wraps all outputs, a program that prints none."""
    words = call.producer
    if not words:
        return False
    if words[0].rpartition("/")[2] in SEARCHERS:
        return numbers_rows(words)
    return origin.is_wrapped and not prints_texts(words) and len(list(launched(words))) == 1 and shows_no_file(call)


def _open(text: str, origin: _Origin) -> _Opened | None:
    call = origin.call
    may_be_file = call is not None and (reads_files(call.tool) or not _is_wrapping(call))
    if origin.is_printed or may_be_file or not _OPENING.match(text):
        return None
    try:
        value = json.loads(
            text, parse_int=_Number, parse_float=_Number, parse_constant=_refuse, object_pairs_hook=tuple
        )
        opened = _open_shell(value) or _open_exec(value)
        (opened.text if opened else "").encode()  # a lone surrogate cannot be sent
    except (ValueError, RecursionError):
        return None
    return opened


def _is_wrapping(call: ToolCall) -> bool:
    return call.path is None if call.command is None else call.tool in _WRAPPING_TOOLS


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _open_shell(value: object) -> _Opened | None:
    match value:
        case (("output", text), ("metadata", tuple(metadata))) if type(text) is str:
            fields = _fields(metadata, _SHELL)
            return _Opened(fields, text) if fields and len(fields) == len(_SHELL) else None
    return None


def _open_exec(value: object) -> _Opened | None:
    match value:
        case (*header, ("output", text)) if type(text) is str:
            fields = _fields(header, _EXEC)
            keys = {field.key for field, _ in fields or ()}
            return _Opened(fields, text) if fields and keys & {"exit_code", "session_id"} else None
    return None


def _fields(pairs: Iterable[object], allowed: tuple[_Field, ...]) -> tuple[tuple[_Field, str], ...] | None:
    """The fields of the pairs; None unless they are allowed ones, in that order, with values of their form."""
    fields: list[tuple[_Field, str]] = []
    expected = iter(allowed)
    for pair in pairs:
        match pair:
            case (str(key), str(value)):
                field = next((field for field in expected if field.key == key), None)
                if field is None or not re.fullmatch(field.pattern, value):
                    return None
                if isinstance(value, _Number) != (field.pattern == _NUMBER):
                    return None
                fields.append((field, str(value)))
            case _:
                return None
    return tuple(fields)


def _read_header(folded: str) -> _Opened | None:
    for allowed, pattern in _HEADERS:
        match = pattern.match(folded)
        if match and any(match.groups()):
            present = tuple((field, value) for field, value in zip(allowed, match.groups(), strict=True) if value)
            return _Opened(present, folded[match.end() :])
    return None
