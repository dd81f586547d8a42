"""The form that neighbouring lines of a log share: what stands in all of them, and where their values differ.

2026-11-23T<time>Z web-1 <1> [api] <2>
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_compression.formats.alarms import tells_of_error
from headroom_compression.record import record

# Times stand at the beginning: after a date, a host, a service or an address.
TIME_WITHIN = 120
MAX_LINE_LENGTH = 4_000
_MAX_COLUMNS = 40

# 10:15:01   10:15:01.123456   10:15:01,123
CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
# 10:15:01 also of [23/Nov/2026:10:15:01, but not 33:44:55 of 00:11:22:33:44:55
TIME = re.compile(rf"(?:(?<![0-9.:])|(?<=/[0-9]{{4}}:)){CLOCK}(?![0-9:])")
_DIGITS_BEFORE_COLON = 2
TIME_NAME = "<time>"
HEAD = " lines below show only "
# The last of the spaces between two words; the others pad the first of them.
_GAP = re.compile(" (?! )")
# status=   "   [   (   of a value; what closes it is " ] ) , or ;
_OPENING = re.compile(r"""(?:[A-Za-z_.-]{1,40}=)?["(\[]?""")
_CLOSING = '"]),;'
# status=
_KEY = re.compile(r"(?:[A-Za-z_.-]{1,40}=)?")


@record
class LogLine:
    """head, time, after and tail of "2026-11-23T10:15:01Z web-1 up": "2026-11-23T", "10:15:01", "Z", "web-1 up"."""

    row: int
    head: str
    time: str
    after: str
    tail: str

    def is_like(self, other: LogLine) -> bool:
        """Whether as many words stand before the time, with the same last one (often the date), and what clings to it
        is the same. Lines of a form are alike."""
        if self.after != other.after or self.head == other.head:
            return self.after == other.after
        words, others = self.head.split(), other.head.split()
        return len(words) == len(others) and words[-1:] == others[-1:]


@record
class LogColumn:
    """What stands around a value in all lines; a column that does not differ is all `opening`."""

    opening: str
    closing: str = ""
    differs: bool = True

    def values(self, texts: Sequence[str]) -> Sequence[str]:
        start, end = len(self.opening), len(self.closing)
        return [text[start : len(text) - end] for text in texts] if start or end else texts

    def place(self, names: list[str]) -> str:
        if not self.differs:
            return self.opening
        names.append(f"<{len(names) + 1 - names.count(TIME_NAME)}>")
        return self.opening + names[-1] + self.closing


_PLAIN = LogColumn("")
_PAIRED = frozenset('"()[]')
_UNPAIRED = bytes(byte for byte in range(256) if byte not in b'"()[]\n')


@record
class Form:
    """The columns before and after the time; the last goes on to the ending that all lines share."""

    head: LogColumn
    after: str
    columns: list[LogColumn]
    ending: str

    def line(self, rows: int) -> str:
        names: list[str] = []
        head = self.head.place(names)
        names.append(TIME_NAME)
        columns = " ".join([column.place(names) for column in self.columns])
        return f"[{rows}{HEAD}{' '.join(names)} of: {head}{TIME_NAME}{self.after} {columns}{self.ending}]"

    def rows(self, group: list[LogLine], texts: list[list[str]]) -> list[str]:
        """What differs in each of the lines, in its own row. texts: the words of their tails."""
        count = len(self.columns)
        words = zip(*[text if len(text) == count else words_of(" ".join(text), count) for text in texts], strict=True)
        values = [column.values(those) for column, those in zip(self.columns, words, strict=True) if column.differs]
        before = [self.head.values([line.head for line in group])] if self.head.differs else []
        return list(map(" ".join, zip(*before, [line.time for line in group], *values, strict=True)))


def time_at_beginning(line: str) -> re.Match[str] | None:
    """The time in the beginning of a line. Nothing before its first colon is looked at, which takes half the time."""
    colon = line.find(":", 0, TIME_WITHIN)
    return TIME.search(line, max(colon - _DIGITS_BEFORE_COLON, 0), TIME_WITHIN) if colon >= 0 else None


