#!/usr/bin/env bash
# Two coding agents end with status 0 and print nothing when there was no answer, each after another kind of failure.
#
# Versions: @earendil-works/pi-coding-agent 1.6.0, @continuedev/cli 1.5.47, on Node.js 24.21.0 (all npm), Linux.
#
# Behaviour: `pi --print` and `cn --print` are what scripts and CI use: the last answer on the standard output, status 0.
# One would expect that a request without an answer gives another status and a message, and with a key that is wrong both
# do that. But after a 400 that says the conversation is too long for the model (code context_length_exceeded) pi prints
# nothing at all, on neither stream, and ends with 0, in the middle of the work, too: it takes the error out of the
# session to try again with a shorter one, finds that nothing can be shortened, and so has neither answer nor error to
# print. Continue tells of that one, but takes a stream that ends in `response.failed` for an empty answer: nothing on
# either stream, status 0. So a job that did nothing looks like one that had nothing to say.
#
# Output seen (the status, and how many lines on both streams):
#     agent     wrong key        too long         too long, 2nd    response.failed
#     pi        1, some          0, none          0, none          1, some
#     cn        1, some          1, some          1, some          0, none
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . \
    node@24.21.0 @earendil-works/pi-coding-agent@1.6.0 @continuedev/cli@1.5.47 2>npm.log

# Plays the model. The first part of the path says what goes wrong; the second request of /second is the one that does.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOO_LONG = {"code": "context_length_exceeded", "message": "Your input exceeds the context window of this model."}
WRONG_KEY = {"code": "invalid_api_key", "message": "Incorrect API key provided."}
REFUSED = {"key": (401, WRONG_KEY), "first": (400, TOO_LONG), "second": (400, TOO_LONG)}
FAILED = {"code": "server_error", "message": "The model could not answer."}
USAGE = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
USAGE |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
ANSWER = {"id": "resp_1", "object": "response", "created_at": 0, "model": "gpt-5.5", "tools": [], "tool_choice": "auto"}
ANSWER |= {"parallel_tool_calls": True, "output": [], "usage": None, "error": None}

def call_of(request):
    """Of the tool for commands, by the name that the agent gives it."""
    name = next(tool["name"] for tool in request["tools"] if tool.get("name", "").lower() == "bash")
    arguments = json.dumps({"command": "echo look"})
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": name, "arguments": arguments}
    return call | {"status": "completed"}

def events_of(call):
    yield {"type": "response.created", "response": ANSWER | {"status": "in_progress"}}
    if call is None:
        yield {"type": "response.failed", "response": ANSWER | {"status": "failed", "error": FAILED}}
        return
    at = {"output_index": 0, "item_id": call["id"]}
    yield {"type": "response.output_item.added", "item": call | {"status": "in_progress", "arguments": ""}, **at}
    yield {"type": "response.function_call_arguments.delta", "delta": call["arguments"], **at}
    yield {"type": "response.function_call_arguments.done", "arguments": call["arguments"], **at}
    yield {"type": "response.output_item.done", "item": call, **at}
    yield {"type": "response.completed", "response": ANSWER | {"status": "completed", "output": [call], "usage": USAGE}}

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        wrong = self.path.split("/")[1]
        begins = not any(item.get("type") == "function_call_output" for item in request["input"])
        if wrong in REFUSED and not (wrong == "second" and begins):
            status, error = REFUSED[wrong]
            self.answer(status, "application/json", json.dumps({"error": error | {"type": "invalid_request_error"}}))
            return
        events = events_of(call_of(request) if wrong == "second" else None)
        numbered = [event | {"sequence_number": number} for number, event in enumerate(events)]
        told = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in numbered)
        self.answer(200, "text/event-stream", told)

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind)
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
bin="$folder/node_modules/.bin"
mkdir -p work home/.pi/agent
echo '{"retry": {"enabled": false}}' >home/.pi/agent/settings.json # pi would ask four times after response.failed

# How that agent ends where that goes wrong.
told() {
    local status=0 lines=some
    local url command
    url="http://127.0.0.1:$(<port)/$2/v1"
    if [[ $1 = pi ]]; then
        printf '{"providers": {"own": {"baseUrl": "%s", "api": "openai-responses", "apiKey": "none",
            "models": [{"id": "gpt-5.5"}]}}}' "$url" >home/.pi/agent/models.json
        command=("$bin/pi" --provider own --model gpt-5.5)
    else
        printf '{"name": "own", "version": "1.0.0", "schema": "v1", "models": [{"name": "gpt-5.5", "model": "gpt-5.5",
            "provider": "openai", "apiBase": "%s", "apiKey": "none", "roles": ["chat"]}]}' "$url" >home/continue.json
        command=("$bin/cn" --config "$folder/home/continue.json" --auto)
    fi
    (cd work && timeout 120 env -i "PATH=$bin:$PATH" "HOME=$folder/home" CONTINUE_TELEMETRY_ENABLED=0 \
        "${command[@]}" --print "Look." </dev/null >../printed 2>&1) || status=$?
    if [[ ! -s printed ]]; then lines=none; fi
    printf '%s, %-14s' "$status" "$lines"
}

printf '%-9s %-16s %-16s %-16s %s\n' agent 'wrong key' 'too long' 'too long, 2nd' response.failed >seen
for agent in pi cn; do
    printf '%-9s %s%s%s%s\n' "$agent" "$(told "$agent" key)" "$(told "$agent" first)" "$(told "$agent" second)" \
        "$(told "$agent" failed)" | sed 's/ *$//' >>seen
done
cat seen

diff - seen <<'EXPECTED'
agent     wrong key        too long         too long, 2nd    response.failed
pi        1, some          0, none          0, none          1, some
cn        1, some          1, some          1, some          0, none
EXPECTED
echo "both agents end as described"
