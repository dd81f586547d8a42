"""A small upstream on 127.0.0.1 that speaks the Responses API, for the demo and the tests.

It answers what its script says, and keeps every request exactly as it arrived.
"""

import argparse
import contextlib
import itertools
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from typing import Self
from urllib.parse import urlsplit

from headroom_proxy import encodings
from tests.loopback import websocket
from tests.loopback.certificate import make_server_context
from tests.loopback.context_limit import ContextLengthExceededError
from tests.loopback.history import History
from tests.loopback.history import PreviousResponseNotFoundError
from tests.loopback.replies import CustomToolCall
from tests.loopback.replies import Event
from tests.loopback.replies import FunctionCall
from tests.loopback.replies import Message
from tests.loopback.replies import Turn
from tests.loopback.replies import events_of
from tests.loopback.replies import output_item
from tests.loopback.websocket import Manners
from tests.loopback.websocket import WebSockets

__all__ = ["CustomToolCall", "FunctionCall", "LoopbackUpstream", "Manners", "Message", "RecordedRequest", "Turn"]


Script = Sequence[Turn] | Callable[[dict[str, Any]], Turn]


@dataclass(frozen=True)
class RecordedRequest:
    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    event_times: list[float] = field(default_factory=list)
    """When each event of the reply was written, by time.monotonic: one clock for all processes of a machine."""

    @property
    def content(self) -> bytes:
        """The body without its Content-Encoding; as it came where that is more than a request may be."""
        names = [value for name, value in self.headers if name.lower() == "content-encoding"]
        try:
            return encodings.decode(self.body, names)[0]
        except ValueError:
            return self.body

    @property
    def is_for_a_response(self) -> bool:
        return self.method == "POST" and urlsplit(self.path).path.rstrip("/").endswith("/responses")


