#!/usr/bin/env bash
# LlamaIndex.TS takes the quotes out of what a tool returns, leaves backslashes for them, and sends null as an error.
#
# Versions: llamaindex 0.12.1, @llamaindex/openai 0.4.23, @llamaindex/workflow 1.1.24 (npm; deprecated, but the latest),
# Node 20 or newer, Linux.
#
# Behaviour: a tool returns a text of two lines with quotes in it. One would expect the model to get that text. It gets
# one line in which each line break is a backslash and an n, and in place of each quote stands a backslash: the text is
# written as JSON, of which all quotes are then taken out. print("a") of a file reads print(\a\). A model that copies a
# line out of such a result, to edit the file, copies what is not there, and cannot tell what was. Records lose their
# quotes too, so that the number 1 and the text "1" look the same, and where a value is null (`assignee: null`), as in
# answers of many APIs, the model gets an error in place of the record, though the tool went well.
#
# Output seen (the text of each function_call_output, behind what the tool returned):
#     print("a"), a line break, b = "b"     print(\a\)\nb = \b\
#     {id: 1, state: "1"}                   {, a line break, id: 1, a line break, state: 1, a line break, }
#     {id: 1, assignee: null}               Error: Error: Error(Error): Value is not a valid JSONValue: null
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --legacy-peer-deps \
  llamaindex@0.12.1 @llamaindex/openai@0.4.23 @llamaindex/workflow@1.1.24 zod@3.25.76 >/dev/null 2>&1

cat >run.mjs <<'JS'
import { createServer } from "node:http";
import { createRequire } from "node:module";
const load = createRequire(`${process.cwd()}/`);
const { tool } = load("llamaindex");
const { agent } = load("@llamaindex/workflow");
const { openaiResponses } = load("@llamaindex/openai");
const { z } = load("zod");

const NAMES = ["text", "record", "record_with_null"];
const RECORD = { id: 1, assignee: null };
const RESULTS = { text: 'print("a")\nb = "b"', record: { id: 1, state: "1" }, record_with_null: RECORD };

// Asks for the three tools one after the other, then says "done".
const seen = [];
const server = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  const asked = JSON.parse(body);
  const outputs = asked.input.filter((item) => item.type === "function_call_output");
  seen.splice(0, seen.length, ...outputs.map((item) => item.output));
  const name = NAMES[outputs.length];
  const text = { type: "output_text", text: "done", annotations: [] };
  const item = name
    ? { type: "function_call", id: `fc_${name}`, call_id: `call_${name}`, name, arguments: "{}", status: "completed" }
    : { type: "message", id: "msg_1", role: "assistant", status: "completed", content: [text] };
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
  const answer = { id: "resp_1", object: "response", created_at: 0, status: "completed", model: "gpt-5.5", usage };
  Object.assign(answer, { output: [item], tools: [], tool_choice: "auto", parallel_tool_calls: false });
  if (!asked.stream) {
    response.setHeader("content-type", "application/json");
    return response.end(JSON.stringify(answer));
  }
  response.setHeader("content-type", "text/event-stream");
  const begun = { ...answer, status: "in_progress", output: [] };
  const place = { output_index: 0, item_id: item.id };
  const middle = name
    ? [
        { type: "response.function_call_arguments.delta", delta: "{}", ...place },
        { type: "response.function_call_arguments.done", arguments: "{}", ...place },
      ]
    : [{ type: "response.output_text.delta", content_index: 0, delta: "done", ...place }];
  const events = [
    { type: "response.created", response: begun },
    { type: "response.output_item.added", output_index: 0, item },
    ...middle,
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response: answer },
  ];
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const baseURL = `http://127.0.0.1:${server.address().port}/v1`;
const llm = openaiResponses({ model: "gpt-5.5", apiKey: "none", baseURL });
const tools = NAMES.map((name) =>
  tool({ name, description: name, parameters: z.object({}), execute: () => RESULTS[name] }),
);
await agent({ llm, tools }).run("Call the tools.");
console.log(seen.join("\n"));
process.exit(0);
JS
node run.mjs >seen 2>errors || { cat errors; exit 1; }
cat seen

diff - seen <<'EXPECTED'
print(\a\)\nb = \b\
{
  id: 1,
  state: 1
}
Error: Error: Error(Error): Value is not a valid JSONValue: null
EXPECTED
echo "LlamaIndex.TS sends results as described"
