"""How much agents read again of what markers stood for, and of what stood in sight; `measuring.rereads` defines it.

A check of quality that needs no model: an agent that cannot use a marker reads again what it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass

WITHIN_CALLS = 20
# A conversation is worth a warning from three times its baseline on, and from so many outputs on that read again.
_SUSPICIOUS = 3.0
_LEAST_OUTPUTS = 5
_LEAST_IN_SIGHT = 50  # lines: of fewer no share can be told


@dataclass(frozen=True, slots=True)
class ShownLines:
    """Lines that outputs showed, and how many of them were read again."""

    lines: int = 0
    again: int = 0

    def __add__(self, other: ShownLines) -> ShownLines:
        return ShownLines(self.lines + other.lines, self.again + other.again)

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where no line was shown."""
        return self.again / self.lines if self.lines else 0.0


@dataclass(frozen=True, slots=True)
class Rereads:
    """behind: lines that markers stood for. in_sight: lines that were there. first, later: first and later sights.

    outputs: how many outputs read again what stood behind markers.
    """

    first_behind: ShownLines = ShownLines()
    later_behind: ShownLines = ShownLines()
    first_in_sight: ShownLines = ShownLines()
    later_in_sight: ShownLines = ShownLines()
    outputs: int = 0

    def __add__(self, other: Rereads) -> Rereads:
        return Rereads(
            self.first_behind + other.first_behind,
            self.later_behind + other.later_behind,
            self.first_in_sight + other.first_in_sight,
            self.later_in_sight + other.later_in_sight,
            self.outputs + other.outputs,
        )

    @property
    def behind(self) -> ShownLines:
        return self.first_behind + self.later_behind

    @property
    def in_sight(self) -> ShownLines:
        return self.first_in_sight + self.later_in_sight

    @property
    def baseline(self) -> float:
        """The share of lines in sight that was read again, with first and later sights weighted as behind markers.

        What was looked at twice is looked at again more often, and pointers stand for such lines only.
        """
        first, later = self.first_behind.lines, self.later_behind.lines
        if not first + later:
            return self.in_sight.share
        return (first * self.first_in_sight.share + later * self.later_in_sight.share) / (first + later)

    @property
    def is_suspicious(self) -> bool:
        """Whether lines behind markers are read again far more often than those in sight, of which enough are known."""
        pairs = ((self.first_behind, self.first_in_sight), (self.later_behind, self.later_in_sight))
        is_known = all(sight.lines >= _LEAST_IN_SIGHT for behind, sight in pairs if behind.lines)
        return is_known and self.outputs >= _LEAST_OUTPUTS and self.behind.share >= _SUSPICIOUS * self.baseline


NO_REREADS = Rereads()
