#!/usr/bin/env bash
# What a model learns of an MCP result depends on the model: some get no text of it, and no word that the call failed.
#
# Versions: @openai/codex 0.171.0 (the CLI of npm) on Linux, and python3 for a model's server and an MCP server.
#
# Behaviour: a result of an MCP server has texts in `content`, and may have `structuredContent` and `isError` beside
# them. One would expect that Codex hands all of it to the model. It does to gpt-6.2-sol, which calls tools from scripts
# of its own. gpt-5.5 calls them as functions: where there is structuredContent it gets that alone, as one string, and
# none of the texts, which many servers write for the model; `isError` is left out in any case, so that a failed call
# looks like any other. The names differ, too: the functions stand in a namespace, so that `name` is that of the server,
# without the prefix by which the scripts know them.
#
# Output seen (the same server with three tools; first gpt-5.5, then gpt-6.2-sol, without what is said of the time):
#     mcp__rules plain       two rules
#     mcp__rules structured  {"rules":["a","b"]}
#     mcp__rules failed      two rules
#     exec plain       {"content":[{"type":"text","text":"two rules"}]}
#     exec structured  {"content":[{"type":"text","text":"two rules"}],"structuredContent":{"rules":["a","b"]}}
#     exec failed      {"content":[{"type":"text","text":"two rules"}],"isError":true}
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . @openai/codex@0.171.0 2>npm.log

cat >rules.py <<'PYTHON'
import json
import sys

TEXT = [{"type": "text", "text": "two rules"}]
RESULTS = {
    "plain": {"content": TEXT},
    "structured": {"content": TEXT, "structuredContent": {"rules": ["a", "b"]}},
    "failed": {"content": TEXT, "isError": True},
}
for line in sys.stdin:
    asked = json.loads(line)
    if "id" not in asked:
        continue
    if asked["method"] == "initialize":
        result = {"protocolVersion": asked["params"]["protocolVersion"], "capabilities": {"tools": {}}}
        result["serverInfo"] = {"name": "rules", "version": "1"}
    elif asked["method"] == "tools/list":
        schema = {"type": "object", "properties": {}}
        result = {"tools": [{"name": name, "description": "Rules.", "inputSchema": schema} for name in RESULTS]}
    elif asked["method"] == "tools/call":
        result = RESULTS[asked["params"]["name"]]
    else:
        result = {}
    print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}), flush=True)
PYTHON

# Asks for the three tools one after the other, then says "done"; writes down what came of each.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAMES = ("plain", "structured", "failed")

def asked(model, name):
    if model == "gpt-5.5":
        return {"type": "function_call", "name": name, "namespace": "mcp__rules", "arguments": "{}"}
    return {"type": "custom_tool_call", "name": "exec", "input": f"text(await tools.mcp__rules__{name}({{}}))"}

def told(call, output):
    parts = [output] if isinstance(output, str) else [part["text"] for part in output]
    text = parts[-1].rpartition("Output:\n")[2]
    return f"{call.get('namespace', call['name'])} {text}"

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        outputs = [item for item in request["input"] if str(item.get("type")).endswith("call_output")]
        calls = [item for item in request["input"] if str(item.get("type")).endswith("tool_call")]
        calls += [item for item in request["input"] if item.get("type") == "function_call"]
        if outputs:
            by, _, text = told(calls[-1], outputs[-1]["output"]).partition(" ")
            print(f"{by} {NAMES[len(outputs) - 1]}  {text}", flush=True)
        if len(outputs) < len(NAMES):
            item = {"id": f"fc_{len(outputs)}", "call_id": f"call_{len(outputs)}"}
            item |= asked(request["model"], NAMES[len(outputs)])
        else:
            text = {"type": "output_text", "text": "done", "annotations": []}
            item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [text]}
        item |= {"status": "completed"}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        answer = {"id": f"resp_{len(outputs)}", "object": "response", "created_at": 0, "status": "completed"}
        answer |= {"model": request["model"], "output": [item], "usage": usage}
        events = [
            {"type": "response.created", "response": answer | {"status": "in_progress", "output": []}},
            {"type": "response.output_item.added", "output_index": 0, "item": item},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": answer},
        ]
        numbered = (event | {"sequence_number": number} for number, event in enumerate(events))
        body = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in numbered).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
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

python3 server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
mkdir home work
cat >home/config.toml <<TOML
model_provider = "loopback"
[model_providers.loopback]
name = "loopback"
base_url = "http://127.0.0.1:$(<port)/v1"
env_key = "SOME_KEY"
wire_api = "responses"
[mcp_servers.rules]
command = "python3"
args = ["$folder/rules.py"]
TOML
for model in gpt-5.5 gpt-6.2-sol; do
  (cd work && env -i "PATH=$PATH" "HOME=$folder/home" "CODEX_HOME=$folder/home" SOME_KEY=none \
    ../node_modules/.bin/codex exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox --model "$model" \
    "Look up the rules." </dev/null >>../codex.log 2>&1)
done
cat seen

diff - seen <<'EXPECTED'
mcp__rules plain  two rules
mcp__rules structured  {"rules":["a","b"]}
mcp__rules failed  two rules
exec plain  {"content":[{"type":"text","text":"two rules"}]}
exec structured  {"content":[{"type":"text","text":"two rules"}],"structuredContent":{"rules":["a","b"]}}
exec failed  {"content":[{"type":"text","text":"two rules"}],"isError":true}
EXPECTED
echo "Codex hands on MCP results as described"
