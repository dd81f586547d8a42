"""Clients that are installed once for all tests, each in a folder of its own below `.venv/clients`."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.clients.command_line import CLIENTS


class NotInstalledError(Exception):
    """Says which client, and why."""


def installed(name: str, commands: Sequence[Sequence[str]], *, may_install: bool, path: Sequence[Path] = ()) -> Path:
    """The folder that the commands fill, which say "{folder}" for it; they are run if they were not before.

    path: folders that they have on their path before those of this process.
    """
    CLIENTS.mkdir(parents=True, exist_ok=True)
    with (CLIENTS / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the tests of several processes need the same client
        folder = CLIENTS / name
        is_complete = folder / "complete"
        if is_complete.exists():
            return folder
        if not may_install:
            raise NotInstalledError(f"{name} is not installed: set HEADROOM_CLIENT_TESTS=1")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for command in commands:
            _run(name, [part.format(folder=folder) for part in command], path)
        is_complete.touch()
        return folder


def _run(name: str, command: list[str], path: Sequence[Path]) -> None:
    environment = os.environ | {"PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]])}
    program = shutil.which(command[0])
    if program is None:
        raise NotInstalledError(f"{name} cannot be installed: there is no {command[0]}")
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        lines = f"{done.stdout}\n{done.stderr}".splitlines()
        reason = next((line for line in lines if "error" in line.lower()), f"exit code {done.returncode}")
        raise NotInstalledError(f"{name} cannot be installed: {reason}")
