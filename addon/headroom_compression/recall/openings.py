"""What level recall left out of a conversation so far, and what of it the model has opened since.

An agent that opens a stored original needs what was left out. Its output is then left whole, and from there on outputs
of that tool and kind are. All of it follows from the items, so that a restart changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import field
from dataclasses import replace
from types import MappingProxyType
from typing import Self

from headroom_compression.record import record

# The name of a stored original, as `stored_files` makes it.
_NAME = re.compile(r"\b[0-9a-f]{16}\.txt\b", re.ASCII)
_NOTHING: Mapping[str, frozenset[tuple[str, str]]] = MappingProxyType({})


@record
class Openings:
    """elided: by file name, the tools and kinds of what was left out; none for what was put away to make room.

    opened: ids of calls that open a file. refused: tools and kinds that are left whole from now on. put_away, reopened:
    names of the files of what was put away, and of those of them that were opened.
    """

    elided: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=lambda: _NOTHING)
    opened: frozenset[str] = frozenset()
    refused: frozenset[tuple[str, str]] = frozenset()
    put_away: frozenset[str] = frozenset()
    reopened: frozenset[str] = frozenset()

    def with_put_away(self, names: Sequence[str]) -> Self:
        known = {name: self.elided.get(name, frozenset()) for name in names}
        return replace(self, elided=MappingProxyType({**self.elided, **known}), put_away=self.put_away.union(names))

    def with_elided(self, name: str, tool: str, kind: str) -> Self:
        known = self.elided.get(name, frozenset())
        if (tool, kind) in known:
            return self
        return replace(self, elided=MappingProxyType({**self.elided, name: known | {(tool, kind)}}))

    def after_call(self, item: Mapping[str, object]) -> Self:
        """The state after a call that may open stored originals, by a shell command or a tool that reads files."""
        call_id = item.get("call_id")
        if not self.elided or not isinstance(call_id, str):
            return self
        said = str(item.get("arguments") or item.get("input") or item.get("action"))
        names = [name for name in _NAME.findall(said) if name in self.elided]
        kinds = [self.elided[name] for name in names]
        if not kinds:
            return replace(self, opened=self.opened - {call_id}) if call_id in self.opened else self
        reopened = self.reopened.union(self.put_away.intersection(names))
        opened, refused = self.opened | {call_id}, self.refused.union(*kinds)
        return replace(self, opened=opened, refused=refused, reopened=reopened)
