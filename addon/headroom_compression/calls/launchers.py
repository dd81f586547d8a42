"""Whether a command may have run one of certain programs, such as runners of tests.

The one answer for all who ask. It is a broad one: who asks has read a report of that program to its end, with totals
that add up. So the name of the program may stand behind any launcher and its options, known or not, `nice -n 5 pytest`,
`docker compose run --rm web sh -c "cd api && pytest"`; but not beside a program that prints a file, which is to keep
every character, and not where it is only installed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from functools import lru_cache

from headroom_compression.calls.shell_words import simple_commands
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import LAUNCHERS
from headroom_compression.calls.vocabulary import NODE_PACKAGE_MANAGERS
from headroom_compression.calls.vocabulary import TEXT_PRINTERS

# What they run stands in a file of the project: package.json, Makefile, Rakefile, build.gradle, CMakeLists.txt.
_PROJECT_RUNNERS = NODE_PACKAGE_MANAGERS | {
    "act", "ant", "bazel", "bazelisk", "buck2", "cmake", "composer", "ctest", "earthly", "gmake", "gradle", "gradlew",
    "hatch", "inv", "invoke", "just", "lein", "lerna", "mage", "make", "meson", "mise", "mix", "moon", "mvn", "mvnd",
    "mvnw", "ninja", "nox", "nx", "pants", "pdm", "pipenv", "pixi", "poetry", "pre-commit", "rails", "rake", "rush",
    "rye", "sbt", "task", "tox", "turbo", "uv", "xcodebuild",
}  # fmt: skip
# bin/run.sh  scripts/test.py  manage.py
SCRIPT = re.compile(r"[^\s]{1,300}\.(?:py|js|mjs|cjs|ts|rb|pl|php|sh|bash)")
# ./run-tests  scripts/check  bin/ci
_TEST_SCRIPT = re.compile(r"(?:[\w.-]{1,80}/){1,4}(?:[\w-]{0,40}(?:test|check|verify)[\w-]{0,40}|ci)")
_SUFFIX = re.compile(r"\.(?:js|mjs|cjs|ts|py|rb|sh|cmd|exe|bat|ps1)$")
# python3.12  pypy3
_VERSION = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})?$")
# Behind one of these words stand names of packages or logs: pip install pytest, docker logs pytest.
_NO_RUN = frozenset({"add", "info", "install", "list", "logs", "remove", "show", "uninstall", "update", "view"})
# A program in a loop or a condition runs any number of times: what is said of several runs is not read here.
_KEYWORDS = frozenset({"case", "do", "elif", "else", "for", "function", "if", "select", "then", "until", "while", "{"})
# docker exec web bash -c "nice sh -c 'pytest'"
_MAX_DEPTH = 3


def may_run(call: ToolCall | None, names: Collection[str]) -> bool:
    """names: without folder, such as "jest", "manage.py". A tool or script of the project may run anything."""
    started, runs_project = _started((call and call.command) or "")
    return runs_project or not started.isdisjoint(names)


@lru_cache(maxsize=4)  # each elision asks about the same command
def _started(command: str) -> tuple[frozenset[str], bool]:
    """The names of all programs that it may have run, and whether any of them runs what the project says."""
    names: set[str] = set()
    runs_project = False
    for words in commands_within(command):
        own = () if words[0] in _KEYWORDS else _without_printed(words)
        names.update(name for word in own for name in _names(word))
        runs_project = runs_project or any(map(_runs_project, _starts(words, own)))
    return frozenset(names), runs_project


@lru_cache(maxsize=4)
def commands_within(command: str) -> Sequence[tuple[str, ...]]:
    """The words of all simple commands, of those too that stand in a word of a launcher: bash -c "cd api && pytest"."""
    return tuple(_nested(command, _MAX_DEPTH))


def _nested(command: str, depth: int) -> Iterator[tuple[str, ...]]:
    for words in simple_commands(command):
        yield words
        if depth and is_launcher(words[0]):
            for word in words[1:]:
                if " " in word:
                    yield from _nested(word, depth - 1)


def _starts(words: Sequence[str], own: Sequence[str]) -> Sequence[str]:
    """The words that may start a script of the project."""
    if not is_launcher(words[0]):
        return own[:1]
    return own if len(own) == len(words) and TEXT_PRINTERS.isdisjoint(words) else ()


def _without_printed(words: Sequence[str]) -> Sequence[str]:
    """Up to a word that says that nothing is run; of a launcher none where it starts a program that prints texts."""
    stops = (row for row, word in enumerate(words) if word in _NO_RUN or _is_printer(words, row))
    stop = next(stops, len(words))
    is_printed = stop < len(words) and words[stop] not in _NO_RUN and is_launcher(words[0])
    return () if is_printed else words[:stop]


def _is_printer(words: Sequence[str], row: int) -> bool:
    """Not where it may be what an option is given: pytest -k diff."""
    is_value = row > 0 and words[row - 1].startswith("-") and words[row - 1] != "--"
    return words[row].rpartition("/")[2] in TEXT_PRINTERS and not is_value


def is_launcher(word: str) -> bool:
    """Whether it runs the program that one of the words behind it names."""
    name = word.rpartition("/")[2]
    return name in LAUNCHERS or _VERSION.sub("", name) in LAUNCHERS


def _names(word: str) -> tuple[str, ...]:
    """Without the folder, and without what scripts end with as well; none of a word that holds a line of its own."""
    if " " in word:
        return ()
    name = word.rpartition("/")[2]
    return name, _SUFFIX.sub("", name)


def _runs_project(word: str) -> bool:
    is_script = SCRIPT.fullmatch(word) or _TEST_SCRIPT.fullmatch(word)
    return is_script is not None or not _PROJECT_RUNNERS.isdisjoint(_names(word))
