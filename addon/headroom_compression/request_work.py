"""What there is to do for a request body: which of its items are new, and by which settings they are folded."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace

import orjson

from headroom_compression.known_characters import reads_alike
from headroom_compression.record import record
from headroom_compression.session.conversation import Conversation
from headroom_compression.session.memory import Memory
from headroom_compression.session.prefixes import Change
from headroom_compression.session.prefixes import Piece
from headroom_compression.session.prefixes import RememberedPrefix
from headroom_compression.session.token_counts import count_known
from headroom_compression.settings import Settings
from headroom_compression.wire.answers import ANSWER_KEY
from headroom_compression.wire.answers import ID_KEYS
from headroom_compression.wire.body import NotARequestError
from headroom_compression.wire.body import RequestLayout
from headroom_compression.wire.body import locate_items
from headroom_compression.wire.items import TOOL_OUTPUTS
from headroom_compression.wire.items import ParsedItem
from headroom_compression.wire.items import item_of
from headroom_compression.wire.items import plain_text_span
from headroom_compression.wire.items import read_item
from headroom_compression.wire.items import tool_text_spans
from headroom_compression.wire.json_spans import Span

# Stands before the new items of a request whose beginning is remembered, so that they parse as a request.
STUB = b'{"input":[null'
# Members by which the server may leave out or shorten earlier items, so that a reference could lose its target, and
# the values with which it does not.
_MOVES_HISTORY = {"truncation": ("null", '"disabled"'), "context_management": ("null", "[]")}
# Those by which it may shorten it when it likes, or by which nobody knows how long it is.
_UNSURE = {**_MOVES_HISTORY, "truncation": ("null", '"disabled"', '"auto"'), "prompt": ("null",)}
# Members that name a history which the server holds, so that nothing in it can be put away.
_NAMES_HISTORY = dict.fromkeys([*ID_KEYS, "conversation"], ("null",))
# Of these those that say where the items go on.
_GOES_ON = dict.fromkeys([ANSWER_KEY, "conversation"], ("null",))
# What the model reads beside the items.
_COUNTED = ("instructions", "tools")


@record
class Work:
    """What is left to do of a body. Where there is a prefix, the stub stands for it at the beginning of `source`.

    overhead: tokens of what stands beside the items, where there is a budget.
    """

    source: bytes
    layout: RequestLayout
    settings: Settings
    prefix: RememberedPrefix | None
    overhead: int = 0

    @property
    def first(self) -> int:
        """Which of the layout's items is the first that is new."""
        return 1 if self.prefix else 0

    def item(self, position: int, memory: Memory | None = None) -> tuple[Span, ParsedItem]:
        """memory: is told how far the work has come."""
        span, values = self.layout.items[position], self.layout.values
        if memory:
            memory.begin_item((self.prefix.length - len(STUB) if self.prefix else 0) + span.stop)
        return span, item_of(values[position]) if values else read_item(self.layout.text, self.source, span)

    def literals(self, span: Span, item: ParsedItem) -> tuple[list[Span], list[str]]:
        """Where the tool texts of an item stand, and what they are; none that other Pythons may read otherwise."""
        literals = self._text_spans(span, item)
        texts = [_string(self.source, literal, item) for literal in literals]
        return (literals, texts) if all(map(reads_alike, texts)) else ([], [])

    def _text_spans(self, span: Span, item: ParsedItem) -> list[Span]:
        if item.type not in TOOL_OUTPUTS or not item.is_whole:
            return []
        plain = plain_text_span(span, item) if span.stop <= self.layout.plain_stop else None
        return [plain] if plain else tool_text_spans(self.layout.text, span, item.type)

    def texts_of(self, position: int, memory: Memory | None = None) -> tuple[Mapping[str, object], Sequence[str]]:
        span, item = self.item(position, memory)
        return item.members, self.literals(span, item)[1]

    @property
    def names_an_answer(self) -> bool:
        keys_before = self.prefix.keys if self.prefix else ()
        return not (ID_KEYS.isdisjoint(self.layout.members) and ID_KEYS.isdisjoint(keys_before))

    def in_body(self, replacements: Iterable[Change]) -> list[Change]:
        """The replacements in `source` by their places in the body."""
        if self.prefix is None:
            return list(replacements)
        offset = self.prefix.length - len(STUB)
        return [(Span(span.start + offset, span.stop + offset), literal) for span, literal in replacements]


def whole_work(body: bytes, settings: Settings, conversation: Conversation | None = None) -> Work:
    """conversation: which the items continue."""
    layout = locate_items(body)
    if conversation:  # it is known from what the items go on
        effective = replace(_effective(replace(settings, budget=0), layout), goes_on=conversation.settings.goes_on)
    else:
        effective = _effective(settings, layout)
    return Work(body, layout, effective, None, _overhead(layout) if effective.budget else 0)


