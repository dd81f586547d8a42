"""Objects in which custom tools give what a command printed, or a file, and their plain form.

    {"stdout": "a\\nb\\n", "stderr": "", "exit_code": 0}      {"stdout":<text below>,"stderr":"","exit_code":0}
                                                           a
                                                           b

    {'output': 'a\\nb\\n', 'success': True}                  {'output': <text below>, 'success': True}    Python's str()
                                                           a
                                                           b

One of its members is the text that is written below, the longest of those that tell what was printed, or what a file
holds; of a command another says how it ended; all but that text are short. Exact by value, of Python by source. What
holds more is none of these.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from headroom_compression.client_text import BELOW
from headroom_compression.record import record

_STRING = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|' + r"'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
_MEMBER = re.compile(
    r"[ \t\r\n]{0,20}([\"'])([A-Za-z_]{1,40})\1[ \t]{0,4}:[ \t]{0,4}"
    rf"({_STRING}|-?[0-9][0-9.eE+-]{{0,30}}|true|false|null|True|False|None|{BELOW})[ \t\r\n]{{0,20}}([,}}])"
)
_OPENING = re.compile(r"\{[ \t\r\n]{0,20}[\"'][A-Za-z_]{1,40}[\"'][ \t]{0,4}:")
_PRINTED = frozenset({"output", "stdout", "stderr"})
_HELD = frozenset({"content", "contents", "text"})
_ENDED = re.compile(r"(?:exit|return)_?(?:code|status)|success|succeeded|ok|status|code", re.IGNORECASE)
_MAX_MEMBERS = 12
# Of a member beside the text, by its source.
_MAX_LENGTH = 300


@record
class TextObject:
    """members: keys and the sources of their values; of one it is the mark that stands for the text."""

    members: tuple[tuple[str, str], ...]
    text: str
    is_python: bool = False

    @property
    def plain(self) -> str:
        """The object on a line, the text below it."""
        return f"{self._line(BELOW)}\n{self.text}"

    @property
    def source(self) -> str:
        """As Python's str() writes it."""
        return self._line(repr(self.text))

    def _line(self, text: str) -> str:
        quote, colon, comma = ("'", ": ", ", ") if self.is_python else ('"', ":", ",")
        members = (f"{quote}{key}{quote}{colon}{text if value == BELOW else value}" for key, value in self.members)
        return f"{{{comma.join(members)}}}"


def read(source: str, *, is_of_file: bool = False) -> TextObject | None:
    """The object; None where it is none of this form. is_of_file: it tells what a file holds, no command."""
    if not _OPENING.match(source) or not source.endswith("}"):
        return None
    members = dict(_members(source))
    texts = (_HELD if is_of_file else _PRINTED) & members.keys()
    printed = max(texts, key=lambda key: (len(members[key]), key), default="")
    others = [value for key, value in members.items() if key != printed]
    is_known = bool(others) if is_of_file else any(map(_ENDED.fullmatch, members))
    if (
        not is_known
        or any(len(value) > _MAX_LENGTH for value in others)
        or members.get(printed, "")[:1] not in ("'", '"')
        or BELOW in others
    ):
        return None
    is_python = source[1] == "'"
    value_of = ast.literal_eval if is_python else json.loads
    try:
        text, _ = str(value_of(members[printed])), [*map(value_of, others)]
        text.encode()  # half a character cannot be sent
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    found = TextObject(tuple((key, BELOW if key == printed else members[key]) for key in members), text, is_python)
    return found if not is_python or found.source == source else None


def read_plain(text: str) -> TextObject | None:
    """The object whose plain form the text is; None where it is none."""
    line, _, below = text.partition("\n")
    members = tuple(_members(line))
    return TextObject(members, below, line[1:2] == "'") if [*dict(members).values()].count(BELOW) == 1 else None


def _members(source: str) -> Iterator[tuple[str, str]]:
    """Its keys and the sources of their values; none where it has other ones, or a key twice."""
    found: list[tuple[str, str]] = []
    quote = "'" if source.startswith("'", 1) else '"'
    place = 1
    while place and len(found) < _MAX_MEMBERS:
        match = _MEMBER.match(source, place)
        if match is None or match[1] != quote:
            return iter(())
        found.append((match[2], match[3]))
        place = match.end() if match[4] == "," else 0
        if not place and match.end() == len(source) and len(dict(found)) == len(found):
            return iter(found)
    return iter(())
