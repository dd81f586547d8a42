"""A report for machines: plain values, sums included, no text of an output."""

from __future__ import annotations

from headroom_report.values.rereads import Rereads
from headroom_report.values.rereads import ShownLines
from headroom_report.values.savings import CACHED_PRICES
from headroom_report.values.savings import Bill
from headroom_report.values.savings import ClientSavings
from headroom_report.values.savings import OutputSavings
from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from headroom_report.values.usage_sums import UsageSum
from headroom_report.writing.words import assumptions

Value = object


def as_json(report: SavingsReport, largest: int = 10) -> dict[str, Value]:
    """The report as JSON values. new: every item once. whole: all requests in full. Shares of what came: 0 to 1."""
    return {
        "title": report.title,
        "level": report.level,
        "references": report.references,
        "requests": report.requests,
        **_sums(report),
        "large_requests": [
            {"above": entry.limit, "before": entry.before, "after": entry.after} for entry in report.large_requests
        ],
        "tools": [_tool(tool) for tool in report.tools],
        "clients": [_client(client) for client in report.clients],
        "largest": [_output(output) for output in report.largest(largest)],
        "sessions": [_session(session) for session in report.sessions],
        "assumptions": list(assumptions(report)),
        "notes": list(report.notes),
    }


def _sums(part: SavingsReport | SessionSavings) -> dict[str, Value]:
    return {
        "new": _tokens(part.new),
        "whole": _tokens(part.whole),
        "outputs": _tokens(part.outputs),
        "bills": [_bill(part.bill(price)) for price in CACHED_PRICES],
        "usage": _usage(part.usage),
        "read_again": _rereads(part.rereads),
    }


def _session(session: SessionSavings) -> dict[str, Value]:
    return {
        "name": session.name,
        "kind": session.kind,
        **_sums(session),
        "tools": [_tool(tool) for tool in session.tools],
        "turns": [_turn(turn) for turn in session.turns],
    }


def _tokens(tokens: Tokens) -> dict[str, Value]:
    return {"before": tokens.before, "after": tokens.after, "saved": tokens.saved, "share": round(tokens.share, 4)}


def _bill(bill: Bill) -> dict[str, Value]:
    return {
        "cached_price": bill.cached_price,
        "before": round(bill.before, 1),
        "after": round(bill.after, 1),
        "share": round(bill.share, 4),
    }


def _usage(usage: UsageSum | None) -> dict[str, Value] | None:
    if usage is None:
        return None
    return {"input": usage.input, "cached": usage.cached, "output": usage.output, "cached_untold_of": usage.untold}


def _rereads(rereads: Rereads) -> dict[str, Value]:
    """Lines behind markers and in sight; outputs: those that read again what stood behind markers."""
    return {
        "behind_markers": _shown(rereads.behind),
        "in_sight": _shown(rereads.in_sight),
        "baseline": round(rereads.baseline, 4),
        "outputs": rereads.outputs,
    }


def _shown(shown: ShownLines) -> dict[str, Value]:
    return {"lines": shown.lines, "again": shown.again, "share": round(shown.share, 4)}


def _tool(tool: ToolSavings) -> dict[str, Value]:
    return {"tool": tool.tool, "outputs": tool.outputs, "shortened": tool.shortened, **_tokens(tool.tokens)}


def _client(client: ClientSavings) -> dict[str, Value]:
    return {
        "client": client.client,
        "requests": client.requests,
        "shortened": client.shortened,
        "saved_new": client.saved,
        "whole": _tokens(client.whole),
    }


def _output(output: OutputSavings) -> dict[str, Value]:
    return {"tool": output.tool, "call": output.title, **_tokens(output.tokens)}


def _turn(turn: RequestSavings) -> dict[str, Value]:
    return {
        "whole": _tokens(turn.whole),
        "new": _tokens(turn.new),
        "new_outputs": turn.new_outputs,
        "requests": turn.requests,
    }
