"""Reading a tool call: which command or tool makes the output, and which lines of which file it shows.

A known producer or none, never a guess: what is not understood completely counts as unknown.
"""

from __future__ import annotations

import logging
import posixpath
import re
import shlex
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import orjson

from headroom_compression.calls.callers import is_of_program
from headroom_compression.calls.code_mode import scripted_command
from headroom_compression.calls.code_mode import scripted_tool
from headroom_compression.calls.file_views import FileView
from headroom_compression.calls.file_views import first_numbers
from headroom_compression.calls.file_views import shown_file
from headroom_compression.calls.line_edits import edits_by_line
from headroom_compression.calls.searched_files import searched_file
from headroom_compression.calls.shell_words import producer
from headroom_compression.calls.shell_words import producing_part
from headroom_compression.calls.shell_words import three_words
from headroom_compression.calls.shown_files import is_source_code
from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.calls.tool_call import ToolCall

# Codex's `shell` and `exec_command`, Claude Code's and mini-swe-agent's `bash` name their command so.
_COMMAND_KEYS = ("command", "cmd")
_PATH_KEYS = ("file_path", "filePath", "path", "target_file", "absolute_path", "filename")
_READING_TOOLS = frozenset({"read", "read_file", "readfile", "view", "view_file", "open_file"})
# Some of them show several files.
_NUMBERING_TOOLS = _READING_TOOLS | {"read_files", "view_files"}
# Claude Code's own, whose numbers have no padding today. Where another client's tool of that name shows a file as it
# is, a table may begin with such a column.
_CLAUDE_READER = "Read"
_SUFFIXES_OF_TABLES = frozenset(
    {"", "csv", "dat", "data", "log", "lst", "out", "psv", "tab", "tbl", "text", "tsv", "txt"}
)
_CHANGING_TOOL = re.compile("edit|insert|replace|delete|write|update", re.IGNORECASE)
_LINE_KEYS = frozenset({"start_line", "end_line", "line_number", "lines"})
_ASKING_KEYS = ("pattern", "query", "queries", "q", "regex", "search", "filter", "grep")
_TITLE_LENGTH = 60
# Of a call that writes a file the middle is the file.
_SAYS_HEAD, _SAYS_TAIL = 1_000, 500
_SHELLS = frozenset({"bash", "sh", "zsh", "/bin/bash", "/bin/sh", "/usr/bin/bash"})
_COMMAND_FLAGS = frozenset({"-c", "-lc", "-cl"})
# cd /testbed && ...
_CHANGE_FOLDER = re.compile(r"\s*cd\s+([^\s;&|<>'\"$`()]+)\s*(?:&&|;)\s*")
# (cd /testbed && pytest)
_GROUP = re.compile(r"\(([^()]{1,20000})\)")
_FOLDER_KEYS = ("workdir", "cwd", "working_directory", "working_dir", "workingDirectory", "directory")
# cat -n a.py    nl -ba a.py: the numbers in front of lines are none of the file's own
_NUMBERS_BY_NL = re.compile(r"nl(?<=\bnl)\b")
_NUMBERS_BY_CAT = re.compile(r"cat(?<=\bcat)\s+(?:-[A-Za-z]{0,8}n|--number)")
_LINES_WORTH_NAMING = 4
_OF_MCP = "mcp__"
# The place of a text in a call is told by the name of the tool and the path, again for each text.
_MAX_NAMES = 1_000
# Stands for a call that could not be read, and may have done anything: its output is left as it is.
UNREADABLE = ToolCall(tool="", title="", digest=b"", edits_by_line=True)
_UNKNOWN = ToolCall(tool="", title="", digest=b"")

logger = logging.getLogger(__name__)


def reads_files(tool: str) -> bool:
    """Whether a tool of this name shows files as they are."""
    return tool.lower() in _READING_TOOLS


def read_call(item: Mapping[str, object]) -> ToolCall | None:
    """The call that an input item is; None for what is none, or of an unknown kind. Never raises."""
    try:
        call = _read_call(item)
        return replace(call or _UNKNOWN, is_of_program=True) if is_of_program(item) else call
    except Exception as error:  # noqa: BLE001  whatever it is, the output of the call is left alone
        logger.warning("headroom: a call cannot be read, its output is left as it is: %s", type(error))
        return UNREADABLE


