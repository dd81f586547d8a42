"""Which commands may have run a program, by themselves, behind launchers or by a script of the project."""

from __future__ import annotations

import pytest

from headroom_compression.calls.launchers import commands_within
from headroom_compression.calls.launchers import may_run
from headroom_compression.calls.reading import read_call
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call

RUNNERS = {"pytest", "py.test", "jest", "manage.py"}
RUNS = (
    "jest",
    "npx jest --verbose 2>&1 | tail -n 50",
    "cd web && CI=1 node_modules/.bin/jest",
    "npm test",
    "CI=1 npm test",
    "pnpm run test:unit -- --run",
    "yarn jest",
    "make test",
    "timeout 300 npm test",
    "node --experimental-vm-modules node_modules/jest/bin/jest.js",
    "nyc jest",
    "cd shop && python manage.py test -v 2; echo $?",
    "source .venv/bin/activate && ./shop/manage.py test",
    "hatch run cov 2>&1 | tail -100; make test",
    "bash scripts/test.sh",
    "node scripts/all.js",
    "source .venv/bin/activate; bash scripts/test -v",
    "timeout 600 ./run-tests -v && echo done",
    "git pull; uv run python -Wd -m manage.py",
    "pytest -k diff",
    "uv run pytest -k cat",
    "jest show",
)
# Some of them are known, some are not.
LAUNCHED = (
    "docker compose run --rm web {}",
    "docker compose exec -T -e A=b web {}",
    "docker run --rm -v $(pwd):/app -w /app node:22 {}",
    'docker run --rm -v "$PWD:/app" node:22 {}',
    "podman exec -it web {}",
    "kubectl exec -n shop web-0 -- {}",
    "nice -n 5 {}",
    "ionice -c 3 nice {}",
    "time -p {}",
    "/usr/bin/time -v {}",
    "env -i -u X A=b {}",
    "uv run --extra test {}",
    "uv run --with jest --with pytest -p 3.12 --project api {}",
    "poetry run {}",
    "pipenv run {}",
    "hatch run {}",
    "pdm run {}",
    "rye run {}",
    "npx --no-install {}",
    "bunx {}",
    "pnpm exec {}",
    "pnpm dlx {}",
    "bundle exec {}",
    "sudo -u postgres -E {}",
    "doas -u dev {}",
    "xvfb-run -a -s '-screen 0 9x9x9' {}",
    "stdbuf -oL {}",
    "unbuffer {}",
    "timeout --signal=KILL -k 5 5m {}",
    "nohup setsid {}",
    "strace -f -o x {}",
    "direnv exec . {}",
    "nix develop -c {}",
    "conda run -n x --no-capture-output {}",
    "mise exec -- {}",
    "asdf exec {}",
    "dotenv -- {}",
    "cross-env A=b {}",
    "python -m {}",
    "python3.12 -X dev -m coverage run -m {}",
    "coverage run --branch -m {}",
    "some-wrapper --with its -o wn {}",
    "{} > out.txt 2>&1; tail -400 out.txt",
    "{} 2>&1 | tee out.txt",
    "{} |& tail -400",
    "{} &> out.txt; cat out.txt",
    "(cd api && {})",
    "(cd api; ({}) )&& echo done",
    "./server & {}; kill %1",
    "set -e; {} || true",
    "# the tests that don't pass\n{}",
    "docker compose run \\\n  --rm web \\\n  {}",
    "cd $(git rev-parse --show-toplevel) && {}",
)
LINES = (
    "bash -c 'cd api && {}'",
    'docker exec web sh -c "cd api && nice {}"',
    "script -q -c '{}' /dev/null",
    "nix-shell --run '{}'",
    "ssh host 'cd api; {}'",
    "docker exec web bash -lc \"nice sh -c '{}'\"",
)
NO_RUNS = (
    "cat jest.log",
    "cat jest",
    "tail -n 300 /tmp/jest.txt",
    "grep -rn jest .",
    "sudo -u dev grep -rn jest src",
    "npx mocha",
    "docker compose logs web",
    "docker logs jest",
    "docker exec jest cat /app/log.txt",
    "docker exec web cat jest.js",
    "docker exec web sh -c 'cat jest.sh | head'",
    "ssh host 'cat /srv/pytest.py'",
    "uv run cat log.txt",
    "npm exec -- cat log.txt",
    "timeout 5 cat log.txt",
    "pip install pytest && cat log.txt",
    "uv add pytest && cat log.txt",
    "npm install --save-dev jest && cat log.txt",
    "git log jest",
    "git diff -- manage.py",
    "echo jest",
    "cat > a.sh <<EOF\njest\nEOF",
    "ls `jest",
    "./show config.toml && scripts/print a.txt",
    "test -f a.txt && cat a.txt",
    ".venv/bin/prettier a.ts; ls",
    "python -",
    "for i in 1 2; do ./manage.py test; done",
    "if ! jest; then npm test; fi",
    "git status && cat a.txt",
    "cat shop/shop/manage.py && git status",
    "",
)


@pytest.mark.parametrize("command", RUNS)
def test_runs(command: str) -> None:
    assert may_run(read_call(command_call(command)), RUNNERS)


@pytest.mark.parametrize("launcher", [*LAUNCHED, *LINES])
@pytest.mark.parametrize("runner", ["jest", "pytest -v"])
def test_runs_what_a_launcher_starts(launcher: str, runner: str) -> None:
    assert may_run(read_call(command_call(launcher.format(runner))), {runner.split(maxsplit=1)[0]})


@pytest.mark.parametrize("launcher", [*LAUNCHED[:1], *LAUNCHED[-9:], *LINES])
def test_prints_a_file_where_a_launcher_starts_cat(launcher: str) -> None:
    assert not may_run(read_call(command_call(launcher.format("cat jest"))), {"jest"})


@pytest.mark.parametrize("command", NO_RUNS)
def test_no_runs(command: str) -> None:
    assert not may_run(read_call(command_call(command)), RUNNERS)


def test_other_tools_run_nothing() -> None:
    assert not may_run(None, {"jest"})
    assert not may_run(read_call(function_call("read_file", {"path": "jest.log"})), {"jest"})


def test_the_commands_within_others_are_read() -> None:
    assert commands_within("nice sh -c \"cd a && sh -c 'pytest -k b'\"") == (
        ("nice", "sh", "-c", "cd a && sh -c 'pytest -k b'"),
        ("cd", "a"),
        ("sh", "-c", "pytest -k b"),
        ("pytest", "-k", "b"),
    )
