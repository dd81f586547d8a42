"""The bodies of streamed answers, for whoever writes flows into files: mitmproxy itself keeps none of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from typing import Final

from headroom_proxy.guards import answer_goes_on

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
        self._chunks: list[bytes] | None = []
        self._size = 0

    def __call__(self, chunk: bytes) -> bytes:
        with answer_goes_on():
            self._keep(chunk)
        return self.reader(chunk) if self.reader else chunk

    def _keep(self, chunk: bytes) -> None:
        chunks, self._chunks = self._chunks, None  # whatever fails here leaves no body with a hole
        if chunks is None:
            return
        self._size += len(chunk)
        if self._size <= MAX_RECORDED:
            chunks.append(chunk)
            self._chunks = chunks
        else:
            logger.warning("headroom: an answer over %d MiB is recorded without its body.", MAX_RECORDED >> 20)

    @property
    def body(self) -> bytes | None:
        """What has passed, None when it is too long to be kept, or could not be."""
        return None if self._chunks is None else b"".join(self._chunks)
