"""Reading back what `write` wrote, from the written text alone and without its code.

The end is compact JSON: where it is what `compacted` makes of the JSON as it stood, nothing was lost, for all keys,
numbers and strings stand there by their source and in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from headroom_compression.formats.tables.compact_json import compacted
from headroom_compression.formats.tables.compact_json import token_end
from headroom_compression.formats.tables.compact_json import value_end
from headroom_compression.record import record

HEADER_EVERY = 50
# One line too many: head, header and fifty rows, and a header without rows.
_ONLY_A_HEADER = 2
# 3 records {id,user:{login}}    issues.nodes: 3 records    7 JSON lines {id}
HEAD = re.compile(r"(?:([^ ].*): )?([1-9][0-9]{0,8}) (records|JSON lines)(?: (\{.*\}))?")
_PLACE = re.compile(r"\[([1-9][0-9]{0,8}) records below\]")
# `https://host/issues/${number}`
_TEMPLATE = re.compile(r"`([^`$]*)\$\{([^`{}]*)\}([^`$]*)`")
_NAME = re.compile(r"[A-Za-z_@$][A-Za-z0-9_@$-]*")
_SCALAR = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


@record
class _Cell:
    pass


@record
class _Template:
    before: str
    source: str
    after: str


@record
class _List:
    members: _Members


@record
class _Object:
    members: _Members
    may_be_missing: bool


_Member: TypeAlias = str | _Cell | _Template | _List | _Object
_Members: TypeAlias = list[tuple[str, _Member]]


def read_back(text: str) -> str:
    """The documents that the text stands for, as `compacted` gives them."""
    lines = text.split("\n")
    head = HEAD.fullmatch(lines[0])
    if head and head.group(1) is None:
        records = _read_table(lines)
        return "\n".join(records) if head.group(3) == "JSON lines" else f"[{','.join(records)}]"
    if "" not in lines:
        return compacted(text)
    tables = [block.split("\n") for block in text.split("\n\n")]
    outer = tables.pop(0)[0]
    value, stop = _outer(outer, 0, (), tables)
    if tables or stop != len(outer) or not text.startswith(f"{outer}\n\n"):
        raise ValueError("a table without its place")
    return value


def read_shape(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The columns of a table with that head, and the name and value of what the head says of all its records."""
    members, _ = _members(text, 0)
    return list(_columns(members, "")), list(_constants(members, ""))


def _outer(text: str, start: int, path: tuple[str, ...], tables: list[list[str]]) -> tuple[str, int]:
    """The value at `start` with its tables in their places, and where it ends."""
    place = _PLACE.match(text, start)
    if place:
        head = HEAD.fullmatch(tables[0][0]) if tables else None
        if head is None or head.groups()[:3] != (".".join(path), place.group(1), "records"):
            raise ValueError("a place without its table")
        return f"[{','.join(_read_table(tables.pop(0)))}]", place.end()
    if text.startswith("[{", start):
        return _outer_list(text, start, path, tables)
    if text[start] != "{" or text[start + 1] == "}":
        stop = value_end(text, start)
        return text[start:stop], stop
    members: list[str] = []
    stop = start
    while text[stop] != "}":
        if text[stop] != ("," if members else "{"):
            raise ValueError("no comma between members")
        colon = token_end(text, stop + 1)
        key = text[stop + 1 : colon]
        value, stop = _outer(text, colon + 1, (*path, _shown_key(key)), tables)
        members.append(f"{key}{text[colon]}{value}")
    return "{" + ",".join(members) + "}", stop + 1


def _outer_list(text: str, start: int, path: tuple[str, ...], tables: list[list[str]]) -> tuple[str, int]:
    """The list at `start`, its entries named by their numbers, from 0 on."""
    found: list[str] = []
    stop = start
    while text[stop] != "]":
        if text[stop] != ("," if found else "["):
            raise ValueError("no comma between entries")
        value, stop = _outer(text, stop + 1, (*path, str(len(found))), tables)
        found.append(value)
    return f"[{','.join(found)}]", stop + 1


def _read_table(lines: list[str]) -> list[str]:
    """The records of a table, as compact JSON."""
    head = HEAD.fullmatch(lines[0])
    if head is None:
        raise ValueError("no head")
    shape = head.group(4) or f"{{{lines[1]}}}"
    members, stop = _members(shape, 0)
    names = list(_columns(members, ""))
    header = ",".join(names)
    block = HEADER_EVERY + 1
    rows = [row for place, row in enumerate(lines[1:]) if place % block]
    if set(lines[1::block]) != {header} or len(rows) != int(head.group(2)) or len(lines) % block == _ONLY_A_HEADER:
        raise ValueError("another header or another number of rows")
    if stop != len(shape):
        raise ValueError("more than keys in the head")
    return [_record(members, "", dict(zip(names, split_row(row), strict=True))) for row in rows]


