"""Which of several texts of an output counts as what its call printed."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Part
from headroom_compression.document import parts_of


def parts_among(texts: Sequence[str], call: ToolCall | None) -> list[Part]:
    """The place of each text among those that hold more than a client's header."""
    if len(texts) == 1:
        return [Part.ONLY]
    has_content = [bool(parts_of(text, call)[1]) for text in texts]
    first = has_content.index(True) if any(has_content) else 0
    main = Part.ONLY if sum(has_content) <= 1 else Part.FIRST
    return [main if position == first else Part.LATER for position in range(len(texts))]
