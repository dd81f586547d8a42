"""The script as a module; test_mitmdump.py has it loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import headroom_addon
from headroom_proxy.addon import HeadroomAddon


def test_offers_one_addon() -> None:
    assert [type(addon) for addon in headroom_addon.addons] == [HeadroomAddon]


def test_installs_nothing_beside_its_own_packages() -> None:
    """Of an installed wheel; of a checkout there is only a path to it."""
    try:
        files = metadata.files("headroom-addon") or []
    except metadata.PackageNotFoundError:
        pytest.skip("the project is not installed here")
    tops = {file.parts[0] for file in files if file.parts[0] not in {"..", "__pycache__"}}
    assert [top for top in tops if not top.lstrip("_").startswith("headroom")] == []


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


@pytest.mark.parametrize(
    "module",
    [
        pytest.param("headroom_report.reading.formats", id="what only its commands need"),
        pytest.param("headroom_compression.compress", id="what a thread imports then"),
        pytest.param("headroom_compression.session.conversation", id="what that imports"),
        pytest.param("headroom_compression.client_text", id="what that imports and a report needs too"),
    ],
)
def test_the_proxy_starts_without(module: str) -> None:
    code = f"import sys, headroom_addon; sys.exit('{module}' in sys.modules)"
    folder = str(Path(headroom_addon.__file__).parent)
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=folder).returncode == 0


def test_requests_import_nothing_of_the_core_once_it_is_loaded() -> None:
    code = """if True:
        import json, sys
        import headroom_addon
        import headroom_compression as core
        core.load()
        loaded, memory = {*sys.modules}, core.Memory()
        output = {"type": "function_call_output", "call_id": "call_1", "output": "a line\\n" * 50}
        first, second = (json.dumps({"input": [output] * times}).encode() for times in (1, 2))
        assert core.compress_request_body(first, memory=memory).report.tool_texts
        assert core.compress_new_items(second, core.Settings(), memory, 10_000).report.tool_texts
        sys.exit(" ".join(module for module in {*sys.modules} - loaded if module.startswith("headroom")))
    """
    folder = str(Path(headroom_addon.__file__).parent)
    ran = subprocess.run([sys.executable, "-c", code], check=False, cwd=folder, capture_output=True, text=True)
    assert ran.stderr.strip() == ""
