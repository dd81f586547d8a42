"""A user's files: found, told apart by what they hold, and told of where they hold nothing."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from headroom_report.reading.formats import har
from headroom_report.reading.history import files_in
from headroom_report.reading.history import read_history
from headroom_report.values.sessions import Session
from tests.compression.support.bodies import request_body
from tests.report import agent_files
from tests.report.conftest import Notes
from tests.report.conftest import Traffic
from tests.report.conftest import requests_of
from tests.report.reads import RECORDED
from tests.report.reads import reads


def sessions_in(notes: Notes, *paths: Path) -> list[Session]:
    return list(read_history(paths, notes.append))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("code_mode.rollout.jsonl", "Codex rollout", id="rollout"),
        pytest.param("claude_code.transcript.jsonl", "Claude Code transcript", id="transcript"),
    ],
)
def test_a_file_is_known_by_what_it_holds(tmp_path: Path, notes: Notes, name: str, kind: str) -> None:
    path = tmp_path / "file.bin"
    shutil.copy(RECORDED / name, path)
    assert [session.kind for session in sessions_in(notes, path)] == [kind]


@pytest.mark.parametrize(
    ("write", "kind"),
    [
        pytest.param(agent_files.copilot, "Copilot CLI events", id="copilot"),
        pytest.param(agent_files.pi, "pi session", id="pi"),
        pytest.param(agent_files.qwen, "Qwen Code chat", id="qwen"),
        pytest.param(agent_files.cline, "Cline session", id="cline"),
        pytest.param(agent_files.continue_, "Continue session", id="continue"),
        pytest.param(agent_files.opencode, "opencode database", id="opencode"),
    ],
)
def test_what_an_agent_keeps_is_known_by_what_it_holds(
    tmp_path: Path, notes: Notes, write: Callable[[Path], None], kind: str
) -> None:
    path = tmp_path / "file.bin"
    write(path)
    assert [(session.kind, requests_of(session)) for session in sessions_in(notes, path)] == [(kind, [1, 3, 5])]
    assert notes == []


def test_recorded_traffic_is_known_by_what_it_holds(traffic: Traffic, notes: Notes) -> None:
    sessions = sessions_in(notes, traffic.flows, traffic.har)
    assert [(session.kind, requests_of(session)) for session in sessions] == [
        ("mitmproxy flows", [1, 3, 5, 7]),
        ("HAR", [1, 3, 5, 7]),
    ]


def test_files_of_one_request_each_are_a_session_together(tmp_path: Path, notes: Notes) -> None:
    for number, end in enumerate((1, 3, 5)):
        (tmp_path / f"{number}.json").write_bytes(request_body(*reads(2)[:end]))
    (session,) = sessions_in(notes, *files_in(tmp_path))
    assert (session.name, session.kind, requests_of(session)) == (tmp_path.name, "recorded requests", [1, 3, 5])


@pytest.mark.parametrize(
    ("count", "told"),
    [
        pytest.param(1, "1 request continues an answer that was not recorded, and counts as a beginning", id="one"),
        pytest.param(2, "2 requests continue answers that were not recorded, and count as beginnings", id="two"),
    ],
)
def test_requests_without_their_beginning_are_told(tmp_path: Path, notes: Notes, count: int, told: str) -> None:
    for number in range(count):
        body = request_body(*reads(2), previous_response_id=f"resp_{number}")
        (tmp_path / f"{number}.json").write_bytes(body)
    sessions_in(notes, *files_in(tmp_path))
    assert notes == [f"{tmp_path}: {told}"]


def test_requests_in_the_folder_at_hand_are_named_like_it(
    tmp_path: Path, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "request.json").write_bytes(request_body(*reads(2)))
    monkeypatch.chdir(tmp_path)
    (session,) = sessions_in(notes, Path("request.json"))
    assert session.name == tmp_path.name


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(gzip.compress(b"{}"), "gzip: unpack it first", id="gzip"),
        pytest.param(b"\x00\x01\x02", "no JSON, and no mitmproxy flows", id="binary"),
        pytest.param(b"# Notes", "no JSON, and no mitmproxy flows", id="text"),
        pytest.param(
            b'{"model":"m","messages":[]}', "a request of another API (`messages`, not `input`)", id="other API"
        ),
        pytest.param(b'{"name":"package"}', "JSON, but no session or request that is known here", id="other JSON"),
        pytest.param(b"20:9:websocket;0:", "broken off, or no flow file that this mitmproxy can read", id="cut flows"),
        pytest.param(b'{"type":"session_meta","payload":{}}', "a rollout without items", id="empty rollout"),
        pytest.param(
            b'{"log":{"entries":[]}}', "no requests to the Responses API that could be measured", id="empty HAR"
        ),
    ],
)
def test_a_file_of_something_else_is_told_in_one_line(
    tmp_path: Path, notes: Notes, content: bytes, reason: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert sessions_in(notes, path) == []
    assert notes[0] == f"{path}: {reason}"


def test_a_file_that_no_reader_foresaw_stops_no_other(
    tmp_path: Path, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, good = tmp_path / "1", tmp_path / "2"
    odd.write_text(json.dumps({"log": {"entries": []}}))
    monkeypatch.setattr(har, "read", lambda _: (_ for _ in ()).throw(TypeError("private text")))
    good.write_text(json.dumps({"source": "some", "input": reads(1)}))
    assert [session.name for session in sessions_in(notes, odd, good, tmp_path / "none")] == ["2"]
    assert notes == [f"{odd}: cannot be read (TypeError)", f"{tmp_path / 'none'}: No such file or directory"]


def test_each_file_is_named_before_it_is_read(tmp_path: Path, notes: Notes) -> None:
    begun: list[Path] = []
    assert list(read_history([tmp_path / "a", tmp_path / "b"], notes.append, begun.append)) == []
    assert begun == [tmp_path / "a", tmp_path / "b"]


def test_files_of_a_folder_are_taken_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a", ".git/config", "b/.hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [str(path.relative_to(tmp_path)) for path in files_in(tmp_path)] == ["a", "b/1", "b/2"]
    assert files_in(tmp_path / "b" / ".hidden") == [tmp_path / "b" / ".hidden"]


def test_folders_that_cannot_be_read_are_told(tmp_path: Path, notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "a.json").write_text("{}")
    scan, is_file = os.scandir, Path.is_file

    def scandir(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    def is_file_or_not(path: Path) -> bool:
        if path.name == "a.json":
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "is_file", is_file_or_not)
    assert files_in(tmp_path, notes.append) == [tmp_path / "a.json"]
    assert notes == [f"{tmp_path}/shut: Permission denied"]
