"""What lines are of, by which of many forms they have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence


class LineKinds:
    """Forms of whole lines, by what they are of; the first that fits counts. Groups in a form that capture have names.

    All forms are one pattern: to ask one after the other takes twice as long.
    """

    def __init__(self, forms: Mapping[str, Sequence[str]]) -> None:
        self._kinds = {f"kind_{number}": kind for number, kind in enumerate(forms)}
        self._form = re.compile("|".join(f"(?P<{name}>{'|'.join(forms[kind])})" for name, kind in self._kinds.items()))

    def kinds_of(self, lines: Iterable[str]) -> list[str | None]:
        """Of each line; None where it has none of the forms."""
        matches = map(self._form.fullmatch, lines)
        return [self._kinds[match.lastgroup or ""] if match else None for match in matches]

    def kind_of(self, line: str) -> str | None:
        return self.kinds_of([line])[0]