def read_line(row: int, text: str, *, may_tell_of_error: bool = True) -> LogLine | None:
    """The line of a log that the text is; None when it has no time and date, or tells of an error.

    may_tell_of_error: False where that is known, or asked of many lines at once.
    """
    match = time_at_beginning(text)
    if match is None or len(text) > MAX_LINE_LENGTH or "\r" in text:
        return None
    start, stop = match.span()
    after, _, tail = text[stop:].partition(" ")
    head = text[:start]
    if not tail or tail.isspace() or not (head or after) or (may_tell_of_error and tells_of_error(text)):
        return None
    return LogLine(row, head, text[start:stop], after, tail)


def shared_form(group: list[LogLine]) -> tuple[Form, list[str]]:
    """The form of lines of one kind, and the row of each in it."""
    ending = _shared_words_at_end([line.tail for line in group])
    texts = [words_of(line.tail.removesuffix(ending), _MAX_COLUMNS) for line in group]
    form = _form(group, ending, texts, _OPENING)
    rows = form.rows(group, texts)
    if not _are_paired(rows):
        form = _form(group, ending, texts, _KEY)
        rows = form.rows(group, texts)
    return form, rows


def words_of(tail: str, most: int) -> list[str]:
    """At most so many words, each with the spaces that pad it to a column."""
    if most == 1:
        return [tail]
    if "  " not in tail and not tail.startswith(" "):
        return tail.split(" ", most - 1)
    words = tail.lstrip(" ")
    first, *others = _GAP.split(words, most - 1) if "  " in words else words.split(" ", most - 1)
    return [tail[: len(tail) - len(words)] + first, *others]


def _are_paired(rows: Sequence[str]) -> bool:
    """Whether the other quotation mark or bracket of each is in its row too. Most rows have the same ones."""
    text = "\n".join(rows)
    if _PAIRED.isdisjoint(text):
        return True
    marks = text.encode(errors="surrogatepass").translate(None, _UNPAIRED)
    return all(map(_is_paired, set(marks.split(b"\n"))))


def _is_paired(marks: bytes) -> bool:
    return (
        marks.count(b'"') % 2 == 0 and marks.count(b"(") == marks.count(b")") and marks.count(b"[") == marks.count(b"]")
    )


def _form(group: list[LogLine], ending: str, texts: list[list[str]], opening: re.Pattern[str]) -> Form:
    columns = [_column(list(words), opening) for words in zip(*texts, strict=False)]
    if len({len(words) for words in texts}) > 1:
        columns[-1] = _PLAIN
    while len(columns) > 1 and columns[-2] == _PLAIN and columns[-1].differs and not columns[-1].opening:
        del columns[-2]
    return Form(_head_column([line.head for line in group]), group[0].after, columns, ending)


def _shared_words_at_end(tails: list[str]) -> str:
    _, space, words = _common_ending(tails).partition(" ")
    ending = space + words
    return ending if ending and all(tail.removesuffix(ending).strip() for tail in tails) else ""


def _head_column(heads: list[str]) -> LogColumn:
    """The word that differs in what stands before the time."""
    first = _common_beginning(heads)
    if all(head == first for head in heads):
        return LogColumn(first, differs=False)
    ending = _common_ending(heads)
    ending = ending[ending.find(" ") :]
    first = _common_beginning([head.removesuffix(ending) for head in heads])
    return LogColumn(first[: first.rfind(" ") + 1], ending)


def _column(words: list[str], opening: re.Pattern[str]) -> LogColumn:
    first = _common_beginning(words)
    if all(word == first for word in words):
        return LogColumn(first, differs=False)
    match = opening.match(first)
    start = match.end() if match else 0
    ending = _common_ending([word[start:] for word in words])
    closing = ending[len(ending.rstrip(_CLOSING)) :] if opening is _OPENING else ""
    column = LogColumn(first[:start], closing)
    return column if all(map(str.strip, column.values(words))) else _PLAIN


def _common_beginning(texts: list[str]) -> str:
    lowest, highest = min(texts), max(texts)
    for index, character in enumerate(lowest):
        if highest[index : index + 1] != character:
            return lowest[:index]
    return lowest


def _common_ending(texts: list[str]) -> str:
    if len({text[-1:] for text in texts}) > 1:  # nearly always, and found in a third of the time
        return ""
    return _common_beginning([text[::-1] for text in texts])[::-1]
