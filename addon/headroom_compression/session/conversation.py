"""The items before and at a point of a session: who called what, and which lines the model has seen.

What becomes of an item depends on this and on static settings only. A `Conversation` is a snapshot; a
`ConversationBuilder` continues from one, item by item, in the order of the request.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import field
from dataclasses import replace
from itertools import repeat
from typing import Self

from headroom_compression.calls.reading import UNREADABLE
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.holdings import Holding
from headroom_compression.holdings import size_of
from headroom_compression.pipeline import FoldedText
from headroom_compression.pipeline import Folding
from headroom_compression.pipeline import SentText
from headroom_compression.recall.eliding import RecallAccess
from headroom_compression.recall.openings import Openings
from headroom_compression.record import record
from headroom_compression.references.shown_texts import RowsAccess
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts
from headroom_compression.session.calls_by_id import Calls
from headroom_compression.session.checkpoints import Plan
from headroom_compression.session.checkpoints import Tally
from headroom_compression.session.checkpoints import Wanted
from headroom_compression.session.chosen_store import store_for
from headroom_compression.session.habits import Habits
from headroom_compression.session.known_items import KnownItem
from headroom_compression.session.left_alone import is_excluded
from headroom_compression.session.left_alone import is_for_program
from headroom_compression.session.output_parts import parts_among
from headroom_compression.session.put_away_outputs import PutAwayOutput
from headroom_compression.session.put_away_outputs import TextsOf
from headroom_compression.session.put_away_outputs import store_again
from headroom_compression.session.put_away_outputs import stored_outputs
from headroom_compression.session.shown_names import name_texts
from headroom_compression.session.shown_names import name_written
from headroom_compression.session.shown_names import no_texts
from headroom_compression.session.unread_outputs import hidden_output
from headroom_compression.session.unread_outputs import unread_output
from headroom_compression.settings import Settings
from headroom_compression.wire.items import CALLS
from headroom_compression.wire.items import TOOL_OUTPUTS
from headroom_compression.wire.items import is_compaction
from headroom_compression.wire.items import type_of


@record
class Conversation:
    """A point in a session, to continue from.

    saved_tokens, shortened: of all texts before it that the model sees, what is saved in how many of them.
    recalled: what was left out so far, by level recall. tally: of tokens; None without a budget.
    """

    settings: Settings
    shown: ShownTexts = field(repr=False)
    shown_length: int
    calls: Calls = field(repr=False)
    calls_length: int
    habits: Habits = Habits()
    recalled: Openings = field(default_factory=Openings, repr=False)
    saved_tokens: int = 0
    shortened: int = 0
    tally: Tally | None = field(default=None, repr=False)

    @classmethod
    def start(cls, settings: Settings, overhead: int = 0, plan: Plan | None = None) -> Self:
        """The point before the first item. overhead: tokens of what stands beside the items. plan: what is put away."""
        tally = Tally.start(settings.budget, overhead, plan) if settings.budget else None
        return cls(settings, no_texts(settings), 0, Calls(), 0, tally=tally)

    def after(self, items: Iterable[Mapping[str, object]]) -> Conversation:
        """The point after items that the model made."""
        turn = ConversationBuilder(self.settings, self)
        for item in items:
            turn.add_item(item)
        return turn.snapshot()

    def with_plan(self, plan: Plan) -> Conversation:
        """The point when that is put away, nothing of which stands before it."""
        return replace(self, tally=replace(self.tally, plan=plan)) if self.tally else self

    @property
    def plan(self) -> Plan | None:
        return self.tally.plan if self.tally else None

    @property
    def overhead(self) -> int:
        """Tokens of what stands beside the items, where they are counted."""
        return self.tally.overhead if self.tally else 0

    def touch_originals(self) -> bool:
        """Keep the originals of what was left out from being evicted; whether they are all there."""
        store = store_for(self.settings)
        return store is None or store.touch(self.recalled.elided)

    @property
    def session(self) -> int:
        """The same number for the points of one session, another one for each of its branches."""
        return self.shown.number

    @property
    def left_session(self) -> int | None:
        """The session that this one is a branch of."""
        return self.shown.left

    @property
    def is_latest(self) -> bool:
        """Whether the session has not gone on from here: if it has, continuing copies all of its texts."""
        return self.shown_length == len(self.shown) and self.calls_length == len(self.calls)

    def shares_with(self, other: Conversation) -> bool:
        """Whether going on from the one writes into what the other holds."""
        return self.shown is other.shown or self.calls is other.calls

    @property
    def size(self) -> int:
        """About how many bytes of memory the session takes."""
        return size_of(self.holdings)

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """What it holds: with the points of its session all of it, with those of other branches some."""
        return *self.shown.holdings, *self.calls.holdings, *(self.tally.holdings if self.tally else ())


class ConversationBuilder:
    """Takes the items one after the other. Continuing from an earlier point than the last copies what it shares."""

    def __init__(self, settings: Settings, conversation: Conversation | None = None) -> None:
        conversation = conversation or Conversation.start(settings)
        self._settings = settings
        self._shown = conversation.shown.continued(conversation.shown_length)
        self.habits = conversation.habits
        before = conversation.settings
        if before != settings and replace(before, budget=settings.budget) != settings:
            self._shown = no_texts(replace(settings, goes_on=True))  # texts kept for references of another kind
        self._calls = conversation.calls.continued(conversation.calls_length)
        self._recalled = conversation.recalled
        self._store = store_for(settings)
        self.tally = conversation.tally if settings.budget else None
        self._may_go = False
        self._ended: deque[tuple[KnownItem, Sequence[FoldedText | None], ToolCall | None, bool]] = deque()
        self.saved_tokens = conversation.saved_tokens
        self.shortened = conversation.shortened

    def snapshot(self) -> Conversation:
        known = self._shown, len(self._shown), self._calls, len(self._calls), self.habits, self._recalled
        return Conversation(self._settings, *known, self.saved_tokens, self.shortened, self.tally)

    @property
    def reopened(self) -> int:
        """How many files of what was put away were opened."""
        return len(self._recalled.reopened)

    def call(self, call_id: object) -> ToolCall | None:
        return self._calls.get(call_id) if isinstance(call_id, str) else None

    def add_item(self, item: Mapping[str, object], known: KnownItem | None = None) -> None:
        """An item that is no tool output. known: the same, where it is folded more than once."""
        item_type = type_of(item)
        if item_type in CALLS or item_type in TOOL_OUTPUTS:
            self.habits = self.habits.after_item(item)
        if item_type in CALLS:
            self._add_call(item, known or KnownItem(item))
        elif is_compaction(item):
            self.forget_outputs()
            self.saved_tokens = self.shortened = 0
        else:
            self._note(unread_output(item, known, self._calls, self._shown))

    def _add_call(self, item: Mapping[str, object], known: KnownItem) -> None:
        self._recalled = self._recalled.after_call(item)
        call = self._calls.with_program(known.call)
        call_id = item.get("call_id")
        if isinstance(call_id, str):  # what it wrote is of use here only, and may be long
            self._calls.add(call_id, replace(call, written=()) if call and call.written else call)
        if call is None:
            return
        self.habits = self.habits.after_call(call)
        if self._references == "eager" and not call.is_of_program:
            for title, text in call.written:
                self._shown.add(name_written(self._shown, title, text, call))

    def _note(self, text: ShownText | None) -> None:
        if text and self._references != "off":
            self._shown.add(text)

    def forget_outputs(self) -> None:
        self._shown, self.habits = no_texts(self._settings), self.habits.without_state()

    def fold_output(
        self, call_id: object, texts: Sequence[str], known: KnownItem | None = None
    ) -> list[FoldedText | None]:
        """The forms in which the texts of an output are sent, None for as it is; from now on they count as seen."""
        if not texts:
            return []
        call = self.call(call_id)
        if is_for_program(call, known):
            self._may_go = False
            return [None] * len(texts)
        habits, self.habits = self.habits, self.habits.after_output(call, texts)
        self._calls.note_running(call, texts)
        self._note(hidden_output(call_id, self._calls, self._shown))
        away = self.tally.put_away_here if self.tally else None
        if away and len(away.forms) == len(texts):
            return self._leave_away(away, call, texts)
        is_opened = call is not None and call_id in self._recalled.opened
        is_left = is_opened or is_excluded(call, self._settings.exclude_tools)
        self._may_go = self._store is not None and not is_left
        foldings = (known or KnownItem({}, texts)).foldings(call, is_reported=habits.is_reported)
        return [self._fold(folding, is_whole=is_left or call is UNREADABLE) for folding in foldings]

    def _leave_away(
        self, output: PutAwayOutput, call: ToolCall | None, texts: Sequence[str]
    ) -> list[FoldedText | None]:
        """The forms of an output that is put away; later texts see it as if its call had printed the marker."""
        sent = [form.text if form else text for form, text in zip(output.forms, texts, strict=True)]
        for document in map(Document.of, sent, repeat(call), parts_among(sent, call)):
            self._show(SentText(document))
        for form in filter(None, output.forms):
            self.saved_tokens += form.tokens_before - form.tokens_after
            self.shortened += 1
        for elided in output.elided if output.tool else ():
            for kind in elided.kinds:
                self._recalled = self._recalled.with_elided(elided.original, output.tool or "", kind)
        self._recalled = self._recalled.with_put_away(output.names)
        self.habits = self.habits.without_state()
        return list(output.forms)

    def store_again(self, texts_of: TextsOf) -> None:
        """Write the originals of all that is put away, as far as that is possible."""
        if self.tally and self._store:
            store_again(self.tally.plan.put_away, texts_of, self._store)

    def end_item(self, item: KnownItem, folded: Sequence[FoldedText | None]) -> None:
        """Note that the item was added, and folded if it is an output."""
        if self.tally:
            call = self.call(item.members.get("call_id")) if item.texts else None
            self._ended.append((item, folded, call, self._may_go))

    def wanted(self) -> Wanted:
        """What is to change of earlier items after the next of the items at which anything is."""
        while self.tally and self._ended:
            item, folded, call, may_go = self._ended.popleft()
            point = self.tally.after(item, folded, call, may_go=may_go)
            self.tally, wanted = point.decided(item.members, truncates=self._settings.truncates)
            if wanted:
                return wanted
        return Wanted()

    def plan_with(self, wanted: Wanted, texts_of: TextsOf) -> Plan | None:
        """The plan with that, as far as outputs can be stored; None when nothing changes."""
        stored = stored_outputs(wanted.outputs, texts_of, self._store) if self._store else {}
        return self.tally.plan_with(stored, is_over=wanted.is_over) if self.tally and wanted else None

    def _fold(self, folding: Folding, *, is_whole: bool) -> FoldedText | None:
        document = folding.document
        access = self._rows_access(document.call), self._room()
        sent = SentText(document) if is_whole else folding.sent(self._settings.min_tokens, *access)
        folded = sent.folded
        if folded:
            self.saved_tokens += folded.tokens_before - folded.tokens_after
            self.shortened += 1
        if folded and folded.elided and document.call:
            for kind in folded.elided.kinds:
                self._recalled = self._recalled.with_elided(folded.elided.original, document.call.tool, kind)
        self._show(sent)
        return folded

    def _show(self, sent: SentText) -> None:
        is_seen = self._references != "off" and sent.document.call is not UNREADABLE
        for text in name_texts(self._shown, sent) if is_seen else ():
            self._shown.add(text)

    def _rows_access(self, call: ToolCall | None) -> RowsAccess:
        refused = self._recalled.refused
        is_wanted = bool(refused) and call is not None and any(tool == call.tool for tool, _ in refused)
        return RowsAccess(self._shown, self._references, self.habits.gutters, is_wanted, self.habits.is_alike)

    def _room(self) -> RecallAccess | None:
        """What level recall may use; of a text with gaps no lines are referred to: they are hard to count."""
        return RecallAccess(self._store, self._recalled.refused) if self._store else None

    @property
    def _references(self) -> str:
        may_refer = self.habits.is_alone and (self.tally is None or self.tally.plan.refers)
        return self._settings.references if may_refer else "off"
