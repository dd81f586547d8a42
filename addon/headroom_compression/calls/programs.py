"""Whether a call's output is what a program reports while it runs, or the lines of a log: only what is surely so.

Not here: programs that print files (cat, sed, grep, git show), and interpreters that run code given in the command,
which may print a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from functools import lru_cache
from itertools import dropwhile

from headroom_compression.calls.ci_commands import ci_of
from headroom_compression.calls.launchers import SCRIPT
from headroom_compression.calls.launchers import is_launcher
from headroom_compression.calls.shell_words import programs
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import GREPS
from headroom_compression.calls.vocabulary import HEADS
from headroom_compression.calls.vocabulary import LINE_FILTERS
from headroom_compression.calls.vocabulary import NODE_PACKAGE_MANAGERS
from headroom_compression.calls.vocabulary import OTHER_SHOWERS
from headroom_compression.calls.vocabulary import TEXT_PRINTERS
from headroom_compression.calls.wrappers import own_words

_RUNNING = frozenset({
    "ant", "ava", "bandit", "basedpyright", "bats", "bazel", "behave", "biome", "buck2", "busted", "cargo",
    "clang-tidy", "cmake", "composer", "conda", "configure", "cppcheck", "ctest", "dotnet", "eslint", "flake8",
    "gcovr", "go", "golangci-lint", "gradle", "gradlew", "jasmine", "jest", "lein", "mage", "make",
    "markdownlint-cli2", "meson", "mise", "mix", "mocha", "mvn", "mvnw", "mypy", "ninja", "nose2", "nox", "npm",
    "oxlint", "phpcs", "phpstan", "phpunit", "pip", "pip3", "playwright", "pre-commit", "prove", "py.test",
    "pycodestyle", "pydocstyle", "pylint", "pyrefly", "pyright", "pytest", "rake", "robot", "rspec", "rubocop", "ruff",
    "rustc", "sbt", "shellcheck", "stylelint", "swift", "tape", "tox", "tsc", "ty", "vitest", "vue-tsc", "vulture",
    "webpack", "xcodebuild", "yamllint", "zig",
})  # fmt: skip
_PACKAGE_MANAGERS = NODE_PACKAGE_MANAGERS | {"poetry", "uv"}
_PACKAGE_COMMANDS = frozenset({
    "add", "build", "ci", "install", "list", "lock", "ls", "pip", "start", "sync", "test", "tree", "update", "why",
})  # fmt: skip
# With one of these words a package manager of Node runs scripts of packages.
_OF_SCRIPTS = frozenset({"--filter", "--recursive", "--workspaces", "-F", "-r", "run", "run-script"})
_LAUNCHERS = (
    ("bundle", "exec"),
    ("coverage", "run"),
    ("nice",),
    ("npx", "-y"),
    ("npx", "--yes"),
    ("npx", "--no-install"),
    ("npx",),
    ("pdm", "run"),
    ("pipenv", "run"),
    ("pnpm", "exec"),
    ("poetry", "run"),
    ("uv", "run"),
)
_LAUNCHER_PROGRAMS = frozenset(words[0] for words in _LAUNCHERS)
# Words with which such a program prints a file or a diff, or runs code of the command: manage.py shell -c '...'
_PRINTING = frozenset({
    "--diff", "--dump-config", "--generate-rcfile", "--make-whitelist", "--print-config", "--report=code",
    "--report=diff", "-d", "cat", "diff", "doc", "dump-config", "exec", "expand", "fmt", "format", "prettier",
    "sample-config", "shell", "show", "view",
})  # fmt: skip
# tools/show_lines.py   bin/view.sh: what a script of such a name is given it prints.
_PRINTING_SCRIPT = re.compile(r"(?:.*[/_.-])?(?:cat|display|print|show|view(?:er)?)[_.-][^/]*")
# With one of these words prettier says which files it looked at, and prints none.
_CHECKING = frozenset({"--check", "--list-different", "--write", "-c", "-l", "-w"})
_INTERPRETER = re.compile(r"(?:python|pypy|node|ruby|perl|php|bash|sh|zsh)(?:[0-9](?:\.[0-9]{1,2})?)?")
_CODE = frozenset({"-c", "-e", "-p", "--eval", "--print"})  # behind them stands code, of interpreters
# Words of a launcher with its options; a docker run with ten volumes and variables has 25.
_MAX_LAUNCHER = 40
# -u  -W  -Wd  -X  -x  --trace-warnings
_PLAIN_OPTION = re.compile(r"-[BEIOSWXuvx]{1,9}|-[WX][\w:.=-]{1,60}|--[a-z-]{1,40}")
_OPTIONS_WITH_VALUE = frozenset({"-W", "-X"})
# Of Python; those of shells may make it show what it runs.
_QUIET_OPTION = re.compile(r"-[uBO]{1,3}")
# --all   --epochs=120   -n   -n8   120   0.5: no name of a file.
_NO_FILE = re.compile(r"--[A-Za-z][\w-]{0,60}(?:=[0-9][0-9.]{0,20})?|-[A-Za-z]|(?:-[A-Za-z]?)?[0-9][0-9.]{0,20}")
_LOG_COMMANDS = (
    ("journalctl",),
    ("docker", "logs"),
    ("docker", "service", "logs"),
    ("docker", "compose", "logs"),
    ("docker-compose", "logs"),
    ("podman", "logs"),
    ("kubectl", "logs"),
    ("oc", "logs"),
    ("stern",),
    ("gh", "run", "view"),
)
_LOG_PROGRAMS = frozenset(words[0] for words in _LOG_COMMANDS)
_LOG_PRINTERS = HEADS | {"cat", "zcat"}
_LOG_SEARCHERS = GREPS | {"rg", "zgrep"}
# app.log  app.log.1  app.log.2.gz  app.log-20261123  /var/log/syslog
_LOG_FILE = re.compile(
    r"[^\s*?{}$]{0,300}\.log(?:[.-][0-9]{1,8})?(?:\.gz)?|/var/log/(?:[^\s*?{}$/]{1,80}/)?(?:syslog|messages)"
)

# What tee prints comes through the pipe; xargs starts any program.
_FILE_PRINTERS = (TEXT_PRINTERS - {"tee"}) | OTHER_SHOWERS | {"xargs"}
# How many words beside their options and numbers filters have without a file: none, or a pattern or script.
_WITH_PATTERN = GREPS | {"awk", "rg", "sed"}
_FILTERS = LINE_FILTERS | {"cut"} | _WITH_PATTERN
# -e x   -ex   -ve'^#'   -f patterns   --regexp=x: then all other words are files.
_GIVES_PATTERN = re.compile(r"-[A-Za-z]*[ef]\S*|--(?:regexp|expression|file)\b\S*", re.DOTALL)
# -A 3   -m 1   --context 3: the next word is their number.
_TAKES_NUMBER = re.compile(r"-[A-Za-z]*[ABCm]|--(?:after-context|before-context|context|max-count)")
# grep -rh x, without a place, looks through the folder that it runs in.
_RECURSIVE = re.compile(r"-[A-Za-z]*[rR][A-Za-z]*|--(?:dereference-)?recursive")


def is_program_run(call: ToolCall | None) -> bool:
    """Tests, builds, package managers, scripts of the project."""
    return call is not None and call.path is None and bool(call.producer) and _is_program_run(call.producer)


@lru_cache(maxsize=4)  # several folds ask about the same command
def _is_program_run(producer: tuple[str, ...]) -> bool:
    own = _launched(producer)
    return is_script(own) or any(map(is_run, (own, *launched(producer))))


def is_script(words: Sequence[str]) -> bool:
    """Whether it is a script that is run by its name, and none of its words says that it prints a file."""
    return bool(words) and _is_quiet_script(words[0]) and _PRINTING.isdisjoint(words[1:])


def _is_quiet_script(word: str) -> bool:
    return SCRIPT.fullmatch(word) is not None and not _PRINTING_SCRIPT.fullmatch(word)


def is_script_run(words: tuple[str, ...]) -> bool:
    """Whether a script is run by its name or by an interpreter, and none of its words says that it prints a file."""
    return is_script(words) or (is_run(words) and _INTERPRETER.fullmatch(words[0].rpartition("/")[2]) is not None)


def is_script_alone(words: tuple[str, ...]) -> bool:
    """Whether a script runs, with nothing but options and numbers behind it: no word tells it which file to show."""
    if not is_script_run(words):
        return False
    own = words if is_script(words) else tuple(dropwhile(_QUIET_OPTION.fullmatch, words[1:]))
    return SCRIPT.fullmatch(own[0]) is not None and names_no_file(own[1:])


def names_no_file(words: Sequence[str]) -> bool:
    """Whether they are options and numbers only."""
    return all(map(_NO_FILE.fullmatch, words))


def is_run(words: tuple[str, ...]) -> bool:
    """Whether the program is known to report while it runs, and none of its words says that it prints a file."""
    program = words[0].rpartition("/")[2] if words else ""
    if program in _RUNNING:
        is_run = True
    elif program == "prettier":
        is_run = not _CHECKING.isdisjoint(words)
    elif program in _PACKAGE_MANAGERS:
        is_run = len(words) > 1 and (words[1] in _PACKAGE_COMMANDS or _runs_package_script(words))
    else:
        is_run = _INTERPRETER.fullmatch(program) is not None and _runs_script(words[1:])
    return is_run and _PRINTING.isdisjoint(words[1:])


def _runs_package_script(words: tuple[str, ...]) -> bool:
    """`bun run test`, `pnpm -r build`, `bun --filter @shop/core test`: a script of one package or of several."""
    names_script = any(word in _OF_SCRIPTS or word.startswith("--filter=") for word in words[1:])
    return words[0].rpartition("/")[2] in NODE_PACKAGE_MANAGERS and names_script and not _may_print(words)


def _may_print(words: Sequence[str]) -> bool:
    """Whether one of the words names a program that prints texts, or code may stand behind it."""
    return prints_texts(words) or not _CODE.isdisjoint(words)


def launched(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words, then what they may start: from each word on where a launcher with whatever options begins them.

    Of `nice -n 5 npm test` one is ("npm", "test"). Not behind code that stands in the command, nor where one of the
    words names a program that prints files.
    """
    yield words
    if not words or _INTERPRETER.fullmatch(words[0].rpartition("/")[2]):
        module = _runs_module(words) if words else words
        if module is not words:
            yield module
        return
    if is_launcher(words[0]) and not prints_texts(words):
        for start in range(1, min(len(words), _MAX_LAUNCHER)):
            yield words[start:]


