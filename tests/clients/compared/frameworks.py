"""The frameworks for agents: what is installed of each, and by which of the driver's tools a step is done."""

from __future__ import annotations

import sys
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.clients.command_line import npm_installation
from tests.clients.compared.npm_agent import command_of
from tests.clients.compared.running import Place
from tests.clients.compared.running import Started
from tests.clients.compared.work import FINAL_MESSAGE
from tests.clients.compared.work import ListIssues
from tests.clients.compared.work import Read
from tests.clients.compared.work import Search
from tests.clients.compared.work import Show
from tests.clients.compared.work import Step
from tests.clients.installing import installed
from tests.loopback.upstream import FunctionCall

_DRIVER = Path(__file__).with_name("framework_driver.py")
_NODE_DRIVER = _DRIVER.with_suffix(".mjs")


def _call(step: Step, _: Place, prefix: str = "") -> FunctionCall:
    match step:
        case Read(path) | Show(path):
            return FunctionCall(f"{prefix}read_file", {"path": path})
        case Search(word):
            return FunctionCall(f"{prefix}search_files", {"pattern": word})
        case ListIssues():
            return FunctionCall(f"{prefix}list_issues", {"state": "all"})


def _semantic_kernel_call(step: Step, place: Place) -> FunctionCall:
    return _call(step, place, "Files-")


def _mastra_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, first, last):
            lines = {"offset": first, "limit": last - first + 1} if first else {}
            return FunctionCall("mastra_workspace_read_file", {"path": path, **lines})
        case Search(word):
            return FunctionCall("mastra_workspace_grep", {"pattern": word, "path": "./**/*.py"})
    return FunctionCall("mastra_workspace_execute_command", {"command": command_of(step, place)})


def _openhands_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, first, last):
            lines = {"view_range": [first, last]} if first else {}
            return FunctionCall("file_editor", {"command": "view", "path": str(place.folder / path), **lines})
    return FunctionCall("terminal", {"command": command_of(step, place)})


def _deepagents_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, first, last):
            lines = {"offset": first - 1, "limit": last - first + 1} if first else {"limit": 1_000}
            return FunctionCall("read_file", {"file_path": f"/{path}", **lines})
        case Search(word):
            return FunctionCall("grep", {"pattern": word, "glob": "*.py", "output_mode": "content"})
    return FunctionCall("execute", {"command": command_of(step, place)})


def _inspect_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, first, last):
            lines = {"offset": first - 1, "limit": last - first + 1} if first else {}
            return FunctionCall("read_file", {"file_path": path, **lines})
        case Search(word):
            return FunctionCall("grep", {"pattern": word, "glob": "*.py"})
    return FunctionCall("bash", {"command": command_of(step, place)})


@dataclass(frozen=True)
class Framework:
    """name: of the driver's function. requirements: for pip; the first names the folder. call: of its tools.

    finish: the call with which it ends, where it does not end by words.
    """

    name: str
    version: str
    requirements: tuple[str, ...]
    call: Callable[[Step, Place], FunctionCall] = _call
    finish: FunctionCall | None = None

    def installed(self) -> Path:
        """The Python of its environment."""
        environment = [sys.executable, "-m", "venv", "{folder}"]
        packages = ["{folder}/bin/python", "-m", "pip", "install", "--quiet", *self.requirements]
        name = self.requirements[0].replace("[openai]", "").replace("==", "-")
        return installed(name, [environment, packages], may_install=True) / "bin" / "python"

    def start(self, python: Path, place: Place) -> Started:
        quiet = {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "HAYSTACK_TELEMETRY_ENABLED": "False"}
        return Started([python, "-P", _DRIVER, self.name, place.url], quiet)


@dataclass(frozen=True)
class NodeFramework:
    """name: of the driver's function. requirements: for npm; the first names the folder."""

    name: str
    version: str
    requirements: tuple[str, ...]
    call: Callable[[Step, Place], FunctionCall] = _call

    def installed(self) -> Path:
        """The folder of its packages."""
        package = self.requirements[0]
        name = f"{package.removeprefix('@').replace('/', '-')}-{self.version}-js"
        return installed(name, npm_installation(package, self.version, *self.requirements[1:]), may_install=True)

    def start(self, folder: Path, place: Place) -> Started:
        return Started(["node", _NODE_DRIVER, self.name, place.url, folder], {"MASTRA_TELEMETRY_DISABLED": "1"})


_ADK = ("google-adk==2.13.0", "litellm==1.110.2")
_OPENHANDS = ("openhands-sdk==1.58.2", "openhands-tools==1.58.2")
_DEEPAGENTS = ("deepagents==0.7.32", "langchain-openai==1.7.4")
_INSPECT = ("inspect-ai==0.3.285", "openai==3.57.0")
_SUBMIT = FunctionCall("submit", {"answer": FINAL_MESSAGE})
FRAMEWORKS: Mapping[str, Framework] = {
    "openai-agents": Framework("openai_agents", "0.24.0", ("openai-agents==0.24.0",)),
    "pydantic-ai": Framework("pydantic_ai", "2.68.0", ("pydantic-ai-slim[openai]==2.68.0",)),
    "langchain": Framework("langchain", "1.7.4", ("langchain-openai==1.7.4", "langchain")),
    "crewai": Framework("crewai", "1.15.30", ("crewai==1.15.30",)),
    "agno": Framework("agno", "3.1.10", ("agno==3.1.10", "openai==3.57.0")),
    "llama-index": Framework("llama_index", "0.8.3", ("llama-index-llms-openai==0.8.3", "llama-index-core")),
    "haystack": Framework("haystack", "3.4.1", ("haystack-ai==3.4.1",)),
    "google-adk": Framework("google_adk", "2.13.0", _ADK),
    "google-adk, LiteLLM": Framework("google_adk_litellm", "2.13.0", _ADK),
    "litellm": Framework("litellm", "1.110.2", _ADK),
    "semantic-kernel": Framework("semantic_kernel", "1.45.0", ("semantic-kernel==1.45.0",), _semantic_kernel_call),
    "strands": Framework("strands", "1.62.0", ("strands-agents[openai]==1.62.0",)),
    "agent-framework": Framework("agent_framework", "1.17.0", ("agent-framework-openai==1.17.0",)),
    "OpenHands SDK": Framework("openhands", "1.58.2", _OPENHANDS, _openhands_call),
    "deepagents": Framework("deepagents", "0.7.32", _DEEPAGENTS, _deepagents_call),
    "ag2": Framework("ag2", "1.2.1", ("ag2[openai]==1.2.1",)),
    "inspect": Framework("inspect_ai", "0.3.285", _INSPECT, _inspect_call, _SUBMIT),
}
_MASTRA = ("@mastra/core", "@ai-sdk/openai@4.0.118", "zod")
NODE_FRAMEWORKS: Mapping[str, NodeFramework] = {
    "AI SDK": NodeFramework("ai_sdk", "7.0.173", ("ai", "@ai-sdk/openai@4.0.118", "zod")),
    "openai-agents": NodeFramework("openai_agents", "0.20.0", ("@openai/agents", "zod")),
    "mastra": NodeFramework("mastra", "1.71.0", _MASTRA),
    "mastra, workspace": NodeFramework("mastra_workspace", "1.71.0", _MASTRA, _mastra_call),
    "langchain": NodeFramework("langchain", "1.6.0", ("@langchain/openai", "langchain", "@langchain/core", "zod")),
    "strands": NodeFramework("strands", "1.19.0", ("@strands-agents/sdk", "openai", "zod")),
}
