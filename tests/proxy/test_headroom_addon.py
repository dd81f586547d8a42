"""The script as a module; test_mitmdump.py has it loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import headroom_addon
from headroom_proxy.addon import HeadroomAddon


def test_offers_one_addon() -> None:
    assert [type(addon) for addon in headroom_addon.addons] == [HeadroomAddon]


def test_prints_its_path(tmp_path: Path) -> None:
    script = Path(headroom_addon.__file__).resolve()
    printed = subprocess.run(
        [sys.executable, "-m", "headroom_addon"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(script.parent)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert printed.stdout == f"{script}\n"


def test_the_proxy_starts_without_what_only_its_commands_need() -> None:
    code = "import sys, headroom_addon; sys.exit('headroom_report.reading.formats' in sys.modules)"
    folder = str(Path(headroom_addon.__file__).parent)
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=folder).returncode == 0
