"""Tool outputs of a measured session, by the tools that made them."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_compression.calls.reading import read_call
from headroom_compression.calls.tool_call import ToolCall
from headroom_report.values.items import Item
from headroom_report.values.items import is_output
from headroom_report.values.items import texts
from headroom_report.values.savings import OutputSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from headroom_report.values.savings import keep_largest
from headroom_report.values.savings import merge_tools

LARGEST = 10
UNKNOWN_TOOL = "unknown call"


@dataclass(frozen=True, slots=True)
class MeasuredItem:
    """An item as it came and as it is sent. is_new: no earlier request had it."""

    item: Item
    sent: Item
    tokens: Tokens
    is_new: bool = True


def named_outputs(measured: Iterable[MeasuredItem]) -> Iterator[OutputSavings]:
    """Each new tool output, with the tool and the call that made it."""
    calls: dict[str, ToolCall | None] = {}
    for entry in measured:
        call_id = entry.item.get("call_id")
        if is_output(entry.item):
            if entry.is_new:
                yield _named(entry, calls.get(call_id) if isinstance(call_id, str) else None)
        elif isinstance(call_id, str):
            calls[call_id] = _call(entry.item)


def by_tool(outputs: Iterable[OutputSavings]) -> tuple[ToolSavings, ...]:
    return merge_tools(ToolSavings(output.tool, 1, int(output.tokens.saved > 0), output.tokens) for output in outputs)


def largest(outputs: Sequence[OutputSavings]) -> tuple[OutputSavings, ...]:
    """The LARGEST outputs that save most, if anything."""
    return keep_largest((output for output in outputs if output.tokens.saved > 0), LARGEST)


def _named(entry: MeasuredItem, call: ToolCall | None) -> OutputSavings:
    return OutputSavings(_tool_name(call), entry.tokens, _title(call), (_text(entry.item), _text(entry.sent)))


def _title(call: ToolCall | None) -> str | None:
    """The command, or the tool and the file that it is about, or the call in the words of a marker."""
    if call is None:
        return None
    if call.command is not None:
        return call.command
    return f"{call.tool} {call.path}" if call.path else call.title.removeprefix("the output of ")


def _call(item: Item) -> ToolCall | None:
    call = read_call(item)
    return call if call and call.tool else None


def _tool_name(call: ToolCall | None) -> str:
    """The tool, and of a shell the program whose lines its output shows."""
    if call is None:
        return UNKNOWN_TOOL
    if call.command is None:
        return call.tool
    return f"{call.tool}: {call.producer[0].rpartition('/')[2]}" if call.producer else f"{call.tool}: other commands"


def _text(output: Item) -> str:
    return "\n".join(texts(output))
