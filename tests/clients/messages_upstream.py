"""A server on 127.0.0.1 that speaks the Messages API, no business of the addon; its model runs some commands."""

import json
import tempfile
import threading
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.loopback.certificate import make_server_context


class MessagesUpstream(ThreadingHTTPServer):
    """`bodies` holds what was posted to /messages, as it arrived."""

    daemon_threads = True

    def __init__(self, commands: Sequence[str], final_message: str, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []
        self._commands, self._final_message = commands, final_message
        context, self.authority = make_server_context(folder)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def content_for(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the next command as a call, where the client has a shell to offer."""
        results = json.dumps(body["messages"]).count('"tool_result"')
        if results == len(self._commands) or not any(tool.get("name") == "Bash" for tool in body.get("tools", ())):
            return {"type": "text", "text": self._final_message}
        arguments = {"command": self._commands[results], "description": "Read areas.py"}
        return {"type": "tool_use", "id": f"toolu_{results}", "name": "Bash", "input": arguments}


@contextmanager
def running_messages_upstream(commands: Sequence[str], final_message: str) -> Iterator[MessagesUpstream]:
    with (
        tempfile.TemporaryDirectory() as folder,
        MessagesUpstream(commands, final_message, Path(folder)) as upstream,
    ):
        threading.Thread(target=upstream.serve_forever, args=(0.05,), daemon=True).start()
        yield upstream
        upstream.shutdown()


class _Handler(BaseHTTPRequestHandler):
    server: MessagesUpstream
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._send(404, "application/json", b"{}")

    do_HEAD = do_GET  # noqa: N815 - http.server looks for this name

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not urlsplit(self.path).path.endswith("/messages"):
            self._send(404, "application/json", b"{}")
            return
        self.server.bodies.append(body)
        parsed = json.loads(body)
        content = self.server.content_for(parsed)
        events = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events_of(content))
        if parsed.get("stream"):
            self._send(200, "text/event-stream", events.encode())
        else:
            self._send(200, "application/json", json.dumps(message_with([content], stop_reason(content))).encode())

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def stop_reason(content: dict[str, Any]) -> str:
    return "tool_use" if content["type"] == "tool_use" else "end_turn"


def message_with(content: list[dict[str, Any]], reason: str | None) -> dict[str, Any]:
    usage = {"input_tokens": 10, "output_tokens": 10, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    about = {"id": "msg_1", "type": "message", "role": "assistant", "model": "loopback", "usage": usage}
    return about | {"content": content, "stop_reason": reason, "stop_sequence": None}


def events_of(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if content["type"] == "tool_use":
        start = content | {"input": {}}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(content["input"])}
    else:
        start = content | {"text": ""}
        delta = {"type": "text_delta", "text": content["text"]}
    yield {"type": "message_start", "message": message_with([], None)}
    yield {"type": "content_block_start", "index": 0, "content_block": start}
    yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    reason = {"stop_reason": stop_reason(content), "stop_sequence": None}
    yield {"type": "message_delta", "delta": reason, "usage": {"output_tokens": 10}}
    yield {"type": "message_stop"}
