"""What a budget does to long sessions: `benchmark.py FOLDER --budget 100000 [--join 400000]`.

Level recall with the budget beside level recall without one. Tokens are counted as the budget counts them: those of the
whole request, reasoning and images estimated. The bill prices what a request shares with the one before at 0.1 and the
rest at 1, so that a checkpoint costs what it changes. "Only in a file": of the strings that first appear in a tool
output and that the model uses later, the share that at that time neither stood in the request nor could be put together
from one text of it. `--join` puts the sessions of a source one behind the other, until a thread has so many tokens.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_report.values.items import Item
from headroom_report.values.savings import CACHED_PRICES
from scripts.savings.recordings import Session
from scripts.savings.recordings import count_tokens
from scripts.savings.recordings import request_body
from scripts.savings.survival import survival

HEADINGS = (
    "source",
    "sessions, requests",
    "tokens of all requests",
    "saved",
    "modelled input bill",
    "largest request",
    "requests above",
    "checkpoints a session",
    "outputs put away",
    "used later, only in a file",
)
CACHED_PRICE = CACHED_PRICES[0]
NEVER = 2**62  # so that tokens are counted, and nothing is put away


@dataclass(slots=True)
class Run:
    """The requests of a session as they were sent. tokens: of each. shared: how many of these the one before had.

    epochs: for each stretch without a checkpoint the number of items of its first request, and the items that its last
    one sent.
    """

    tokens: list[int]
    shared: list[int]
    epochs: list[tuple[int, list[Item]]]
    put_away: int = 0

    @property
    def bill(self) -> float:
        together = zip(self.tokens, self.shared, strict=True)
        return sum(whole - (1 - CACHED_PRICE) * shared for whole, shared in together)


@dataclass(slots=True)
class Sums:
    """Over the sessions of a source, without the budget and with it."""

    sessions: int = 0
    requests: int = 0
    tokens_without: int = 0
    tokens_with: int = 0
    bill_without: float = 0
    bill_with: float = 0
    above_without: int = 0
    above_with: int = 0
    checkpoints: int = 0
    put_away: int = 0
    used: int = 0
    lost: int = 0
    largest_without: int = 0
    largest_with: int = 0

    def add(self, other: Sums) -> None:
        for field in fields(self):
            put_together = max if field.name.startswith("largest") else sum
            value = put_together((getattr(self, field.name), getattr(other, field.name)))
            setattr(self, field.name, value)

    def cells(self) -> Iterator[str]:
        yield f"{self.sessions}, {self.requests:,}"
        yield f"{self.tokens_without:,} -> {self.tokens_with:,}"
        yield f"{1 - self.tokens_with / max(1, self.tokens_without):.1%}"
        yield f"{self.bill_with / max(1, self.bill_without):.1%}"
        yield f"{self.largest_without:,} -> {self.largest_with:,}"
        yield f"{self.above_without:,} -> {self.above_with:,}"
        yield f"{self.checkpoints / max(1, self.sessions):.2f}"
        yield f"{self.put_away:,}"
        yield f"{self.lost / max(1, self.used):.2%}"


def budget_table(sessions: Iterable[Session], settings: Settings, budget: int) -> str:
    """The table, as Markdown. settings: those of level recall; the budget is set here."""
    table: defaultdict[str, Sums] = defaultdict(Sums)
    for session in sessions:
        sums = measure(session, settings, budget)
        table[session.source].add(sums)
        table["all"].add(sums)
    table["all"] = table.pop("all", Sums())
    rows = [f"| {' | '.join([source, *sums.cells()])} |" for source, sums in table.items()]
    title = f"level recall, references {settings.references}, budget {budget:,}"
    return "\n".join([title, f"| {' | '.join(HEADINGS)} |", "|---" * len(HEADINGS) + "|", *rows, ""])


def measure(session: Session, settings: Settings, budget: int) -> Sums:
    without, within = (run(session, replace(settings, budget=tokens)) for tokens in (NEVER, budget))
    used = list(later_used(session.items, within.epochs))
    return Sums(
        1,
        len(within.tokens),
        sum(without.tokens),
        sum(within.tokens),
        without.bill,
        within.bill,
        sum(tokens > budget for tokens in without.tokens),
        sum(tokens > budget for tokens in within.tokens),
        max(0, len(within.epochs) - 1),
        within.put_away,
        len(used),
        used.count(False),
        max(without.tokens, default=0),
        max(within.tokens, default=0),
    )


def run(session: Session, settings: Settings) -> Run:
    """The requests one after the other, as an agent sends them."""
    memory, found = Memory(), Run([], [], [])
    body = b""
    for end in session.request_ends():
        result = compress_request_body(request_body(session.items[:end]), settings, memory)
        tally = result.conversation.tally if result.conversation else None
        if result.report.new_checkpoints or not found.epochs:
            before = _close(found, body)
            found.epochs.append((end, []))
            found.shared.append(_tokens_shared(before, json.loads(result.body)["input"]))
        else:
            found.shared.append(found.tokens[-1])
        found.tokens.append(tally.tokens if tally else 0)
        found.put_away += result.report.put_away
        body = result.body
    _close(found, body)
    return found


def _close(found: Run, body: bytes) -> list[Item]:
    """Note what the last request of an epoch has sent."""
    items: list[Item] = json.loads(body)["input"] if body else []
    if found.epochs:
        found.epochs[-1] = found.epochs[-1][0], items
    return items


def _tokens_shared(before: Sequence[Item], after: Sequence[Item]) -> int:
    pairs = zip(before, after, strict=False)
    count = next((number for number, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))
    return sum(map(count_tokens, after[:count]))


def later_used(items: Sequence[Item], epochs: Sequence[tuple[int, list[Item]]]) -> Iterator[bool]:
    """For each string that the model takes from an output: whether it was in what had been sent."""
    starts = [start for start, _ in epochs]
    for (start, sent), stop in zip(epochs, [*starts[1:], len(items)], strict=True):
        for used in survival(items, [*sent, *items[len(sent) :]], start, stop):
            yield used.is_recoverable


def joined(sessions: Iterable[Session], tokens: int) -> Iterator[Session]:
    """Threads of at least so many tokens, each of several sessions of a source; what is left over is left out."""
    begun: defaultdict[str, list[Item]] = defaultdict(list)
    sizes: defaultdict[str, int] = defaultdict(int)
    for number, session in enumerate(sessions):
        begun[session.source] += (_renamed(item, number) for item in session.items)
        sizes[session.source] += sum(map(count_tokens, session.items))
        if sizes[session.source] >= tokens:
            yield Session(f"{session.source}, joined", begun.pop(session.source))
            del sizes[session.source]


def _renamed(item: Item, number: int) -> Item:
    """The item with a call id that no other session has."""
    return {**item, "call_id": f"{number}_{item['call_id']}"} if "call_id" in item else item
