"""Which commands and tools print matches with file names, and which print paths."""

from __future__ import annotations

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.calls.searches import counts_paths_first
from headroom_compression.calls.searches import prints_matches
from headroom_compression.calls.searches import prints_only_matches
from headroom_compression.calls.searches import prints_paths
from headroom_compression.calls.searches import revisions
from headroom_compression.calls.tool_call import ToolCall

MATCHES = [
    "grep -rn x src",
    "grep -n x a.py b.py",
    "g'r'\"e\"\\p -rn x src",
    "grep -n x src/*.py",
    "grep -Hn x a.py",
    "grep -rn x src | grep -v test | sort | head -40",
    "egrep -Rn x .",
    "rg -n x",
    "rg x src --vimgrep",
    "rg -C 3 x src/",
    "rg -n x $(go env GOPATH)/pkg/mod -g '*.go'",
    "rg -n x ~/go/pkg/mod/github.com/acme/shop@v0.25.0",
    "grep -rn x vendor/shop-1.2.3",
    "rg -n x .github",
    "git grep -n x",
    "git --no-pager grep -n x -- src",
    "ag x",
    "pwd && rg -n x src",
    "echo '== x' && grep -rn x src | head -40",
    "rg -n x src; rg -n y src",
    "rg -n x src\necho\nrg -n y src || true",
    "rg -n x; find . -name '*.py'",
    "find . -name '*.py' | xargs grep -n x",
    "git ls-files -z | xargs -0 -n 20 rg -n x | head -40",
    "rg -l x | xargs -I {} grep -Hn y {}",
    "find . -name '*.py' -exec grep -n x {} +",
    "find . -exec grep -Hn x {} ';'",
    "git status --short; rg -n x src",
    "for p in x y; do rg -n $p src; done",
    "if rg -n x src; then echo found; fi",
    "(cd app && rg -n x src)",
    "rg -n x \\\n  src",
    "rg -n x src | tee found.txt",
    "docker ps && rg -n x src",
]
PATHS = [
    "find . -name '*.py' -type f",
    "find /repo 2>/dev/null | head -40",
    "fd -t f py",
    "git ls-files",
    "git ls-files | sort",
    "rg --files src",
    "rg -l x",
    "grep -rl x src",
    "grep -rL x src",
    "git grep --name-only x",
    "ls src/*.py tests/*.py",
    "find . -name '*.py' | xargs grep -l x | head -20",
    "find . -name '*.py' -exec grep -l x {} +",
]
NEITHER = [
    "cat notes; rg -n x src",
    "./show README; rg -n x src",
    "for f in *; do cat $f; done; rg -n x src",
    "while read f; do rg -n x $f; done",
    "grep -n x a.py",
    "grep -n -A 5 x a.py",
    "grep -rhn x src",
    "grep -rc x src",
    "grep -rlZ x src",
    "rg -n x src/a.py",
    "rg --json x",
    "rg --heading -n x",
    "git diff --name-only",
    "git ls-files -s",
    "git ls-files --stage",
    "find . -ls",
    "find . -printf '%s %p'",
    "find . -name a -exec cat {} +",
    "fd py -x cat",
    "ls -l src/*.py",
    "ls -l1 src/*.py",
    "cat files.txt",
    "grep -rn x src; cat a.py",
    "rg -n x src && sed -n 1,9p a.py",
    "rg -n x src; make",
    "find . | xargs cat",
    "find . | xargs grep -n x | wc -l",
    "find . | xargs",
    "find . -exec cat {} ';' -exec grep -l x {} +",
    "find . -exec cat {} ';' -exec grep -n x {} +",
    "find . -exec grep -l x {} + -exec cat {} ';'",
    "find . | xargs -n 1 sh -c 'cat $0; grep -l x $0'",
    "for f in *; do grep -n x $f; done",
    "pwd && grep -n x a.py",
    "pwd",
    "grep -rn x src | wc -l",
    "tree",
]


def shell(command: str) -> ToolCall:
    return ToolCall("bash", command, b"", command, producer=producer_of(command))


def producer_of(command: str) -> tuple[str, ...]:
    call = read_call({"type": "local_shell_call", "action": {"command": ["bash", "-c", command]}})
    assert call is not None
    return call.producer


@pytest.mark.parametrize("command", MATCHES)
def test_prints_matches(command: str) -> None:
    assert prints_matches(shell(command))
    assert not prints_paths(shell(command))


@pytest.mark.parametrize("command", PATHS)
def test_prints_paths(command: str) -> None:
    assert prints_paths(shell(command))
    assert not prints_matches(shell(command))


@pytest.mark.parametrize("command", NEITHER)
def test_prints_neither(command: str) -> None:
    assert not prints_matches(shell(command))
    assert not prints_paths(shell(command))


def test_only_git_names_revisions() -> None:
    assert revisions(shell("git --no-pager grep -n total v1 -- src | head")) == ("total:", "v1:", "src:")
    assert revisions(shell("rg -n total src")) == revisions(shell("git grep -l total v1")) == revisions(None) == ()


@pytest.mark.parametrize("command", ["grep -r a src", "set -e; grep -r a src || true", "grep -r a src; grep -r b src"])
def test_prints_only_matches(command: str) -> None:
    assert prints_only_matches(shell(command))


@pytest.mark.parametrize("command", ["pwd; grep -r a src", "grep -r a src; ls", "echo a.b:c && grep -r a ."])
def test_prints_more_than_matches(command: str) -> None:
    assert prints_matches(shell(command))
    assert not prints_only_matches(shell(command))


@pytest.mark.parametrize(
    ("tool", "matches", "paths"),
    [("Grep", True, True), ("grep", True, True), ("Glob", False, True), ("Read", False, False), ("Task", False, False)],
)
def test_tools(tool: str, matches: bool, paths: bool) -> None:  # noqa: FBT001  a table
    call = ToolCall(tool, tool, b"")
    assert (prints_matches(call), prints_paths(call)) == (matches, paths)
    assert counts_paths_first(call) == matches


@pytest.mark.parametrize("tool", ["Search", "search_files", "findInFiles", "rg", "mcp__code__grep_repository"])
def test_tools_that_are_asked_for_a_pattern(tool: str) -> None:
    assert prints_matches(ToolCall(tool, tool, b"", asked=("x",)))
    assert not prints_matches(ToolCall(tool, tool, b""))
    assert not prints_matches(ToolCall(tool, tool, b"", asked=("x",), written=(("replace", "a\nb"),)))
    assert not prints_matches(ToolCall("Read", "Read", b"", asked=("x",)))


def test_an_unknown_call_prints_neither() -> None:
    assert not prints_matches(None)
    assert not prints_paths(None)
    assert not counts_paths_first(None)


@pytest.mark.parametrize(
    ("name", "arguments", "prints"),
    [
        ("bash", '{"command": "search_dir \\"total\\" src\\n"}', True),
        ("find_file", '{"file_name": "*.java"}', True),
        ("bash", '{"command": "search_file total src/Cart.java"}', False),
        ("bash", '{"command": "cat find_file"}', False),
        ("bash", '{"command": "find_file a.py && cat found.txt"}', False),
    ],
)
def test_searches_of_swe_agent_print_paths(name: str, arguments: str, *, prints: bool) -> None:
    assert prints_paths(read_call({"type": "function_call", "name": name, "arguments": arguments})) is prints
