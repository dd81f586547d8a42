"""The commands, as mitmproxy calls them."""

from __future__ import annotations

import logging
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mitmproxy.exceptions import CommandError

from headroom_proxy.figures.mitmproxy_commands import ReportCommands
from tests.proxy.reported import SETTINGS
from tests.proxy.reported import Session
from tests.proxy.reported import answer
from tests.proxy.reported import body

if TYPE_CHECKING:
    from mitmproxy.test import taddons


@pytest.fixture
def session(context: taddons.context) -> Session:
    session = Session()
    session.send(body(1), answer(1000))
    context.master.addons.add(ReportCommands(session.reporter, lambda: SETTINGS, lambda: None))
    return session


def test_stats(context: taddons.context, session: Session) -> None:
    assert context.master.commands.execute("headroom.stats") == session.reporter.stats()


def test_a_report_is_a_page_for_its_user_only(
    context: taddons.context, session: Session, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    page = tmp_path / "a report.html"
    context.master.commands.execute(f'headroom.report "{page}"')
    assert page.read_text().startswith("<!doctype html>")
    assert f"{session.saved():,}" in page.read_text()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert caplog.messages[-1] == f"headroom: the report is in {page}"


@pytest.mark.parametrize("path", ["none/report.html", "~nobody-of-this-name/report.html", "re\0port.html"])
def test_a_report_that_cannot_be_written(
    context: taddons.context, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    del session
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="cannot be written"):
        context.master.commands.call("headroom.report", path)
