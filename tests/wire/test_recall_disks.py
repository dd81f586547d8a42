"""Level recall where the store is in trouble: a full disk, one that became read-only, several proxies, a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from tests.compression.support.recall_sessions import name_of
from tests.compression.support.recall_sessions import run_of_tests
from tests.loopback.proxy import running_proxy
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message
from tests.wire.bodies import call
from tests.wire.bodies import output
from tests.wire.bodies import request
from tests.wire.test_survives_restarts import ADDON
from tests.wire.test_survives_restarts import arguments
from tests.wire.test_survives_restarts import post

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from tests.loopback.proxy import Proxy
    from tests.wire.conftest import Http1

GAP = b"left out here"
# Each is 12 kB, so that a disk of 64 kB holds a few.
TEXTS = [run_of_tests(150 + number) for number in range(12)]


def session(count: int) -> bytes:
    """A session that has run its tests so often."""
    items = [
        item
        for number, text in enumerate(TEXTS[:count])
        for item in (call(f"c{number}", "pytest -v"), output(text, f"c{number}"))
    ]
    return request(*items)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir(mode=0o700)
    if not mount("-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", str(folder)):
        pytest.skip("a small disk takes the right to mount one")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def mount(*words: str) -> bool:
    return (
        sys.platform == "linux" and subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0
    )


def test_on_a_full_disk_what_was_sent_stays_and_nothing_new_is_left_out(
    http1: Http1, disk: Path, log: Callable[[], list[str]]
) -> None:
    http1.proxy.set(compress_level="recall", compress_recall_dir=str(disk))
    received = [http1.post(session(count)).received.body for count in range(1, len(TEXTS) + 1)]
    for body, later in pairwise(received):
        assert later.startswith(body.removesuffix(b"]}"))
    gaps = received[-1].count(GAP)
    assert 0 < gaps < len(TEXTS)
    assert len(list(disk.iterdir())) == gaps
    assert all((disk / name_of(text)).read_text() == text for text in TEXTS[:gaps])
    assert len([line for line in log() if "cannot be stored" in line]) == 1


def test_on_a_disk_that_became_read_only_what_was_sent_stays(http1: Http1, disk: Path) -> None:
    http1.proxy.set(compress_level="recall", compress_recall_dir=str(disk))
    first = http1.post(session(2)).received.body
    assert mount("-o", "remount,ro", str(disk))
    later = http1.post(session(3)).received.body
    assert later.startswith(first.removesuffix(b"]}"))
    assert first.count(GAP) == later.count(GAP) == 2


@pytest.fixture
def upstream_of_processes() -> Iterator[LoopbackUpstream]:
    with LoopbackUpstream(lambda _: (Message("Done."),), tls=True) as upstream:
        yield upstream


@contextmanager
def recalling_proxy(upstream: LoopbackUpstream, folder: Path, store: Path, limit: int = 512) -> Iterator[Proxy]:
    folder.mkdir(exist_ok=True)
    values = ("level=recall", f"recall_dir={store}", f"recall_limit={limit}")
    options = [f"--set=compress_{value}" for value in values]
    with running_proxy([*arguments(ADDON, upstream), *options], folder) as proxy:
        yield proxy


def expected(store: Path) -> list[bytes]:
    settings = Settings(level="recall", recall_dir=str(store), recall_stores=False)
    return [compress_request_body(session(count), settings).body for count in range(1, len(TEXTS) + 1)]


def check_store(store: Path) -> None:
    """Every original is there, and whole; what is unfinished bears no name that a marker could say."""
    stored = {path.name: path.read_text() for path in store.glob("*.txt")}
    assert stored == {name_of(text): text for text in TEXTS}


def test_two_proxies_share_one_store(upstream_of_processes: LoopbackUpstream, tmp_path: Path) -> None:
    upstream, store = upstream_of_processes, tmp_path / "store"
    with (
        recalling_proxy(upstream, tmp_path / "one", store) as one,
        recalling_proxy(upstream, tmp_path / "other", store) as other,
        ThreadPoolExecutor(4) as pool,
    ):
        counts = [*range(1, len(TEXTS) + 1)] * 2
        list(pool.map(lambda count: post(one if count % 2 else other, upstream, session(count)), counts))
    assert {received.body for received in upstream.response_requests} == set(expected(store))
    check_store(store)


def test_two_proxies_share_a_store_that_is_full_of_what_is_old(
    upstream_of_processes: LoopbackUpstream, tmp_path: Path
) -> None:
    upstream, store = upstream_of_processes, tmp_path / "store"
    store.mkdir(mode=0o700)
    old = [store / name_of(f"{number}") for number in range(64)]
    for path in old:
        path.touch(mode=0o600)
        os.truncate(path, 2**14)
        os.utime(path, (store.stat().st_mtime - 2 * 24 * 3600,) * 2)
    with (
        recalling_proxy(upstream, tmp_path / "one", store, limit=1) as one,
        recalling_proxy(upstream, tmp_path / "other", store, limit=1) as other,
        ThreadPoolExecutor(4) as pool,
    ):
        counts = [*range(1, len(TEXTS) + 1)] * 2
        list(pool.map(lambda count: post(one if count % 2 else other, upstream, session(count)), counts))
    assert {received.body for received in upstream.response_requests} == set(expected(store))
    assert {path.name for path in store.iterdir()} > {name_of(text) for text in TEXTS}
    assert 2**19 < sum(path.stat().st_size for path in store.iterdir()) <= 2**20 * (1 + 2 / 32)
    assert {path.stat().st_mode & 0o777 for path in store.iterdir()} == {0o600}


def test_after_a_kill_under_load_the_session_goes_on_with_the_same_bytes(
    upstream_of_processes: LoopbackUpstream, tmp_path: Path
) -> None:
    upstream, store = upstream_of_processes, tmp_path / "store"
    with recalling_proxy(upstream, tmp_path / "one", store) as proxy, ThreadPoolExecutor(4) as pool:
        posts = [pool.submit(post, proxy, upstream, session(count)) for count in [*range(1, len(TEXTS) + 1)] * 3]
        posts[0].result()
        os.kill(proxy.pid, signal.SIGKILL)
        assert any(work.exception() for work in posts), "all were answered before the kill"
    with recalling_proxy(upstream, tmp_path / "one", store) as proxy:
        for count in range(1, len(TEXTS) + 1):
            post(proxy, upstream, session(count))
    received = [request.body for request in upstream.response_requests]
    assert received[-len(TEXTS) :] == expected(store)
    assert set(received) == set(expected(store))
    check_store(store)
