#!/usr/bin/env bash
# mini-swe-agent sends each call back with a field `async_`, which no server ever sent and the API does not have.
#
# Versions: mini-swe-agent 2.4.6, litellm 1.110.2, openai 3.57.0, pydantic 2.14.4 (PyPI), Python 3.11 or newer.
#
# Behaviour: with the model class litellm_response the items of an answer come as objects of the OpenAI SDK. There the
# API's field `async` of a function_call is called `async_`, because `async` is a word of Python. mini-swe-agent writes
# them with pydantic's model_dump, and that writes the names of Python: the next request has `async_`, and `caller` and
# `namespace`, too, which were not in the answer. One would expect the item as it came, or the API's own names. Whether
# a server minds is its own affair; what compares the items of an answer with those that come back finds them changed.
#
# Output seen: the keys of a function_call in the answer, then in the next request:
#     answer   arguments call_id id name status type
#     request  arguments async_ call_id caller id name namespace status type
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mini-swe-agent==2.4.6 litellm==1.110.2 openai==3.57.0 pydantic==2.14.4

# Asks for one command, then for the one that ends the work; writes down the keys of the call as it went and came back.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        calls = [item for item in request["input"] if item.get("type") == "function_call"]
        command = "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT" if calls else "ls"
        item = {"type": "function_call", "id": f"fc_{len(calls)}", "call_id": f"call_{len(calls)}", "name": "bash"}
        item |= {"arguments": json.dumps({"command": command}), "status": "completed"}
        if not calls:
            print(f"answer   {' '.join(sorted(item))}", flush=True)
        elif len(calls) == 1:
            print(f"request  {' '.join(sorted(calls[0]))}", flush=True)
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
        answer |= {"output": [item], "usage": usage, "tools": [], "tool_choice": "auto", "parallel_tool_calls": False}
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

venv/bin/python server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
mkdir work
(cd work && env -i "PATH=$PATH" "HOME=$folder" OPENAI_API_KEY=none MSWEA_CONFIGURED=true \
  "MSWEA_GLOBAL_CONFIG_DIR=$folder/settings" ../venv/bin/mini --yolo --exit-immediately --task "Look." \
  --model openai/gpt-5.5 --model-class litellm_response --config mini.yaml --config model.cost_tracking=ignore_errors \
  --config "model.model_kwargs.api_base=http://127.0.0.1:$(<../port)/v1" </dev/null >../mini.log 2>&1)
cat seen

diff - seen <<'EXPECTED'
answer   arguments call_id id name status type
request  arguments async_ call_id caller id name namespace status type
EXPECTED
echo "mini-swe-agent sends the call back as described"