def work_from_memory(body: bytes, settings: Settings, memory: Memory) -> Work | None:
    """The part of the body that was not in an earlier request; None when that request is not its beginning."""
    prefix = memory.longest_prefix(body)
    return continued_work(body, settings, prefix) if prefix else None


def settings_of(layout: RequestLayout, settings: Settings) -> Settings:
    """Those of a request without items."""
    return replace(settings, goes_on=_says(layout, _GOES_ON))


def continued_work(body: bytes, settings: Settings, prefix: RememberedPrefix, *, is_plain: bool = False) -> Work | None:
    """is_plain: only where orjson reads it: to look at what it refuses takes far longer."""
    source = STUB + body[prefix.length :]
    try:
        layout = locate_items(source, is_plain=is_plain)
    except NotARequestError:
        return None
    if not prefix.keys.isdisjoint(layout.members):
        return None  # a key twice
    effective = _effective(settings, layout, prefix)
    overhead = prefix.overhead + _overhead(layout) if effective.budget else 0
    is_alike = effective == prefix.conversation.settings and overhead == prefix.conversation.overhead
    return Work(source, layout, effective, prefix, overhead) if is_alike else None


def _effective(settings: Settings, layout: RequestLayout, prefix: RememberedPrefix | None = None) -> Settings:
    """The settings with references off when the server may shorten the history by itself.

    Where it does so above the budget only, they stay on. There is no budget when the server holds the history, or
    shortens it at another point, or where a budget would only put outputs away, without level recall.
    """
    if _says(layout, _GOES_ON) or (prefix is not None and prefix.goes_on):
        settings = replace(settings, goes_on=True)
    moves_history = _says(layout, _MOVES_HISTORY) or (prefix is not None and prefix.moves_history)
    if settings.budget:
        names_history = _says(layout, _NAMES_HISTORY) or (prefix is not None and prefix.names_history)
        is_unsure = moves_history and (_says(layout, _UNSURE) or (prefix is not None and prefix.is_unsure))
        is_of_use = settings.level == "recall" or moves_history
        if names_history or is_unsure or not is_of_use:
            settings = replace(settings, budget=0)
    if not moves_history:
        return settings
    return replace(settings, truncates=True) if settings.budget else replace(settings, references="off")


def lacks_budget(work: Work, settings: Settings) -> bool:
    """Whether there are no references because the server may shorten the history, and with a budget there were.

    settings: as they were chosen.
    """
    if settings.budget or settings.references == work.settings.references:  # nearly always
        return False
    return _effective(replace(settings, budget=1), work.layout, work.prefix).budget > 0


def _says(layout: RequestLayout, members: Mapping[str, tuple[str, ...]], before: int | None = None) -> bool:
    """Whether one of the members, of those that begin before a position, has another value than these."""
    return not layout.members.keys().isdisjoint(members) and any(
        key in layout.members
        and (before is None or layout.members[key].start < before)
        and layout.value(layout.members[key]) not in harmless
        for key, harmless in members.items()
    )


def _overhead(layout: RequestLayout, before: int | None = None) -> int:
    """The tokens of instructions and tools, of those that begin before a position."""
    spans = [layout.members[key] for key in _COUNTED if key in layout.members]
    counted = [span for span in spans if before is None or span.start < before]
    return sum(count_known(layout.value(span).encode("latin-1").decode("utf-8", "replace")) for span in counted)


def _string(source: bytes, literal: Span, item: ParsedItem) -> str:
    output = item.members["output"]  # nearly always it is the literal, and was read with the item
    return output if isinstance(output, str) else str(orjson.loads(source[literal.start : literal.stop]))


def remembered(body: bytes, work: Work, changes: Sequence[Change], state: Conversation) -> RememberedPrefix:
    """The request up to the end of its last item. changes: of what is new in it."""
    start = work.prefix.length if work.prefix else 0
    stop = len(body) - len(work.source) + work.layout.items[-1].stop
    if work.prefix and stop == start:
        return work.prefix
    piece = Piece.of(body, start, stop, changes, state)
    if work.prefix:
        return work.prefix.continued(body, piece)
    entries = work.layout.members["input"].start
    return RememberedPrefix(
        (piece,),
        frozenset(key for key, span in work.layout.members.items() if span.start < entries),
        _says(work.layout, _MOVES_HISTORY, entries),
        _overhead(work.layout, entries) if work.settings.budget else 0,
        _says(work.layout, _NAMES_HISTORY, entries),
        _says(work.layout, _UNSURE, entries),
        _says(work.layout, _GOES_ON, entries),
    )