def _read_call(item: Mapping[str, object]) -> ToolCall | None:
    match item:
        case {"type": "function_call", "name": str(name), "arguments": str(arguments)}:
            return _function_call(_full_name(name, item.get("namespace")), arguments)
        case {"type": "mcp_call", "name": str(name), "arguments": str(arguments)}:
            return _function_call(name, arguments)
        case {"type": "custom_tool_call", "name": str(name), "input": str(script)}:
            return _custom_call(name, script)
        case {"type": "shell_call", "action": {"commands": [str(command)]}}:
            return _command_call("shell", command, command, "")
        case {"type": "local_shell_call", "action": {"command": list(words), **others}}:
            line = _command_line(words)
            return _command_call("shell", line, f"{line}\n{others}", _folder(others)) if line else None
    return None


def _full_name(name: str, namespace: object) -> str:
    """Of a tool of an MCP server: mcp__fs and read_file give mcp__fs__read_file, as older Codex calls it."""
    return f"{namespace}__{name}" if isinstance(namespace, str) and namespace.startswith(_OF_MCP) else name


def _function_call(name: str, arguments: str) -> ToolCall:
    values = _arguments(arguments)
    for key in _COMMAND_KEYS:
        command = _command_line(values.get(key))
        if command and values.keys().isdisjoint(_PATH_KEYS):
            return _command_call(name, command, arguments, _folder(values))
    command = _only_command(values)
    if command:
        call = _command_call(name, command, arguments, _folder(values))
        if call.path is None:  # else the lines of a file, behind what a client wrote around them
            return call
    path = next((value for key in _PATH_KEYS if isinstance(value := values.get(key), str)), None)
    return ToolCall(
        tool=name,
        title=f"the output of {name}({_shortened(arguments)})",
        digest=_digest(name, arguments),
        says=_said(f"{name}({arguments})"),
        path=path,
        gutter_form=_gutter_form_of_tool(name, path),
        begins_at=() if name == _CLAUDE_READER else tuple(first_numbers(values)),
        edits_by_line="insert_line" in values or bool(_CHANGING_TOOL.search(name) and _LINE_KEYS & set(values)),
        written=tuple(_written(name, path, values)),
        continues=_continued_session(name, values),
        asked=tuple(word for key in _ASKING_KEYS if key in values for word in _words(values[key])),
    )


def _continued_session(name: str, values: Mapping[str, object]) -> str:
    """Of Codex's `write_stdin` where it writes nothing: what a program prints that is spoken to may be anything."""
    session, written = values.get("session_id"), values.get("chars", "")
    is_waiting = name == "write_stdin" and isinstance(written, str) and not written.strip()
    return str(session) if is_waiting and isinstance(session, int | str) else ""


def _words(value: object) -> Sequence[str]:
    """A word, or those of a list: Cline's `search_codebase` takes several queries."""
    words = value if isinstance(value, list) else [value]
    return [word for word in words if isinstance(word, str)]


def _custom_call(name: str, script: str) -> ToolCall:
    command, folder = scripted_command(script)
    if command:
        return _command_call(name, command, script, folder)
    tool, arguments = scripted_tool(script)
    if tool:
        return replace(
            _function_call(tool, arguments),
            title=f"the output of {name}({_shortened(script)})",
            digest=_digest(name, script),
        )
    return ToolCall(
        tool=name,
        title=f"the output of {name}({_shortened(script)})",
        digest=_digest(name, script),
        says=_said(f"{name}({script})"),
        edits_by_line=edits_by_line(script),
        written=((f"your {name} call", script),) if script.count("\n") >= _LINES_WORTH_NAMING else (),
    )


def _folder(values: Mapping[Any, object]) -> str:
    if not values.keys().isdisjoint(_FOLDER_KEYS):
        for key in _FOLDER_KEYS:
            if isinstance(value := values.get(key), str):
                return value
    return ""


