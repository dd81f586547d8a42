"""The sums of what passed by as a report, the same values that an audit of recorded sessions gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom_proxy.figures.log_lines import reasoning_lines
from headroom_report.values.savings import LIVE
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import merge_tools
from headroom_report.writing.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headroom_compression import Settings
    from headroom_proxy.figures.totals import ConversationTotals
    from headroom_proxy.figures.totals import Totals


def savings_report(totals: Totals, settings: Settings) -> SavingsReport:
    """Counts only: texts are not kept. Its sessions count the requests whose tokens the upstream has told."""
    saved = "would save" if totals.is_dry_run else "saved"
    sessions = tuple(_session(conversation) for conversation in _all_conversations(totals))
    title = f"What headroom-addon {saved}"
    return SavingsReport(title, settings.level, settings.references, sessions, tuple(_left_out(totals)), totals.clients)


def _left_out(totals: Totals) -> Iterator[str]:
    for reason, count in totals.passed.most_common():
        yield f"{plural(count, 'request')} went on as {'it' if count == 1 else 'they'} came: {reason}."
    together = totals.all
    if together.answers < together.requests:
        silent = plural(together.requests - together.answers, "request")
        yield f"{silent} whose tokens the provider has not told: not in the sessions; if answered, in the tools."
    yield from (f"{line}." for line in reasoning_lines(together))


def _all_conversations(totals: Totals) -> Iterator[ConversationTotals]:
    yield from totals.conversations
    if totals.earlier.answers or totals.earlier.edited:
        yield totals.earlier


def _session(sums: ConversationTotals) -> SessionSavings:
    name = f"conversation {sums.number}" if sums.number else "earlier conversations, and requests of none"
    usage = sums.usage if sums.answers else None
    tools = merge_tools(sums.tools.values())
    return SessionSavings(name, LIVE, tuple(sums.turns), tools, usage=usage, rereads=sums.rereads)
