"""Records that share their keys, written as a table: the keys once, then a row for each record.

    issues: 4 records {id,state:"open",user:{login,id},labels:[{name,color}],url:`https://host/issues/${id}`,title}
    id,user.login,user.id,labels[name,color],title
    17,ada,4,[["bug","f00"]],"Crash, on start"
    18,bob,5,[],"007"
    19,ada,4,[["bug","f00"],["ui","0f0"]],
    20,eve,6,[],null

In the braces stand all keys in their order, those whose value is the same in all records with it. A cell is JSON;
a string stands without quotes where that leaves no doubt, and an absent key leaves its cell empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.formats.tables.json_values import Value
from headroom_compression.formats.tables.json_values import compact
from headroom_compression.formats.tables.shapes import Cell
from headroom_compression.formats.tables.shapes import Constant
from headroom_compression.formats.tables.shapes import Fields
from headroom_compression.formats.tables.shapes import Record
from headroom_compression.formats.tables.shapes import RecordRows
from headroom_compression.formats.tables.shapes import columns
from headroom_compression.formats.tables.shapes import described
from headroom_compression.formats.tables.shapes import key_text
from headroom_compression.formats.tables.shapes import shape_of
from headroom_compression.known_characters import is_printable

# The header stands again after so many rows: weak models lose the columns of long tables.
HEADER_EVERY = 50
_MIN_RECORDS = 4
# Wider rows are hard to count off.
_MAX_COLUMNS = 24
# A table with more than that share of empty cells is no table.
_MAX_ABSENT = 0.4
# A template has so many characters besides the cell it takes up: "/issues/", no chance likeness of two columns.
_MIN_TEMPLATE_LENGTH = 8
_MAX_TEMPLATE_LENGTH = 500
_TEMPLATE_SIGNS = frozenset("`$\\")
_MISSING = frozenset({"", "null"})
# Each column is held against each other one.
_MAX_COMPARED = 100
# 3  2024-01-31  1e5  +4
_LIKE_A_NUMBER = re.compile(r"[-+.]?[0-9][-+0-9.:eE_xX]*")
_LIKE_A_CONSTANT = frozenset({"true", "false", "null", "none", "nan", "infinity", "undefined", "nil"})


def table(values: Sequence[Value], name: str) -> list[str] | None:
    """The lines of the table; None where the values do not make one. `name` says what they are, as "3 records"."""
    records = [value for value in values if isinstance(value, dict)]
    if not _MIN_RECORDS <= len(records) == len(values) or not any(records):
        return None
    narrow = _narrow_shape(records, nested=True) or _narrow_shape(records, nested=False)
    if narrow is None:
        return None
    shape, rows = narrow
    header = list(columns(shape))
    # A row that is an empty line would look like the end of the table.
    if [""] in rows or sum(row.count("") for row in rows) > _MAX_ABSENT * len(rows) * len(header):
        return None
    return list(_lines(name, shape, header, rows))


def _narrow_shape(records: list[Record], *, nested: bool) -> tuple[Fields, list[list[str]]] | None:
    """A shape with few columns, and the rows of the records in it."""
    shape = shape_of(records, nested=nested)
    names = list(columns(shape)) if shape else []
    if shape is None or len(names) > _MAX_COMPARED:
        return None  # more columns than templates could spare
    rows = [list(_cells(shape, record)) for record in records]
    shape = _with_templates(shape, _templates(shape, names, rows), "")
    told = set(columns(shape))
    if not 1 <= len(told) <= _MAX_COLUMNS:
        return None
    places = [place for place, name in enumerate(names) if name in told]
    return shape, rows if len(told) == len(names) else [[row[place] for place in places] for row in rows]


def _lines(name: str, shape: Fields, header: list[str], rows: list[list[str]]) -> Iterator[str]:
    keys = ",".join(header)
    head = described(shape)
    yield name if head == f"{{{keys}}}" else f"{name} {head}"
    for number, row in enumerate(rows):
        if number % HEADER_EVERY == 0:
            yield keys
        yield ",".join(row)


def _cells(shape: Fields, record: Value | None) -> Iterator[str]:
    """The record's cells; as many "null" or "" as there are columns where it is null or absent."""
    if not isinstance(record, dict):
        yield from [(record and compact(record)) or ""] * len(list(columns(shape)))
        return
    for key, member in shape.members.items():
        value = record.get(key)
        match member:
            case Cell():
                yield "" if value is None else _cell(value)
            case RecordRows():
                yield _list_cell(member, value)
            case Fields():
                yield from _cells(member, value)


