"""Which programs a command starts, whatever launches them: `(docker exec web nice -n 5 npm ci) 2>&1` starts npm, too.

A broad answer, as that of `launchers`: who asks knows the lines of these programs by their forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from functools import lru_cache

from headroom_compression.calls.launchers import commands_within
from headroom_compression.calls.launchers import is_launcher
from headroom_compression.calls.programs import launched
from headroom_compression.calls.programs import prints_file
from headroom_compression.calls.programs import prints_texts
from headroom_compression.calls.shell_words import simple_commands
from headroom_compression.calls.shown_files import is_source_code
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import HEADS
from headroom_compression.calls.vocabulary import SHELLS
from headroom_compression.calls.wrappers import own_words

# Behind one of these words stand names of packages: npm install diff
_OF_PACKAGES = frozenset({"add", "install", "remove", "uninstall", "update"})

# make > /tmp/make.log 2>&1   npm ci &>out.txt   but not >> out.txt, which may hold more, nor 2>&1
_WRITTEN = re.compile(r"(?<![>0-9])[1&]?>\|?[ \t]{0,9}([\w./-]{1,300})(?![\w./-])")
_SHOWING = HEADS | {"cat"}
_MOVING = frozenset({"cd", "popd", "pushd"})


def commands_without_own_files(command: str) -> Sequence[tuple[str, ...]]:
    """The words of all its simple commands, but for those that show nothing but a file that it has written before:
    `make > out.txt 2>&1; tail -50 out.txt` shows what make printed, as through a pipe. Not of source code."""
    commands = commands_within(command)
    if ">" not in command:
        return commands
    written = {found[1] for found in _WRITTEN.finditer(command) if command.find(found[1]) == found.start(1)}
    if "(" in command or any(words[0] in _MOVING for words in commands[1:]):  # elsewhere a file may have the same name
        written = {name for name in written if name.startswith("/")}
    return [words for words in commands if not _shows_one_of(written, words)]


def _shows_one_of(files: set[str], words: tuple[str, ...]) -> bool:
    given = [word for word in own_words(words) if not word.startswith(("-", "+")) and not word.isdecimal()]
    shown = set(given[1:])
    return bool(shown) and given[0] in _SHOWING and shown <= files and not any(map(is_source_code, shown))


def started_programs(call: ToolCall | None) -> Sequence[tuple[str, ...]]:
    """The words of all that it may start, without the folders of the programs; of a launcher from each word on that
    may be a program. Empty for other tools than shells, and for commands that are not understood."""
    return _started((call and call.command) or "")


def starts_printer(words: Sequence[str]) -> bool:
    """Whether the program prints texts, or is a launcher of one: docker exec web cat build.log"""
    is_run = is_launcher(words[0]) and _OF_PACKAGES.isdisjoint(words)
    return prints_file(words) or (is_run and prints_texts(words))


@lru_cache(maxsize=4)  # each elision looks at the same command
def _started(command: str) -> Sequence[tuple[str, ...]]:
    return tuple(
        (words[0].rpartition("/")[2], *words[1:])
        for own in map(own_words, commands_without_own_files(command))
        for words in _of(own)
    )


def _of(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Not a shell that is given code: what stands there is among the commands, where it is understood."""
    is_shell = any(word.rpartition("/")[2] in SHELLS for word in words)
    is_read = is_shell and any(" " in word and simple_commands(word) for word in words)
    if words and not is_read:
        yield from launched(words) if "logs" not in words else (words,)
