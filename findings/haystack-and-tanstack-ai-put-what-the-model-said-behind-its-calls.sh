#!/usr/bin/env bash
# Haystack and TanStack AI send an answer back in another order: the words that came before the calls stand behind them.
#
# Versions: haystack-ai 3.4.1, openai 3.57.0 (PyPI), Python 3.11 or newer; @tanstack/ai 0.58.0, @tanstack/ai-openai 0.23.1
# (npm), Node.js 20 or newer.
#
# Behaviour: a model that says what it is going to do and then calls two tools makes three items: a message, and two calls.
# One would expect them in that order in the next request. Both frameworks keep the words and the calls of an answer apart
# and send the calls first, so that the message stands between the calls and their outputs. What the model reads is not
# what it wrote, and for a cache that keeps what was generated the request leaves it at the first of these items.
#
# Output seen: the items of each next request; what the server had answered was message, call_1, call_2.
#     haystack user call_1 call_2 message output_1 output_2
#     tanstack user call_1 call_2 message output_1 output_2
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check haystack-ai==3.4.1 openai==3.57.0
npm install --silent --no-audit --no-fund --prefix . @tanstack/ai@0.58.0 @tanstack/ai-openai@0.23.1 zod@4 2>npm.log

# Answers with a message and two calls, then with "done"; prints the items of each second request.
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

def name(item):
    kind = {"function_call": "call", "function_call_output": "output"}.get(item.get("type"))
    return f"{kind}_{item['call_id'][-1]}" if kind else item["role"].replace("assistant", "message")

def made_for(items):
    if any(item.get("type") == "function_call_output" for item in items):
        print(*map(name, items), flush=True)
        return [message("done")]
    return [message("First I look where they stand."), call(1, "place", thing="table"), call(2, "place", thing="chair")]

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

cat >agent.py <<'PYTHON'
import sys
from typing import Annotated
from haystack.components.agents import Agent
from haystack.components.generators.chat import OpenAIResponsesChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import create_tool_from_function
from haystack.utils import Secret

def place(thing: Annotated[str, "What stands there."]) -> str:
    """Where a thing stands."""
    return "in the hall"

key = Secret.from_token("none")
generator = OpenAIResponsesChatGenerator(model="gpt-5.5", api_base_url=sys.argv[1], api_key=key)
agent = Agent(chat_generator=generator, tools=[create_tool_from_function(place)])
assert agent.run(messages=[ChatMessage.from_user("Where are they?")])["messages"][-1].text == "done"
PYTHON

cat >agent.mjs <<'NODE'
import { chat, maxIterations, toolDefinition } from "@tanstack/ai";
import { createOpenaiChat } from "@tanstack/ai-openai";
import { z } from "zod";

const inputSchema = z.object({ thing: z.string() });
const place = toolDefinition({ name: "place", description: "Where a thing stands.", inputSchema });
const adapter = createOpenaiChat("gpt-5.5", "none", { baseURL: process.argv[2] });
const messages = [{ role: "user", content: "Where are they?" }];
const tools = [place.server(async () => "in the hall")];
const text = await chat({ adapter, messages, tools, stream: false, agentLoopStrategy: maxIterations(5) });
if (!text.endsWith("done")) throw new Error(text);
NODE

venv/bin/python server.py >seen &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
url="http://127.0.0.1:$(<port)/v1"
own=(env -i "PATH=$PATH" "HOME=$folder" HAYSTACK_TELEMETRY_ENABLED=False)
"${own[@]}" venv/bin/python agent.py "$url" >agent.log 2>&1
"${own[@]}" node agent.mjs "$url" >>agent.log 2>&1

paste -d' ' <(printf '%s\n' haystack tanstack) seen | tee output

diff - output <<'EXPECTED'
haystack user call_1 call_2 message output_1 output_2
tanstack user call_1 call_2 message output_1 output_2
EXPECTED
echo "both send the answer back as described"
