"""Outputs that the model sees, and that the core does not read or does not know the call of: they have names, too."""

from __future__ import annotations

from collections.abc import Mapping

from headroom_compression.calls.reading import UNREADABLE
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts
from headroom_compression.session.calls_by_id import Calls
from headroom_compression.session.known_items import KnownItem
from headroom_compression.session.left_alone import is_for_program
from headroom_compression.session.shown_names import HIDDEN
from headroom_compression.session.shown_names import name_unread
from headroom_compression.wire.items import TOOL_OUTPUTS
from headroom_compression.wire.items import may_name_an_output
from headroom_compression.wire.items import type_of

# Its `id` is the id of the call (openai-python 3.57, `LocalShellCallOutput`); some clients write `call_id`.
_OF_LOCAL_SHELL = "local_shell_call_output"
# What the server called holds its call and its output.
_OF_SERVER = "mcp_call"


def unread_output(
    item: Mapping[str, object], known: KnownItem | None, calls: Calls, shown: ShownTexts
) -> ShownText | None:
    """What stands for an item of which no text is read, such as an image; None where it is no output.

    known: the same item, where it is known. calls, shown: what stands before it.
    """
    if known and known.texts:
        return None
    if may_name_an_output(item):
        return HIDDEN
    kind = type_of(item)
    if kind == _OF_SERVER:
        call = (known or KnownItem(item)).call
        return name_unread(call) if call and call.title else HIDDEN
    call_id = item.get("call_id", item.get("id") if kind == _OF_LOCAL_SHELL else None)
    call = calls.get(call_id) if isinstance(call_id, str) else None
    if call and call.title:
        return None if is_for_program(call, known) else name_unread(call)
    return hidden_output(call_id, calls, shown) if kind == _OF_LOCAL_SHELL or kind in TOOL_OUTPUTS else None


def hidden_output(call_id: object, calls: Calls, shown: ShownTexts) -> ShownText | None:
    """HIDDEN where an output may be one of any call: its own is not understood, or may be one that is hidden.

    Where nothing is hidden, the model does not see the call of an output whose call the items do not have.
    """
    is_named = isinstance(call_id, str) and call_id in calls
    call = calls.get(str(call_id)) if is_named else None
    is_hidden = call is UNREADABLE if call else is_named or shown.hidden_stop is not None
    return HIDDEN if is_hidden else None
