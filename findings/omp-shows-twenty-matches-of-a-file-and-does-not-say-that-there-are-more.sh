#!/usr/bin/env bash
# Where it searches several files, the tool grep of Oh My Pi shows twenty matches of each, and does not say so.
#
# Versions: @oh-my-pi/pi-coding-agent 18.2.3, bun 1.4.5 (npm), Node.js 20 or newer for npm, Linux on x64.
#
# Behaviour: rates.py has a word in thirty lines, other.py in one. Searched alone, rates.py has thirty rows; searched
# together with other.py it has twenty, then the next file follows. One would expect a line that says that rows are
# missing; neither the output nor what the model is told of the tool names the limit. A model that goes by what it sees
# changes two thirds of the places.
#
# Output seen: the path that is searched, rows with a match in rates.py, rows with one in other.py, other words:
#     rates.py   30   0   -
#     *.py       20   1   -
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . @oh-my-pi/pi-coding-agent@18.2.3 bun@1.4.5 2>npm.log

# Searches twice, then says "done"; prints what was found.
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

PATHS = ["rates.py", "*.py"]
asked = []

def told_of(output):
    lines = output if isinstance(output, str) else "\n".join(part["text"] for part in output)
    rows = {"rates.py": 0, "other.py": 0}
    name, others = "", []
    for line in filter(None, lines.split("\n")):
        if line.startswith(("# ", "[")):
            name = "rates.py" if "rates.py" in line else "other.py"
        elif line.startswith("*"):
            rows[name] += 1
        elif not line.startswith(" "):
            others.append(line)
    return f"{rows['rates.py']:4} {rows['other.py']:3}   {' '.join(others) or '-'}"

def made_for(items):
    outputs = [item["output"] for item in items if item.get("type") == "function_call_output"]
    if outputs and len(outputs) == len(asked):
        print(f"{asked[-1]:8} {told_of(outputs[-1])}", flush=True)
    if len(asked) == len(PATHS):
        return [message("done")]
    asked.append(PATHS[len(asked)])
    return [call(len(asked), "grep", pattern="rate_", path=asked[-1])]

def events_of(answer):
    yield {"type": "response.created", "response": answer | {"status": "in_progress", "output": []}}
    for place, item in enumerate(answer["output"]):
        at = {"output_index": place, "item_id": item["id"]}
        yield {"type": "response.output_item.added", "item": item | {"status": "in_progress"}, **at}
        if item["type"] == "message":
            part = at | {"content_index": 0}
            yield {"type": "response.content_part.added", "part": item["content"][0] | {"text": ""}, **part}
            yield {"type": "response.output_text.delta", "delta": item["content"][0]["text"], **part}
            yield {"type": "response.output_text.done", "text": item["content"][0]["text"], **part}
            yield {"type": "response.content_part.done", "part": item["content"][0], **part}
        else:
            yield {"type": "response.function_call_arguments.delta", "delta": item["arguments"], **at}
            yield {"type": "response.function_call_arguments.done", "arguments": item["arguments"], **at}
        yield {"type": "response.output_item.done", "item": item, **at}
    yield {"type": "response.completed", "response": answer}

def event(value):
    return f"event: {value['type']}\ndata: {json.dumps(value)}\n\n"

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
        answer |= {"output": made_for(request["input"]), "usage": USAGE, "tools": [], "tool_choice": "auto"}
        answer |= {"parallel_tool_calls": True}
        body = json.dumps(answer) if not request.get("stream") else "".join(map(event, events_of(answer)))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if request.get("stream") else "application/json")
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as port:
    port.write(f"{server.server_port}\n")
server.serve_forever()
PYTHON

python3 server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
url="http://127.0.0.1:$(<port)/v1"
mkdir -p work home/.omp/agent
for number in $(seq 30); do echo "rate_$number = $number"; done >work/rates.py
echo "rate_0 = 0" >work/other.py
cat >home/.omp/agent/models.yml <<JSON
{"providers": {"here": {"baseUrl": "$url", "api": "openai-responses", "apiKey": "none", "models": [{"id": "gpt-5.5"}]}}}
JSON
omp="$folder/node_modules/@oh-my-pi/pi-coding-agent/dist/cli.js"
(cd work && env -i "PATH=$PATH" "HOME=$folder/home" ../node_modules/.bin/bun "$omp" --model here/gpt-5.5 --print "Find the rates." \
  </dev/null >../omp.log 2>&1)

cat seen

diff - seen <<'EXPECTED'
rates.py   30   0   -
*.py       20   1   -
EXPECTED
echo "Oh My Pi searches as described"