def _members(text: str, start: int) -> tuple[_Members, int]:
    """The members that the braces at `start` list, and where they end."""
    members: _Members = []
    place = start
    while text[place] != "}":
        key, place = _key(text, place + 1)
        is_optional = text[place] == "?"
        member: _Member = _Cell()
        if text[place + is_optional] == ":":
            member, place = _member(text, place + is_optional + 1, is_optional=is_optional)
        if text[place] not in {",", "}"}:
            raise ValueError("no comma between keys")
        members.append((key, member))
    return members, place + 1


def _member(text: str, start: int, *, is_optional: bool) -> tuple[_Member, int]:
    has_null = text.startswith("null|{", start)
    brace = start + len("null|") * has_null
    if text.startswith("`", start):
        return _template(text, start)
    if text[brace] == "{" and text[brace + 1] != "}":
        members, stop = _members(text, brace)
        return _Object(members, is_optional or has_null), stop
    if text.startswith("[{", start) and _NAME.match(text, start + 2):
        members, stop = _members(text, start + 1)
        if text[stop] != "]":
            raise ValueError("a bracket is not closed")
        return _List(members), stop + 1
    stop = value_end(text, start)
    return text[start:stop], stop


def _template(text: str, start: int) -> tuple[_Member, int]:
    match = _TEMPLATE.match(text, start)
    if match is None:
        raise ValueError("no template")
    return _Template(*match.groups()), match.end()


def _key(text: str, start: int) -> tuple[str, int]:
    if text[start] == '"':
        stop = token_end(text, start)
        return text[start:stop], stop
    match = _NAME.match(text, start)
    if match is None:
        raise ValueError("no key")
    return f'"{match.group()}"', match.end()


@lru_cache(maxsize=256)  # the same few for each record
def _shown_key(key: str) -> str:
    return key[1:-1] if _NAME.fullmatch(key[1:-1]) else key


def _columns(members: _Members, path: str) -> Iterator[str]:
    for key, member in members:
        name = path + _shown_key(key)
        match member:
            case _Cell():
                yield name
            case _List():
                yield name + _list_name(member)
            case _Object():
                yield from _columns(member.members, f"{name}.")


def _constants(members: _Members, path: str) -> Iterator[tuple[str, str]]:
    for key, member in members:
        if isinstance(member, str):
            yield path + _shown_key(key), member
        elif isinstance(member, _Object):
            yield from _constants(member.members, f"{path}{_shown_key(key)}.")


def _list_name(member: _List) -> str:
    return f"[{','.join(_shown_key(key) for key, kind in member.members if isinstance(kind, _Cell))}]"


def _record(members: _Members, path: str, cells: Mapping[str, str]) -> str:
    parts: list[str] = []
    for key, member in members:
        name = path + _shown_key(key)
        value: str | None = None
        match member:
            case _Cell():
                value = _json(cells[name])
            case _Template(before, source, after):
                value = f'"{before}{_text_of(cells[source])}{after}"'
            case _List():
                value = _records(member, cells[name + _list_name(member)])
            case _Object():
                value = _object(member, f"{name}.", cells)
            case str():
                value = member
        if value:
            parts.append(f"{key}:{value}")
    return "{" + ",".join(parts) + "}"


def _object(member: _Object, path: str, cells: Mapping[str, str]) -> str:
    values = [cells[name] for name in _columns(member.members, path)]
    if member.may_be_missing and values[0] in {"", "null"}:
        if len(set(values)) > 1:
            raise ValueError("an object half there")
        return values[0]
    return _record(member.members, path, cells)


def _records(member: _List, cell: str) -> str:
    """The list of records of a cell such as `[["bug","f00"],["ui","0f0"]]`, or `["bug","ui"]` where one key differs."""
    if cell in {"", "null"}:
        return cell
    names = [key for key, kind in member.members if isinstance(kind, _Cell)]
    records = []
    for entry in entries(cell):
        values = dict(zip(names, [entry] if len(names) == 1 else entries(entry), strict=True))
        pairs = (f"{key}:{kind if isinstance(kind, str) else values[key]}" for key, kind in member.members)
        records.append("{" + ",".join(pairs) + "}")
    return f"[{','.join(records)}]"


def entries(array: str) -> Iterator[str]:
    """The entries of a list that is written without blanks."""
    place = 0
    while array != "[]" and place < len(array) - 1:
        if array[place] != ("," if place else "["):
            raise ValueError("no list")
        stop = value_end(array, place + 1)
        yield array[place + 1 : stop]
        place = stop
    if array[place:] != ("]" if place else "[]"):
        raise ValueError("no list")


def split_row(row: str) -> Iterator[str]:
    """The cells of a row."""
    if not ('"' in row or "{" in row or "[" in row):
        yield from row.split(",")
        return
    start = 0
    while True:
        stop = value_end(row, start) if row[start : start + 1] in ('"', "{", "[") else row.find(",", start)
        stop = len(row) if stop < 0 else stop
        yield row[start:stop]
        if stop == len(row):
            return
        if row[stop] != ",":
            raise ValueError("no comma between cells")
        start = stop + 1


def _json(cell: str) -> str:
    return cell if cell[:1] in ("", '"', "{", "[") or _SCALAR.fullmatch(cell) else f'"{cell}"'


def _text_of(cell: str) -> str:
    return cell[1:-1] if cell.startswith('"') else cell
