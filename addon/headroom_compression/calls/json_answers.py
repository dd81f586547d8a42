"""Which calls answer in JSON of their own making, rather than show the text of a file.

A file may be edited by the text that was shown of it, so what reads one, `jq . package.json` too, is none of them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from itertools import chain
from itertools import pairwise

from headroom_compression.calls.programs import launched
from headroom_compression.calls.programs import prints_texts
from headroom_compression.calls.shell_words import pipeline
from headroom_compression.calls.shell_words import pipes
from headroom_compression.calls.shell_words import producer
from headroom_compression.calls.shell_words import producing_part
from headroom_compression.calls.shown_files import reports
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import HEADS
from headroom_compression.calls.vocabulary import WEB_CLIENTS

# A word of the names of tools that run programs, show files, also those open in an editor, or change them. Everything
# else answers with data.
_OTHER_TOOLS = re.compile(
    "apply|bash|blob|buffer|cat|cell|clipboard|command|edit|editor|eval|exec|[a-z]{0,20}(?<!pro)file|grep|insert|"
    "interpreter|js|javascript|kernel|notebook|patch|powershell|process|python|repl|replace|resource|sandbox|script|"
    "selection|sh|shell|snippet|ssh|stdin|terminal|write|zsh"
)
# With one of these words, what the tool runs or reads must stand in its name too: run_query, read_issues.
_VERBS = re.compile(
    "console|content|contents|display|download|dump|execute|load|open|preview|print|read|run|show|text|view"
)
# What may be a file, a text of one, or code.
_OBJECTS_OF_FILES = re.compile(
    "all|and|any|as|batch|blobs|by|cells|code|commands|config|data|default|desktop|dir|directory|disk|doc|docs|"
    "document|documents|files|filesystem|folder|from|fs|full|get|in|item|json|line|lines|local|lsp|manifest|media|"
    "memory|multiple|note|notes|object|objects|page|part|path|project|raw|repo|repository|resources|scripts|settings|"
    "selected|source|sources|storage|string|the|tool|tools|vault|vscode|workspace|yaml"
)
# Arguments that say which file, or which code.
_FILE_ARGUMENT = re.compile(
    r'"(?:(?:[a-z_]{0,20}_)?(?:code|files?|paths?|scripts?|uris?|urls?)|cmd|commands?|[a-zA-Z]{0,20}(?:Path|File|Uri)s?|'
    r'branch|file_?names?|ref|sha|source)"\s*:'
)
# What such an argument may be called otherwise: "data/areas.json"   "~/areas"   but "https://api.example.com/areas.json"
_FILE_VALUE = re.compile(
    r'"(?:(?:(?:\.{1,2}|~)/|file:)[^"\s]{1,400}|[^":\s]{0,400}\.(?:[A-Za-z]{0,4}json[A-Za-z0-9]{0,2}|ipynb))"(?!\s*:)',
    re.IGNORECASE,
)
# Of MCP's server for files: its path is a folder, of which no text of a file is shown.
_TREES = frozenset({"directory_tree"})
# The API takes names of up to 64 characters, clients split them into those of servers and tools.
_MAX_NAME = 256
# mcp__github__listIssues holds the words mcp, github, list, issues.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Programs that answer in JSON when told to, whatever the subcommand.
_TOLD = re.compile(
    "az|bandit|basedpyright|biome|brakeman|cargo|docker|eslint|gcloud|gh|go|golangci-lint|hadolint|helm|ip|jest|"
    "journalctl|kubectl|lsblk|mocha|mypy|npm|oc|oxlint|phpstan|pip|pip3|playwright|pnpm|podman|pylint|pyright|rspec|"
    "rubocop|ruff|semgrep|shellcheck|sqlite3|stylelint|systemctl|terraform|tofu|trivy|vitest|yarn"
)
_JSON_WORDS = frozenset({"--json", "-json", "-ojson", "-j", "-J", "-fj", "-fjson", "--outputjson"})
_FORMAT_OPTIONS = frozenset({
    "-o", "-O", "-f", "--error-format", "--format", "--formatter", "--message-format", "--output", "--output-format",
    "--reporter",
})  # fmt: skip
_FORMATS = frozenset({"json", "{{json .}}", "json-pretty"})
# They answer in JSON without being told.
_ALWAYS = (
    ("docker", "inspect"), ("podman", "inspect"), ("gh", "api"), ("cargo", "metadata"), ("pip", "inspect"),
    ("kubectl", "--raw"), ("oc", "--raw"),
)  # fmt: skip
# curl file:///repo/package.json    gh api repos/shop/backend/contents/package.json    https://host/raw/main/a.json
_FILE_SIGNS = ("file:", "/contents/", "raw")
# docker exec web cat a.json -o json
_STARTING = frozenset({"exec", "run"})
# && echo    ; echo ""    || true
_EMPTY_LINE = re.compile(r"\s*(?:&&|\|\||;)\s*(?:echo(?:\s+(?:''|\"\"))?|true|:)\s*;?\s*\Z")
_MAX_ENDING = 40
# T=$(cat token) &&    URL="https://host";
_ASSIGNMENTS = re.compile(
    r"(?:\s{0,8}(?:export )?[A-Za-z_]\w{0,60}=(?:\$\([^()`\n]{0,400}\)|\"[^\"`$\n]{0,400}\"|'[^'\n]{0,400}'"
    r"|[\w./:@%+-]{0,400})\s{0,8}(?:&&|;|\n)){1,8}\s{0,8}"
)
_PYTHON = re.compile(r"(?:[^\s]{0,100}/)?python3?(?:\.[0-9]{1,2})?")


def answers_in_json(call: ToolCall | None) -> bool:
    """Whether the call is known to make JSON, if its output looks like it."""
    if call is None:
        return False
    if call.path is not None:
        return call.command is None and call.tool.rpartition("__")[2] in _TREES
    if call.command is None:
        return len(call.tool) <= _MAX_NAME and _is_of_data(call)
    command = _bare(call.command)
    return _prints_json(command) or _prints_json_among_others(command)


def _prints_json(pipe: str) -> bool:
    programs = (producer(pipe), _before_formatter(pipe))
    return any(_makes_json(words) for program in programs for words in launched(program))


def _prints_json_among_others(command: str) -> bool:
    """Whether one of its pipes does, and the others only tell of something: `sleep 2 && echo "== issues" && curl …`."""
    others = [pipe for pipe in pipes(command) if not _prints_json(pipe)]
    return len(pipes(command)) == len(others) + 1 and all(map(reports, chain.from_iterable(map(_programs, others))))


def _programs(pipe: str) -> Sequence[Sequence[str]]:
    return pipeline(pipe) or [["unknown"]]


def _is_of_data(call: ToolCall) -> bool:
    words = [word.lower() for word in _WORD.findall(call.tool)]
    if any(map(_OTHER_TOOLS.fullmatch, words)) or _FILE_VALUE.search(call.says):
        return False
    if not any(map(_VERBS.fullmatch, words)):
        return True
    own = [word.lower() for word in _WORD.findall(call.tool.rpartition("__")[2])]
    names_data = any(not (_VERBS.fullmatch(word) or _OBJECTS_OF_FILES.fullmatch(word)) for word in own)
    return names_data and _FILE_ARGUMENT.search(call.says) is None


def _bare(command: str) -> str:
    """The command without what prints at most an empty line around it: `T=$(cat token) && curl … && echo`."""
    stop = _EMPTY_LINE.search(command, max(len(command) - _MAX_ENDING, 0))
    start = _ASSIGNMENTS.match(command)
    start = None if start and _names_file(start[0]) else start
    return command[start.end() if start else 0 : stop.start() if stop else len(command)]


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
    is_always = program in WEB_CLIENTS or (program == "aws" and "s3" not in words)
    is_always = is_always or any(program == name and subcommand in words[1:] for name, subcommand in _ALWAYS)
    return (is_always or (_TOLD.fullmatch(program) is not None and _is_told(words))) and not _may_show_file(words)


def _may_show_file(words: tuple[str, ...]) -> bool:
    if _names_file(" ".join(words).replace(" --raw", "")):  # kubectl get --raw
        return True
    return not _STARTING.isdisjoint(words[1:]) and prints_texts(words)


def _names_file(command: str) -> bool:
    return any(map(command.__contains__, _FILE_SIGNS))


def _is_told(words: tuple[str, ...]) -> bool:
    if not _JSON_WORDS.isdisjoint(words):
        return True
    options = {*pairwise(words), *(tuple(word.split("=", 1)) for word in words if "=" in word)}
    return any(option[0] in _FORMAT_OPTIONS and option[1] in _FORMATS for option in options)
