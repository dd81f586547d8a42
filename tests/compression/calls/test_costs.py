"""Reading a call takes time in proportion to its length, whatever it says, and no more than a small share of a turn."""

from __future__ import annotations

import json
import time

import pytest

from headroom_compression import compress_request_body
from headroom_compression.calls.shell_words import MAX_COMMAND
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import custom_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.recall_sessions import RECALL
from tests.compression.support.recall_sessions import run_of_tests

LENGTH = 1_000_000
READ = MAX_COMMAND - 100  # what is longer is not read as programs: this is the most work
SCRIPT = 'text(await tools.exec_command({"cmd":"'
USUAL = command_call("cat > f <<'EOF'\n" + "some line of text\n" * 55_000 + "EOF")
# A quadratic reader takes 16 times as long for four times the text; one that takes 2 s a MB 200 times the usual one.
MAX_GROWTH = 9
MAX_SHARE = 80
MAX_READ = 20
MIN_SECONDS = 0.01  # what is less is noise


def repeated(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


COMMANDS = {
    "a shell with a long text": ("bash -lc 'cat > f <<EOF\n", "some line of text\n", "'"),
    "a shell with a word of many parts": ("bash -lc ", "a'b'\\c\"d\"", ""),
    "a shell with a quote that stays open": ('bash -lc "', '\\"', ""),
    "a shell with many words": ("bash ", "x ", ""),
    "do do do": ("", "do ", ""),
    "do xcat": ("", "do xcat ", ""),
    "many changes of folder": ("", "cd a; ", ""),
    "a change of folder with many blanks": ("cd", " ", "x"),
    "many programs": ("", "a;", ""),
    "many lines": ("", "npm test\n", ""),
    "many wrappers": ("", "env A=b nice timeout 5 ", "pytest"),
    "many edits without a number": ("", "sed -i ", ""),
    "a launcher with many words": ("docker run ", "a ", ""),
    "many operators": ("", "&|;", ""),
    "many substitutions": ("", "$(nproc)", ""),
    "many names of originals": ("", "0123456789abcdef.txt ", ""),
    "a search for much": ("rg -e ", "abc|", ""),
    "blanks behind cat": ("cat", " ", ""),
    "many ways to ls": ("", "ls | sudo A=b ", ""),
}
CALLS = {
    "a tool with a long name": lambda length: function_call(repeated("aB", length), {}),
    "a long path and many texts": lambda length: function_call(
        "n" * (length // 4), {"path": "p" * (length // 4), **{str(key): "a\n\n\n\n" for key in range(length // 30)}}
    ),
    "arguments within arguments": lambda length: {
        **function_call("x", {}),
        "arguments": "[" * (length // 2) + "]" * (length // 2),
    },
    "a tool that searches for much": lambda length: function_call("search", {"pattern": repeated("abc ", length)}),
    "many words": lambda length: function_call("shell", {"command": repeated("x' ", length).split(" ")}),
    "a long script": lambda length: custom_call("exec", SCRIPT + "a" * length + '"}))'),
    "many calls in a script": lambda length: custom_call("exec", repeated(SCRIPT + 'a","b":"c"', length)),
}


def long_call(kind: str, length: int) -> Item:
    if kind in CALLS:
        return CALLS[kind](length)
    before, repeats, after = COMMANDS[kind]
    return command_call(before + repeated(repeats, length) + after)


def seconds(call: Item) -> float:
    """The processor time of a turn with this call, and outputs that folds and elisions look at."""
    texts = ["\x1b[32mok\x1b[0m\rab\n" * 50, run_of_tests(150)]
    body = request_body(call, function_output([{"type": "input_text", "text": text} for text in texts]))
    taken = []
    for _ in range(2):
        start = time.process_time()
        compress_request_body(body, RECALL)
        taken.append(time.process_time() - start)
    return max(min(taken), MIN_SECONDS)


@pytest.mark.parametrize("kind", [*COMMANDS, *CALLS])
def test_a_long_call_takes_time_in_proportion_to_its_length(kind: str) -> None:
    part, whole = seconds(long_call(kind, LENGTH // 4)), seconds(long_call(kind, LENGTH))
    assert whole <= MAX_GROWTH * part
    assert whole <= MAX_SHARE * seconds(USUAL)


@pytest.mark.parametrize("kind", COMMANDS)
def test_the_longest_command_that_is_read_takes_little_time(kind: str) -> None:
    assert seconds(long_call(kind, READ)) <= MAX_READ * seconds(command_call("make"))


def test_the_long_calls_are_as_long_as_they_say() -> None:
    assert all(len(json.dumps(long_call(kind, LENGTH))) >= LENGTH // 2 for kind in [*COMMANDS, *CALLS])
