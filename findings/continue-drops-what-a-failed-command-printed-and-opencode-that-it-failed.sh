#!/usr/bin/env bash
# Of a command that fails Continue keeps from the model what it printed, and opencode that it failed.
#
# Versions: @continuedev/cli 1.5.47, opencode-ai 1.18.33, on Node.js 24.21.0 (all npm), Linux.
#
# Behaviour: one would expect of a failed command what it printed and its status, as other agents send it. Continue asks
# whether there is anything on the standard error. If so, its output is that alone, behind the status: a run of tests
# that lists its failures on the standard output and warns of something on the other is sent as the warning, and all
# failures are gone, with no mark of it. If not, the output is what was printed, without the status, so that a command
# which fails in silence is an empty text, as one that went well. opencode sends what both streams held and never the
# status: `exit 3` and `true` are "(no output)" alike. In its own records it does hold the status.
#
# Output seen (what the model gets, in one line each, of 1 `echo failed: a; echo warning >&2; exit 3`,
# 2 `echo failed: a; exit 3`, 3 `exit 3` and 4 `true`):
#     continue  1 Error executing tool Bash: Error (exit code 3): warning
#     continue  2 failed: a
#     continue  3
#     continue  4
#     opencode  1 failed: a warning
#     opencode  2 failed: a
#     opencode  3 (no output)
#     opencode  4 (no output)
#     recorded by opencode: 3 3 3 0
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @continuedev/cli@1.5.47 opencode-ai@1.18.33 2>npm.log

# Calls the tool for commands once for each, then says "done"; keeps the outputs in a file named after the agent.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMANDS = ("echo failed: a; echo warning >&2; exit 3", "echo failed: a; exit 3", "exit 3", "true")
USAGE = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
USAGE |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}

def made_for(request, agent):
    outputs = [item["output"] for item in request["input"] if item.get("type") == "function_call_output"]
    names = [tool["name"] for tool in request.get("tools") or [] if tool.get("name", "").lower() == "bash"]
    if names and len(outputs) < len(COMMANDS):
        number = len(outputs)
        arguments = json.dumps({"command": COMMANDS[number], "description": "Look"})
        call = {"type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}", "name": names[0]}
        return call | {"arguments": arguments, "status": "completed"}
    with open(agent, "w") as file:
        file.writelines(" ".join(output.split()) + "\n" for output in outputs)
    part = {"type": "output_text", "text": "done", "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "content": [part], "status": "completed"}

def events_of(item):
    answer = {"id": f"resp_{item['id']}", "object": "response", "created_at": 0, "model": "gpt-5.5", "tools": []}
    answer |= {"tool_choice": "auto", "parallel_tool_calls": True, "output": [], "usage": None}
    at = {"output_index": 0, "item_id": item["id"]}
    yield {"type": "response.created", "response": answer | {"status": "in_progress"}}
    if item["type"] == "message":
        part = at | {"content_index": 0}
        yield {"type": "response.output_item.added", "item": item | {"content": [], "status": "in_progress"}, **at}
        yield {"type": "response.content_part.added", "part": item["content"][0] | {"text": ""}, **part}
        yield {"type": "response.output_text.delta", "delta": item["content"][0]["text"], **part}
        yield {"type": "response.output_text.done", "text": item["content"][0]["text"], **part}
        yield {"type": "response.content_part.done", "part": item["content"][0], **part}
    else:
        yield {"type": "response.output_item.added", "item": item | {"arguments": "", "status": "in_progress"}, **at}
        yield {"type": "response.function_call_arguments.delta", "delta": item["arguments"], **at}
        yield {"type": "response.function_call_arguments.done", "arguments": item["arguments"], **at}
    yield {"type": "response.output_item.done", "item": item, **at}
    yield {"type": "response.completed", "response": answer | {"status": "completed", "output": [item], "usage": USAGE}}

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        events = events_of(made_for(request, self.path.split("/")[1]))
        numbered = [event | {"sequence_number": number} for number, event in enumerate(events)]
        body = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in numbered)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as port:
    port.write(f"{server.server_port}\n")
server.serve_forever()
PYTHON

python3 server.py &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
url="http://127.0.0.1:$(<port)"
bin="$folder/node_modules/.bin"
mkdir work home
printf '{"name": "own", "version": "1.0.0", "schema": "v1", "models": [{"name": "gpt-5.5", "model": "gpt-5.5",
    "provider": "openai", "apiBase": "%s", "apiKey": "none", "roles": ["chat"]}]}' "$url/continue/v1" >continue.json
options="$(printf '{"provider": {"openai": {"options": {"baseURL": "%s", "apiKey": "none"}}}, "share": "disabled"}' \
    "$url/opencode/v1")"
cd work
own=(timeout 120 env -i "PATH=$bin:$PATH" "HOME=$folder/home" CONTINUE_TELEMETRY_ENABLED=0)
own+=("OPENCODE_CONFIG_CONTENT=$options" OPENCODE_DISABLE_AUTOUPDATE=1 OPENCODE_DISABLE_DEFAULT_PLUGINS=1)
own+=(OPENCODE_DISABLE_LSP_DOWNLOAD=1 OPENCODE_DISABLE_MODELS_FETCH=1)
"${own[@]}" "$bin/cn" --config "$folder/continue.json" --auto --print "Look." </dev/null >../cn.log 2>&1
"${own[@]}" "$bin/opencode" run --title Look --auto --model openai/gpt-5.5 "Look." </dev/null >../opencode.log 2>&1
cd ..

python3 - >seen <<'PYTHON'
import json
import sqlite3

for agent in ("continue", "opencode"):
    with open(agent) as file:
        for number, line in enumerate(file, 1):
            print(f"{agent:9} {number} {line}".strip())
rows = sqlite3.connect("home/.local/share/opencode/opencode.db").execute("SELECT data FROM part ORDER BY id")
parts = [json.loads(data) for (data,) in rows]
print("recorded by opencode:", *(part["state"]["metadata"]["exit"] for part in parts if part["type"] == "tool"))
PYTHON
cat seen

diff - seen <<'EXPECTED'
continue  1 Error executing tool Bash: Error (exit code 3): warning
continue  2 failed: a
continue  3
continue  4
opencode  1 failed: a warning
opencode  2 failed: a
opencode  3 (no output)
opencode  4 (no output)
recorded by opencode: 3 3 3 0
EXPECTED
echo "both agents tell of failures as described"
