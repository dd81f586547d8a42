"""Which programs only say what they would do: their steps are what was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_WORDS = frozenset({
    "--assumeno", "--build-plan", "--dry-run", "--just-print", "--no-act", "--pretend", "--recon", "--simulate",
    "--simulation",
})  # fmt: skip
# Letters of make that take no value: -Bn, but not -Oline.
_LETTERS_OF_MAKE = "[bBdeikLnpqrRsStvw]*"
# Of some programs a letter says so, or a word that others mean something else by.
_OPTIONS = {
    **dict.fromkeys(("gmake", "make"), re.compile(f"-{_LETTERS_OF_MAKE}n.*")),
    **dict.fromkeys(("apt", "apt-get", "aptitude"), re.compile(r"-[a-z]*s[a-z]*")),
    "ansible-playbook": re.compile(r"--check|-[bDkKv]*C[bCDkKv]*"),
    "apk": re.compile(r"-[A-Za-z]*s[A-Za-z]*"),
    "brew": re.compile("-n"),
    # Behind --, for the program that builds; but -Bninja names a folder.
    "cmake": re.compile(f"-{_LETTERS_OF_MAKE}n{_LETTERS_OF_MAKE}"),
    "go": re.compile("-n"),
    "just": re.compile(r"-[a-z]*n[a-z]*"),
    "meson": re.compile(r"--ninja-args=.{0,200}-n\b.{0,200}"),
    "ninja": re.compile(r"-(?:v*n.*|t)"),
    "xcodebuild": re.compile(r"-n|-dry-run"),
}
_CLEANING = ("-t", "clean")  # of ninja, which tells no plan


def only_plans(words: Sequence[str]) -> bool:
    """Whether the program, with all that is said to it, does nothing."""
    if not _WORDS.isdisjoint(words):
        return True
    options = _OPTIONS.get(words[0].rpartition("/")[2])
    return options is not None and any(
        options.fullmatch(word) and (word, following) != _CLEANING for word, following in pairwise([*words[1:], ""])
    )
