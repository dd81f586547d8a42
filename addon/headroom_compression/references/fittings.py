"""Which outputs fit which names, remembered so that for each new pointer only new outputs are looked through."""

from __future__ import annotations

from enum import Enum
from enum import auto

# Each output with pointers asks for about ten; those of more are looked through anew.
_MAX_KEPT = 4_000
# By sys.getsizeof: its five lists, its title and their place in a dict; a number and its place in three lists.
_BYTES_PER_FITTING = 660
_BYTES_PER_OUTPUT = 70


class Fit(Enum):
    """How a name fits a text: some of its words stand in the call, it may be just what is named, or it surely is."""

    BY_WORDS = auto()
    EXACT = auto()
    SURE = auto()


class Fitting:
    """The texts that a name may mean, by their places: taken exactly, and by its words. All lists ascend.

    exact_outputs, outputs_by_words: of several such texts of one output the first. sure_outputs: of exact_outputs
    those of which no reader doubts that the name means them. looked_through: how many texts were.
    """

    __slots__ = ("by_words", "exact", "exact_outputs", "looked_through", "outputs_by_words", "sure_outputs")

    def __init__(self) -> None:
        self.exact: list[int] = []
        self.exact_outputs: list[int] = []
        self.sure_outputs: list[int] = []
        self.by_words: list[int] = []
        self.outputs_by_words: list[int] = []
        self.looked_through = 0

    def note(self, index: int, fit: Fit, output: int) -> None:
        """A text that fits by its words at least. output: the place of the first text of its output."""
        if fit is not Fit.BY_WORDS:
            self.exact.append(index)
            if self.exact_outputs[-1:] < [output]:
                self.exact_outputs.append(index)
                if fit is Fit.SURE:
                    self.sure_outputs.append(index)
        self.by_words.append(index)
        if self.outputs_by_words[-1:] < [output]:
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

    def note(self, fitting: Fitting, index: int, fit: Fit, output: int) -> None:
        """As `Fitting.note`, of one of these."""
        self._outputs += 1
        fitting.note(index, fit, output)
