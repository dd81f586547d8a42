"""Which commands count as running programs, and which as showing a log."""

from __future__ import annotations

import pytest

from headroom_compression.calls.programs import is_log
from headroom_compression.calls.programs import is_program_run
from headroom_compression.calls.programs import is_script_run
from headroom_compression.calls.programs import prints_file
from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.reading import read_call
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call

RUNS = (
    "pytest -x tests",
    "cd /repo && python -m pytest -q 2>&1 | tail -50",
    "/venv/bin/pytest -s",
    "python tests/runtests.py queries --settings=test_sqlite",
    "python3.12 -u worker.py",
    "python -W error -X dev -m pytest",
    "./manage.py migrate",
    "./gradlew test",
    "npx jest --ci",
    "uv run pytest",
    "poetry run python -m unittest",
    "yarn test",
    "bun run test",
    "bun --filter @shop/core test",
    "pnpm -r build",
    "pnpm --filter=web run lint",
    "bash deploy.sh",
    "CI=1 npm run build",
    "go test ./... -v",
    "timeout 600 python -m pytest -q",
    "timeout --foreground -k 5s -s KILL 2m go test ./...",
    "nice -n 5 npm test",
    "docker compose run --rm -e A=b web python -m pytest -q",
    "uv run --extra test --with x pytest",
    "uv run --project api python scripts/all.py",
    "npx prettier --check .",
    "yarn prettier -l src",
)
NO_RUNS = (
    "phpcs --report=diff src",
    "pylint --generate-rcfile",
    "vulture --make-whitelist src",
    "cat tests/data.txt",
    "sed -n '1,20p' a.py",
    "git show HEAD:a.py",
    "git diff",
    "grep -rh import .",
    "python -c 'print(open(\"a.py\").read())'",
    "python - < a.py",
    "python -m json.tool a.json",
    "python -W",
    "node -e 'console.log(1)'",
    "npx prettier a.ts",
    "uv run cat a.py",
    "timeout 60 cat a.py",
    "timeout 60",
    "uv run",
    "ruff format --diff .",
    "cargo fmt -- --check",
    "go doc fmt",
    "pytest && cat a.py",
    "pytest; cat a.py",
    "pytest | sed 's/a/b/'",
    "yarn prettier a.ts",
    "npx --no-install prettier a.ts",
    "docker compose exec web cat a.py make",
    "docker exec web python -c 'print(open(\"a.py\").read())' make",
    "python -c 'print(open(\"a.py\").read())' make",
    "uv run --extra x ruff format --diff .",
    "frobnicate --all",
    "python tools/show_lines.py src/a.py 10 40",
    "./bin/view.sh src/a.py",
    "uv run python file-viewer.py src/a.py",
    "python manage.py shell -c 'print(open(\"a.py\").read())'",
    "poetry",
    "pnpm --filter app sh -c 'cat src/a.py'",
    'pnpm -r bash -c "head -50 a.py"',
    "pnpm --filter app node -p 1",
    "yarn run prettier src/a.py",
    "bun --filter '*' -e code",
)
LOGS = (
    "journalctl -u ssh --since today",
    "docker logs --tail 200 web",
    "docker compose logs",
    "kubectl logs -n shop deploy/api | grep -v healthz",
    "tail -n 100 app.log",
    "tail -50 /var/log/syslog",
    "cat app.log.1 app.log",
    "zcat app.log.2.gz",
    "grep -i timeout /var/log/nginx/access.log",
    "sudo tail -100 /var/log/nginx/error.log",
    "gh run view 12 --log-failed",
)
NO_LOGS = (
    "cat app.log",
    "head -n 50 app.log",
    "tail -n +20 app.log",
    "sed -n '1,90p' app.log",
    "tail -n 50 notes.md",
    "tail -n 50 notes.md app.log",
    "cat logging.py log.txt",
    "grep log a.py",
    "tail",
    "docker ps",
    "kubectl get pods",
    "git log",
    "tail -n 9 app.log && cat a.py",
)


PROGRAMS: tuple[tuple[str, list[tuple[str, ...]]], ...] = (
    ("uv run python -m pytest -q", [("pytest", "-q")]),
    (".venv/bin/python -m coverage run -m unittest -v", [("coverage", "run", "-m", "unittest", "-v")]),
    ("coverage run -m pytest -q", [("pytest", "-q")]),
    ("timeout -k 5 600 pdm run pytest && nice ./manage.py test", [("pytest",), ("manage.py", "test")]),
    ("python3.9 -u -W ignore -m unittest -v", [("unittest", "-v")]),
    ("python -m", [("python", "-m")]),
    ("pytest -q > out.txt", []),
)


@pytest.mark.parametrize(("command", "expected"), PROGRAMS)
def test_names_the_programs_that_are_run(command: str, expected: list[tuple[str, ...]]) -> None:
    assert list(programs_run(read_call(command_call(command)))) == expected


@pytest.mark.parametrize("command", RUNS)
def test_is_a_program_run(command: str) -> None:
    assert is_program_run(read_call(command_call(command)))


@pytest.mark.parametrize("command", [*NO_RUNS, *LOGS, *NO_LOGS])
def test_is_no_program_run(command: str) -> None:
    assert not is_program_run(read_call(command_call(command)))


@pytest.mark.parametrize("command", LOGS)
def test_is_a_log(command: str) -> None:
    assert is_log(read_call(command_call(command)))


@pytest.mark.parametrize("command", [*NO_LOGS, *RUNS, *NO_RUNS])
def test_is_no_log(command: str) -> None:
    assert not is_log(read_call(command_call(command)))


@pytest.mark.parametrize("call", [None, read_call(function_call("Read", {"file_path": "app.log"}))])
def test_other_calls_are_neither(call: None) -> None:
    assert not is_program_run(call)
    assert not is_log(call)


PRINT_FILES = (
    "cat a.py",
    "cat",
    "jq . a.json",
    "head -n 50 a.log",
    "sort a.txt",
    "cut -f 3 a.tsv",
    "grep -n import a.py",
    "sed -n 1,20p a.py",
    "awk NR<9 a.txt",
    "git show HEAD:a.py",
    "xargs cat",
    "echo $(<a.py)",
    "printf done",
)
PRINT_NO_FILES = (
    "head -n 50",
    "tail -50",
    "uniq -c",
    "cut -f3-",
    "grep -v note",
    "sed s/a/b/",
    "tee a.log",
    "make all",
)


@pytest.mark.parametrize("words", [*PRINT_FILES, *PRINT_NO_FILES])
def test_filters_print_a_file_when_they_are_given_one(words: str) -> None:
    assert prints_file(words.split()) is (words in PRINT_FILES)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("grep -C5 8080 nginx.conf", True),
        ("grep -A99 401 old.txt", True),
        ("sed -n -e1,50p old.txt", True),
        ("do head f", True),
        ("then cat f", True),
        ("! cat f", True),
        ("grep -rn x", True),
        ("grep -i fail", False),
        ("grep -A 3 fail", False),
        ("tail -n 40", False),
        ("sed s/a/b/", False),
        ("do make", False),
    ],
)
def test_filters_print_a_file_where_they_are_given_one(words: str, *, expected: bool) -> None:
    assert prints_file(words.split()) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("python export.py --all", True),
        ("./export.sh", True),
        ("node -r ts-node/register scripts/export.ts", False),
        ("python export.py show", False),
        ("python -c 1", False),
        ("pytest -v", False),
        ("make", False),
    ],
)
def test_scripts_are_run_by_their_names_or_by_interpreters(words: str, expected: bool) -> None:  # noqa: FBT001  a column
    assert is_script_run(tuple(words.split())) is expected
