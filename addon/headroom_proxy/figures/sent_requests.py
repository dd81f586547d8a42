"""A request from its sending to the end of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import TypeAlias

if TYPE_CHECKING:
    from headroom_compression import CompressionReport
    from headroom_proxy.answers.continuations import Scope
    from headroom_proxy.figures.lineage import Point
    from headroom_proxy.figures.totals import Totals

Counts: TypeAlias = dict[str, "int | float"]


class Timing(NamedTuple):
    """When a request was received and when it went on, in seconds of a monotonic clock."""

    received: float
    forwarded: float

    @property
    def milliseconds(self) -> float:
        return (self.forwarded - self.received) * 1000


class Origin(NamedTuple):
    """What a request belongs to: the scope of its exchange, and the id of the answer that it continues, "" for none."""

    scope: Scope
    continues: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A request until its answer has ended.

    totals: where it counts, even if later requests count elsewhere. before: the latest request that it begins with
    whose tokens were known when it was sent. counts: those in the metadata of its flow, None if it went on as it came.
    client: its name. scope: where the id of its answer is valid.
    """

    report: CompressionReport
    totals: Totals
    point: Point
    before: Point | None
    milliseconds: float
    counts: Counts | None
    client: str
    scope: Scope

    @property
    def is_shorter(self) -> bool:
        return self.counts is not None

    @property
    def keeps_what_was_sent(self) -> bool:
        """Whether what was sent of it begins with what was sent of the request before it."""
        return self.before is not None and self.before.checkpoints == self.point.checkpoints
