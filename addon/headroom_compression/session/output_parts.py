"""Which of the texts of an output is the one that its call is known by."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_compression.client_text import split_header
from headroom_compression.document import Part


def parts_of(texts: Sequence[str]) -> list[Part]:
    """The place of each text among those that hold more than a client's header."""
    if len(texts) == 1:
        return [Part.ONLY]
    has_content = [bool(split_header(text)[1]) for text in texts]
    first = has_content.index(True) if any(has_content) else 0
    main = Part.ONLY if sum(has_content) <= 1 else Part.FIRST
    return [main if position == first else Part.LATER for position in range(len(texts))]
