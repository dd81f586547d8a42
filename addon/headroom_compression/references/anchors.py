"""The line in sight next to a pointer, by which a reader knows where in a text he is."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]{2}")


def says_where(line: str) -> bool:
    """Whether it says anything: not an empty one, nor a bracket."""
    return _WORD.search(line) is not None
