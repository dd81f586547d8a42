#!/usr/bin/env bash
# A session that Copilot CLI takes up again is another one to the model: what it thought is gone, its calls are rewritten.
#
# Versions: @github/copilot 1.0.102 (npm) with an endpoint of one's own, on Node.js 24.21.0, Linux on x64, and python3 for
# a server in the place of a model.
#
# Behaviour: while a session runs, each request of Copilot begins with all items of the one before, the encrypted
# reasoning among them. One would expect the same where it is taken up by `--continue`, as with other agents. But the
# reasoning items are all missing then, and the arguments of each call are written anew, in JSON without blanks, while the
# model wrote them with some. So from the first answer of the session on nothing is the beginning of what was sent
# before: the whole history is paid for at the full price, and the model goes on without any of its thoughts.
#
# Output seen (items behind the user's words; of the last request of the session, and of the first one after it was
# taken up, up to the words that ended it):
#     running   reasoning, message, function_call {"command": "echo late", "description": "Ask"}, function_call_output
#     taken up  message, function_call {"command":"echo late","description":"Ask"}, function_call_output, message
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @github/copilot@1.0.102 2>npm.log

# Plays the model: thinks, says something and calls; then ends. Keeps the items of each request.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
USAGE |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
ANSWER = {"id": "resp_1", "object": "response", "created_at": 0, "model": "gpt-5.5", "tools": [], "tool_choice": "auto"}
ANSWER |= {"parallel_tool_calls": True, "output": [], "usage": None, "error": None}
THOUGHT = {"type": "reasoning", "id": "rs_1", "encrypted_content": "AAAA"}
THOUGHT |= {"summary": [{"type": "summary_text", "text": "The time is asked for."}]}

def words(text, phase):
    message = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "phase": phase}
    return message | {"content": [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]}

def items_for(request):
    names = [tool.get("name", "") for tool in request.get("tools", [])]
    commands = [name for name in names if name == "bash"]
    if not commands or request["input"][-1].get("type") == "function_call_output":
        return [words("It is late.", "final_answer")]
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": commands[0], "status": "completed"}
    return [THOUGHT, words("I look.", "commentary"), call | {"arguments": json.dumps({"command": "echo late", "description": "Ask"})}]

def events_of(items):
    yield {"type": "response.created", "response": ANSWER | {"status": "in_progress"}}
    for place, item in enumerate(items):
        at = {"output_index": place, "item_id": item["id"]}
        yield {"type": "response.output_item.added", "item": item, **at}
        if item["type"] == "message":
            text = item["content"][0]["text"]
            part = {"content_index": 0, "logprobs": [], **at}
            yield {"type": "response.output_text.delta", "delta": text, **part}
            yield {"type": "response.output_text.done", "text": text, **part}
        if item["type"] == "function_call":
            yield {"type": "response.function_call_arguments.done", "arguments": item["arguments"], **at}
        yield {"type": "response.output_item.done", "item": item, **at}
    yield {"type": "response.completed", "response": ANSWER | {"status": "completed", "output": items, "usage": USAGE}}

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if request.get("tools"):
            with open("requests.jsonl", "a") as file:
                file.write(json.dumps(request["input"]) + "\n")
        events = [event | {"sequence_number": place} for place, event in enumerate(events_of(items_for(request)))]
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
mkdir work
endpoint=("COPILOT_PROVIDER_BASE_URL=http://127.0.0.1:$(<port)/v1" COPILOT_PROVIDER_API_KEY=none
    COPILOT_PROVIDER_WIRE_API=responses COPILOT_PROVIDER_TRANSPORT=http COPILOT_MODEL=gpt-5.5 COPILOT_AUTO_UPDATE=false)
ask() {
    (cd work && env -i "PATH=$folder/node_modules/.bin:$PATH" "HOME=$folder" "${endpoint[@]}" \
        copilot --silent --allow-all-tools "$@" </dev/null >>../log 2>&1) || true
}
ask --prompt "Which time is it?"
ask --continue --prompt "And now?"

cat >told.py <<'PYTHON'
import json

def told(items):
    """What the model answered to the first question, and the outputs."""
    for item in items[[item.get("role") for item in items].index("user") + 1 :]:
        if item.get("role") == "user":
            return
        arguments = f" {item['arguments']}" if "arguments" in item else ""
        yield item.get("type", "message") + arguments

requests = [json.loads(line) for line in open("requests.jsonl")]
for name, items in (("running", requests[1]), ("taken up", requests[2])):
    print(f"{name:9} {', '.join(told(items))}")
PYTHON
python3 told.py >seen
cat seen

diff - seen <<'EXPECTED'
running   reasoning, message, function_call {"command": "echo late", "description": "Ask"}, function_call_output
taken up  message, function_call {"command":"echo late","description":"Ask"}, function_call_output, message
EXPECTED
echo "Copilot CLI behaves as described"
