"""Which outputs fit which names, so that for each new output only what is new is looked through."""

from __future__ import annotations

# Each output with pointers asks for about ten; those of more are looked through anew.
_MAX_KEPT = 4_000
# By sys.getsizeof: its four lists, its title and their place in a dict; a number and its place in two lists.
_BYTES_PER_FITTING = 600
_BYTES_PER_OUTPUT = 60


class Fitting:
    """The texts that a name may mean, by their places: taken exactly, and by its words. All lists ascend.

    exact_outputs, outputs_by_words: of several texts of one output the first. looked_through: how many texts were.
    """

    __slots__ = ("by_words", "exact", "exact_outputs", "looked_through", "outputs_by_words")

    def __init__(self) -> None:
        self.exact: list[int] = []
        self.exact_outputs: list[int] = []
        self.by_words: list[int] = []
        self.outputs_by_words: list[int] = []
        self.looked_through = 0

    def note(self, index: int, *, is_exact: bool, is_later: bool) -> None:
        """A text that fits by its words at least. is_later: it is not the first text of its output."""
        if is_exact:
            self.exact.append(index)
            if not is_later:
                self.exact_outputs.append(index)
        self.by_words.append(index)
        if not is_later:
            self.outputs_by_words.append(index)


class Fittings:
    """Those of a session, by the titles that were asked for."""

    def __init__(self) -> None:
        self._fittings: dict[str, Fitting] = {}
        self._outputs = 0

    @property
    def size(self) -> int:
        """About how many bytes of memory they take. It is asked for in each turn."""
        return _BYTES_PER_FITTING * len(self._fittings) + _BYTES_PER_OUTPUT * self._outputs

    def of(self, title: str) -> Fitting:
        """That of a title: empty, where it is new."""
        fitting = self._fittings.get(title)
        if fitting is None:
            if len(self._fittings) >= _MAX_KEPT:
                self._fittings.clear()
                self._outputs = 0
            fitting = self._fittings[title] = Fitting()
        return fitting

    def note(self, fitting: Fitting, index: int, *, is_exact: bool, is_later: bool) -> None:
        """As `Fitting.note`, of one of these."""
        self._outputs += 1
        fitting.note(index, is_exact=is_exact, is_later=is_later)
