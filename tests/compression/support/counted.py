"""How much work a text takes, without a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


class CountedRows(list[Any]):
    """Rows that count how many of them are taken, put or deleted in slices."""

    count_of_slices = 0

    def __getitem__(self, key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204  the signature is that of list
        self._count(key)
        return super().__getitem__(key)

    def __setitem__(self, key, value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204  as above
        self._count(key)
        super().__setitem__(key, value)

    def __delitem__(self, key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204  as above
        self._count(key)
        super().__delitem__(key)

    def _count(self, key: object) -> None:
        if isinstance(key, slice):
            self.count_of_slices += len(range(*key.indices(len(self))))


def count_characters(work: Callable[[], object]) -> int:
    """The characters of all strings that have a method called, but one that looks at their start only."""
    count = 0

    def profile(_frame: FrameType, event: str, called: object) -> None:
        nonlocal count
        owner = getattr(called, "__self__", None)
        if event == "c_call" and isinstance(owner, str) and getattr(called, "__name__", "") != "startswith":
            count += len(owner)

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
