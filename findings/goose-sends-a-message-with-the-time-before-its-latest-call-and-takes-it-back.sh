#!/usr/bin/env bash
# Each request of goose has a message that stood elsewhere in the one before: the prompt cache ends three items early.
#
# Versions: @aaif/goose 0.20.1, whose program is goose 1.34.0 (npm), Linux on x64, and python3 for a server in the place
# of a model.
#
# Behaviour: one would expect that an agent only adds items to its history, since providers keep what begins like an
# earlier request. goose puts a message of the user, <info-msg> with the time of day and the tokens used, before the
# latest call, and in the next request that place has none: the message stands before the new call. So of each request
# the latest call and its output, nearly all that was new in it, are no beginning of the next one, and cost the full
# price once more. With a context limit of 16,000 tokens there is no such message.
#
# Output seen (items of each request; then how many at its beginning are those of the one before, of how many):
#     system info
#     system info call_1 output_1                                        1 of 2
#     system user call_1 output_1 info call_2 output_2                   1 of 4
#     system user call_1 output_1 call_2 output_2 info call_3 output_3   4 of 7
#     limit 16000: 2 of 2, 4 of 4, 6 of 6
# (In the first two requests the information stands in the message with the user's words.)
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . @aaif/goose@0.20.1 2>npm.log

# Asks for three commands in a row, then says "done"; writes down the items of each request that has tools.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

before = []

def name(item):
    if "call_id" in item:
        kind = "output" if item["type"].endswith("_output") else "call"
        return f"{kind}_{item['call_id'][-1]}"
    return "info" if "<info-msg>" in json.dumps(item["content"]) else item["role"]

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        items = [json.dumps(item) for item in request["input"]]
        count = sum('"function_call_output"' in item for item in items)
        if request.get("tools"):
            same = next((n for n, pair in enumerate(zip(before, items)) if pair[0] != pair[1]), len(before))
            told = f"{same} of {len(before)}" if before else ""
            print(" ".join(map(name, request["input"])), told, sep="|", flush=True)
            before[:] = items
        if count < 3 and request.get("tools"):
            item = {"type": "function_call", "id": f"fc_{count}", "call_id": f"call_{count + 1}", "name": "shell"}
            item |= {"arguments": '{"command": "echo some words"}'}
        else:
            text = {"type": "output_text", "text": "done", "annotations": []}
            item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [text]}
        item |= {"status": "completed"}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
        answer |= {"output": [item], "usage": usage}
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

run() {
  rm -f port
  python3 server.py >"$1.seen" &
  for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
  mkdir "$1.work"
  (cd "$1.work" && env -i "PATH=$PATH" "HOME=$folder/$1" OPENAI_API_KEY=none "OPENAI_HOST=http://127.0.0.1:$(<../port)" \
    OPENAI_BASE_PATH=v1/responses GOOSE_PROVIDER=openai GOOSE_MODEL=gpt-5.5 GOOSE_MODE=auto GOOSE_DISABLE_KEYRING=1 \
    GOOSE_TELEMETRY_ENABLED=false "GOOSE_CONTEXT_LIMIT=$2" ../node_modules/.bin/goose run --no-session \
    --with-builtin developer --text "Say some words." </dev/null >"../$1.log" 2>&1)
}
run wide 400000
run narrow 16000
cat wide.seen
cut -d '|' -f 2 narrow.seen

diff - wide.seen <<'EXPECTED'
system info|
system info call_1 output_1|1 of 2
system user call_1 output_1 info call_2 output_2|1 of 4
system user call_1 output_1 call_2 output_2 info call_3 output_3|4 of 7
EXPECTED
diff - <(cut -d '|' -f 2 narrow.seen) <<'EXPECTED'

2 of 2
4 of 4
6 of 6
EXPECTED
echo "goose moves its message as described"
