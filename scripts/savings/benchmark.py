"""Tokens before and after on recorded sessions: `python scripts/savings/benchmark.py FOLDER [--level recall]`.

FOLDER holds one JSON object a file with the input items of a session under `input` and, optionally, its `source`.
A session becomes the requests that an agent sends: one before every run of items that the model made, holding all
items before it. The requests go through the core one after the other, with a memory, as the proxy does it; the last one
of each session also goes through it without a memory, which must give the same bytes.

Tokens are o200k_base counts of the items' texts (messages, calls, outputs, reasoning summaries). Instructions and
tools, which an agent sends too, are not in the recordings, so that shares of whole requests are a little too high.
The modelled bill prices what the request before had already at 0.1 and the rest at 1, for input only.

"Used later": strings of at least six characters that first appear in a tool output and that the model itself writes
later. "Still there": the share of them that stands verbatim in what was sent before that. "Recoverable": that, or can
be put together from one text of it without opening a file, as a folder and a name, or a file and the number of a row.
At level recall a string that stands only in a stored file is lost.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import astuple
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from pathlib import Path

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.wire.body import locate_items
from headroom_report.measuring.measure import tokens_of_item
from headroom_report.measuring.measure import turns_of
from headroom_report.measuring.outputs import MeasuredItem
from headroom_report.values.items import Item
from headroom_report.values.items import is_output
from headroom_report.values.savings import CACHED_PRICES
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import Tokens
from scripts.savings.budget import budget_table
from scripts.savings.budget import joined
from scripts.savings.curve import curve_table
from scripts.savings.recordings import LEVELS
from scripts.savings.recordings import RECALL
from scripts.savings.recordings import WRAPPED
from scripts.savings.recordings import WRAPPINGS
from scripts.savings.recordings import Session
from scripts.savings.recordings import count_markers
from scripts.savings.recordings import count_tokens
from scripts.savings.recordings import read_sessions
from scripts.savings.recordings import request_body
from scripts.savings.recordings import wrapped
from scripts.savings.stages import stage_table
from scripts.savings.survival import survival
from scripts.savings.survival_table import survival_table
from scripts.speed.table import ROWS
from scripts.speed.table import print_speed

CACHED_PRICE = CACHED_PRICES[0]
HEADINGS = (
    "source",
    "sessions, requests",
    "tool-output tokens, last requests",
    "saved",
    "saved, all turns",
    "saved of whole requests, all turns",
    "modelled input bill",
    "outputs shortened",
    "markers per output",
    "used later and still there, or recoverable",
    "prefix kept",
)


@dataclass(slots=True)
class Figures:
    """Sums over sessions. `tool`: tool outputs of the last request of each; `turns`: all requests."""

    sessions: int = 0
    requests: int = 0
    outputs: int = 0
    shortened: int = 0
    markers: int = 0
    tool_before: int = 0
    tool_after: int = 0
    turns_tool_before: int = 0
    turns_tool_after: int = 0
    turns_before: int = 0
    turns_after: int = 0
    bill_before: float = 0
    bill_after: float = 0
    used_later: int = 0
    used_verbatim: int = 0
    used_recoverable: int = 0
    prefix_bytes: int = 0
    prefix_kept: int = 0

    @property
    def is_prefix_kept(self) -> bool:
        return self.prefix_kept == self.prefix_bytes

    def add(self, other: Figures) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def parsed_arguments() -> tuple[argparse.Namespace, list[Session]]:
    """The options, and the sessions in the folder. Ends the process where it has none."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--references", nargs="+", default=["careful", "eager"], choices=["off", "careful", "eager"])
    parser.add_argument("--level", default="lossless", choices=LEVELS)
    parser.add_argument(
        "--survival", action="store_true", help="instead: what of the outputs was there when it was used"
    )
    parser.add_argument("--verbose", action="store_true", help="with --survival: each string that was not")
    parser.add_argument("--stages", action="store_true", help="instead: what each fold saves alone, and what it adds")
    parser.add_argument("--curve", action="store_true", help="instead: what shorter runs and more markers would save")
    parser.add_argument("--budget", type=int, metavar="TOKENS", help="instead: what a budget does to long sessions")
    parser.add_argument("--join", type=int, metavar="TOKENS", help="with --budget: threads of so many tokens")
    parser.add_argument("--speed", nargs="*", choices=list(ROWS), metavar="ROWS", help=f"instead: {', '.join(ROWS)}")
    arguments = parser.parse_args()
    sessions = list(read_sessions(arguments.folder))
    if not sessions:
        parser.error(f"{arguments.folder} holds no sessions")
    return arguments, sessions


