"""From files to a report, one session in memory at a time."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from headroom_compression import Settings
from headroom_report.measuring.budgets import BudgetSums
from headroom_report.measuring.measure import Audit
from headroom_report.measuring.outputs import LARGEST
from headroom_report.reading.history import read_history
from headroom_report.values.savings import OutputSavings
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import SessionSavings
from headroom_report.values.sessions import Session

TITLE = "What headroom-addon would have saved"


def audit(
    paths: Iterable[Path],
    settings: Settings,
    note: Callable[[str], None] = lambda _: None,
    begins: Callable[[Path], None] = lambda _: None,
) -> SavingsReport:
    """Measure the sessions in files. note: is given what the user must know. begins: each file before it is read."""
    notes: list[str] = []

    def keep(sentence: str) -> None:
        notes.append(sentence)
        note(sentence)

    measured = Audit(replace(settings, budget=0))
    budgets = BudgetSums(settings) if settings.budget else None
    sessions: list[SessionSavings] = []
    largest: list[tuple[int, OutputSavings]] = []  # and the index of their session; no other texts are kept
    for session in read_history(paths, keep, begins):
        savings = _measure(measured, session, keep, budgets)
        if savings:
            largest += ((len(sessions), output) for output in savings.largest)
            largest = sorted(largest, key=lambda entry: -entry[1].tokens.saved)[:LARGEST]
            sessions.append(replace(savings, largest=()))
    for place, output in largest:
        sessions[place] = replace(sessions[place], largest=(*sessions[place].largest, output))
    if budgets and sessions:
        keep(budgets.sentence)
    return SavingsReport(TITLE, settings.level, settings.references, tuple(sessions), tuple(notes))


def _measure(
    measured: Audit, session: Session, note: Callable[[str], None], budgets: BudgetSums | None
) -> SessionSavings | None:
    try:
        savings = measured.measure(session)
        if savings and budgets:
            budgets.add(session)
    except Exception as error:  # noqa: BLE001  items may be anything, and other sessions are still to be measured
        note(f"{session.name}: cannot be measured ({type(error).__name__})")
        return None
    if savings is None:
        has_requests = any(stretch.ends for stretch in session.stretches)
        note(f"{session.name}: holds no request{' that an earlier session did not hold' if has_requests else ''}")
    return savings
