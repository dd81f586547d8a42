"""How many examples the promises have: all where a change lands, a quarter of them in every other run."""

from __future__ import annotations

import os

_DIVISORS = {"repeatable": 4}


def examples(number: int) -> int:
    """So many with HYPOTHESIS_PROFILE=thorough, as `.ci/run` has it on the newest Python, and =exploring."""
    return number // _DIVISORS.get(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"), 1)
