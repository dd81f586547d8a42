"""Where level recall keeps its files. `python -m headroom_addon recall` works on the same folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from headroom_compression.recall.store import check_path


def default_folder() -> Path:
    """Where programs keep what is neither configuration nor mere cache, by the rules of the platform."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "headroom-addon"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/headroom-addon"
    given = Path(os.environ.get("XDG_STATE_HOME") or "")  # a relative path is to be ignored
    return (given if given.is_absolute() else Path.home() / ".local/state") / "headroom-addon"


def folder_of(given: str) -> Path:
    """The folder that `compress_recall_dir` names, the default one when it is empty.

    Raise ValueError for what is no absolute path or cannot stand in a marker, RuntimeError if the home is unknown.
    """
    folder = Path(given).expanduser() if given else default_folder()
    check_path(folder)
    return folder
