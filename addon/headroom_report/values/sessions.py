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

_ID_LENGTH = 8  # characters at the end of an id


@dataclass(frozen=True, slots=True)
class Stretch:
    """A history that only grows at its end. ends: of each request the number of items it has, in ascending order.

    copied: how many items at the beginning another session had sent already.
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
    """A name that the user recognises: `2026-11-25 19:11 project 5e3bed36`. What is no text is left out.

    began: a time in ISO 8601. folder: where the agent worked. own_id: its end tells sessions apart.
    """
    time = began[:16].replace("T", " ") if isinstance(began, str) else ""
    place = re.split(r"[/\\]", folder.rstrip("/\\"))[-1] if isinstance(folder, str) else ""
    return " ".join(filter(None, (time, place, own_id[-_ID_LENGTH:])))
