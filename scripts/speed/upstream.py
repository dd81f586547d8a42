"""The quickest upstream for the speed rows: over TLS it reads every POST whole and answers with a hash of it.

A client that accepts an event stream gets the answer that its request asks for, all events at once.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from itertools import count
from pathlib import Path

import orjson

from scripts.speed.answers import events_of
from tests.loopback.certificate import make_server_context

EVENTS = "text/event-stream"
_PREVIOUS = "previous_response_id"


@contextmanager
def running_upstream() -> Iterator[tuple[int, Path]]:
    """Run it as a process of its own, so that it takes no time from the client; its port and its authority's file."""
    with tempfile.TemporaryDirectory(prefix="speed-upstream-") as folder:
        process = subprocess.Popen([sys.executable, __file__, folder], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None  # noqa: S101  it is a pipe
            port, authority = process.stdout.readline().split()
            yield int(port), Path(authority)
        finally:
            process.terminate()
            process.communicate()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = 1 << 20
    wbufsize = -1
    numbers = count()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Accept"] == EVENTS:
            self._send_events(body)
        else:
            self._send_hash(body)

    def _send_hash(self, body: bytes) -> None:
        answer = b'{"sha256":"%b"}' % sha256(body).hexdigest().encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _send_events(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", EVENTS)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        previous = orjson.loads(body)[_PREVIOUS] if b'"%b"' % _PREVIOUS.encode() in body else None
        events = [b"data: %b\n\n" % event for event in events_of(body, f"resp_{next(self.numbers)}", previous)]
        self.wfile.write(b"".join(b"%x\r\n%b\r\n" % (len(event), event) for event in [*events, b""]))

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        pass


def main() -> None:
    context, authority = make_server_context(Path(sys.argv[1]))
    server = _Server(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(server.server_address[1], authority, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
