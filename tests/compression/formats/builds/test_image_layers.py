"""Layers of images of which no end is told."""

from __future__ import annotations

from headroom_compression.formats.builds.image_layers import LAYER_LINES
from headroom_compression.formats.builds.image_layers import last_of_open_layers
from headroom_compression.formats.line_kinds import LineKinds

LINES = [
    "4f4fb700ef54: Pulling fs layer",
    "1ecbeeb60100: Pulling fs layer ",
    " 4f4fb700ef54 Downloading [====>      ]  1.049MB/30.2MB",
    "1ecbeeb60100: Downloading [=>         ] 41.12 MB/49.36 MB",
    "4f4fb700ef54: Download complete",
    "4f4fb700ef54: Pull complete",
    "94da5ab8d25a: Already exists",
]


def test_the_last_line_of_a_layer_without_an_end() -> None:
    assert last_of_open_layers(LINES, range(len(LINES))) == {3}


def test_lines_of_layers() -> None:
    kinds = LineKinds(LAYER_LINES)
    others = ["4f4fb700ef54: Retrying in 3 seconds", "web-1 Pulling", "Digest: sha256:4f4fb700ef54", "unexpected EOF"]
    assert all(map(kinds.kind_of, map(str.strip, LINES)))
    assert not any(map(kinds.kind_of, others))
