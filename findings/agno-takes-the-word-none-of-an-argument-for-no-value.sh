#!/usr/bin/env bash
# Where a model gives a tool the text "none", "null" or "true", agno gives the tool no text.
#
# Versions: agno 3.1.10, openai 3.57.0 (PyPI), Python 3.11 or newer.
#
# Behaviour: the arguments of a call are JSON, in which "none" is a text and null is none. One would expect a tool to be
# called with what stands there. agno looks into texts: "none" and "null" become None, "true" and "false" become truths,
# in any letters. A tool that takes a text is then not called: the model gets an error of validation as the output of its
# call, which says that it gave no text, and gets it again each time it says the same. Numbers stay texts.
#
# Output seen: the argument in the call, then the output that is sent back, up to the second line break:
#     "none"   1 validation error for place\nthing
#     "Null"   1 validation error for place\nthing
#     "true"   1 validation error for place\nthing
#     "12"     in the hall: '12'
#     "nobody" in the hall: 'nobody'
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check agno==3.1.10 openai==3.57.0

# Calls the tool with one word after the other, then says "done"; prints the output of each call.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
USAGE |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}

def message(text):
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "content": [part], "status": "completed"}

def call(number, name, /, **arguments):
    numbered = {"id": f"fc_{number}", "call_id": f"call_{number}"}
    return {"type": "function_call", "name": name, "arguments": json.dumps(arguments), "status": "completed", **numbered}

WORDS = ["none", "Null", "true", "12", "nobody"]
asked = []

def made_for(items):
    outputs = [item["output"] for item in items if item.get("type") == "function_call_output"]
    if outputs:
        told = json.dumps("\n".join(outputs[-1].split("\n")[:2]))[1:-1]
        print(f"{json.dumps(asked[-1]):8} {told}", flush=True)
    if len(asked) == len(WORDS):
        return [message("done")]
    asked.append(WORDS[len(asked)])
    return [call(len(asked), "place", thing=asked[-1])]

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
        answer |= {"output": made_for(request["input"]), "usage": USAGE, "tools": [], "tool_choice": "auto"}
        answer |= {"parallel_tool_calls": True}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as port:
    port.write(f"{server.server_port}\n")
server.serve_forever()
PYTHON

cat >agent.py <<'PYTHON'
import sys
from agno.agent import Agent
from agno.models.openai import OpenAIResponses

def place(thing: str) -> str:
    """Where a thing stands."""
    return f"in the hall: {thing!r}"

model = OpenAIResponses(id="gpt-5.5", base_url=sys.argv[1], api_key="none")
assert Agent(model=model, tools=[place], telemetry=False).run("Where is it?").content == "done"
PYTHON

venv/bin/python server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
url="http://127.0.0.1:$(<port)/v1"
env -i "PATH=$PATH" "HOME=$folder" venv/bin/python agent.py "$url" >agent.log 2>&1

cat seen

diff - seen <<'EXPECTED'
"none"   1 validation error for place\nthing
"Null"   1 validation error for place\nthing
"true"   1 validation error for place\nthing
"12"     in the hall: '12'
"nobody" in the hall: 'nobody'
EXPECTED
echo "agno reads the arguments as described"
