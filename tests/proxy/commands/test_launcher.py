"""The command `headroom-addon`: what it makes of its words, and that it serves."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from headroom_proxy.commands.launcher import check_folder_of_mitmproxy
from headroom_proxy.commands.launcher import mitmdump_arguments
from headroom_proxy.options import NAMES
from tests.starting import log_of_start

SCRIPT = Path("/somewhere/headroom_addon.py")
COMMAND = Path(sys.executable).with_name("headroom-addon")
OURS = ["-s", str(SCRIPT), "--listen-host", "127.0.0.1"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], []),
        (["--compress-passthrough"], ["--set", "compress_passthrough=true"]),
        (["--compress-passthrough", "false", "-p", "8081"], ["--set", "compress_passthrough=false", "-p", "8081"]),
        (["--compress-dry-run", "--quiet"], ["--set", "compress_dry_run=true", "--quiet"]),
        (["--compress-passthrough=1"], ["--set", "compress_passthrough=true"]),
        (["--compress-passthrough=Off"], ["--set", "compress_passthrough=false"]),
        (["--compress-passthrough=maybe"], ["--set", "compress_passthrough=maybe"]),
        (["--compress-level", "recall", "-p", "8081"], ["--set", "compress_level=recall", "-p", "8081"]),
        (["--compress-level=recall"], ["--set", "compress_level=recall"]),
        (["--compress-only", "~d a=b"], ["--set", "compress_only=~d a=b"]),
        (["--compress-memory", "-1"], ["--set", "compress_memory=-1"]),
        (["--set", "compress_passthrough=true", "--quiet"], ["--set", "compress_passthrough=true", "--quiet"]),
        (["--listen-host", "::1", "--mode=reverse:https://a"], ["--listen-host", "::1", "--mode=reverse:https://a"]),
    ],
    ids=" ".join,
)
def test_words_become_those_of_mitmdump(words: list[str], expected: list[str]) -> None:
    assert mitmdump_arguments(SCRIPT, words) == OURS + expected


def test_every_option_has_a_flag() -> None:
    for name in NAMES:
        flag = f"--{name.replace('_', '-')}=1"
        assert "--set" in mitmdump_arguments(SCRIPT, [flag])


@pytest.mark.parametrize("words", [["--compress-level"], ["--compress-level", "-p", "8081"]])
def test_a_flag_without_its_value_is_refused(words: list[str]) -> None:
    with pytest.raises(ValueError, match="--compress-level needs a value"):
        mitmdump_arguments(SCRIPT, words)


@pytest.mark.parametrize(
    ("flag", "complaint"),
    [
        ("--compress-levl", "there is no option --compress-levl; did you mean --compress-level?"),
        ("--compres-only=~d", "there is no option --compres-only; did you mean --compress-only?"),
        ("--headroom-level", "there is no option --headroom-level; did you mean --compress-level?"),
        ("--compress-everything", "there is no option --compress-everything"),
    ],
)
def test_a_misspelt_flag_is_refused(flag: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}$"):
        mitmdump_arguments(SCRIPT, [flag, "recall"])


@pytest.mark.parametrize("words", [["--set", "confdir={}"], ["--set=confdir={}"]], ids=" ".join)
def test_a_folder_that_mitmproxy_cannot_have_is_said_in_a_line(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    there = [word.format(tmp_path / "file" / "folder") for word in words]
    with pytest.raises(ValueError, match=r"mitmproxy cannot write to .*; choose another folder with --set confdir="):
        check_folder_of_mitmproxy(there)
    check_folder_of_mitmproxy([*there, "--version"])
    check_folder_of_mitmproxy([word.format(tmp_path / "new") for word in words])


def test_without_a_word_it_is_the_folder_of_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    with pytest.raises(ValueError, match=re.escape(f"{tmp_path}/file/.mitmproxy;")):
        check_folder_of_mitmproxy(["--compress-passthrough"])


@pytest.fixture
def command() -> Path:
    if not COMMAND.exists():
        pytest.skip("the project is not installed here")
    return COMMAND


def test_it_serves_on_loopback_with_the_addon_on(command: Path, tmp_path: Path) -> None:
    words = [str(command), "--compress-passthrough", "--listen-port", "0", "--set", f"confdir={tmp_path}"]
    log = log_of_start(words, {"PYTHONUNBUFFERED": "1"})
    assert re.search(r"headroom-addon [0-9.]+: on, level lossless", log)
    assert re.search(r"listening at 127\.0\.0\.1:[0-9]+", log)


@pytest.mark.parametrize(
    ("word", "complaint"),
    [("--compress-level", "--compress-level needs a value"), ("--compress-level=some", "allowed are lossless, recall")],
)
def test_what_cannot_be_is_said_and_it_does_not_start(word: str, complaint: str, command: Path, tmp_path: Path) -> None:
    words = [str(command), "--set", f"confdir={tmp_path}", "--listen-port", "0", word]
    finished = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert finished.returncode
    assert complaint in finished.stdout + finished.stderr


@pytest.mark.parametrize("name", ["audit", "recall"])
def test_it_runs_the_commands_too(name: str, command: Path) -> None:
    ran = subprocess.run([str(command), name, "--help"], capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"usage: python -m headroom_addon {name} ")


def test_help_begins_with_our_options(command: Path) -> None:
    said = subprocess.run([str(command), "--help"], capture_output=True, text=True, check=False, timeout=60).stdout
    places = [said.index(f"  --{name.replace('_', '-')}") for name in NAMES]
    assert max(places) < said.index("mitmdump:") < said.index("--listen-host")


@pytest.mark.parametrize("word", ["--help", "--options", "--version"])
def test_a_reader_that_has_seen_enough_is_no_error(word: str, command: Path) -> None:
    with subprocess.Popen([str(command), word], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == -signal.SIGPIPE
