"""Which programs a command starts, whatever launches them: `(docker exec web nice -n 5 npm ci) 2>&1` starts npm, too.

A broad answer, as that of `launchers`: who asks knows the lines of these programs by their forms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from headroom_compression.calls.launchers import commands_within
from headroom_compression.calls.launchers import is_launcher
from headroom_compression.calls.programs import launched
from headroom_compression.calls.programs import prints_file
from headroom_compression.calls.programs import prints_texts
from headroom_compression.calls.shell_words import simple_commands
from headroom_compression.calls.shown_files import is_source_code
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import GREPS
from headroom_compression.calls.vocabulary import HEADS
from headroom_compression.calls.vocabulary import SHELLS
from headroom_compression.calls.wrappers import own_words

# Behind one of these words stand names of packages: npm install diff
_OF_PACKAGES = frozenset({"add", "install", "remove", "uninstall", "update"})

# These print what is in a packed file only with such an option: gunzip -c a.gz   tar -xOf a.tgz   unzip -p a.zip
_TO_STDOUT = re.compile(r"-[A-Za-z0-9]{0,9}c\w{0,9}|--(?:to-)?stdout")
_UNPACKING = {
    **dict.fromkeys(("bunzip2", "bzip2", "gunzip", "gzip", "unxz", "xz", "zstd"), _TO_STDOUT),
    "tar": re.compile(r"-?[A-Za-z]{0,9}O[A-Za-z]{0,9}|--to-stdout"),
    "unzip": re.compile(r"-[A-Za-z]{0,9}[cp][A-Za-z]{0,9}"),
}
# They start a program for each file.
_FINDERS = frozenset({"fd", "find", "parallel"})
# cp build.log /dev/stdout
_TERMINAL = re.compile(r"/dev/(?:stdout|stderr|tty|fd/[12])")
_INTERPRETERS = re.compile(r"(?:ba|da|k|z)?sh|bun|deno|node|nodejs|perl|php|pypy[0-9.]{0,5}|python[0-9.]{0,5}|ruby")
_BEFORE_SCRIPT = re.compile(r"-.*|eval", re.DOTALL)
# -c   -uc   -pe   -ne   -e'puts 1'
_CODE = re.compile(r"-[A-Za-z0-9]{0,5}[cep](?!\w).*|--(?:eval|print)\b.*|eval", re.DOTALL)

# make > /tmp/make.log 2>&1   npm ci &>out.txt   but not >> out.txt, which may hold more, nor 2>&1
_WRITTEN = re.compile(r"(?<![>0-9])[1&]?>\|?[ \t]{0,9}([\w./-]{1,300})(?=[\s;&|)]|$)")
# In quotes, behind a backslash or in a comment no > writes a file of this shell: ssh host 'make > out.txt'
_HIDDEN = re.compile(r"""'[^']*+'|"(?:[^"\\]|\\.)*+"|\\.|(?<!\S)\#[^\n]*+""", re.DOTALL)
# Behind them what writes the file may not have run, or > may compare.
_CONDITIONS = re.compile(r"\|\||\[\[|\b(?:case|if|for|until|while)\b")
_SHOWING = HEADS | {"cat"}
_READING = _SHOWING | GREPS | {"ls", "rm", "wc"}
_MOVING = frozenset({"cd", "popd", "pushd"})


def commands_without_own_files(command: str) -> Sequence[tuple[str, ...]]:
    """The words of all its simple commands, but for those that show nothing but a file that it has written before:
    `make > out.txt 2>&1; tail -50 out.txt` shows what make printed, as through a pipe. Not of source code, nor in a
    shell that a launcher starts, which may be on another machine."""
    commands = commands_within(command)
    if ">" not in command or not commands:
        return commands
    own = simple_commands(command)
    written = _written(command, commands)
    if "(" in command or any(words[0] in _MOVING for words in commands[1:]):  # elsewhere a file may have the same name
        written = {name for name in written if name.startswith("/")}
    shown = {words for words in own if _shows_one_of(written, words)}
    shown -= (Counter(commands) - Counter(own)).keys()
    return [words for words in commands if words not in shown]


def _written(command: str, commands: Sequence[Sequence[str]]) -> set[str]:
    """The files that it writes for sure, and that none of its programs may have replaced: cp old.txt out.txt"""
    plain = _HIDDEN.sub(lambda hidden: "'" * len(hidden[0]), command)
    condition = _CONDITIONS.search(plain)
    found = _WRITTEN.finditer(plain, 0, condition.start() if condition else len(plain))
    first = {match[1] for match in found if command.find(match[1]) == match.start(1)}
    return first - {word for words in commands if _READING.isdisjoint(own_words(words)[:1]) for word in words}


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
    if prints_file(words) or _unpacks(words) or any(map(_TERMINAL.fullmatch, words[1:])):
        return True
    is_shown = not _SHOWING.isdisjoint(words[1:])  # by a launcher that nobody knows: chroot /srv cat build.log
    is_started = (is_launcher(words[0]) or words[0] in _FINDERS) and prints_texts(words)
    return _OF_PACKAGES.isdisjoint(words) and (is_shown or is_started or _runs_code(words))


def _unpacks(words: Sequence[str]) -> bool:
    option = _UNPACKING.get(words[0])
    return option is not None and any(map(option.fullmatch, words[1:]))


def _runs_code(words: Sequence[str]) -> bool:
    """Whether an interpreter is given code in the command, which may print a file: perl -ne print build.log"""
    given = takewhile(_BEFORE_SCRIPT.fullmatch, words[1:])
    return _INTERPRETERS.fullmatch(words[0]) is not None and any(map(_CODE.fullmatch, given))


@lru_cache(maxsize=4)  # each elision looks at the same command
def _started(command: str) -> Sequence[tuple[str, ...]]:
    return tuple(
        (words[0].rpartition("/")[2], *words[1:])
        for found in commands_without_own_files(command)
        for words in _of(found if own_words(found)[:1] and own_words(found)[0].startswith("-") else own_words(found))
    )


def _of(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Not a shell that is given code: what stands there is among the commands, where it is understood."""
    is_shell = any(word.rpartition("/")[2] in SHELLS for word in words)
    is_read = is_shell and any(" " in word and simple_commands(word) for word in words)
    if words and not is_read:
        yield from launched(words) if "logs" not in words else (words,)
