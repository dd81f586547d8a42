"""Text from recordings, made fit to be shown in a terminal."""

from __future__ import annotations

# Letters that change the direction of writing.
_NEVER_SHOWN_RAW = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_SIGNS = frozenset("\n\t")


def visible(text: str) -> str:
    """The text without what a terminal or a page would obey: control characters and changes of direction escaped."""
    return "".join(sign if _is_harmless(sign) else _escaped(sign) for sign in text)


def one_line(text: str, width: int) -> str:
    """The text in one line of at most `width` characters, an ellipsis for the rest."""
    flat = visible(" ".join(text.split(maxsplit=width))[: width + 1])
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def _is_harmless(sign: str) -> bool:
    return sign in _LINE_SIGNS or (sign >= " " and not "\x7f" <= sign <= "\x9f" and not _is_special(sign))


def _is_special(sign: str) -> bool:
    return sign in _NEVER_SHOWN_RAW or "\ud800" <= sign <= "\udfff"


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode()
