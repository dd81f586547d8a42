"""What is left of outputs when the model needs it: `benchmark.py FOLDER --survival [--level recall] [--verbose]`."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from headroom_compression import CompressedBody
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_report.values.items import OUTPUTS
from headroom_report.values.items import Item
from headroom_report.values.items import texts
from scripts.savings.recordings import Session
from scripts.savings.recordings import count_markers
from scripts.savings.recordings import count_tokens
from scripts.savings.recordings import request_body
from scripts.savings.survival import Used
from scripts.savings.survival import survival

HEADINGS = (
    "source",
    "tool-output tokens, last requests",
    "saved",
    "outputs",
    "markers per output",
    "outputs with gaps",
    "strings used later",
    "verbatim",
    "verbatim or recoverable",
)
# The name of a stored original in a marker.
_ORIGINAL = re.compile(r"\b[0-9a-f]{16}\.txt\b")
_MAX_TITLE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Lost:
    """A string that was lost. kind: the elision that left it out, "" for none. title: the call that had shown it."""

    word: str
    kind: str
    title: str


@dataclass(slots=True)
class Survived:
    """Sums over the sessions of a source, each at its last request."""

    before: int = 0
    after: int = 0
    outputs: int = 0
    markers: int = 0
    with_gaps: int = 0
    used: int = 0
    verbatim: int = 0
    recoverable: int = 0
    lost: list[Lost] = field(default_factory=list)

    def cells(self) -> Iterator[str]:
        yield f"{self.before:,} -> {self.after:,}"
        yield f"{1 - self.after / max(1, self.before):.1%}"
        yield f"{self.outputs:,}"
        yield f"{self.markers / max(1, self.outputs):.2f}"
        yield f"{self.with_gaps:,}"
        yield f"{self.used:,}"
        yield f"{self.verbatim / max(1, self.used):.2%}"
        yield f"{self.recoverable / max(1, self.used):.2%}"


def survival_table(sessions: Sequence[Session], settings: Settings, *, verbose: bool) -> str:
    """The table, with `verbose` below it each string that was lost, and where."""
    sources: defaultdict[str, Survived] = defaultdict(Survived)
    for session in sessions:
        measure(session, settings, sources[session.source])
    rows = [f"| {' | '.join([source, *figures.cells()])} |" for source, figures in sources.items()]
    title = f"level {settings.level}, references {settings.references}"
    lost = [
        f"{source}: {lost.word} ({lost.kind or 'no gap'}), of {lost.title}"
        for source, figures in sources.items()
        for lost in figures.lost
    ]
    heading = f"| {' | '.join(HEADINGS)} |"
    return "\n".join([title, heading, "|---" * len(HEADINGS) + "|", *rows, "", *(lost if verbose else [])])


def measure(session: Session, settings: Settings, figures: Survived) -> None:
    """Add a session, by its last request: what that sends of an item all requests before it have sent."""
    end = max(session.request_ends(), default=0)
    if not end:
        return
    result = compress_request_body(request_body(session.items[:end]), settings)
    sent: list[Item] = [*json.loads(result.body)["input"], *session.items[end:]]
    kinds = gap_kinds(result)
    for original, item in zip(session.items, sent, strict=True):
        if item.get("type") in OUTPUTS:
            figures.outputs += 1
            figures.before += count_tokens(original)
            figures.after += count_tokens(item)
            figures.markers += count_markers(item) - count_markers(original)
            figures.with_gaps += bool(kind_of_gaps(item, kinds))
    for used in survival(session.items, sent):
        figures.used += 1
        figures.verbatim += used.is_verbatim
        figures.recoverable += used.is_recoverable
        if not used.is_recoverable:
            figures.lost.append(lost_string(used, session.items, sent, kinds))


def lost_string(used: Used, items: Sequence[Item], sent: Sequence[Item], kinds: dict[str, str]) -> Lost:
    call_id = items[used.shown_in].get("call_id")
    calls = (item for item in items[: used.shown_in] if item.get("call_id") == call_id)
    title = next((" ".join(texts(item)) for item in calls), "an unknown call").replace("\n", " ")
    return Lost(used.word, kind_of_gaps(sent[used.shown_in], kinds), title[:_MAX_TITLE_LENGTH])


def gap_kinds(result: CompressedBody) -> dict[str, str]:
    """For each stored original, by its name, the elisions that left lines of it out."""
    elided = result.conversation.recalled.elided if result.conversation else {}
    return {name: ", ".join(sorted(kind for _, kind in kinds)) for name, kinds in elided.items()}


def kind_of_gaps(item: Item, kinds: dict[str, str]) -> str:
    names = (name for text in texts(item) for name in _ORIGINAL.findall(text))
    return next((kinds[name] for name in names if name in kinds), "")
