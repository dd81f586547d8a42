"""Every text of the recorded sessions beside the checkout goes through every fold and its check."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import pipeline
from headroom_compression.document import Document
from headroom_compression.document import Fold
from headroom_compression.document import Stage
from headroom_compression.folds import compiler_findings
from headroom_compression.folds import context_matches
from headroom_compression.folds import headed_findings
from headroom_compression.folds import line_matches
from headroom_compression.folds import log_templates
from headroom_compression.folds import rows
from headroom_compression.folds import shared_columns
from headroom_compression.folds import trees

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "sessions"

# The corpus has nothing for them.
UNSEEN = (
    compiler_findings, context_matches, headed_findings, line_matches, log_templates, shared_columns, trees,
)  # fmt: skip
RARELY = 50  # a fold that its check refuses more often than once in so many texts guesses


@dataclass
class WatchedCheck:
    """A check that remembers what it said."""

    check: Callable[..., bool]
    accepted: int = 0
    refused: list[str] = field(default_factory=list)

    def is_exact(self, document: Document, *known: object) -> bool:
        is_exact = self.check(document, *known)
        if is_exact:
            self.accepted += 1
        else:
            self.refused.append(document.text[:200])
        return is_exact

    def says(self) -> tuple[bool, list[str]]:
        """Whether it accepted any text, and what it refused where that is too much."""
        return self.accepted > 0, self.refused if len(self.refused) > self.accepted // RARELY else []


class UnusedFold:
    """A fold that is asked and checked, and never used: the next one gets the text as the tool wrote it."""

    STAGE = Stage.KIND
    MIN_LINES = 1

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        self.watched = WatchedCheck(fold.is_exact)

    def fold(self, document: Document) -> None:
        folded = self._fold.fold(document)
        if folded is not None and folded != document.body:
            self.watched.is_exact(document, folded)

    def is_exact(self, document: Document, folded: str) -> bool:
        return self._fold.is_exact(document, folded)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")
def test_no_fold_fails_or_is_often_refused_by_its_check(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folds = {fold: UnusedFold(fold) for fold in pipeline.all_folds()}
    monkeypatch.setattr(pipeline, "all_folds", lambda: tuple(folds.values()))
    watched = WatchedCheck(rows.is_exact)
    monkeypatch.setattr(rows, "is_exact", watched.is_exact)
    for path in sorted(CORPUS.glob("*.json")):
        items = json.loads(path.read_bytes())["input"]
        body = json.dumps({"input": items}, ensure_ascii=False).encode()
        sent = json.loads(compress_request_body(body, Settings(references="eager", min_tokens=0)).body)["input"]
        assert [{**item, "output": ""} for item in sent] == [{**item, "output": ""} for item in items]
    assert watched.says() == (True, [])
    assert {fold: unused.watched.says() for fold, unused in folds.items()} == {
        fold: (fold not in UNSEEN, []) for fold in folds
    }
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
