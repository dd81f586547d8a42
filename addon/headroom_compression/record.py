"""Dataclasses that type checkers hold frozen.

At run time nothing keeps their fields from being set: a frozen dataclass sets each of them by a call, and a turn makes
so many that it takes 6% longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TypeVar
from typing import dataclass_transform

Class = TypeVar("Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[Class]) -> type[Class]:
    """Equal and hashable by its fields; slots, one for weak references: a report holds points of sessions by them."""
    return dataclass(slots=True, weakref_slot=True, unsafe_hash=True)(cls)
