"""`python -m headroom_addon recall`, as a command of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from headroom_compression.recall.store import Store
from headroom_compression.recall.store import name_of
from headroom_proxy.commands import recall

ROOT = Path(__file__).parents[3]
TEXT = "one\r\ntwo\x1b[0m\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "headroom-addon"


def run(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"XDG_STATE_HOME": str(folder.parent), "PYTHONPATH": str(ROOT / "addon")} | variables
    command = [sys.executable, "-m", "headroom_addon", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder.parents[1])


def test_lists_shows_and_clears(folder: Path) -> None:
    name = Store(folder, 2**20).keep(TEXT)
    assert name
    listed = run(folder, "recall")
    assert listed.stdout.split()[:2] == [name, str(len(TEXT.encode()))]
    assert f"1 output, {len(TEXT.encode())} bytes, in {folder}" in listed.stdout
    assert run(folder, "recall", "list").stdout == listed.stdout
    assert run(folder, "recall", "show", str(folder / name)).stdout.encode() == TEXT.replace("\r\n", "\n").encode()
    assert run(folder, "recall", "--dir", str(folder), "clear").stdout == "1 deleted\n"
    assert "0 outputs, 0 bytes" in run(folder, "recall").stdout


@pytest.mark.parametrize("words", [("recall",), ("recall", "show", name_of(TEXT)), ("audit", "nothing.json"), ()])
def test_where_nobody_reads_what_is_said_no_command_stumbles(words: tuple[str, ...], folder: Path) -> None:
    Store(folder, 2**20).keep(TEXT)
    environment = os.environ | {"XDG_STATE_HOME": str(folder.parent), "PYTHONPATH": str(ROOT / "addon")}
    (folder / "nothing.json").write_text('{"input":[]}')
    shell = ["sh", "-c", '"$@" >&-', "sh", sys.executable, "-m", "headroom_addon", *words]
    finished = subprocess.run(shell, env=environment, capture_output=True, text=True, check=False, cwd=folder)
    assert "Traceback" not in finished.stderr
    assert finished.returncode == (1 if "audit" in words else 0)


@pytest.mark.parametrize("words", [("recall",), ("recall", "show", name_of(TEXT)), ("recall", "--help"), ()])
def test_a_reader_that_has_seen_enough_ends_a_command_as_it_ends_any_program(
    words: tuple[str, ...], folder: Path
) -> None:
    Store(folder, 2**20).keep(TEXT)
    environment = os.environ | {"XDG_STATE_HOME": str(folder.parent), "PYTHONPATH": str(ROOT / "addon")}
    command = [sys.executable, "-m", "headroom_addon", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == -signal.SIGPIPE


def test_a_path_may_stand_in_the_quotes_of_its_marker(tmp_path: Path) -> None:
    folder = tmp_path / "my state" / "headroom-addon"
    name = Store(folder, 2**20).keep(TEXT)
    for path in (f"{folder}/{name}", f"'{folder}/{name}'", str(name)):
        assert run(folder, "recall", "show", path).stdout.encode() == TEXT.replace("\r\n", "\n").encode()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("recall", "show", name_of(TEXT)), "No such file"),
        (("recall", "show", "../secret"), "no name of a stored original"),
        (("recall", "--dir", "relative"), "'relative' is not absolute"),
        (("recall", "--dir", "~nosuchuser/x", "list"), "home"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(words: tuple[str, ...], complaint: str, folder: Path) -> None:
    finished = run(folder, *words)
    assert finished.returncode == 1
    assert complaint in finished.stderr
    assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize("state", ["/tmp/a%b", "/tmp/%(prog)s", "/tmp/a]b"])  # noqa: S108  nothing is written there
def test_the_help_names_any_folder(state: str, folder: Path) -> None:
    finished = run(folder, "recall", "--help", XDG_STATE_HOME=state)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert f"{state}/headroom-addon" in "".join(finished.stdout.split())


def test_a_home_that_is_unknown_is_said_where_it_is_needed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr("headroom_proxy.state_folder.default_folder", fail)
    monkeypatch.setattr(recall, "default_folder", fail)
    assert recall.main(["--dir", str(folder), "list"]) == 0
    assert recall.main(["list"]) == 1
    assert capsys.readouterr().err == "headroom-addon recall: no home\n"


def test_another_word_is_an_error() -> None:
    finished = run(Path(__file__).parent / "nowhere", "recal")
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "usage: python -m headroom_addon [" in finished.stderr
