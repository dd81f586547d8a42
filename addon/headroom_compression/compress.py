"""A whole request body: find the tool texts, fold them in their order, put them back in their places."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import repeat

import orjson

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.pipeline import FoldedText
from headroom_compression.record import record
from headroom_compression.results import CompressedBody
from headroom_compression.results import CompressionReport
from headroom_compression.results import TextReport
from headroom_compression.session.conversation import Conversation
from headroom_compression.session.conversation import ConversationBuilder
from headroom_compression.session.memory import Memory
from headroom_compression.session.prefixes import Piece
from headroom_compression.session.prefixes import RememberedPrefix
from headroom_compression.session.prefixes import count_changed_bytes
from headroom_compression.session.short_work import work_to_fold
from headroom_compression.session.short_work import work_to_parse
from headroom_compression.settings import Settings
from headroom_compression.text_keys import text_key
from headroom_compression.wire.answers import ID_KEYS
from headroom_compression.wire.body import NoItemsError
from headroom_compression.wire.body import NotARequestError
from headroom_compression.wire.body import RequestLayout
from headroom_compression.wire.body import locate_items
from headroom_compression.wire.body import splice
from headroom_compression.wire.body import string_literal
from headroom_compression.wire.items import Item
from headroom_compression.wire.items import item_of
from headroom_compression.wire.items import read_item
from headroom_compression.wire.items import tool_text_spans
from headroom_compression.wire.json_spans import Span

_DEFAULTS = Settings()
# Stands before the new items of a request whose beginning is remembered, so that they parse as a request.
_STUB = b'{"input":[null'
# To count in what is far too long would itself take time: tools and settings stand behind the items, mostly.
_MAX_PARSED = 10
# Members by which the server may leave out or shorten earlier items, so that a reference could lose its target, and
# the values with which it does not.
_MOVES_HISTORY = {"truncation": ("null", '"disabled"'), "context_management": ("null", "[]")}


@record
class _Work:
    """What is left to do of a body. Where there is a prefix, the stub stands for it at the beginning of `source`."""

    source: bytes
    layout: RequestLayout
    settings: Settings
    prefix: RememberedPrefix | None

    def new_items(self, memory: Memory | None) -> Iterator[tuple[Span, Item]]:
        """memory: is told how far the work has come."""
        text, spans, values = self.layout.text, self.layout.items, self.layout.values
        before = self.prefix.length - len(_STUB) if self.prefix else 0
        for position in range(1 if self.prefix else 0, len(spans)):
            span = spans[position]
            if memory:
                memory.begin_item(before + span.stop)
            yield span, item_of(values[position]) if values else read_item(text, self.source, span)

    @property
    def names_an_answer(self) -> bool:
        keys_before = self.prefix.keys if self.prefix else ()
        return not (ID_KEYS.isdisjoint(self.layout.members) and ID_KEYS.isdisjoint(keys_before))

    def sent_body(self, sent_source: bytes) -> bytes:
        if self.prefix is None:
            return sent_source
        return b"".join([*(piece.sent for piece in self.prefix.pieces), sent_source[len(_STUB) :]])


@record
class _Text:
    """A text of a tool output. place: of its literal in the source. folded: None where it is sent as it came."""

    place: Span
    original: str
    call_id: object
    call: ToolCall | None
    folded: FoldedText | None


def compress_request_body(
    body: bytes,
    settings: Settings = _DEFAULTS,
    memory: Memory | None = None,
    conversation: Conversation | None = None,
) -> CompressedBody:
    """Fold the tool outputs of a request body, which is JSON without Content-Encoding.

    Never raises, unless the memory does when it is told of an item: what is no request comes back as it is.

    memory: makes the next request that begins with this one cheap; never changes the result.
    conversation: the state that the body's items continue, when they are not all of the history.
    """
    return _compress(body, settings, memory, conversation)


def compress_new_items(body: bytes, settings: Settings, memory: Memory, most: int) -> CompressedBody | None:
    """The same, where it is short work: what is new is worth that many characters of a text at most.

    None for all other work: what is not known, a fork, a request that names an answer, a level that writes files, what
    orjson does not read, text that a terminal draws over.
    """
    prefix = memory.longest_prefix(body) if settings.level == "lossless" else None
    if prefix is None or not prefix.conversation.is_latest:
        return None
    work_at_most = work_to_parse(body[prefix.length :]) if len(body) - prefix.length <= _MAX_PARSED * most else most + 1
    work = _continued(body, settings, prefix, is_plain=True) if work_at_most <= most else None
    if work is None or work.names_an_answer:
        return None
    new_items = work.source[len(_STUB) : work.layout.items[-1].stop]
    is_short = work_at_most + work_to_fold(new_items, most) <= most
    return _compress(body, settings, memory, None, work) if is_short else None


def _compress(
    body: bytes, settings: Settings, memory: Memory | None, conversation: Conversation | None, work: _Work | None = None
) -> CompressedBody:
    if conversation:
        conversation.touch_originals()
    try:
        if work is None and memory and conversation is None:
            work = _from_memory(body, settings, memory)
        if work and work.prefix and not work.prefix.conversation.touch_originals():
            _write_originals_again(body, work.prefix)
        work = work or _whole(body, settings)
    except NoItemsError as error:
        state = conversation or Conversation.start(settings)
        report = CompressionReport(passed=str(error), saved_in_all=state.saved_tokens, shortened_in_all=state.shortened)
        return CompressedBody(body, changed=False, report=report, conversation=state, continued=conversation)
    except NotARequestError as error:
        return CompressedBody(body, changed=False, report=CompressionReport(passed=str(error)), conversation=None)
    continued = work.prefix.conversation if work.prefix else conversation
    turn = ConversationBuilder(work.settings, continued)
    replacements, report = _fold_items(work, turn, memory)
    state = turn.snapshot()
    sent_source = splice(work.source, replacements) if replacements else work.source
    if memory and conversation is None and work.layout.items:
        memory.remember(_remembered(body, work, sent_source, state), work.prefix)
    if not replacements and not (work.prefix and work.prefix.is_changed):
        return CompressedBody(body, changed=False, report=report, conversation=state, continued=continued)
    sent = work.sent_body(sent_source)
    return CompressedBody(sent, changed=True, report=report, conversation=state, continued=continued)


def _write_originals_again(body: bytes, prefix: RememberedPrefix) -> None:
    """Fold what is remembered once more, for what that stores. What was sent stays, also where it cannot be stored."""
    settings = prefix.conversation.settings
    with suppress(NotARequestError):
        source = body[: prefix.length] + b"]}"
        _fold_items(_Work(source, locate_items(source), settings, None), ConversationBuilder(settings), None)


def _whole(body: bytes, settings: Settings) -> _Work:
    layout = locate_items(body)
    return _Work(body, layout, _effective(settings, layout), None)


def _from_memory(body: bytes, settings: Settings, memory: Memory) -> _Work | None:
    """The part of the body that was not in an earlier request; None when that request is not its beginning."""
    prefix = memory.longest_prefix(body)
    return _continued(body, settings, prefix) if prefix else None


def _continued(body: bytes, settings: Settings, prefix: RememberedPrefix, *, is_plain: bool = False) -> _Work | None:
    """is_plain: only where orjson reads it: to look at what it refuses takes far longer."""
    source = _STUB + body[prefix.length :]
    try:
        layout = locate_items(source, is_plain=is_plain)
    except NotARequestError:
        return None
    if not prefix.keys.isdisjoint(layout.members):
        return None  # a key twice
    effective = _effective(settings, layout, prefix)
    return _Work(source, layout, effective, prefix) if effective == prefix.conversation.settings else None


def _effective(settings: Settings, layout: RequestLayout, prefix: RememberedPrefix | None = None) -> Settings:
    """The settings with references off when the server may shorten the history by itself."""
    moves = _moves_history(layout) or (prefix is not None and prefix.moves_history)
    return replace(settings, references="off") if moves else settings


def _moves_history(layout: RequestLayout, before: int | None = None) -> bool:
    """Whether a member, of those that begin before a position, lets the server leave out or shorten earlier items."""
    return not layout.members.keys().isdisjoint(_MOVES_HISTORY) and any(
        key in layout.members
        and (before is None or layout.members[key].start < before)
        and layout.value(layout.members[key]) not in harmless
        for key, harmless in _MOVES_HISTORY.items()
    )


def _fold_items(
    work: _Work, turn: ConversationBuilder, memory: Memory | None
) -> tuple[list[tuple[Span, bytes]], CompressionReport]:
    replacements: list[tuple[Span, bytes]] = []
    shortened: list[TextReport] = []
    texts = 0
    for text in _texts(work, turn, memory):
        texts += 1
        if text.folded:
            replacements.append((text.place, string_literal(text.folded.text, work.layout.value(text.place))))
            shortened.append(_text_report(text, text.folded))
    report = CompressionReport(texts, tuple(shortened), saved_in_all=turn.saved_tokens, shortened_in_all=turn.shortened)
    return replacements, report


def _texts(work: _Work, turn: ConversationBuilder, memory: Memory | None) -> Iterator[_Text]:
    """The texts of all outputs, folded in their order."""
    for span, item in work.new_items(memory):
        turn.add_item(item.members)
        places = tool_text_spans(work.layout.text, span, item.type) if item.is_whole else []
        originals = [_string(work.source, place, item) for place in places]
        call_id = item.members.get("call_id")
        folded = turn.fold_output(call_id, originals)
        yield from map(_Text, places, originals, repeat(call_id), repeat(turn.call(call_id)), folded)


def _string(source: bytes, literal: Span, item: Item) -> str:
    output = item.members["output"]  # nearly always it is the literal, and was read with the item
    return output if isinstance(output, str) else str(orjson.loads(source[literal.start : literal.stop]))


def _text_report(text: _Text, folded: FoldedText) -> TextReport:
    tool = text.call.tool if text.call else None
    key = text_key(text.call_id, text.original)
    return TextReport(tool, folded.stages, folded.tokens_before, folded.tokens_after, key)


def _remembered(body: bytes, work: _Work, sent_source: bytes, state: Conversation) -> RememberedPrefix:
    """The request up to the end of its last item."""
    rest = len(work.source) - work.layout.items[-1].stop
    known, stub = (work.prefix.length, len(_STUB)) if work.prefix else (0, 0)
    original = body[known : len(body) - rest]
    sent = original if sent_source is work.source else sent_source[stub : len(sent_source) - rest]
    piece = Piece(original, sent, state)
    if work.prefix:
        return work.prefix.continued(piece) if original else work.prefix
    entries = work.layout.members["input"].start
    keys = frozenset(key for key, span in work.layout.members.items() if span.start < entries)
    moves_history = _moves_history(work.layout, entries)
    return RememberedPrefix((piece,), len(original), keys, moves_history, count_changed_bytes((piece,)))
