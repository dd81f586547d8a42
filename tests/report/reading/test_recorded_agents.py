"""What agents recorded of one real session each, beside the outputs that they sent in it.

Made by `tests.clients.compared` with three calls: a file, a search in it, and the file again by a command. Prompts are
cut, paths are others; ids and times are those of the run.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from headroom_report.reading.history import read_history
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import RECORDED

AGENTS = RECORDED.with_name("recorded_agents")
SENT: dict[str, list[object]] = json.loads((AGENTS / "sent.json").read_text())
KINDS = {
    "cline.messages.json": "Cline session",
    "continue.session.json": "Continue session",
    "copilot.events.jsonl": "Copilot CLI events",
    "fast_agent.session": "fast-agent session",
    "goose.database.sql": "goose database",
    "hermes.database.sql": "Hermes database",
    "kimi_code.wire.jsonl": "Kimi Code session",
    "mini_swe_agent.traj.json": "mini-swe-agent trajectory",
    "mistral_vibe.session": "Mistral Vibe session",
    "oh_my_pi.session.jsonl": "pi session",
    "openclaw.database.sql": "OpenClaw database",
    "opencode.database.sql": "opencode database",
    "pi.session.jsonl": "pi session",
    "qwen_code.chat.jsonl": "Qwen Code chat",
}
MAIN_FILES = {"fast_agent.session": "session.json", "mistral_vibe.session": "CURRENT"}


def placed(name: str, path: Path) -> Path:
    """The recording as the agent keeps it, at a path that says nothing of it.

    Of one in several files it is that which names the others.
    """
    if name.endswith(".sql"):
        with closing(sqlite3.connect(path)) as database:
            database.executescript((AGENTS / name).read_text())
    elif name in MAIN_FILES:
        return shutil.copytree(AGENTS / name, path) / MAIN_FILES[name]
    else:
        shutil.copy(AGENTS / name, path)
    return path


@pytest.mark.parametrize("name", KINDS)
def test_a_recording_holds_the_outputs_that_were_sent(name: str, tmp_path: Path, notes: Notes) -> None:
    (session,) = read_history([placed(name, tmp_path / "file.bin")], notes.append)
    (stretch,) = session.stretches
    outputs = [item["output"] for item in stretch.items if item["type"] == "function_call_output"]
    assert session.kind == KINDS[name]
    assert outputs == SENT[name]
    assert len(requests_of(session)) == len(outputs) + 1
    assert notes == []


def test_each_recording_is_read() -> None:
    assert {path.name for path in AGENTS.iterdir()} - {"sent.json"} == KINDS.keys() == SENT.keys()
