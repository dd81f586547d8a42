"""What a client and its model have done so far in all of a session, and by that are expected to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import is_of_reporter
from headroom_compression.record import record

_ENOUGH_REPORTS = 2


@record
class Habits:
    """gutters: whether numbers may still be thinned: no call names lines by them to change these.

    reports: how many outputs of commands there were, if all are reports as mini-swe-agent writes them, or
    results in JSON; None otherwise.
    """

    gutters: bool = True
    reports: int | None = 0

    def after_call(self, call: ToolCall) -> Habits:
        return replace(self, gutters=False) if self.gutters and call.edits_by_line else self

    def after_output(self, call: ToolCall | None, texts: Sequence[str]) -> Habits:
        """texts: of the output of the call, as the client sent them."""
        if call is None or call.command is None or self.reports is None:
            return self
        return replace(self, reports=self.reports + 1 if all(map(is_of_reporter, texts)) else None)

    @property
    def is_reported(self) -> bool:
        """Whether reports stand around all outputs of commands so far, two at least: then around the next one too.

        One alone may be a file that was shown.
        """
        return self.reports is not None and self.reports >= _ENOUGH_REPORTS
