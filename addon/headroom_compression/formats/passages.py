"""Lines of a text that a program of their own wrote, such as one step in the log of a CI."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_compression.record import record


@record
class Passage:
    """start: the number, from 0, of the first line in the text. lines: one for each of them, as the program wrote it.

    command: what may have written them. producer: its words, where the lines may be those of a log.
    """

    start: int
    lines: Sequence[str]
    command: str
    producer: tuple[str, ...] = ()
