"""`python -m headroom_addon audit` as a program: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import headroom_addon
from headroom_proxy.commands import audit
from headroom_proxy.commands.audit import main
from tests.report import agent_files
from tests.report.reads import RECORDED
from tests.report.reads import reads

ROLLOUT = str(RECORDED / "code_mode.rollout.jsonl")

AGENTS: dict[str, Callable[[Path], object]] = {
    ".codex/sessions/2026/11/25/rollout-2026-11-25T19-33-39-some.jsonl": partial(shutil.copy, ROLLOUT),
    ".claude/projects/-app/some.jsonl": partial(shutil.copy, RECORDED / "claude_code.transcript.jsonl"),
    ".local/share/opencode/opencode.db": agent_files.opencode,
    ".local/share/kilo/kilo.db": agent_files.opencode,
    ".copilot/session-state/some/events.jsonl": agent_files.copilot,
    ".pi/agent/sessions/--app--/some.jsonl": agent_files.pi,
    ".qwen/projects/-app/chats/some.jsonl": agent_files.qwen,
    ".cline/data/sessions/some/some.messages.json": agent_files.cline,
    ".continue/sessions/0-1.json": agent_files.continue_,
}

Captured = pytest.CaptureFixture[str]


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "headroom_addon", "audit", *arguments]


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(headroom_addon.__file__).parent), **variables}


def test_the_program_reads_rollouts_of_codex_by_default_and_touches_no_store(tmp_path: Path) -> None:
    folder = tmp_path / "sessions" / "2026" / "11" / "25"
    folder.mkdir(parents=True)
    shutil.copy(ROLLOUT, folder / "rollout-2026-11-25T00-00-00-some.jsonl")
    shutil.copy(ROLLOUT, folder / "other.jsonl")
    homes = {name: str(tmp_path / "home") for name in ("HOME", "XDG_STATE_HOME")}
    done = subprocess.run(
        program("--level", "recall"),
        capture_output=True,
        text=True,
        check=False,
        env=environment(CODEX_HOME=str(tmp_path), **homes),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 session, 5 requests (Codex rollout); level recall" in done.stdout
    assert not (tmp_path / "home").exists()


def test_without_arguments_the_recordings_of_every_agent_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    for name in ("CODEX_HOME", "CLAUDE_CONFIG_DIR", "XDG_DATA_HOME", "PI_CODING_AGENT_DIR", "CONTINUE_GLOBAL_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main([]) == 1
    assert f"no files in {tmp_path}/.codex/sessions, " in capsys.readouterr().err
    for place, write in AGENTS.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True)
        write(path)
    assert main(["--json"]) == 0
    printed = capsys.readouterr()
    kinds = {session["kind"] for session in json.loads(printed.out)["sessions"]}
    copies = printed.err.count("holds no request that an earlier session did not hold")
    assert len(kinds) + copies == len(AGENTS), "the agents of these tests did the same work"
    assert kinds >= {"Codex rollout", "Claude Code transcript", "Qwen Code chat", "Cline session", "Continue session"}


def test_tables_are_printed_and_a_page_is_written(tmp_path: Path, capsys: Captured) -> None:
    page = tmp_path / "page.html"
    assert main([str(RECORDED), "--html", str(page)]) == 0
    printed = capsys.readouterr()
    assert "4 sessions, 23 requests (Claude Code transcript, Codex rollout); level lossless" in printed.out
    assert printed.err == ""
    assert page.read_text().startswith("<!doctype html>")


def test_figures_for_machines_are_the_only_output_and_settings_count(capsys: Captured) -> None:
    figures = {}
    for references in ("eager", "off"):
        assert main([str(RECORDED), "--json", "--references", references]) == 0
        figures[references] = json.loads(capsys.readouterr().out)
        assert figures[references]["references"] == references
    assert figures["eager"]["new"]["before"] == figures["off"]["new"]["before"]
    assert figures["eager"]["new"]["saved"] > figures["off"]["new"]["saved"] > 0


def test_a_file_that_cannot_be_read_is_told_in_a_line_beside_the_others(tmp_path: Path, capsys: Captured) -> None:
    foreign = tmp_path / "notes\x1b[2J\n.md"
    foreign.write_text("# Notes")
    assert main([str(foreign), ROLLOUT, str(tmp_path / "none")]) == 0
    assert capsys.readouterr().err.splitlines() == [
        f"{tmp_path}/notes\\x1b[2J .md: no JSON, and no mitmproxy flows",
        f"{tmp_path}/none: No such file or directory",
    ]


def test_many_such_files_are_counted(tmp_path: Path, capsys: Captured) -> None:
    for number in range(25):
        (tmp_path / f"{number}.md").write_text("# Notes")
    assert main([str(tmp_path), ROLLOUT]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 5 more such lines"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param(["none"], "nothing could be measured", id="nothing to read"),
        pytest.param(["."], "no files in .; name files or folders to read", id="empty folder"),
        pytest.param([], "no files in home/sessions, ", id="no rollouts"),
        pytest.param([ROLLOUT, "--html", "none/page.html"], "none is no folder", id="no place for the page"),
        pytest.param([ROLLOUT, "--html", "."], ". is a folder", id="a folder for the page"),
        pytest.param([ROLLOUT, "--html", "pipe"], "pipe is no regular file", id="a pipe for the page"),
    ],
)
def test_an_error_is_a_line_and_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, arguments: list[str], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODEX_HOME", "home")
    monkeypatch.setenv("HOME", str(tmp_path))
    if "pipe" in arguments:
        os.mkfifo("pipe")
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[-1].startswith("headroom-addon audit: ")
    assert reason in printed.err.splitlines()[-1]


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = program(ROLLOUT)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


def test_letters_that_the_terminal_lacks_are_escaped(tmp_path: Path) -> None:
    path = tmp_path / "漢.json"
    path.write_text(json.dumps({"source": "some agent", "input": reads(2)}))
    done = subprocess.run(
        program(str(path)), capture_output=True, check=False, env=environment(PYTHONIOENCODING="ascii")
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\n\\u6f22  " in done.stdout


def test_an_interruption_is_a_line(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "audit", interrupt)
    assert main([ROLLOUT]) == 1
    assert capsys.readouterr().err == "headroom-addon audit: interrupted\n"


def test_a_wrong_word_is_told_by_the_program() -> None:
    done = subprocess.run(
        program("--references", "some"), capture_output=True, text=True, check=False, env=environment()
    )
    assert done.returncode == 2
    assert "invalid choice: 'some'" in done.stderr.splitlines()[-1]


def test_a_terminal_sees_how_far_it_is() -> None:
    ours, theirs = pty.openpty()
    command = program(str(RECORDED))
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=True, env=environment())
    os.close(theirs)
    seen = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "4 of 4" in seen
    assert seen.endswith("\r\x1b[K")
    assert done.stdout


def test_a_file_that_is_named_twice_counts_once(tmp_path: Path, capsys: Captured) -> None:
    shutil.copy(ROLLOUT, tmp_path / "rollout.jsonl")
    assert main([str(tmp_path), str(tmp_path / "rollout.jsonl")]) == 0
    printed = capsys.readouterr()
    assert "1 session, 5 requests" in printed.out
    assert printed.err == ""


def test_a_folder_without_files_is_not_taken_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (tmp_path / "sessions").mkdir()
    shutil.copy(ROLLOUT, tmp_path / "sessions" / "rollout-1.jsonl")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("CODEX_HOME", str(tmp_path))
    assert main([str(tmp_path / "empty")]) == 1
    assert "no files in" in capsys.readouterr().err


@pytest.mark.parametrize("home", ["~nobody-of-this-name/x", "/home/100%done"])
def test_an_odd_home_is_no_traceback(home: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("CODEX_HOME", home)
    monkeypatch.setenv("HOME", "/nonexistent")
    assert main([]) == 1
    assert capsys.readouterr().err.startswith("headroom-addon audit: ")
    assert main([ROLLOUT]) == 0
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])


def test_a_budget_is_measured_beside_the_figures(capsys: Captured) -> None:
    assert main(["--budget", "20000", str(RECORDED)]) == 0
    assert "a budget of 20,000 tokens: 0 checkpoints in 0 sessions, " in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--budget", "100", str(RECORDED)])
    assert "0, and whole numbers from 20,000 on" in capsys.readouterr().err
