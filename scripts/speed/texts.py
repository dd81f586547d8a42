"""Texts for the hostile rows: what could make a fold slow, and for each fold text of the kind that it is for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

# As Qwen Code ends what it says of a command.
_END_OF_REPORT = "\nError: (none)\nExit Code: 0\nSignal: (none)\nProcess Group PGID: (none)"

_METER = """\
  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed

  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0
100   293  100   293    0     0  12993      0 --:--:-- --:--:-- --:--:-- 15421
"""


def hostile(size: int) -> Mapping[str, str]:
    """Texts of about `size` characters, but for one line of four times as many, spaces, and empty lines only."""
    return {
        "one letter": "a" * size,
        "spaces": " " * (size // 2),
        "digits": "1" * size,
        "ANSI": "\x1b[31m" * (size // 5),
        "{": "{" * size,
        "a:1:": "a:1:" * (size // 4),
        "one long line": "lorem 12:34:56 a/b.c:7: " * (size // 6),
        "empty lines": "\n" * (size * 2 // 5),
        "lines a:1:": "a:1:\n" * (size // 5),
        "lines {": "{\n" * (size // 2),
        "carriage returns": "a\r" * (size // 2),
        "backspaces": "a\b" * (size // 2),
        "open lists": '{"content":' + "[" * size,
    }


def ordinary(size: int) -> Mapping[str, tuple[str, str]]:
    """By the name of a fold, the command and the text, of about `size` characters."""
    code = list(_code(size // 40))
    files = [f"src/package_{number // 50}/module_{number // 5}.py" for number in range(size // 20)]
    times = [f"2026-11-23T10:15:{number % 60:02}Z web-1 api request {number} done" for number in range(size // 40)]
    rows = [f"{file}:{number}:{line}" for number, (file, line) in enumerate(zip(files, code, strict=False), 1)]
    envelope = {"output": _lines(code, size), "metadata": {"exit_code": 0, "duration_seconds": 0.1}}
    return {
        "envelope": ("cat a.py", json.dumps(envelope)),
        "shell_reports": ("cat a.py", f"Command: cat a.py\nDirectory: .\nOutput: {_lines(code, size)}{_END_OF_REPORT}"),
        "terminal": ("npm test", _lines([f"\x1b[32mok\x1b[0m {line}" for line in code], size)),
        "search": ("grep -rn x .", _lines(rows, size)),
        "line_matches": (
            "rg x",
            _lines(["/a/b.py:", *(f"  Line {row}: {line}" for row, line in enumerate(code, 1))], size),
        ),
        "context_matches": ("rg x", _lines([_in_context(row, line) for row, line in enumerate(code, 2)], size)),
        "paths": ("find . -name '*.py'", _lines(files, size)),
        "file_tables": ("wc -l src", _lines([f"{row:8} {file}" for row, file in enumerate(files, 100)], size)),
        "curl_meters": ("curl -O https://a.example/list", _METER * (size // len(_METER))),
        "json_tables": ("curl -s https://a.example/list", json.dumps(list(_records(size // 100)), indent=2)),
        "log_templates": ("journalctl -u web", _lines(times, size)),
        "long_listings": (
            "ls -la",
            _lines([f"-rw-r--r-- 1 root root {row:7} Nov 25 19:20 name_{row}" for row in range(size // 50)], size),
        ),
        "shared_columns": (
            "kubectl get pods",
            _lines(["NAME          READY   AGE", *(f"web-{row:<9} 1/1     5d" for row in range(size // 26))], size),
        ),
        "shared_places": (
            "go test ./...",
            _lines([f"ok  \tgithub.com/a/b/{row}\t0.1s" for row in range(size // 30)], size),
        ),
        "compiler_findings": (
            "npx tsc",
            _lines([f"src/a.ts({row},5): error TS2322: {line}" for row, line in enumerate(code, 1)], size),
        ),
        "headed_findings": (
            "pyright",
            _lines(["/a/b.py", *(f"  /a/b.py:{row}:5 - error: {line}" for row, line in enumerate(code, 1))], size),
        ),
        "shared_prefixes": ("pnpm -r test", _lines([f"@shop/core test: {line}" for line in code], size)),
        "trees": ("npm ls --all", _lines(["a@1", *(f"│ ├── {line}" for line in code), "└── b@1"], size)),
        "repeats": ("npm test", _lines([line for line in code for _ in range(3)], size)),
        "rows": ("cat -n a.py", _lines([f"{number:6}\t{line}" for number, line in enumerate(code, 1)], size)),
    }


def _code(lines: int) -> Iterator[str]:
    for number in range(lines):
        yield f"    value_{number % 977} = compute(first, second + {number})  # step {number % 31}"


def _records(count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        yield {"id": number, "state": "open", "title": f"Issue {number}", "user": f"user_{number % 9}"}


def _in_context(row: int, line: str) -> str:
    """A match as Cline shows it."""
    return f"a.py:{row}:1\n  {row - 1}: before\n> {row}: {line}\n  {row + 1}: behind\n"


def _lines(lines: Sequence[str], size: int) -> str:
    """As many of the lines as make `size` characters."""
    return "\n".join(lines)[:size].rpartition("\n")[0]
