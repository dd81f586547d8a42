"""Which strings of tool outputs the benchmark still finds in what was sent."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.savings.survival import Used
from scripts.savings.survival import survival

LISTING = "src/module/first.py\nsrc/module/second.py\n"
ROWS = "cmd/a.go:12:import re\ncmd/a.go:731:func Total() {\n"


def output(text: str) -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": "c", "output": text}


def call(command: str) -> dict[str, Any]:
    return {"type": "function_call", "call_id": "d", "name": "bash", "arguments": command}


def message(text: str) -> dict[str, Any]:
    return {"type": "message", "role": "user", "content": text}


@pytest.mark.parametrize(
    ("shown", "used", "sent", "verbatim", "recoverable"),
    [
        pytest.param(LISTING, "src/module/second.py", LISTING, True, True, id="verbatim"),
        pytest.param(LISTING, "second.py", "src/module:\nfirst.py\nsecond.py\n", True, True, id="a part, verbatim"),
        pytest.param(
            LISTING, "src/module/second.py", "src/module:\nfirst.py\nsecond.py\n", False, True, id="folder and name"
        ),
        pytest.param(
            LISTING,
            "src/module/second.py",
            "src/module/\nfirst.py\nsecond.py\n",
            False,
            True,
            id="folder with its slash",
        ),
        pytest.param(LISTING, "src/module/second.py", "src/module:\nfirst.py\n", False, False, id="only the folder"),
        pytest.param(LISTING, "src/module/second.py", "src:\nsecond.py\n", False, False, id="another folder"),
        pytest.param(
            LISTING, "src/module/second.py", "src/module:\nfirst.py\n\nsecond.py\n", False, False, id="past the folder"
        ),
        pytest.param(LISTING, "src/module/second.py", "", False, False, id="nothing"),
        pytest.param(ROWS, "a.go:731", "cmd/a.go\n12:import re\n731:func\n", False, True, id="file and row"),
        pytest.param(ROWS, "a.go:731", "cmd/a.go\n12:import re\n\nb.go\n731:func\n", False, False, id="another file"),
        pytest.param(
            "/home/me/shop/cmd/a.go:12:x",
            "/home/me/shop/cmd/b.go",
            "/home/me/shop/./cmd/a.go\n12:x\n\ncmd/b.go\n7:x",
            False,
            True,
            id="the folder of a search in its first heading",
        ),
    ],
)
def test_a_string_that_the_model_uses(shown: str, used: str, sent: str, *, verbatim: bool, recoverable: bool) -> None:
    shown += f"\n{used}"
    assert list(survival([output(shown), call(used)], [output(sent), call(used)])) == [
        Used(used, 0, 1, verbatim, recoverable)
    ]


@pytest.mark.parametrize(
    "items",
    [
        [message("See src/module/second.py"), output(LISTING), call("cat src/module/second.py")],
        [call("cat src/module/second.py"), output(LISTING), call("cat src/module/second.py")],
        [output(LISTING), call("cat other.py")],
        [output("a b c"), call("a b c")],
        [output(LISTING), message("src/module/second.py")],
    ],
    ids=["the user named it", "the model named it", "no output shows it", "short ones", "only the user uses it"],
)
def test_what_does_not_count(items: list[dict[str, Any]]) -> None:
    assert list(survival(items, items)) == []


def test_a_string_counts_where_it_is_used_first() -> None:
    items = [
        output(LISTING),
        call("cat src/module/second.py"),
        output("src/module/second.py"),
        call("src/module/second.py"),
    ]
    sent = [output(""), *items[1:]]
    assert list(survival(items, sent)) == [Used("src/module/second.py", 0, 1, is_verbatim=False, is_recoverable=False)]
