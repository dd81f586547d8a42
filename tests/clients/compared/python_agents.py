"""The coding agents of PyPI: how each is started, and by which of its tools it does a step of the work."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.clients import codex
from tests.clients.compared.npm_agent import command_of
from tests.clients.compared.running import Place
from tests.clients.compared.running import Started
from tests.clients.compared.work import FINAL_MESSAGE
from tests.clients.compared.work import PROMPT
from tests.clients.compared.work import Read
from tests.clients.compared.work import Search
from tests.clients.compared.work import Step
from tests.clients.installing import installed
from tests.loopback.upstream import FunctionCall

_MODEL = codex.CALLS_FUNCTIONS


@dataclass(frozen=True)
class PythonAgent:
    """requirements: for pip; the first names the folder. program: in bin. finish: the call with which it ends."""

    version: str
    requirements: tuple[str, ...]
    program: str
    start: Callable[[Path, Place], Started]
    call: Callable[[Step, Place], FunctionCall]
    finish: FunctionCall | None = None

    def installed(self) -> Path:
        """The program."""
        environment = [sys.executable, "-m", "venv", "{folder}"]
        packages = ["{folder}/bin/python", "-m", "pip", "install", "--quiet", *self.requirements]
        name = self.requirements[0].replace("==", "-")
        return installed(name, [environment, packages], may_install=True) / "bin" / self.program


def _mini(program: Path, place: Place) -> Started:
    options = [f"model.model_kwargs.api_base={place.url}", "model.cost_tracking=ignore_errors"]
    chosen = ["--model", f"openai/{_MODEL}", "--model-class", "litellm_response", "--config", "mini.yaml"]
    command: list[str | Path] = [program, "--yolo", "--exit-immediately", "--task", PROMPT, *chosen]
    environment = {"MSWEA_GLOBAL_CONFIG_DIR": str(place.home / "mini"), "MSWEA_CONFIGURED": "true"}
    return Started([*command, *(word for option in options for word in ("--config", option))], environment)


def _mini_call(step: Step, place: Place) -> FunctionCall:
    return FunctionCall("bash", {"command": command_of(step, place)})


def _hermes(program: Path, place: Place) -> Started:
    folder = place.home / ".hermes"
    folder.mkdir()
    provider = {"name": "loopback", "base_url": place.url, "api_key": "some-key", "api_mode": "codex_responses"}
    chosen = {"model": {"default": _MODEL, "provider": "custom:loopback"}}
    (folder / "config.yaml").write_text(json.dumps({"custom_providers": [provider], **chosen}))
    return Started([program, "--yolo", "-z", PROMPT], {})


def _hermes_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, first, last):
            lines = {"offset": first, "limit": last - first + 1} if first else {}
            return FunctionCall("read_file", {"path": path, **lines})
        case Search(word):
            return FunctionCall("search_files", {"pattern": word, "path": str(place.folder), "limit": 1_000})
    return FunctionCall("terminal", {"command": command_of(step, place)})


def _fast_agent(program: Path, place: Place) -> Started:
    """By WebSocket, as it does unless it is told otherwise."""
    chosen = ["--model", f"responses.{_MODEL}", "--base-url", place.url, "--no-home"]
    return Started([program, "go", "--quiet", "--shell", *chosen, "--message", PROMPT], {})


def _fast_agent_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, first, last):
            lines = {"line": first, "limit": last - first + 1} if first else {}
            return FunctionCall("read_text_file", {"path": str(place.folder / path), **lines})
    return FunctionCall("bash", {"command": command_of(step, place)})


def _vibe(program: Path, place: Place) -> Started:
    provider = f'name = "loopback"\napi_base = "{place.url}"\napi_style = "openai-responses"\nbackend = "generic"'
    model = f'name = "{_MODEL}"\nalias = "areas"\nprovider = "loopback"'
    folder = place.home / ".vibe"
    folder.mkdir()
    quiet = 'active_model = "areas"\nenable_telemetry = false\nenable_update_checks = false'
    configuration = f'{quiet}\n[[providers]]\n{provider}\napi_key_env_var = "OPENAI_API_KEY"\n[[models]]\n{model}\n'
    (folder / "config.toml").write_text(configuration)
    return Started([program, "--prompt", PROMPT, "--auto-approve", "--trust"], {"VIBE_HOME": str(folder)})


def _vibe_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, first, last):
            lines = {"offset": first - 1, "limit": last - first + 1} if first else {}
            return FunctionCall("read_file", {"path": path, **lines})
    return FunctionCall("bash", {"command": command_of(step, place)})


def _puppy(program: Path, place: Place) -> Started:
    folder = place.home / ".code_puppy"
    folder.mkdir()
    (folder / "puppy.cfg").write_text("[puppy]\npuppy_name = Rex\nowner_name = Dev\nyolo_mode = true\nmodel = areas\n")
    endpoint = {"url": place.url, "api_key": "some-key"}
    model = {"type": "custom_openai_responses", "name": _MODEL, "custom_endpoint": endpoint, "context_length": 400_000}
    (folder / "extra_models.json").write_text(json.dumps({"areas": model}))
    return Started([program, "--model", "areas", "--prompt", PROMPT], {})


def _puppy_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, first, last):
            lines = {"start_line": first, "num_lines": last - first + 1} if first else {}
            return FunctionCall("read_file", {"file_path": path, **lines})
        case Search(word):
            return FunctionCall("grep", {"search_string": word})
    return FunctionCall("shell", {"command": command_of(step, place)})


PYTHON_AGENTS: Mapping[str, PythonAgent] = {
    "mini-swe-agent": PythonAgent(
        "2.4.6",
        ("mini-swe-agent==2.4.6",),
        "mini",
        _mini,
        _mini_call,
        FunctionCall("bash", {"command": f"echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT; echo {FINAL_MESSAGE}"}),
    ),
    "fast-agent": PythonAgent("0.10.48", ("fast-agent-mcp==0.10.48",), "fast-agent", _fast_agent, _fast_agent_call),
    "Mistral Vibe": PythonAgent("3.0.2", ("mistral-vibe==3.0.2",), "vibe", _vibe, _vibe_call),
    "Code Puppy": PythonAgent("0.0.946", ("code-puppy==0.0.946",), "code-puppy", _puppy, _puppy_call),
    "Hermes": PythonAgent("0.19.0", ("hermes-agent==0.19.0",), "hermes", _hermes, _hermes_call),
}
