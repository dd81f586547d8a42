"""Which commands print findings, a line each."""

from __future__ import annotations

import pytest

from headroom_compression.calls.linters import prints_findings
from headroom_compression.calls.reading import read_call
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call


@pytest.mark.parametrize(
    "command",
    [
        "flake8 src",
        "cd api && uv run mypy --strict .",
        "python -m pylint src 2>&1 | tail -n 50",
        "npx -y markdownlint-cli2 docs/*.md 2>&1",
        "pnpm exec eslint -f unix src",
        "npx eslint -f unix src",
        "uvx ruff check --output-format concise",
        "yarn eslint -f unix . | sort",
        "bun eslint -f unix .",
        "ruff check . | tee findings.txt | head -40",
        'git status -s; flake8; echo "EXIT: $?"',
        "./node_modules/.bin/oxlint -f unix src",
    ],
)
def test_linters_and_what_shortens_their_list(command: str) -> None:
    assert prints_findings(read_call(command_call(command)))


@pytest.mark.parametrize(
    "command",
    [
        "make",
        "cat flake8",
        "flake8 src; cat src/a.py",
        "flake8 src; head -40 findings-of-yesterday.txt",
        "flake8 src; ls *.txt | xargs cat",
        "flake8 src; git show HEAD:a.py",
        'flake8 src; echo "$(cat a.py)"',
        "mypy . | grep error",
        "mypy . | awk '{print $1}'",
        "npx",
        "npx -y",
        "pnpm add eslint",
        "pip install flake8",
        "pytest --flake8",
    ],
)
def test_others_and_what_prints_files_as_well(command: str) -> None:
    assert not prints_findings(read_call(command_call(command)))


def test_other_tools() -> None:
    assert not prints_findings(read_call(function_call("flake8", {"path": "src"})))
    assert not prints_findings(None)
