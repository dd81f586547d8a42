"""What each fold saves alone, and what it adds to the ones before it, as a table."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import contextmanager
from unittest.mock import patch

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import pipeline
from headroom_compression.document import Fold
from headroom_compression.folds import rows
from headroom_report.values.items import OUTPUTS
from headroom_report.values.items import Item
from scripts.savings.recordings import Session
from scripts.savings.recordings import count_tokens

_ROWS = "rows"


def stage_table(sessions: Sequence[Session], settings: Settings) -> str:
    """The table, as Markdown: the shares of tool-output tokens in the last requests, by fold (row) and source."""
    every = (*map(_name, pipeline.all_folds()), _ROWS)
    before = _tokens_by_source(sessions, [session.items for session in sessions])
    table = [f"| fold | {' | '.join(before)} |", "|---" * (len(before) + 1) + "|"]
    so_far = dict(before)
    for count, name in enumerate(every, 1):
        alone = _after(sessions, settings, (name,))
        together = _after(sessions, settings, every[:count])
        cells = (
            f"{_share(before[source] - alone[source], before[source])}, "
            f"adds {_share(so_far[source] - together[source], before[source])}"
            for source in before
        )
        table.append(f"| {name} | {' | '.join(cells)} |")
        so_far = together
    totals = (_share(before[source] - so_far[source], before[source]) for source in before)
    return "\n".join([*table, f"| all | {' | '.join(totals)} |", ""])


def _after(sessions: Sequence[Session], settings: Settings, names: Sequence[str]) -> dict[str, int]:
    with _only(names):
        bodies = (json.dumps({"input": session.items}, ensure_ascii=False).encode() for session in sessions)
        sent = [json.loads(compress_request_body(body, settings).body)["input"] for body in bodies]
    return _tokens_by_source(sessions, sent)


@contextmanager
def _only(names: Sequence[str]) -> Iterator[None]:
    folds = tuple(fold for fold in pipeline.all_folds() if _name(fold) in names)
    with ExitStack() as stack:
        stack.enter_context(patch.object(pipeline, "all_folds", lambda: folds))
        if _ROWS not in names:
            stack.enter_context(patch.object(rows, "fold", return_value=None))
        yield


def _tokens_by_source(sessions: Sequence[Session], items: Sequence[Sequence[Item]]) -> dict[str, int]:
    sums: defaultdict[str, int] = defaultdict(int)
    for session, session_items in zip(sessions, items, strict=True):
        outputs = (item for item in session_items if item.get("type") in OUTPUTS)
        sums[session.source] += sum(count_tokens(item) for item in outputs)
    return dict(sums)


def _share(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.1%}"


def _name(fold: Fold) -> str:
    return str(getattr(fold, "__name__", fold)).rpartition(".")[2]
