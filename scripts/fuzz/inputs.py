"""What the fuzzer's bytes mean: a whole body, items of any shape, or a session of commands and their outputs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_compression import Settings

Item = dict[str, Any]

# Characters of a text. Most are short, so that many inputs are tried; level recall looks at long ones only.
_LENGTHS = (100, 300, 300, 300, 1_000, 1_000, 3_000, 12_000)
_MAX_COMMANDS = 6
# Characters of outputs after which a session ends: a long one takes as long as a hundred short ones.
_MAX_SESSION_LENGTH = 12_000
# Of six inputs two are bytes and one is a session, which takes ten times as long as the others.
KINDS = 6
_BODIES = 2
CASES = Path(__file__).parents[2] / "tests" / "cases"
_RECALL = Settings(level="recall", recall_dir="/recall", recall_stores=False)
SETTINGS = (
    Settings(),
    Settings(min_tokens=1),
    Settings(references="eager", min_tokens=1),
    Settings(references="off"),
    _RECALL,
    Settings(level="recall", recall_dir="/recall", recall_stores=False, references="eager", min_tokens=1),
)
_COMMANDS = (
    "cat -n a.py", "sed -n 3,90p a.py", "nl -ba a.py", "grep -rn value .", "rg -n value src", "find . -type f",
    "ls -R", "ls -l", "git diff", "git status", "npm test", "pytest -v", "cargo test", "go test -v ./...", "make all",
    "pip install -r requirements.txt", "npm install", "apt-get install -y curl", "journalctl -u web", "docker logs web",
    "curl -s https://api.example.test/list", "pip list --format json", "kubectl get pods -o json", "./unknown",
)  # fmt: skip
_TYPES = (
    "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output", "shell_call",
    "shell_call_output", "local_shell_call_output", "message", "reasoning", "compaction", "mcp_call", "unknown", "",
)  # fmt: skip
_HOSTILE = (
    "\u2028", "\x1b[31m", "\x1b[2K\r", "\r\n", "\x00", "…17224 tokens truncated…", "😀", "   12→", "{", "[", "a:1:",
    '{"output":"x","metadata":{"exit_code":0}}', "<|endoftext|>", "[3 lines identical to lines 1-3 of a above]",
    "[9 lines, 900 characters, left out here: x; they are lines 1-9 of /recall/0123456789abcdef.txt]",
    "[previous line repeated 3 more times]",
)  # fmt: skip


@dataclass(frozen=True)
class FuzzInput:
    """items: those of the body, None where it is not made of items but of the fuzzer's bytes."""

    body: bytes
    settings: Settings
    items: list[Item] | None = None


