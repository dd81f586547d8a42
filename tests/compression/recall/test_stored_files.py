"""The files of the store, as far as the tests of the store do not show them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from headroom_compression.recall import stored_files
from headroom_compression.recall.stored_files import Entry


def test_a_text_and_its_bytes_have_one_name() -> None:
    assert stored_files.name_of("\u2028") == stored_files.name_of_content(b"\xe2\x80\xa8")


def test_what_was_seen_last_stands_last(tmp_path: Path) -> None:
    names = [stored_files.name_of(str(number)) for number in range(5)]
    for number, name in enumerate(names):
        (tmp_path / name).write_text("x" * number)
        os.utime(tmp_path / name, (0, 100 - number))
    (tmp_path / "notes.txt").write_text("not ours")
    entries = [Entry(name, number, 100.0 - number) for number, name in enumerate(names)]
    assert stored_files.entries(tmp_path) == entries[::-1]


def test_a_folder_that_can_be_written_is_made(tmp_path: Path) -> None:
    stored_files.require_writable(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    with pytest.raises(PermissionError, match="cannot be written"):
        stored_files.require_writable(tmp_path)
