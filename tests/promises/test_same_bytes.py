"""The same requests give the same bytes in every process and on every version of Python."""

from __future__ import annotations

import functools
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression.document import Stage
from headroom_compression.results import CompressionReport
from tests.compression.support.sessions import session_from_seed

ROOT = Path(__file__).parents[2]
DIGEST = ROOT / "tests" / "cases" / "digest.txt"
SESSIONS = 300
CHOSEN = (Settings(), Settings(references="eager", min_tokens=1))
# Fewer would mean that the sessions no longer reach what they are there for.
MIN_SHORTENED = {Stage.ENVELOPE: 200, Stage.ROWS: 400}
IN_ANOTHER_PROCESS = "from tests.promises.test_same_bytes import digest; print(digest())"


@functools.cache
def sent() -> list[tuple[bytes, CompressionReport]]:
    """What is sent for all sessions without a memory: with the first settings, then with the second."""
    bodies = [session_from_seed(seed).body() for seed in range(SESSIONS)]
    results = [compress_request_body(body, chosen) for chosen in CHOSEN for body in bodies]
    return [(result.body, result.report) for result in results]


def digest() -> str:
    """The SHA-256 over the bytes that are sent for all sessions, of each session with both settings."""
    total = hashlib.sha256()
    for seed in range(SESSIONS):
        for body, _ in sent()[seed::SESSIONS]:
            total.update(body)
    return total.hexdigest()


def test_digest_is_the_one_that_is_kept(update_cases: bool) -> None:  # noqa: FBT001  a fixture
    if update_cases:
        DIGEST.write_text(digest() + "\n")
    assert DIGEST.read_text().strip() == digest(), "bytes on the wire changed; pytest --update-cases if that is meant"


def test_another_process_gives_the_same_bytes() -> None:
    """Hashes of strings are others there: here they are random, unless somebody chose otherwise."""
    hash_seed = "12345" if os.environ.get("PYTHONHASHSEED") != "12345" else "0"
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
        beginning = session.body(2)
        assert compress_request_body(beginning, memory=memory).body == compress_request_body(beginning).body
        assert compress_request_body(session.body(), memory=memory).body == sent()[seed][0]


def test_sessions_reach_every_stage() -> None:
    reports = [report for _, report in sent()[:SESSIONS]]
    for stage, fewest in MIN_SHORTENED.items():
        assert sum(stage in text.stages for report in reports for text in report.shortened) >= fewest
