"""How figures read in the log and in answers to commands. Nothing but counts; the names of tools and clients only where
a command asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final

from headroom_report.values.savings import Tokens
from headroom_report.writing.words import percent
from headroom_report.writing.words import plural
from headroom_report.writing.words import read_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headroom_compression import CompressionReport
    from headroom_compression import Usage
    from headroom_proxy.figures.totals import ConversationTotals
    from headroom_proxy.figures.totals import Totals
    from headroom_report.values.rereads import Rereads
    from headroom_report.values.savings import ClientSavings
    from headroom_report.values.savings import ToolSavings

CONVERSATIONS_SHOWN: Final = 10
ROUNDED: Final = (0.1, 0.995)  # a share between these is told without decimals


def request_line(
    report: CompressionReport, whole: Tokens | None, milliseconds: float, *, is_dry_run: bool, why_not: str
) -> str:
    """One request that went on shorter. whole: its tokens by the upstream's count; None for the reason `why_not`."""
    beginning = "headroom: dry run, responses" if is_dry_run else "headroom: responses"
    away = f"{plural(report.put_away, 'older output')} put away, " if report.put_away else ""
    if report.new_checkpoints and not report.put_away:  # the server may drop what is oldest of it
        away = "above the budget: its pointers taken back, "
    new = f"{away}{plural(report.tool_texts, 'new output')}, {milliseconds:.1f} ms"
    if whole:
        return f"{beginning} {change(whole)}, {new}"
    saved = f"{report.saved_in_all:,} tokens saved in {plural(report.shortened_in_all, 'output')}"
    return f"{beginning}, {saved}, {new}; {why_not}"


def whole_tokens(report: CompressionReport, usage: Usage, *, is_dry_run: bool) -> Tokens | None:
    """The tokens of a whole request before and after, from what the upstream counted of what it was sent.

    None where in a dry run nothing would be left: then the upstream did not count all, or has dropped some of it.
    """
    before = usage.input if is_dry_run else usage.input + report.saved_in_all
    after = before - report.saved_in_all
    return Tokens(before, after) if after > 0 else None


def cache_warning(number: int, cached: int, promised: int) -> str:
    return (
        f"headroom: of conversation {number} the upstream had only {cached:,} tokens in its cache, where about "
        f"{promised:,} were expected, twice in a row. If its model, instructions and tools stay the same, please "
        "report this; compress_passthrough=false switches the addon off."
    )


def reasoning_warning(number: int, items: int) -> str:
    return (
        f"headroom: in conversation {number} the upstream has withheld {plural(items, 'reasoning item')} from the "
        "model (prefix_mismatch), although what stands before them was sent as the last time. If its model, "
        "instructions, tools and text format stay the same, please report this; compress_passthrough=false switches "
        "the addon off."
    )


def reread_warning(number: int, rereads: Rereads) -> str:
    return (
        f"headroom: in conversation {number} the agent reads again what was replaced by markers: "
        f"{percent(rereads.behind.share)} of these lines, but {percent(rereads.baseline)} of comparable lines in "
        "sight. It may not understand the markers: compress_references=off or compress_level=lossless leaves them out. "
        "Please report this."
    )


def summary_lines(totals: Totals) -> list[str]:
    """All sums in one or two lines; no line when there was no request."""
    if not totals.requests:
        return []
    together = totals.all
    dry_run = "; dry run, nothing was changed" if totals.is_dry_run else ""
    return [f"headroom: {_requests(totals, together)}; {_saved(together)}{dry_run}", *_input_line(together)]


def stats_lines(totals: Totals) -> list[str]:
    """What the summary says, then tools, clients and conversations one by one."""
    lines = summary_lines(totals) or ["headroom: no requests yet"]
    lines = [line.removeprefix("headroom: ") for line in lines]
    tools = sorted(totals.all.tools.values(), key=lambda tool: -tool.tokens.saved)
    if tools:
        lines += ["saved by tool, each output once:", *map(_tool_line, tools)]
    if totals.clients:
        lines += ["by client:", *map(_client_line, totals.clients)]
    again = read_again(totals.all.rereads)
    if again:
        lines.append(again)
    if totals.all.checkpoints:
        lines.append(_budget_line(totals.all))
    lines += reasoning_lines(totals.all)
    if totals.conversations:
        lines += ["conversations, the latest first:", *_conversation_lines(totals)]
    return lines


def _budget_line(sums: ConversationTotals) -> str:
    away = f"{plural(sums.put_away, 'older output')} put away at {plural(sums.checkpoints, 'checkpoint')}"
    return f"to make room: {away}, {sums.reopened:,} of them opened again"


def reasoning_lines(sums: ConversationTotals) -> list[str]:
    """What the provider says of reasoning; nothing when it says nothing."""
    watch = sums.reasoning
    told = f"as {plural(watch.answers, 'answer')} told: what stands before had changed"
    return [f"{plural(watch.withheld, 'reasoning item')} withheld from the model, {told}"] if watch.answers else []


def change(tokens: Tokens) -> str:
    """`61,204 -> 48,911 tokens (-20%)`."""
    return f"{tokens.before:,} -> {tokens.after:,} tokens ({_minus(tokens.share)})"


def _minus(share: float) -> str:
    text = f"-{share:.0%}" if ROUNDED[0] <= share < ROUNDED[1] else f"-{share:.1%}"
    return "0.0%" if text == "-0.0%" else text


def _requests(totals: Totals, together: ConversationTotals) -> str:
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in totals.passed.most_common())
    passed = f", {totals.passed.total():,} as they came ({reasons})" if reasons else ""
    return f"{plural(totals.requests, 'request')}, {together.edited:,} compressed{passed}"


def _saved(together: ConversationTotals) -> str:
    once = f"{together.new.saved:,} tokens saved in {plural(together.outputs, 'new output')}"
    return f"{once}, {together.saved_again:,} more where those were sent again"


def _input_line(sums: ConversationTotals) -> Iterator[str]:
    if sums.answers:
        yield f"headroom: the upstream reported {plural(sums.answers, 'answer')}: {_input(sums)}"


def _input(sums: ConversationTotals) -> str:
    share = sums.usage.cached_share
    cached = f", {share:.0%} of what was sent from its cache" if share is not None else ""
    return f"input {change(sums.whole)}{cached}, output {sums.usage.output:,} tokens"


def _tool_line(tool: ToolSavings) -> str:
    return f"  {tool.tool}: {change(tool.tokens)} in {plural(tool.shortened, 'output')}"


def _client_line(client: ClientSavings) -> str:
    """Where the outputs of a client have a form that we do not know, it shows here: nothing is saved of them."""
    counts = f"{plural(client.requests, 'request')}, {client.shortened:,} compressed"
    saved = f"{client.saved:,} tokens saved once" if client.saved else "nothing saved (0%)"
    whole = f", input {change(client.whole)}" if client.whole.saved else ""
    return f"  {client.client}: {counts}, {saved}{whole}"


def _conversation_lines(totals: Totals) -> Iterator[str]:
    latest = totals.conversations[::-1]
    for conversation in latest[:CONVERSATIONS_SHOWN]:
        yield f"  {conversation.number}: {_conversation(conversation)}"
    hidden = latest[CONVERSATIONS_SHOWN:]
    if hidden:
        yield f"  and {plural(len(hidden), 'earlier one')}"


def _conversation(sums: ConversationTotals) -> str:
    spoken = f"{plural(sums.requests, 'request')}, {sums.edited:,} compressed, {sums.new.saved:,} tokens saved once"
    return f"{spoken}, {_input(sums)}" if sums.answers else spoken
