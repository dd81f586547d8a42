"""From files to a report: sums over sessions, notes, and files that are made to break it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom_compression import Settings
from headroom_report.measuring.auditing import audit
from headroom_report.measuring.measure import Audit
from headroom_report.measuring.outputs import LARGEST
from headroom_report.reading.history import files_in
from headroom_report.values.savings import SessionSavings
from headroom_report.values.sessions import Session
from tests.report.reads import RECORDED
from tests.report.reads import reads


def test_sessions_of_all_kinds_are_summed() -> None:
    report = audit(files_in(RECORDED), Settings(references="eager"))
    assert [(session.kind, len(session.turns)) for session in report.sessions] == [
        ("Claude Code transcript", 5),
        ("Codex rollout", 5),
        ("Codex rollout", 6),
        ("Codex rollout", 7),
    ]
    assert (report.level, report.references, report.notes) == ("lossless", "eager", ())
    assert report.new.before == sum(session.new.before for session in report.sessions)
    assert report.outputs.saved == report.new.saved > 0
    assert report.whole.saved > report.new.saved


def test_texts_are_kept_of_the_largest_outputs_only() -> None:
    report = audit(files_in(RECORDED), Settings())
    kept = [output for session in report.sessions for output in session.largest]
    assert len(kept) == LARGEST
    assert all(output.texts for output in kept)
    assert report.largest(LARGEST)[0].tokens.saved == max(output.tokens.saved for output in kept)


def test_what_cannot_be_measured_is_told_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measure = Audit.measure

    def fail_at_first(self: Audit, session: Session) -> SessionSavings | None:
        if session.name == "1":
            raise RecursionError
        return measure(self, session)

    monkeypatch.setattr(Audit, "measure", fail_at_first)
    contents = {
        "1": {"source": "some", "input": reads(3)},
        "2": {"source": "some", "input": [{"type": [], "content": {}}, *reads(2)]},
        "3": {"source": "some", "input": [{"type": [], "content": {}}, *reads(1)]},
        "4": {"other": 1},
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(json.dumps(content))
    told: list[str] = []
    report = audit(files_in(tmp_path), Settings(), told.append)
    assert [session.name for session in report.sessions] == ["2"]
    assert report.notes == tuple(told)
    assert told == [
        "1: cannot be measured (RecursionError)",
        "3: holds no request that an earlier session did not hold",
        f"{tmp_path / '4'}: JSON, but no session or request that is known here",
    ]


def test_no_files_make_an_empty_report() -> None:
    report = audit([], Settings())
    assert (report.sessions, report.requests, report.new.before) == ((), 0, 0)
