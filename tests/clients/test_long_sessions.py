"""Real agents go on beyond the context limit of their route, and read what was put away, with the least budget."""

from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import pytest

from headroom_compression import compress_request_body
from headroom_proxy.options import MIN_BUDGET
from tests.clients.long_sessions import INSTALLATIONS
from tests.clients.long_sessions import Work
from tests.clients.long_sessions import run_session
from tests.clients.long_sessions import with_budget
from tests.loopback.context_limit import count_read


def first_above(limit: int, bodies: Sequence[bytes]) -> int | None:
    return next((number for number, body in enumerate(bodies, 1) if count_read(body) > limit), None)


# Codex has instructions and tools of 8,000 tokens.
@pytest.mark.parametrize(("client", "limit"), [("Codex", 30_000), ("openai-agents", 24_000)])
def test_a_session_goes_on_beyond_the_limit_and_an_original_is_opened(
    client: str, limit: int, install: Callable[[str, list[list[str]]], Path], tmp_path: Path
) -> None:
    install(*INSTALLATIONS[client])
    options = with_budget(MIN_BUDGET, tmp_path / "store")
    ending = run_session(client, options, Work(calls=55, functions=30), limit, tmp_path)
    assert ending.is_normal, ending.log
    assert ending.refused_at is None
    assert ending.was_opened
    assert ending.put_away > 10
    as_made = first_above(limit, ending.sent)
    lossless = first_above(limit, [compress_request_body(body).body for body in ending.sent])
    assert as_made is not None
    assert lossless is not None
    assert as_made < lossless, "it dies later"
