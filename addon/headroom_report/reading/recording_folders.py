"""Where coding agents keep the recordings of their sessions, and which of these are the newest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NEWEST = 50


@dataclass(frozen=True, slots=True)
class RecordingFolder:
    """folder: where one agent keeps its recordings. pattern: which files in it they are."""

    folder: Path
    pattern: str


def recording_folders(environment: Mapping[str, str] = os.environ) -> tuple[RecordingFolder, ...]:
    """The folders of all agents that are known here. Raises RuntimeError if the home folder is unknown."""
    home = Path.home()
    data = _folder(environment, "XDG_DATA_HOME", home / ".local/share")
    configuration = _folder(environment, "XDG_CONFIG_HOME", home / ".config")
    return (
        RecordingFolder(_folder(environment, "CODEX_HOME", home / ".codex") / "sessions", "**/rollout-*.jsonl*"),
        RecordingFolder(_folder(environment, "CLAUDE_CONFIG_DIR", home / ".claude") / "projects", "*/*.jsonl"),
        RecordingFolder(data / "opencode", "opencode*.db"),
        RecordingFolder(data / "kilo", "kilo*.db"),
        RecordingFolder(_folder(environment, "GOOSE_PATH_ROOT", data / "goose", "data") / "sessions", "sessions.db"),
        RecordingFolder(
            _folder(environment, "OPENCLAW_STATE_DIR", home / ".openclaw") / "agents", "*/agent/openclaw-agent.sqlite"
        ),
        RecordingFolder(home / ".copilot/session-state", "*/events.jsonl"),
        RecordingFolder(_folder(environment, "PI_CODING_AGENT_DIR", home / ".pi/agent") / "sessions", "*/*.jsonl"),
        RecordingFolder(home / ".qwen/projects", "*/chats/*.jsonl"),
        RecordingFolder(
            _folder(environment, "KIMI_CODE_HOME", home / ".kimi-code") / "sessions", "*/*/agents/*/wire.jsonl"
        ),
        RecordingFolder(home / ".cline/data/sessions", "*/*.messages.json"),
        RecordingFolder(_folder(environment, "CONTINUE_GLOBAL_DIR", home / ".continue") / "sessions", "*-*.json"),
        RecordingFolder(
            _folder(environment, "MSWEA_GLOBAL_CONFIG_DIR", configuration / "mini-swe-agent"), "*.traj.json"
        ),
    )


def newest_recordings(environment: Mapping[str, str] = os.environ, count: int = NEWEST) -> list[Path]:
    """So many of each agent, the oldest of them first."""
    return [path for place in recording_folders(environment) for path in _newest(place, count)]


def _newest(place: RecordingFolder, count: int) -> list[Path]:
    """By the time of the last change; Codex compresses old files later, but has the time in their names."""
    by_name = place.pattern.startswith("**/rollout-")
    found = _files(place)
    if by_name:
        return sorted(found, key=lambda path: path.name)[-count:]
    return sorted(found, key=lambda path: (_changed(path), path.name))[-count:]


def _files(place: RecordingFolder) -> Iterator[Path]:
    try:
        yield from place.folder.glob(place.pattern)
    except OSError:
        return  # a folder that may not be read holds nothing for us


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _folder(environment: Mapping[str, str], name: str, otherwise: Path, within: str = "") -> Path:
    """The folder `within` the one that the variable names, else `otherwise`."""
    chosen = environment.get(name)
    return Path(chosen).expanduser() / within if chosen else otherwise
