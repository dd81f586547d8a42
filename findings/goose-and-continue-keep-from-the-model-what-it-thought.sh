#!/usr/bin/env bash
# Three agents send back what a model answered: one all of it, two without its reasoning and the phase of its words.
#
# Versions: @aaif/goose 0.20.1, whose program is goose 1.34.0, @continuedev/cli 1.5.47, @earendil-works/pi-coding-agent
# 1.6.0, on Node.js 24.21.0 (all npm), Linux on x64, and python3 for a server in the place of a model.
#
# Behaviour: an answer of a reasoning model has three kinds of items: what it thought, encrypted for the client to send
# back, words whose `phase` says that they are a comment on the way and no final answer, and a call. A request that
# names no earlier response must bring all of it, or the model begins to think anew behind each output of a tool, and
# takes its own comments for answers. One would expect this of agents that speak the Responses API. pi does so. goose
# and Continue send the words and the call alone: no reasoning, not even its summary, and no `phase`. Neither asks for
# the encrypted reasoning (`include`), but they drop it where it comes unasked, too; and what was generated behind the
# reasoning is no longer the beginning of the next request, so that it is not in the provider's cache.
#
# Output seen (the items behind the user's words in the request after the first call, without goose's own message):
#     pi         reasoning, message of the phase commentary, function_call, function_call_output
#     goose      message of no phase, function_call, function_call_output
#     continue   message of no phase, function_call, function_call_output
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . node@24.21.0 @aaif/goose@0.20.1 @continuedev/cli@1.5.47 \
    @earendil-works/pi-coding-agent@1.6.0 2>npm.log

# Plays the model: thinks, says something and calls; then ends. Keeps what the request with the call's output holds.
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
    """The tool for commands has another name in each agent."""
    names = [tool.get("name", "") for tool in request.get("tools", [])]
    commands = [name for name in names if name.lower() in ("bash", "shell")]
    if not commands or any(item.get("type") == "function_call_output" for item in request["input"]):
        return [words("It is late.", "final_answer")]
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": commands[0], "status": "completed"}
    return [THOUGHT, words("I look.", "commentary"), call | {"arguments": json.dumps({"command": "echo late"})}]

def events_of(items):
    yield {"type": "response.created", "response": ANSWER | {"status": "in_progress"}}
    for place, item in enumerate(items):
        at = {"output_index": place, "item_id": item["id"]}
        begun = item | {"arguments": ""} if "arguments" in item else item
        yield {"type": "response.output_item.added", "item": begun, **at}
        if item["type"] == "message":
            text = item["content"][0]["text"]
            part = {"content_index": 0, "logprobs": [], **at}
            yield {"type": "response.output_text.delta", "delta": text, **part}
            yield {"type": "response.output_text.done", "text": text, **part}
        if item["type"] == "function_call":
            yield {"type": "response.function_call_arguments.delta", "delta": item["arguments"], **at}
            yield {"type": "response.function_call_arguments.done", "arguments": item["arguments"], **at}
        yield {"type": "response.output_item.done", "item": item, **at}
    yield {"type": "response.completed", "response": ANSWER | {"status": "completed", "output": items, "usage": USAGE}}

def told(items):
    """The model's items and the outputs."""
    for item in items:
        if item.get("role") == "assistant":
            phase = f"the phase {item['phase']}" if "phase" in item else "no phase"
            yield f"message of {phase}"
        elif "role" not in item:
            yield item["type"]

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if any(item.get("type") == "function_call_output" for item in request["input"]):
            with open(f"{self.path.split('/')[1]}.told", "w") as file:
                file.write(", ".join(told(request["input"])))
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
url="http://127.0.0.1:$(<port)"
bin="$folder/node_modules/.bin"
mkdir -p work .pi/agent
printf '{"providers": {"own": {"baseUrl": "%s/pi/v1", "api": "openai-responses", "apiKey": "none",
    "models": [{"id": "gpt-5.5"}]}}}' "$url" >.pi/agent/models.json
printf '{"name": "own", "version": "1.0.0", "schema": "v1", "models": [{"name": "gpt-5.5", "model": "gpt-5.5",
    "provider": "openai", "apiBase": "%s/continue/v1", "apiKey": "none", "roles": ["chat"]}]}' "$url" >continue.json
provider=(GOOSE_PROVIDER=openai GOOSE_MODEL=gpt-5.5 GOOSE_MODE=auto GOOSE_DISABLE_KEYRING=1 GOOSE_TELEMETRY_ENABLED=false
    "OPENAI_HOST=$url/goose" OPENAI_BASE_PATH=v1/responses OPENAI_API_KEY=none CONTINUE_TELEMETRY_ENABLED=0)

start() {
    (cd work && env -i "PATH=$bin:$PATH" "HOME=$folder" "${provider[@]}" "$@" </dev/null >>../log 2>&1) || true
}
start pi --provider own --model gpt-5.5 --print "Look."
start goose run --with-builtin developer --text "Look."
start cn --config "$folder/continue.json" --auto --print "Look."
for agent in pi goose continue; do
    printf '%-10s %s\n' "$agent" "$(cat "$agent.told" 2>/dev/null || true)"
done >seen
cat seen

diff - seen <<'EXPECTED'
pi         reasoning, message of the phase commentary, function_call, function_call_output
goose      message of no phase, function_call, function_call_output
continue   message of no phase, function_call, function_call_output
EXPECTED
echo "the three agents behave as described"
