"""The form that neighbouring lines of a log share: what stands in all of them, and where their values differ.

2026-11-23T<time>Z web-1 <1> [api] <2>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import chain
from typing import TypeAlias

from headroom_compression.formats.alarms import tells_of_error
from headroom_compression.record import record

# Times stand at the beginning: after a date, a host, a service or an address.
TIME_WITHIN = 120
MAX_LINE_LENGTH = 4_000
# While a pattern goes through a text no other thread goes on: 8 ms for a MB of a log.
_LINES_AT_ONCE = 500
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
_CLOSING_SIGNS = '"]),;'
_CLOSING = tuple(_CLOSING_SIGNS)
# status=
_KEY = re.compile(r"(?:[A-Za-z_.-]{1,40}=)?")


# A line that `read_line` reads so, too, and with it its four parts; or any other line, without one. The time begins at
# the first colon of the line, or behind it as in [23/Nov/2026:10:15:01. All is far within both limits. A dot takes less
# time than a set without the sign that a line with a time never has here, "\r".
_USUAL_LINE = re.compile(
    rf"^(?:([^\n:]{{1,80}}(?:(?<=/[0-9]{{4}}):)?+)(?:(?<![0-9.:])|(?<=:))((?>{CLOCK}(?![0-9:])))([^\n ]{{0,80}}+)"
    r" (?=[^\S\n]{0,400}+\S)(.{1,3800}+)$|.*+)",
    re.MULTILINE,
)


# Head, time, after and tail of "2026-11-23T10:15:01Z web-1 up": "2026-11-23T", "10:15:01", "Z", "web-1 up".
LogLine: TypeAlias = tuple[str, str, str, str]


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

    def rows(
        self, heads: Sequence[str], times: Sequence[str], tails: Sequence[str], texts: Sequence[list[str]]
    ) -> list[str]:
        """What differs in each of the lines, in its own row. tails: without the ending; texts: their words."""
        count = len(self.columns)
        said = zip(tails, texts, strict=True) if count > 1 else ()
        words = [text if len(text) == count else words_of(tail, count) for tail, text in said]
        by_column = zip(*words, strict=True) if words else [tails]
        values = [column.values(those) for column, those in zip(self.columns, by_column, strict=True) if column.differs]
        before = [self.head.values(heads)] if self.head.differs else []
        return list(map(" ".join, zip(*before, times, *values, strict=True)))


def time_at_beginning(line: str) -> re.Match[str] | None:
    """The time in the beginning of a line. Nothing before its first colon is looked at, which takes half the time."""
    colon = line.find(":", 0, TIME_WITHIN)
    return TIME.search(line, max(colon - _DIGITS_BEFORE_COLON, 0), TIME_WITHIN) if colon >= 0 else None


def read_line(text: str, *, may_tell_of_error: bool = True) -> LogLine | None:
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
    return head, text[start:stop], after, tail


def read_lines(lines: Sequence[str]) -> list[LogLine | None]:
    """What `read_line` says of each where no error is asked for, in half the time."""
    texts = list(_texts_of(lines))
    if any("\r" in text for text in texts):
        return read_lines(["" if "\r" in line else line for line in lines])  # no line of a log either way
    parts = chain.from_iterable(map(_USUAL_LINE.findall, texts))
    return [
        usual if usual[1] else read_line(text, may_tell_of_error=False)
        for text, usual in zip(lines, parts, strict=True)
    ]


def _texts_of(lines: Sequence[str]) -> Iterator[str]:
    return ("\n".join(lines[start : start + _LINES_AT_ONCE]) for start in range(0, len(lines), _LINES_AT_ONCE))


def are_alike(one: LogLine, other: LogLine) -> bool:
    """Whether as many words stand before the time, with the same last one (often the date), and what clings to it is
    the same. Lines of a form are alike."""
    (head, _, after, _), (other_head, _, other_after, _) = one, other
    if after != other_after or head == other_head:
        return after == other_after
    words, others = head.split(), other_head.split()
    return len(words) == len(others) and words[-1:] == others[-1:]


def shared_form(group: Sequence[LogLine]) -> tuple[Form, list[str]]:
    """The form of lines of one kind, and the row of each in it."""
    heads, times, afters, whole_tails = zip(*group, strict=True)
    ending = _shared_words_at_end(whole_tails)
    tails = [tail.removesuffix(ending) for tail in whole_tails] if ending else whole_tails
    texts = _words_of_all(tails)
    head = _head_column(heads)
    form = Form(head, afters[0], _columns(texts, _OPENING), ending)
    rows = form.rows(heads, times, tails, texts)
    if not _are_paired(rows):
        form = Form(head, afters[0], _columns(texts, _KEY), ending)
        rows = form.rows(heads, times, tails, texts)
    return form, rows


def _words_of_all(tails: Sequence[str]) -> list[list[str]]:
    text = "\n".join(tails)
    if "  " in text or "\n " in text or text.startswith(" "):
        return [words_of(tail, _MAX_COLUMNS) for tail in tails]
    return [tail.split(" ", _MAX_COLUMNS - 1) for tail in tails]


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
    marks = "\n".join(rows).encode(errors="surrogatepass").translate(None, _UNPAIRED)
    return all(map(_is_paired, set(marks.split(b"\n"))))


def _is_paired(marks: bytes) -> bool:
    return (
        marks.count(b'"') % 2 == 0 and marks.count(b"(") == marks.count(b")") and marks.count(b"[") == marks.count(b"]")
    )


def _columns(texts: Sequence[list[str]], opening: re.Pattern[str]) -> list[LogColumn]:
    columns = [_column(words, opening) for words in zip(*texts, strict=False)]
    if len(set(map(len, texts))) > 1:
        columns[-1] = _PLAIN
    while len(columns) > 1 and columns[-2] == _PLAIN and columns[-1].differs and not columns[-1].opening:
        del columns[-2]
    return columns


def _shared_words_at_end(tails: Sequence[str]) -> str:
    _, space, words = _common_ending(tails).partition(" ")
    ending = space + words
    return ending if ending and all(tail.removesuffix(ending).strip() for tail in tails) else ""


def _head_column(heads: Sequence[str]) -> LogColumn:
    """The word that differs in what stands before the time."""
    if _are_equal(heads):
        return LogColumn(heads[0], differs=False)
    ending = _common_ending(heads)
    ending = ending[ending.find(" ") :]
    first = _common_beginning([head.removesuffix(ending) for head in heads])
    return LogColumn(first[: first.rfind(" ") + 1], ending)


def _column(words: Sequence[str], opening: re.Pattern[str]) -> LogColumn:
    if _are_equal(words):
        return LogColumn(words[0], differs=False)
    first = _common_beginning(words)
    match = opening.match(first) if first else None
    start = match.end() if match else 0
    may_close = opening is _OPENING and words[0].endswith(_CLOSING)
    ending = _common_ending([word[start:] for word in words] if start else words) if may_close else ""
    closing = ending[len(ending.rstrip(_CLOSING_SIGNS)) :]
    if not start and not closing:  # nearly always
        return _PLAIN
    column = LogColumn(first[:start], closing)
    return column if all(map(str.strip, column.values(words))) else _PLAIN


def _are_equal(texts: Sequence[str]) -> bool:
    return texts.count(texts[0]) == len(texts)


def _common_beginning(texts: Sequence[str]) -> str:
    first = texts[0][:1]
    if not all(text.startswith(first) for text in texts):  # nearly always, and mostly found at the first few
        return ""
    lowest, highest = min(texts), max(texts)
    for index, character in enumerate(lowest):
        if highest[index : index + 1] != character:
            return lowest[:index]
    return lowest


def _common_ending(texts: Sequence[str]) -> str:
    last = texts[0][-1:]
    if not all(text.endswith(last) for text in texts):  # as above
        return ""
    return _common_beginning([text[::-1] for text in texts])[::-1]
