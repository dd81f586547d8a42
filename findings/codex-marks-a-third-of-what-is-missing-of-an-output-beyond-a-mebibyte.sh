#!/usr/bin/env bash
# Where a command printed more than a mebibyte, the mark that Codex sets into its output is short of most of the gap.
#
# Versions: @openai/codex 0.171.0 (the CLI of npm) on Linux, and python3 for a server in the place of a model.
#
# Behaviour: of a long output Codex sends the beginning and the end, and between them "…N tokens truncated…", a token
# being four bytes. One would expect N to stand for all that is missing there, as it does in an output of 870 kB. Of one
# of 2.9 MB it stands for a third: of what passes a mebibyte the middle was dropped before, and this is told by another
# line, at the top of the output, in bytes, "... N bytes omitted ...", where nothing is missing. That line takes the
# place of "Total output lines: N", by which one could have found out. A model that goes by the mark, or a program that
# reckons how many lines are missing in it, is wrong by 64,000 of 99,000 lines.
#
# Output seen (of commands that print rows of 29 bytes: what the top of the output says, what the mark says, in bytes,
# and what is missing where it stands):
#     30,000 rows   Total output lines: 30000       mark 830,000    missing 830,000
#     100,000 rows  ... 1851424 bytes omitted ...   mark 1,008,608  missing 2,860,000
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . @openai/codex@0.171.0 2>npm.log

# Plays the model: asks for one command after the other, keeps their outputs.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMANDS = [
    "seq -f 'row %06g of the long table' 1 30000",
    "seq -f 'row %06g of the long table' 1 100000",
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

cat >told.py <<'PYTHON'
import json
import re

for output, rows in zip(json.load(open("outputs.json")), (30_000, 100_000), strict=True):
    top, text = re.search(r"^Warning: [^\n]+\n([^\n]+)\n\n(.+)", output, re.MULTILINE | re.DOTALL).groups()
    mark = re.search(r"…([0-9]+) tokens truncated…", text)
    missing = 29 * rows - len(text.replace(mark[0], "").encode())
    print(f"{f'{rows:,} rows':13} {top:31} mark {f'{4 * int(mark[1]):,}':10} missing {missing:,}")
PYTHON
python3 told.py >seen
cat seen

diff - seen <<'EXPECTED'
30,000 rows   Total output lines: 30000       mark 830,000    missing 830,000
100,000 rows  ... 1851424 bytes omitted ...   mark 1,008,608  missing 2,860,000
EXPECTED
echo "Codex behaves as described"
