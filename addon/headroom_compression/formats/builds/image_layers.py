"""Lines in which Docker tells of the layers of an image that it fetches or pushes: 4f4fb700ef54: Pull complete.

Not here: those of a layer that is tried again, the digest, the status.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_compression.formats.line_kinds import Forms

LAYERS = "layers of images"

_SIZE = r"[0-9.]{1,9} ?[kMG]?B"
_ENDED = r"Pull complete|Already exists|Pushed|Layer already exists|Mounted from \S{1,300}"
# 4f4fb700ef54 Downloading [====>      ]  1.049MB/30.2MB    4f4fb700ef54: Extracting 3 s
_BEGUN = (
    r"(?:Downloading|Extracting|Pushing)(?: {1,4}\[[=> ]{1,80}\])?"
    rf"(?: {{1,20}}(?:{_SIZE}(?:/{_SIZE})?|[0-9.]{{1,9}} ?s))?"
)
_STATE = rf"{_ENDED}|{_BEGUN}|Pulling fs layer|Waiting|Verifying Checksum|Download complete|Preparing"
LAYER_LINES: Forms = {LAYERS: (rf"[0-9a-f]{{12}}:? (?:{_STATE})",)}
_LAYER = re.compile(rf"\s{{0,24}}([0-9a-f]{{12}}):? (?:({_BEGUN})|{_STATE})\s{{0,9}}")


def last_of_open_layers(lines: Sequence[str], rows: Sequence[int]) -> set[int]:
    """Of the rows, which are of layers, the last one of each layer that was begun and of which no end is told."""
    found = [(row, match) for row in rows if (match := _LAYER.fullmatch(lines[row]))]
    last = {match[1]: (row, match[2]) for row, match in found}
    return {row for row, begun in last.values() if begun}
