#!/usr/bin/env bash
# LiveKit sends POSTs to BASE_URL/responses, and opens the WebSocket of the same API at BASE_URL.
#
# Versions: livekit-agents 1.8.9, livekit-plugins-openai 1.8.9 (PyPI), Python 3.11 or newer.
#
# Behaviour: the model `openai.responses.LLM` speaks by WebSocket unless it is told otherwise, and takes a base_url. Of a
# URL one would expect the same of both ways: that of the API, below which /responses stands, as the SDK of OpenAI and
# Codex have it. That holds for POSTs, and for the WebSocket where no base_url is given: wss://api.openai.com/v1/responses.
# A base_url is opened as it stands. So the URL of a gateway works with use_websocket=False only, and one that ends in
# /responses without it only; who tells the API by its path sees a WebSocket to /v1, with the model in the query.
#
# Output seen: the first request for each base_url.
#     /v1            WebSocket  GET /v1?model=gpt-5.5
#     /v1            POST       POST /v1/responses
#     /v1/responses  WebSocket  GET /v1/responses?model=gpt-5.5
#     /v1/responses  POST       POST /v1/responses/responses
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check livekit-agents==1.8.9 livekit-plugins-openai==1.8.9

cat >ask.py <<'PYTHON'
import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from livekit.agents import APIConnectOptions, llm
from livekit.agents.utils import http_context
from livekit.plugins import openai

received = []

class Handler(BaseHTTPRequestHandler):
    """Notes what is asked for, and has nothing."""

    def do_GET(self):
        received.append(f"{self.command} {self.path}")
        self.send_response(404)
        self.send_header("content-length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()

async def first_request(path, is_websocket):
    received.clear()
    url = f"http://127.0.0.1:{server.server_port}{path}"
    model = openai.responses.LLM(model="gpt-5.5", base_url=url, api_key="none", use_websocket=is_websocket)
    chat = llm.ChatContext.empty()
    chat.add_message(role="user", content="Go.")
    try:
        async with model.chat(chat_ctx=chat, conn_options=APIConnectOptions(max_retry=0)) as stream:
            async for _ in stream:
                pass
    except Exception:
        pass  # the server has nothing
    print(f"{path:14} {'WebSocket' if is_websocket else 'POST':10} {received[0]}", flush=True)

async def main():
    async with http_context.open():
        for path in ("/v1", "/v1/responses"):
            for is_websocket in (True, False):
                await first_request(path, is_websocket)

asyncio.run(main())
PYTHON

env -i "PATH=$PATH" "HOME=$folder" venv/bin/python ask.py >seen 2>ask.log

cat seen

diff - seen <<'EXPECTED'
/v1            WebSocket  GET /v1?model=gpt-5.5
/v1            POST       POST /v1/responses
/v1/responses  WebSocket  GET /v1/responses?model=gpt-5.5
/v1/responses  POST       POST /v1/responses/responses
EXPECTED
echo "LiveKit asks as described"
