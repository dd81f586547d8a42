"""A recorded session, whatever program wrote it: the items, and which of them each request sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from headroom_report.values.items import Item
from headroom_report.values.items import request_ends
from headroom_report.values.usage_sums import UsageSum

_OF_ID = 8


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
    usage: UsageSum | None = None


def name_of(began: object, folder: object, own_id: str) -> str:
    """A name that its user knows again: `2026-11-25 19:11 project 5e3bed36`. What is no text is left out.

    began: a time as ISO 8601 writes it. folder: where the agent worked. own_id: of which the end tells sessions apart.
    """
    time = began[:16].replace("T", " ") if isinstance(began, str) else ""
    place = re.split(r"[/\\]", folder.rstrip("/\\"))[-1] if isinstance(folder, str) else ""
    return " ".join(filter(None, (time, place, own_id[-_OF_ID:])))
