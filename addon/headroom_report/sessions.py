"""A recorded session, whatever program wrote it: the items, and which of them each request sent."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from headroom_report.items import Item
from headroom_report.items import request_ends
from headroom_report.savings import Usage


@dataclass(frozen=True, slots=True)
class Stretch:
    """A history that grows at its end only. ends: how many of the items each request has, in ascending order.

    copied: how many items at its beginning another session had sent already.
    """

    items: Sequence[Item]
    ends: Sequence[int]
    copied: int = 0

    @classmethod
    def of(cls, items: Sequence[Item]) -> Stretch:
        """The requests that an agent sends on the way to these items."""
        return cls(items, request_ends(items))


@dataclass(frozen=True, slots=True)
class Session:
    """kind: the program or format it comes from. stretches: more than one where the client rewrote its history.

    fixed: texts that every request has beside its items. options: members of the requests that matter to the core.
    """

    name: str
    kind: str
    stretches: Sequence[Stretch]
    fixed: Sequence[str] = ()
    options: Mapping[str, object] = field(default_factory=dict)
    usage: Usage | None = None
