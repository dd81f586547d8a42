"""Rollouts that Codex 0.169 wrote (instructions and what else is long were cut), and lines that older ones wrote."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from headroom_report.reading.formats import rollouts
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.values.items import is_output
from headroom_report.values.sessions import Session
from headroom_report.values.usage_sums import UsageSum
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import FORK
from tests.report.reads import RECORDED

ROLLOUTS = sorted(RECORDED.glob("*rollout*"))
COMPACTED, FORKED = (path for path in ROLLOUTS if path.name.startswith("rollout-"))


def session_in(path: Path, notes: Notes) -> Session:
    opening = notes.opening(path)
    assert rollouts.recognises(opening)
    (session,) = rollouts.read(opening)
    return session


def write(path: Path, *lines: tuple[str, Item]) -> Path:
    entries = ({"timestamp": "2026-01-01T00:00:00Z", "type": kind, "payload": payload} for kind, payload in lines)
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    return path


def test_a_session_in_code_mode(notes: Notes) -> None:
    session = session_in(RECORDED / "code_mode.rollout.jsonl", notes)
    (stretch,) = session.stretches
    assert requests_of(session) == [7, 9, 11, 13, 15]
    assert stretch.items[0]["type"] == "additional_tools"
    assert sum(map(is_output, stretch.items)) == 4
    assert session.fixed == (), "its instructions are one of the items"
    assert session.usage == UsageSum(74875, 57304, 227)
    assert notes == []


def test_a_compaction_begins_a_new_history(notes: Notes) -> None:
    session = session_in(COMPACTED, notes)
    assert [len(stretch.ends) for stretch in session.stretches] == [4, 2]
    assert session.stretches[1].items[-1]["content"][0]["text"] == "Everything read."
    assert not any(map(is_output, session.stretches[1].items[:3]))
    assert session.fixed[0].startswith("You are Codex")


def test_a_fork_goes_on_from_the_rollout_that_it_names(notes: Notes) -> None:
    base, fork = session_in(COMPACTED, notes), session_in(FORKED, notes)
    assert fork.name == f"2026-11-25 19:33 project {FORK[-8:]}"
    assert fork.stretches[0].items[: fork.stretches[0].copied] == base.stretches[-1].items
    assert min(requests_of(fork)[:1]) > fork.stretches[0].copied > 0
    assert fork.usage
    assert base.usage
    assert fork.usage.input < 100_000, "what was forked from counts there"
    assert notes == []


def test_a_fork_without_its_base_is_told(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / FORKED.name
    shutil.copy(FORKED, path)
    assert session_in(path, notes).stretches[0].copied == 0
    assert notes == [f"{path}: the rollout that it was forked from is gone, so its beginning is missing"]


def test_the_base_of_a_fork_may_lie_in_the_folder_of_another_day(tmp_path: Path, notes: Notes) -> None:
    first, second = tmp_path / "sessions" / "2026" / "11" / "24", tmp_path / "sessions" / "2026" / "11" / "25"
    for source, folder in ((COMPACTED, first), (FORKED, second)):
        folder.mkdir(parents=True)
        shutil.copy(source, folder)
    assert session_in(second / FORKED.name, notes).stretches[0].copied > 0


@pytest.mark.parametrize(
    "thread", [pytest.param("../../rollout-x", id="a path"), pytest.param("itself", id="itself, for ever")]
)
def test_a_base_that_is_none_is_told(tmp_path: Path, notes: Notes, thread: str) -> None:
    base = {"thread_id": thread, "end_ordinal_exclusive": 9}
    meta, item = ("session_meta", {"id": "some", "history_base": base}), ("response_item", message("One."))
    session = session_in(write(tmp_path / "rollout-itself.jsonl", meta, item), notes)
    assert session.stretches[0].items[-1] == message("One.")
    assert [note.partition(": ")[2] for note in notes] == [
        "the rollout that it was forked from is gone, so its beginning is missing"
    ]


def test_a_fork_of_a_fork_holds_all_of_its_history(tmp_path: Path, notes: Notes) -> None:
    for number in range(3):
        base = {"history_base": {"thread_id": f"t{number - 1}", "end_ordinal_exclusive": 9}} if number else {}
        meta, item = ("session_meta", {"id": f"t{number}", **base}), ("response_item", message(f"Turn {number}."))
        write(tmp_path / f"rollout-t{number}.jsonl", meta, item)
    (stretch,) = session_in(tmp_path / "rollout-t2.jsonl", notes).stretches
    assert [item["content"] for item in stretch.items] == ["Turn 0.", "Turn 1.", "Turn 2."]
    assert (stretch.copied, notes) == (2, [])


def test_turns_that_the_user_took_back_are_gone(tmp_path: Path, notes: Notes) -> None:
    turn = ("event_msg", {"type": "task_started"})
    session = session_in(
        write(
            tmp_path / "file",
            turn,
            ("response_item", message("One.")),
            ("response_item", command_call("ls")),
            turn,
            ("response_item", message("Two.")),
            ("event_msg", {"type": "thread_rolled_back", "num_turns": 1}),
            ("response_item", message("Three.")),
        ),
        notes,
    )
    assert [item.get("content") for item in session.stretches[1].items] == ["One.", None, "Three."]


def test_turns_that_were_taken_back_one_after_the_other(tmp_path: Path, notes: Notes) -> None:
    turn, back = ("event_msg", {"type": "task_started"}), ("event_msg", {"type": "thread_rolled_back", "num_turns": 1})
    said = [(turn, ("response_item", message(text))) for text in ("One.", "Two.", "Three.")]
    path = tmp_path / "file"
    lines = [line for pair in said for line in pair]
    session = session_in(write(path, *lines, back, back, ("response_item", message("Four."))), notes)
    assert [item["content"] for item in session.stretches[-1].items] == ["One.", "Four."]
    assert notes == []
    session_in(write(path, *lines, ("compacted", {"message": "Summary."}), back), notes)
    assert notes == [f"{path}: turns that were taken back before a compaction count as sent again"]


def test_a_compaction_of_older_versions_keeps_what_the_user_said(tmp_path: Path, notes: Notes) -> None:
    session = session_in(
        write(
            tmp_path / "file",
            ("response_item", message("One.")),
            ("response_item", command_call("ls")),
            ("response_item", function_output("a.py")),
            ("response_item", {"type": "ghost_snapshot"}),
            ("compacted", {"message": "Summary."}),
            ("response_item", message("Two.")),
        ),
        notes,
    )
    assert [len(stretch.items) for stretch in session.stretches] == [3, 3]
    assert [item["content"] for item in session.stretches[1].items] == ["One.", "Summary.", "Two."]


def test_a_rollout_without_items_is_foreign(tmp_path: Path, notes: Notes) -> None:
    opening = notes.opening(write(tmp_path / "file", ("session_meta", {"id": "some"})))
    with pytest.raises(ForeignFileError, match="without items"):
        list(rollouts.read(opening))
