#!/usr/bin/env bash
# The same agent with the same tool sends JSON from JavaScript and Python literals from Python.
#
# Versions: openai-agents 0.24.0 with openai 3.57.0 (Python 3.11 or newer), @openai/agents 0.20.0 with zod 4.6.7
# (Node 20 or newer).
#
# Behaviour: the two packages are one SDK for two languages. A tool that returns a value which is no text must become
# `output` of a function_call_output, a text; one would expect JSON, which models and what stands between can read, and
# surely the same in both. The JavaScript package sends JSON. The Python package sends what str() makes of the value:
# None, True, quotes that are single or double by what is inside, and of a pydantic model its fields like arguments,
# which Python cannot read back either.
#
# Output seen (Python first, then JavaScript):
#     record   {'id': 1, 'title': "can't open", 'owner': None}
#     truth    True
#     model    id=1 title="can't open"
#     record   {"id":1,"title":"can't open","owner":null}
#     truth    true
#     model    {"id":1,"title":"can't open"}
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openai-agents==0.24.0 openai==3.57.0
npm install --silent --no-audit --no-fund --prefix . @openai/agents@0.20.0 zod@4.6.7

# Calls each tool once, then says "done"; prints the outputs of a session's last request.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMES = ("record", "truth", "model")

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        outputs = [item["output"] for item in request["input"] if item.get("type") == "function_call_output"]
        if len(outputs) < len(NAMES):
            name = NAMES[len(outputs)]
            item = {"type": "function_call", "id": f"fc_{name}", "call_id": name, "name": name, "arguments": "{}"}
        else:
            for name, output in zip(NAMES, outputs):
                print(f"{name:8} {output}", flush=True)
            text = {"type": "output_text", "text": "done", "annotations": []}
            item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [text]}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
        answer |= {"output": [item | {"status": "completed"}], "usage": usage, "tools": [], "tool_choice": "auto"}
        body = json.dumps(answer | {"parallel_tool_calls": False}).encode()
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
from agents import Agent, OpenAIResponsesModel, RunConfig, Runner, function_tool
from openai import AsyncOpenAI
from pydantic import BaseModel

class Ticket(BaseModel):
    id: int
    title: str

@function_tool
def record() -> dict:
    return {"id": 1, "title": "can't open", "owner": None}

@function_tool
def truth() -> bool:
    return True

@function_tool
def model() -> Ticket:
    return Ticket(id=1, title="can't open")

client = AsyncOpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)
agent = Agent("clerk", tools=[record, truth, model], model=OpenAIResponsesModel("any", client))
assert Runner.run_sync(agent, "go", run_config=RunConfig(tracing_disabled=True)).final_output == "done"
PYTHON

cat >agent.mjs <<'NODE'
import { Agent, OpenAIResponsesModel, Runner, tool } from '@openai/agents';
import OpenAI from 'openai';
import { z } from 'zod';

class Ticket {
  constructor(id, title) { this.id = id; this.title = title; }
}
const values = {
  record: { id: 1, title: "can't open", owner: null },
  truth: true,
  model: new Ticket(1, "can't open"),
};
const tools = Object.entries(values).map(([name, value]) =>
  tool({ name, description: name, parameters: z.object({}), execute: async () => value }));
const client = new OpenAI({ baseURL: process.argv[2], apiKey: 'none', maxRetries: 0 });
const agent = new Agent({ name: 'clerk', tools, model: new OpenAIResponsesModel(client, 'any') });
const result = await new Runner({ tracingDisabled: true }).run(agent, 'go');
if (result.finalOutput !== 'done') process.exit(1);
NODE

venv/bin/python server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
address="http://127.0.0.1:$(<port)/v1"
env -u HTTP_PROXY -u http_proxy -u ALL_PROXY -u all_proxy venv/bin/python agent.py "$address"
env -u HTTP_PROXY -u http_proxy -u ALL_PROXY -u all_proxy node agent.mjs "$address"
cat seen

diff - seen <<'EXPECTED'
record   {'id': 1, 'title': "can't open", 'owner': None}
truth    True
model    id=1 title="can't open"
record   {"id":1,"title":"can't open","owner":null}
truth    true
model    {"id":1,"title":"can't open"}
EXPECTED
echo "both SDKs behave as described"
