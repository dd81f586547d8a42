"""The words that a call searches for, so that lines that hold them stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from itertools import pairwise

from headroom_compression.calls.launchers import commands_within
from headroom_compression.calls.launchers import is_launcher
from headroom_compression.calls.shown_files import matches_all
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import NODE_PACKAGE_MANAGERS
from headroom_compression.calls.vocabulary import SEARCHERS

# Programs that search, and the options of others after which comes what they pick out.
_SEARCHING = SEARCHERS | {"findstr"}


_OF_JEST = ("-t", "--testNamePattern")
_PICKING: Mapping[str, tuple[str, ...]] = {
    "pytest": ("-k",),
    "py.test": ("-k",),
    "tox": ("-k",),
    "unittest": ("-k",),
    "manage.py": ("-k",),
    "jest": _OF_JEST,
    "vitest": _OF_JEST,
    "mocha": ("-g", "--grep", "-f", "--fgrep"),
    "ava": ("-m", "--match"),
    "playwright": ("-g", "--grep"),
    "node": ("--test-name-pattern",),
    "bun": ("-t", "--test-name-pattern"),
    "deno": ("--filter",),
    **dict.fromkeys(NODE_PACKAGE_MANAGERS - {"bun"}, (*_OF_JEST, "-g", "--grep", "--test-name-pattern")),
    "go": ("-run",),
    "cargo": (),
    "rspec": ("-e", "--example"),
    "minitest": ("-n", "--name"),
    "rails": ("-n", "--name"),
    "ruby": ("-n", "--name"),
    "phpunit": ("--filter",),
    "behave": ("-n", "--name"),
    "bats": ("-f", "--filter"),
    "ctest": ("-R", "--tests-regex"),
    **dict.fromkeys(("gradle", "gradlew"), ("--tests",)),
    **dict.fromkeys(("mvn", "mvnd", "mvnw"), ("-Dtest", "-Dit.test")),
    "journalctl": ("-g", "--grep"),
    **dict.fromkeys(_SEARCHING, ("-e", "--regexp")),
}


# pytest -k "orders and not slow": tests whose names hold the one, and not the other. unittest -k takes a pattern.
_OF_EXPRESSIONS = frozenset({"pytest", "py.test", "tox"})


# --tests com.acme.CartTest.adds   -Dtest=CartTest#adds: reports name class and test apart, and not always the package.
_OF_CLASSES = frozenset({"gradle", "gradlew", "mvn", "mvnd", "mvnw"})
_PACKAGE = re.compile(r"\b(?:[a-z]\w*\.)+(?=[A-Z])")


# tests/test_carts.py::TestCarts::test_adds[3]   shop.tests.CartTests.test_adds
_NODE = re.compile(r"[^\n]*::(\w+)(?:\[[^\n]*)?")
_DOTTED_TEST = re.compile(r"(?:\w+\.)*[A-Z]\w*\.(\w+)")
_NAMED_TESTS: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("pytest", "py.test", "tox"), _NODE),
    **dict.fromkeys(("unittest", "manage.py"), _DOTTED_TEST),
}


# cargo test -p shop cart_adds -- --skip slow: behind an option without "=" stands its value.
_FLAGS_OF_CARGO = re.compile(
    r"-[vqn]|--(?:all|all-features|all-targets|benches|bins|doc|exact|examples|frozen|ignored|include-ignored|lib|locked"
    r"|no-capture|no-default-features|no-fail-fast|no-run|nocapture|offline|quiet|release|show-output|tests|verbose"
    r"|workspace)?"
)


_NOT_ASKED = re.compile(r"\bnot +[\w.:/-]{1,200}|\b(?:and|or|not)\b")


_MIN_ASKED_LENGTH = 3


# What is searched for by a pattern is kept by the plain words in it.
_PLAIN_WORDS = re.compile(r"[\w./-]{3,80}")
# \bcheckout\b   check.*   [0-9]{4,} ms: no part of the words that they find.
_SIGNS_OF_PATTERNS = re.compile(r"\\[A-Za-z]|\.[*+?{]|\[[^\]]{0,80}\]|\w(?=[*?]|\{0)|\{[0-9,]{1,20}\}")


_INVERTED = re.compile(r"-[A-Za-z]{0,9}v[A-Za-z]{0,9}|--invert-match")
# journalctl -p err   --priority=0..4
_PRIORITY = re.compile(r"(?:-p|--priority=?)(.*)", re.DOTALL)
_BAD_PRIORITIES = frozenset({"emerg", "alert", "crit", "err", "warning", "0", "1", "2", "3", "4"})


def asked_words(call: ToolCall) -> tuple[str, ...]:
    """What the call searches for, in lower case: lines that hold one of these words are what it was made for."""
    patterns = list(call.asked)
    expressions: list[str] = []
    for words in map(_from_picker, commands_within(call.command or "")):
        (expressions if words[0] in _OF_EXPRESSIONS else patterns).extend(_patterns(words))
    found = {word.lower() for pattern in patterns for word in (*_PLAIN_WORDS.findall(pattern), *_words_found(pattern))}
    found |= {word.lower() for pattern in expressions for word in _PLAIN_WORDS.findall(_NOT_ASKED.sub(" ", pattern))}
    return tuple(sorted(word for word in found if len(word) >= _MIN_ASKED_LENGTH))


def picks_by_no_word(call: ToolCall) -> bool:
    """Whether its lines were picked out by what no word says, `grep -E '[0-9]{4,} ms' app.log` or `journalctl -p err`:
    then each of them is what the call was made for.
    """
    return bool(call.producer) and any(map(_picks_by_no_word, map(_from_picker, commands_within(call.command or ""))))


def _picks_by_no_word(words: tuple[str, ...]) -> bool:
    if words[0] == "journalctl":
        given = [match[1] or after for word, after in pairwise((*words, "")) if (match := _PRIORITY.fullmatch(word))]
        return any(_BAD_PRIORITIES.issuperset(value.split("..")) for value in given)
    if words[0] not in _SEARCHING or matches_all(words) or any(map(_INVERTED.fullmatch, words[1:])):
        return False
    patterns = [*_picked(words)]
    return bool(patterns) and not any(map(_words_found, patterns))


def _words_found(pattern: str) -> list[str]:
    """The words in a pattern that stand as they are in each text that it finds."""
    return _PLAIN_WORDS.findall(_SIGNS_OF_PATTERNS.sub(" ", pattern))


def _from_picker(words: tuple[str, ...]) -> tuple[str, ...]:
    """From the program on that picks lines or tests out, where a launcher or git starts it: nice pytest -k orders."""
    words = words[1:] if words[:2] == ("git", "grep") else words
    names = [word.rpartition("/")[2] for word in words]
    starts = range(len(words)) if is_launcher(words[0]) else range(1)
    rows = [row for row in starts if names[row] in _PICKING]
    start = next((row for row in rows if not is_launcher(words[row])), (*rows, 0)[0])  # node node_modules/.bin/jest
    return (names[start], *words[start + 1 :])


def _patterns(words: tuple[str, ...]) -> Iterator[str]:
    """What comes after options such as -e, -k and -run=, tests that are named, and the first plain word of a program
    that searches.
    """
    for pattern in _picked(words):
        yield _PACKAGE.sub("", pattern).replace(".", " ") if words[0] in _OF_CLASSES else pattern
    yield from _named_tests(words)


def _picked(words: tuple[str, ...]) -> Iterator[str]:
    is_searching = words[0] in _SEARCHING and "--files" not in words  # rg --files lists them
    picking = _PICKING.get(words[0], ())
    for before, word in pairwise(words):
        option, _, value = word.partition("=")
        if before in picking:
            yield word
        elif value and option in picking:
            yield value
        elif is_searching and not word.startswith("-"):
            yield word
            is_searching = False


def _named_tests(words: tuple[str, ...]) -> Iterator[str]:
    """The names of single tests among the words, without their files and classes."""
    if words[0] == "cargo":
        yield from _filters_of_cargo(words)
    elif words[0] in _NAMED_TESTS:
        named = map(_NAMED_TESTS[words[0]].fullmatch, words[1:])
        yield from (match[1] for match in named if match)


def _filters_of_cargo(words: tuple[str, ...]) -> Iterator[str]:
    """What stands in `cargo test` and `cargo nextest run` behind no option that takes a value."""
    start = next((place for place, word in enumerate(words) if word in {"test", "t", "run"}), len(words))
    is_nextest = words[start - 1 : start] == ("nextest",)
    if words[start : start + 1] == ("run",) and not is_nextest:
        return
    for before, word in pairwise(words[start:]):
        follows_option = before.startswith("-") and "=" not in before and not _FLAGS_OF_CARGO.fullmatch(before)
        if not word.startswith("-") and not follows_option:
            yield word
