"""Which words of tool outputs the benchmark still finds in what was sent."""

from __future__ import annotations

import pytest

from survival import Survival
from survival import survival

LISTING = "src/module/first.py\nsrc/module/second.py\n"


@pytest.mark.parametrize(
    ("sent", "verbatim", "recoverable"),
    [
        pytest.param(LISTING, 1, 1, id="verbatim"),
        pytest.param("src/module:\nfirst.py\nsecond.py\n", 0, 1, id="folder and name"),
        pytest.param("src/module/\nfirst.py\nsecond.py\n", 0, 1, id="folder with its slash, and name"),
        pytest.param("src/module:\nfirst.py\n", 0, 0, id="only the folder"),
        pytest.param("src:\nsecond.py\n", 0, 0, id="another folder"),
        pytest.param("", 0, 0, id="nothing"),
    ],
)
def test_a_path_that_the_model_uses(sent: str, verbatim: int, recoverable: int) -> None:
    output = {"type": "function_call_output", "call_id": "c"}
    call = {"type": "function_call", "call_id": "d", "name": "bash", "arguments": "cat src/module/second.py"}
    items = [{**output, "output": LISTING}, call]
    assert survival(items, [{**output, "output": sent}, call]) == Survival(1, verbatim, recoverable)


def test_what_the_user_named_first_does_not_count() -> None:
    message = {"type": "message", "role": "user", "content": "See src/module/second.py"}
    output = {"type": "function_call_output", "call_id": "c", "output": LISTING}
    call = {"type": "function_call", "call_id": "d", "name": "bash", "arguments": "cat src/module/second.py"}
    assert survival([message, output, call], [message, output, call]) == Survival()
