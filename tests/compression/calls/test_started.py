"""Which programs a command starts, and what it shows of files."""

from __future__ import annotations

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.calls.started import commands_without_own_files
from headroom_compression.calls.started import started_programs
from headroom_compression.calls.started import starts_printer
from tests.compression.support.bodies import command_call


@pytest.mark.parametrize(
    "command",
    [
        "npm ci",
        "cd web && CI=1 npm ci 2>&1 | tail -50",
        "(cd web && npm ci) 2>&1",
        "docker compose exec -T web npm ci",
        "docker exec web bash -lc 'cd web && nice -n 5 npm ci'",
        "ssh host 'npm ci'",
        "if ! /usr/bin/npm ci; then exit 1; fi",
        "timeout 60 stdbuf -oL npm ci > out.txt 2>&1; tail out.txt",
    ],
)
def test_what_any_launcher_starts(command: str) -> None:
    assert ("npm", "ci") in started_programs(read_call(command_call(command)))


@pytest.mark.parametrize("command", ["docker logs npm", "docker compose logs npm ci", "echo npm ci", ""])
def test_what_is_not_started(command: str) -> None:
    assert ("npm", "ci") not in started_programs(read_call(command_call(command)))


@pytest.mark.parametrize(
    ("command", "is_shown"),
    [
        ("make > out.txt 2>&1; tail -50 out.txt", False),
        ("make &> /tmp/make.log || cat /tmp/make.log", False),
        ("cd api && make > out.txt; cat out.txt", False),
        ("(cd api && make > /tmp/out.txt); cat /tmp/out.txt", False),
        ("(cd api && make > out.txt); cat out.txt", True),
        ("make > out.txt; cd api; cat out.txt", True),
        ("make 2> err.txt; cat err.txt", True),
        ("make >> out.txt; cat out.txt", True),
        ("cat out.txt; make > out.txt", True),
        ("make > out.txt; cat out.txt notes.txt", True),
        ("python gen.py > carts.py; cat carts.py", True),
        ("make; cat out.txt", True),
        ("make > out.txt; grep -c warning out.txt; tail out.txt", False),
        ("make > out.txt; ssh host 'cat out.txt'", True),
        ("make > out.txt; cat out.txt; ssh host 'cat out.txt'", True),
        ("ssh host 'make > /tmp/out.txt'; cat /tmp/out.txt", True),
        ("make; echo 'as in > out.txt'; cat out.txt", True),
        ("make # > out.txt\ncat out.txt", True),
        ("[[ a > out.txt ]]; make; cat out.txt", True),
        ("make > out$N.txt; cat out", True),
        ("test -f a || make > out.txt; cat out.txt", True),
        ("if test -f a; then make > out.txt; fi; cat out.txt", True),
        ("make > out.txt; cp old.txt out.txt; cat out.txt", True),
    ],
)
def test_files_that_the_command_has_written_itself(command: str, is_shown: bool) -> None:  # noqa: FBT001  a row of a table
    shown = [words for words in commands_without_own_files(command) if words[0] in {"cat", "tail"}]
    assert bool(shown) is is_shown


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("cat", "build.log"), True),
        (("docker", "exec", "web", "cat", "build.log"), True),
        (("docker", "exec", "web", "make"), False),
        (("yarn", "add", "diff"), False),
        (("sudo", "-u", "dev", "cat", "build.log"), True),
        (("chroot", "/srv", "tail", "build.log"), True),
        (("find", ".", "-name", "*.log", "-exec", "cat", "{}", "+"), True),
        (("find", ".", "-name", "*.log", "-delete"), False),
        (("unzip", "-p", "logs.zip", "build.log"), True),
        (("unzip", "-q", "logs.zip"), False),
        (("tar", "-xOzf", "logs.tgz", "build.log"), True),
        (("tar", "xzf", "logs.tgz"), False),
        (("gunzip", "-c", "build.log.gz"), True),
        (("gunzip", "build.log.gz"), False),
        (("cp", "build.log", "/dev/stdout"), True),
        (("perl", "-ne", "print", "build.log"), True),
        (("python3", "-uc", "print(open('build.log').read())"), True),
        (("python3", "-m", "pip", "install", "celery"), False),
        (("deno", "eval", "Deno.readTextFileSync('build.log')"), True),
    ],
)
def test_printers_behind_launchers(words: tuple[str, ...], expected: bool) -> None:  # noqa: FBT001  a row of a table
    assert starts_printer(words) is expected
