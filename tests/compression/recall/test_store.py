"""The store: private, whole or not at all, bounded, never in the way."""

from __future__ import annotations

import errno
import logging
import os
import stat
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from headroom_compression.recall import store as store_module
from headroom_compression.recall.store import Store
from headroom_compression.recall.store import UnwrittenStore
from headroom_compression.recall.store import name_of
from headroom_compression.recall.store import store_of
from tests.compression.support.recall_sessions import wait_for_upkeep

TEXT = "one\r\ntwo \u2028 three\x1b[0m\n"
DAY = 24 * 3600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "headroom-addon"


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(folder, 2**20)


def keep(store: Store, text: str) -> str:
    name = store.keep(text)
    assert name
    wait_for_upkeep()
    return name


def age(path: Path, seconds: float) -> None:
    seen = path.stat().st_mtime - seconds
    os.utime(path, (seen, seen))


def test_a_text_is_kept_to_the_byte_under_a_name_of_its_content(store: Store, folder: Path) -> None:
    name = keep(store, TEXT)
    assert name == name_of(TEXT) != name_of(TEXT + " ")
    assert store_module.read(folder, name) == TEXT.encode()
    assert store.path_of(name) == str(folder / name)
    assert [path.name for path in folder.iterdir()] == [name]


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_only_its_owner_can_read_it(store: Store, folder: Path) -> None:
    name = keep(store, TEXT)
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_there_is_not_written_again_but_seen(store: Store, folder: Path) -> None:
    path = folder / keep(store, TEXT)
    number = path.stat().st_ino
    age(path, DAY)
    seen = path.stat().st_mtime
    assert keep(store, TEXT) == path.name
    assert path.stat().st_ino == number
    assert path.stat().st_mtime > seen


def test_a_file_that_was_changed_is_written_again(store: Store, folder: Path) -> None:
    path = folder / keep(store, TEXT)
    path.write_text("something else")
    assert (folder / keep(store, TEXT)).read_bytes() == TEXT.encode()


def test_a_link_in_the_place_of_a_file_is_replaced_and_its_target_stays(store: Store, folder: Path) -> None:
    keep(store, "makes the folder")
    target = folder.parent / "target"
    target.write_text("precious")
    (folder / name_of(TEXT)).symlink_to(target)
    assert (folder / keep(store, TEXT)).read_bytes() == TEXT.encode()
    assert target.read_text() == "precious"
    assert not (folder / name_of(TEXT)).is_symlink()


def test_a_link_is_neither_listed_nor_shown(store: Store, folder: Path) -> None:
    keep(store, "makes the folder")
    secret = folder.parent / "secret"
    secret.write_text("not for you")
    (folder / name_of(TEXT)).symlink_to(secret)
    assert name_of(TEXT) not in [entry.name for entry in store_module.entries(folder)]
    with pytest.raises(OSError, match="symbolic links"):
        store_module.read(folder, name_of(TEXT))


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "secret", "", "3f9a2c81d0b4e6f7.txt/..", ".new-x"])
def test_no_other_name_is_shown(name: str, folder: Path) -> None:
    with pytest.raises(ValueError, match="no name of a stored original"):
        store_module.read(folder, name)


def test_a_folder_in_the_place_of_a_file_fails_for_that_text_only(store: Store, folder: Path) -> None:
    keep(store, "makes the folder")
    (folder / name_of(TEXT)).mkdir()
    assert store.keep(TEXT) is None
    assert store.keep("another") is not None
    assert not list(folder.glob(".new-*"))


