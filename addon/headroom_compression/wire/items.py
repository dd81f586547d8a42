"""The one table of the input items that hold tool text, and where in them it lies.

Item types are those of the Responses API (openai-python 3.54, `ResponseInputItem`). What the server made (mcp_call,
code_interpreter_call, file_search_call, program_output), what the model or the user wrote, and every type not named
here stays as it is. So does `local_shell_call_output`, whose output must stay JSON in a string.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping

import orjson

from headroom_compression.record import record
from headroom_compression.wire.json_spans import Span
from headroom_compression.wire.json_spans import array_entries
from headroom_compression.wire.json_spans import object_members


@record
class OutputShape:
    """`string`: whether `output` may be one text. `part_types`: which entries of a list hold text, under which keys."""

    string: bool
    part_types: tuple[str, ...]
    keys: tuple[str, ...]


# The API's own type of these parts is input_text. Clients of other servers send those of messages: MCP's, and the
# model's, whose annotations count the characters of the text.
_TEXT_OR_PARTS = OutputShape(string=True, part_types=("input_text", "text", "output_text"), keys=("text",))
_OUTPUT = ',"output":'
_BARE_PART = frozenset({"type", "text"})
TOOL_OUTPUTS = {
    "function_call_output": _TEXT_OR_PARTS,
    "custom_tool_call_output": _TEXT_OR_PARTS,
    "shell_call_output": OutputShape(string=False, part_types=(), keys=("stdout", "stderr")),
}
CALLS = frozenset({"function_call", "custom_tool_call", "shell_call", "local_shell_call"})
# After one of these the model no longer sees what stood before it. Codex has the second, and the third for the first.
COMPACTIONS = frozenset({"compaction", "context_compaction", "compaction_summary"})
# How OpenAI's ids of them begin. A client may name one that the server holds by its id alone.
_ID_OF_COMPACTION = "cmp_"
_REFERENCES = (None, "item_reference")
# Those of what is no call and no output: reasoning and messages.
_IDS_OF_WORDS = ("rs_", "msg_")


@record
class ParsedItem:
    """is_whole: False when something in it is more than orjson reads, and `members` has its strings only."""

    type: str
    members: Mapping[str, object]
    is_whole: bool


def item_of(value: object) -> ParsedItem:
    """The item that orjson reads as this value; of type "" what is no object."""
    members = value if isinstance(value, dict) else {}
    return ParsedItem(type_of(members), members, is_whole=True)


def read_item(text: str, body: bytes, span: Span) -> ParsedItem:
    """The item at `span` of a body that orjson refuses, for a lone surrogate, for example."""
    try:
        return item_of(orjson.loads(body[span.start : span.stop]))
    except ValueError:
        members = _string_members(text, span)
        return ParsedItem(type_of(members), members, is_whole=False)


def type_of(members: Mapping[str, object]) -> str:
    """The type of an item, or of an object in one; "" for none, and for what is no string: schemas have lists there."""
    named = members.get("type")
    return named if isinstance(named, str) else ""


def is_compaction(members: Mapping[str, object]) -> bool:
    """Whether the model no longer sees what stands before the item."""
    named = _named(members)
    return type_of(members) in COMPACTIONS or (named is not None and named.startswith(_ID_OF_COMPACTION))


def may_name_an_output(members: Mapping[str, object]) -> bool:
    """Whether the item stands for one that the server holds and that may be any call or any output."""
    named = _named(members)
    return named is not None and not named.startswith(_IDS_OF_WORDS)


def _named(members: Mapping[str, object]) -> str | None:
    """The id of the item that the server holds, where an item is nothing but that."""
    if members.get("type") not in _REFERENCES or "role" in members:
        return None
    named = members.get("id")
    return named if isinstance(named, str) else None


def _string_members(text: str, span: Span) -> dict[str, object]:
    """The members that are strings, a lone surrogate in them replaced by a question mark."""
    members = object_members(text, span.start) if text[span.start] == "{" else None
    strings = {key: value for key, value in (members or {}).items() if text[value.start] == '"'}
    literals = {key: text[value.start : value.stop].encode("latin-1") for key, value in strings.items()}
    return {key: json.loads(literal).encode(errors="replace").decode() for key, literal in literals.items()}


def tool_text_spans(text: str, item: Span, item_type: str) -> list[Span]:
    """Spans of the string literals that hold tool text, in the order of the bytes.

    Empty for an item that is no tool output, has another shape than the table says, or names a key twice.
    """
    shape = TOOL_OUTPUTS.get(item_type)
    members = object_members(text, item.start) if shape else None
    output = members.get("output") if members else None
    if shape is None or output is None:
        return []
    if text[output.start] == '"':
        return [output] if shape.string else []
    if text[output.start] != "[":
        return []
    spans: list[Span] = []
    for part in array_entries(text, output.start)[0]:
        spans += _part_spans(text, part, shape)
    return spans


def plain_text_span(span: Span, item: ParsedItem) -> Span | None:
    """The span of the text of an item that stands there as orjson writes it; None where it is another kind of item.

    The text is what stands between the other members and the end.
    """
    shape, members = TOOL_OUTPUTS.get(item.type), item.members
    is_text = shape is not None and shape.string and isinstance(members.get("output"), str)
    if not is_text or [*members][-1] != "output":
        return None
    others = orjson.dumps({key: value for key, value in members.items() if key != "output"})
    return Span(span.start + len(others) - 1 + len(_OUTPUT), span.stop - 1)


def _part_spans(text: str, part: Span, shape: OutputShape) -> Iterator[Span]:
    members = object_members(text, part.start) if text[part.start] == "{" else None
    if members is None or (shape.part_types and not _is_text_part(text, members, shape.part_types)):
        return
    for key, span in members.items():
        if key in shape.keys and text[span.start] == '"':
            yield span


def _is_text_part(text: str, members: Mapping[str, Span], types: tuple[str, ...]) -> bool:
    own, *others = types
    return _is_string(text, members.get("type"), own) or (
        members.keys() == _BARE_PART and any(_is_string(text, members["type"], other) for other in others)
    )


def _is_string(text: str, span: Span | None, expected: str) -> bool:
    return span is not None and text[span.start : span.stop] == f'"{expected}"'
