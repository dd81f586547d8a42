"""Every text of the recorded sessions beside the checkout goes through every fold and its check."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import pipeline
from headroom_compression.document import Document
from headroom_compression.folds import context_matches
from headroom_compression.folds import line_matches
from headroom_compression.folds import log_templates
from headroom_compression.folds import rows
from headroom_compression.folds import shell_reports

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "sessions"

UNSEEN = (context_matches, line_matches, log_templates, shell_reports)  # the corpus has nothing for them
RARELY = 50  # a fold that its check refuses more often than once in so many texts guesses


@dataclass
class Watched:
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


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")
@pytest.mark.parametrize("fold", [pytest.param(fold, id=str(fold).split("'")[1]) for fold in (*pipeline.FOLDS, rows)])
def test_no_fold_fails_or_is_often_refused_by_its_check(
    fold: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watched = Watched(fold.is_exact)
    monkeypatch.setattr(fold, "is_exact", watched.is_exact)
    monkeypatch.setattr(pipeline, "FOLDS", () if fold is rows else (fold,))
    for path in sorted(CORPUS.glob("*.json")):
        items = json.loads(path.read_bytes())["input"]
        body = json.dumps({"input": items}, ensure_ascii=False).encode()
        sent = json.loads(compress_request_body(body, Settings(references="eager", min_tokens=0)).body)["input"]
        assert [{**item, "output": ""} for item in sent] == [{**item, "output": ""} for item in items]
    assert bool(watched.accepted) is (fold not in UNSEEN)
    assert len(watched.refused) <= watched.accepted // RARELY, watched.refused
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
