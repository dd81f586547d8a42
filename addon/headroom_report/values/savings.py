"""What a report says, as values. Every figure is a number of o200k_base tokens or a count.

Two figures are never mixed: `new` counts an item once, in the request in which it is sent first; `whole` counts all
of a request, so that its sums count an item again in every request that repeats it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from headroom_report.values.rereads import NO_REREADS
from headroom_report.values.rereads import Rereads
from headroom_report.values.usage_sums import UsageSum

# What a cached input token costs as a share of a fresh one: gpt-5 and later, and two older price lists.
CACHED_PRICES = (0.1, 0.25, 0.5)
# Context sizes of models and plans: from 200k and 258k on some cost more, and beyond the limit an agent must compact.
LARGE_REQUESTS = (128_000, 200_000, 258_000)
LIVE = "as it passed by"  # the kind of a session that the proxy saw, not read from a file


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of the same texts as they came and as they are sent."""

    before: int = 0
    after: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(self.before + other.before, self.after + other.after)

    @property
    def saved(self) -> int:
        return self.before - self.after

    @property
    def share(self) -> float:
        """What is saved, as a share of what came: 0.2 for a fifth; 0 where nothing came."""
        return self.saved / self.before if self.before else 0.0


@dataclass(frozen=True, slots=True)
class RequestSavings:
    """One request. whole: all of it. new: what no earlier request had. new_outputs: tool outputs in that.

    requests: above 1 where these are the sums of several.
    """

    whole: Tokens
    new: Tokens
    new_outputs: int = 0
    requests: int = 1

    @property
    def repeated(self) -> Tokens:
        """What an earlier request had, so that the provider may have it in its cache."""
        return Tokens(self.whole.before - self.new.before, self.whole.after - self.new.after)


@dataclass(frozen=True, slots=True)
class LargeRequests:
    """How many requests have more tokens than the limit, as the client made them and as they are sent."""

    limit: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Bill:
    """The price of a session's input in fresh tokens: a repeated one costs `cached_price`. A model, not an invoice."""

    cached_price: float
    before: float = 0.0
    after: float = 0.0

    @property
    def share(self) -> float:
        """What is saved, as a share of the bill before."""
        return 1 - self.after / self.before if self.before else 0.0


@dataclass(frozen=True, slots=True)
class ToolSavings:
    """The outputs of one tool, each counted once. shortened: how many of them are sent shorter."""

    tool: str
    outputs: int = 0
    shortened: int = 0
    tokens: Tokens = Tokens()

    def __add__(self, other: ToolSavings) -> ToolSavings:
        return ToolSavings(
            self.tool, self.outputs + other.outputs, self.shortened + other.shortened, self.tokens + other.tokens
        )


@dataclass(frozen=True, slots=True)
class ClientSavings:
    """Requests of one client. saved: tokens, counting each text once. whole: of requests that the provider counted."""

    client: str
    requests: int = 0
    shortened: int = 0
    saved: int = 0
    whole: Tokens = Tokens()

    def __add__(self, other: ClientSavings) -> ClientSavings:
        return ClientSavings(
            self.client,
            self.requests + other.requests,
            self.shortened + other.shortened,
            self.saved + other.saved,
            self.whole + other.whole,
        )


@dataclass(frozen=True, slots=True)
class OutputSavings:
    """One tool output. title: the call that made it. texts: before and after; None where only counts are kept."""

    tool: str
    tokens: Tokens
    title: str | None = None
    texts: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SessionSavings:
    """One conversation. kind: what it was read from. largest: the outputs that save most, most first."""

    name: str
    kind: str
    turns: tuple[RequestSavings, ...] = ()
    tools: tuple[ToolSavings, ...] = ()
    largest: tuple[OutputSavings, ...] = ()
    usage: UsageSum | None = None
    rereads: Rereads = NO_REREADS

    @property
    def requests(self) -> int:
        return sum(turn.requests for turn in self.turns)

    @property
    def new(self) -> Tokens:
        """All that was sent, every item once: the figure to quote."""
        return total(turn.new for turn in self.turns)

    @property
    def whole(self) -> Tokens:
        """All requests from their beginning to their end: what is repeated counts in each of them."""
        return total(turn.whole for turn in self.turns)

    @property
    def outputs(self) -> Tokens:
        """Tool outputs alone, each once."""
        return total(tool.tokens for tool in self.tools)

    def bill(self, cached_price: float) -> Bill:
        new, repeated = self.new, total(turn.repeated for turn in self.turns)
        return Bill(
            cached_price, new.before + cached_price * repeated.before, new.after + cached_price * repeated.after
        )


