"""`python -m headroom_addon recall`, as a command of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headroom_compression.recall import Store
from headroom_compression.recall import name_of

ROOT = Path(__file__).parents[2]
TEXT = "one\r\ntwo\x1b[0m\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "headroom-addon"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"XDG_STATE_HOME": str(folder.parent), "PYTHONPATH": str(ROOT / "addon")}
    command = [sys.executable, "-m", "headroom_addon", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder.parents[1])


def test_lists_shows_and_clears(folder: Path) -> None:
    name = Store(folder, 2**20).keep(TEXT)
    assert name
    listed = run(folder, "recall")
    assert listed.stdout.split()[:2] == [name, str(len(TEXT.encode()))]
    assert f"1 outputs, {len(TEXT.encode())} bytes, in {folder}" in listed.stdout
    assert run(folder, "recall", "list").stdout == listed.stdout
    assert run(folder, "recall", "show", str(folder / name)).stdout.encode() == TEXT.replace("\r\n", "\n").encode()
    assert run(folder, "recall", "--dir", str(folder), "clear").stdout == "1 deleted\n"
    assert "0 outputs, 0 bytes" in run(folder, "recall").stdout


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("recall", "show", name_of(TEXT)), "No such file"),
        (("recall", "show", "../secret"), "no name of a stored original"),
        (("recall", "--dir", "relative"), "not absolute"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(words: tuple[str, ...], complaint: str, folder: Path) -> None:
    finished = run(folder, *words)
    assert finished.returncode == 1
    assert complaint in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_another_word_is_an_error() -> None:
    finished = run(Path(__file__).parent / "nowhere", "recal")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "usage: python -m headroom_addon [" in finished.stderr
