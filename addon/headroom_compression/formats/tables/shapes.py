"""What records have in common: keys in their order, values that are the same in all, and texts made of others.

{id,state:"open",user:{login,id},assignee:null|{login},labels:[{name}],url:`https://host/issues/${id}`}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from headroom_compression.formats.tables.json_values import Value
from headroom_compression.formats.tables.json_values import compact
from headroom_compression.record import record

Record: TypeAlias = "dict[str, Value]"

# Records of more kinds than that are not the rows of one table.
_MAX_KEY_ORDERS = 50
_DEEPEST_FIELDS = 3
# "user"  "created_at"  "@timestamp"
_PLAIN_KEY = re.compile(r'"([A-Za-z_@$][A-Za-z0-9_@$-]{0,60})"')


@record
class Cell:
    """A column of its own."""


@record
class Constant:
    """What stands in the head for all records: a value, or a template of the text."""

    text: str


@record
class RecordRows:
    """A list of records that all have these keys, written as lists of the values that differ; or null, or absent."""

    members: dict[str, Cell | Constant]

    @property
    def keys(self) -> list[str]:
        return [key for key, member in self.members.items() if isinstance(member, Cell)]


@record
class Fields:
    """An object, its keys in their order. Where it may be null or absent, its first column is neither."""

    members: dict[str, Shape]
    may_be_null: bool = False
    may_be_absent: bool = False


Shape: TypeAlias = Cell | Constant | RecordRows | Fields


def shape_of(records: Sequence[Record], *, nested: bool) -> Fields | None:
    """The shape of the records; None where their keys stand in contradicting orders. `nested`: look into objects."""
    return _fields(records, 1 if nested else _DEEPEST_FIELDS)


def key_text(key: str) -> str:
    """The key as a table shows it: without quotes where it is one word."""
    plain = _PLAIN_KEY.fullmatch(key)
    return plain.group(1) if plain else key


def described(shape: Shape) -> str:
    match shape:
        case Constant(text):
            return text
        case RecordRows(members):
            return f"[{described(Fields(dict(members)))}]"
        case Fields(members, may_be_null=may_be_null):
            listed = ",".join(_described_member(key, member) for key, member in members.items())
            return f"{'null|' * may_be_null}{{{listed}}}"
    return ""


def columns(shape: Fields, path: str = "") -> Iterator[str]:
    """The names of the columns."""
    for key, member in shape.members.items():
        name = path + key_text(key)
        match member:
            case Cell():
                yield name
            case RecordRows():
                yield f"{name}[{','.join(map(key_text, member.keys))}]"
            case Fields():
                yield from columns(member, f"{name}.")


def _described_member(key: str, shape: Shape) -> str:
    name = key_text(key) + "?" * (isinstance(shape, Fields) and shape.may_be_absent)
    return name if isinstance(shape, Cell) else f"{name}:{described(shape)}"


def _fields(records: Sequence[Record], depth: int) -> Fields | None:
    keys = _key_order(records)
    return None if keys is None else Fields({key: _shape(key, records, depth) for key in keys})


def _key_order(records: Sequence[Record]) -> list[str] | None:
    """All keys, in an order that each record keeps; None where two records contradict each other."""
    orders = list(dict.fromkeys(map(tuple, records)))
    if not orders or len(orders) > _MAX_KEY_ORDERS:
        return None
    keys: list[str] = max(([*order] for order in orders), key=len)
    for order in orders:
        place = 0
        for key in order:
            if key not in keys:
                keys.insert(place, key)
            place = keys.index(key) + 1
    places = {key: place for place, key in enumerate(keys)}
    is_kept = all(places[one] < places[other] for order in orders for one, other in pairwise(order))
    return keys if is_kept else None


def _shape(key: str, records: Sequence[Record], depth: int) -> Shape:
    values = [record[key] for record in records if key in record]
    if values and len(values) == len(records):
        first = compact(values[0])
        if all(compact(value) == first for value in values):  # mostly the second one differs
            return Constant(first)
    objects = [value for value in values if isinstance(value, dict)]
    if objects and depth < _DEEPEST_FIELDS and len(objects) + values.count("null") == len(values):
        return _object(objects, depth, has_null="null" in values, is_absent=len(values) < len(records))
    return _rows(values) or Cell()


def _object(objects: list[Record], depth: int, *, has_null: bool, is_absent: bool) -> Shape:
    fields = _fields(objects, depth + 1)
    if fields is None:
        return Cell()
    if not has_null and not is_absent:
        return fields
    key, first = next(
        ((key, member) for key, member in fields.members.items() if not isinstance(member, Constant)), ("", None)
    )
    if not isinstance(first, Cell) or any(item.get(key, "null") == "null" for item in objects):
        return Cell()
    return Fields(fields.members, has_null, is_absent)


def _rows(values: list[Value]) -> RecordRows | None:
    entries = [entry for value in values if isinstance(value, list) for entry in value]
    records = [entry for entry in entries if isinstance(entry, dict)]
    others = [value for value in values if not isinstance(value, list)]
    if not records or len(records) < len(entries) or others.count("null") < len(others):
        return None
    keys = tuple(records[0])
    if not keys or not all(map(_PLAIN_KEY.fullmatch, keys)) or any(tuple(record) != keys for record in records):
        return None
    texts = {key: {compact(record[key]) for record in records} for key in keys}
    differ = any(len(found) > 1 for found in texts.values())
    return RecordRows(
        {key: Constant(found.pop()) if differ and len(found) == 1 else Cell() for key, found in texts.items()}
    )
