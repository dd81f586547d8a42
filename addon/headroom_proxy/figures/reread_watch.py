"""Whether agents read again what markers stand for, as requests pass by; `measuring.rereads` of the report defines it.

It is given the outputs of a request after that has gone on, and changes nothing that is sent.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import accumulate
from itertools import count
from typing import TYPE_CHECKING
from typing import Final

from headroom_report.values.rereads import NO_REREADS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headroom_proxy.figures.lineage import Point
    from headroom_report.measuring.rereads import SeenLines
    from headroom_report.measuring.rereads import Text
    from headroom_report.values.rereads import Rereads

MAX_CONVERSATIONS: Final = 40  # at 0.6 MB at most
MAX_LENGTH_AT_ONCE: Final = 200_000  # characters, 4 ms; of a longer history that comes at once only the end counts


class RereadWatch:
    """Keeps what the outputs of the latest conversations showed."""

    def __init__(self) -> None:
        self._steps = count(1)
        self._seen: OrderedDict[int, tuple[int, SeenLines]] = OrderedDict()

    def __len__(self) -> int:
        """How many conversations are kept."""
        return len(self._seen)

    def add(self, before: Point | None, point: Point, outputs: Sequence[Sequence[Text]]) -> Rereads:
        """Take the new outputs of a request; return what is to be added to the sums of its conversation.

        A branch, or a conversation that was seen too long ago, counts from here on, as if it began here.
        """
        if not outputs or not point.conversation:
            point.outputs_step = before.outputs_step if before else 0
            return NO_REREADS
        from headroom_report.measuring.rereads import SeenLines  # noqa: PLC0415  by now the core has most of it

        step, seen = self._seen.pop(point.conversation, (0, SeenLines()))
        if step != (before.outputs_step if before else 0):
            seen = SeenLines()
        point.outputs_step = next(self._steps)
        self._seen[point.conversation] = point.outputs_step, seen
        if len(self._seen) > MAX_CONVERSATIONS:
            self._seen.popitem(last=False)
        return sum((seen.add(texts) for texts in _last(outputs)), NO_REREADS)


def _last(outputs: Sequence[Sequence[Text]]) -> Sequence[Sequence[Text]]:
    """The last outputs, of MAX_LENGTH_AT_ONCE characters at most; the very last one in any case."""
    lengths = accumulate(sum(len(came) for came, _ in texts) for texts in reversed(outputs))
    fitting = sum(length <= MAX_LENGTH_AT_ONCE for length in lengths)
    return outputs[-max(fitting, 1) :]
