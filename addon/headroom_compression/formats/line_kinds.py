"""What lines tell of, by which of many forms they have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeAlias

from headroom_compression.record import record


@record
class FormWithWord:
    """A pattern of whole lines, each of which holds the word: of other lines it is not asked.

    For a pattern that most lines begin with, or that begins with what need not be there: these take the most time.
    """

    word: str
    pattern: str


Forms: TypeAlias = Mapping[str, Sequence[str | FormWithWord]]


class LineKinds:
    """Forms of whole lines, by what they are of; the first that fits counts. Groups in a form that capture have names.

    Those without a word are one pattern: to ask one after the other takes twice as long. A group that tells its place
    stands behind each, not around it: then those that begin with another character take next to no time.
    """

    def __init__(self, forms: Forms) -> None:
        self._kinds = list(forms)
        plain = [(place, form) for place, kind in enumerate(forms) for form in forms[kind] if isinstance(form, str)]
        told = [f"(?:{form})(?P<{_name(number)}>)" for number, (_, form) in enumerate(plain)]
        self._form = re.compile("|".join(told) or "(?!)")
        self._places = {self._form.groupindex[_name(number)]: place for number, (place, _) in enumerate(plain)}
        self._others = [
            (place, form.word, re.compile(form.pattern))
            for place, kind in enumerate(forms)
            for form in forms[kind]
            if isinstance(form, FormWithWord)
        ]

    def kinds_of(self, lines: Sequence[str]) -> list[str | None]:
        """Of each line; None where it has none of the forms."""
        kinds = [*self._kinds, None]
        none = len(self._kinds)
        of_group = self._places
        places = [of_group[match.lastindex or 0] if match else none for match in map(self._form.fullmatch, lines)]
        text = "\n".join(lines)
        for place, word, form in self._others:
            for row in _rows_with(word, lines) if word in text else ():
                if place < places[row] and form.fullmatch(lines[row]):
                    places[row] = place
        return [kinds[place] for place in places]

    def kind_of(self, line: str) -> str | None:
        return self.kinds_of([line])[0]


def _name(number: int) -> str:
    return f"form{number}"


def _rows_with(word: str, lines: Sequence[str]) -> list[int]:
    return [row for row, line in enumerate(lines) if word in line]
