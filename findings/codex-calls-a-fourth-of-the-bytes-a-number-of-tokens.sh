#!/usr/bin/env bash
# What Codex calls a number of tokens is a fourth of the bytes: an output "of 10,000 tokens" can cost 24,000.
#
# Versions: @openai/codex 0.171.0 and js-tiktoken 1.0.21 (npm), on Linux and the Node that is on the path, 20 or newer,
# and python3 for a server in the place of a model.
#
# Behaviour: above each output Codex writes "Original token count: N"; an output of more than 10,000 of these is cut to
# so many, and the model may ask for fewer, by max_output_tokens. One would expect N to be near what the text costs. It
# is for prose. For hashes, and for the rows of a log that is full of numbers, N is less than half: the limit that should
# keep an output from filling the context lets through 2.4 times what it says. Who sums these numbers up, or plans by
# them what fits into a context, is wrong by as much, and too low.
#
# Output seen (what is printed, N, the tokens of o200k_base in the text that is sent, their ratio):
#     prose        6500  5600   0.9
#     hashes       4875  11340  2.3
#     requests    11544  24329  2.4   cut to 10,000
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . @openai/codex@0.171.0 js-tiktoken@1.0.21 2>npm.log

# Plays the model: asks for one command after the other, keeps their outputs.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMANDS = [
    "for i in $(seq 400); do echo 'The quick brown fox jumps over the lazy dog and goes home again.'; done",
    "for i in $(seq 300); do echo $i | sha256sum | cut -c1-64; done",
    'for i in $(seq 1000 2000); do echo "2026-01-12T10:00:$((i % 60)).$i 10.20.30.$((i % 255)) $((i * 7919))"; done',
]
USAGE = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
USAGE |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
ANSWER = {"id": "resp_1", "object": "response", "created_at": 0, "model": "gpt-5.5", "tools": [], "tool_choice": "auto"}
ANSWER |= {"parallel_tool_calls": True, "output": [], "usage": None, "error": None}

def answer_to(outputs):
    """The next command, or, when all were run, words."""
    if len(outputs) < len(COMMANDS):
        arguments = json.dumps({"cmd": COMMANDS[len(outputs)]})
        call = {"type": "function_call", "id": f"fc_{len(outputs)}", "call_id": f"call_{len(outputs)}"}
        return call | {"name": "exec_command", "arguments": arguments, "status": "completed"}
    with open("outputs.json", "w") as file:
        json.dump(outputs, file)
    part = {"type": "output_text", "text": "done", "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        items = json.loads(self.rfile.read(int(self.headers["content-length"])))["input"]
        item = answer_to([item["output"] for item in items if item.get("type") == "function_call_output"])
        done = ANSWER | {"status": "completed", "output": [item], "usage": USAGE}
        events = [{"type": "response.created", "response": ANSWER | {"status": "in_progress"}}]
        events += [{"type": f"response.output_item.{what}", "output_index": 0, "item": item} for what in ("added", "done")]
        events.append({"type": "response.completed", "response": done})
        body = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events).encode()
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

python3 server.py &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
mkdir -p work codex
cat >codex/config.toml <<END
model = "gpt-5.5"
model_provider = "own"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[otel]
metrics_exporter = "none"
[analytics]
enabled = false
[model_providers.own]
name = "own"
base_url = "http://127.0.0.1:$(<port)/v1"
env_key = "OWN_KEY"
wire_api = "responses"
END
(cd work && env -i "PATH=$PATH" "HOME=$folder" "CODEX_HOME=$folder/codex" OWN_KEY=none \
    ../node_modules/.bin/codex exec --skip-git-repo-check "Look." </dev/null >../log 2>&1) || true

cat >told.mjs <<'NODE'
import { readFileSync } from 'node:fs';
import { getEncoding } from 'js-tiktoken';

const encoding = getEncoding('o200k_base');
const kinds = ['prose', 'hashes', 'requests'];
JSON.parse(readFileSync('outputs.json', 'utf8')).forEach((output, at) => {
  const said = Number(/^Original token count: (\d+)$/m.exec(output)[1]);
  const text = output.slice(output.indexOf('Output:\n') + 8);
  const count = encoding.encode(text).length;
  const sent = text.includes('tokens truncated') ? 10000 : said;
  const cut = sent < said ? '   cut to 10,000' : '';
  console.log(`${kinds[at].padEnd(10)} ${String(said).padStart(6)}  ${String(count).padEnd(6)} ${(count / sent).toFixed(1)}${cut}`);
});
NODE
node told.mjs >seen
cat seen

diff - seen <<'EXPECTED'
prose        6500  5600   0.9
hashes       4875  11340  2.3
requests    11544  24329  2.4   cut to 10,000
EXPECTED
echo "Codex behaves as described"
