"""Which calls print findings of a linter, a line each: src/a.py:12:5: what is wrong there."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.shown_files import may_print_file
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import PACKAGE_PROGRAM_RUNNERS
from headroom_compression.calls.vocabulary import SEARCHERS

# Some of them print such lines only when they are asked to: who asks has to find them in the output.
_LINTERS = frozenset({
    "actionlint", "ansible-lint", "clang-tidy", "codespell", "cppcheck", "dmypy", "eslint", "flake8", "golangci-lint",
    "hadolint", "markdownlint", "markdownlint-cli2", "mypy", "oxlint", "pycodestyle", "pydocstyle", "pyflakes",
    "pylint", "pyrefly", "revive", "rubocop", "ruff", "shellcheck", "staticcheck", "ty", "vulture", "yamllint",
})  # fmt: skip
# What comes through a pipe they print in part, or changed.
_PICKERS = SEARCHERS | {"awk", "cut", "sed"}


def prints_findings(call: ToolCall | None) -> bool:
    """Not beside a program that prints files, the lines of which may look the same."""
    programs = programs_run(call)
    named = [words[1:] if words[0] in PACKAGE_PROGRAM_RUNNERS and len(words) > 1 else words for words in programs]
    return any(words[0] in _LINTERS for words in named) and not any(map(_prints_other_lines, programs))


def _prints_other_lines(words: Sequence[str]) -> bool:
    return words[0] in _PICKERS or may_print_file(words)
