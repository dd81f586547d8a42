"""Which calls show what a server answered."""

from __future__ import annotations

import pytest

from headroom_compression.calls.fetches import is_fetch
from headroom_compression.calls.reading import read_call
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call


@pytest.mark.parametrize(
    ("item", "fetches"),
    [
        (command_call("curl -s http://127.0.0.1:8000/"), True),
        (command_call("cd /repo && wget -qO- http://127.0.0.1:8000/ | head -200"), True),
        (function_call("mcp__fetch__fetch", {"url": "http://127.0.0.1:8000/"}), True),
        (function_call("browser_snapshot", {}), True),
        (command_call("curl -s http://127.0.0.1:8000/ | python parse.py"), False),
        (command_call("curl -sO http://127.0.0.1:8000/a.html && cat a.html"), False),
        (command_call("cat a.html"), False),
        (command_call("head -5 a.html b.html"), False),
        (command_call("curl -s file:///repo/a.html"), False),
        (function_call("mcp__fetch__fetch", {"url": "file:///repo/a.html"}), False),
        (function_call("read_file", {"path": "a.html"}), False),
    ],
)
def test_only_what_shows_an_answer_fetches(item: Item, fetches: bool) -> None:  # noqa: FBT001  a row
    assert is_fetch(read_call(item)) is fetches


def test_an_unknown_call_does_not() -> None:
    assert not is_fetch(None)
