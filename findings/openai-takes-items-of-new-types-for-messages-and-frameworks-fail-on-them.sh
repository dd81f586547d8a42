#!/usr/bin/env bash
# To the OpenAI SDK for Python an item of a type that it does not know is a message, and frameworks fail on that.
#
# Versions: openai 3.57.0, openai-agents 0.24.0, pydantic-ai-slim 2.68.0, langchain-openai 1.7.4 (PyPI), Python 3.11 or
# newer; @openai/agents 0.20.0 with openai 7.59.0 and zod 4.6.7 (npm), Node 20 or newer.
#
# Behaviour: new types of items come with models and servers, before a client knows them. One would expect an object of no
# known class, or none. But the SDK gives such an item the first class of its union, ResponseOutputMessage, without the
# role and the content that a message must have, and an event of a new type that of a piece of sound. Who asks by
# isinstance whether an item is a message gets yes: openai-agents and pydantic-ai then end the run with a TypeError about
# None, in which the item is not named, and the call that stands beside it is not made. LangChain and the JavaScript SDK,
# which look at `type`, make the call and go on without the item.
#
# Output seen, where an answer has an item of type "observation" before a call:
#     item             ResponseOutputMessage, role None, content None
#     event            ResponseAudioDeltaEvent
#     openai-agents    TypeError: 'NoneType' object is not iterable
#     pydantic-ai      TypeError: 'NoneType' object is not iterable
#     langchain        done, after function_call function_call_output
#     @openai/agents   done, after function_call function_call_output
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openai==3.57.0 openai-agents==0.24.0 \
    "pydantic-ai-slim[openai]==2.68.0" langchain-openai==1.7.4
npm install --silent --no-audit --no-fund --prefix . @openai/agents@0.20.0 openai@7.59.0 zod@4.6.7 2>npm.log

# Answers with the new item and a call, then with "done, after" and the types of what it was sent since the question.
cat >server.py <<'PYTHON'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NEW = {"type": "observation", "id": "ob_1", "status": "completed", "note": "It is warm."}
CALL = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "place", "arguments": "{}"}
USAGE = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
USAGE |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}

def made_for(items):
    if len(items) == 1:
        return [NEW, CALL | {"status": "completed"}]
    text = f"done, after {' '.join(item['type'] for item in items[1:])}"
    part = {"type": "output_text", "text": text, "annotations": []}
    return [{"type": "message", "id": "msg_1", "role": "assistant", "content": [part], "status": "completed"}]

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        items = json.loads(self.rfile.read(int(self.headers["content-length"])))["input"]
        answer = {"id": "resp_1", "object": "response", "created_at": 0, "status": "completed", "model": "any"}
        answer |= {"output": made_for(items), "usage": USAGE, "tools": [], "tool_choice": "auto"}
        body = json.dumps(answer | {"parallel_tool_calls": True}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
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

cat >classes.py <<'PYTHON'
import httpx2
from openai import OpenAI

def answer(request):
    if b'"stream":true' in request.content:
        event = 'event: response.observed\ndata: {"type": "response.observed", "sequence_number": 0}\n\n'
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, text=event)
    return httpx2.Response(200, json={"id": "resp_1", "output": [{"type": "observation", "id": "ob_1"}]})

client = OpenAI(api_key="none", http_client=httpx2.Client(transport=httpx2.MockTransport(answer)))
item = client.responses.create(model="any", input="go").output[0]
print(f"{'item':16} {type(item).__name__}, role {item.role}, content {item.content}")
event, = client.responses.create(model="any", input="go", stream=True)
print(f"{'event':16} {type(event).__name__}")
PYTHON

cat >frameworks.py <<'PYTHON'
import os
from agents import Agent, OpenAIResponsesModel, RunConfig, Runner, function_tool
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI
from pydantic_ai import Agent as PydanticAgent
from pydantic_ai.models.openai import OpenAIResponsesModel as PydanticModel
from pydantic_ai.providers.openai import OpenAIProvider

def place() -> str:
    """Where it is."""
    return "in the hall"

def client():
    return AsyncOpenAI(base_url=os.environ["OPENAI_BASE_URL"], api_key="none", max_retries=0)

def openai_agents():
    agent = Agent("clerk", tools=[function_tool(place)], model=OpenAIResponsesModel("any", client()))
    return Runner.run_sync(agent, "go", run_config=RunConfig(tracing_disabled=True)).final_output

def pydantic_ai():
    model = PydanticModel("any", provider=OpenAIProvider(openai_client=client()))
    return PydanticAgent(model, tools=[place]).run_sync("go").output

def langchain():
    model = ChatOpenAI(model="any", api_key="none", use_responses_api=True, max_retries=0).bind_tools([tool(place)])
    asked = [HumanMessage("go")]
    answer = model.invoke(asked)
    outputs = [ToolMessage(place(), tool_call_id=call["id"]) for call in answer.tool_calls]
    return model.invoke([*asked, answer, *outputs]).text

for run in (openai_agents, pydantic_ai, langchain):
    try:
        told = run()
    except TypeError as error:
        told = f"TypeError: {error}"
    print(f"{run.__name__.replace('_', '-'):16} {told}")
PYTHON

cat >agent.mjs <<'NODE'
import { Agent, OpenAIResponsesModel, Runner, tool } from '@openai/agents';
import OpenAI from 'openai';
import { z } from 'zod';

const client = new OpenAI({ apiKey: 'none', maxRetries: 0 });
const parameters = z.object({});
const place = tool({ name: 'place', description: 'Where it is.', parameters, execute: async () => 'in the hall' });
const agent = new Agent({ name: 'clerk', tools: [place], model: new OpenAIResponsesModel(client, 'any') });
const result = await new Runner({ tracingDisabled: true }).run(agent, 'go');
console.log('@openai/agents'.padEnd(16), result.finalOutput);
NODE

venv/bin/python server.py &
for _ in $(seq 600); do [[ -s port ]] && break; sleep 0.1; done
own=(env -i "PATH=$PATH" "HOME=$folder" "OPENAI_BASE_URL=http://127.0.0.1:$(<port)/v1")
"${own[@]}" venv/bin/python classes.py >seen 2>log
"${own[@]}" venv/bin/python frameworks.py >>seen 2>>log
"${own[@]}" node agent.mjs >>seen 2>>log
cat seen

diff - seen <<'EXPECTED'
item             ResponseOutputMessage, role None, content None
event            ResponseAudioDeltaEvent
openai-agents    TypeError: 'NoneType' object is not iterable
pydantic-ai      TypeError: 'NoneType' object is not iterable
langchain        done, after function_call function_call_output
@openai/agents   done, after function_call function_call_output
EXPECTED
echo "the SDK and the frameworks behave as described"
