"""Answers as event streams: passed on as they arrive, and read shortly afterwards."""

from __future__ import annotations

import logging
import zlib
from collections import deque
from functools import partial
from typing import TYPE_CHECKING
from typing import Final

from headroom_compression import UNREAD_ANSWER
from headroom_compression import AnswerEvent
from headroom_compression import Progress
from headroom_compression import read_answer
from headroom_compression import telling_events
from headroom_compression.wire.paths import FIRST_REFUSAL
from headroom_proxy import encodings
from headroom_proxy.answers.long_events import LongEvent
from headroom_proxy.answers.long_events import at_most
from headroom_proxy.answers.long_events import events_of
from headroom_proxy.answers.recorded_streams import RecordedStream
from headroom_proxy.encodings import content_encoding
from headroom_proxy.guards import answer_goes_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from mitmproxy.http import Response

    from headroom_proxy.answers.exchanges import Exchange

    Later = Callable[[Callable[[], object]], None]
    Events = Sequence[AnswerEvent]
    ReadLong = Callable[[Callable[[], Events], Events, Callable[[Events], None]], None]

FIRST_ANSWER: Final = 200  # what has a lower status (1xx) is followed by other bytes
# The last event repeats the whole answer; with generated images in it that is some megabytes.
MAX_EVENT: Final = 16 * 2**20
# This much gzip holds some 2 MB of JSON; made by an attacker, 256 MB.
MAX_CODED: Final = 2**18
MAX_DECODED: Final = 4 * 2**20
# For a stream: decoded bytes for each coded one. Small events swell 32 times, line feeds 1,000 times.
MAX_SWELLING: Final = 64
MAX_AT_ONCE: Final = 2 * 2**20
MAX_UNREAD: Final = 2**16  # as much as mitmproxy reads at a time
# Of events that end together: MAX_UNREAD, and 32 KiB of the first one that came before. More is read in a thread.
MAX_READ_AT_ONCE: Final = 96 * 1024
# An answer with a hundred calls has that many. Each takes about 1 us, and its parsing.
MAX_EVENTS: Final = 1000

logger = logging.getLogger(__name__)


def is_held_back(response: Response) -> bool:
    """Whether it is an event stream that mitmproxy holds back until it has ended."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "text/event-stream" and not response.stream


def stream_events(
    response: Response, exchange: Exchange, later: Later, read_long: ReadLong | None = None, *, is_kept: bool = False
) -> None:
    """Pass an event stream on as it arrives, and tell the exchange later what was in it.

    later: queues work, to be done in order. read_long: has long events read in a thread. is_kept: whether the body is
    wanted at the end.
    """
    response.stream = True  # whatever becomes of the reader
    reader = _reader(response, exchange, later, read_long)
    response.stream = RecordedStream(reader) if is_kept else reader or True


def whole_answer(response: Response) -> Callable[[], AnswerEvent] | None:
    """Return what reads a finished answer; None for a refusal, and for a stream, whose events are read as they come.

    An answer that turns out to be unreadable is known as just that, and cannot be continued.
    """
    if _reader_of(response) or response.status_code >= FIRST_REFUSAL:
        return None
    is_here = not response.stream and response.status_code >= FIRST_ANSWER
    return partial(_read_whole, response.raw_content if is_here else None, response.headers.fields)


def read_held_back_events(
    response: Response, exchange: Exchange, later: Later, read_long: ReadLong | None = None
) -> bool:
    """Tell the exchange later what is in a stream that mitmproxy held back; return whether the answer is such a one."""
    raw = response.raw_content
    if raw is None or len(raw) > MAX_EVENT or not is_held_back(response) or response.status_code >= FIRST_REFUSAL:
        return False
    reader = _reader(response, exchange, later, read_long)
    if reader is None:
        return False
    for start in range(0, len(raw), MAX_UNREAD):
        later(partial(reader.read, raw[start : start + MAX_UNREAD]))
    return True


def _reader_of(response: Response) -> EventReader | None:
    stream = response.stream
    passes = stream.reader if isinstance(stream, RecordedStream) else stream
    return passes if isinstance(passes, EventReader) else None


def _read_whole(raw: bytes | None, fields: Sequence[tuple[bytes, bytes]]) -> AnswerEvent:
    body = _decoded(raw, content_encoding(fields))
    return AnswerEvent(Progress.ENDED, is_read=False) if body is None else read_answer(body)


def _decoded(raw: bytes | None, names: list[str]) -> bytes | None:
    """The decoded body; None where it is not at hand, too long, or in no known coding."""
    codings = {name.strip().lower() for name in names} - {"", "identity"}
    if raw is None or len(raw) > (MAX_CODED if codings else MAX_EVENT):
        return None
    try:
        return encodings.decode(raw, names, MAX_DECODED if codings else MAX_EVENT)[0]
    except ValueError:
        return None


def passes_unread(response: Response) -> bool:
    """Whether it is streamed to the client without being read."""
    is_read = not response.stream or _reader_of(response) is not None
    return not is_read and response.status_code < FIRST_REFUSAL


def _reader(response: Response, exchange: Exchange, later: Later, read_long: ReadLong | None) -> EventReader | None:
    """None for a coding in which a few bytes may stand for gigabytes."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding == "identity":
        return EventReader(exchange, bytes, later, read_long)
    return EventReader(exchange, Gunzip(), later, read_long) if coding == "gzip" else None


