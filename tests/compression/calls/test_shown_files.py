"""Which commands can show what stands in a file."""

from __future__ import annotations

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.calls.shell_words import simple_commands
from headroom_compression.calls.shown_files import may_print_file
from headroom_compression.calls.shown_files import may_show_file
from headroom_compression.calls.shown_files import only_reports
from headroom_compression.calls.shown_files import prints_no_report
from headroom_compression.calls.shown_files import shows_file
from headroom_compression.calls.shown_files import shows_no_file
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call


@pytest.mark.parametrize(
    "command",
    [
        "find . -name '*.py' -exec grep -n x {} ';'",
        "apt install -y tree",
        "sudo apt-get update && sudo apt-get install -y build-essential | tail -40",
        "for n in 1 2 3; do apt-get update; done",
        "terraform apply -auto-approve; echo done",
        "rg -h x src",
        "grep -E 'colou?r|[Gg]ray' src/a.css",
        "rg '^\\s*def \\w+' src/a.py",
        "curl -s http://localhost:8080/health",
        "npm ci && npm test; ls -l README",
        "kubectl get pods -A",
        "kubectl get pods -n shop -o wide | grep -v Running",
        "npm test 2>&1 | grep -A 3 FAIL | tail -40",
        "mise run fmt && mise run lint && mise run test:ci 2>&1 | tail -30",
        "make fmt; make test",
        "if test -f a.py; then git status; fi",
    ],
)
def test_commands_that_show_no_file(command: str) -> None:
    assert shows_no_file(read_call(command_call(command)))


@pytest.mark.parametrize(
    "command",
    [
        "cat a.py",
        "cat README",
        "apt install jq; cat /etc/hosts",
        "head -40 README",
        "sort names",
        "prettier a.js",
        "./show src/a.py",
        "./show < a.py",
        "find . -name a -exec cat {} ';'",
        "find . -exec grep -l x {} ';' -exec cat {} ';'",
        "grep -A 40 'def x' a.py",
        "grep -nC5 x src/*.py",
        "rg --after-context=40 x a.py",
        "ls | xargs cat",
        "ls | xargs -n 1 sh -c 'cat $0; grep x $0'",
        "for f in *; do cat $f; done",
        "docker exec web sh -c 'cat a'",
        "sh -c 'grep -c x a; cat b'",
        "python -c 'print(open(name).read())'",
        "git show HEAD:a",
        "git diff",
        'echo "$(<a.py)"',
        "grep -v '^$' a.py",
        "grep -hv x src/*.py",
        "rg --invert-match x a.py",
        "rg --passthru x a.py",
        "jq . a.json",
        "diff a b",
        "./show README",
        "gofmt a.go; go test ./...",
        "cargo fmt -- --check; cargo test",
        "make fmt; make show",
        "npm run format -- --diff",
        "show README; ls",
        "sudo ./show README",
        "docker exec web ./show README",
        "find . -name README -exec ./show {} +",
        "if true; then ./show README; fi",
        "./ls README",
        "git stash show -p",
        "docker compose exec web show README",
        "curl -s https://raw.host.example/main/README",
        "curl -s https://host.example/main/README",
        "./show grep README",
        "cat <<EOF\na\nEOF",
        "grep -C5 8080 nginx.conf",
        "curl -s http://localhost:8080/health; grep -A99 1 package.json",
        "curl -so package.json http://localhost:8080/a && grep -m 9 1 package.json",
        "grep -rh .",
        "grep -rh '' conf",
        "rg -IN . conf",
        "rg -U 'server.*}' conf",
        "rg server -r x conf",
        "grep -E 'def |$' a.py",
        "grep -E '^|def' a.py",
        "grep 'def\\|$' a.py",
        "grep '\\S' a.py",
        "grep '[^[:space:]]' a.py",
        "grep -E '[]a-z]+' a.py",
        "rg -N 'x*' a.py",
        "grep -e def -e '$' a.py",
        "grep -ve'^#' sshd_config; ls",
        "cp nginx.conf /dev/stdout",
        "ip netns exec blue cat nginx.conf",
        "brew cat nginx",
        "find . -name x -fprint /dev/stdout",
        "docker start -ai x",
        "type f",
        "apt-get changelog x",
        "date -f a.py",
        "git checkout -qp",
        "git status -vvv",
        "git tag -n99",
        "kubectl get cm x -o yaml",
        "kubectl -n shop get cm x -ojson",
        "oc get cm x --output=jsonpath={.data}",
        "kubectl get cm x --template={{.data.a}}",
        "F='cat nginx.conf'; $F",
        "alias s='cat a.py'; s",
        "./dump-config",
        "nginx -T",
        "./wait_for_database 2>&1 | sort | uniq",
        "",
    ],
)
def test_commands_that_may_show_a_file(command: str) -> None:
    assert not shows_no_file(read_call(command_call(command)))


