"""HTTP/2 requests with `previous_response_id`, from the client to the upstream."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from typing import Any

import h2.config  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import h2.connection  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import h2.events  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import pytest

from tests.proxy.conftest import Received
from tests.proxy.conftest import Upstream
from tests.proxy.conftest import header_pairs
from tests.proxy.conftest import http2_events
from tests.wire.conftest import upload
from tests.wire.test_continued_answers import ASKED
from tests.wire.test_continued_answers import FIRST
from tests.wire.test_continued_answers import SEARCH
from tests.wire.test_continued_answers import SECOND
from tests.wire.test_continued_answers import STREAM
from tests.wire.test_continued_answers import whole
from tests.wire.websocket_peers import check_is_sent_as_in_full_history

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from tests.proxy.conftest import Proxy


class Http2Upstream(Upstream):
    """Answers with `pieces`, each a frame of its own."""

    pieces: tuple[bytes, ...] = ()
    media_type = b"text/event-stream"

    def finish_request(self, request: Any, client_address: Any) -> None:
        del client_address
        assert self.tls is not None
        with self.tls.wrap_socket(request, server_side=True) as connection:
            self._serve(connection)

    def _serve(self, connection: ssl.SSLSocket) -> None:
        http2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=None))
        http2.initiate_connection()
        connection.sendall(http2.data_to_send())
        body = b""
        for event in http2_events(connection, http2):
            if isinstance(event, h2.events.DataReceived):
                body += event.data or b""
                http2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                self.received.append(Received(b"", body))
                body = b""
                http2.send_headers(event.stream_id, [(b":status", b"200"), (b"content-type", self.media_type)])
                for piece in self.pieces:
                    http2.send_data(event.stream_id, piece)
                http2.end_stream(event.stream_id)


@pytest.fixture
def http2_upstream(tls_upstream: Upstream) -> Iterator[Http2Upstream]:
    with Http2Upstream(tls_upstream.tls).serving() as upstream:
        assert isinstance(upstream, Http2Upstream)
        yield upstream


def exchange_http2(proxy: Proxy, upstream: Http2Upstream, body: bytes) -> bytes:
    """Return the reply's body."""
    head = [(b":method", b"POST"), (b":scheme", b"https"), (b":path", b"/v1/responses"), (b":authority", b"localhost")]
    with closing(proxy.connect_tls(upstream, "h2")) as connection:
        http2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding=None))
        http2.initiate_connection()
        http2.send_headers(1, header_pairs(head))
        upload(http2, {1: Received(b"", body)})
        connection.sendall(http2.data_to_send())
        reply = b""
        for event in http2_events(connection, http2):
            if isinstance(event, h2.events.DataReceived):
                reply += event.data or b""
            elif isinstance(event, h2.events.StreamEnded):
                break
    return reply


@pytest.mark.parametrize(
    ("media_type", "pieces"),
    [
        (b"text/event-stream", tuple(STREAM[start : start + 7] for start in range(0, len(STREAM), 7))),
        (b"application/json", (whole("resp_1", SEARCH),)),
    ],
    ids=["events", "JSON"],
)
def test_over_http2(media_type: bytes, pieces: tuple[bytes, ...], proxy: Proxy, http2_upstream: Http2Upstream) -> None:
    http2_upstream.media_type, http2_upstream.pieces = media_type, pieces
    assert exchange_http2(proxy, http2_upstream, FIRST) == b"".join(pieces)
    exchange_http2(proxy, http2_upstream, SECOND)
    assert http2_upstream.received[0].body == FIRST
    check_is_sent_as_in_full_history(http2_upstream.received[1].body, SECOND, ASKED, SEARCH)
