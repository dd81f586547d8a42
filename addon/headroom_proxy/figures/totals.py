"""Sums over the requests that passed by: counts only, beside the names of clients and of their tools.

new: what a shortened text saves, once, in the first request with it that was answered: what a server refused saved
nothing. A text is known again by its call's id and its content: in later turns, in a retry, in a fork, in a
conversation sent anew. One that comes under another id, or again after KNOWN_TEXTS others, counts once more.

again: what the texts of a request save beyond that, in each request that was answered. So `new` is what the context
of the model was spared, and `new` and `again` together what the input of all requests was.

A conversation: requests of which each begins with all of an earlier one that is still remembered, its branches too.
"""

from __future__ import annotations

from collections import Counter
from collections import OrderedDict
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Final

from headroom_proxy.figures.cache_watch import CacheWatch
from headroom_proxy.figures.reasoning_watch import ReasoningWatch
from headroom_report.values.plain_text import one_line
from headroom_report.values.rereads import Rereads
from headroom_report.values.savings import ClientSavings
from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from headroom_report.values.savings import merge_tools
from headroom_report.values.savings import total
from headroom_report.values.usage_sums import UsageSum

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headroom_compression import CompressionReport
    from headroom_compression import TextReport
    from headroom_compression import Usage

KNOWN_TEXTS: Final = 50_000  # at about 150 bytes
MAX_CONVERSATIONS: Final = 100
MAX_TOOLS: Final = 50
MAX_TURNS: Final = 500
MAX_NAME_LENGTH: Final = 60
UNKNOWN_TOOL: Final = "(unknown tool)"
OTHER_TOOLS: Final = "(other tools)"
MAX_CLIENTS: Final = 50  # a client may call itself differently each time
OTHER_CLIENTS: Final = "(other clients)"


@dataclass(slots=True)
class ConversationTotals:
    """number: in the order of their beginnings; 0 for what is of several, or of none.

    requests, edited: how many, and how many of them went on shorter, or would in a dry run.
    saved_again: see above. answers: those with usage; usage and turns are theirs.
    whole: their input as it came and as it was sent.
    checkpoints: how often older texts were put away, put_away: how many, reopened: how many files of them were opened.
    rereads: of what agents read again. has_warned: of that.
    """

    number: int = 0
    requests: int = 0
    edited: int = 0
    saved_again: int = 0
    answers: int = 0
    usage: UsageSum = field(default_factory=UsageSum)
    whole: Tokens = field(default_factory=Tokens)
    tools: dict[str, ToolSavings] = field(default_factory=dict)
    turns: list[RequestSavings] = field(default_factory=list)
    cache: CacheWatch = field(default_factory=CacheWatch)
    reasoning: ReasoningWatch = field(default_factory=ReasoningWatch)
    checkpoints: int = 0
    put_away: int = 0
    reopened: int = 0
    rereads: Rereads = field(default_factory=Rereads)
    has_warned: bool = False

    @property
    def new(self) -> Tokens:
        return total(tool.tokens for tool in self.tools.values())

    @property
    def outputs(self) -> int:
        return sum(tool.shortened for tool in self.tools.values())

    def add_text(self, text: TextReport) -> None:
        name = tool_name(text.tool)
        if name not in self.tools and len(self.tools) >= MAX_TOOLS:
            name = OTHER_TOOLS
        saved = ToolSavings(name, 1, 1, Tokens(text.tokens_before, text.tokens_after))
        self.tools[name] = self.tools.get(name, ToolSavings(name)) + saved

    def add_answer(self, usage: Usage, turn: RequestSavings) -> None:
        self.answers += 1
        self.usage += UsageSum.of(usage)
        self.whole += turn.whole
        self.turns.append(turn)
        self._join_turns()

    def add_budget(self, report: CompressionReport) -> None:
        self.checkpoints += report.new_checkpoints
        self.put_away += report.put_away
        self.reopened = max(self.reopened, report.reopened)

    def add_rereads(self, rereads: Rereads) -> bool:
        """Add to the sums; True once, when they are worth a warning."""
        self.rereads += rereads
        if self.has_warned or not (rereads.outputs and self.rereads.is_suspicious):
            return False
        self.has_warned = True
        return True

    def add(self, other: ConversationTotals) -> None:
        self.checkpoints += other.checkpoints
        self.put_away += other.put_away
        self.reopened += other.reopened
        self.reasoning.add(other.reasoning)
        self.rereads += other.rereads
        self.requests += other.requests
        self.edited += other.edited
        self.saved_again += other.saved_again
        self.answers += other.answers
        self.usage += other.usage
        self.whole += other.whole
        self.turns += other.turns
        self._join_turns()
        merged = merge_tools([*self.tools.values(), *other.tools.values()])
        kept = [*merged[:MAX_TOOLS], *(ToolSavings(OTHER_TOOLS) + tool for tool in merged[MAX_TOOLS:])]
        self.tools = {tool.tool: tool for tool in merge_tools(kept)}

    def _join_turns(self) -> None:
        """Put the oldest together as one when they are too many."""
        excess = len(self.turns) - MAX_TURNS
        if excess > 0:
            self.turns[: excess + 1] = [_joined(self.turns[: excess + 1])]