def prints_texts(words: Sequence[str]) -> bool:
    """Whether one of the words names a program that prints texts, or an interpreter with code behind it."""
    names = [word.rpartition("/")[2] for word in words]
    interpreter = next((row for row, name in enumerate(names) if _INTERPRETER.fullmatch(name)), len(names))
    return not (TEXT_PRINTERS.isdisjoint(names) and _CODE.isdisjoint(names[interpreter:]))


def is_log(call: ToolCall | None) -> bool:
    """Lines that a running system wrote one after the other, from the service that keeps them or from a log file.

    A log file counts: nobody edits its lines. But not one that is shown from a known line on (cat, head, sed -n), since
    later outputs are told which of its lines they repeat, by the file's own numbers.
    """
    if call is None or not call.producer or call.first_line is not None:
        return False
    words = call.producer
    if ci_of(words):
        return True
    if words[0] in _LOG_PROGRAMS and any(words[: len(known)] == known for known in _LOG_COMMANDS):
        return True
    if len(words) > 1 and words[0] in _LOG_SEARCHERS:
        return _LOG_FILE.fullmatch(words[-1]) is not None
    return len(words) > 1 and words[0] in _LOG_PRINTERS and _names_log_files(words[1:])


def prints_file(words: Sequence[str]) -> bool:
    """Whether a program of a command is known to print texts: those of files, of their history, of the command itself.

    Filters print what comes through the pipe, unless they are given a file.
    """
    words = own_words(words)
    if not words or words[0] not in _FILTERS:
        return bool(words) and words[0] in _FILE_PRINTERS
    if words[0] not in _WITH_PATTERN:
        return any(not word.startswith("-") and not word.removeprefix("+").isdecimal() for word in words[1:])
    if words[0] in GREPS and any(map(_RECURSIVE.fullmatch, words[1:])):
        return True
    numbers = {place + 1 for place, word in enumerate(words) if _TAKES_NUMBER.fullmatch(word)}
    given = [
        word
        for place, word in enumerate(words)
        if place and not word.startswith("-") and not (place in numbers and word.isdecimal())
    ]
    return len(given) > (not any(map(_GIVES_PATTERN.fullmatch, words[1:])))


