#!/usr/bin/env bash
# Cline's search shows every match with its line, unless ripgrep is installed: then few matches, and of none the line.
#
# Versions: cline 3.0.65 (the CLI of npm), @vscode/ripgrep 1.18.0, Linux on x64.
#
# Behaviour: the tool search_codebase runs `rg` where it is on the path, and its own search where it is not. One would
# expect the same result, only sooner. Without ripgrep each match has a title, two lines before it and two behind it, and
# the matched line itself, marked with ">". With ripgrep only the first match of a file is there, and of it the title and
# what stands behind it: neither the matched line nor those before it, and each line has an empty one behind it. The
# model reads where a match is, but not what. Whether a match of the next line is told too depends on the context.
#
# Output seen, for "rate" in a file of three functions, each of which has it in one line:
#     without: Found 3 results, > rows 3: rate_1 rate_2 rate_3
#     with:    Found 1 result, > rows 0
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . cline@3.0.65 @vscode/ripgrep@1.18.0 2>npm.log
ripgrep="$(dirname "$(find node_modules/@vscode -name rg -type f -path '*/bin/*' | head -n 1)")"
mkdir work
for number in 1 2 3; do
  printf 'def first_%s():\n    a = 1\n    b = 2\n    return rate_%s\n\n\n\n\n' "$number" "$number"
done >work/rates.py

# Asks for one search, then says "done"; writes down what came of it.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        outputs = [item["output"] for item in request["input"] if item.get("type") == "function_call_output"]
        if outputs:
            found = json.loads(outputs[0])[0]["result"]
            rows = [line.split()[-1] for line in found.splitlines() if line.startswith("> ")]
            told = f"{' '.join(found.split()[:3])}, > rows {len(rows)}"
            print(f"{told}: {' '.join(rows)}" if rows else told, flush=True)
            text = {"type": "output_text", "text": "done", "annotations": []}
            item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [text]}
        else:
            item = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "search_codebase"}
            item |= {"arguments": json.dumps({"queries": ["rate"]})}
        item |= {"status": "completed"}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
        answer |= {"output": [item], "usage": usage, "tools": [], "tool_choice": "auto", "parallel_tool_calls": False}
        events = [
            {"type": "response.created", "response": answer | {"status": "in_progress", "output": []}},
            {"type": "response.output_item.added", "output_index": 0, "item": item},
        ]
        if outputs:
            place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
            events.append({"type": "response.output_text.delta", "delta": "done", "logprobs": [], **place})
        events.append({"type": "response.output_item.done", "output_index": 0, "item": item})
        events.append({"type": "response.completed", "response": answer})
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

# Only what Cline needs is on the path, so that no ripgrep of this machine is.
mkdir bare
for program in node sh bash env ps git uname hostname head cat; do
  found="$(command -v "$program" || true)"
  if [[ -n "$found" ]]; then ln -s "$(readlink -f "$found")" "bare/$program"; fi
done
search() {
  local name="$1" path="$2"
  env -i "PATH=$path" "HOME=$folder" node_modules/.bin/cline auth --provider openai-native --apikey none \
    --modelid gpt-5.5 --baseurl "http://127.0.0.1:$(<port)/v1" --data-dir "$folder/$name" </dev/null >"$name.log" 2>&1
  (cd work && env -i "PATH=$path" "HOME=$folder" ../node_modules/.bin/cline --data-dir "$folder/$name" "Search for rates." \
    </dev/null >>"../$name.log" 2>&1)
}
search without "$folder/bare"
search with "$folder/bare:$folder/$ripgrep"
cat seen

diff - seen <<'EXPECTED'
Found 3 results, > rows 3: rate_1 rate_2 rate_3
Found 1 result, > rows 0
EXPECTED
echo "Cline searches as described"
