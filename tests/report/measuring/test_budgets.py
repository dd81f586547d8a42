"""What a budget would have done to a recorded session."""

from __future__ import annotations

from dataclasses import replace

from headroom_compression import Settings
from headroom_report.measuring.budgets import BudgetSums
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch
from tests.compression.support.budget_sessions import report

CHOSEN = Settings(level="recall", recall_dir="/recall", recall_stores=False, budget=20_000)


def session(turns: int) -> Session:
    items: list[Item] = [{"role": "user", "content": "Go through the reports."}]
    ends = [1]
    for number in range(turns):
        call = {"type": "function_call", "call_id": f"c{number}", "name": "run", "arguments": f'{{"n": {number}}}'}
        items += [call, {"type": "function_call_output", "call_id": f"c{number}", "output": report(number)}]
        ends.append(len(items))
    return Session("one", "Codex rollout", (Stretch(tuple(items), tuple(ends)),))


def test_a_long_session_is_kept_below_the_budget() -> None:
    sums = BudgetSums(CHOSEN)
    sums.add(session(60))
    assert sums.sessions == 1
    assert sums.checkpoints >= 1
    assert sums.put_away >= 20
    assert sums.peak <= CHOSEN.budget < sums.peak_without
    assert f"{sums.checkpoints} checkpoints in 1 sessions, {sums.put_away} outputs put away" in sums.sentence


def test_a_short_one_stays_as_it_is() -> None:
    sums = BudgetSums(replace(CHOSEN, budget=200_000))
    sums.add(session(5))
    assert (sums.checkpoints, sums.sessions, sums.put_away) == (0, 0, 0)
    assert sums.peak == sums.peak_without > 0