class Gunzip:
    """Decodes gzip chunk by chunk, across members. Raises ValueError when it swells too much, zlib.error for no gzip.

    Each chunk allows for MAX_SWELLING times its size; what is left of that counts for later ones, up to MAX_AT_ONCE.
    """

    def __init__(self) -> None:
        self._member = zlib.decompressobj(encodings.GZIP)
        self._room = MAX_AT_ONCE

    def __call__(self, chunk: bytes) -> bytes:
        self._room = min(self._room + MAX_SWELLING * len(chunk), MAX_AT_ONCE)
        parts = []
        while chunk:
            if self._member.eof:
                self._member = zlib.decompressobj(encodings.GZIP)
            parts.append(self._member.decompress(chunk, self._room + 1))
            self._room -= len(parts[-1])
            if self._room < 0:
                raise ValueError("a stream that swells too much")
            chunk = self._member.unused_data
        return b"".join(parts)


class EventReader:
    """Passes the chunks of a stream of server-sent events on, and reads the events later. Never raises."""

    def __init__(
        self, exchange: Exchange, decode: Callable[[bytes], bytes], later: Later, read_long: ReadLong | None = None
    ) -> None:
        self._exchange: Exchange | None = exchange
        self._decode = decode
        self._later = later
        self._read_long = read_long
        self._long: LongEvent | None = None
        self._behind: deque[bytes | LongEvent] | None = None  # events that ended while a thread reads earlier ones
        self._unread: list[bytes] = []
        self._unread_size = 0
        self._is_waiting = False
        self._event = bytearray(b"\n")  # the line feed before it, and its whole lines so far
        self._line = bytearray()

    def __call__(self, chunk: bytes) -> bytes:
        try:
            if self._exchange and chunk:
                self._keep(chunk)
        except BaseException as error:  # noqa: BLE001  mitmproxy would lose the chunk
            self._give_up(error)
        return chunk

    def _keep(self, chunk: bytes) -> None:
        if self._unread_size + len(chunk) > MAX_UNREAD:
            self._read_kept()
        self._unread.append(chunk)
        self._unread_size += len(chunk)
        if not self._is_waiting:
            self._is_waiting = True
            self._later(self._read_later)

    def read(self, chunk: bytes) -> None:
        """Read a chunk at once, where there is nobody to pass it on to."""
        if self._exchange:
            self._unread.append(chunk)
            self._read_kept()

    def _read_later(self) -> None:
        self._is_waiting = False
        self._read_kept()

    def _read_kept(self) -> None:
        unread = b"".join(self._unread)
        self._unread.clear()
        self._unread_size = 0
        try:
            if self._exchange:
                self._read(self._decode(unread), self._exchange)
        except BaseException as error:  # noqa: BLE001  the rest would be read wrongly
            self._give_up(error)

    def _give_up(self, error: BaseException) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange:
            with answer_goes_on():
                exchange.pass_unread()
        logger.debug("headroom: an answer could not be read: %s", type(error).__name__)

    def _read(self, text: bytes, exchange: Exchange) -> None:
        if self._long:
            stop = self._long.take(text)
            if stop is None:
                return
            ended, self._long, text = self._long, None, text[stop:]
            self._read_events(ended, exchange)
        lines, end, rest = text.rpartition(b"\n")
        if end:
            self._read_lines(b"".join([self._line, lines, end]), exchange)
            self._line.clear()
        self._line += rest
        size = len(self._event) + len(self._line)
        if size > MAX_EVENT:
            raise ValueError("an event over the limit")
        if self._read_long and size > MAX_READ_AT_ONCE:
            self._long = LongEvent(bytes(self._event + self._line), MAX_EVENT)
            self._event, self._line = bytearray(b"\n"), bytearray()

    def _read_lines(self, lines: bytes, exchange: Exchange) -> None:
        known = len(self._event)
        self._event += lines.replace(b"\r\n", b"\n")
        end = self._event.rfind(b"\n\n", known - 1) + 1
        if end:
            ended = bytes(self._event[: end + 1])
            del self._event[:end]
            self._read_events(ended, exchange)

    def _read_events(self, ended: bytes | LongEvent, exchange: Exchange) -> None:
        if self._behind is not None:
            self._behind.append(ended)
        elif self._read_long and (isinstance(ended, LongEvent) or len(ended) > MAX_READ_AT_ONCE):
            self._behind = deque()
            self._read_long(partial(events_of, ended, MAX_EVENTS), (UNREAD_ANSWER,), self._take)
        elif isinstance(ended, bytes):
            for data in at_most(MAX_EVENTS, telling_events(ended)):
                exchange.hear(data)

    def _take(self, events: Sequence[AnswerEvent]) -> None:
        """Take what the thread has read, then read what has come since."""
        behind, self._behind = self._behind or deque(), None
        if self._exchange:
            for event in events:
                self._exchange.received(event)
        try:
            for ended in behind:
                if self._exchange:
                    self._read_events(ended, self._exchange)
        except BaseException as error:  # noqa: BLE001  the rest would be read wrongly
            self._give_up(error)
