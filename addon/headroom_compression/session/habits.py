"""What a client and its model have done so far in a session, and so what to expect of them."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace

from headroom_compression.calls.callers import is_of_subagent
from headroom_compression.calls.searches import is_searching_tool
from headroom_compression.calls.shown_files import prints_no_report
from headroom_compression.calls.shown_files import shows_source_code
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import Reporter
from headroom_compression.client_text import is_file_in_json
from headroom_compression.client_text import is_same_state
from headroom_compression.client_text import reporter_of
from headroom_compression.client_text import split_state
from headroom_compression.client_text import split_time
from headroom_compression.formats import text_objects
from headroom_compression.formats.grep_rows import begins_with_match
from headroom_compression.record import record

_ENOUGH_REPORTS = 2
# A state is said whole again with each eighth output, so that nobody has to look far for it.
_MAX_ALIKE = 7


@record
class Habits:
    """gutters: whether numbers may still be thinned: no call names lines by them to change these.

    is_alone: whether one model has made all calls. Others see only what is their own.
    state: what a shell said of itself last, behind an output. alike: how many outputs since it was said whole may say
        that it is unchanged. is_alike: whether the last output is one of them.

    reports: how much speaks for a client that puts reports around the outputs of commands; None where one was no report
        or one of another kind. reporter: their kind.
    """

    gutters: bool = True
    reports: int | None = 0
    reporter: Reporter | None = None
    is_alone: bool = True
    state: str = ""
    alike: int = 0
    is_alike: bool = False

    def after_item(self, item: Mapping[str, object]) -> Habits:
        """item: a call or an output."""
        return replace(self, is_alone=False) if self.is_alone and is_of_subagent(item) else self

    def after_call(self, call: ToolCall) -> Habits:
        return replace(self, gutters=False) if self.gutters and call.edits_by_line else self

    def after_output(self, call: ToolCall | None, texts: Sequence[str]) -> Habits:
        """texts: of the output of the call, as the client sent them."""
        state = split_state(texts[-1], call.tool if call else "")[1] if texts else ""
        return _after_state(self._after_report(call, texts), state, is_only_text=len(texts) == 1)

    def without_state(self) -> Habits:
        """The same where the outputs so far are out of sight."""
        return replace(self, state="") if self.state else self

    def _after_report(self, call: ToolCall | None, texts: Sequence[str]) -> Habits:
        if call is None or self.reports is None:
            return self
        if call.command is None:
            return self._after_tool(call, texts)
        found = {reporter_of(text) or (Reporter.OBJECT if text_objects.read(text) else None) for text in texts}
        reporter = found.pop() if len(found) == 1 else None
        if reporter is None or self.reporter not in {None, reporter}:
            return replace(self, reports=None)
        return replace(self, reports=self.reports + _weight(reporter, call), reporter=reporter)

    def _after_tool(self, call: ToolCall, texts: Sequence[str]) -> Habits:
        reporter = _reporter_of_tool(call, texts)
        if reporter is None or self.reports is None or self.reporter not in {None, reporter}:
            return self
        return replace(self, reports=self.reports + _ENOUGH_REPORTS, reporter=reporter)

    @property
    def is_reported(self) -> bool:
        """Whether reports stand around all outputs of commands so far, two at least: then around the next one too.

        One alone may be a file that was shown. Without tags it may be what programs print, however often, so that one
        of the commands must be one that prints nothing of the kind.
        """
        return self.reports is not None and self.reports >= _ENOUGH_REPORTS


def _after_state(habits: Habits, state: str, *, is_only_text: bool) -> Habits:
    """is_only_text: whether the output has no other text than the one that ends with the state."""
    if not state:  # nearly always
        return replace(habits, is_alike=False) if habits.is_alike else habits
    is_alike = is_only_text and is_same_state(state, habits.state) and habits.alike < _MAX_ALIKE
    return replace(habits, state=state, alike=habits.alike + 1 if is_alike else 0, is_alike=is_alike)


def _reporter_of_tool(call: ToolCall, texts: Sequence[str]) -> Reporter | None:
    """What a client writes around what commands print, too, as a tool that runs none shows for certain.

    Who wraps the files that are read in JSON does so with all; no search finds a time and behind it a row with a place.
    """
    if not texts:
        return None
    if shows_source_code(call) and all(map(is_file_in_json, texts)):
        return Reporter.IN_JSON
    is_search = is_searching_tool(call)
    is_timed = is_search and all(time and begins_with_match(rows) for time, rows in map(split_time, texts))
    return Reporter.TIMED if is_timed else None


def _weight(reporter: Reporter, call: ToolCall) -> int:
    if reporter is Reporter.IN_TAGS:
        return 1
    return _ENOUGH_REPORTS if prints_no_report(call) else 0
