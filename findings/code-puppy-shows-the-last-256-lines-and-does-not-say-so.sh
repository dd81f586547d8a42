#!/usr/bin/env bash
# Of what a command prints Code Puppy gives the model the last 256 lines, and does not say that there were more.
#
# Versions: code-puppy 0.0.946 (PyPI), Python 3.11 or newer, Linux.
#
# Behaviour: three commands print 255, 256 and 300 numbered lines. One would expect of the third the first lines, or a
# word about those that are missing, as other agents write one; the model gets lines 45 to 300, and every field beside
# them says what it says of the other two. Nor does the description of the tool, which the model is sent, name a limit.
# A model that shows itself a file of 300 lines by `cat` sees one that begins at its line 45.
#
# Output seen: lines that were printed, lines in `stdout`, its first line, what the other fields say of a cut:
#     255  255  line 1   -
#     256  256  line 1   -
#     300  256  line 45  -
#     the description of the tool: -
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check code-puppy==0.0.946 2>pip.log

# Asks for one command after the other, then says "done"; prints what was answered.
cat >server.py <<'PYTHON'
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
USAGE |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
CUT = re.compile(r"(?i)truncat|omitted|more lines|last [0-9]+|\b256\b|limit")
COUNTS = [255, 256, 300]
asked = []

def message(text):
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "content": [part], "status": "completed"}

def call(number, name, /, **arguments):
    numbered = {"id": f"fc_{number}", "call_id": f"call_{number}"}
    return {"type": "function_call", "name": name, "arguments": json.dumps(arguments), "status": "completed", **numbered}

def told_of(count, output):
    told = json.loads(output)
    lines = told.pop("stdout").split("\n")
    del told["command"]
    words = CUT.findall(json.dumps(told)) or ["-"]
    return f"{count}  {len(lines)}  {lines[0]:7}  {' '.join(words)}"

def made_for(request):
    outputs = [item["output"] for item in request["input"] if item.get("type") == "function_call_output"]
    if outputs and len(outputs) == len(asked):
        print(told_of(asked[-1], outputs[-1]), flush=True)
    if len(asked) == len(COUNTS):
        (tool,) = [tool for tool in request["tools"] if tool["name"] == "shell"]
        print("the description of the tool:", *(CUT.findall(json.dumps(tool)) or ["-"]), flush=True)
        return [message("done")]
    asked.append(COUNTS[len(asked)])
    return [call(len(asked), "shell", command=f"seq -f 'line %g' {asked[-1]}")]

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

def numbered(events):
    return [event | {"sequence_number": number} for number, event in enumerate(events)]

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        answer = {"id": f"resp_{len(asked)}", "object": "response", "created_at": 0, "status": "completed"}
        answer |= {"model": "any", "output": made_for(request) if request.get("tools") else [message("a title")]}
        answer |= {"usage": USAGE, "tools": [], "tool_choice": "auto", "parallel_tool_calls": True}
        events = "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in numbered(events_of(answer)))
        body = events if request.get("stream") else json.dumps(answer)
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
mkdir -p work home/.code_puppy
printf '[puppy]\npuppy_name = Rex\nowner_name = Dev\nyolo_mode = true\nmodel = here\n' >home/.code_puppy/puppy.cfg
cat >home/.code_puppy/extra_models.json <<JSON
{"here": {"type": "custom_openai_responses", "name": "gpt-5.5", "context_length": 400000,
          "custom_endpoint": {"url": "$url", "api_key": "none"}}}
JSON
(cd work && env -i "PATH=$PATH" "HOME=$folder/home" "$folder/venv/bin/code-puppy" --model here --prompt "Count." \
  </dev/null >../puppy.log 2>&1)

cat seen

diff - seen <<'EXPECTED'
255  255  line 1   -
256  256  line 1   -
300  256  line 45  -
the description of the tool: -
EXPECTED
echo "Code Puppy shows lines as described"
