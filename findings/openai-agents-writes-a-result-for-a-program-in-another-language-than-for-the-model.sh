#!/usr/bin/env bash
# One tool of one agent, called twice: for the model its result is a Python literal, for a program it is JSON.
#
# Versions: openai-agents 0.24.0 with openai 3.57.0 (Python 3.11 or newer).
#
# Behaviour: with programmatic tool calling the server runs a program that the model wrote, which calls the client's
# tools; `caller` in the call says so, and the client copies it into the output. One would expect that a tool's result
# is written one way, whoever called. A tool whose result is no text is sent as str() makes it where the model called,
# and as JSON where the program did, since that parses it. So what stands between must not rewrite an output with such
# a `caller`: no model reads it.
#
# Output seen:
#     call_1 direct   {'id': 1, 'title': "can't open", 'owner': None}
#     call_2 program  {"id":1,"title":"can't open","owner":null}
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openai-agents==0.24.0 openai==3.57.0

# Calls the tool as a model and as a program, then says "done"; prints the outputs of a session's last request.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CALL = {"type": "function_call", "name": "record", "arguments": "{}", "status": "completed"}
MADE = [
    CALL | {"id": "fc_1", "call_id": "call_1", "caller": {"type": "direct"}},
    {"type": "program", "id": "pr_1", "call_id": "prog_1", "code": "await tools.record({})", "fingerprint": "f"},
    CALL | {"id": "fc_2", "call_id": "call_2", "caller": {"type": "program", "caller_id": "prog_1"}},
]

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        outputs = [item for item in request["input"] if item.get("type") == "function_call_output"]
        made = MADE
        if outputs:
            for item in sorted(outputs, key=lambda item: item["call_id"]):
                print(f"{item['call_id']} {item['caller']['type']:8} {item['output']}", flush=True)
            text = {"type": "output_text", "text": "done", "annotations": []}
            made = [{"type": "message", "id": "msg_1", "role": "assistant", "content": [text], "status": "completed"}]
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
        answer |= {"output": made, "usage": usage, "tools": [], "tool_choice": "auto", "parallel_tool_calls": True}
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
from agents import Agent, OpenAIResponsesModel, ProgrammaticToolCallingTool, RunConfig, Runner, function_tool
from openai import AsyncOpenAI

@function_tool(allowed_callers=["direct", "programmatic"])
def record():
    return {"id": 1, "title": "can't open", "owner": None}

client = AsyncOpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)
tools = [record, ProgrammaticToolCallingTool()]
agent = Agent("clerk", tools=tools, model=OpenAIResponsesModel("any", client))
assert Runner.run_sync(agent, "go", run_config=RunConfig(tracing_disabled=True)).final_output == "done"
PYTHON

venv/bin/python server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
address="http://127.0.0.1:$(<port)/v1"
env -u HTTP_PROXY -u http_proxy -u ALL_PROXY -u all_proxy venv/bin/python agent.py "$address"
cat seen

diff - seen <<'EXPECTED'
call_1 direct   {'id': 1, 'title': "can't open", 'owner': None}
call_2 program  {"id":1,"title":"can't open","owner":null}
EXPECTED
echo "openai-agents behaves as described"
