#!/usr/bin/env bash
# An agent of Semantic Kernel names the response that it continues, and sends what that response already knows.
#
# Versions: semantic-kernel 1.45.0, openai 3.57.0, Python 3.10 or newer.
#
# Behaviour: an OpenAIResponsesAgent that calls tools sends previous_response_id from its second request on. One would
# expect only what is new in `input`, the output of the last call, as the id stands for all before it. But the message
# of the user and the outputs of all calls of this run come again each time. For the server they are new items behind
# the old ones: after n calls the conversation that it keeps holds the first output n times.
#
# Output seen:
#     request 1: no previous response, message
#     request 2: after resp_1, message output_1
#     request 3: after resp_2, message output_1 output_2
#     request 4: after resp_3, message output_1 output_2 output_3
#     kept by the server: 4 messages, 3 times output_1
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check semantic-kernel==1.45.0 openai==3.57.0

# Calls a tool three times, then says "done".
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CALLS = 3
kept = {None: []}

def name_of(item):
    return item["call_id"] if item.get("type") == "function_call_output" else "message"

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        earlier, number = request.get("previous_response_id"), len(kept)
        names = [name_of(item) for item in request["input"]]
        kept[f"resp_{number}"] = kept[earlier] + names
        print(f"request {number}: {f'after {earlier}' if earlier else 'no previous response'},", *names, flush=True)
        if number <= CALLS:
            item = {"type": "function_call", "id": f"fc_{number}", "call_id": f"output_{number}", "name": "Files-show"}
            item |= {"arguments": json.dumps({"number": number})}
        else:
            messages, outputs = (kept[f"resp_{number}"].count(name) for name in ("message", "output_1"))
            print(f"kept by the server: {messages} messages, {outputs} times output_1", flush=True)
            text = {"type": "output_text", "text": "done", "annotations": []}
            item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [text]}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        answer = {"id": f"resp_{number}", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
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
import asyncio, sys
from openai import AsyncOpenAI
from semantic_kernel.agents import OpenAIResponsesAgent
from semantic_kernel.functions import kernel_function

class Files:
    @kernel_function(name="show", description="Show a file.")
    def show(self, number: int) -> str:
        return f"the text of file {number}"

async def main():
    client = AsyncOpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)
    agent = OpenAIResponsesAgent(ai_model_id="any", client=client, name="clerk", plugins=[Files()], store_enabled=True)
    answer = await agent.get_response("Read three files.")
    assert str(answer.message.content) == "done"

asyncio.run(main())
PYTHON

venv/bin/python server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
env -i "PATH=$PATH" "HOME=$folder" venv/bin/python agent.py "http://127.0.0.1:$(<port)/v1"
cat seen

diff - seen <<'EXPECTED'
request 1: no previous response, message
request 2: after resp_1, message output_1
request 3: after resp_2, message output_1 output_2
request 4: after resp_3, message output_1 output_2 output_3
kept by the server: 4 messages, 3 times output_1
EXPECTED
echo "Semantic Kernel behaves as described"
