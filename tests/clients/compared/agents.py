"""The coding agents: how each is started, and by which of its tools it does a step of the work."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.clients import codex
from tests.clients import test_copilot
from tests.clients import test_opencode
from tests.clients.compared.npm_agent import CODEX
from tests.clients.compared.npm_agent import Agent
from tests.clients.compared.npm_agent import command_of
from tests.clients.compared.npm_agent import programs_of
from tests.clients.compared.npm_agent import tools_for_agents
from tests.clients.compared.running import Place
from tests.clients.compared.running import Started
from tests.clients.compared.work import PROMPT
from tests.clients.compared.work import Read
from tests.clients.compared.work import Search
from tests.clients.compared.work import Step
from tests.loopback.upstream import CustomToolCall
from tests.loopback.upstream import FunctionCall

_NO_QUESTIONS = "--dangerously-bypass-approvals-and-sandbox"
_MODEL = codex.CALLS_FUNCTIONS


def _tool(name: str, **arguments: Any) -> FunctionCall:
    return FunctionCall(name, {key: value for key, value in arguments.items() if value})


def _lines(step: Read) -> int:
    return step.last - step.first + 1 if step.first else 0


def _codex_call(step: Step, place: Place) -> FunctionCall:
    return FunctionCall("exec_command", {"cmd": command_of(step, place)})


def _codex_script(step: Step, place: Place) -> CustomToolCall:
    arguments = json.dumps({"cmd": command_of(step, place)})
    return CustomToolCall("exec", f"text(await tools.exec_command({arguments}))")


def _codex_mcp_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, first, last):
            head = {"head": last} if first else {}
            return FunctionCall("read_text_file", {"path": str(place.folder / path), **head}, "mcp__files")
    return _codex_call(step, place)


def _codex(model: str, mode: Sequence[str] = ()) -> Callable[[Path, Place], Started]:
    """mode: more words of the command. Its MCP server for files is started where a call needs it."""

    def start(program: Path, place: Place) -> Started:
        home = place.home / "codex"
        cli = codex.Codex(program, home, place.folder)
        settings, provider = codex.custom_provider(place.url)
        cli.configure(model, settings, provider + (_files_server(place) if mode else ""))
        environment = {"CODEX_HOME": str(home), "LOOPBACK_KEY": "some-key"}
        return Started([program, "exec", "--skip-git-repo-check", *mode, PROMPT], environment)

    return start


def _files_server(place: Place) -> str:
    package = "@modelcontextprotocol/server-filesystem"
    server = programs_of("server-filesystem", package, "2026.8.31") / "mcp-server-filesystem"
    return f'\n[mcp_servers.files]\ncommand = "{server}"\nargs = ["{place.folder}"]\n'


def _opencode(prefix: str) -> Callable[[Path, Place], Started]:
    """prefix: of its variables."""

    def start(program: Path, place: Place) -> Started:
        options = {"baseURL": place.url, "apiKey": "some-key"}
        configuration = {"provider": {"openai": {"options": options}}, "share": "disabled"}
        variables = {"OPENCODE_CONFIG_CONTENT": json.dumps(configuration)} | test_opencode.ENVIRONMENT
        own = {name.replace("OPENCODE", prefix): value for name, value in variables.items()}
        return Started([program, "run", "--title", "Areas", "--auto", "--model", f"openai/{_MODEL}", PROMPT], own)

    return start


def _opencode_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path):
            return _tool("read", filePath=str(place.folder / path), offset=step.first, limit=_lines(step))
        case Search(word):
            return _tool("grep", pattern=word, include="*.py")
    return _tool("bash", command=command_of(step, place), description="Look at it")


def _copilot(program: Path, place: Place) -> Started:
    endpoint = {"COPILOT_PROVIDER_BASE_URL": place.url, "COPILOT_PROVIDER_TRANSPORT": "http"}
    command: list[str | Path] = [program, "--silent", "--allow-all-tools", "--prompt", PROMPT]
    return Started(command, test_copilot.ENVIRONMENT | endpoint)


def _copilot_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path):
            return _tool("view", path=str(place.folder / path), view_range=[step.first, step.last] if step.first else 0)
        case Search(word):
            return _tool(
                "rg", pattern=word, glob="*.py", output_mode="content", paths=str(place.folder), **{"-n": True}
            )
    return _tool("bash", command=command_of(step, place), description="Look at it")


def _pi(program: Path, place: Place) -> Started:
    folder = place.home / ".pi" / "agent"
    folder.mkdir(parents=True)
    provider = {"baseUrl": place.url, "api": "openai-responses", "apiKey": "some-key", "models": [{"id": _MODEL}]}
    (folder / "models.json").write_text(json.dumps({"providers": {"loopback": provider}}))
    tools = ["--tools", "read,bash,edit,write,grep,find,ls"]
    return Started([program, "--provider", "loopback", "--model", _MODEL, *tools, "--print", PROMPT], {})


def _pi_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path):
            return _tool("read", path=path, offset=step.first, limit=_lines(step))
        case Search(word):
            return _tool("grep", pattern=word, glob="*.py", limit=1000)
    return _tool("bash", command=command_of(step, place))


def _cline(program: Path, place: Place) -> Started:
    data = ["--data-dir", str(place.home / "cline")]
    chosen = ["--provider", "openai-native", "--apikey", "some-key", "--modelid", _MODEL, "--baseurl", place.url]
    login: list[str | Path] = [program, "auth", *chosen, *data]
    subprocess.run(login, cwd=place.home, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return Started([program, *data, PROMPT], {})


def _cline_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path):
            file = {"path": str(place.folder / path)}
            return _tool("read_files", files=[file | _ends(step)])
        case Search(word):
            return _tool("search_codebase", queries=[word])
    return _tool("run_commands", commands=[command_of(step, place)])


def _ends(step: Read) -> dict[str, int]:
    return {"start_line": step.first, "end_line": step.last} if step.first else {}


def _continue(program: Path, place: Place) -> Started:
    model = {"name": _MODEL, "provider": "openai", "model": _MODEL, "apiBase": place.url, "apiKey": "some-key"}
    configuration = {"name": "Areas", "version": "1.0.0", "schema": "v1", "models": [{**model, "roles": ["chat"]}]}
    path = place.home / "continue.json"
    path.write_text(json.dumps(configuration))
    return Started([program, "--config", path, "--auto", "--print", PROMPT], {"CONTINUE_TELEMETRY_ENABLED": "0"})


def _continue_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path):
            return _tool("Read", filepath=str(place.folder / path))
        case Search(word):
            return _tool("Search", pattern=word, file_pattern="*.py")
    return _tool("Bash", command=command_of(step, place))


def _qwen(program: Path, place: Place) -> Started:
    folder = place.home / ".qwen"
    folder.mkdir()
    model = {"id": _MODEL, "name": _MODEL, "baseUrl": place.url, "envKey": "OPENAI_API_KEY", "wireApi": "responses"}
    chosen = {"security": {"auth": {"selectedType": "openai"}}, "model": {"name": _MODEL}}
    (folder / "settings.json").write_text(json.dumps({"modelProviders": {"openai": [model]}, **chosen}))
    return Started([program, "--yolo", "--prompt", PROMPT], {})


def _qwen_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path):
            offset = step.first - 1 if step.first else 0
            return _tool("read_file", file_path=str(place.folder / path), offset=offset, limit=_lines(step))
        case Search(word):
            return _tool("grep_search", pattern=word, glob="*.py")
    return _tool("run_shell_command", command=command_of(step, place), description="Look at it")


def _openclaw(program: Path, place: Place) -> Started:
    model = {"id": _MODEL, "name": _MODEL, "contextWindow": 400_000, "maxTokens": 8_000, "input": ["text"]}
    provider = {"baseUrl": place.url, "apiKey": "some-key", "api": "openai-responses", "models": [model]}
    path = place.home / "openclaw.json"
    path.write_text(json.dumps({"models": {"providers": {"loopback": provider}}}))
    chosen = ["--config", str(path), "--model", f"loopback/{_MODEL}", "--code-mode", "direct"]
    return Started([program, "agent", "exec", *chosen, "--cwd", str(place.folder), PROMPT], {})


def _openclaw_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path):
            return _tool("read", path=path, offset=step.first, limit=_lines(step))
    return _tool("exec", command=command_of(step, place))


def _kimi(program: Path, place: Place) -> Started:
    folder = place.home / ".kimi-code"
    folder.mkdir()
    provider = f'type = "openai_responses"\nbase_url = "{place.url}"\napi_key = "some-key"'
    model = f'provider = "loopback"\nmodel = "{_MODEL}"\nmax_context_size = 400000'
    configuration = f'default_model = "areas"\n[providers.loopback]\n{provider}\n[models.areas]\n{model}\n'
    (folder / "config.toml").write_text(configuration)
    return Started([program, "--prompt", PROMPT], {"KIMI_CODE_NO_AUTO_UPDATE": "1"})


def _kimi_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path):
            return _tool("Read", path=str(place.folder / path), line_offset=step.first, n_lines=_lines(step))
        case Search(word):
            return _tool("Grep", pattern=word, glob="*.py", output_mode="content")
    return _tool("Bash", command=command_of(step, place))


def _goose(program: Path, place: Place) -> Started:
    """Its tools for files are one to change them, and one to write them."""
    provider = {"GOOSE_PROVIDER": "openai", "GOOSE_MODEL": _MODEL, "GOOSE_MODE": "auto", "GOOSE_DISABLE_KEYRING": "1"}
    server = {"OPENAI_HOST": place.url.removesuffix("/v1"), "OPENAI_BASE_PATH": "v1/responses"}
    quiet = {"GOOSE_TELEMETRY_ENABLED": "false"}
    return Started([program, "run", "--with-builtin", "developer", "--text", PROMPT], provider | server | quiet)


def _goose_call(step: Step, place: Place) -> FunctionCall:
    return _tool("shell", command=command_of(step, place))


def _letta(program: Path, place: Place) -> Started:
    environment = {"OPENAI_BASE_URL": place.url, "LETTA_CODE_TELEM": "0"}
    own = {"HOME": str(place.home), "PATH": os.pathsep.join([*map(str, tools_for_agents()), os.environ["PATH"]])}
    local: list[str | Path] = [program, "--backend", "local"]
    login = [*local, "connect", "openai", "--api-key", "some-key", "--base-url", place.url]
    subprocess.run(login, cwd=place.home, env=own, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    chosen = ["--new-agent", "--model", f"openai/{_MODEL}", "--toolset", "codex"]
    return Started([*local, *chosen, "--yolo", "-p", PROMPT], environment)


def _letta_call(step: Step, place: Place) -> FunctionCall:
    return _tool("ShellCommand", command=command_of(step, place))


def _omp(program: Path, place: Place) -> Started:
    folder = place.home / ".omp" / "agent"
    folder.mkdir(parents=True)
    provider = {"baseUrl": place.url, "api": "openai-responses", "apiKey": "some-key", "models": [{"id": _MODEL}]}
    (folder / "models.yml").write_text(json.dumps({"providers": {"loopback": provider}}))
    bun = programs_of("bun", "bun", "1.4.5") / "bun"
    return Started([bun, program.resolve(), "--model", f"loopback/{_MODEL}", "--print", PROMPT], {})


def _omp_call(step: Step, place: Place) -> FunctionCall:
    match step:
        case Read(path, 0):
            return _tool("read", path=path)
        case Read(path, first, last):
            return _tool("read", path=f"{path}:{first}-{last}")
        case Search(word):
            return _tool("grep", pattern=word, path="*.py")
    return _tool("bash", command=command_of(step, place))


AGENTS: Mapping[str, Agent] = {
    "Codex": Agent("@openai/codex", CODEX, "codex", _codex(codex.CALLS_FUNCTIONS), _codex_call),
    "Codex, scripts": Agent("@openai/codex", CODEX, "codex", _codex(codex.WRITES_SCRIPTS), _codex_script),
    "Codex, MCP": Agent("@openai/codex", CODEX, "codex", _codex(_MODEL, [_NO_QUESTIONS]), _codex_mcp_call),
    "opencode": Agent("opencode-ai", "1.18.33", "opencode", _opencode("OPENCODE"), _opencode_call),
    "kilo": Agent("@kilocode/cli", "7.7.7", "kilo", _opencode("KILO"), _opencode_call),
    "Copilot": Agent("@github/copilot", "1.0.102", "copilot", _copilot, _copilot_call),
    "pi": Agent("@earendil-works/pi-coding-agent", "1.6.0", "pi", _pi, _pi_call),
    "Cline": Agent("cline", "3.0.65", "cline", _cline, _cline_call),
    "Continue": Agent("@continuedev/cli", "1.5.47", "cn", _continue, _continue_call),
    "OpenClaw": Agent("openclaw", "2026.9.6", "openclaw", _openclaw, _openclaw_call),
    "Kimi Code": Agent("@moonshot-ai/kimi-code", "2.1.0", "kimi", _kimi, _kimi_call),
    "goose": Agent("@aaif/goose", "0.20.1", "goose", _goose, _goose_call),
    "Oh My Pi": Agent("@oh-my-pi/pi-coding-agent", "18.2.3", "omp", _omp, _omp_call),
    "Letta Code": Agent("@letta-ai/letta-code", "0.25.9", "letta", _letta, _letta_call),
    "Qwen Code": Agent("@qwen-code/qwen-code", "0.24.4", "qwen", _qwen, _qwen_call),
}
