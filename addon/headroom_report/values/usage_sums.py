"""What the provider reports of requests, in sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from headroom_compression import Usage


@dataclass(frozen=True, slots=True)
class UsageSum:
    """Tokens that the provider reported, summed over answers. cached: the part of the input that its cache had.

    untold: the part of the input of which it did not say how much its cache had.
    """

    input: int = 0
    cached: int = 0
    output: int = 0
    untold: int = 0

    @classmethod
    def of(cls, usage: Usage) -> Self:
        """Of one answer."""
        untold = usage.input if usage.cached is None else 0
        return cls(usage.input, usage.cached or 0, usage.output, untold)

    def __add__(self, other: UsageSum) -> UsageSum:
        return UsageSum(
            self.input + other.input,
            self.cached + other.cached,
            self.output + other.output,
            self.untold + other.untold,
        )

    def __sub__(self, other: UsageSum) -> UsageSum:
        return UsageSum(
            self.input - other.input,
            self.cached - other.cached,
            self.output - other.output,
            self.untold - other.untold,
        )

    @property
    def cached_share(self) -> float | None:
        """What the cache had, as a share of the input of which that is known; None where it is known of none."""
        known = self.input - self.untold
        return self.cached / known if known > 0 else None
