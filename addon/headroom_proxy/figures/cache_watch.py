"""Whether the provider's prompt cache still finds what it was sent: the one thing that editing could spoil.

A request that begins with all of an earlier one promises that the provider has so much of it in its cache: the input
tokens of the earlier one, in steps of 128, from 1,024 on (OpenAI's prompt caching). A provider keeps that promise only
mostly: entries expire, machines change. So a warning takes all of this, and comes once a conversation:

- both requests were answered, the provider reported `cached_tokens` for the later one, and at least once in this
  conversation more than none: a provider without a cache, and a client that changes its instructions each turn, are
  not our doing;
- the later one was sent within 5 minutes of the earlier one, so the entry was used at most that long ago;
- it has at least as many input tokens: otherwise the server has dropped something (compaction, truncation);
- its cached tokens are less than half of what is promised;
- and so it was with the request before that could be compared, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STEP: Final = 128
LEAST: Final = 1024
EXPIRES_SECONDS: Final = 300.0
KEPT_SHARE: Final = 0.5
MISSES: Final = 2


def promised_tokens(input_before: int, input_now: int, seconds_between: float) -> int | None:
    """What the cache should hold of a request that begins with an earlier one; None where that cannot be said.

    One step less than the earlier one's: its last tokens may be those that ask for the answer.
    """
    promised = (input_before - STEP) // STEP * STEP
    if promised < LEAST or input_now < input_before or seconds_between > EXPIRES_SECONDS:
        return None
    return promised


@dataclass(slots=True)
class CacheWatch:
    """Of one conversation."""

    _has_hit: bool = False
    _misses: int = 0
    _has_warned: bool = False

    def is_worth_a_warning(self, promised: int | None, cached: int | None) -> bool:
        """Take the figures of the next answer; True once, when the rule above says so."""
        if cached is None:
            return False
        self._has_hit = self._has_hit or cached > 0
        if promised is None:
            return False
        self._misses = self._misses + 1 if cached < promised * KEPT_SHARE else 0
        if self._misses < MISSES or not self._has_hit or self._has_warned:
            return False
        self._has_warned = True
        return True
