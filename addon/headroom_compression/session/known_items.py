"""What can be told from an item alone, whatever stands before it: kept while a request is folded more than once."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from itertools import repeat

import orjson

from headroom_compression.calls.reading import UNREADABLE
from headroom_compression.calls.reading import read_call
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.known_characters import reads_alike
from headroom_compression.pipeline import FoldedText
from headroom_compression.pipeline import Folding
from headroom_compression.session.item_tokens import item_tokens
from headroom_compression.session.output_parts import parts_among
from headroom_compression.session.seen_outputs import TextCount
from headroom_compression.session.token_counts import TokenCount


class KnownItem:
    """An item. texts: those of a tool output."""

    __slots__ = ("_call", "_counts", "_folded", "_is_read", "_tokens", "members", "texts")

    def __init__(self, members: Mapping[str, object], texts: Sequence[str] = ()) -> None:
        self.members = members
        self.texts = texts
        self._call: ToolCall | None = None
        self._is_read = False
        self._folded: tuple[tuple[ToolCall | None, bool], list[Folding]] | None = None
        self._tokens: TokenCount | None = None
        self._counts: dict[int, TextCount] = {}

    @property
    def call(self) -> ToolCall | None:
        """What a call does. One that another version of Python may read differently counts as unreadable."""
        if not self._is_read:
            is_known = reads_alike(orjson.dumps(self.members).decode())
            self._call, self._is_read = read_call(self.members) if is_known else UNREADABLE, True
        return self._call

    def foldings(self, call: ToolCall | None, *, is_reported: bool) -> Sequence[Folding]:
        """The texts of the output of a call.

        Both are the same in each round, but for outputs whose call is unclear or continues another.
        """
        if self._folded is None or self._folded[0] != (call, is_reported):
            documents = map(Document.of, self.texts, repeat(call), parts_among(self.texts, call), repeat(is_reported))
            self._folded = (call, is_reported), [*map(Folding, documents)]
        return self._folded[1]

    @property
    def tokens(self) -> TokenCount:
        """Of all but the texts of an output."""
        if self._tokens is None:
            self._tokens = item_tokens(self.members, without_output=bool(self.texts))
        return self._tokens

    def text_counts(self, folded: Sequence[FoldedText | None]) -> tuple[TextCount, ...]:
        """The tokens of each text as it came. folded: as it is sent."""
        return tuple(
            TextCount.of(text, form) if form else self._count(place)
            for place, (text, form) in enumerate(zip(self.texts, folded, strict=True))
        )

    def _count(self, place: int) -> TextCount:
        if place not in self._counts:
            self._counts[place] = TextCount.of(self.texts[place], None)
        return self._counts[place]
