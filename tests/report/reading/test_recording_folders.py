"""The newest recordings of each agent, where agents keep them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from headroom_report.reading.recording_folders import newest_recordings
from headroom_report.reading.recording_folders import recording_folders

FILES = (
    ".codex/sessions/2026/01/02/rollout-2026-01-02.jsonl",
    ".claude/projects/-app/some.jsonl",
    ".local/share/opencode/opencode.db",
    ".local/share/kilo/kilo.db",
    ".local/share/goose/sessions/sessions.db",
    ".openclaw/agents/main/agent/openclaw-agent.sqlite",
    ".copilot/session-state/some/events.jsonl",
    ".pi/agent/sessions/--app--/some.jsonl",
    ".omp/agent/sessions/-app/some.jsonl",
    ".qwen/projects/-app/chats/some.jsonl",
    ".kimi-code/sessions/wd_app/session_1/agents/main/wire.jsonl",
    ".cline/data/sessions/some/some.messages.json",
    ".continue/sessions/0-1.json",
    ".vibe/logs/session/unified/some/CURRENT",
    ".hermes/state.db",
    ".config/mini-swe-agent/last_mini_run.traj.json",
)
OTHERS = (
    ".codex/sessions/notes.md",
    ".local/share/opencode/opencode.db-wal",
    ".local/share/goose/projects.json",
    ".continue/sessions/sessions.json",
    ".cline/data/sessions/some/some.json",
    ".hermes/state.db-wal",
    ".vibe/logs/session/unified/some/meta.json",
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (*FILES, *OTHERS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_each_agent_has_its_place(home: Path) -> None:
    assert newest_recordings({}) == [home / name for name in FILES]


def test_an_agent_may_be_told_another_place(home: Path) -> None:
    there = {"CODEX_HOME": "/srv/codex", "XDG_DATA_HOME": str(home / "data"), "CLAUDE_CONFIG_DIR": "~/elsewhere"}
    folders = [place.folder for place in recording_folders(there)]
    assert folders[:3] == [Path("/srv/codex/sessions"), home / "elsewhere/projects", home / "data/opencode"]


def test_goose_has_its_data_in_a_folder_of_its_root() -> None:
    folders = [place.folder for place in recording_folders({"GOOSE_PATH_ROOT": "/srv/goose"})]
    assert Path("/srv/goose/data/sessions") in folders


def test_a_variable_of_two_agents_names_their_folder_once(home: Path) -> None:
    there = {"PI_CODING_AGENT_DIR": str(home / ".pi/agent")}
    assert newest_recordings(there).count(home / ".pi/agent/sessions/--app--/some.jsonl") == 1


def test_what_an_agent_keeps_where_it_worked_is_found_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Path(".fast-agent/sessions/some")
    (tmp_path / kept).mkdir(parents=True)
    for name in ("session.json", "history_agent.json"):
        (tmp_path / kept / name).touch()
    monkeypatch.chdir(tmp_path)
    assert kept / "session.json" in newest_recordings({})
    assert kept / "history_agent.json" not in newest_recordings({})


def test_the_newest_rollouts_are_those_with_the_latest_names(tmp_path: Path) -> None:
    for day, name in (("02", "rollout-2026-01-02.jsonl"), ("01", "rollout-2026-01-01.jsonl.zst")):
        (tmp_path / "sessions" / day).mkdir(parents=True)
        (tmp_path / "sessions" / day / name).touch()
    there = {"CODEX_HOME": str(tmp_path)}
    names = [path.name for path in newest_recordings(there) if path.is_relative_to(tmp_path)]
    assert names == ["rollout-2026-01-01.jsonl.zst", "rollout-2026-01-02.jsonl"]
    assert [path.name for path in newest_recordings(there, 1) if path.is_relative_to(tmp_path)] == names[1:]


def test_of_others_the_newest_are_those_changed_last(home: Path) -> None:
    folder = home / ".pi/agent/sessions/--app--"
    for second, name in enumerate(("b.jsonl", "some.jsonl", "a.jsonl")):
        (folder / name).touch()
        os.utime(folder / name, (second, second))
    found = [path.name for path in newest_recordings({}, 2) if path.parent == folder]
    assert found == ["some.jsonl", "a.jsonl"]