@pytest.mark.parametrize(
    "command",
    [
        "ls -la src",
        "pwd && ls -l | head -20 | grep py",
        "cd app; ls -la 2>/dev/null || true",
        "for d in a b; do echo $d; ls -l $d; done",
        "git checkout main && /bin/ls -l",
        "sudo ls -l /root; echo done",
        "grep -rc x src",
        "grep -Eic 'x|y' src/*.py",
        "rg -ic x src",
        "rg --count-matches x",
    ],
)
def test_commands_that_only_report(command: str) -> None:
    assert only_reports(read_call(command_call(command))) == ("echo $d" not in command)


@pytest.mark.parametrize(
    "command",
    [
        "ls -l; cat listing",
        "grep drwx listing",
        "ls -l | sort - listing",
        "ls -l | tee /dev/stderr README",
        "npm run listing",
        "./ls -l",
        "./grep listing",
        "./echo listing",
        "./docker ps",
        "/usr/bin/sort listing",
        "find . -exec ls -l {} +",
        "ls -l < listing",
        "ssh host ls -l",
        "",
        "rg -tc x src",
        "rg -tcpp x src",
        "rg -rc x src",
        "grep -ec src/a.py",
        "grep -rfc src",
    ],
)
def test_commands_that_may_do_more(command: str) -> None:
    assert not only_reports(read_call(command_call(command)))


def test_other_tools_are_not_known() -> None:
    call = read_call(function_call("list_directory", {"path": "src"}))
    assert not only_reports(call)
    assert not shows_no_file(call)
    assert not only_reports(None)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("grep 8080 nginx.conf", True),
        ("do sed -n 5p a.txt", True),
        ("npm test | grep 8080", False),
        ("tail -n 40", False),
        ("sort < names.txt", True),
        ("npm ci; tail -40 <old.log", True),
        ("sort < /dev/null", False),
    ],
)
def test_a_pattern_may_be_a_number_and_a_file_stand_behind_an_operator(command: str, *, expected: bool) -> None:
    call = read_call(command_call(command))
    assert call is not None
    assert shows_file(call) is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("git show HEAD:a.py", True),
        ("git status -s", False),
        ('echo "EXIT: $?"', False),
        ('echo "$OUTPUT"', True),
        ("tail -40", False),
        ("tail -40 a.txt", True),
        ("tail -40 < a.txt", True),
        ("ls *.txt | xargs cat", True),
        ("ruff check . | tee a.txt", False),
    ],
)
def test_a_program_prints_a_file_unless_it_reports(command: str, *, expected: bool) -> None:
    assert any(map(may_print_file, simple_commands(command))) is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("ls -la", True),
        ("git status", True),
        ("nl -ba package.json", True),
        ("nl -ba package.json | sed -n '1,9p'", True),
        ("cat -n package.json", True),
        ("grep -n a package.json", True),
        ("grep -rin a .", True),
        ("egrep -Hrnw a .", True),
        ("grep -A3 -n a package.json", True),
        ("rg -wn a", True),
        ("rg --line-number a", True),
        ("grep -en package.json", False),
        ("grep -r --include=*.json name .", False),
        ("rg -rn name", False),
        ("ag -n name", False),
        ("cat src/a.py", True),
        ("sed -n '1,40p' a.go", True),
        ("rg a", False),
        ("cat package.json", False),
        ("cat notes.md", False),
        ("cat a.py b.json", False),
        ("python run.py", False),
        ("echo '{}'", False),
        ("curl -s https://a.example/runs", False),
    ],
)
def test_commands_whose_output_cannot_begin_as_a_report(command: str, *, expected: bool) -> None:
    call = read_call(command_call(command))
    assert call is not None
    assert prints_no_report(call) is expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("cat a.log", True),
        ("make; git show HEAD:a.log", True),
        ("timeout 5 git cat-file -p HEAD:a.log", True),
        ("git clone https://example.com/a", False),
        ("./cart_test | tail -100", False),
        ("curl -O https://example.com/a.bin", False),
    ],
)
def test_a_file_may_come_from_the_history(command: str, *, expected: bool) -> None:
    call = read_call(command_call(command))
    assert call is not None
    assert may_show_file(call) is expected
