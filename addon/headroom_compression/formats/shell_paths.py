"""A path as a marker shows it: a word of a shell command that opens the file as it stands, quoted only where needed.

/state/3f9a2c81d0b4e6f7.txt
'/Users/dev/Library/Application Support/headroom-addon/3f9a2c81d0b4e6f7.txt'
'/it'"'"'s/3f9a2c81d0b4e6f7.txt'
"C:\\Users\\My Name\\3f9a2c81d0b4e6f7.txt"
"""

from __future__ import annotations

import re
from unicodedata import category

# What a POSIX shell does not take as it is, in the middle of a word: blanks, quotes, operators, globs, expansions.
_SPECIAL = re.compile(r"""[\s'"\\$`;&|<>(){}*?!^\[]""")
_APOSTROPHE = "'\"'\"'"  # ends the quoted part, quotes one apostrophe, begins the next part
_OF_WINDOWS = re.compile("[A-Z]:")
_SPECIAL_ON_WINDOWS = re.compile(r"[\s'&|<>(){}^!;,]")
# Within double quotes PowerShell, cmd and Git Bash still replace these, each its own.
_EXPANDED_ON_WINDOWS = frozenset('$`%"')
# Control characters, halves of surrogate pairs (names that are no UTF-8), ends of lines and paragraphs.
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})


def unfit_character(path: str) -> str:
    """The first character that no marker can show, or that cannot be quoted; "" when the path is fit."""
    refused = _EXPANDED_ON_WINDOWS if _OF_WINDOWS.match(path) else frozenset()
    for character in path:
        is_unseen = category(character) in _UNSEEN and character != "\t"
        if is_unseen or character == "]" or character in refused:
            return character
    return ""


def quoted(path: str) -> str:
    """An absolute path that is fit, as a word of a command."""
    if _OF_WINDOWS.match(path):
        return f'"{path}"' if _SPECIAL_ON_WINDOWS.search(path) else path
    return "'" + path.replace("'", _APOSTROPHE) + "'" if _SPECIAL.search(path) else path


def unquoted(word: str) -> str:
    """The path that such a word stands for; other words as they are."""
    if len(word) > 1 and word[0] == word[-1] == "'":
        return word[1:-1].replace(_APOSTROPHE, "'")
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == '"' else word
