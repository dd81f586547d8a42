"""Results that a client or a server wrapped in JSON, and the plain form of each: fields a line, then titled texts.

    {"content":[{"type":"text","text":"…"}],"isError":false}      isError: false
                                                                  MCP text 1 of 1:
                                                                  …
    [{"type":"text","text":"…"}]                                  MCP part 1 of 1:
    {"result":"…"}  {"output":"…"}  {"error":"…"}                 result 1 of 1:
    [{"query":"rg -n a","result":"…","success":true}]             result 1 of 1, query "rg -n a", success true:
    {"content": "1|…", "total_lines": 9, "truncated": false}      total_lines: 9
                                                                  truncated: false
                                                                  content 1 of 1:
    {"total_count": 2, "matches_text": "…"}                       total_count: 2
                                                                  matches_text 1 of 1:
    {"content": "…"}                                              content 1 of 1:
    {"result": [{"content": "…", "_": {}}], "errors": [], "details": []}        errors: []
                                                                  details: []
                                                                  result 1 of 1, _ {}:

Hermes writes those with total_lines and total_count, of a file and of a search, Mistral Vibe the first with more
fields, Code Puppy with num_tokens and error, cecli those with errors and details. The last but one is what MCP's server
for files gives as structuredContent, of which some clients send nothing else. Fields keep their source, without blanks.
A structuredContent that says the text of the first part again names it. What has another key is none of these.
"""

from __future__ import annotations

import json
import re

from headroom_compression.formats.tables.compact_json import compacted
from headroom_compression.formats.tables.json_values import Value
from headroom_compression.formats.tables.json_values import compact
from headroom_compression.formats.tables.json_values import read_documents
from headroom_compression.record import record

MCP_RESULT = "MCP text"
MCP_PARTS = "MCP part"
FILE, MATCHES = "content", "matches_text"
_TITLE = re.compile(
    r"(?:\A|\n)(MCP text|MCP part|result|output|error|content|matches_text) "
    r"([0-9]{1,4}) of ([0-9]{1,4})((?:, [a-zA-Z_]{1,20} [^\n]+)?):\n"
)
_MCP_FIELDS = frozenset({'"isError"', '"structuredContent"', '"_meta"'})
_PART_FIELDS = frozenset({'"annotations"', '"_meta"'})
_ANSWER_FIELDS = frozenset({'"query"', '"success"', '"error"'})
_FILE_FIELDS = frozenset({
    '"total_lines"', '"file_size"', '"truncated"', '"hint"', '"is_binary"', '"is_image"',
    '"file_size_bytes"', '"lines_read"', '"next_offset"', '"offset"', '"path"', '"returned_bytes"', '"was_truncated"',
})  # fmt: skip
_PUPPY_FIELDS = frozenset({'"num_tokens"', '"error"'})
_SEARCH_FIELDS = frozenset({'"total_count"', '"matches_format"', '"truncated"', '"limit_reason"', '"warning"'})
_TOOL_RESPONSE = ['"result"', '"errors"', '"details"']
_TEXT_KEYS = ("result", "output", "error", FILE)
# No JSON, so no field can look like it.
_SAME_JSON = "<the JSON of the first text>"
_SAME_TEXT = "<the first text>"


@record
class WrappedResult:
    """name: of its titles. head: the lines above the first title. texts: (what its title says of it, the text)."""

    name: str
    head: str
    texts: tuple[tuple[str, str], ...]


def unwrapped(text: str) -> WrappedResult | None:
    """The result that the JSON is; None where it is none of the known forms."""
    try:
        (value,) = read_documents(text)
        match value:
            case dict():
                return _object(value)
            case [dict(first), *_] if '"query"' in first:
                return _answers(value)
            case [dict(), *_]:
                return _result(MCP_PARTS, "", [_mcp_part(part) for part in value])
    except (ValueError, RecursionError):
        pass
    return None


def written(result: WrappedResult) -> str:
    """The plain form."""
    count = len(result.texts)
    parts = (f"{result.name} {n} of {count}{note}:\n{text}" for n, (note, text) in enumerate(result.texts, 1))
    return result.head + "\n".join(parts)


def read_written(text: str) -> WrappedResult | None:
    """The result whose plain form the text is; None where a text in it looks like a title."""
    titles = list(_TITLE.finditer(text))
    count = str(len(titles))
    expected = [(titles[0][1], str(number), count) for number in range(1, len(titles) + 1)]
    if not titles or [title.group(1, 2, 3) for title in titles] != expected:
        return None
    first = titles[0].start() + titles[0][0].startswith("\n")
    stops = [title.start() for title in titles[1:]] + [len(text)]
    texts = tuple((title[4], text[title.end() : stop]) for title, stop in zip(titles, stops, strict=True))
    return WrappedResult(titles[0][1], text[:first], texts)


