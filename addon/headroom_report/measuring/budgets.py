"""What a budget would have done: the requests of a session one after the other, as they came to be sent."""

from __future__ import annotations

from dataclasses import replace

from headroom_compression import Conversation
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_report.values import json_text
from headroom_report.values.sessions import Session


class BudgetSums:
    """Sums over the sessions of an audit. Its tokens are those of whole requests, as the budget counts them."""

    def __init__(self, settings: Settings) -> None:
        """settings: with a budget and level recall, and nothing stored."""
        self._settings = settings
        self._without = replace(settings, budget=2**62)  # counts, and never puts anything away
        self.checkpoints = 0
        self.sessions = 0
        self.put_away = 0
        self.peak = 0
        self.peak_without = 0

    def add(self, session: Session) -> None:
        checkpoints = 0
        other_members = {"instructions": "\n".join(session.fixed), **session.options}
        for stretch in session.stretches:
            memory, memory_without = Memory(), Memory()
            known = 0
            for end in stretch.ends:
                body = json_text.write({**other_members, "input": stretch.items[:end]})
                result = compress_request_body(body, self._settings, memory)
                known = max(known, result.report.checkpoints)
                self.put_away += result.report.put_away
                self.peak = max(self.peak, _tokens(result.conversation))
                without = compress_request_body(body, self._without, memory_without)
                self.peak_without = max(self.peak_without, _tokens(without.conversation))
            checkpoints += known
        self.checkpoints += checkpoints
        self.sessions += checkpoints > 0

    @property
    def sentence(self) -> str:
        return (
            f"a budget of {self._settings.budget:,} tokens: {self.checkpoints:,} checkpoints in {self.sessions:,} "
            f"sessions, {self.put_away:,} outputs put away; the largest request {self.peak:,} tokens instead of "
            f"{self.peak_without:,}; the figures above are without it"
        )


def _tokens(conversation: Conversation | None) -> int:
    tally = conversation.tally if conversation else None
    return tally.tokens if tally else 0
