"""The command `headroom-addon`: mitmdump with the addon, on 127.0.0.1, without having to know where the script lies.

    headroom-addon --compress-passthrough --compress-level recall -p 8081

is

    mitmdump -s .../headroom_addon.py --listen-host 127.0.0.1 --set compress_passthrough=true
        --set compress_level=recall -p 8081

Every option of the addon can be given as a flag; all other words go to mitmdump as they are.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING
from typing import Final

from headroom_proxy.misspelt_names import nearest_name
from headroom_proxy.options import HELP_TEXTS
from headroom_proxy.options import NAMES
from headroom_proxy.options import OFF_WORDS
from headroom_proxy.options import ON_WORDS
from headroom_proxy.options import PREFIX
from headroom_proxy.options import SWITCHES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

LOOPBACK: Final = ("--listen-host", "127.0.0.1")  # mitmdump itself would listen on all interfaces
_ONLY_PRINT: Final = frozenset({"-h", "--help", "--version", "--options", "--commands"})
_AUTHORITY: Final = "mitmproxy-ca.pem"
_FLAG: Final = re.compile(r"-(?![0-9])")  # a number below zero is a value, if a wrong one


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


_FLAGS: Final = {_flag(name): name for name in NAMES}


def mitmdump_arguments(script: Path, words: Sequence[str]) -> list[str]:
    """The arguments for mitmdump. A `--listen-host` among the words overrides ours, as it comes later.

    Raise ValueError for a flag of ours that is misspelt, or lacks the value that it needs.
    """
    return ["-s", str(script), *LOOPBACK, *_translated(list(words))]


def check_folder_of_mitmproxy(words: Sequence[str]) -> None:
    """Raise ValueError where mitmproxy could not store its certificates, and would end with a traceback."""
    if only_prints(words):
        return
    folder = Path(_confdir(words)).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_fit = os.access(folder, os.W_OK) or (folder / _AUTHORITY).exists()
    except (OSError, RuntimeError):  # RuntimeError: the home folder is unknown
        is_fit = False
    if not is_fit:
        raise ValueError(f"mitmproxy cannot write to {folder}; choose another folder with --set confdir=FOLDER")


def _confdir(words: Sequence[str]) -> str:
    """The folder that `--set confdir=FOLDER` names last, or mitmproxy's own."""
    settings = [word.removeprefix("--set=") for word in words]
    named = (word.removeprefix("confdir=") for word in reversed(settings) if word.startswith("confdir="))
    return next(named, "~/.mitmproxy")


def only_prints(words: Sequence[str]) -> bool:
    """Whether mitmdump says something and ends, instead of being a proxy."""
    return not _ONLY_PRINT.isdisjoint(words)


def asks_for_help(words: Sequence[str]) -> bool:
    return not {"-h", "--help"}.isdisjoint(words)


def help_lines() -> Iterator[str]:
    """Our options, as flags; mitmdump's own help, which knows none of them, follows."""
    yield "usage: headroom-addon [--compress-...] [any argument of mitmdump]"
    yield "       headroom-addon audit ...     what it would have saved on recorded sessions"
    yield "       headroom-addon recall ...    the originals that level recall has stored"
    yield ""
    yield "Options of the addon; each can be given as `--set NAME=VALUE`, with _ for -, too:"
    for name, text in HELP_TEXTS.items():
        flag = _flag(name) if name in SWITCHES else f"{_flag(name)} VALUE"
        yield from wrap(f"{flag}  {text}", width=100, initial_indent="  ", subsequent_indent=" " * 8)
    yield ""
    yield "All other arguments are those of mitmdump:"
    yield ""


def _translated(words: list[str]) -> Iterator[str]:
    """Our flags as `--set NAME=VALUE`, all other words as they are."""
    while words:
        word = words.pop(0)
        flag, sign, value = word.partition("=")
        name = _FLAGS.get(flag)
        if name is None:
            _refuse_misspelt(flag)
            yield word
        elif name in SWITCHES:
            if not sign:
                value = words.pop(0) if words and words[0].lower() in {*ON_WORDS, *OFF_WORDS} else "true"
            yield from ("--set", f"{name}={_spelt(value)}")
        elif sign or (words and not _FLAG.match(words[0])):
            yield from ("--set", f"{name}={value if sign else words.pop(0)}")
        else:
            raise ValueError(f"{flag} needs a value")


def _refuse_misspelt(flag: str) -> None:
    nearest = nearest_name(flag.removeprefix("--")) if flag.startswith("--") else None
    if nearest or flag.startswith(_flag(PREFIX)):
        meant = f"; did you mean {_flag(nearest)}?" if nearest else ""
        raise ValueError(f"there is no option {flag}{meant}")


def _spelt(value: str) -> str:
    """`true` or `false`, as mitmproxy wants it, for what people write; it complains of any other word itself."""
    word = value.lower()
    return "true" if word in ON_WORDS else "false" if word in OFF_WORDS else value
