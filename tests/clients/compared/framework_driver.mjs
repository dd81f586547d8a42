// One agent of each framework in JavaScript, with the same three tools: NAME URL FOLDER, where its packages lie.
//
// The same as framework_driver.py: two tools give text, one gives records. Who has tools of its own is given no others.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const MODEL = "gpt-5.5";
const KEY = "some-key";
const PROMPT = "Look at the areas.";
const [name, url, folder] = process.argv.slice(2);
const load = createRequire(folder + "/");
const { z } = load("zod");

const TOOLS = {
  read_file: ["Read a file.", z.object({ path: z.string() }), ({ path }) => readFileSync(path, "utf8")],
  search_files: ["Search all files for a pattern.", z.object({ pattern: z.string() }), ({ pattern }) => found(pattern)],
  list_issues: ["List all issues of a state.", z.object({ state: z.string() }), ({ state }) => issues(state)],
};

function found(pattern) {
  const paths = readdirSync(".").filter((path) => path.endsWith(".py")).sort();
  const rows = paths.flatMap((path) => linesOf(path).map((line, index) => [path, index + 1, line]));
  return rows.filter(([, , line]) => line.includes(pattern)).map((row) => row.join(":")).join("\n");
}

function linesOf(path) {
  return readFileSync(path, "utf8").replace(/\n$/, "").split("\n");
}

function issues(state) {
  return state === "all" ? JSON.parse(readFileSync("issues.json", "utf8")) : [];
}

function toolsMadeBy(make) {
  return Object.entries(TOOLS).map(([name, [description, schema, execute]]) => make(name, description, schema, execute));
}

async function ai_sdk() {
  const { generateText, isStepCount, tool } = load("ai");
  const openai = load("@ai-sdk/openai").createOpenAI({ baseURL: url, apiKey: KEY });
  const tools = toolsMadeBy((name, description, inputSchema, execute) => [name, tool({ description, inputSchema, execute })]);
  const stopWhen = isStepCount(20);
  const options = { model: openai(MODEL), tools: Object.fromEntries(tools), prompt: PROMPT, stopWhen };
  return (await generateText(options)).text;
}

async function openai_agents() {
  const { Agent, OpenAIResponsesModel, run, setTracingDisabled, tool } = load("@openai/agents");
  setTracingDisabled(true);
  const client = new (load("openai").OpenAI)({ baseURL: url, apiKey: KEY });
  const tools = toolsMadeBy((name, description, parameters, execute) => tool({ name, description, parameters, execute }));
  const agent = new Agent({ name: "Reader", model: new OpenAIResponsesModel(client, MODEL), tools });
  return (await run(agent, PROMPT, { maxTurns: 20 })).finalOutput;
}

async function mastra() {
  const { Agent } = load("@mastra/core/agent");
  const { createTool } = load("@mastra/core/tools");
  const model = load("@ai-sdk/openai").createOpenAI({ baseURL: url, apiKey: KEY })(MODEL);
  const tools = toolsMadeBy((id, description, inputSchema, execute) => [id, createTool({ id, description, inputSchema, execute })]);
  const agent = new Agent({ id: "reader", name: "Reader", instructions: "Read.", model, tools: Object.fromEntries(tools) });
  return (await agent.generate(PROMPT, { maxSteps: 20 })).text;
}

// Its own tools for files and commands.
async function mastra_workspace() {
  const { Agent } = load("@mastra/core/agent");
  const { LocalFilesystem, LocalSandbox, Workspace } = load("@mastra/core/workspace");
  const model = load("@ai-sdk/openai").createOpenAI({ baseURL: url, apiKey: KEY })(MODEL);
  const basePath = process.cwd();
  const sandbox = new LocalSandbox({ workingDirectory: basePath });
  const workspace = new Workspace({ filesystem: new LocalFilesystem({ basePath }), sandbox });
  const agent = new Agent({ id: "reader", name: "Reader", instructions: "Read.", model, workspace });
  return (await agent.generate(PROMPT, { maxSteps: 20 })).text;
}

async function langchain() {
  const { createAgent, tool } = load("langchain");
  const configuration = { baseURL: url };
  const model = new (load("@langchain/openai").ChatOpenAI)({ model: MODEL, apiKey: KEY, useResponsesApi: true, configuration });
  const tools = toolsMadeBy((name, description, schema, execute) => tool(execute, { name, description, schema }));
  const state = await createAgent({ model, tools }).invoke({ messages: PROMPT }, { recursionLimit: 50 });
  return state.messages.at(-1).text;
}

async function strands() {
  const { Agent, tool } = load("@strands-agents/sdk");
  const { OpenAIModel } = load("@strands-agents/sdk/models/openai");
  const model = new OpenAIModel({ api: "responses", modelId: MODEL, apiKey: KEY, clientConfig: { baseURL: url } });
  const tools = toolsMadeBy((name, description, inputSchema, callback) => tool({ name, description, inputSchema, callback }));
  return await new Agent({ model, tools, printer: false }).invoke(PROMPT);
}

const RUN = { ai_sdk, openai_agents, mastra, mastra_workspace, langchain, strands };
process.stdout.write(String(await RUN[name]()));
