#!/usr/bin/env bash
# Where the tools stand in a request of Codex depends on the model, and so do the tools.
#
# Versions: @openai/codex 0.171.0 (the CLI of npm) on Linux, and python3 for a server in the place of a model.
#
# Behaviour: one would expect the system prompt in `instructions` and the tools in `tools`, as the API has them. Codex
# sends its prompt as messages of the role developer in `input`, for all three models. With gpt-5.5 the tools stand in
# `tools`, and one of them runs commands. With the newer models there is no `tools`: the first item of `input` has the
# type additional_tools and holds them, as namespaces of functions, and commands are run from scripts that the model
# writes for one tool `exec`. Who looks at `tools`, or for the name of the tool that runs commands, finds nothing.
#
# Output seen:
#     gpt-5.5      no instructions, 10 tools, first item: message of the developer
#     gpt-5.6-sol  no instructions, no tools, first item: additional_tools of the developer
#         namespace functions: exec wait request_user_input
#         namespace collaboration: followup_task interrupt_agent list_agents send_message spawn_agent wait_agent
#     gpt-6.2-sol  no instructions, no tools, first item: additional_tools of the developer
#         namespace functions: exec wait request_user_input request_user_input_async send_message_to_user_async
#         namespace clock: sleep
#         namespace collaboration: followup_task interrupt_agent list_agents send_message spawn_agent wait_agent
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . @openai/codex@0.171.0

# Answers each request with one message, as events, and tells what was in it.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        tell(request)
        text = [{"type": "output_text", "text": "done", "annotations": []}]
        item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": text}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        answer = {"id": "resp_1", "object": "response", "status": "completed", "output": [item], "usage": usage}
        events = [
            {"type": "response.created", "response": answer | {"status": "in_progress", "output": [], "usage": None}},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": answer},
        ]
        body = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.send_error(404)

    def log_message(self, *_):
        pass

def tell(request):
    has = "instructions" if request.get("instructions") else "no instructions"
    tools = f"{len(request['tools'])} tools" if "tools" in request else "no tools"
    first = request["input"][0]
    print(f"{request['model']:12} {has}, {tools}, first item: {first['type']} of the {first['role']}")
    for space in first.get("tools", ()):
        print(f"    {space['type']} {space['name']}:", *(tool["name"] for tool in space["tools"]))
    print(end="", flush=True)

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as port:
    port.write(f"{server.server_port}\n")
server.serve_forever()
PYTHON

python3 server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
mkdir home work
cat >home/config.toml <<TOML
approval_policy = "never"
sandbox_mode = "read-only"
check_for_update_on_startup = false
model_provider = "loopback"
[otel]
metrics_exporter = "none"
[analytics]
enabled = false
[model_providers.loopback]
name = "loopback"
base_url = "http://127.0.0.1:$(<port)/v1"
env_key = "LOOPBACK_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
TOML
for model in gpt-5.5 gpt-5.6-sol gpt-6.2-sol; do
    (cd work && env -i "PATH=$PATH" "HOME=$folder/home" "CODEX_HOME=$folder/home" LOOPBACK_KEY=none \
        timeout 120 ../node_modules/.bin/codex exec --skip-git-repo-check --model "$model" "Say done." \
        </dev/null >"../$model.log" 2>&1) || { cat "$model.log"; exit 1; }
done
cat seen

diff - seen <<'EXPECTED'
gpt-5.5      no instructions, 10 tools, first item: message of the developer
gpt-5.6-sol  no instructions, no tools, first item: additional_tools of the developer
    namespace functions: exec wait request_user_input
    namespace collaboration: followup_task interrupt_agent list_agents send_message spawn_agent wait_agent
gpt-6.2-sol  no instructions, no tools, first item: additional_tools of the developer
    namespace functions: exec wait request_user_input request_user_input_async send_message_to_user_async
    namespace clock: sleep
    namespace collaboration: followup_task interrupt_agent list_agents send_message spawn_agent wait_agent
EXPECTED
echo "Codex behaves as described"
