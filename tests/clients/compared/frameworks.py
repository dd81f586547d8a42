"""The frameworks for agents in Python: what is installed of each, and by which of the driver's tools a step is done."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.clients.compared.running import Place
from tests.clients.compared.running import Started
from tests.clients.compared.work import ListIssues
from tests.clients.compared.work import Read
from tests.clients.compared.work import Search
from tests.clients.compared.work import Show
from tests.clients.compared.work import Step
from tests.clients.installing import installed
from tests.loopback.upstream import FunctionCall

_DRIVER = Path(__file__).with_name("framework_driver.py")


@dataclass(frozen=True)
class Framework:
    """name: of the driver's function. requirements: for pip; the first names the folder. prefix: of its tools."""

    name: str
    version: str
    requirements: tuple[str, ...]
    prefix: str = ""

    def installed(self) -> Path:
        """The Python of its environment."""
        environment = [sys.executable, "-m", "venv", "{folder}"]
        packages = ["{folder}/bin/python", "-m", "pip", "install", "--quiet", *self.requirements]
        name = self.requirements[0].replace("[openai]", "").replace("==", "-")
        return installed(name, [environment, packages], may_install=True) / "bin" / "python"

    def start(self, python: Path, place: Place) -> Started:
        quiet = {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "HAYSTACK_TELEMETRY_ENABLED": "False"}
        return Started([python, "-P", _DRIVER, self.name, place.url], quiet)

    def call(self, step: Step, _: Place) -> FunctionCall:
        match step:
            case Read(path) | Show(path):
                return FunctionCall(f"{self.prefix}read_file", {"path": path})
            case Search(word):
                return FunctionCall(f"{self.prefix}search_files", {"pattern": word})
            case ListIssues():
                return FunctionCall(f"{self.prefix}list_issues", {"state": "all"})


_ADK = ("google-adk==2.13.0", "litellm==1.110.2")
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
    "semantic-kernel": Framework("semantic_kernel", "1.45.0", ("semantic-kernel==1.45.0",), prefix="Files-"),
}
