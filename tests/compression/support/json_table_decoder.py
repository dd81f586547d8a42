"""What the table form says, by a reader of its own that ends in values: numbers by their source, objects as pairs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

HEAD = re.compile(r"(?:.*: )?[0-9]+ (records|JSON lines)(?: (\{.*\}))?")


class Number(str):
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and str.__eq__(self, other)


DECODER = json.JSONDecoder(object_pairs_hook=tuple, parse_int=Number, parse_float=Number, strict=False)


def documents_of(text: str) -> list[Any]:
    """The documents of plain JSON."""
    values = []
    place = 0
    while text[place:].strip():
        place += len(text[place:]) - len(text[place:].lstrip())
        value, place = DECODER.raw_decode(text, place)
        values.append(value)
    return values


def decode(text: str) -> list[Any]:
    """The documents that a folded text stands for."""
    text = text.strip()
    head = HEAD.fullmatch(text.split("\n")[0])
    if head:
        records = decode_table(text.split("\n"))
        return records if head.group(1) == "JSON lines" else [records]
    first, *tables = text.split("\n\n")
    if not tables:
        return documents_of(text)
    places = re.sub(r"(?<=:)\[[0-9]+ records below\]", '["table below"]', first)
    return [with_tables(documents_of(places)[0], [decode_table(table.split("\n")) for table in tables])]


def with_tables(value: Any, tables: list[list[Any]]) -> Any:
    if value == ["table below"]:
        return tables.pop(0)
    if isinstance(value, tuple):
        return tuple((key, with_tables(member, tables)) for key, member in value)
    return value


def decode_table(lines: list[str]) -> list[Any]:
    head = HEAD.fullmatch(lines[0])
    assert head
    shape = parse_shape(head.group(2) or "{" + lines[1] + "}")
    rows = [line for line in lines[1:] if line != lines[1]]
    return [record_of(shape, parse_row(row)) for row in rows]


def parse_shape(text: str) -> Any:
    shape, rest = shape_at(text)
    assert rest == ""
    return shape


def shape_at(text: str) -> tuple[Any, str]:
    """("object", may be null, members), ("list", members), ("template", text), ("value", value), None for a cell."""
    if text.startswith("null|"):
        shape, rest = shape_at(text[len("null|") :])
        return ("object", True, shape[2]), rest
    if text.startswith("`"):
        template, rest = text[1:].split("`", 1)
        return ("template", template), rest
    if re.match(r"\[\{[A-Za-z_@$]", text):
        shape, rest = shape_at(text[1:])
        return ("list", shape[2]), rest[1:]
    if text.startswith("{") and not text.startswith("{}"):
        return object_at(text)
    value, stop = DECODER.raw_decode(text)
    return ("value", value), text[stop:]


def object_at(text: str) -> tuple[Any, str]:
    members = []
    rest = text
    while not rest.startswith("}"):
        key, rest = key_at(rest[1:])
        is_optional = rest.startswith("?")
        rest = rest.removeprefix("?")
        shape, rest = shape_at(rest[1:]) if rest.startswith(":") else (None, rest)
        members.append((key, shape, is_optional))
    return ("object", False, members), rest[1:]


def key_at(text: str) -> tuple[str, str]:
    if text.startswith('"'):
        key, stop = DECODER.raw_decode(text)
        return key, text[stop:]
    word = re.match(r"[^,:?}]+", text)
    assert word
    return word.group(), text[word.end() :]


def parse_row(row: str) -> list[str]:
    cells = []
    rest = row
    while True:
        stop = DECODER.raw_decode(rest)[1] if rest[:1] in {'"', "{", "["} else len(rest.split(",")[0])
        cells.append(rest[:stop])
        if stop == len(rest):
            return cells
        rest = rest[stop + 1 :]


def record_of(shape: Any, cells: list[str]) -> Any:
    names: dict[str, str] = {}
    rest = list(cells)
    name_cells(shape[2], "", rest, names)
    assert rest == []
    return build(shape[2], "", names)


def name_cells(members: Any, path: str, cells: list[str], names: dict[str, str]) -> None:
    for key, shape, _ in members:
        if shape is None or shape[0] == "list":
            names[path + shown(key)] = cells.pop(0)
        elif shape[0] == "object":
            name_cells(shape[2], path + shown(key) + ".", cells, names)


def shown(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_@$][A-Za-z0-9_@$-]*", key) else f'"{key}"'


def build(members: Any, path: str, names: Mapping[str, str]) -> Any:
    pairs = []
    for key, shape, is_optional in members:
        cell = names.get(path + shown(key), "")
        if shape is None:
            pairs += [(key, scalar(cell))] if cell else []
        elif shape[0] == "value":
            pairs.append((key, shape[1]))
        elif shape[0] == "template":
            source = re.search(r"\$\{(.*?)\}", shape[1])
            assert source
            pairs.append((key, shape[1].replace(source.group(), names[source.group(1)].strip('"'))))
        elif shape[0] == "list":
            entries = scalar(cell)
            if cell:
                pairs.append((key, entries and [entry_of(shape[1], entry) for entry in entries]))
        else:
            inner = [value for name, value in names.items() if name.startswith(f"{path}{shown(key)}.")]
            if set(inner) == {"null"} and shape[1]:
                pairs.append((key, None))
            elif set(inner) != {""} or not is_optional:
                pairs.append((key, build(shape[2], f"{path}{shown(key)}.", names)))
    return tuple(pairs)


def entry_of(members: Any, entry: Any) -> Any:
    columns = [key for key, shape, _ in members if shape is None]
    values = dict(zip(columns, [entry] if len(columns) == 1 else entry, strict=True))
    return tuple((key, shape[1] if shape else values[key]) for key, shape, _ in members)


def scalar(cell: str) -> Any:
    if cell[:1] in {'"', "{", "["} or re.fullmatch(r"true|false|null|-?[0-9][0-9.]*([eE][-+]?[0-9]+)?", cell):
        return DECODER.raw_decode(cell)[0]
    return cell
