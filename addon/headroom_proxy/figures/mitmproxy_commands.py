"""The commands of the addon, for the console, mitmweb, key bindings and other scripts."""

from __future__ import annotations

import logging
from collections.abc import Callable  # mitmproxy reads the types of commands at run time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mitmproxy import command
from mitmproxy import types
from mitmproxy.exceptions import CommandError
from mitmproxy.log import ALERT

from headroom_proxy.figures.live_savings import savings_report
from headroom_report.writing.page import write_page

if TYPE_CHECKING:
    from headroom_compression import Settings
    from headroom_proxy.figures.reporter import Reporter

logger = logging.getLogger(__name__)


class ReportCommands:
    name = "headroom_report"  # mitmproxy wants it unique among all addons

    def __init__(
        self, reporter: Reporter, settings: Callable[[], Settings], finish_counting: Callable[[], None]
    ) -> None:
        self._reporter = reporter
        self._settings = settings
        self._finish_counting = finish_counting

    @command.command("headroom.stats")  # type: ignore[untyped-decorator]  # mitmproxy's
    def stats(self) -> Sequence[str]:
        """Tell what was saved so far, in counts: requests, tokens, tools, conversations."""
        self._finish_counting()
        return self._reporter.stats()

    @command.command("headroom.report")  # type: ignore[untyped-decorator]  # mitmproxy's
    def report(self, path: types.Path) -> None:
        """Write the same as a page of HTML that only you can read."""
        self._finish_counting()
        try:
            write_page(savings_report(self._reporter.totals, self._settings()), Path(path).expanduser())
        except (OSError, ValueError, RuntimeError) as error:  # also "~nobody" and "\0" in the path
            raise CommandError(f"the report cannot be written: {error}") from error
        logger.log(ALERT, "headroom: the report is in %s", path)
