"""The option that writes expected outputs, and the same hypothesis examples in every run."""

from __future__ import annotations

import os

import hypothesis
import pytest

hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("thorough", hypothesis.settings.get_profile("repeatable"))
hypothesis.settings.register_profile("exploring", deadline=None, max_examples=1_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="write the expected files of tests/cases; never a keep file, never an output that breaks an invariant",
    )


@pytest.fixture
def update_cases(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-cases"))
