"""The bodies of streams that pass, for those who write flows into files: mitmproxy keeps none of what is streamed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from mitmproxy.http import Response

# mitmproxy itself would keep any answer, however long. Those of a model are some MB at most.
MAX_RECORDED: Final = 64 * 2**20

logger = logging.getLogger(__name__)


def complete_recording(response: Response | None) -> None:
    """Give a response that was streamed the body that has passed.

    The client has it already, so mitmproxy sends none of it again.
    """
    if response and isinstance(response.stream, RecordedStream) and response.raw_content is None:
        response.raw_content = response.stream.body


class RecordedStream:
    """Passes the chunks of a stream on, through a reader if there is one, and keeps them. Never raises."""

    def __init__(self, reader: Callable[[bytes], bytes] | None) -> None:
        self.reader = reader
        self._chunks: list[bytes] = []
        self._size = 0

    def __call__(self, chunk: bytes) -> bytes:
        self._size += len(chunk)
        if self._size <= MAX_RECORDED:
            self._chunks.append(chunk)
        elif self._chunks:
            self._chunks.clear()
            logger.warning("headroom: an answer over %d MiB is recorded without its body.", MAX_RECORDED >> 20)
        return self.reader(chunk) if self.reader else chunk

    @property
    def body(self) -> bytes | None:
        """What has passed, None when it is too long to be kept."""
        return b"".join(self._chunks) if self._size <= MAX_RECORDED else None