class LoopbackUpstream:
    """Context manager; `port` and, with TLS, `authority` (a file for the clients to trust) are there from the start."""

    def __init__(  # noqa: PLR0913  each is chosen by name
        self,
        script: Script,
        *,
        tls: bool = False,
        event_delay: float = 0.0,
        port: int = 0,
        folder: Path | None = None,
        count_tokens: Callable[[bytes], int] = lambda body: len(body) // 4,
        context_limit: int | None = None,
    ) -> None:
        self.event_delay = event_delay
        self.requests: list[RecordedRequest] = []
        self.authority: Path | None = None
        self.documents: dict[str, dict[str, Any]] = {}
        """What a GET of a path answers."""
        self.history = History()
        self.websockets = WebSockets()
        self.refused_at: int | None = None
        """The number of the first request that had more tokens than the context limit."""
        self._count_tokens = count_tokens
        self._context_limit = context_limit
        self._script = script if callable(script) else _in_turn(script)
        self._numbers = itertools.count(1)
        self._answered: list[bytes] = []
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="loopback-upstream-")
        self._server = _Server(("127.0.0.1", port), self)
        if tls:
            context, self.authority = make_server_context(folder or Path(self._folder.name))
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._folder.cleanup()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def response_requests(self) -> list[RecordedRequest]:
        return [request for request in self.requests if request.is_for_a_response]

    def answer(self, body: bytes, connection: int | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the body as parsed and the finished response to it; `generate: false` leaves the script as it is."""
        parsed = _object_in(body)
        earlier = self.history.before(parsed, connection)
        self._refuse_what_is_too_long(body, earlier.total_tokens)
        with self._lock:
            turn = () if parsed.get("generate") is False else self._script(parsed)
            number = next(self._numbers)
        output = [output_item(part, f"{number}_{place}") for place, part in enumerate(turn)]
        response = self._response(parsed, number, output) | {"usage": self._usage(body, earlier.total_tokens, output)}
        self._answered.append(body)
        self.history.add(parsed, earlier, response, connection)
        return parsed, response

    def _refuse_what_is_too_long(self, body: bytes, tokens_before: int) -> None:
        if self._context_limit is None:
            return
        requested = tokens_before + self._count_tokens(body)
        if requested > self._context_limit:
            self.refused_at = self.refused_at or len(self._answered) + 1
            raise ContextLengthExceededError(self._context_limit, requested)

    def _response(self, parsed: dict[str, Any], number: int, output: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": f"resp_{number}",
            "object": "response",
            "created_at": int(time.time()),
            "status": "completed",
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "metadata": {},
            "model": parsed.get("model", "loopback"),
            "output": output,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
        }

    def _usage(self, body: bytes, tokens_before: int, output: list[dict[str, Any]]) -> dict[str, Any]:
        """What came before, or the share of the body that begins an earlier one, counts as cached."""
        shared = max((_length_shared(other, body) for other in self._answered), default=0)
        new = self._count_tokens(body)
        cached = tokens_before or new * shared // max(len(body), 1)
        sent, received = tokens_before + new, len(json.dumps(output)) // 4
        return {
            "input_tokens": sent,
            "input_tokens_details": {"cached_tokens": cached},
            "output_tokens": received,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": sent + received,
        }


def _in_turn(turns: Sequence[Turn]) -> Callable[[dict[str, Any]], Turn]:
    rest = iter(turns)
    return lambda _: next(rest, (Message("The script has no more turns."),))


def _length_shared(first: bytes, second: bytes) -> int:
    shared, too_much = 0, min(len(first), len(second)) + 1
    while too_much - shared > 1:
        middle = (shared + too_much) // 2
        if first[:middle] == second[:middle]:
            shared = middle
        else:
            too_much = middle
    return shared


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _whole(read: bytes, size: int) -> bytes:
    if len(read) < size:
        raise ConnectionResetError("the client hung up within a body")
    return read


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], upstream: LoopbackUpstream) -> None:
        super().__init__(address, _Handler)
        self.upstream = upstream

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # a client that hangs up is nothing to report
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._record()
        if websocket.is_wanted_by(self):
            self._upgrade()
        elif document := self.server.upstream.documents.get(urlsplit(self.path).path):
            self._send_json(200, document)
        elif urlsplit(self.path).path.endswith("/models"):
            self._send_json(200, {"object": "list", "data": [], "models": []})
        else:
            self._send_not_found()

    def do_POST(self) -> None:
        request = self._record()
        if not request.is_for_a_response:
            self._send_not_found()
            return
        try:
            parsed, response = self.server.upstream.answer(request.content)
        except (ContextLengthExceededError, PreviousResponseNotFoundError) as error:
            self._send_json(400, {"error": error.error})
            return
        if parsed.get("stream"):
            self._send_events(request, events_of(response))
        else:
            self._send_json(200, response)

    do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815 - http.server looks for these names

    def _upgrade(self) -> None:
        refusal = self.server.upstream.websockets.manners.refusal
        if refusal is None:
            websocket.serve(self, self.server.upstream)
        else:
            self._send_json(refusal, {"error": {"message": "no WebSocket here", "type": "invalid_request_error"}})

    def _record(self) -> RecordedRequest:
        headers = [(name, str(value)) for name, value in self.headers.raw_items()]
        request = RecordedRequest(self.command, self.path, headers, self._read_body())
        self.server.upstream.requests.append(request)
        return request

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self._read(int(self.headers.get("Content-Length", "0")))
        chunks = []
        while size := int(self._read_line().split(b";")[0], 16):
            chunks.append(self._read(size))
            self._read_line()
        while self._read_line().strip():
            pass
        return b"".join(chunks)

    def _read(self, size: int) -> bytes:
        return _whole(self.rfile.read(size), size)

    def _read_line(self) -> bytes:
        return _whole(self.rfile.readline(), 1)

    def _send_not_found(self) -> None:
        self._send_json(404, {"error": {"message": f"nothing at {self.path}", "type": "not_found"}})

    def _send_json(self, status: int, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_events(self, request: RecordedRequest, events: Iterator[Event]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number, event in enumerate(events):
            if number:
                time.sleep(self.server.upstream.event_delay)
            data = json.dumps(event | {"sequence_number": number})
            request.event_times.append(time.monotonic())
            self._send_chunk(f"event: {event['type']}\ndata: {data}\n\n".encode())
        self._send_chunk(b"")

    def _send_chunk(self, chunk: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", action="store_true", help="print the authority's file after the port")
    parser.add_argument("--event-delay", type=float, default=0.0, metavar="SECONDS")
    given = parser.parse_args()
    upstream = LoopbackUpstream(
        lambda _: (Message("Hello from the loopback."),), tls=given.tls, event_delay=given.event_delay, port=given.port
    )
    with upstream, contextlib.suppress(KeyboardInterrupt):
        print(upstream.port, upstream.authority or "", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
