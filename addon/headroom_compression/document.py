"""What a fold or an elision knows of the text it works on, and what it must offer."""

from __future__ import annotations

from enum import Enum
from enum import IntEnum
from enum import auto
from typing import TYPE_CHECKING
from typing import Protocol

from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import split_header
from headroom_compression.client_text import viewer_path
from headroom_compression.client_text import writes_header
from headroom_compression.record import record

if TYPE_CHECKING:
    from headroom_compression.references.shown_texts import ShownText
    from headroom_compression.references.shown_texts import ShownTexts


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


@record
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
    def only_call(self) -> ToolCall | None:
        """The call whose whole output this is."""
        return self.call if self.part is Part.ONLY else None

    @property
    def only_call_digest(self) -> bytes | None:
        return self.only_call.digest if self.only_call else None

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
