#!/usr/bin/env bash
# What two lines of one command print reaches the model of gptme as one line: "echo a", then "echo b" give "ab".
#
# Versions: gptme 0.35.1 (PyPI), Python 3.11 or newer, Linux.
#
# Behaviour: the tool `shell` takes a command of several lines, as models write them. One would expect what a shell
# prints. gptme runs the lines one by one, strips white space from the end of each one's output, and joins the outputs
# with nothing between them: the last word of one line of output and the first word of the next become one word. Within
# one line ("echo a; echo b") and within a loop the line breaks stay. Names of files, numbers and hashes read so are
# wrong, and nothing tells; neither does what gptme keeps of the conversation, which has the same text.
#
# Output seen (of three calls, the text of each function_call_output without what gptme writes around it):
#     echo a; echo b                                 a|b
#     echo a (line break) echo b                     ab
#     ls (line break) wc -l < one.txt                one.txt|two.txt3
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check gptme==0.35.1

# Asks for the three commands one after the other, then says "done"; writes down what came of each.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMANDS = ("echo a; echo b", "echo a\necho b", "ls\nwc -l < one.txt")

told = []

def printed(output):
    """What gptme puts into a block where it is several lines, and between two backticks where it is one."""
    _, block, rest = output.partition("```stdout\n")
    return (rest.partition("\n```")[0] if block else output.rstrip().split("`")[-2]).replace("\n", "|")

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        outputs = [item["output"] for item in request["input"] if item.get("type") == "function_call_output"]
        if len(outputs) > len(told) and request.get("tools"):
            told.append(printed(outputs[-1]))
            print(told[-1], flush=True)
        if request.get("tools") and len(outputs) < len(COMMANDS):
            item = {"type": "function_call", "id": f"fc_{len(outputs)}", "call_id": f"call_{len(outputs)}"}
            item |= {"name": "shell", "arguments": json.dumps({"command": COMMANDS[len(outputs)]})}
        else:
            text = {"type": "output_text", "text": "done", "annotations": []}
            item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [text]}
        item |= {"status": "completed"}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "gpt-5.5"}
        answer |= {"output": [item], "usage": usage, "tools": [], "tool_choice": "auto", "parallel_tool_calls": False}
        events = [
            {"type": "response.created", "response": answer | {"status": "in_progress", "output": []}},
            {"type": "response.output_item.added", "output_index": 0, "item": item},
        ]
        if item["type"] == "message":
            place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
            events.append({"type": "response.output_text.delta", "delta": "done", "logprobs": [], **place})
        else:
            place = {"item_id": item["id"], "output_index": 0}
            events.append({"type": "response.function_call_arguments.delta", "delta": item["arguments"], **place})
            done = {"arguments": item["arguments"], "name": "shell", **place}
            events.append({"type": "response.function_call_arguments.done", **done})
        events.append({"type": "response.output_item.done", "output_index": 0, "item": item})
        events.append({"type": "response.completed", "response": answer})
        numbered = (event | {"sequence_number": number} for number, event in enumerate(events))
        body = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in numbered).encode()
        if not request.get("stream"):
            body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if request.get("stream") else "application/json")
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
mkdir work
printf '1\n2\n3\n' >work/one.txt
printf '1\n' >work/two.txt
(cd work && env -i "PATH=$PATH" "HOME=$folder" OPENAI_API_KEY=none "OPENAI_BASE_URL=http://127.0.0.1:$(<../port)/v1" \
  ../venv/bin/gptme --non-interactive --no-confirm --tool-format tool --model openai/gpt-5.5 "Say some words." \
  </dev/null >../gptme.log 2>&1)
cat seen

diff - seen <<'EXPECTED'
a|b
ab
one.txt|two.txt3
EXPECTED
echo "gptme joins outputs as described"
