#!/usr/bin/env bash
# crewAI sends a model's calls back without the words that the model said before them.
#
# Versions: crewai 1.15.30 (PyPI), Python 3.11 or newer.
#
# Behaviour: an answer of the Responses API may hold a message and calls, as when a model says what it is going to do. One
# would expect both in the next request, since a server that is given no previous_response_id knows of the conversation
# what stands there. With api="responses" crewAI sends the calls and their outputs, and not the message: the model does
# not see what it had said, or planned, before it called a tool, and what it reads is no longer what it wrote.
#
# Output seen: what the server answered, then the items of the next request:
#     answer   message call_1
#     request  user call_1 output_1
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check crewai==1.15.30

# Answers with a message and a call, then with "done"; prints the items of both.
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

def name(item):
    kind = {"function_call": "call", "function_call_output": "output"}.get(item.get("type"))
    return f"{kind}_{item['call_id'][-1]}" if kind else item["role"].replace("assistant", "message")

def made_for(items):
    if any(item.get("type") == "function_call_output" for item in items):
        print("request ", *map(name, items), flush=True)
        return [message("done")]
    made = [message("First I look where it stands."), call(1, "place", thing="table")]
    print("answer  ", *map(name, made), flush=True)
    return made

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
from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool

@tool
def place(thing: str) -> str:
    """Where a thing stands."""
    return "in the hall"

llm = LLM(model="openai/gpt-5.5", base_url=sys.argv[1], api_key="none", api="responses")
agent = Agent(role="Reader", goal="Read.", backstory="Reads.", llm=llm, tools=[place])
task = Task(description="Where is it?", expected_output="One word.", agent=agent)
assert str(Crew(agents=[agent], tasks=[task]).kickoff()) == "done"
PYTHON

venv/bin/python server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
url="http://127.0.0.1:$(<port)/v1"
env -i "PATH=$PATH" "HOME=$folder" CREWAI_DISABLE_TELEMETRY=true OTEL_SDK_DISABLED=true \
  venv/bin/python agent.py "$url" >agent.log 2>&1

cat seen

diff - seen <<'EXPECTED'
answer   message call_1
request  user call_1 output_1
EXPECTED
echo "crewAI sends the call back as described"
