"""Which commands may run a program, by themselves or by a script of the project."""

from __future__ import annotations

import pytest
from tests.compression.bodies import command_call
from tests.compression.bodies import function_call

from headroom_compression.calls import read_call
from headroom_compression.runner_calls import runs_any_of

RUNS = (
    "jest",
    "npx jest --verbose 2>&1 | tail -n 50",
    "cd web && CI=1 node_modules/.bin/jest",
    "npm test",
    "pnpm run test:unit -- --run",
    "yarn jest",
    "make test",
    "timeout 300 npm test",
    "node --experimental-vm-modules node_modules/jest/bin/jest.js",
    "docker compose run --rm web npx jest",
    "nyc jest",
)
NO_RUNS = (
    "cat jest.log",
    "tail -n 300 /tmp/jest.txt",
    "grep -rn jest .",
    "npm test > out.txt 2>&1; cat out.txt",
    "npx mocha",
    "node server.js",
    "docker compose logs web",
    "timeout 5 cat log.txt",
    "",
)


@pytest.mark.parametrize("command", RUNS)
def test_runs(command: str) -> None:
    assert runs_any_of(read_call(command_call(command)), {"jest"})


@pytest.mark.parametrize("command", NO_RUNS)
def test_no_runs(command: str) -> None:
    assert not runs_any_of(read_call(command_call(command)), {"jest"})


def test_other_tools_run_nothing() -> None:
    assert not runs_any_of(None, {"jest"})
    assert not runs_any_of(read_call(function_call("read_file", {"path": "jest.log"})), {"jest"})
