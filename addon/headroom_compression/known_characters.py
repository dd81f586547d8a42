"""Characters that every supported version of Python knows: what is sent must not depend on which of them it is."""

from __future__ import annotations

import re
from sys import maxunicode

# What Unicode 15.0 and 15.1 have more than 14.0, the version of Python 3.11: letters and digits, for which `\w`, `\b`
# and `str.isalnum` tell another answer, and what else can be printed.
_NEWER_LETTERS = (
    "\U0001123f\U00011240\U00011f02\U00011f04-\U00011f10\U00011f12-\U00011f33\U00011f50-\U00011f59\U0001342f"
    "\U00013441-\U00013446\U0001b132\U0001b155\U0001d2c0-\U0001d2d3\U0001df25-\U0001df2a\U0001e030-\U0001e06d"
    "\U0001e4d0-\U0001e4eb\U0001e4f0-\U0001e4f9\U0002b739\U0002ebf0-\U0002ee5d\U00031350-\U000323af"
)
_NEWER = re.compile(
    f"[{_NEWER_LETTERS}\u0cf3\u0ece\u2ffc-\u2fff\u31ef"
    "\U00010efd-\U00010eff\U00011241\U00011b00-\U00011b09\U00011f00-\U00011f01\U00011f03\U00011f34-\U00011f3a"
    "\U00011f3e-\U00011f4f\U00013439-\U00013440\U00013447-\U00013455\U0001e08f\U0001e4ec-\U0001e4ef\U0001f6dc"
    "\U0001f774-\U0001f776\U0001f77b-\U0001f77f\U0001f7d9\U0001fa75-\U0001fa77\U0001fa87-\U0001fa88"
    "\U0001faad-\U0001faaf\U0001fabb-\U0001fabd\U0001fabf\U0001face-\U0001facf\U0001fada-\U0001fadb\U0001fae8"
    "\U0001faf7-\U0001faf8]"
)
_NEWER_LETTER = re.compile(f"[{_NEWER_LETTERS}]")
# How those letters begin in UTF-8, which is found in 0.5 ms a MB: to ask each character takes 40. No emoji does.
_MAY_BE_NEWER = re.compile(rb"\xf0[\x91\x93\x9b\x9d\x9e\xab\xae\xb1\xb2]")
# How they stand in values that are written in ASCII, and read later. \ud884\udf50 in JSON   \U00031350 in Python's
_WRITTEN = re.compile(r"\\u([dD]8[0-9a-fA-F]{2})\\{1,9}u([dD][c-fC-F][0-9a-fA-F]{2})|\\U([0-9a-fA-F]{8})")
_PAIRS = (0xD800 << 10) + 0xDC00 - 0x10000
_ESCAPES = ("\\ud8", "\\uD8", "\\U000")


def is_printable(text: str) -> bool:
    """As `str.isprintable` says of what Unicode 14.0 has; False for all else."""
    return text.isprintable() and (text.isascii() or _NEWER.search(text) is None)


def reads_alike(text: str) -> bool:
    """Whether patterns find the same in it on every Python, in the values that are written in it, too."""
    may_be_written = "\\" in text and any(escape in text for escape in _ESCAPES)  # to ask for them takes 2 ms a MB
    if may_be_written and any(map(_is_newer_letter, _WRITTEN.findall(text))):
        return False
    may_differ = not text.isascii() and _MAY_BE_NEWER.search(text.encode(errors="surrogatepass"))
    return not may_differ or _NEWER_LETTER.search(text) is None


def _is_newer_letter(written: tuple[str, str, str]) -> bool:
    high, low, whole = written
    code = int(whole, 16) if whole else (int(high, 16) << 10) + int(low, 16) - _PAIRS
    return code <= maxunicode and _NEWER_LETTER.match(chr(code)) is not None
