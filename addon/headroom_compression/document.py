"""What a fold knows of the text it works on, and what it must offer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from enum import IntEnum
from enum import auto
from typing import TYPE_CHECKING
from typing import Protocol

if TYPE_CHECKING:
    from headroom_compression.shown import ShownTexts


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The call that made an output, as far as it could be read.

    title: what a marker calls the output, in words that stand in the call itself.
    digest: of the whole call; equal for the same call again.
    command: the shell command line without wrappers such as `bash -lc`; None for other tools.
    producer: the words of the program whose lines the output shows, () where that is not certain.
    path: the file that it shows or changes. first_line: the number of the file's line that its output begins with.
    is_search: its rows are those that `grep -n` shows of one file.
    edits_by_line: it names the lines of a file that it changes by their numbers.
    written: (title, text) of the texts of several lines in its arguments.
    """

    tool: str
    title: str
    digest: bytes
    command: str | None = None
    producer: tuple[str, ...] = ()
    path: str | None = None
    first_line: int | None = None
    is_search: bool = False
    edits_by_line: bool = False
    written: tuple[tuple[str, str], ...] = ()


class Stage(IntEnum):
    """The order of the folds. At most one of each stage is used for a text."""

    ENVELOPE = 1
    TERMINAL = 2
    KIND = 3
    ROWS = 4


class Part(Enum):
    """Which it is of the texts of an output, of those that hold more than a client's header."""

    ONLY = auto()
    FIRST = auto()
    LATER = auto()


@dataclass(frozen=True, slots=True)
class Document:
    """One tool text. call: None when it is unknown, missing or doubled. subject: the path or command it is about."""

    text: str
    part: Part
    call: ToolCall | None
    subject: str
    shown: ShownTexts
    references: str
    gutters: bool

    @property
    def is_search(self) -> bool:
        return self.call is not None and self.call.is_search

    @property
    def only_call_digest(self) -> bytes | None:
        """The digest of the call whose whole output this is."""
        return self.call.digest if self.call and self.part is Part.ONLY else None


class Fold(Protocol):
    """A module in `folds/`: lossless rewriting with a check."""

    STAGE: Stage

    def fold(self, document: Document) -> str | None:
        """The shorter text, or None where the fold does not apply."""

    def is_exact(self, document: Document, folded: str) -> bool:
        """Whether the folded text still says all of `document.text`."""
