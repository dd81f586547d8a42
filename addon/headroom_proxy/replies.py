"""What happens to replies: event streams arrive as they are sent, and what they tell is read on their way."""

from __future__ import annotations

import logging
import zlib
from typing import TYPE_CHECKING
from typing import Final

from headroom_compression import AnswerEvent
from headroom_compression import Progress
from headroom_compression import read_answer
from headroom_compression import read_answer_event
from headroom_proxy import encodings
from headroom_proxy.requests import BYPASS_HEADER
from headroom_report.wire import FIRST_REFUSAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from mitmproxy.http import Response

    from headroom_proxy.exchanges import Exchange

# How a server answers when a body does not suit it, or a middle box when it was changed.
REFUSALS: Final = frozenset({400, 403, 413, 422})
# The last event repeats the whole answer; with generated images in it that is some megabytes.
LARGEST_EVENT: Final = 16 * 2**20
# It is decoded in the event loop: 6 ms for each MB that comes out of gzip, 21 ms of br.
LARGEST_CODED: Final = 2**18

logger = logging.getLogger(__name__)


def stream_events(response: Response, exchange: Exchange | None = None) -> None:
    """Without this mitmproxy holds an event stream back until it has ended."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "text/event-stream" and not response.stream:
        response.stream = True
        if exchange:
            response.stream = _reader(response, exchange) or True


def read_whole(response: Response, exchange: Exchange) -> None:
    """Read an answer that has come to its end, unless it was read on its way.

    Of one that cannot be read that is all that is known: it is not continued.
    """
    if isinstance(response.stream, EventReader) or response.status_code >= FIRST_REFUSAL:
        return
    body = _body(response)
    exchange.received(AnswerEvent(Progress.ENDED) if body is None else read_answer(body))


def _body(response: Response) -> bytes | None:
    """The decoded body; None where it is not at hand, too long, or in no known coding."""
    raw = None if response.stream else response.raw_content
    names = response.headers.get_all("content-encoding")
    codings = {name.strip().lower() for name in names} - {"", "identity"}
    if raw is None or len(raw) > (LARGEST_CODED if codings else LARGEST_EVENT):
        return None
    try:
        return encodings.decode(raw, names)[0]
    except ValueError:
        return None


def is_refusal(response: Response) -> bool:
    return response.status_code in REFUSALS


class Refusals:
    """Explains once a host that it has refused a compressed request."""

    def __init__(self) -> None:
        self._hosts: set[str] = set()

    def explain(self, host: str, status: int) -> None:
        if host in self._hosts:
            return
        self._hosts.add(host)
        logger.warning(
            "headroom: %s answered %d to a compressed request. If it takes the original, leave this host out with "
            "compress_only, or send the header %s with such requests.",
            host,
            status,
            BYPASS_HEADER,
        )

    def forget(self) -> None:
        self._hosts.clear()


def _reader(response: Response, exchange: Exchange) -> EventReader | None:
    """None for a coding in which a few bytes may stand for gigabytes."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding == "identity":
        return EventReader(exchange, bytes)
    return EventReader(exchange, zlib.decompressobj(encodings.GZIP).decompress) if coding == "gzip" else None


class EventReader:
    """Passes the chunks of a stream of server-sent events on, and reads the events on their way. Never raises."""

    def __init__(self, exchange: Exchange, decode: Callable[[bytes], bytes]) -> None:
        self._exchange: Exchange | None = exchange
        self._decode = decode
        self._unfinished: list[bytes] = []
        self._data: list[bytes] = []
        self._size = 0

    def __call__(self, chunk: bytes) -> bytes:
        try:
            if self._exchange:
                self._read(self._decode(chunk), self._exchange)
        except BaseException as error:  # noqa: BLE001  mitmproxy would lose the chunk
            self._exchange = None
            logger.debug("headroom: an answer could not be read: %s", type(error).__name__)
        return chunk

    def _read(self, text: bytes, exchange: Exchange) -> None:
        *ended, rest = text.split(b"\n")
        if ended:
            ended[0] = b"".join([*self._unfinished, ended[0]])
            self._unfinished.clear()
        self._unfinished.append(rest)
        self._size += len(text)
        for line in ended:
            self._read_line(line.removesuffix(b"\r"), exchange)
        if self._size > LARGEST_EVENT:
            raise ValueError("an event over the limit")

    def _read_line(self, line: bytes, exchange: Exchange) -> None:
        if line.startswith(b"data:"):
            self._data.append(line.removeprefix(b"data:"))
        elif not line:
            event = read_answer_event(b"\n".join(self._data))
            self._data.clear()
            self._size = 0
            if event:
                exchange.received(event)
