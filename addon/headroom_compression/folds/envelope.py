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

The headers are the ones that other versions of Codex write. Value-exact: the header form is read back to the same
fields, numbers by their source text. Envelopes with other keys or in another order, or cut by the client, stay whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from headroom_compression.calls.reading import reads_files
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.record import record

STAGE = Stage.ENVELOPE

# The tools whose output Codex wraps; the output of another tool that runs commands may be a file that looks alike.
_WRAPPING_TOOLS = frozenset({"shell", "container.exec", "exec", "exec_command", "write_stdin"})
_OPENING = re.compile(r'[ \t\r\n]*\{[ \t\r\n]*"(?:output|chunk_id|wall_time_seconds|content)"')
_NUMBER = r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,4})?"
_MCP_HEADER = re.compile(r"(?:\A|\n)MCP text ([0-9]{1,4}) of ([0-9]{1,4}):\n")


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
    """What an envelope holds. `fields` are the header's, empty for MCP."""

    fields: tuple[tuple[_Field, str], ...]
    texts: tuple[str, ...]


class _Number(str):
    """A JSON number as it stands in the source; equal to the same source text only."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Number) and str.__eq__(self, other)


def fold(document: Document) -> str | None:
    return _folded(document.body, document.call)


def is_exact(document: Document, folded: str) -> bool:
    return _says_the_same(document.body, folded, document.call)


def _folded(text: str, call: ToolCall | None, *, may_hold_another: bool = True) -> str | None:
    """An MCP result around an exec_command result is the deepest nesting that clients were seen to send."""
    opened = _open(text, call)
    if opened is None:
        return None
    texts = opened.texts
    if may_hold_another and not opened.fields:
        texts = tuple(_folded(inner, call, may_hold_another=False) or inner for inner in texts)
    return _render(opened.fields, texts)


def _says_the_same(text: str, folded: str, call: ToolCall | None, *, may_hold_another: bool = True) -> bool:
    opened = _open(text, call)
    read = _read_header(folded) or _read_mcp(folded)
    if opened is None or read is None or read.fields != opened.fields or len(read.texts) != len(opened.texts):
        return False
    may_hold_another = may_hold_another and not opened.fields
    return all(
        after == before or (may_hold_another and _says_the_same(before, after, call, may_hold_another=False))
        for before, after in zip(opened.texts, read.texts, strict=True)
    )


def _render(fields: tuple[tuple[_Field, str], ...], texts: tuple[str, ...]) -> str:
    if not fields:
        parts = (f"MCP text {number} of {len(texts)}:\n{text}" for number, text in enumerate(texts, 1))
        return "\n".join(parts)
    lines = "".join(f"{field.before}{value}{field.after}\n" for field, value in fields)
    return f"{lines}Output:\n{texts[0]}"


def _open(text: str, call: ToolCall | None) -> _Opened | None:
    if not _OPENING.match(text) or (call and reads_files(call.tool)):
        return None
    try:
        value = json.loads(
            text, parse_int=_Number, parse_float=_Number, parse_constant=_refuse, object_pairs_hook=tuple
        )
        runs_commands = call is not None and call.command is not None
        opened = None
        if not runs_commands or (call and call.tool in _WRAPPING_TOOLS):
            opened = _open_shell(value) or _open_exec(value)
        if opened is None and not runs_commands:
            opened = _open_mcp(value)
        for inner in opened.texts if opened else ():
            inner.encode()  # a lone surrogate cannot be sent
    except (ValueError, RecursionError):
        return None
    return opened


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _open_shell(value: object) -> _Opened | None:
    match value:
        case (("output", text), ("metadata", tuple(metadata))) if type(text) is str:
            fields = _fields(metadata, _SHELL)
            return _Opened(fields, (text,)) if fields and len(fields) == len(_SHELL) else None
    return None


def _open_exec(value: object) -> _Opened | None:
    match value:
        case (*header, ("output", text)) if type(text) is str:
            fields = _fields(header, _EXEC)
            keys = {field.key for field, _ in fields or ()}
            return _Opened(fields, (text,)) if fields and keys & {"exit_code", "session_id"} else None
    return None


def _open_mcp(value: object) -> _Opened | None:
    match value:
        case (("content", list(parts)),) if parts:
            texts = tuple(text for part in parts for text in _mcp_text(part))
            return _Opened((), texts) if len(texts) == len(parts) else None
    return None


def _mcp_text(part: object) -> tuple[str, ...]:
    match part:
        case (("type", "text"), ("text", text)) if isinstance(part, tuple) and type(text) is str:
            return (text,)
    return ()


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
            return _Opened(present, (folded[match.end() :],))
    return None


def _read_mcp(folded: str) -> _Opened | None:
    matches = list(_MCP_HEADER.finditer(folded))
    count = len(matches)
    expected = [(str(number), str(count)) for number in range(1, count + 1)]
    if not matches or matches[0].start() != 0 or [match.groups() for match in matches] != expected:
        return None
    stops = [match.start() for match in matches[1:]] + [len(folded)]
    texts = tuple(folded[match.end() : stop] for match, stop in zip(matches, stops, strict=True))
    return _Opened((), texts)
