"""What lines tell of, by which of many forms they have."""

from __future__ import annotations

import re
from collections.abc import Iterator
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

    Those without a word are one pattern: to ask one after the other takes twice as long.
    """

    def __init__(self, forms: Forms) -> None:
        self._kinds = list(forms)
        self._form = re.compile("|".join(_groups(forms)) or "(?!)")
        numbers = self._form.groupindex
        self._places = {numbers[name]: place for place in range(len(forms)) if (name := _name(place)) in numbers}
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


def _groups(forms: Forms) -> Iterator[str]:
    """A pattern for each kind, in a group whose name tells its place."""
    for place, kind in enumerate(forms):
        plain = [form for form in forms[kind] if isinstance(form, str)]
        if plain:
            yield f"(?P<{_name(place)}>{'|'.join(plain)})"


def _name(place: int) -> str:
    return f"k{place}"


def _rows_with(word: str, lines: Sequence[str]) -> list[int]:
    return [row for row, line in enumerate(lines) if word in line]
