"""Whether a table with gaps still says what must be known of its records: errors, statuses, ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

STATUSES = frozenset({"level", "severity", "state", "http.status_code"})
IDS = frozenset({"id", "number", "sha", "trace_id", "path", "line"})
# A record with another value under one of these keys tells of an error.
HARMLESS = {"level": frozenset({"INFO"}), "http.status_code": frozenset({200}), "error": frozenset({None})}


@dataclass(frozen=True)
class StillThere:
    """(there, all) of the records with an error or a warning, of the distinct statuses, of the records by their ids.

    An error is there when one row holds all its values; ids, when one row holds those of the record, and those of the
    objects in it stand somewhere.
    """

    errors: tuple[int, int]
    statuses: tuple[int, int]
    ids: tuple[int, int]

    @property
    def is_all(self) -> bool:
        return all(there == count for there, count in (self.errors, self.statuses, self.ids))

    def __str__(self) -> str:
        return ", ".join(f"{there} of {count}" for there, count in (self.errors, self.statuses, self.ids))


def still_there(answer: dict[str, Any], sent: str) -> StillThere:
    """Look for the records of an answer in the text that is sent for it: an error whole, in one row."""
    lists = [value for value in answer.values() if isinstance(value, list)]
    records = [record for rows in lists for record in rows]
    whole = [line for line in sent.split("\n") if not line.startswith("\t")]
    shared = [set.intersection(*(set(leaves(record)) for record in rows)) for rows in lists]
    errors = [
        set(leaves(record)) - same
        for rows, same in zip(lists, shared, strict=True)
        for record in rows
        if is_error(record)
    ]
    stand = sum(any(all(text_of(value) in line for _, value in error) for line in whole) for error in errors)
    statuses = {text_of(value) for record in records for key, value in leaves(record) if key in STATUSES}
    cells = [set(re.split(r"[\t,\"]", line)) for line in sent.split("\n")]
    everywhere = set().union(*cells)
    named = [
        ({text_of(record[key]) for key in IDS & record.keys()}, inner_ids(record))
        for record in records
        if IDS & record.keys()
    ]
    found = sum(inner <= everywhere and any(own <= row for row in cells) for own, inner in named)
    return StillThere((stand, len(errors)), (len(statuses & everywhere), len(statuses)), (found, len(named)))


def is_error(record: dict[str, Any]) -> bool:
    return any(key in HARMLESS and value not in HARMLESS[key] for key, value in leaves(record))


def leaves(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values of a record and of the objects in it by their keys, without lists."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from leaves(value)
        elif not isinstance(value, list):
            yield key, value


def inner_ids(record: dict[str, Any]) -> set[str]:
    inner = [value for value in record.values() if isinstance(value, dict)]
    return {text_of(value) for member in inner for key, value in leaves(member) if key in IDS}


def text_of(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
