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
