"""Codex's code mode: a script in JavaScript that runs one command and prints its result."""

from __future__ import annotations

import re

import orjson

_SPACE = r"\s{0,8}"


_STRING = r'"(?:[^"\\\n]|\\.){0,4000}"'


# A code-mode script that prints all of a command's output, and nothing else:
# text(await tools.exec_command({"cmd":"ls -la"}))   const r = await tools.exec_command({ cmd: "ls -la" }); text(r);
_SCRIPT = re.compile(
    rf"(?://[^\n]{{0,400}}\n)?{_SPACE}(?:(?:const|let|var) (?P<name>\w{{1,40}}) = |text\((?P<open>\()?)"
    rf'await tools\.exec_command\({_SPACE}\{{{_SPACE}"?cmd"?{_SPACE}:{_SPACE}(?P<cmd>{_STRING})'
    rf'(?:{_SPACE},{_SPACE}"?(?:workdir"?{_SPACE}:{_SPACE}(?P<workdir>{_STRING})'
    rf'|(?!cmd\b|workdir\b)\w{{1,40}}"?{_SPACE}:{_SPACE}(?:{_STRING}|[0-9._]{{1,20}}|true|false))){{0,8}}'
    rf"{_SPACE},?{_SPACE}\}}{_SPACE}\)"
    rf"(?(name);?{_SPACE}text\((?:(?P=name)(?:\.output)?|JSON\.stringify\((?P=name)\))\)|(?(open)\)\.output)\))"
    rf";?{_SPACE}"
)


def scripted_command(script: str) -> tuple[str, str]:
    """The command and the folder of a script that only prints its result; "" unless its strings are also JSON's."""
    match = _SCRIPT.fullmatch(script)
    try:
        return (str(orjson.loads(match["cmd"])), str(orjson.loads(match["workdir"] or '""'))) if match else ("", "")
    except ValueError:
        return "", ""


# text(await tools.mcp__forge__list_issues({state: 'all'}));   const r = await tools.mcp__x__y({}); text(r);
_ARGUMENT = rf"""(?:{_STRING}|'(?:[^'\\\n]|\\.){{0,4000}}'|[\w$\s,:\[\]{{}}.+-]){{0,8000}}"""
_TOOL_SCRIPT = re.compile(
    rf"(?://[^\n]{{0,400}}\n)?{_SPACE}(?:(?:const|let|var) (?P<name>\w{{1,40}}) = |text\()"
    rf"await tools\.(?P<tool>mcp__\w{{1,250}})\({_SPACE}(?P<arguments>\{{{_ARGUMENT}\}})?{_SPACE}\)"
    rf"(?(name);?{_SPACE}text\((?:(?P=name)|JSON\.stringify\((?P=name)\))\)|\));?{_SPACE}"
)
# A string in double quotes, one in single quotes, a key without quotes.
_LITERAL_PART = re.compile(rf"({_STRING})|'((?:[^'\\\n]|\\.){{0,4000}})'|([A-Za-z_$][\w$]{{0,200}})(?=\s{{0,8}}:)")


def scripted_tool(script: str) -> tuple[str, str]:
    """The MCP tool and the arguments, as JSON, of a script that only prints what it answers; "" for another one."""
    match = _TOOL_SCRIPT.fullmatch(script)
    if match is None:
        return "", ""
    arguments = _LITERAL_PART.sub(_as_json, match["arguments"] or "{}")
    try:
        orjson.loads(arguments)
    except ValueError:  # a comma before the brace, a variable
        return "", ""
    return match["tool"], arguments


def _as_json(part: re.Match[str]) -> str:
    double, single, key = part.groups()
    if double is not None:
        return double
    return f'"{key}"' if key is not None else '"' + single.replace("\\'", "'").replace('"', '\\"') + '"'