class Reader:
    """Turns bytes into choices; after their end every choice is 0."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    @property
    def is_at_end(self) -> bool:
        return self._position >= len(self._data)

    def number(self, below: int) -> int:
        byte = self._data[self._position] if not self.is_at_end else 0
        self._position += 1
        return byte % below

    def text(self, length: int) -> str:
        taken = self._data[self._position : self._position + length]
        self._position += length
        return taken.decode("utf-8", "replace")

    def rest(self) -> bytes:
        rest = self._data[self._position :]
        self._position = len(self._data)
        return rest


def read_input(data: bytes) -> FuzzInput:
    reader = Reader(data)
    settings = SETTINGS[reader.number(len(SETTINGS))]
    kind = reader.number(KINDS)
    if kind < _BODIES:
        return FuzzInput(reader.rest(), settings)
    items = list(_session(reader) if kind == KINDS - 1 else _items(reader))
    return FuzzInput(body_of(items), settings, items)


def body_of(items: list[Item]) -> bytes:
    return json.dumps({"model": "m", "input": items}, ensure_ascii=False).encode()


def _items(reader: Reader) -> Iterator[Item]:
    """Items with members of the right names, and values of any shape."""
    while not reader.is_at_end:
        names = ("call_id", "name", "arguments", "input", "output", "action", "role", "content")
        item: Item = {name: _value(reader, 3) for name in names if reader.number(2)}
        yield {"type": _TYPES[reader.number(len(_TYPES))]} | item


def _value(reader: Reader, depth: int) -> Any:
    match reader.number(8 if depth else 5):
        case 0 | 1 | 2 | 3 as number:
            return ("c1", "c2", number, None)[number]
        case 4:
            return _text(reader)
        case 5:
            return [_value(reader, depth - 1) for _ in range(reader.number(4))]
        case 6:
            return {"type": "input_text", "text": _text(reader)}
    return {_text(reader)[:9]: _value(reader, depth - 1) for _ in range(reader.number(4))}


def _session(reader: Reader) -> Iterator[Item]:
    """Commands and outputs; the same output may come again, as a part, in an envelope, or with a gutter."""
    shown = ["value = 1\n" * 3]
    for number in range(1 + reader.number(_MAX_COMMANDS)):
        if sum(map(len, shown)) > _MAX_SESSION_LENGTH:
            return
        command = _COMMANDS[reader.number(len(_COMMANDS))]
        text = shown[-reader.number(len(shown)) - 1] if reader.number(3) == 0 else _text(reader)
        shown.append(text)
        yield {
            "type": "function_call",
            "call_id": f"c{number}",
            "name": ("exec_command", "bash", "mcp__a__list", "Read")[reader.number(4)],
            "arguments": json.dumps({"cmd": command, "query": "value"} if reader.number(2) else {"command": command}),
        }
        yield {"type": "function_call_output", "call_id": f"c{number}", "output": _dressed(reader, text)}


def _dressed(reader: Reader, text: str) -> Any:
    match reader.number(7):
        case 0:
            return json.dumps({"output": text, "metadata": {"exit_code": 0, "duration_seconds": 0.1}})
        case 1:
            return "".join(f"{number:6}\t{line}\n" for number, line in enumerate(text.split("\n"), 1))
        case 2:
            return f"Chunk ID: ab12\nWall time: 0.1 seconds\nProcess exited with code 0\nOutput:\n{text}"
        case 3:
            return [{"type": "input_text", "text": part} for part in ("Wall time: 0.1 seconds\nOutput:", text)]
    return text


def _text(reader: Reader) -> str:
    """Pieces of real outputs, hostile ones, and the fuzzer's own bytes, some of them many times."""
    pieces: list[str] = []
    longest = _LENGTHS[reader.number(len(_LENGTHS))]
    for _ in range(reader.number(8)):
        times = (1, 1, 3, 40, 200)[reader.number(5)]
        match reader.number(4):
            case 0:
                piece = reader.text(reader.number(64))
            case 1:
                piece = _HOSTILE[reader.number(len(_HOSTILE))]
            case _:
                piece = _piece(reader)
        pieces.append(_many(piece, times, numbered=bool(reader.number(2))))
    return "".join(pieces)[:longest]


def _piece(reader: Reader) -> str:
    """Some lines of a case."""
    lines = CASE_LINES[(reader.number(256) * 256 + reader.number(256)) % len(CASE_LINES)]
    start = reader.number(256)
    return "\n".join(lines[start : start + 1 + reader.number(40)]) + "\n"


def _many(piece: str, times: int, *, numbered: bool) -> str:
    """The piece several times; numbered: with its first digit replaced by a growing number."""
    digit = next((sign for sign in piece if sign in "123456789"), None)
    if not numbered or digit is None:
        return piece * times
    return "".join(piece.replace(digit, str(number), 1) for number in range(times))


def _case_lines() -> list[list[str]]:
    texts = [path.read_bytes().decode() for path in sorted(CASES.glob("*/*.input.txt"))]
    return [text.split("\n") for text in texts] or [["value = 1"]]


CASE_LINES = _case_lines()


def seeds() -> Iterator[bytes]:
    """Inputs to begin with: one of each kind for each of the settings, and a real body."""
    for settings in range(len(SETTINGS)):
        for kind in range(KINDS):
            yield bytes([settings, kind, *range(200)])
        call = {"type": "function_call", "call_id": "c", "name": "bash", "arguments": '{"command":"cat -n a.py"}'}
        rows = "".join(f"{number:6}\tvalue = {number}\n" for number in range(1, 30))
        body = body_of([call, {"type": "function_call_output", "call_id": "c", "output": rows}])
        yield bytes([settings, 0]) + body
