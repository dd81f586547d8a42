"""Whether the provider still gives the model its earlier reasoning: the other thing that editing could spoil.

Newer OpenAI models are not given reasoning of which the beginning has changed since it was made, and their answers say
so in `input_transformations` (reason `prefix_mismatch`; guide "Keep the prefix unchanged"). Each later answer repeats
it, so what counts is an item that is named for the first time. Where it has a known cause, it is only counted: outputs
that were put away, or a session of which earlier requests did not pass by here.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Reasoning items of a conversation, of which a hash of the id is kept. Further ones are not counted.
MAX_KNOWN: Final = 2_000


@dataclass(slots=True)
class ReasoningWatch:
    """Of one conversation. answers: how many have told of reasoning that was withheld.

    latest: when the latest request that was answered was sent, in seconds of a monotonic clock.
    """

    answers: int = 0
    latest: float = 0.0
    _known: set[int] = field(default_factory=set)
    _earlier: int = 0
    _has_warned: bool = False

    @property
    def withheld(self) -> int:
        """How many items, each once."""
        return self._earlier + len(self._known)

    def note(self, withheld: Sequence[str]) -> int:
        """Take the ids of items that an answer says were withheld; return how many of them are new."""
        before = len(self._known)
        for item in withheld:
            if len(self._known) < MAX_KNOWN:
                self._known.add(hash(item))
        self.answers += bool(withheld)
        return len(self._known) - before

    def is_worth_a_warning(self, new: int, *, is_promised: bool) -> bool:
        """True once. new: items named for the first time. is_promised: whether what stands before them was kept."""
        if not (new and is_promised) or self._has_warned:
            return False
        self._has_warned = True
        return True

    def add(self, other: ReasoningWatch) -> None:
        """Take the sums of a conversation that is not kept by itself any more."""
        self.answers += other.answers
        self._earlier += other.withheld
