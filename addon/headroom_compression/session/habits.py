"""What a client and its model have done so far in all of a session, and by that are expected to do."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace

from headroom_compression.calls.callers import is_of_subagent
from headroom_compression.calls.shown_files import prints_no_object
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import is_json_report
from headroom_compression.client_text import is_of_reporter
from headroom_compression.record import record

_ENOUGH_REPORTS = 2


@record
class Habits:
    """gutters: whether numbers may still be thinned: no call names lines by them to change these.

    is_alone: whether one model has made all calls. Others see only what is their own.

    reports: how much speaks for a client that puts reports around the outputs of commands, as mini-swe-agent does; None
        where one was no report. are_json: they are JSON.
    """

    gutters: bool = True
    reports: int | None = 0
    are_json: bool = False
    is_alone: bool = True

    def after_item(self, item: Mapping[str, object]) -> Habits:
        """item: a call or an output."""
        return replace(self, is_alone=False) if self.is_alone and is_of_subagent(item) else self

    def after_call(self, call: ToolCall) -> Habits:
        return replace(self, gutters=False) if self.gutters and call.edits_by_line else self

    def after_output(self, call: ToolCall | None, texts: Sequence[str]) -> Habits:
        """texts: of the output of the call, as the client sent them."""
        if call is None or call.command is None or self.reports is None:
            return self
        if (self.are_json or not self.reports) and all(map(is_json_report, texts)):
            return replace(self, reports=self.reports + _weight(call), are_json=True)
        is_tagged = not self.are_json and all(map(is_of_reporter, texts))
        return replace(self, reports=self.reports + 1 if is_tagged else None)

    @property
    def is_reported(self) -> bool:
        """Whether reports stand around all outputs of commands so far, two at least: then around the next one too.

        One alone may be a file that was shown. JSON may be what programs print, however often, so that one of the
        commands must be one that prints none.
        """
        return self.reports is not None and self.reports >= _ENOUGH_REPORTS


def _weight(call: ToolCall) -> int:
    """How many reports in tags speak for a client as much as a report in JSON around what a command printed."""
    return _ENOUGH_REPORTS if prints_no_object(call) else 0