class Totals:
    """requests: all that might have been edited. passed: how many of them went on as they came, by reason."""

    def __init__(self, *, is_dry_run: bool = False) -> None:
        self.is_dry_run = is_dry_run
        self.requests = 0
        self.passed: Counter[str] = Counter()
        self.earlier = ConversationTotals()  # of those that are not kept one by one any more
        self._clients: dict[str, ClientSavings] = {}
        self._beginnings = 0
        self._conversations: OrderedDict[int, ConversationTotals] = OrderedDict()
        self._known: OrderedDict[bytes, None] = OrderedDict()

    @property
    def conversations(self) -> list[ConversationTotals]:
        """The latest ones, the one that spoke last at the end."""
        return list(self._conversations.values())

    @property
    def clients(self) -> tuple[ClientSavings, ...]:
        """The one with most requests first."""
        return tuple(sorted(self._clients.values(), key=lambda client: (-client.requests, client.client)))

    def add_client(self, savings: ClientSavings) -> None:
        """Add to the sums of the client of this name."""
        name = savings.client
        if name not in self._clients and len(self._clients) >= MAX_CLIENTS:
            name = OTHER_CLIENTS
        self._clients[name] = self._clients.get(name, ClientSavings(name)) + savings

    @property
    def all(self) -> ConversationTotals:
        together = ConversationTotals()
        for conversation in (self.earlier, *self._conversations.values()):
            together.add(conversation)
        return together

    def begin(self) -> int:
        """The number of a new conversation."""
        self._beginnings += 1
        return self._beginnings

    def conversation(self, number: int) -> ConversationTotals:
        """The sums of a conversation, to be added to at once: later the oldest are put together."""
        if number == 0:
            return self.earlier
        if number not in self._conversations:  # to make one for nothing takes as long as the rest of counting
            self._conversations[number] = ConversationTotals(number)
        found = self._conversations[number]
        self._conversations.move_to_end(number)
        if len(self._conversations) > MAX_CONVERSATIONS:
            self.earlier.add(self._conversations.popitem(last=False)[1])
        return found

    def count_new(self, conversation: ConversationTotals, texts: Iterable[TextReport]) -> int:
        """Add the texts that are not known yet; return how many tokens those save."""
        saved = 0
        for text in texts:
            if text.key in self._known:
                self._known.move_to_end(text.key)
                continue
            self._known[text.key] = None
            conversation.add_text(text)
            saved += text.tokens_before - text.tokens_after
        while len(self._known) > KNOWN_TEXTS:
            self._known.popitem(last=False)
        return saved


def tool_name(name: str | None) -> str:
    """A client's name for its tool, short and on one line."""
    return one_line(name or "", MAX_NAME_LENGTH) or UNKNOWN_TOOL


def _joined(turns: list[RequestSavings]) -> RequestSavings:
    whole, new = total(turn.whole for turn in turns), total(turn.new for turn in turns)
    return RequestSavings(whole, new, sum(turn.new_outputs for turn in turns), sum(turn.requests for turn in turns))