def count_titles(text: str) -> int:
    """How many lines of the text are titles of results, or look like them."""
    return sum(1 for _ in _TITLE.finditer(text))


def _result(name: str, head: str, texts: list[tuple[str, str] | None]) -> WrappedResult | None:
    known = tuple(text for text in texts if text is not None)
    if not known or len(known) < len(texts):
        return None
    "".join(text for _, text in known).encode()  # a lone surrogate, a ValueError, cannot be sent
    return WrappedResult(name, head, known)


def _object(value: dict[str, Value]) -> WrappedResult | None:
    if '"total_lines"' in value:
        return _text_below_fields(value, FILE, _FILE_FIELDS)
    if '"num_tokens"' in value:
        return _text_below_fields(value, FILE, _PUPPY_FIELDS)
    if '"total_count"' in value:
        return _text_below_fields(value, MATCHES, _SEARCH_FIELDS)
    if [*value] == _TOOL_RESPONSE:
        return _tool_response(value)
    return _mcp_result(value) if isinstance(value.get('"content"'), list) else _text_object(value)


def _text_below_fields(value: dict[str, Value], name: str, fields: frozenset[str]) -> WrappedResult | None:
    key = f'"{name}"'
    noted = _noted(value, key, frozenset(), set(fields))
    head = "".join(f"{field[1:-1]}: {compact(member)}\n" for field, member in value.items() if field != key)
    return _result(name, head, [noted])


def _tool_response(value: dict[str, Value]) -> WrappedResult | None:
    match value['"result"']:
        case [dict(entry)]:
            head = "".join(f"{key[1:-1]}: {compact(value[key])}\n" for key in _TOOL_RESPONSE[1:])
            return _result("result", head, [_noted(entry, f'"{FILE}"', frozenset({'"_"'}), set())])
    return None


def _mcp_result(value: dict[str, Value]) -> WrappedResult | None:
    parts = value['"content"']
    if not isinstance(parts, list) or not value.keys() <= _MCP_FIELDS | {'"content"'}:
        return None
    result = _result(MCP_RESULT, "", [_mcp_part(part) for part in parts])
    if result is None:
        return None
    lines = [f"{key[1:-1]}: {_field(key, member, result)}\n" for key, member in value.items() if key != '"content"']
    return WrappedResult(result.name, "".join(lines), result.texts)


def _mcp_part(part: Value) -> tuple[str, str] | None:
    if not isinstance(part, dict) or part.get('"type"') != '"text"':
        return None
    return _noted(part, '"text"', _PART_FIELDS, {'"type"'})


def _text_object(value: dict[str, Value]) -> WrappedResult | None:
    name = next((key for key in _TEXT_KEYS if value.keys() == {f'"{key}"'}), None)
    return _result(name, "", [_noted(value, f'"{name}"', frozenset(), set())]) if name else None


def _answers(value: list[Value]) -> WrappedResult | None:
    entries = [entry for entry in value if isinstance(entry, dict) and entry.keys() >= {'"query"', '"success"'}]
    if len(entries) < len(value):
        return None
    return _result("result", "", [_noted(entry, '"result"', _ANSWER_FIELDS, set()) for entry in entries])


def _noted(value: dict[str, Value], text_key: str, noted: frozenset[str], said: set[str]) -> tuple[str, str] | None:
    """What the title says of the object's text, and the text; None where the object says more."""
    source = value.get(text_key)
    if not isinstance(source, str) or not source.startswith('"') or not value.keys() <= noted | said | {text_key}:
        return None
    notes = [f", {key[1:-1]} {compact(member)}" for key, member in value.items() if key in noted]
    return "".join(notes), str(json.loads(source))


def _field(key: str, value: Value, result: WrappedResult) -> str:
    """The field by its source; the text of the first part, alone or under one key, is not said again."""
    source = compact(value)
    if key != '"structuredContent"' or not isinstance(value, dict):
        return source
    text = result.texts[0][1]
    if _is_same_json(source, text):
        return _SAME_JSON
    if len(value) != 1:
        return source
    ((name, member),) = value.items()
    if isinstance(member, str) and member.startswith('"'):
        return f"{{{name}:{_SAME_TEXT}}}" if json.loads(member) == text else source
    return f"{{{name}:{_SAME_JSON}}}" if _is_same_json(compact(member), text) else source


def _is_same_json(source: str, text: str) -> bool:
    try:
        return compacted(text) == source
    except ValueError:
        return False
