"""Which calls answer in JSON of their own making, rather than show the text of a file.

A file may be edited by the text that was shown of it, so what reads one, `jq . package.json` too, is none of them.
"""

from __future__ import annotations

import re
import shlex
from itertools import pairwise

from headroom_compression.calls.programs import launched
from headroom_compression.calls.programs import prints_texts
from headroom_compression.calls.shell_words import pipeline
from headroom_compression.calls.shell_words import producer
from headroom_compression.calls.shell_words import producing_part
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import HEADS

# A word of the names of tools that run programs, show files or change them. Everything else answers with data.
_OTHER_TOOLS = re.compile(
    "apply|bash|blob|cat|cell|command|console|content|contents|edit|eval|exec|execute|file|grep|insert|"
    "interpreter|js|javascript|kernel|notebook|open|patch|powershell|process|python|read|readfile|repl|replace|"
    "resource|run|sandbox|script|sh|shell|ssh|stdin|terminal|text|view|write|zsh"
)
# The API takes names of up to 64 characters, clients split them into those of servers and tools.
_MAX_NAME = 256
# mcp__github__listIssues holds the words mcp, github, list, issues.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Programs that answer in JSON when told to, whatever the subcommand.
_TOLD = re.compile(
    "az|bandit|cargo|docker|eslint|gcloud|gh|go|golangci-lint|helm|ip|jest|journalctl|kubectl|lsblk|mypy|npm|oc|pip|"
    "pip3|pnpm|podman|pyright|ruff|semgrep|systemctl|terraform|tofu|trivy|yarn"
)
_JSON_WORDS = frozenset({"--json", "-json", "-ojson", "-j", "-J", "--output-format=json", "--message-format=json"})
_FORMAT_OPTIONS = frozenset({"-o", "-f", "--output", "--format", "--output-format", "--message-format"})
_FORMATS = frozenset({"json", "{{json .}}", "json-pretty"})
# They answer in JSON without being told.
_ALWAYS = (("docker", "inspect"), ("podman", "inspect"), ("gh", "api"), ("cargo", "metadata"), ("pip", "inspect"))
_WEB = frozenset({"curl", "http", "https", "wget", "xh"})
# curl file:///repo/package.json    gh api repos/shop/backend/contents/package.json    https://host/raw/main/a.json
_FILE_SIGNS = ("file:", "/contents/", "raw")
# docker exec web cat a.json -o json
_STARTING = frozenset({"exec", "run"})
_PYTHON = re.compile(r"(?:[^\s]{0,100}/)?python3?(?:\.[0-9]{1,2})?")


def answers_in_json(call: ToolCall | None) -> bool:
    """Whether the call is known to make JSON, if its output looks like it."""
    if call is None or call.path is not None:
        return False
    if call.command is None:
        return len(call.tool) <= _MAX_NAME and not any(map(_is_other, _WORD.findall(call.tool)))
    programs = (call.producer, _before_formatter(call.command))
    return any(_makes_json(words) for program in programs for words in launched(program))


def _is_other(word: str) -> bool:
    return _OTHER_TOOLS.fullmatch(word.lower()) is not None


def _before_formatter(command: str) -> tuple[str, ...]:
    """The words of the program whose JSON the end of the pipe formats: `curl -s URL | jq '.items' | head`."""
    programs = pipeline(producing_part(command)) or []
    while len(programs) > 1 and programs[-1][0] in HEADS:
        programs = programs[:-1]
    if len(programs) > 1 and all(_is_formatter(words) for words in programs[1:]):
        return producer(shlex.join(programs[0]))
    return ()


def _is_formatter(words: list[str]) -> bool:
    """Whether the program writes JSON that it reads from the pipe: jq without a file, python -m json.tool."""
    match words:
        case ["jq", *rest]:
            return len([word for word in rest if not word.startswith("-")]) <= 1
        case [program, "-m", "json.tool", *rest] if _PYTHON.fullmatch(program):
            return all(word.startswith("-") for word in rest)
    return False


def _makes_json(words: tuple[str, ...]) -> bool:
    program = words[0].rpartition("/")[2] if words else ""
    is_always = program in _WEB or (program == "aws" and "s3" not in words)
    is_always = is_always or any(program == name and subcommand in words[1:] for name, subcommand in _ALWAYS)
    return (is_always or (_TOLD.fullmatch(program) is not None and _is_told(words))) and not _may_show_file(words)


def _may_show_file(words: tuple[str, ...]) -> bool:
    if any(map(" ".join(words).__contains__, _FILE_SIGNS)):
        return True
    return not _STARTING.isdisjoint(words[1:]) and prints_texts(words)


def _is_told(words: tuple[str, ...]) -> bool:
    if not _JSON_WORDS.isdisjoint(words):
        return True
    options = {*pairwise(words), *(tuple(word.split("=", 1)) for word in words if "=" in word)}
    return any(option[0] in _FORMAT_OPTIONS and option[1] in _FORMATS for option in options)
