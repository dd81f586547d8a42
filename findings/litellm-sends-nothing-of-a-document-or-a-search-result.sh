#!/usr/bin/env bash
# LiteLLM takes Claude's messages to the Responses API, and leaves out documents of plain text and search results.
#
# Versions: litellm 1.110.2 (PyPI), Python 3.11 or newer.
#
# Behaviour: litellm.anthropic.messages, which stands behind /v1/messages of its proxy, sends requests for models of
# OpenAI to /responses. In Claude's API a tool result may be text, an image, a document or a search result, and may say
# that the tool failed. One would expect what has no place of its own to become text, as a result of several texts does.
# A PDF becomes a file. A document of plain text and a search result, which are text, are left out: the output of the
# call is then empty, or what stands beside them, and nothing is logged. So in messages of the user. That the tool failed
# is left out as well: the output reads as that of any other call.
#
# Output seen, what the tool gave and the output of its call:
#     two texts           "one\ntwo"
#     PDF                 [input_file]
#     plain document      ""
#     search result       ""
#     text and document   "See the notes:"
#     failure             "no such file"  without a sign of it: ['call_id', 'output', 'type']
#     user's document     user message: [input_text "Go."]
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check litellm==1.110.2

cat >ask.py <<'PYTHON'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import litellm

received = []

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        received.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        part = {"type": "output_text", "text": "done", "annotations": []}
        item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [part], "status": "completed"}
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
        answer |= {"output": [item], "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}}
        body = json.dumps(answer | {"tools": [], "tool_choice": "auto", "parallel_tool_calls": True}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{server.server_port}/v1"
TOOL = {"name": "look", "input_schema": {"type": "object", "properties": {}}}
CALL = {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}]}

def text(words):
    return {"type": "text", "text": words}

def document(kind, data, media):
    return {"type": "document", "source": {"type": kind, "media_type": media, "data": data}}

NOTES = document("text", "The notes.", "text/plain")
PDF = document("base64", "JVBERi0=", "application/pdf")
FOUND = {"type": "search_result", "source": "https://example.com", "title": "Found", "content": [text("The words.")]}

def shown(part):
    return f'{part["type"]} {json.dumps(part["text"])}' if "text" in part else part["type"]

async def sent(messages):
    options = {"model": "openai/gpt-5.5", "api_base": URL, "api_key": "none", "max_tokens": 99, "tools": [TOOL]}
    await litellm.anthropic.messages.acreate(messages=messages, **options)
    return received[-1]["input"][-1]

async def result(title, content, **others):
    answer = {"type": "tool_result", "tool_use_id": "toolu_1", "content": content, **others}
    item = await sent([{"role": "user", "content": "Go."}, CALL, {"role": "user", "content": [answer]}])
    output = item["output"]
    told = json.dumps(output) if isinstance(output, str) else f"[{', '.join(map(shown, output))}]"
    print(f"{title:19} {told}", f"  without a sign of it: {sorted(item)}" if others else "", sep="")

async def main():
    await result("two texts", [text("one"), text("two")])
    await result("PDF", [PDF])
    await result("plain document", [NOTES])
    await result("search result", [FOUND])
    await result("text and document", [text("See the notes:"), NOTES])
    await result("failure", "no such file", is_error=True)
    item = await sent([{"role": "user", "content": [NOTES, text("Go.")]}])
    told = ", ".join(map(shown, item["content"]))
    print(f"user's document     {item['role']} {item['type']}: [{told}]")

asyncio.run(main())
PYTHON

env -i "PATH=$PATH" "HOME=$folder" LITELLM_LOCAL_MODEL_COST_MAP=True venv/bin/python ask.py >seen 2>ask.log

cat seen

diff - seen <<'EXPECTED'
two texts           "one\ntwo"
PDF                 [input_file]
plain document      ""
search result       ""
text and document   "See the notes:"
failure             "no such file"  without a sign of it: ['call_id', 'output', 'type']
user's document     user message: [input_text "Go."]
EXPECTED
echo "LiteLLM leaves out what is described"
