"""Long messages and answers, which the thread reads instead of the event loop, for the ids and items in them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from typing import Final

from headroom_compression import UNREAD_ANSWER
from headroom_compression import may_tell
from headroom_compression import read_answer_event
from headroom_proxy.answers import event_streams
from headroom_proxy.answers.long_events import lean
from headroom_proxy.encodings import content_encoding
from headroom_proxy.guards import answer_goes_on
from headroom_proxy.http import websockets
from headroom_proxy.http.matching import TOOL_OUTPUT
from headroom_proxy.http.matching import note_sent_as_it_came
from headroom_proxy.work.compressor import MAX_BODY_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from mitmproxy.http import Response
    from mitmproxy.websocket import WebSocketMessage

    from headroom_compression import AnswerEvent
    from headroom_compression import CompressedBody
    from headroom_proxy.answers.exchanges import Exchange
    from headroom_proxy.answers.lanes import SentRequest
    from headroom_proxy.work.afterwards import Afterwards
    from headroom_proxy.work.compressor import Compress

# Up to this size the event loop parses messages itself: 2 ms for hostile JSON.
MAX_PARSED_AT_ONCE: Final = 32 * 1024

# Searching for a word takes up to 3 ms a MB, in text made of its letters.
MAX_SEARCHED_AT_ONCE: Final = 256 * 1024


def is_for_thread(body: bytes) -> bool:
    """Whether a request is too long for the event loop, or even finding out that it has no tool outputs may be."""
    is_early = len(body) <= MAX_SEARCHED_AT_ONCE or body.find(TOOL_OUTPUT, 0, MAX_SEARCHED_AT_ONCE) >= 0
    return len(body) > MAX_BODY_AT_ONCE or not is_early


def is_long(message: bytes) -> bool:
    return len(message) > MAX_PARSED_AT_ONCE


def may_be_request(message: bytes) -> bool:
    """Whether a client's message may be a request: for a long one only the thread can tell."""
    return is_long(message) or websockets.is_request(message)


def compress_request(content: bytes, compress: Compress) -> tuple[CompressedBody, SentRequest] | None:
    """In the thread: compress a client's message; None if it is no request."""
    return compress(content) if not is_long(content) or websockets.is_request(content) else None


def sent_as_it_was(content: bytes, exchange: Exchange) -> Callable[[], None]:
    """Return what notes that a message, which is or may be a request, was sent unchanged.

    The ids of a long one are not read, so nothing can be matched to its lane any more.
    """
    return exchange.lose_track if is_long(content) else partial(note_sent_as_it_came, content, exchange)


def note_if_sent(message: WebSocketMessage, note_sent: Callable[[], None]) -> None:
    """Note it after all hooks have run: an addon behind this one may have dropped the message."""
    if not message.dropped:
        note_sent()


def note_nothing() -> None:
    """For a message that was no request."""


def hear(message: bytes, exchange: Exchange, afterwards: Afterwards) -> None:
    """Read a server's event on a WebSocket, a long one in the thread."""
    if is_long(message):
        unread: Sequence[AnswerEvent] = (UNREAD_ANSWER,)
        afterwards.read(partial(_read_event, message), unread, partial(_take, exchange))
    elif may_tell(message):
        afterwards.add(partial(exchange.hear, message))


def _read_event(message: bytes) -> Sequence[AnswerEvent]:
    event = read_answer_event(message)
    return (lean(event),) if event else ()


def _take(exchange: Exchange, events: Sequence[AnswerEvent]) -> None:
    for event in events:
        exchange.received(event)


def end(exchange: Exchange, response: Response, afterwards: Afterwards) -> None:
    """Note that an answer has ended, and have it read if it was not read as it passed."""
    read_last: Callable[[], AnswerEvent] | None = _unread
    with answer_goes_on():
        is_told = event_streams.read_held_back_events(response, exchange, afterwards.add, afterwards.read)
        read_last = None if is_told else event_streams.whole_answer(response)
    is_coded = bool(content_encoding(response.headers.fields))
    if read_last and (is_coded or is_long(response.raw_content or b"")):
        afterwards.read(partial(_lean, read_last), UNREAD_ANSWER, exchange.received)
        read_last = None
    afterwards.add(partial(exchange.end, read_last))


def _lean(read: Callable[[], AnswerEvent]) -> AnswerEvent:
    return lean(read())


def _unread() -> AnswerEvent:
    return UNREAD_ANSWER
