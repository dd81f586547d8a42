"""A session whose requests are told to a reporter, and what that logs."""

from __future__ import annotations

import logging

import pytest

from tests.proxy.reported import Session


@pytest.fixture
def session(caplog: pytest.LogCaptureFixture) -> Session:
    caplog.set_level(logging.INFO, "headroom_proxy")
    return Session()
