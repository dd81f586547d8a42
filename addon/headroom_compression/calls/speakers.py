"""What echo and printf say: words of the command, or what it puts in their place, which may be a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

# $?   ${PIPESTATUS[0]}   $SECONDS: the shell's own numbers, such as those with which programs ended.
_NUMBERS = re.compile(
    r"\$(?:[?#!$]|\{[?#!$]\}|PIPESTATUS\b|\{PIPESTATUS\[[0-9@*]{1,2}\]\}|SECONDS\b|\{SECONDS\}|LINENO\b|\{LINENO\})"
)
_SIGNS = ("$", "`")  # of all else that the shell puts in


def says_own_words(words: Sequence[str]) -> bool:
    """Whether a program that speaks says nothing but what stands in the command, and numbers: echo "EXIT: $?\""""
    return not any(sign in _NUMBERS.sub("", word) for word in words[1:] for sign in _SIGNS)
