"""What shorter runs, more markers and thinner gutters would save, as a curve: `benchmark.py FOLDER --curve`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from unittest import mock

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression.references import finding
from headroom_compression.references import gutter
from headroom_compression.references.finding import LIMITS
from headroom_compression.references.finding import Limits
from headroom_report.values.items import OUTPUTS
from scripts.savings.recordings import Session
from scripts.savings.recordings import count_markers
from scripts.savings.recordings import count_tokens

# More markers than any text has, so that every run becomes one.
_NO_LIMIT = 1_000_000
_STEPS = (
    ("careful", Limits(16, 4), 5),
    ("careful", Limits(12, 4), 5),
    ("careful", LIMITS["careful"], 5),
    ("careful", Limits(6, 4), 5),
    ("careful", Limits(4, 16), 5),
    ("eager", LIMITS["eager"], 5),
    ("eager", LIMITS["eager"], 10),
    ("eager", Limits(4, _NO_LIMIT), 10),
)


def curve_table(sessions: Sequence[Session]) -> str:
    """The table, as Markdown: the share saved of tool-output tokens in the last requests, and markers per output."""
    sources = list(dict.fromkeys(session.source for session in sessions))
    lines = [f"| references, minimum rows, markers a text, numbers kept | {' | '.join(sources)} |"]
    lines.append("|---" * (len(sources) + 1) + "|")
    for level, limits, kept_every in _STEPS:
        with _instead(level, limits, kept_every):
            cells = _cells(sessions, Settings(references=level))
        markers = "any" if limits.markers == _NO_LIMIT else limits.markers
        name = f"{level}, {limits.minimum}, {markers}, each {kept_every}th"
        lines.append(f"| {name} | {' | '.join(cells[source] for source in sources)} |")
    return "\n".join([*lines, ""])


@contextmanager
def _instead(level: str, limits: Limits, kept_every: int) -> Iterator[None]:
    with mock.patch.dict(finding.LIMITS, {level: limits}), mock.patch.dict(gutter.KEPT_EVERY, {level: kept_every}):
        yield


def _cells(sessions: Sequence[Session], settings: Settings) -> dict[str, str]:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for session in sessions:
        body = json.dumps({"input": session.items}, ensure_ascii=False).encode()
        sent = json.loads(compress_request_body(body, settings).body)["input"]
        for original, item in zip(session.items, sent, strict=True):
            if original.get("type") in OUTPUTS:
                counts = (count_tokens(original), count_tokens(item), count_markers(item) - count_markers(original), 1)
                sums[session.source] = [one + other for one, other in zip(sums[session.source], counts, strict=True)]
    return {
        source: f"{1 - after / max(1, before):.1%}, {markers / max(1, outputs):.2f}"
        for source, (before, after, markers, outputs) in sums.items()
    }
