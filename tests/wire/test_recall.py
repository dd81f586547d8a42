"""Level recall on the wire: where the originals lie when a request arrives, and what happens when they cannot."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression.recall.store import clear
from tests.compression.support.recall_sessions import name_of
from tests.compression.support.recall_sessions import run_of_tests
from tests.wire.bodies import call
from tests.wire.bodies import message
from tests.wire.bodies import output
from tests.wire.bodies import request
from tests.wire.test_continued_answers import exchange
from tests.wire.test_continued_answers import json_reply
from tests.wire.test_continued_answers import post
from tests.wire.test_continued_answers import request as chained
from tests.wire.test_continued_answers import whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream
    from tests.wire.conftest import Http1
    from tests.wire.conftest import Http2

TEXT = run_of_tests(150)
BODY = request(call(command="pytest -v"), output(TEXT))
OTHER = run_of_tests(150, "carts")
GAP = b"left out here"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def recall(wire: Http1 | Http2, folder: Path) -> Http1 | Http2:
    wire.proxy.set(compress_level="recall", compress_recall_dir=str(folder))
    return wire


def test_the_original_is_in_its_file_and_the_request_is_what_the_core_makes(
    recall: Http1 | Http2, folder: Path
) -> None:
    received = recall.post(BODY).received.body
    settings = Settings(level="recall", recall_dir=str(folder), recall_stores=False)
    assert received == compress_request_body(BODY, settings).body
    assert GAP in received
    assert (folder / name_of(TEXT)).read_bytes() == TEXT.encode()


def test_a_later_turn_sees_the_file_again(recall: Http1 | Http2, folder: Path) -> None:
    first = recall.post(BODY).received.body
    path = folder / name_of(TEXT)
    before = path.stat().st_mtime - 2 * 3600  # not so old that a sweep, which may still go on, evicts it
    os.utime(path, (before, before))
    later = recall.post(request(call(command="pytest -v"), output(TEXT), call("d"), output("done", "d")))
    assert later.received.body.startswith(first.removesuffix(b"]}"))
    assert path.stat().st_mtime > before


def test_what_was_cleared_is_written_again(recall: Http1 | Http2, folder: Path) -> None:
    first = recall.post(BODY).received.body
    (folder / name_of(TEXT)).unlink()
    assert recall.post(BODY).received.body == first
    assert (folder / name_of(TEXT)).read_bytes() == TEXT.encode()


@pytest.mark.parametrize("content", ["", "changed", TEXT.replace("orders", "carts_")], ids=["", "shorter", "as long"])
def test_what_somebody_changed_is_written_again_at_the_next_turn(
    recall: Http1 | Http2, folder: Path, content: str, log: Callable[[], list[str]]
) -> None:
    first = recall.post(BODY).received.body
    (folder / name_of(TEXT)).write_text(content)
    assert [recall.post(later(turn)).received.body.startswith(first[:-2]) for turn in range(3)] == [True] * 3
    assert (folder / name_of(TEXT)).read_text() == TEXT
    assert len([line for line in log() if "gone or were changed (1 of them)" in line]) == 1


def later(turn: int) -> bytes:
    calls = [item for number in range(turn + 1) for item in (call(f"d{number}"), output("done", f"d{number}"))]
    return request(call(command="pytest -v"), output(TEXT), *calls)


def test_while_the_folder_is_out_of_reach_what_was_sent_stays_and_nothing_new_is_left_out(
    recall: Http1 | Http2, folder: Path, log: Callable[[], list[str]]
) -> None:
    first = recall.post(BODY).received.body
    folder.rename(folder.parent / "elsewhere")
    folder.write_text("in the way")
    texts = [run_of_tests(150, f"carts_{number}") for number in range(3)]
    runs = [
        item
        for number, text in enumerate(texts)
        for item in (call(f"n{number}", "pytest -v"), output(text, f"n{number}"))
    ]
    session = [call(command="pytest -v"), output(TEXT), *runs]
    during = [recall.post(request(*session[:count])).received.body for count in (4, 6)]
    assert [body.startswith(first[:-2]) for body in during] == [True, True]
    assert [body.count(GAP) for body in during] == [1, 1]
    folder.unlink()
    (folder.parent / "elsewhere").rename(folder)
    after = recall.post(request(*session)).received.body
    assert after.startswith(during[-1][:-2])
    assert after.count(GAP) == 2
    assert (folder / name_of(texts[-1])).read_text() == texts[-1]
    assert len([line for line in log() if "cannot be stored" in line or "gone" in line]) == 1


def test_what_was_cleared_under_a_chain_is_told_and_the_chain_goes_on(
    proxy: Proxy, upstream: Upstream, folder: Path, log: Callable[[], list[str]]
) -> None:
    proxy.set(compress_level="recall", compress_recall_dir=str(folder))
    assert GAP in exchange(proxy, upstream, post(BODY), json_reply(whole("resp_0", message("Done."))))
    clear(folder)
    run = (call("d", "pytest -v"), output(OTHER, "d"))
    for number, items in enumerate([(message("Go on."),), run, (message("Go on."),)]):
        body = chained(*items, previous_response_id=f"resp_{number}")
        reply = json_reply(whole(f"resp_{number + 1}", message("Done.")))
        assert (GAP in exchange(proxy, upstream, post(body), reply)) == (items is run), "there is room for new ones"
    assert [path.name for path in folder.iterdir()] == [name_of(OTHER)]
    assert len([line for line in log() if "gone or were changed (1 of them)" in line]) == 1


def test_without_a_place_for_the_original_nothing_is_left_out(
    recall: Http1 | Http2, folder: Path, log: Callable[[], list[str]]
) -> None:
    folder.rmdir()
    folder.write_text("in the way")
    assert [recall.post(BODY).passed_as_sent for _ in range(2)] == [True, True]
    assert len([line for line in log() if "cannot be stored" in line]) == 1


def test_over_the_limit_nothing_is_left_out(recall: Http1 | Http2, folder: Path) -> None:
    recall.proxy.set(compress_recall_limit=0)
    assert recall.post(BODY).passed_as_sent
    assert list(folder.iterdir()) == []


def test_a_dry_run_writes_nothing(wire: Http1 | Http2, folder: Path) -> None:
    wire.proxy.set(compress_dry_run=True, compress_level="recall", compress_recall_dir=str(folder))
    assert wire.post(BODY).passed_as_sent
    assert not folder.exists()


def test_a_client_that_cannot_open_files_here_gets_every_line(
    recall: Http1 | Http2, folder: Path, log: Callable[[], list[str]]
) -> None:
    forwarded = (b"x-forwarded-for", b"192.168.1.8")
    assert [recall.post(BODY, forwarded).passed_as_sent for _ in range(2)] == [True, True]
    assert list(folder.iterdir()) == []
    assert len([line for line in log() if "another machine" in line]) == 1
    assert GAP in recall.post(BODY).received.body


def test_at_level_lossless_nothing_is_left_out(wire: Http1 | Http2, folder: Path) -> None:
    wire.proxy.set(compress_recall_dir=str(folder))
    assert wire.post(BODY).passed_as_sent
    assert not folder.exists()
