"""The same requests give the same bytes in every process and on every version of Python."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression.document import Stage
from tests.compression.support.sessions import session_from_seed

ROOT = Path(__file__).parents[2]
DIGEST = ROOT / "tests" / "cases" / "digest.txt"
SESSIONS = 300
CHOSEN = (Settings(), Settings(references="eager", min_tokens=1))
# Fewer would mean that the sessions no longer reach what they are there for.
MIN_SHORTENED = {Stage.ENVELOPE: 200, Stage.ROWS: 400}
IN_ANOTHER_PROCESS = "from tests.promises.test_same_bytes import digest; print(digest())"


def digest() -> str:
    """The SHA-256 over the bytes that are sent for all sessions."""
    total = hashlib.sha256()
    for seed in range(SESSIONS):
        body = session_from_seed(seed).body()
        for chosen in CHOSEN:
            total.update(compress_request_body(body, chosen).body)
    return total.hexdigest()


def test_digest_is_the_one_that_is_kept(update_cases: bool) -> None:  # noqa: FBT001  a fixture
    if update_cases:
        DIGEST.write_text(digest() + "\n")
    assert DIGEST.read_text().strip() == digest(), "bytes on the wire changed; pytest --update-cases if that is meant"


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_another_process_gives_the_same_bytes(hash_seed: str) -> None:
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    finished = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert finished.stdout.strip() == digest()


def test_one_memory_for_all_sessions_gives_the_same_bytes() -> None:
    memory = Memory(500_000)
    for seed in range(SESSIONS):
        session = session_from_seed(seed)
        for count in (2, len(session.entries)):
            body = session.body(count)
            assert compress_request_body(body, memory=memory).body == compress_request_body(body).body


def test_sessions_reach_every_stage() -> None:
    reports = [compress_request_body(session_from_seed(seed).body()).report for seed in range(SESSIONS)]
    for stage, fewest in MIN_SHORTENED.items():
        assert sum(stage in text.stages for report in reports for text in report.shortened) >= fewest
