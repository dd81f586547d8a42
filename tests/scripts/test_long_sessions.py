"""What the script says where the agents are not installed; tests/clients/test_long_sessions.py runs a short session."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import long_sessions
from tests.clients import installing


def test_without_the_agents_it_ends_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "CLIENTS", tmp_path)
    with pytest.raises(SystemExit, match=r"^[^\n]* is not installed: [^\n]*tests/README.md says$"):
        long_sessions.main()
