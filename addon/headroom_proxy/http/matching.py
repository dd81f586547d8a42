"""Which HTTP requests are ours, and how a body gets out of and back into one."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from typing import Final

from headroom_compression import CompressedBody
from headroom_compression import CompressionReport
from headroom_compression import RequestIds
from headroom_compression import may_name_ids
from headroom_compression import read_plain_request_ids
from headroom_compression import read_request_ids
from headroom_compression.wire.paths import EDITED_MARK
from headroom_compression.wire.paths import is_responses_path
from headroom_compression.wire.paths import what_asks
from headroom_proxy import encodings
from headroom_proxy.answers.lanes import SentRequest
from headroom_proxy.headers import BYPASS_HEADER
from headroom_proxy.signatures import is_signed

if TYPE_CHECKING:
    from collections.abc import Callable

    from mitmproxy.http import Headers
    from mitmproxy.http import HTTPFlow
    from mitmproxy.http import Request

    from headroom_proxy.answers.exchanges import Exchange

_BYPASS: Final = BYPASS_HEADER.encode()

# Part of the type of every item that holds tool text; a client may write any letter of it as an escape.
TOOL_OUTPUT: Final = b"_output"
ESCAPE: Final = b"\\u"
NO_TOOL_OUTPUTS: Final = "without tool outputs"
# Parsing this much takes 3 ms at the most, where all of it is brackets.
MAX_READ_AT_ONCE: Final = 2**16
# So does this much that orjson refuses: nested too deep, with a lone surrogate, or no JSON.
MAX_ODD_AT_ONCE: Final = 2**12
# What the server does not store cannot be continued by its id. Inside a string the quotes would be escaped.
_STORE: Final = b'"store"'
_NOT_STORED: Final = re.compile(rb'"store"\s*:\s*false')
_END: Final = 4096  # bytes at either end of a body where it is looked for; if it is missed, an answer is read in vain

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EditedBody:
    """raw: the body to send, encoded; None when it goes on as it came. before: the body as it came, decoded.

    sent: the request, by which its answer is known when it comes.
    """

    raw: bytes | None
    before: bytes
    compressed: CompressedBody
    sent: SentRequest


def is_ours(flow: HTTPFlow) -> bool:
    """Whether it is a request of ours that is under way: mitmproxy runs the hooks for flows that it reads from a file
    too, which go nowhere, and goes on with those of a flow that an addon has killed.
    """
    is_under_way = flow.live and flow.error is None
    return is_under_way and (is_upgrade(flow.request) or holds_input(flow.request))


def holds_input(request: Request) -> bool:
    """Whether its body has input items, for an answer or to compact or count them: they must go on the same way."""
    return request.method == "POST" and what_asks(request.path) is not None


def is_responses_request(request: Request) -> bool:
    return request.method == "POST" and is_responses_path(request.path)


def is_upgrade(request: Request) -> bool:
    """Tell whether it asks for a WebSocket to the Responses API."""
    is_get = request.method == "GET"
    return is_get and request.headers.get("upgrade", "").lower() == "websocket" and is_responses_path(request.path)


def was_upgraded(flow: HTTPFlow) -> bool:
    """Whether a WebSocket follows the answer, of which another hook tells the end."""
    switched = flow.response is not None and flow.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS
    return switched and flow.websocket is not None


def was_answered_early(flow: HTTPFlow) -> bool:
    """Whether the answer to a streamed request ended before the request: then its `request` hook is its last one."""
    return bool(flow.request.stream) and flow.response is not None and flow.response.timestamp_end is not None


def reason_to_pass(flow: HTTPFlow, only: Callable[[HTTPFlow], object] | None) -> str | None:
    """Why a request must go on as it came, in our own words; None when it may be edited.

    Removes the header by which a client asks for that: it is meant for us only. only: the filter of `compress_only`.
    """
    reason = "left out by compress_only" if only is not None and not only(flow) else _reason_not_to_edit(flow)
    if reason is None and _BYPASS in _names(flow.request.headers):
        del flow.request.headers[BYPASS_HEADER]
        return "asked to be left alone"
    return reason


def _reason_not_to_edit(flow: HTTPFlow) -> str | None:
    if flow.request.raw_content is None or flow.request.stream:
        return "streamed"
    if flow.response is not None:
        return "answered by another addon"
    if EDITED_MARK in flow.metadata:
        return "replayed"
    return "signed" if is_signed(flow.request) else None


def _names(headers: Headers) -> set[bytes]:
    """In lower case. mitmproxy would search all headers again for each name."""
    return {name.lower() for name, _ in headers.fields}


def edit_body(
    raw: bytes, encoding: list[str], compress: Callable[[bytes], tuple[CompressedBody, SentRequest]]
) -> EditedBody | None:
    """Compress an encoded body; None when it cannot be decoded. encoding: its Content-Encoding headers."""
    try:
        body, coding = encodings.decode(raw, encoding)
    except ValueError as error:
        logger.debug("headroom: passed through, Content-Encoding: %s", error)
        return None
    is_stored = not any(_STORE in end and _NOT_STORED.search(end) for end in (body[:_END], body[-_END:]))
    has_no_outputs = not is_stored and TOOL_OUTPUT not in body and ESCAPE not in body
    ids = ids_at_once(body) if has_no_outputs else None
    if ids is not None:
        untouched = CompressedBody(
            body, changed=False, report=CompressionReport(passed=NO_TOOL_OUTPUTS), conversation=None
        )
        return EditedBody(None, body, untouched, SentRequest(ids, None))
    compressed, sent = compress(body)
    edited = coding.encode(compressed.body) if compressed.changed else None
    return EditedBody(edited, body, compressed, sent if is_stored else replace(sent, conversation=None))


def ids_at_once(body: bytes) -> RequestIds | None:
    """The ids that a body names; None where reading it would take the event loop too long."""
    if len(body) <= MAX_READ_AT_ONCE:
        return (read_request_ids if len(body) <= MAX_ODD_AT_ONCE else read_plain_request_ids)(body)
    return None if may_name_ids(body) else RequestIds()


def note_sent_as_it_came(message: bytes, exchange: Exchange) -> None:
    """Note a request that goes on as it came, without having been worked on, and will be answered."""
    ids = ids_at_once(message)
    if ids is None:
        exchange.lose_track()
    else:
        exchange.sent(SentRequest(ids, None))


def replace_body(request: Request, raw: bytes) -> None:
    """Assign encoded bytes. mitmproxy's own setter would encode them again, and add a length where there was none."""
    request.raw_content = raw
    headers = request.headers
    if b"transfer-encoding" not in _names(headers):
        length = str(len(raw)).encode()
        headers.fields = tuple(
            (name, length if name.lower() == b"content-length" else value) for name, value in headers.fields
        )
