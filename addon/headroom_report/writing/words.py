"""How figures and foreign texts are written, the same in every form of a report."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_report.values.rereads import WITHIN_CALLS
from headroom_report.values.rereads import Rereads
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import ToolSavings
from headroom_report.values.usage_sums import UsageSum

NEW = "every item counted once, in the request that sends it first"
WHOLE = "all requests in full: an item counts again in every request that repeats it"
OUTPUTS = "tool outputs alone, each once"
SHORTENED_OUTPUTS = "shortened tool outputs alone, each once"
BILL = "a model, not an invoice: input only; what an earlier request had already costs the cached price, the rest 1"
_TOKENS = "Tokens are exact counts by o200k_base, which is assumed for every model."
_WHAT_COUNTS = (
    "Instructions and tool definitions count where the files hold them, tools as JSON. Codex rollouts often hold no "
    "tools, and recordings of most other agents hold neither: there, shares of whole requests are a little too high."
)
_NOT_COUNTED = "Encrypted reasoning and images are not counted."
_SAME_REQUESTS = (
    "The same requests are compared with and without the addon; what an agent would have done differently is not known."
)
_OF_CLAUDE_CODE = (
    "Claude Code speaks the Messages API, which the addon passes on untouched: these figures say what the same outputs "
    "would save in requests to the Responses API."
)
_AS_SENT = {
    "Cline session": "Results of Cline are measured as it sends them: JSON in a string, and `truncation: auto`.",
    "Continue session": "What Continue keeps of a result as a list is measured as the one text that it sends.",
    "Copilot CLI events": "Results of Copilot CLI are measured as it keeps them for the model, not as it shows them.",
    "Qwen Code chat": "What Qwen Code keeps as responses of functions is measured as the texts that it sends.",
    "kilo database": "What kilo has cleared from its history is counted as it was sent before.",
    "opencode database": "What opencode has cleared from its history is counted as it was sent before.",
    "pi session": (
        "Several texts of one result of pi are measured as the one text that it sends. Of a file that was read again, "
        "Oh My Pi may keep the newest text alone: what the older ones would have saved is not counted."
    ),
}
_ANY_API = (
    "The addon leaves requests to any other API than Responses alone: these figures say what the same outputs would "
    "save in requests to the Responses API."
)

_READ_AGAIN = (
    f"A line is read again when one of the next {WITHIN_CALLS} outputs shows it and next to nothing new. Among lines "
    "in sight, first and later sights are weighted as they are behind markers."
)
_WITHOUT_MARKERS = (
    "Recordings made without the addon tell how often agents read again anyway, as no markers stood there."
)
_LIVE = (
    "Whole requests: the provider's own count plus what was saved; only requests that it has reported.",
    "Savings are exact counts by o200k_base, which is assumed for every model.",
    "By tool: only outputs that were shortened; the others are never counted.",
)


def number(value: float) -> str:
    return f"{value:,.0f}"


def percent(share: float) -> str:
    return f"{share:.1%}".replace("-0.0%", "0.0%")


def tool_figures(tool: ToolSavings, all_tokens: int) -> Sequence[str]:
    """The cells after the name of a tool. all_tokens: of all requests, each item once."""
    return (
        number(tool.outputs),
        number(tool.shortened),
        number(tool.tokens.before),
        number(tool.tokens.saved),
        percent(tool.tokens.share),
        percent(tool.tokens.saved / all_tokens if all_tokens else 0),
    )


def plural(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def what_was_read(report: SavingsReport) -> str:
    kinds = ", ".join(dict.fromkeys(session.kind for session in report.sessions)) or "nothing"
    return f"{plural(len(report.sessions), 'session')}, {plural(report.requests, 'request')} ({kinds})"


def large_requests(report: SavingsReport) -> str:
    """How many requests are above each limit, without the end of the sentence; empty where none is."""
    above = report.large_requests
    if not any(entry.before for entry in above):
        return ""
    counts = (f"{number(entry.before)} -> {number(entry.after)} above {entry.limit // 1000}k" for entry in above)
    return f"requests by their tokens, as they came -> as they are sent: {', '.join(counts)}"


def read_again(rereads: Rereads) -> str:
    """What agents read again, without the end of the sentence; empty where no marker stands."""
    if not rereads.behind.lines:
        return ""
    return (
        f"read again within {WITHIN_CALLS} calls: {percent(rereads.behind.share)} of {number(rereads.behind.lines)} "
        f"lines behind markers, {percent(rereads.baseline)} of comparable lines in sight"
    )


def counted_by_provider(usage: UsageSum | None) -> str:
    """What the provider reported of all input, without the end of the sentence; empty if it reported nothing."""
    if not usage or not usage.input:
        return ""
    told = f"the provider itself counted {number(usage.input)} tokens of input"
    if usage.cached_share is None:
        return told
    of_them = "them" if not usage.untold else f"the {number(usage.input - usage.untold)} that it told this of"
    return f"{told}, {percent(usage.cached_share)} of {of_them} cached"


def assumptions(report: SavingsReport) -> Sequence[str]:
    about_rereads = (_READ_AGAIN,) if report.rereads.behind.lines else ()
    if report.is_live:
        return (*_LIVE, *about_rereads)
    kinds = {session.kind for session in report.sessions}
    of_agents = tuple(sentence for kind, sentence in _AS_SENT.items() if kind in kinds)
    of_claude_code = (_OF_CLAUDE_CODE,) if "Claude Code transcript" in kinds else ()
    return (
        *(_TOKENS, _WHAT_COUNTS, _NOT_COUNTED, _SAME_REQUESTS, *of_claude_code),
        *of_agents,
        *((_ANY_API,) if of_agents else ()),
        *((*about_rereads, _WITHOUT_MARKERS) if about_rereads else ()),
    )
