"""Which calls list all files of a tree, or all with one ending: nothing else picked their rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_compression.calls.shell_words import pipeline
from headroom_compression.calls.shell_words import producing_part
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import HEADS
from headroom_compression.calls.wrappers import without_wrappers

# What tools that are asked for a pattern call all files.
_ALL_FILES = frozenset({"*", "**", "**/*"})
# Behind the lister: head -300   sort -u   tail -n +5
_ORDERING = HEADS | {"sort"}
_ORDERED_BY = re.compile(r"-[a-z]{0,3}[0-9]{0,9}|\+?[0-9]{1,9}")
# With one of these a word may stand for several, or for what another program says.
_EXPANDED = frozenset("*?{$`~[")
# The words of find behind the places, each with a line feed: all files, or those with one ending, but for what is below
# some folders. Folders are listed only where none may be cut off below them.
# Such a folder is */node_modules/*, ./dist or .git, but not *_test.go or */carts.py: names of files pick.
_FOLDER = r"(?![^\n]{0,300}[^\n/]\.[A-Za-z0-9]{1,12}\n)[^\n]{1,300}\n"
# .*   .DS_Store   *.pyc: nobody asks for hidden or compiled files by leaving them away.
_UNSEEN = r"(?:\.[^\n]{1,300}|\*\.(?:class|o|py[co]))\n"
_LEFT_AWAY = (
    rf"(?:(?:-not|!)\n-path\n{_FOLDER}|(?:-not|!)\n-name\n{_UNSEEN}"
    rf"|(?:-type\nd\n)?-(?:path|name)\n{_FOLDER}-prune\n-o\n"
    rf"|\(\n-(?:path|name)\n{_FOLDER}(?:-o\n-(?:path|name)\n{_FOLDER}){{0,20}}\)\n-prune\n-o\n){{0,20}}"
)
_ENDING = r"(?:-name\n\*\.[A-Za-z0-9]{1,12}\n)?"
_DEPTH = r"(?:-(?:max|min)depth\n[0-9]{1,3}\n){0,2}"
_FIND_ALL = re.compile(
    rf"(?:{_DEPTH}{_LEFT_AWAY}(?:-type\nf\n{_ENDING}|{_ENDING}-type\nf\n)|{_LEFT_AWAY}{_ENDING}){_LEFT_AWAY}(?:-print\n)?"
)
# rg --files --hidden src     fd -H -t f . src     git ls-files
_OF_LISTERS = {
    "rg": re.compile(r"(?:--(?:files|hidden|no-ignore|follow|no-messages)\n|-u{1,3}\n|-L\n|--sort[= \n]path\n)*"),
    "fd": re.compile(
        r"(?:--(?:hidden|no-ignore|unrestricted|follow)\n|-[HIuL]{1,4}\n|(?:-t|--type)[= \n]?f(?:ile)?\n)*(?:\.\n)?"
    ),
    "git": re.compile(r"(?:--no-pager\n)?ls-files\n(?:-c\n|--cached\n|--full-name\n)?"),
}


def lists_all_files(call: ToolCall) -> bool:
    if call.command is None:
        return call.tool.lower() == "glob" and bool(call.asked) and _ALL_FILES.issuperset(call.asked)
    piped = pipeline(producing_part(call.command)) or [[]]
    words = without_wrappers(piped[0])
    return bool(words) and _lists_all(words[0], words[1:]) and all(map(_orders, piped[1:]))


def _orders(words: Sequence[str]) -> bool:
    return words[0] in _ORDERING and all(map(_ORDERED_BY.fullmatch, words[1:]))


def _lists_all(program: str, given: Sequence[str]) -> bool:
    if program == "find":
        stop = next((at for at, word in enumerate(given) if word.startswith(("-", "(", "!"))), len(given))
        tests = "".join(f"{word}\n" for word in given[stop:])
        return _are_folders(given[:stop]) and _FIND_ALL.fullmatch(tests) is not None
    form = _OF_LISTERS.get("fd" if program == "fdfind" else program)
    found = form.match("".join(f"{word}\n" for word in given)) if form else None
    if not found or (program == "rg" and "--files" not in given):
        return False
    places = given[found[0].count("\n") :]
    # What stands behind fd is a pattern, but for "." and places behind that; of git ls-files a part of the tree.
    return not places if program == "git" or (program != "rg" and "." not in given) else _are_folders(places)


def _are_folders(places: Sequence[str]) -> bool:
    return not any(place.startswith("-") or not _EXPANDED.isdisjoint(place) for place in places)
