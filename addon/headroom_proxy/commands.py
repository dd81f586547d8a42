"""The commands of the addon, for the console, mitmweb, key bindings and other scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mitmproxy import command

if TYPE_CHECKING:
    from headroom_proxy.report import Reporter


class ReportCommands:
    """mitmproxy reads the types of the parameters and of the result at run time."""

    name = "headroom_report"

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    @command.command("headroom.stats")  # type: ignore[untyped-decorator]  # mitmproxy's
    def stats(self) -> Sequence[str]:
        """What was saved so far, in counts: requests, tokens, tools, conversations."""
        return self._reporter.stats()
