"""Recorded sessions for the benchmark: reading them, the requests that they become, other clients' shapes of them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from headroom_compression import Settings
from headroom_compression import tokens
from headroom_compression.formats.gap_markers import read_gap_marker
from headroom_compression.references.markers import read_marker
from headroom_report.values import items as report_items
from headroom_report.values.items import OUTPUTS
from headroom_report.values.items import Item
from headroom_report.values.items import request_ends
from headroom_report.values.items import texts

# The markers name a folder as long as that of a real store; nothing is written.
RECALL = Settings(level="recall", recall_dir="/home/dev/.local/state/headroom-addon", recall_stores=False)

LEVELS = {"lossless": Settings(), "recall": RECALL}
WRAPPED = "mini-swe-agent"  # the source whose sessions are also wrapped: they are nearest to what Codex sends

# mini-swe-agent's own header, which a wrapping replaces
_MINI_OUTPUT = re.compile(r"<returncode>(-?[0-9]+)</returncode>\n<output>\n(.*?)(?:</output>)?", re.DOTALL)
# Codex keeps 10,000 tokens of an output, counted as 4 bytes each, half of them from its end.
_CODEX_LIMIT = 40_000


@dataclass(frozen=True, slots=True)
class Session:
    source: str
    items: Sequence[Item]

    def request_ends(self) -> list[int]:
        return request_ends(self.items)


def read_sessions(folder: Path) -> Iterator[Session]:
    """One JSON object a file, with the items of a session under `input` and, optionally, its `source`."""
    for path in sorted(folder.glob("*.json")):
        recording = json.loads(path.read_bytes())
        if isinstance(recording, dict) and isinstance(recording.get("input"), list):
            yield Session(str(recording.get("source", path.stem)), recording["input"])


def request_body(items: Sequence[Item]) -> bytes:
    body = {"model": "recorded", "input": items, "stream": True}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def count_tokens(item: Item) -> int:
    """Tokens of the texts of an item (o200k_base)."""
    return report_items.count_tokens(item, _count)


@functools.cache
def _count(text: str) -> int:
    return tokens.count(text)


def count_markers(item: Item) -> int:
    """How many pointers to earlier outputs stand in it, and gaps."""
    lines = (line for text in texts(item) for line in text.split("\n"))
    return sum(read_marker(line) is not None or read_gap_marker(line) is not None for line in lines)


def wrapped(session: Session, wrapping: str) -> Session:
    """A mini-swe-agent session as a generation of Codex would have sent it, by its name in WRAPPINGS."""
    wrap_call, wrap_output = WRAPPINGS[wrapping]
    items: list[Item] = []
    for item in session.items:
        if item.get("type") == "function_call":
            items.append({**item, **wrap_call(_command(item))})
        elif item.get("type") in OUTPUTS:
            items.append({**item, **wrap_output(*_plain(item))})
        else:
            items.append(item)
    return Session(f"{session.source}, {wrapping}", items)


def _command(item: Item) -> str:
    try:
        return str(json.loads(item["arguments"])["command"])
    except (ValueError, KeyError, TypeError):
        return str(item["arguments"])


def _plain(item: Item) -> tuple[int, str, str]:
    """Exit code, text and a chunk id of an output."""
    match = _MINI_OUTPUT.fullmatch(str(item["output"]))
    code, text = (int(match[1]), match[2]) if match else (0, str(item["output"]))
    return code, text, sha256(str(item["call_id"]).encode()).hexdigest()[:6]


def _cut(text: str) -> str:
    if len(text) <= _CODEX_LIMIT:
        return text
    half = _CODEX_LIMIT // 2
    left_out = (len(text) - _CODEX_LIMIT) // 4
    return f"{text[:half]}…{left_out} tokens truncated…{text[-half:]}"


def _count_of_codex(text: str) -> int:
    """As in 1,338 of 1,373 recorded outputs; nearly all others were cut."""
    return -(-len(text.encode()) // 4)


def _exec_command_call(command: str) -> Item:
    return {"name": "exec_command", "arguments": _compact({"cmd": command})}


def _exec_command_output(code: int, text: str, chunk: str) -> Item:
    header = f"Chunk ID: {chunk}\nWall time: 0.0512 seconds\nProcess exited with code {code}\n"
    return {"output": f"{header}Original token count: {_count_of_codex(text)}\nOutput:\n{_cut(text)}"}


def _script_call(command: str) -> Item:
    script = f"text(await tools.exec_command({_compact({'cmd': command})}))"
    return {"type": "custom_tool_call", "name": "exec", "input": script}


def _script_output(code: int, text: str, chunk: str) -> Item:
    result = {
        "chunk_id": chunk,
        "wall_time_seconds": 0.051234,
        "exit_code": code,
        "original_token_count": _count_of_codex(text),
        "output": text,
    }
    parts = ("Script completed\nWall time 0.1 seconds\nOutput:\n", _cut(_compact(result)))
    return {"type": "custom_tool_call_output", "output": [{"type": "input_text", "text": part} for part in parts]}


def _shell_call(command: str) -> Item:
    return {"name": "shell", "arguments": _compact({"command": ["bash", "-lc", command]})}


def _shell_output(code: int, text: str, _: str) -> Item:
    return {"output": _compact({"output": _cut(text), "metadata": {"exit_code": code, "duration_seconds": 0.1}})}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


WRAPPINGS: Mapping[str, tuple[Callable[[str], Item], Callable[[int, str, str], Item]]] = {
    "exec_command": (_exec_command_call, _exec_command_output),
    "code mode": (_script_call, _script_output),
    "shell": (_shell_call, _shell_output),
}
