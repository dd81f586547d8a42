"""Whether a command shows, or may show, what stands in a file: text that edits must match stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from headroom_compression.calls.git_reports import git_reports
from headroom_compression.calls.launchers import commands_within
from headroom_compression.calls.launchers import is_launcher
from headroom_compression.calls.programs import is_program_run
from headroom_compression.calls.programs import is_run
from headroom_compression.calls.programs import launched
from headroom_compression.calls.programs import prints_file
from headroom_compression.calls.programs import prints_texts
from headroom_compression.calls.shell_words import started_by_xargs
from headroom_compression.calls.speakers import says_own_words
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import GREPS
from headroom_compression.calls.vocabulary import LINE_FILTERS
from headroom_compression.calls.vocabulary import NODE_PACKAGE_MANAGERS
from headroom_compression.calls.vocabulary import OTHER_SHOWERS
from headroom_compression.calls.vocabulary import SEARCHERS
from headroom_compression.calls.vocabulary import SPEAKERS
from headroom_compression.calls.vocabulary import TEXT_PRINTERS
from headroom_compression.calls.vocabulary import WEB_CLIENTS
from headroom_compression.calls.wrappers import own_words

# They tell of files, packages, processes and hosts, but with the words that `_may_print` knows.
_REPORTERS = frozenset({
    ":", "[", "apk", "apt", "apt-get", "cd", "chgrp", "chmod", "chown", "cp", "date", "df", "dig", "dir", "dnf",
    "done", "du", "esac", "exa", "export", "eza", "false", "fi", "file", "find", "free", "groups", "host", "hostname",
    "id", "kill", "killall", "ll", "ln", "ls", "lsblk", "lsd", "lscpu", "lsof", "md5sum", "mkdir", "mktemp", "mv",
    "netstat", "nproc", "nslookup", "pacman", "pgrep", "ping", "pip", "pip3", "pipdeptree", "pkill", "popd", "ps",
    "pushd", "pwd", "readlink", "realpath", "rm", "rmdir", "sha1sum", "sha256sum", "shasum", "sleep", "ss", "stat",
    "sync", "tee", "test", "touch", "tree", "true",
    "ulimit", "umask", "uname", "unset", "uptime", "vdir", "wait", "wc", "which", "whereis", "whoami", "yum",
    "zypper", "}",
})  # fmt: skip
_CONTAINERS = frozenset({"build", "images", "info", "network", "ps", "pull", "push", "rm", "rmi", "stop"})
_CLUSTERS = frozenset({"apply", "api-resources", "cluster-info", "create", "delete", "get", "rollout", "scale", "top"})
_PLANS = frozenset({"apply", "destroy", "init", "plan", "validate"})
# They do with these words.
_REPORTING: Mapping[str, frozenset[str]] = {
    "docker": _CONTAINERS,
    "podman": _CONTAINERS,
    "kubectl": _CLUSTERS,
    "oc": _CLUSTERS,
    "terraform": _PLANS,
    "tofu": _PLANS,
    "systemctl": frozenset({"disable", "enable", "list-units", "restart", "start", "status", "stop"}),
}  # fmt: skip
# kubectl get -o yaml shows all of a ConfigMap, which may hold a file.
_OUTPUT = re.compile(r"(?:-o|--output)=?(.*)", re.DOTALL)
_TABLES = frozenset({"wide", "name"})
# make fmt   npm run format: what the project calls so rewrites its files.
_SCRIPT_RUNNERS = NODE_PACKAGE_MANAGERS | {"just", "make", "mise", "task"}
_FORMATTING = frozenset({"fmt", "format"})
# They print what comes through the pipe, as far as they are given no file.
_PASSING_ON = LINE_FILTERS | GREPS | {"cut"}
# source .venv/bin/activate   . venv/Scripts/activate: Python's own, which say nothing.
_ENVIRONMENT = re.compile(r"(?:[^\s]{0,200}/)?(?:bin|Scripts)/activate")
_SOURCING = frozenset({".", "source"})
_VERSION = frozenset({("--version",), ("-V",)})
# They show what stands in files, or in what files hold packed.
_FILE_SHOWERS = (TEXT_PRINTERS - SPEAKERS - {"git", "tee"}) | OTHER_SHOWERS | {"gunzip", "unzip"}
_TAKING_A_PATTERN = SEARCHERS | {"awk", "gawk", "jq", "sed", "yq", "zgrep"}
# python -c 'print(open("a").read())'
_READING_CODE = re.compile(r"\bopen\b|[rR]ead|\bFile\b|slurp")
# With context, or of the lines that do not match, a search shows parts of files; behind the search that find starts it
# may start another program.
_MORE_THAN_MATCHES = re.compile(
    r"-[A-Za-z]{0,9}[ABCUv].*|-[0-9]{1,9}|--[a-z]{0,9}-?context\S*|--invert-match|--passthru|"
    r"--multiline\S*|--replace\S*|"
    r"-(?:exec|ok)(?:dir)?"
)
# With numbers before its lines a search prints no line as it stands in the file: grep -rin   rg -wn. Before the letter
# may stand what is given nothing; -r is given something by rg. ag and ack mean another thing by it.
_FLAGS, _FLAGS_OF_RG = "bcEFGhHiIlLoPqrRsTuUvVwxyzZn", "abcFhHiIlLNopPqsSuUvVwxz0n"
_NUMBERING = re.compile(rf"-[{_FLAGS}]{{0,9}}n[A-Za-z0-9]{{0,20}}|--line-number")
_NUMBERING_OF_RG = re.compile(rf"-[{_FLAGS_OF_RG}]{{0,9}}n[A-Za-z0-9]{{0,20}}|--line-number")
# grep -rc   rg --count: how many lines of each file match.
_COUNTING = re.compile(rf"-[{_FLAGS}]{{0,9}}c[A-Za-z0-9]{{0,20}}|--count")
_COUNTING_OF_RG = re.compile(rf"-[{_FLAGS_OF_RG}]{{0,9}}c[A-Za-z0-9]{{0,20}}|--count(?:-matches)?")
# echo may print what stands in the command.
_OBJECT = "{"
# In these languages neither is the beginning of a file.
_SOURCE_CODE = re.compile(r"\.(?:c|cc|cpp|cs|css|go|h|hpp|java|js|jsx|kt|php|py|rb|rs|scala|sh|swift|ts|tsx)$")
# What may stand for any character, or for none: \S   [^#]   [[:print:]]   x*   y?   .{0,9}
_OF_ANY_TEXT = re.compile(r"(?:\\[A-Za-z]|\[\^?\]?(?:\[:[a-z]{1,9}:\]|[^\]]){0,80}\]|\w(?=[*?]|\{0))")
_OR = re.compile(r"\\?\|")
# Longer patterns are not looked through.
_MAX_PATTERN = 2_000
# a.py   src/a.tar.gz   but also https://host/README
_LIKE_A_FILE = re.compile(r"(?:^|[\w/*?}])\.[A-Za-z][A-Za-z0-9]{0,9}$|\braw\b|^file:|/[A-Z]+$")


def shows_file(call: ToolCall) -> bool:
    """Whether one of its commands is known to show a file, whatever starts it: `timeout 5 cat a`, `ssh h 'cat a'`."""
    return any(map(_shows_file, commands_within(call.command or "")))


def may_show_file(call: ToolCall) -> bool:
    """Whether one of its commands is known to show a file, or one of its history: `git show HEAD:a.log`."""
    return shows_file(call) or any(map(may_print_file, commands_within(call.command or "")))


def _shows_file(words: Sequence[str]) -> bool:
    """Not behind a pipe, as far as that can be seen: `npm test | tail -40`."""
    own = own_words(words)
    words = words if own[:1] and own[0].startswith("-") else own  # sudo -u dev cat a
    names = [word.rpartition("/")[2] for word in words]
    if not names or names[0] == "for":
        return False
    if names[0] in {"find", "xargs"}:
        return not (_FILE_SHOWERS - SEARCHERS).isdisjoint(names[1:])
    if names[0] not in _FILE_SHOWERS and not is_launcher(names[0]):
        return "cat" in names[1:2]  # svn cat a
    if names[0] in _FILE_SHOWERS:
        takes_pattern = names[0] in _TAKING_A_PATTERN  # which may be a number: grep 8080 nginx.conf
        given = [word for word in words[1:] if not word.startswith("-") and (takes_pattern or not word.isdecimal())]
        return len(given) > takes_pattern
    return not _FILE_SHOWERS.isdisjoint(names[1:]) or (prints_texts(words) and bool(_READING_CODE.search(words[-1])))


def is_like_a_file(word: str) -> bool:
    """Whether it ends as the names of files do."""
    return _LIKE_A_FILE.search(word) is not None


def is_source_code(path: str) -> bool:
    return _SOURCE_CODE.search(path) is not None


def only_reports(call: ToolCall | None) -> bool:
    """Whether its output is what known programs tell of files and systems; no line of it stands in a file."""
    return _only_report(_command(call))


def shows_no_file(call: ToolCall | None) -> bool:
    """Whether nothing in its command can print a file as it is: searches may, line by line."""
    return _print_no_file(_command(call))


def prints_no_file(call: ToolCall | None) -> bool:
    """Whether a program runs that reports what it does, or nothing in the command can print a file as it is."""
    return is_program_run(call) or shows_no_file(call)


def prints_no_report(call: ToolCall) -> bool:
    """Whether its output cannot begin as an object of JSON or as a measured time.

    It tells of files and systems, its rows have numbers, or it shows source code.
    """
    if _OBJECT in (call.command or ""):
        return False
    return shows_source_code(call) or only_reports(call) or numbers_rows(call.producer)


def shows_source_code(call: ToolCall) -> bool:
    """Whether it shows a file whose name says that it is no JSON."""
    return call.path is not None and is_source_code(call.path)


def numbers_rows(words: Sequence[str]) -> bool:
    """Whether a program writes a number, or a file and a number, before each line that it shows of a file."""
    program = words[0].rpartition("/")[2] if words else ""
    if program in GREPS or program == "rg":
        numbering = _NUMBERING_OF_RG if program == "rg" else _NUMBERING
        return any(numbering.fullmatch(word) for word in words[1:])
    return program == "nl" or (program == "cat" and words[1:2] == ("-n",))


def _command(call: ToolCall | None) -> str:
    """ "" where it may read a file by itself."""
    return "" if call is None or call.path is not None or "<" in (call.command or "") else call.command or ""


@lru_cache(maxsize=4)  # several folds ask about the same command
def _only_report(command: str) -> bool:
    commands = commands_within(command)
    return bool(commands) and all(map(reports, commands))


@lru_cache(maxsize=4)  # several folds ask about the same command
def _print_no_file(command: str) -> bool:
    commands = commands_within(command)
    return bool(commands) and all(map(_prints_no_file, commands))


def reports(words: Sequence[str]) -> bool:
    """Whether the program tells of files and systems, or passes on what comes through a pipe."""
    words = own_words(words)
    if not words or words[0] == "for":
        return True
    program = words[0].removeprefix("/usr").removeprefix("/bin/")  # but ./ls is unknown
    if program in SPEAKERS:
        return says_own_words(words)
    if words[1:] in _VERSION or (program in _SOURCING and any(map(_ENVIRONMENT.fullmatch, words[1:2]))):
        return True
    counting = _COUNTING_OF_RG if program == "rg" else _COUNTING
    is_counting = program in SEARCHERS and any(map(counting.fullmatch, words[1:]))
    if is_counting or program in _PASSING_ON:
        return is_counting or not prints_file((program, *words[1:]))
    if program == "xargs":
        words = started_by_xargs(words)
        program = words[0] if words else ""
    if program in _REPORTERS:
        return not _may_print(program, words[1:])
    first = next((word for word in words[1:] if not word.startswith("-")), "")
    is_told = first in _REPORTING.get(program, ()) and not _shows_texts(words[1:])
    return is_told or (program == "git" and git_reports(words[1:]))


def may_print_file(words: Sequence[str]) -> bool:
    """Whether a program prints a file, as far as is known: git status and echo "EXIT: $?" print none."""
    return prints_file(words) and not reports(words)


def _shows_texts(given: Sequence[str]) -> bool:
    """Whether one of the words makes a program that tells of a system show a text of it."""
    asked = [(match[1], following) for word, following in pairwise([*given, ""]) if (match := _OUTPUT.fullmatch(word))]
    is_written = any(word.startswith("--template") for word in given)
    return is_written or any((form or following) not in _TABLES for form, following in asked)


def _may_print(program: str, given: Sequence[str]) -> bool:
    """Whether one of the words makes a program that tells of files show one, or start another program."""
    if program in {"date", "file"} and any(word.startswith(("-f", "--file")) for word in given):
        return True
    return any(
        word.startswith(("-exec", "-ok", "-fprint", "-fls"))
        or word in {"exec", "changelog"}
        or (word.startswith("/dev/") and word != "/dev/null")
        for word in given
    )


def shows_more_than_matches(search: tuple[str, ...]) -> bool:
    """Whether a search shows parts of files: lines around its matches, those that do not match, or other lines."""
    is_replaced = search[:1] == ("rg",) and any(word.startswith("-r") for word in search)
    return is_replaced or any(map(_MORE_THAN_MATCHES.fullmatch, search))


def matches_all(search: Sequence[str]) -> bool:
    """Whether a search may show all lines whatever stands in them: grep . a   grep -E 'x|$' a   rg '\\S' a"""
    named = [word for option, word in pairwise(search) if option in {"-e", "--regexp"}]
    given = named or [next((word for word in search[1:] if not word.startswith("-")), "")]
    if any(len(pattern) > _MAX_PATTERN for pattern in given):
        return True
    parts = (part for pattern in given for part in _OR.split(_OF_ANY_TEXT.sub("", pattern)))
    return any(not any(map(str.isalnum, part)) for part in parts)


def _prints_no_file(words: Sequence[str]) -> bool:
    words = own_words(words)
    if reports(words):
        return True
    search = next((place for place, word in enumerate(words) if word in SEARCHERS), len(words))
    if shows_more_than_matches(words[search:]) or prints_texts(words[:search]):
        return False
    if search < len(words):  # behind it stand a pattern and the places that it searches
        if matches_all(words[search:]):
            return False
        return search == 0 or words[0] in {"find", "xargs"} or is_launcher(words[0])
    if any(map(_LIKE_A_FILE.search, words[1:])):
        return False
    if words[0] in _SCRIPT_RUNNERS:
        words = tuple(word for word in words if word not in _FORMATTING)
    return words[0] in WEB_CLIENTS or any(map(is_run, launched(words)))
