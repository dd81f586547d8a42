"""Eviction: bounded, never of what was just seen, in a thread of its own, seldom."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from headroom_compression.recall import stored_files
from headroom_compression.recall import upkeep
from headroom_compression.recall.store import Store
from headroom_compression.recall.stored_files import name_of
from headroom_compression.recall.upkeep import Upkeep
from tests.compression.support.recall_sessions import wait_for_upkeep

DAY = 24 * 3600
SIZE = 1_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    wait_for_upkeep()


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The folder for each time that one is listed."""
    listed: list[object] = []
    scan = os.scandir

    def scandir(path: str) -> object:
        listed.append(path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    return listed


def text(number: int) -> str:
    return f"{number:<{SIZE}}"


def fill(folder: Path, count: int, days: float) -> list[str]:
    """Originals of another proxy; the first is the oldest, by a second each."""
    now = folder.stat().st_mtime
    names = [name_of(text(number)) for number in range(count)]
    for number, name in enumerate(names):
        (folder / name).write_text(text(number))
        seen = now - days * DAY - count + number
        os.utime(folder / name, (seen, seen))
    return names


def stored(folder: Path) -> set[str]:
    return {entry.name for entry in stored_files.entries(folder)}


def size_of(folder: Path) -> int:
    return sum(entry.size for entry in stored_files.entries(folder))


def keep(store: Store, number: int) -> str | None:
    name = store.keep(text(number))
    wait_for_upkeep()
    return name


def test_a_full_store_is_swept_once_for_many_new_originals(folder: Path, scans: list[object]) -> None:
    old = fill(folder, 1_000, days=2)
    store = Store(folder, 1_000 * SIZE)
    assert all(keep(store, number) for number in range(1_000, 1_040))
    assert len(scans) <= 4, "a sweep lists twice: originals, and what is unfinished"
    new = {name_of(text(number)) for number in range(1_000, 1_040)}
    assert {*old[101:], *new} <= stored(folder) <= {*old[100:], *new}


def test_many_new_originals_in_a_row_find_room(folder: Path) -> None:
    fill(folder, 100, days=2)
    store = Store(folder, 100 * SIZE)
    assert all(keep(store, number) for number in range(100, 180))


def test_a_refusal_is_remembered(folder: Path, scans: list[object]) -> None:
    fill(folder, 100, days=0)
    store = Store(folder, 100 * SIZE)
    kept = [keep(store, number) for number in range(100, 200)]
    assert sum(name is not None for name in kept) <= 4, "what was written before the first scan"
    assert kept[-1] is None
    assert len(scans) <= 4


def test_after_a_refusal_a_store_that_was_cleared_by_another_is_used_again(folder: Path) -> None:
    fill(folder, 100, days=0)
    store = Store(folder, 100 * SIZE)
    assert [keep(store, number) for number in range(100, 110)][-1] is None
    stored_files.clear(folder)
    keep(store, 110)
    assert keep(store, 111)


def test_a_new_original_costs_the_same_whatever_the_store_holds(folder: Path) -> None:
    fill(folder, 3_000, days=2)
    store = Store(folder, 3_000 * SIZE)
    keep(store, 3_000)
    begin = time.thread_time()
    for number in range(3_001, 3_101):
        store.keep(text(number))
    assert (time.thread_time() - begin) / 100 < 0.002, "one scan would take 20 ms"


def test_what_is_written_during_a_scan_counts_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(folder, 2**20)
    entries, is_scanning, may_go_on = stored_files.entries, threading.Event(), threading.Event()

    def before_and_after(folder: Path) -> list[stored_files.Entry]:
        is_scanning.set()
        may_go_on.wait(60)
        return entries(folder)

    monkeypatch.setattr(upkeep, "entries", before_and_after)
    texts = [f"{number:<50000}" for number in range(20)]  # nearly the limit
    assert store.keep(texts[0][:32_000])
    assert is_scanning.wait(60)
    monkeypatch.setattr(upkeep, "_UNSCANNED_SHARE", 1)
    assert all(store.keep(text) for text in texts[:19])
    may_go_on.set()
    wait_for_upkeep()
    assert store.keep(texts[19])
    assert size_of(folder) > 2**20 * 0.95


def test_one_that_is_larger_than_the_limit_evicts_nothing(folder: Path) -> None:
    old = fill(folder, 10, days=2)
    store = Store(folder, 10 * SIZE)
    assert store.keep("x" * (11 * SIZE)) is None
    assert store.keep("x" * (11 * SIZE) + "y") is None
    wait_for_upkeep()
    assert stored(folder) == set(old)


def test_many_stores_on_one_folder_stay_about_within_its_limit(folder: Path) -> None:
    limit = 200 * SIZE
    stores = [Store(folder, limit) for _ in range(3)]
    for number in range(900):
        keep(stores[number % 3], number)
        name = name_of(text(number - 10))
        if (folder / name).exists():
            os.utime(folder / name, (0, folder.stat().st_mtime - 2 * DAY))
        assert size_of(folder) <= limit * (1 + 3 / 32) + SIZE
    assert size_of(folder) > limit / 2


def test_the_size_is_right_after_an_eviction_that_failed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = fill(folder, 100, days=2)
    unlink = Path.unlink

    def fail_for_the_oldest(path: Path, *, missing_ok: bool = False) -> None:
        if path.name in old[:50]:
            raise PermissionError("it is open")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", fail_for_the_oldest)
    store = Store(folder, 100 * SIZE)
    for number in range(100, 300):
        keep(store, number)
        assert size_of(folder) <= 103 * SIZE
    assert stored(folder) > set(old[:50])
    assert not stored(folder) & set(old[50:60])


def test_one_that_another_proxy_saw_meanwhile_stays_and_counts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = fill(folder, 100, days=2)
    entries = stored_files.entries

    def seen_after_the_scan(folder: Path) -> list[stored_files.Entry]:
        found = entries(folder)
        for name in old[:50]:
            os.utime(folder / name)
        return found

    monkeypatch.setattr(upkeep, "entries", seen_after_the_scan)
    store = Store(folder, 100 * SIZE)
    for number in range(100, 200):
        keep(store, number)
        assert size_of(folder) <= 103 * SIZE
    assert stored(folder) >= set(old[:50])


@pytest.mark.parametrize("has_restarted", [True, False])
def test_when_the_clock_leaps_what_was_seen_the_day_before_stays(folder: Path, *, has_restarted: bool) -> None:
    other, store = Store(folder, 100 * SIZE), Store(folder, 100 * SIZE)
    seen = [keep(other, number) for number in range(1_000, 1_010)]
    keep(store, 1_010)
    old = fill(folder, 20, days=13)
    older = fill_older(folder)
    turn_back(folder, 15 * DAY)  # as if the clock stood 15 days later now
    writing = Store(folder, 100 * SIZE) if has_restarted else store
    keep(writing, 2_000)
    keep(writing, 2_001)
    assert stored(folder) >= set(seen)
    assert not stored(folder) & {*old, older}


def test_when_the_clock_leaps_and_another_proxy_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(folder, 100 * SIZE)
    keep(store, 1_000)
    seen = fill(folder, 10, days=0)
    set_time = os.utime

    def utime(path: Path, times: tuple[float, float] | None = None) -> None:
        later = time.time() + 15 * DAY
        set_time(path, times or (later, later))

    monkeypatch.setattr(os, "utime", utime)
    os.utime(folder)
    keep(store, 2_000)
    assert stored(folder) >= set(seen)


def fill_older(folder: Path) -> str:
    name = name_of("older")
    (folder / name).write_text("older")
    os.utime(folder / name, (0, 0))
    return name


def turn_back(folder: Path, seconds: float) -> None:
    for path in (*folder.iterdir(), folder):
        seen = path.stat().st_mtime - seconds
        os.utime(path, (seen, seen))


def test_what_this_process_saw_stays_though_it_was_dated_back(folder: Path) -> None:
    store = Store(folder, 20 * SIZE)
    seen = [keep(store, number) for number in range(10)]
    turn_back_all_but(folder, 15 * DAY)
    for number in range(100, 110):
        keep(store, number)
    assert stored(folder) >= set(seen)


def turn_back_all_but(folder: Path, seconds: float) -> None:
    """The files, and not the folder."""
    now = folder.stat().st_mtime
    turn_back(folder, seconds)
    os.utime(folder, (now, now))


def test_a_store_that_was_not_used_for_long_loses_what_is_older(folder: Path) -> None:
    fill(folder, 10, days=30)
    recent = name_of("recent")
    (folder / recent).write_text("recent")
    turn_back(folder, 20 * DAY)
    keep(Store(folder, 2**20), 100)
    assert stored(folder) == {recent, name_of(text(100))}


def test_the_thread_ends_with_the_process_and_raises_nothing(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    upkeep = Upkeep(folder, 2**20, lambda _: 0.0)
    threads: list[threading.Thread] = []
    failures: list[BaseException] = [OSError("secret"), SystemExit("secret"), ValueError("secret")]

    def fail() -> None:
        threads.append(threading.current_thread())
        raise failures.pop()

    while failures:
        upkeep.do(fail)
        wait_for_upkeep()
    for thread in threads:  # since Python 3.13 a thread leaves the list of threads before it is over
        thread.join(60)
    assert len(threads) == 3
    assert all(thread.daemon and not thread.is_alive() for thread in threads)
    assert len(caplog.records) == 2, "who writes next is told of an OSError"
    assert "secret" not in caplog.text


def test_a_thread_that_is_stuck_gets_no_more_work_than_can_be_held(folder: Path) -> None:
    upkeep = Upkeep(folder, 2**20, lambda _: 0.0)
    is_free, done = threading.Event(), []
    upkeep.do(is_free.wait)
    for number in range(1_000):
        upkeep.do(lambda number=number: done.append(number))  # type: ignore[misc]
    is_free.set()
    wait_for_upkeep()
    assert 0 < len(done) <= 100


def test_without_a_thread_the_next_one_tries_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    old = fill(folder, 10, days=20)
    store = Store(folder, 2**20)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", fail)
        assert store.keep("one")
    assert stored(folder) >= set(old)
    assert keep(store, 100)
    assert not stored(folder) & set(old)


def test_a_folder_that_cannot_be_listed_holds_what_no_scan_is_needed_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise PermissionError("not to be listed")

    monkeypatch.setattr(os, "scandir", fail)
    store = Store(folder, 100 * SIZE)
    kept = [keep(store, number) for number in range(10)]
    assert [name is not None for name in kept] == [True] * 3 + [False] * 7
