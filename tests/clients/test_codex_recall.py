"""Codex CLI at level recall: its model opens the stored original, and from then on gets such outputs whole."""

import re
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import codex
from tests.clients.codex import Codex
from tests.clients.command_line import FINAL_MESSAGE
from tests.loopback.proxy import Proxy
from tests.loopback.raw_bodies import outputs
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message
from tests.loopback.upstream import Turn

PREFIX = "/api/codex-proxy/some-key/v1"
RUN_TESTS = f"{sys.executable} -m pytest -v -p no:cacheprovider test_orders.py"
MARKER = re.compile(
    r"^\[147 lines, [0-9,]+ characters, left out here: passed tests; .* of (/\S+\.txt)\]$", re.MULTILINE
)


def next_turn(request: dict[str, Any]) -> Turn:
    """Run the tests, open what was left out, run the tests again."""
    sent = [item["output"] for item in request["input"] if item["type"] == "function_call_output"]
    match sent:
        case [] | [_, _]:
            return (FunctionCall("exec_command", {"cmd": RUN_TESTS}),)
        case [first]:
            marker = MARKER.search(first)
            return (FunctionCall("exec_command", {"cmd": f"cat {marker[1] if marker else 'no marker'}"}),)
    return (Message(FINAL_MESSAGE),)


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    with LoopbackUpstream(next_turn, tls=True) as upstream:
        yield upstream


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def mode_arguments(store: Path) -> list[str]:
    """References would point from the last run into the opened file, which is lossless but not the same text."""
    options = ("compress_level=recall", f"compress_recall_dir={store}", "compress_references=off")
    return [f"--set={option}" for option in options]


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    folder = tmp_path / "workplace"
    folder.mkdir()
    tests = (f"def test_order_{number}():\n    assert {number} + 1 == {number + 1}\n" for number in range(150))
    (folder / "test_orders.py").write_text("\n\n".join(tests))
    return folder


def test_it_opens_the_original_and_then_gets_such_outputs_whole(
    codex_cli: Codex, upstream: LoopbackUpstream, proxy: Proxy, store: Path, sent_bodies: Callable[[], list[bytes]]
) -> None:
    codex_cli.configure(codex.CALLS_FUNCTIONS, *codex.custom_provider(f"https://localhost:{upstream.port}{PREFIX}"))
    codex_cli.run(codex.through(proxy))
    sent, received = outputs(sent_bodies()[-1]), outputs(upstream.response_requests[-1].content)
    (stored,) = store.iterdir()
    assert stored.read_text() == sent[0]
    assert len(MARKER.findall(received[0])) == 1
    assert all(f"test_order_{number} PASSED" in received[1] for number in range(150))
    assert received[1:] == sent[1:]
