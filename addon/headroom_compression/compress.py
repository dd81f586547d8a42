"""A whole request body: find the tool texts, fold them in their order, put them back in their places."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import field
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.pipeline import FoldedText
from headroom_compression.pipeline import load
from headroom_compression.record import record
from headroom_compression.request_work import STUB
from headroom_compression.request_work import Work
from headroom_compression.request_work import continued_work
from headroom_compression.request_work import lacks_budget
from headroom_compression.request_work import remembered
from headroom_compression.request_work import settings_of
from headroom_compression.request_work import whole_work
from headroom_compression.request_work import work_from_memory
from headroom_compression.results import CompressedBody
from headroom_compression.results import CompressionReport
from headroom_compression.results import TextReport
from headroom_compression.session.checkpoints import Plan
from headroom_compression.session.checkpoints import Wanted
from headroom_compression.session.conversation import Conversation
from headroom_compression.session.conversation import ConversationBuilder
from headroom_compression.session.known_items import KnownItem
from headroom_compression.session.memory import Memory
from headroom_compression.session.prefixes import RememberedPrefix
from headroom_compression.session.short_work import work_to_fold
from headroom_compression.session.short_work import work_to_parse
from headroom_compression.settings import Settings
from headroom_compression.text_keys import text_key
from headroom_compression.wire.body import NoItemsError
from headroom_compression.wire.body import NotARequestError
from headroom_compression.wire.body import locate_items
from headroom_compression.wire.body import splice
from headroom_compression.wire.body import string_literal
from headroom_compression.wire.items import CALLS
from headroom_compression.wire.items import TOOL_OUTPUTS
from headroom_compression.wire.items import ParsedItem
from headroom_compression.wire.json_spans import Span

# Who loads has imported all of this.
__all__ = ["compress_new_items", "compress_request_body", "load"]

_DEFAULTS = Settings()
# To count in what is far too long would itself take time: tools and settings stand behind the items, mostly.
_MAX_PARSED = 10


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
    work = continued_work(body, settings, prefix, is_plain=True) if work_at_most <= most else None
    if work is None or work.names_an_answer:
        return None
    new_items = work.source[len(STUB) : work.layout.items[-1].stop]
    is_short = work_at_most + work_to_fold(new_items, most) <= most
    return _compress(body, settings, memory, None, work) if is_short else None


def _compress(
    body: bytes, settings: Settings, memory: Memory | None, conversation: Conversation | None, work: Work | None = None
) -> CompressedBody:
    if conversation:
        conversation.touch_originals()
    try:
        if work is None and memory and conversation is None:
            work = work_from_memory(body, settings, memory)
        if work and work.prefix and not work.prefix.conversation.touch_originals():
            _write_originals_again(body, work.prefix, memory)
        work = work or whole_work(body, settings, conversation)
    except NoItemsError as error:
        state = conversation or Conversation.start(settings_of(error.layout, settings))
        report = CompressionReport(passed=str(error), saved_in_all=state.saved_tokens, shortened_in_all=state.shortened)
        return CompressedBody(body, changed=False, report=report, conversation=state, continued=conversation)
    except NotARequestError as error:
        return CompressedBody(body, changed=False, report=CompressionReport(passed=str(error)), conversation=None)
    return _compressed(body, settings, work, memory, conversation)


def _compressed(
    body: bytes, settings: Settings, work: Work, memory: Memory | None, conversation: Conversation | None
) -> CompressedBody:
    """The body with the items of the work folded."""
    continued, known = work.prefix.conversation if work.prefix else conversation, work.prefix
    fold = _fold_items(work, ConversationBuilder(work.settings, continued or _start(work)), memory)
    if fold.wanted:  # of what is remembered: what is put away changes it
        work, fold = _fold_again(body, settings, work, fold, memory)
    state = fold.turn.snapshot()
    changes = work.in_body(fold.replacements)
    if memory and conversation is None and work.layout.items:
        memory.remember(remembered(body, work, changes, state), known)
    report = fold.report(continued)
    if settings.budget and settings.level == "recall" and not work.settings.budget:
        report = replace(report, has_no_budget=True)
    if report.tool_texts and lacks_budget(work, settings):
        report = replace(report, lacks_budget=True)
    changes = [*work.prefix.changes, *changes] if work.prefix else changes
    sent = splice(body, changes) if changes else body
    return CompressedBody(sent, bool(changes), report, state, continued, fold.new_outputs(continued))


def _start(work: Work, plan: Plan | None = None) -> Conversation:
    return Conversation.start(work.settings, work.overhead, plan)


def _fold_again(body: bytes, settings: Settings, work: Work, fold: _Fold, memory: Memory | None) -> tuple[Work, _Fold]:
    """All of the body, with the outputs put away that are to go at a new item; the rest as it is if they cannot be."""
    whole, wanted = whole_work(body, settings), fold.wanted
    while wanted:
        plan = fold.turn.plan_with(wanted, whole.texts_of)
        if plan:
            return whole, _fold_items(whole, ConversationBuilder(whole.settings, _start(whole, plan)), memory)
        wanted = fold.turn.wanted()
    return work, fold


def _write_originals_again(body: bytes, prefix: RememberedPrefix, memory: Memory | None) -> None:
    """Fold what is remembered once more, for what that stores. What was sent stays, also where it cannot be stored.

    memory: is told of each item, so that this work, too, ends when it is given up.
    """
    settings = prefix.conversation.settings
    with suppress(NotARequestError):
        source = body[: prefix.length] + b"]}"
        work = Work(source, locate_items(source), settings, None, prefix.conversation.overhead)
        turn = ConversationBuilder(settings, _start(work, prefix.conversation.plan))
        turn.store_again(partial(work.texts_of, memory=memory))
        _fold_items(work, turn, memory)


class _KnownItem(NamedTuple):
    """places: of the literals of its texts."""

    item: KnownItem
    places: Sequence[Span]


class _FoldedItem(NamedTuple):
    """replacements: what is sent instead of its texts. texts: those, as they came and as they are sent."""

    replacements: Sequence[tuple[Span, bytes]]
    reports: Sequence[TextReport]
    texts: tuple[tuple[str, str], ...]


# Most items hold no text of a tool.
_AS_IT_CAME = _FoldedItem((), (), ())


@record
class _Fold:
    """The items as they are folded. wanted: what is to change of what is remembered, and changes them."""

    turn: ConversationBuilder
    items: list[_FoldedItem]
    wanted: Wanted = field(default_factory=Wanted)

    @property
    def replacements(self) -> list[tuple[Span, bytes]]:
        return [replacement for item in self.items for replacement in item.replacements]

    def new_items(self, continued: Conversation | None) -> Sequence[_FoldedItem]:
        """Those that were not before the point which the request continues."""
        before, now = (continued.tally if continued else None), self.turn.tally
        known = before.items if before and now else 0
        return self.items[known:] if now and len(self.items) == now.items else self.items

    def new_outputs(self, continued: Conversation | None) -> tuple[tuple[tuple[str, str], ...], ...]:
        return tuple(item.texts for item in self.new_items(continued) if item.texts)

    def report(self, continued: Conversation | None) -> CompressionReport:
        """Of the items that were not before the point which the request continues."""
        turn, new = self.turn, self.new_items(continued)
        before, now = (continued.tally if continued else None), turn.tally
        plan, known_plan = (now.plan if now else Plan()), (before.plan if before and now else Plan())
        return CompressionReport(
            sum(len(item.texts) for item in new),
            tuple(text for item in new for text in item.reports),
            saved_in_all=turn.saved_tokens,
            shortened_in_all=turn.shortened,
            put_away=plan.texts - known_plan.texts,
            put_away_in_all=plan.texts,
            checkpoints=plan.checkpoints,
            new_checkpoints=plan.checkpoints - known_plan.checkpoints,
            reopened=turn.reopened,
        )


def _fold_items(work: Work, turn: ConversationBuilder, memory: Memory | None) -> _Fold:
    if work.prefix or turn.tally is None:
        new = range(work.first, len(work.layout.items))
        return _Fold(turn, [_fold_item(work, turn, *work.item(place, memory), {}) for place in new], turn.wanted())
    done: list[_FoldedItem] = []
    marks: dict[int, Conversation] = {}  # before each of the outputs that may go
    known: dict[int, _KnownItem] = {}  # what may be folded again
    while len(done) < len(work.layout.items):
        position = len(done)
        span, item = work.item(position, memory)
        before = turn.snapshot() if item.type in TOOL_OUTPUTS else None
        done.append(_fold_item(work, turn, span, item, known))
        wanted = turn.wanted()
        if before and turn.tally.last_may_go:
            marks[position] = before
        plan = turn.plan_with(wanted, work.texts_of)
        if plan:
            is_anew = wanted.is_over and not plan.refers
            first = 0 if is_anew else wanted.outputs[0].position
            turn = ConversationBuilder(work.settings, _start(work, plan) if is_anew else marks[first].with_plan(plan))
            del done[first:]
            marks = {place: mark for place, mark in marks.items() if place < first}
    return _Fold(turn, done)


def _fold_item(
    work: Work, turn: ConversationBuilder, span: Span, item: ParsedItem, known: dict[int, _KnownItem]
) -> _FoldedItem:
    """known: items by where they begin."""
    if turn.tally is None and item.type not in CALLS and item.type not in TOOL_OUTPUTS:
        turn.add_item(item.members)
        return _AS_IT_CAME
    if span.start not in known:
        literals, texts = work.literals(span, item)
        known[span.start] = _KnownItem(KnownItem(item.members, texts), literals)
    this, places = known[span.start]
    originals = this.texts
    turn.add_item(item.members, this)
    if not originals:
        turn.end_item(this, ())
        return _AS_IT_CAME
    call_id = item.members.get("call_id")
    forms = turn.fold_output(call_id, originals, this)
    turn.end_item(this, forms)
    replacements: list[tuple[Span, bytes]] = []
    reports: list[TextReport] = []
    pairs: list[tuple[str, str]] = []
    for place, original, form in zip(places, originals, forms, strict=True):
        sent = form.text if form else original
        pairs.append((original, sent))
        if form:
            replacements.append((place, string_literal(sent, work.layout.value(place))))
            reports.append(_text_report(turn.call(call_id), text_key(call_id, original), form))
    return _FoldedItem(replacements, reports, tuple(pairs))


def _text_report(call: ToolCall | None, key: bytes, folded: FoldedText) -> TextReport:
    return TextReport(call.tool if call else None, folded.stages, folded.tokens_before, folded.tokens_after, key)