def _command_call(tool: str, line: str, whole: str, folder: str) -> ToolCall:
    """whole: all of the call. folder: where it says that it runs."""
    written, changes = _unwrapped(line)
    command = written.replace("\\\n", " ")  # a line that goes on
    part = producing_part(command)
    view = shown_file(part)
    searched = searched_file(part)
    return ToolCall(
        tool=tool,
        title=f'the output of "{_shortened(written)}"',
        digest=_digest(tool, whole),
        says=_said(written),
        max_lines=view.max_lines if view else None,
        command=command,
        folder=posixpath.join(folder, *changes) if changes else folder,
        producer=producer(command),
        path=view.path if view else searched,
        gutter_form=_gutter_form(command, view, searched),
        first_line=view.first_line if view else None,
        edits_by_line=edits_by_line(command),
        written=((f'your command "{_shortened(written)}"', line),) if line.count("\n") >= _LINES_WORTH_NAMING else (),
    )


def _gutter_form_of_tool(name: str, path: str | None) -> GutterForm:
    if name.lower() == "grep" and path is not None:
        return GutterForm.SEARCH
    is_code = path is not None and reads_files(name) and is_source_code(path)
    if is_code or _is_read_by_claude(name, path):
        return GutterForm.CODE_READER
    return GutterForm.READER if name.lower() in _NUMBERING_TOOLS else GutterForm.TOOL


def _is_read_by_claude(name: str, path: str | None) -> bool:
    return name == _CLAUDE_READER and path is not None and _suffix(path) not in _SUFFIXES_OF_TABLES


def _suffix(path: str) -> str:
    """In lower case, without the dot; "" where there is none."""
    return posixpath.splitext(path.replace("\\", "/"))[1][1:].lower()


def _gutter_form(command: str, view: FileView | None, searched: str | None) -> GutterForm:
    if searched:
        return GutterForm.SEARCH
    if _NUMBERS_BY_NL.search(command) or _NUMBERS_BY_CAT.search(command):
        return GutterForm.ANY
    return GutterForm.NONE if view else GutterForm.VIEWER


def _arguments(arguments: str) -> Mapping[str, object]:
    try:
        values = orjson.loads(arguments)
    except ValueError:
        return {}
    # A strict schema makes clients say null for what is not given.
    return {key: value for key, value in values.items() if value is not None} if isinstance(values, dict) else {}


def _command_line(value: object) -> str | None:
    match value:
        case str(line) if line:
            return line
        case [*words] if words and all(isinstance(word, str) for word in words):
            return _line_for_shell(words) or shlex.join(str(word) for word in words)
    return None


def _only_command(values: Mapping[str, object]) -> str:
    """The command of Cline's `run_commands`, where it is one."""
    match values:
        case {"commands": [str(command)]} if values.keys().isdisjoint(_PATH_KEYS):
            return command
    return ""


def _line_for_shell(words: Sequence[object]) -> str | None:
    """The line that a shell is started with, from ["bash", "-lc", LINE]."""
    match words:
        case [str(shell), str(flag), str(line)] if shell in _SHELLS and flag in _COMMAND_FLAGS:
            return line
    return None


def _unwrapped(line: str) -> tuple[str, list[str]]:
    """The command without a shell around it and without changes of folder before it; the folders."""
    command = line.strip()
    if command.partition(" ")[0] in _SHELLS:
        command = _line_for_shell(three_words(command)) or command
    if group := _GROUP.fullmatch(command):
        command = group[1].strip()
    if not command.lstrip().startswith("cd"):
        return command, []
    start = 0
    folders: list[str] = []
    while match := _CHANGE_FOLDER.match(command, start):
        start = match.end()
        folders.append(match[1])
    return command[start:], folders


def _digest(*parts: str) -> bytes:
    return blake2b("\n".join(parts).encode(), digest_size=16).digest()


def _shortened(text: str) -> str:
    first = text.split("\n", 1)[0].replace("\r", " ")
    return first if len(text) <= _TITLE_LENGTH and first == text else first[:_TITLE_LENGTH] + "..."


def _said(text: str) -> str:
    return text if len(text) <= _SAYS_HEAD + _SAYS_TAIL else f"{text[:_SAYS_HEAD]}\n{text[-_SAYS_TAIL:]}"


def _written(name: str, path: str | None, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if len(name) + len(path or "") > _MAX_NAMES:
        return
    for key, value in values.items():
        if isinstance(value, str) and value.count("\n") >= _LINES_WORTH_NAMING:
            yield f'"{key}" in your {name} call' + (f" for {path}" if path else ""), value
