"""What Codex wraps in JSON of what a command printed, and the plain form: the header that other versions of it write.

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

Numbers keep their source text. What has other keys, or these in another order, is none of these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from headroom_compression.record import record

_OPENING = re.compile(r'[ \t\r\n]*\{[ \t\r\n]*"(?:output|chunk_id|wall_time_seconds)"')
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
class ExecResult:
    """fields: in their order, each by its source."""

    fields: tuple[tuple[_Field, str], ...]
    text: str


class _Number(str):
    """A JSON number as it stands in the source; equal to the same source text only."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Number) and str.__eq__(self, other)


def opened(text: str) -> ExecResult | None:
    """The result that the JSON is; None where it is none."""
    if not _OPENING.match(text):
        return None
    try:
        value = json.loads(
            text, parse_int=_Number, parse_float=_Number, parse_constant=_refuse, object_pairs_hook=tuple
        )
        result = _open_shell(value) or _open_exec(value)
        (result.text if result else "").encode()  # a lone surrogate cannot be sent
    except (ValueError, RecursionError):
        return None
    return result


def written(result: ExecResult) -> str:
    """The plain form."""
    lines = "".join(f"{field.before}{value}{field.after}\n" for field, value in result.fields)
    return f"{lines}Output:\n{result.text}"


def read_written(text: str) -> ExecResult | None:
    """The result whose plain form the text is; None where it is none."""
    for allowed, pattern in _HEADERS:
        match = pattern.match(text)
        if match and any(match.groups()):
            present = tuple((field, value) for field, value in zip(allowed, match.groups(), strict=True) if value)
            return ExecResult(present, text[match.end() :])
    return None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _open_shell(value: object) -> ExecResult | None:
    match value:
        case (("output", text), ("metadata", tuple(metadata))) if type(text) is str:
            fields = _fields(metadata, _SHELL)
            return ExecResult(fields, text) if fields and len(fields) == len(_SHELL) else None
    return None


def _open_exec(value: object) -> ExecResult | None:
    match value:
        case (*header, ("output", text)) if type(text) is str:
            fields = _fields(header, _EXEC)
            keys = {field.key for field, _ in fields or ()}
            return ExecResult(fields, text) if fields and keys & {"exit_code", "session_id"} else None
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
