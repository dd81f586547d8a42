#!/usr/bin/env bash
# A tool that fails says why; what the model is sent of it by two frameworks is that it failed.
#
# Versions: openai-agents 0.24.0, agent-framework-openai 1.17.0 (with agent-framework-core), openai 3.57.0 (PyPI), Python
# 3.11 or newer.
#
# Behaviour: a tool raises ValueError("There is no order 7; the last one is 6."). One would expect these words in the
# output of the call, since by them a model may ask for what there is. OpenAI's Agents SDK sends a sentence that asks it
# to try again, agent-framework one of three words, each the same for every failure. Both have an option to say more.
#
# Output seen:
#     openai-agents    An error occurred while running the tool. Please try again.
#     agent-framework  Error: Function failed.
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
  openai-agents==0.24.0 agent-framework-openai==1.17.0 openai==3.57.0

# Calls the tool, then says "done"; prints the output of each call.
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

def made_for(items):
    outputs = [item["output"] for item in items if item.get("type") == "function_call_output"]
    for output in outputs:
        print(output, flush=True)
    return [message("done")] if outputs else [call(1, "order", number=7)]

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
import asyncio, sys
import agents
from agent_framework import Agent
from agent_framework.openai import OpenAIChatClient
from openai import AsyncOpenAI

def order(number: int) -> str:
    """An order by its number."""
    raise ValueError(f"There is no order {number}; the last one is 6.")

agents.set_tracing_disabled(disabled=True)
model = agents.OpenAIResponsesModel("gpt-5.5", AsyncOpenAI(base_url=sys.argv[1], api_key="none", max_retries=0))
clerk = agents.Agent("clerk", model=model, tools=[agents.function_tool(order)])
assert agents.Runner.run_sync(clerk, "Find it.").final_output == "done"
client = OpenAIChatClient(model="gpt-5.5", base_url=sys.argv[1], api_key="none")
assert asyncio.run(Agent(client=client, instructions="Find it.", tools=[order]).run("Find it.")).text == "done"
PYTHON

venv/bin/python server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
url="http://127.0.0.1:$(<port)/v1"
env -i "PATH=$PATH" "HOME=$folder" venv/bin/python agent.py "$url" >agent.log 2>&1

cat seen

diff - seen <<'EXPECTED'
An error occurred while running the tool. Please try again.
Error: Function failed.
EXPECTED
echo "both tell of the failure as described"
