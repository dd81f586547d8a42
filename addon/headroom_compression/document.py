"""What a fold or an elision knows of the text it works on, and what it must offer."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from enum import Enum
from enum import IntEnum
from enum import auto
from typing import TYPE_CHECKING
from typing import Protocol

from headroom_compression.frozen import frozen
from headroom_compression.gutter import GutterForm
from headroom_compression.text import split_header
from headroom_compression.text import viewer_path
from headroom_compression.text import writes_header

if TYPE_CHECKING:
    from headroom_compression.shown import ShownText
    from headroom_compression.shown import ShownTexts


@frozen
class ToolCall:
    """The call that made an output, as far as it could be read.

    title: what a marker calls the output, in words that stand in the call itself.
    digest: of the whole call; equal for the same call again.
    command: the shell command line without wrappers such as `bash -lc`; None for other tools.
    folder: where it runs, as far as the call says so.
    producer: the words of the program whose lines the output shows, () where that is not certain.
    path: the file that it shows or changes. first_line: the number of the file's line that its output begins with.
    gutter_form: what may number the lines of its output; a search is `grep -n` of one file.
    edits_by_line: it names the lines of a file that it changes by their numbers.
    written: (title, text) of the texts of several lines in its arguments.
    asked: what its arguments search for: a pattern, a query.
    says: its command, or its tool and arguments, the middle of long ones left out.
    max_lines: how many lines of the file it asks for; None where it says no number.
    """

    tool: str
    title: str
    digest: bytes
    command: str | None = None
    producer: tuple[str, ...] = ()
    path: str | None = None
    first_line: int | None = None
    gutter_form: GutterForm = GutterForm.ANY
    edits_by_line: bool = False
    written: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()
    folder: str = ""
    says: str = ""
    max_lines: int | None = None


class Stage(IntEnum):
    """The order of the folds and elisions. At most one of each stage is used for a text."""

    ENVELOPE = 1
    TERMINAL = 2
    KIND = 3
    ELISION = 4
    ROWS = 5


class Part(Enum):
    """Which it is of the texts of an output, of those that hold more than a client's header."""

    ONLY = auto()
    FIRST = auto()
    LATER = auto()


def shown_path(call: ToolCall | None, text: str) -> str | None:
    """The file that its call names, else the one that a viewer says it shows."""
    return (call.path if call else None) or viewer_path(text)


@frozen
class Document:
    """One tool text. call: None when it is unknown, missing or doubled. subject: the path or command it is about.

    is_by_kind: a fold by kind wrote the text, in which rows may belong to a heading above them.
    whole: digest of the output as the tool wrote it, without what the client put before it.
    is_wanted: the model has opened what level recall left out of another output of the tool.
    """

    text: str
    part: Part
    call: ToolCall | None
    subject: str
    shown: ShownTexts
    references: str
    gutters: bool
    is_by_kind: bool = False
    whole: bytes = b""
    is_wanted: bool = False

    @property
    def parts(self) -> tuple[str, str]:
        """What the client put before the output, and the output.

        Only where the tool is known to write such a header: a file that is shown may begin with the same words.
        """
        header, body = split_header(self.text)
        return (header, body) if self.call is None or writes_header(self.call.tool, header) else ("", self.text)

    @property
    def path(self) -> str | None:
        """The file that it shows."""
        return shown_path(self.call, self.text)

    @property
    def gutter_form(self) -> GutterForm:
        return self.call.gutter_form if self.call else GutterForm.ANY

    @property
    def only_call_digest(self) -> bytes | None:
        """The digest of the call whose whole output this is."""
        return self.call.digest if self.call and self.part is Part.ONLY else None

    @property
    def before(self) -> ShownText | None:
        """The latest output of the same call that was the same as a whole, and that may be pointed at."""
        text = self.shown.ran_before(self.only_call_digest, self.whole) if self.references != "off" else None
        return None if text is None or (text.is_elided and self.is_wanted) else text


class Fold(Protocol):
    """A module in `folds/`: lossless rewriting with a check."""

    STAGE: Stage

    def fold(self, document: Document) -> str | None:
        """The shorter text, or None where the fold does not apply."""

    def is_exact(self, document: Document, folded: str) -> bool:
        """Whether the folded text still says all of `document.text`."""


@frozen
class Gap:
    """Lines `start` up to, not including, `stop` of a text that need not be sent, counted from 0.

    what: what they are, in words that end "412 lines left out here: ", such as "passed tests".
    is_judged: the elision has read each line to its end and knows what it says. Words like "error" in a line are then
    part of a name, and do not keep it.
    instead: rows that stand below the marker, for what must be seen of the lines, such as their ids; and among them, as
    they are, lines of the gap that stay. With `is_judged` the elision has seen to what was asked for, too. Where the
    lines are lines of the stored file, `what` ends with how many rows there are: "names in the next 12 lines".
    """

    start: int
    stop: int
    what: str
    is_judged: bool = False
    instead: tuple[str, ...] = ()
    is_tree: bool = False


class Elision(Protocol):
    """A module in `elisions/`: tells which whole lines of a text nobody needs to see.

    WORKS_ON: the stage after which it gets the text: TERMINAL, as the tool wrote it; KIND, as the fold wrote it.
    """

    WORKS_ON: Stage

    def find(self, document: Document, lines: Sequence[str]) -> Iterable[Gap]:
        """Gaps in their order, in the lines after the client's header; none where the text is not surely of its kind.

        The lines come without the CR of CR LF.

        The rules that hold for all (what is always kept, how large a gap must be, markers, the store) are not its work.
        """