def programs_run(call: ToolCall | None) -> Sequence[tuple[str, ...]]:
    """The programs of a command, launchers and folders left away: `uv run python -m pytest -q` is ("pytest", "-q").

    Empty for other tools, and for commands that do more than run programs one after the other or in pipes.
    """
    return _programs_run((call and call.command) or "")


@lru_cache(maxsize=4)  # each elision looks at the same command
def _programs_run(command: str) -> Sequence[tuple[str, ...]]:
    found = [_launched(words) for words in programs(command)]
    return tuple(_runs_module((words[0].rpartition("/")[2], *words[1:])) for words in found if words)


def _launched(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of the program that a launcher starts."""
    if not words or words[0] not in _LAUNCHER_PROGRAMS:
        return words
    for launcher in _LAUNCHERS:
        if words[: len(launcher)] == launcher:
            words = words[len(launcher) :]
    return words


def _runs_module(words: tuple[str, ...]) -> tuple[str, ...]:
    """What `python -m` runs, as if it were a program; `coverage run -m` too."""
    rest = _after_options(words[1:]) if _INTERPRETER.fullmatch(words[0].rpartition("/")[2]) else words
    return rest[1:] if rest[:1] == ("-m",) and rest[1:] else words


def _runs_script(words: tuple[str, ...]) -> bool:
    """Options, then a script or `-m module`; no code in the command, which comes after -c, -e and their like."""
    rest = _after_options(words)
    is_run = bool(rest) and (rest[0] == "-m" or _is_quiet_script(rest[0]))
    return is_run and "json.tool" not in rest


def _after_options(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of an interpreter after its own options."""
    while words and _PLAIN_OPTION.fullmatch(words[0]):
        words = words[2 if words[0] in _OPTIONS_WITH_VALUE else 1 :]
    return words


def _names_log_files(words: tuple[str, ...]) -> bool:
    """Log files, options and the numbers that options take."""
    files = [word for word in words if not word.startswith(("-", "+")) and not word.isdecimal()]
    return bool(files) and all(_LOG_FILE.fullmatch(name) for name in files)