@dataclass(frozen=True, slots=True)
class SavingsReport:
    """title: of the page. level, references: the settings that were measured. notes: what the reader must know.

    clients: the one with most requests first; none where a recording is read.
    """

    title: str
    level: str
    references: str
    sessions: tuple[SessionSavings, ...] = ()
    notes: tuple[str, ...] = ()
    clients: tuple[ClientSavings, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether it is about requests that the proxy saw: then outputs that were not shortened are not counted."""
        return any(session.kind == LIVE for session in self.sessions)

    @property
    def requests(self) -> int:
        return sum(session.requests for session in self.sessions)

    @property
    def new(self) -> Tokens:
        """All that was sent, every item once: the figure to quote."""
        return total(session.new for session in self.sessions)

    @property
    def whole(self) -> Tokens:
        """All requests from their beginning to their end: what is repeated counts in each of them."""
        return total(session.whole for session in self.sessions)

    @property
    def outputs(self) -> Tokens:
        """Tool outputs alone, each once."""
        return total(session.outputs for session in self.sessions)

    @property
    def tools(self) -> tuple[ToolSavings, ...]:
        """Of all sessions, the tool that saves most first."""
        return merge_tools(tool for session in self.sessions for tool in session.tools)

    @property
    def usage(self) -> UsageSum | None:
        """What the provider reported; None where it did so in no session."""
        known = [session.usage for session in self.sessions if session.usage]
        return sum(known, UsageSum()) if known else None

    @property
    def rereads(self) -> Rereads:
        return sum((session.rereads for session in self.sessions), NO_REREADS)

    def bill(self, cached_price: float) -> Bill:
        bills = [session.bill(cached_price) for session in self.sessions]
        return Bill(cached_price, sum(bill.before for bill in bills), sum(bill.after for bill in bills))

    @property
    def large_requests(self) -> tuple[LargeRequests, ...]:
        """How many requests exceed the LARGE_REQUESTS; all 0 in a live report, which keeps old requests as sums."""
        turns = [] if self.is_live else [turn.whole for session in self.sessions for turn in session.turns]
        return tuple(
            LargeRequests(
                limit, sum(whole.before > limit for whole in turns), sum(whole.after > limit for whole in turns)
            )
            for limit in LARGE_REQUESTS
        )

    def largest(self, count: int) -> tuple[OutputSavings, ...]:
        return keep_largest((output for session in self.sessions for output in session.largest), count)


def total(tokens: Iterable[Tokens]) -> Tokens:
    return sum(tokens, Tokens())


def by_kind(sessions: Iterable[SessionSavings]) -> dict[str, list[SessionSavings]]:
    kinds: dict[str, list[SessionSavings]] = {}
    for session in sessions:
        kinds.setdefault(session.kind, []).append(session)
    return kinds


def merge_tools(tools: Iterable[ToolSavings]) -> tuple[ToolSavings, ...]:
    """One entry a tool, the one that saves most first."""
    merged: dict[str, ToolSavings] = {}
    for tool in tools:
        merged[tool.tool] = merged[tool.tool] + tool if tool.tool in merged else tool
    return tuple(sorted(merged.values(), key=lambda tool: (-tool.tokens.saved, -tool.tokens.before, tool.tool)))


def keep_largest(outputs: Iterable[OutputSavings], count: int) -> tuple[OutputSavings, ...]:
    """The outputs that save most, most first; of equal ones the earlier."""
    return tuple(sorted(outputs, key=lambda output: -output.tokens.saved)[:count])
