"""One agent of each framework, with the same three tools: NAME URL. Run by the environment of that framework alone.

Two tools give text, one gives records: what becomes of these on their way to the model is the framework's. Those that
have tools for files and commands are given no others.
"""

import asyncio
import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MODEL, KEY, PROMPT = "gpt-5.5", "some-key", "Look at the areas."


def read_file(path: str) -> str:
    """Read a file."""
    return Path(path).read_text()


def search_files(pattern: str) -> str:
    """Search all files for a pattern."""
    rows = (
        f"{path.name}:{number}:{line}"
        for path in sorted(Path().glob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern in line
    )
    return "\n".join(rows)


def list_issues(state: str) -> list[dict[str, Any]]:
    """List all issues of a state."""
    issues: list[dict[str, Any]] = json.loads(Path("issues.json").read_text())
    return issues if state == "all" else []


TOOLS: tuple[Callable[..., Any], ...] = (read_file, search_files, list_issues)
load: Callable[[str], Any] = importlib.import_module  # absent where this file is checked


def openai_agents(url: str) -> object:
    agents, client = load("agents"), load("openai").AsyncOpenAI(base_url=url, api_key=KEY, max_retries=0)
    agents.set_tracing_disabled(disabled=True)
    tools = [agents.function_tool(tool) for tool in TOOLS]
    agent = agents.Agent("Reader", model=agents.OpenAIResponsesModel(MODEL, client), tools=tools)
    return agents.Runner.run_sync(agent, PROMPT, max_turns=20).final_output


def pydantic_ai(url: str) -> object:
    provider = load("pydantic_ai.providers.openai").OpenAIProvider(base_url=url, api_key=KEY)
    model = load("pydantic_ai.models.openai").OpenAIResponsesModel(MODEL, provider=provider)
    return load("pydantic_ai").Agent(model, tools=TOOLS).run_sync(PROMPT).output


def langchain(url: str) -> object:
    model = load("langchain_openai").ChatOpenAI(model=MODEL, base_url=url, api_key=KEY, use_responses_api=True)
    agent = load("langchain.agents").create_agent(model, tools=list(TOOLS))
    state = agent.invoke({"messages": [{"role": "user", "content": PROMPT}]}, {"recursion_limit": 50})
    return state["messages"][-1].text


def crewai(url: str) -> object:
    crew, tool = load("crewai"), load("crewai.tools").tool
    llm = crew.LLM(model=f"openai/{MODEL}", base_url=url, api_key=KEY, api="responses")
    tools = [tool(each.__name__)(each) for each in TOOLS]
    agent = crew.Agent(role="Reader", goal="Read.", backstory="Reads.", llm=llm, tools=tools, max_iter=30, cache=False)
    task = crew.Task(description=PROMPT, expected_output="One sentence.", agent=agent)
    return crew.Crew(agents=[agent], tasks=[task], cache=False).kickoff()


def agno(url: str) -> object:
    model = load("agno.models.openai").OpenAIResponses(id=MODEL, base_url=url, api_key=KEY)
    return load("agno.agent").Agent(model=model, tools=list(TOOLS), telemetry=False).run(PROMPT).content


def llama_index(url: str) -> object:
    options = {"api_base": url, "api_key": KEY, "context_window": 400_000}
    llm = load("llama_index.llms.openai").OpenAIResponses(model=MODEL, **options)
    agent = load("llama_index.core.agent.workflow").FunctionAgent(tools=list(TOOLS), llm=llm, streaming=False)

    async def answer() -> object:
        return await agent.run(PROMPT, max_iterations=40)

    return asyncio.run(answer())


def haystack(url: str) -> object:
    key = load("haystack.utils").Secret.from_token(KEY)
    generators, tools = load("haystack.components.generators.chat"), load("haystack.tools")
    generator = generators.OpenAIResponsesChatGenerator(model=MODEL, api_base_url=url, api_key=key)
    own_tools = [tools.create_tool_from_function(tool) for tool in TOOLS]
    agent = load("haystack.components.agents").Agent(chat_generator=generator, tools=own_tools)
    message = load("haystack.dataclasses").ChatMessage.from_user(PROMPT)
    return agent.run(messages=[message])["messages"][-1].text


def google_adk(url: str) -> object:
    os.environ["OPENAI_BASE_URL"] = url
    return _answer_of_adk(load("google.adk.integrations.openai").OpenAIResponsesLlm(model=MODEL))


def google_adk_litellm(url: str) -> object:
    model = load("google.adk.models.lite_llm").LiteLlm(f"openai/responses/{MODEL}", api_base=url, api_key=KEY)
    return _answer_of_adk(model)


def _answer_of_adk(model: object) -> object:
    types = load("google.genai.types")
    agent = load("google.adk.agents").Agent(name="reader", model=model, tools=list(TOOLS))
    runner = load("google.adk.runners").InMemoryRunner(agent, app_name="reader")

    async def answer() -> object:
        session = await runner.session_service.create_session(app_name="reader", user_id="someone")
        message = types.Content(role="user", parts=[types.Part(text=PROMPT)])
        events = runner.run_async(user_id="someone", session_id=session.id, new_message=message)
        texts = [event.content.parts[0].text async for event in events if event.is_final_response()]
        return texts[-1]

    return asyncio.run(answer())


def litellm(url: str) -> object:
    """Calls of its function responses(): it has no agent, so the records are written as JSON here."""
    tools = {tool.__name__: tool for tool in TOOLS}
    schema = {"type": "object", "properties": {}}
    declared = [{"type": "function", "name": name, "parameters": schema, "strict": False} for name in tools]
    items: list[Any] = [{"role": "user", "content": PROMPT}]
    while True:
        answer = load("litellm").responses(items, f"openai/{MODEL}", tools=declared, api_base=url, api_key=KEY)
        calls = [item.model_dump() for item in answer.output if item.type == "function_call"]
        if not calls:
            return answer.output[-1].content[0].text
        for call in calls:
            result = tools[call["name"]](**json.loads(call["arguments"]))
            output = result if isinstance(result, str) else json.dumps(result)
            items += [call, {"type": "function_call_output", "call_id": call["call_id"], "output": output}]


def semantic_kernel(url: str) -> object:
    functions, choices = (
        load("semantic_kernel.functions"),
        load("semantic_kernel.connectors.ai.function_choice_behavior"),
    )
    plugin = {tool.__name__: functions.kernel_function(name=tool.__name__)(tool) for tool in TOOLS}
    agent = load("semantic_kernel.agents").OpenAIResponsesAgent(
        ai_model_id=MODEL,
        client=load("openai").AsyncOpenAI(base_url=url, api_key=KEY),
        name="reader",
        plugins=[functions.KernelPlugin("Files", functions=plugin)],
        function_choice_behavior=choices.FunctionChoiceBehavior.Auto(maximum_auto_invoke_attempts=20),
    )
    return asyncio.run(agent.get_response(PROMPT)).message.content


def strands(url: str) -> object:
    client = {"base_url": url, "api_key": KEY}
    model = load("strands.models.openai_responses").OpenAIResponsesModel(client_args=client, model_id=MODEL)
    tools = [load("strands").tool(tool) for tool in TOOLS]
    return load("strands").Agent(model=model, tools=tools, callback_handler=None)(PROMPT)


def agent_framework(url: str) -> object:
    client = load("agent_framework.openai").OpenAIChatClient(model=MODEL, base_url=url, api_key=KEY)
    agent = load("agent_framework").Agent(client=client, instructions="Read.", tools=list(TOOLS))
    return asyncio.run(agent.run(PROMPT)).text


def openhands(url: str) -> object:
    """With its own tools for files and commands."""
    sdk = load("openhands.sdk")
    llm = sdk.LLM(model=f"openai/{MODEL}", base_url=url, api_key=KEY)
    agent = load("openhands.tools.preset.default").get_default_agent(llm=llm, cli_mode=True)
    conversation = sdk.Conversation(
        agent=agent, workspace=str(Path.cwd()), persistence_dir=str(Path.home() / "openhands")
    )
    conversation.send_message(PROMPT)
    conversation.run()
    return load("openhands.sdk.conversation.response_utils").get_agent_final_response(conversation.state.events)


def deepagents(url: str) -> object:
    """With its own tools for files and commands."""
    model = load("langchain_openai").ChatOpenAI(model=MODEL, base_url=url, api_key=KEY, use_responses_api=True)
    backend = load("deepagents.backends").LocalShellBackend(root_dir=Path.cwd(), inherit_env=True)
    agent = load("deepagents").create_deep_agent(model=model, backend=backend)
    state = agent.invoke({"messages": [{"role": "user", "content": PROMPT}]}, {"recursion_limit": 90})
    return state["messages"][-1].text


def ag2(url: str) -> object:
    ag2_module = load("ag2")
    config = load("ag2.config").OpenAIResponsesConfig(MODEL, api_key=KEY, base_url=url)
    agent = ag2_module.Agent("reader", config=config, tools=[ag2_module.tool(tool) for tool in TOOLS])
    return asyncio.run(agent.ask(PROMPT)).body


def inspect_ai(url: str) -> object:
    """With its own tools for files and commands, in a copy of the folder."""
    inspect, tools = load("inspect_ai"), load("inspect_ai.tool")
    model = load("inspect_ai.model").get_model(f"openai/{MODEL}", base_url=url, api_key=KEY, responses_api=True)
    files = {path.name: str(path.resolve()) for path in Path().iterdir()}
    sample = load("inspect_ai.dataset").Sample(input=PROMPT, files=files)
    own = load("inspect_ai.agent").react(tools=[tools.bash(), tools.read_file(), tools.grep()])
    task = inspect.Task(dataset=[sample], solver=own, sandbox="local")
    log = inspect.eval(task, model=model, display="none", log_dir=str(Path.home() / "logs"))[0]
    return log.samples[0].output.completion


RUN: dict[str, Callable[[str], object]] = {
    run.__name__: run
    for run in (
        *(openai_agents, pydantic_ai, langchain, crewai, agno, llama_index, haystack, google_adk, google_adk_litellm),
        *(litellm, semantic_kernel, strands, agent_framework, openhands, deepagents),
        *(ag2, inspect_ai),
    )
}


if __name__ == "__main__":
    sys.stdout.write(str(RUN[sys.argv[1]](sys.argv[2])))