def main() -> int:
    arguments, sessions = parsed_arguments()
    if arguments.speed is not None:
        print_speed(sessions, arguments.speed)
        return 0
    if arguments.budget:
        tokens.load()
        threads = joined(sessions, arguments.join) if arguments.join else sessions
        print(budget_table(threads, replace(RECALL, references=arguments.references[0]), arguments.budget))
        return 0
    sessions += [wrapped(session, name) for name in WRAPPINGS for session in sessions if session.source == WRAPPED]
    tokens.load()
    if arguments.curve:
        print(curve_table(sessions))
        return 0
    if arguments.stages:
        print(stage_table(sessions, Settings(references=arguments.references[0])))
        return 0
    chosen = [replace(LEVELS[arguments.level], references=references) for references in arguments.references]
    if arguments.survival:
        for settings in chosen:
            print(survival_table(sessions, settings, verbose=arguments.verbose))
        return 0
    tables = [print_table(sessions, settings) for settings in chosen]
    return 0 if all(figures.is_prefix_kept for table in tables for figures in table.values()) else 1


def print_table(sessions: Sequence[Session], settings: Settings) -> dict[str, Figures]:
    table = measure_sources(sessions, settings)
    print(render(table, settings))
    return table


def measure_sources(sessions: Iterable[Session], settings: Settings) -> dict[str, Figures]:
    table: defaultdict[str, Figures] = defaultdict(Figures)
    for session in sessions:
        print(f"\r{settings.references}: {table[session.source].sessions} of {session.source}", end="", file=sys.stderr)
        table[session.source].add(measure(session, settings))
    print(file=sys.stderr)
    return dict(table)


def measure(session: Session, settings: Settings) -> Figures:
    ends = session.request_ends()
    figures = Figures(sessions=1, requests=len(ends))
    memory = Memory()
    previous = b""
    result = None
    for end in ends:
        result = compress_request_body(request_body(session.items[:end]), settings, memory)
        items = items_part(result.body)
        figures.prefix_bytes += len(previous)
        figures.prefix_kept += common_prefix(previous, items)
        previous = items
    if result is None:
        return figures
    afresh = compress_request_body(request_body(session.items[: ends[-1]]), settings)
    if afresh.body != result.body:
        sys.exit(f"a session of {session.source} came out differently with a memory")
    fill_in_tokens(figures, session, ends, result)
    return figures


def fill_in_tokens(figures: Figures, session: Session, ends: Sequence[int], last: CompressedBody) -> None:
    """Fill in the sums. All requests are beginnings of the last one: what was sent of an item never changes."""
    sent: list[Item] = json.loads(last.body)["input"]
    pairs = zip(session.items, sent, strict=False)
    items = [MeasuredItem(original, item, tokens_of_item(original, item, count_tokens)) for original, item in pairs]
    outputs = [item if is_output(item.item) else replace(item, tokens=Tokens()) for item in items]
    measured, measured_outputs = (turns(of_items, ends) for of_items in (items, outputs))
    figures.tool_before, figures.tool_after = astuple(measured_outputs.new)
    figures.turns_tool_before, figures.turns_tool_after = astuple(measured_outputs.whole)
    figures.turns_before, figures.turns_after = astuple(measured.whole)
    bill = measured.bill(CACHED_PRICE)
    figures.bill_before, figures.bill_after = bill.before, bill.after
    for used in survival(session.items, [*sent, *session.items[ends[-1] :]]):
        figures.used_later += 1
        figures.used_verbatim += used.is_verbatim
        figures.used_recoverable += used.is_recoverable
    for item in items:
        if is_output(item.item):
            figures.outputs += 1
            figures.shortened += item.item != item.sent
            figures.markers += count_markers(item.sent) - count_markers(item.item)


def turns(items: Sequence[MeasuredItem], ends: Sequence[int]) -> SessionSavings:
    return SessionSavings("", "", tuple(turns_of(items, [0, *ends], fixed=0, is_first=True)))


def items_part(body: bytes) -> bytes:
    """The body up to the end of its last item."""
    return body[: locate_items(body).items[-1].stop]


def common_prefix(one: bytes, other: bytes) -> int:
    if other.startswith(one):
        return len(one)
    return next(position for position, byte in enumerate(one) if other[position : position + 1] != bytes([byte]))


def render(table: Mapping[str, Figures], settings: Settings) -> str:
    rule = "|---" * len(HEADINGS) + "|"
    rows = [render_row(source, figures) for source, figures in table.items()]
    title = f"level {settings.level}, references {settings.references}"
    return "\n".join([title, f"| {' | '.join(HEADINGS)} |", rule, *rows, ""])


def render_row(source: str, figures: Figures) -> str:
    cells = (
        source,
        f"{figures.sessions}, {figures.requests:,}",
        f"{figures.tool_before:,} -> {figures.tool_after:,}",
        saved(figures.tool_before, figures.tool_after),
        saved(figures.turns_tool_before, figures.turns_tool_after),
        saved(figures.turns_before, figures.turns_after),
        f"{figures.bill_after / figures.bill_before:.1%}",
        f"{figures.shortened:,} of {figures.outputs:,}",
        f"{figures.markers / max(1, figures.outputs):.2f}",
        f"{share(figures.used_verbatim, figures.used_later)}, {share(figures.used_recoverable, figures.used_later)}",
        share(figures.prefix_kept, figures.prefix_bytes),
    )
    return f"| {' | '.join(cells)} |"


def share(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.2%}"


def saved(before: float, after: float) -> str:
    return f"{1 - after / max(1, before):.1%}"


if __name__ == "__main__":
    sys.exit(main())
