"""A session that reads the same file several times, and what each of its texts costs."""

from __future__ import annotations

from pathlib import Path

from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message

RECORDED = Path(__file__).with_name("recorded")
FORK = "01a21433-0b27-7c62-a14e-36282748714c"
ROWS = "\n".join(code_lines(60))


def reads(count: int, prompt: str = "Read it.") -> list[Item]:
    """A prompt, so many reads of one file, and what the model says at the end."""
    items = [message(prompt)]
    for number in range(count):
        call_id = f"call_{prompt}_{number}"
        items += [command_call("cat values.py", call_id), function_output(ROWS, call_id)]
    return [*items, {"role": "assistant", "content": "Done."}]