def test_failures_are_told_once_until_it_works_again(
    store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    assert [store.keep(TEXT), store.keep("two")] == [None, None]
    assert len(caplog.records) == 1
    assert "nothing more is left out" in caplog.text
    assert TEXT not in caplog.text
    folder.unlink()
    assert store.keep(TEXT)
    (folder / name_of("two")).mkdir()
    assert store.keep("two") is None
    assert len(caplog.records) == 2


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_a_folder_that_others_can_read_is_refused(folder: Path, store: Store) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    with pytest.raises(PermissionError, match="mode 0700"):
        store_module.check_folder(folder)
    assert store.keep(TEXT) is None


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_what_is_stored_counts_as_stored_when_others_can_read_the_folder_now(folder: Path, store: Store) -> None:
    keep(store, TEXT)
    folder.chmod(0o755)
    assert Store(folder, 2**20).keep(TEXT) == name_of(TEXT), "it was sent with gaps, and stays so after a restart"
    assert store.keep("new") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in the file system are POSIX's")
def test_a_pipe_in_the_place_of_a_file_is_replaced(folder: Path, store: Store) -> None:
    keep(store, "makes the folder")
    os.mkfifo(folder / name_of(TEXT))
    assert store_module.read(folder, keep(store, TEXT)) == TEXT.encode()


def test_a_folder_that_is_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(NotADirectoryError):
        store_module.check_folder(folder)


def test_what_was_not_seen_for_days_goes_when_something_is_written(folder: Path) -> None:
    for text, days in (("old", 15), ("seen", 13)):
        age(folder / keep(Store(folder, 2**20), text), days * DAY)
    keep(Store(folder, 2**20), "new")
    assert {entry.name for entry in store_module.entries(folder)} == {name_of("seen"), name_of("new")}


def test_over_the_limit_the_oldest_go_first(folder: Path) -> None:
    texts = [f"{number}" * 100 for number in range(5)]
    for days, text in zip((6, 5, 4, 3, 2), texts, strict=True):
        age(folder / keep(Store(folder, 2**20), text), days * DAY)
    keep(Store(folder, 400), "x" * 100)
    assert {entry.name for entry in store_module.entries(folder)} == {*map(name_of, texts[2:]), name_of("x" * 100)}


def test_what_was_seen_within_a_day_is_never_evicted(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(folder, 150)
    age(folder / keep(store, "1" * 100), 23 * 3600)
    assert store.keep("2" * 100) is None
    assert "over the limit of 150 bytes" in caplog.text
    assert [entry.name for entry in store_module.entries(folder)] == [name_of("1" * 100)]
    assert not list(folder.glob(".new-*"))


def test_the_limit_holds_over_many_writes(folder: Path) -> None:
    store = Store(folder, 10_000)
    for number in range(200):
        name = store.keep(f"{number:03}" * 100)
        if name:
            age(folder / name, 2 * DAY)
        assert sum(entry.size for entry in store_module.entries(folder)) <= 10_000
    assert store_module.entries(folder)


def test_a_clock_that_was_set_back_evicts_nothing(folder: Path) -> None:
    age(folder / keep(Store(folder, 2**20), "from the future"), -300 * DAY)
    keep(Store(folder, 2**20), "new")
    assert len(store_module.entries(folder)) == 2


def test_what_a_killed_proxy_left_behind_goes(folder: Path) -> None:
    keep(Store(folder, 2**20), "makes the folder")
    for name, hours in ((".new-old", 2), (".new-young", 0)):
        (folder / name).write_text("half a te")
        age(folder / name, hours * 3600)
    keep(Store(folder, 2**20), "new")
    assert [path.name for path in folder.glob(".new-*")] == [".new-young"]
    assert store_module.clear(folder) == 2
    assert list(folder.iterdir()) == []


def test_two_stores_on_one_folder_share_what_they_hold(folder: Path) -> None:
    one, other = Store(folder, 2**20), Store(folder, 2**20)
    assert one.keep(TEXT) == other.keep(TEXT)
    assert one.touch([name_of(TEXT)])
    assert store_module.clear(folder) == 1
    assert not other.touch([name_of(TEXT)])


def test_touching_what_is_not_there_is_told(store: Store, folder: Path) -> None:
    path = folder / keep(store, TEXT)
    age(path, DAY)
    seen = path.stat().st_mtime
    assert not store.touch([path.name, name_of("not there")])
    assert path.stat().st_mtime > seen
    assert store.touch([])


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    store = UnwrittenStore(folder)
    assert store.keep(TEXT) == name_of(TEXT)
    assert store.touch([name_of(TEXT)])
    assert not folder.exists()


def test_a_folder_has_one_store() -> None:
    assert store_of("/a", 1, is_written=True) is store_of("/a", 1, is_written=True)
    assert isinstance(store_of("/a", 1, is_written=False), UnwrittenStore)


def test_an_empty_store_lists_and_clears_nothing(folder: Path) -> None:
    assert store_module.entries(folder) == []
    assert store_module.clear(folder) == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="emptied"),
        pytest.param("something else", id="changed"),
        pytest.param(TEXT.replace("one", "two"), id="changed, as long as it was"),
    ],
)
def test_an_original_that_was_changed_is_noticed_and_written_again(
    text: str, store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = keep(store, TEXT)
    assert store.touch([name])
    (folder / name).write_bytes(text.encode())
    age(folder / name, DAY)
    assert not store.touch([name])
    assert (folder / name).read_bytes() == text.encode(), "it is not touched, which would hide the change"
    keep(store, TEXT)
    assert store_module.read(folder, name) == TEXT.encode()
    assert store.touch([name])
    (warning,) = (record.getMessage() for record in caplog.records)
    assert "originals are gone or were changed (1 of them)" in warning
    assert name not in warning


@pytest.mark.parametrize("number", [0, 250, 299])
@pytest.mark.parametrize("loss", [Path.unlink, partial(Path.write_text, data="")], ids=["gone", "emptied"])
def test_the_loss_of_one_of_many_is_noticed_within_some_turns(
    loss: Callable[[Path], object], number: int, store: Store, folder: Path
) -> None:
    names = keep_many(store, 300)
    for _ in range(3):
        assert store.touch(names)
    loss(folder / names[number])
    assert sum(not store.touch(names) for _ in range(5)) >= 1


def test_touching_hides_no_change(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = keep_many(store, 100)
    monkeypatch.setattr(store_module, "SECONDS_BETWEEN_TOUCHES", -1e9)  # so that each turn touches all
    (folder / names[80]).write_text("")
    noticed = False
    for _ in range(3):
        noticed = noticed or not store.touch(names)
        wait_for_upkeep()
    assert noticed


def test_the_loss_of_many_is_noticed_at_once(store: Store, folder: Path) -> None:
    names = keep_many(store, 300)
    store_module.clear(folder)
    assert not store.touch(names)


def keep_many(store: Store, count: int) -> list[str]:
    return [keep(store, f"original {number}") for number in range(count)]


def test_a_store_that_was_cleared_under_many_sessions_is_one_warning(
    store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sessions = [keep_many(store, 3), [keep(store, "other")]]
    store_module.clear(folder)
    assert [store.touch(names) for names in sessions * 2] == [False] * 4
    assert len(caplog.records) == 1
    assert "(3 of them)" in caplog.text


def test_what_cannot_be_written_again_is_tried_at_ever_fewer_turns(store: Store, folder: Path) -> None:
    name = keep(store, TEXT)
    (folder / name).unlink()
    (folder / name).mkdir()
    tries = [not store.touch([name]) for _ in range(16)]
    assert [turn for turn, is_tried in enumerate(tries, 1) if is_tried] == [1, 2, 4, 8, 16]
    (folder / name).rmdir()
    keep(store, TEXT)
    assert store.touch([name])
    (folder / name).unlink()
    assert not store.touch([name]), "it counts from the beginning"


def test_a_folder_out_of_reach_is_told_once_and_mends_itself(
    store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = keep_many(store, 3)
    for _ in range(2):
        folder.rename(folder.parent / "elsewhere")
        folder.write_text("in the way")
        assert [store.touch(names), store.touch(names)] == [True, True], "nothing can be written again now"
        assert store.keep("new") is None
        assert len(caplog.records) == 1
        assert "nothing more is left out" in caplog.text
        caplog.clear()
        folder.unlink()
        (folder.parent / "elsewhere").rename(folder)
        assert store.touch(names)
        assert not caplog.records


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_in_a_folder_that_cannot_be_written_now_what_is_there_is_still_touched(
    store: Store, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lost, there = keep(store, "lost"), keep(store, "there")
    (folder / lost).unlink()
    folder.chmod(0o755)
    for _ in range(3):
        age(folder / there, DAY)
        seen = (folder / there).stat().st_mtime
        assert store.touch([lost, there])
        assert store.touch([there])
        assert (folder / there).stat().st_mtime > seen
    assert len(caplog.records) == 1


@pytest.mark.parametrize("number", [errno.ENOTCONN, errno.ESTALE, errno.EACCES, errno.EIO], ids=errno.errorcode.get)
def test_any_failure_to_look_at_an_original_counts_as_a_loss(
    number: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = keep(store, TEXT)

    def fail(*_: object) -> os.stat_result:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "lstat", fail)
    assert not store.touch([name])


def test_a_turn_makes_few_calls_to_the_system(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    names = keep_many(store, 500)
    calls: Counter[str] = Counter()
    for function in ("access", "lstat", "utime", "open", "scandir", "listdir"):
        monkeypatch.setattr(os, function, counted(calls, function))
    assert store.touch(names)
    assert calls == {"lstat": 64, "access": 192, "utime": 1}


def counted(calls: Counter[str], name: str) -> Callable[..., object]:
    function = getattr(os, name)

    def call(*arguments: object, **named: object) -> object:
        calls[name] += 1
        return function(*arguments, **named)

    return call


def test_all_that_was_not_touched_for_an_hour_is_touched_at_the_next_turn(store: Store, folder: Path) -> None:
    names = keep_many(store, 300)
    for name in names:
        age(folder / name, 2 * 3600)
    now = folder.stat().st_mtime
    for _ in range(6):  # that they were dated back is noticed in turn
        assert store.touch(names)
        wait_for_upkeep()
    assert all((folder / name).stat().st_mtime >= now for name in names)


def test_what_another_store_has_touched_is_not_touched_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = Store(folder, 2**20), Store(folder, 2**20)
    name = keep(one, TEXT)
    age(folder / name, 2 * 3600)
    assert keep(other, TEXT) == name
    calls: Counter[str] = Counter()
    monkeypatch.setattr(os, "utime", counted(calls, "utime"))
    assert one.touch([name])
    assert calls == {"utime": 1}, "that of the folder"


def test_more_originals_than_are_known_are_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_MAX_KNOWN", 5)
    names = keep_many(store, 10)
    calls: Counter[str] = Counter()
    monkeypatch.setattr(os, "open", counted(calls, "open"))
    assert store.touch(names)
    assert calls["open"] >= 5


def test_of_many_that_are_not_known_a_turn_reads_few(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [keep(store, f"{number}".ljust(50_000)) for number in range(20)]
    other = Store(folder, 2**20)
    calls: Counter[str] = Counter()
    monkeypatch.setattr(os, "open", counted(calls, "open"))
    reads = []
    for _ in range(5):
        assert other.touch(names)
        reads.append(calls.pop("open", 0))
    assert reads == [6, 6, 6, 2, 0]


def test_a_huge_file_in_the_place_of_an_original_is_not_read(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = keep(store, TEXT)
    os.truncate(folder / name, 2**27)
    monkeypatch.setattr(os, "open", None)
    assert not Store(folder, 2**20).touch([name])
    assert not store.touch([name])