def _list_cell(rows: RecordRows, value: Value | None) -> str:
    if not isinstance(value, list):
        return (value and compact(value)) or ""
    records = [entry for entry in value if isinstance(entry, dict)]
    lists = [[record[key] for key in rows.keys] for record in records]
    return compact([values[0] for values in lists] if len(rows.keys) == 1 else list(lists))


def _cell(value: Value) -> str:
    text = compact(value)
    return text[1:-1] if text.startswith('"') and _is_plain(text[1:-1]) else text


def _is_plain(text: str) -> bool:
    """Whether the text of a string can stand without quotes: no blank at its ends, nothing that another value has."""
    return (
        is_printable(text)
        and text.strip() == text != ""
        and text[0] not in "[{'#"
        and '"' not in text
        and "," not in text
        and "\\" not in text
        and not _LIKE_A_NUMBER.fullmatch(text)
        and text.lower() not in _LIKE_A_CONSTANT
    )


def _templates(shape: Fields, names: list[str], rows: list[list[str]]) -> dict[str, str]:
    """By column: the template that gives its texts from another column's."""
    values = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    tellers = dict(_tellers(shape, "", ""))
    sources: set[str] = set()
    found: dict[str, str] = {}
    for name, teller in tellers.items():
        # Rows whose object is missing need no text.
        places = [place for place in range(len(rows)) if not teller or values[teller][place] not in _MISSING]
        texts = [values[name][place] for place in places]
        if name in sources or name in tellers.values() or len(texts) < _MIN_RECORDS or not _is_simple(texts[0]):
            continue
        for source in [other for other in tellers if other != name and other not in found]:
            template = _template(texts, (values[source][place] for place in places), source)
            if template:
                found[name] = template
                sources.add(source)
                break
    return found


def _template(texts: list[str], parts: Iterator[str], source: str) -> str | None:
    before, part, after = _text_of(texts[0]).partition(_text_of(next(parts)) or "`")
    if not part or not _MIN_TEMPLATE_LENGTH <= len(before + after) <= _MAX_TEMPLATE_LENGTH:
        return None
    same = (_text_of(text) == before + _text_of(part) + after for text, part in zip(texts[1:], parts, strict=True))
    return f"`{before}${{{source}}}{after}`" if all(same) and all(map(_is_simple, texts)) else None


def _is_simple(cell: str) -> bool:
    """Whether it is a string that means the same in a template."""
    is_string = cell.startswith('"') or not (
        cell[:1] in {"", "[", "{"} or cell in _LIKE_A_CONSTANT or _LIKE_A_NUMBER.fullmatch(cell)
    )
    return is_string and _TEMPLATE_SIGNS.isdisjoint(cell)


def _text_of(cell: str) -> str:
    return cell[1:-1] if cell.startswith('"') else cell


def _tellers(shape: Fields, path: str, teller: str) -> Iterator[tuple[str, str]]:
    """By column: the one that tells whether the object is there that it belongs to; "" where it always is."""
    for key, member in shape.members.items():
        name = path + key_text(key)
        if isinstance(member, Fields):
            is_optional = member.may_be_null or member.may_be_absent
            first = next(columns(member, f"{name}.")) if is_optional else teller
            yield from _tellers(member, f"{name}.", first)
        elif isinstance(member, Cell):
            yield name, teller


def _with_templates(shape: Fields, templates: dict[str, str], path: str) -> Fields:
    members = dict(shape.members)
    for key, member in shape.members.items():
        name = path + key_text(key)
        if isinstance(member, Fields):
            members[key] = _with_templates(member, templates, f"{name}.")
        elif name in templates:
            members[key] = Constant(templates[name])
    return Fields(members, shape.may_be_null, shape.may_be_absent)
