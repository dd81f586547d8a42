"""What must hold for every request, whatever is in it."""

import json
import time
from typing import Any

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from scripts.fuzz.inputs import SETTINGS
from scripts.fuzz.inputs import FuzzInput
from scripts.fuzz.inputs import body_of

# Below this an input's time is that of a few function calls; a garbage collection takes longer.
_MIN_SECONDS = 0.01
_MAX_TIMES_LINEAR = 10.0
_REPETITIONS = 3
_ORDINARY_ROWS = 400
_ORDINARY = {
    "grep -rn value .": "src/module_{1}/file_{2}.py:{0}:    value_{0} = compute(first={0}, name='{1}')\n",
    "journalctl -u web": "2026-11-25 10:15:{1:02} web-1 INFO request {0} of user {2} took {1} ms\n",
    "pytest -v": "tests/test_{1}.py::test_value_{0} PASSED                  [ {1:2}%]\n",
}
_TOOL_TYPES = frozenset({"function_call_output", "custom_tool_call_output", "shell_call_output"})


class Checks:
    """Raises AssertionError for a promise that does not hold. Counts what was changed, and the slowest input."""

    def __init__(self) -> None:
        self.changed = 0
        self.elided = 0
        self.slowest = 0.0
        self._memory = Memory(2**20)
        self._seconds_per_character = {settings: _seconds_per_character(settings) for settings in SETTINGS}

    def check(self, given: FuzzInput) -> None:
        result, seconds = _timed(given)
        self._check_time(given, seconds)
        assert result.changed == (result.body != given.body)
        assert result.changed or result.body is given.body
        assert compress_request_body(given.body, given.settings, self._memory).body == result.body
        if result.changed:
            self.changed += 1
            self.elided += b"left out here" in result.body
            check_only_tool_texts_differ(given.body, result.body)
        if given.items:
            check_beginnings(given, result.body)

    def _check_time(self, given: FuzzInput, seconds: float) -> None:
        """An input that seems slow is run again, and its least time counts: the machine does other things too."""
        allowed = max(_MIN_SECONDS, self._seconds_per_character[given.settings] * len(given.body))
        for _ in range(_REPETITIONS):
            if seconds <= _MAX_TIMES_LINEAR * allowed:
                break
            seconds = min(seconds, _timed(given)[1])
        self.slowest = max(self.slowest, seconds / allowed)
        assert seconds <= _MAX_TIMES_LINEAR * allowed, f"{seconds / allowed:.1f} times linear time"


def _timed(given: FuzzInput) -> tuple[CompressedBody, float]:
    start = time.process_time()
    result = compress_request_body(given.body, given.settings)
    return result, time.process_time() - start


def check_only_tool_texts_differ(before: bytes, after: bytes) -> None:
    """The same JSON but for tool texts, each of which has fewer tokens or is the same."""
    texts_before: list[str] = []
    texts_after: list[str] = []
    assert _without_texts(before, texts_before) == _without_texts(after, texts_after)
    for one, other in zip(texts_before, texts_after, strict=True):
        assert one == other or tokens.count(other) < tokens.count(one)


def _without_texts(body: bytes, texts: list[str]) -> Any:
    value = json.loads(body)
    for item in value["input"]:
        if isinstance(item, dict) and item.get("type") in _TOOL_TYPES:
            item["output"] = _taken_out(item.get("output"), texts)
    return value


def _taken_out(output: Any, texts: list[str]) -> Any:
    """The output with a word in the place of each text that may change."""
    if isinstance(output, str):
        texts.append(output)
        return "text"
    if not isinstance(output, list):
        return output
    return [_part_taken_out(part, texts) for part in output]


def _part_taken_out(part: Any, texts: list[str]) -> Any:
    if not isinstance(part, dict):
        return part
    keys = ("text",) if part.get("type") == "input_text" else ("stdout", "stderr")
    found = {key: part[key] for key in keys if isinstance(part.get(key), str)}
    texts += found.values()
    return part | dict.fromkeys(found, "text")


def check_beginnings(given: FuzzInput, whole: bytes) -> None:
    """What is sent of the first items is the beginning of what is sent of all."""
    items = given.items or []
    count = len(whole) % len(items)  # another one for each input, the same one for the same input
    body = compress_request_body(body_of(items[:count]), given.settings).body
    assert whole.startswith(body.removesuffix(b"]}"))


def _seconds_per_character(settings: Settings) -> float:
    """Processor time of ordinary outputs at these settings, on this machine, with the fuzzer's own instrumentation.

    The slowest of three: results of a search, a log, a run of tests.
    """
    return max(_seconds(command, row, settings) for command, row in _ORDINARY.items())


def _seconds(command: str, row: str, settings: Settings) -> float:
    text = "".join(row.format(number, number % 17, number // 7) for number in range(_ORDINARY_ROWS))
    call = {"type": "function_call", "call_id": "c", "name": "bash", "arguments": json.dumps({"command": command})}
    given = FuzzInput(body_of([call, {"type": "function_call_output", "call_id": "c", "output": text}]), settings)
    return min(_timed(given)[1] for _ in range(_REPETITIONS)) / len(given.body)
