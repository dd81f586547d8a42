"""An agent of the openai-agents SDK with one function tool, run by that SDK's own environment; prints its answer."""

import importlib
import shlex
import subprocess
import sys

agents = importlib.import_module("agents")  # absent where this file is checked
openai = importlib.import_module("openai")

MAX_TURNS = 1_000  # the SDK's own default is 10


def exec_command(cmd: str) -> str:
    """Run a command."""
    return subprocess.run(shlex.split(cmd), stdout=subprocess.PIPE, text=True, check=True).stdout


def main(base_url: str) -> None:
    agents.set_tracing_disabled(disabled=True)
    client = openai.AsyncOpenAI(base_url=base_url, api_key="some-key", max_retries=0)
    model = agents.OpenAIResponsesModel(model="loopback", openai_client=client)
    agent = agents.Agent(name="Reader", model=model, tools=[agents.function_tool(exec_command)])
    sys.stdout.write(agents.Runner.run_sync(agent, "Read areas.py.", max_turns=MAX_TURNS).final_output)


if __name__ == "__main__":
    main(*sys.argv[1:])
