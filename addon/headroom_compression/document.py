"""What a fold or an elision knows of the text it works on, and what it must offer."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from enum import IntEnum
from enum import auto
from typing import Protocol
from typing import Self

from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import split_header
from headroom_compression.client_text import split_state
from headroom_compression.client_text import split_time
from headroom_compression.client_text import split_title
from headroom_compression.client_text import unchanged_state
from headroom_compression.client_text import viewer_path
from headroom_compression.client_text import without_footer
from headroom_compression.client_text import writes_header
from headroom_compression.fingerprints import text_fingerprint
from headroom_compression.record import record

# What no tool writes.
_WITH_STATE = "\udc00state"


class Stage(IntEnum):
    """The order of the folds and elisions. At most one of each stage is used for a text."""

    ENVELOPE = 1
    TERMINAL = 2
    KIND = 3
    ELISION = 4
    ROWS = 5
    STATE = 6


class Part(Enum):
    """Which of the texts of an output it is, among those that hold more than a client's header."""

    ONLY = auto()
    FIRST = auto()
    LATER = auto()


def parts_of(text: str, call: ToolCall | None, *, is_reported: bool = False) -> tuple[str, str]:
    """What the client put before the output of a call, and the output.

    Only where the tool, or the client, is known to write such a header: a file that is shown may begin with the same
    words.
    """
    header, body = split_time(text) if is_reported else ("", text)
    if not header:
        header, body = split_header(text)
    elif call is not None:
        return header, body
    return (header, body) if call is None or writes_header(call.tool, header) else ("", text)


@record
class Document:
    """One tool text. header: what the client put before the output, body: the output, state: what it put behind it.

    call: None when it is unknown, missing or doubled. path: the file that it shows. subject: that, or the command.
    whole: fingerprint of the output as the tool wrote it, without what the client put before and behind it, and of
        whether a state is behind it: what is said to be identical to the output above has one if that has.
    is_reported: the client puts a report around the output of every command.
    is_by_kind: a fold by kind wrote the text, in which rows may belong to a heading above them.
    blocks: then the rows from which it reads without what stands above them, such as headings, in their order.
    entries: in some blocks those from which it reads when the first row of the block is all that stands above them.
    checked: what of the body the check of that fold has read back, where it says so.
    """

    header: str
    body: str
    part: Part
    call: ToolCall | None
    path: str | None
    subject: str
    whole: bytes
    is_reported: bool = False
    is_by_kind: bool = False
    blocks: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()
    state: str = ""
    checked: str = ""

    @classmethod
    def of(cls, text: str, call: ToolCall | None, part: Part = Part.ONLY, is_reported: bool = False) -> Self:  # noqa: FBT001, FBT002  it is mapped over texts
        """The text as the client sent it."""
        header, body = parts_of(text, call, is_reported=is_reported)
        body, state = split_state(body, call.tool if call else "")
        path = (call.path if call else None) or viewer_path(text)
        subject = path or (call and (call.command or call.title)) or ""
        whole = text_fingerprint(without_footer(body) + _WITH_STATE * bool(state))
        return cls(header, body, part, call, path, subject, whole, is_reported=is_reported, state=state)

    def unwrapped(self, text: str) -> Self:
        """The document that an envelope fold made of this one.

        text: all of it; its header, if that stays, stands before the one that the fold wrote.
        """
        kept = self.header if text.startswith(self.header) else ""
        header, body = split_header(text[len(kept) :])
        if not header:
            header, body = split_title(text[len(kept) :])
        return replace(self, header=kept + header, body=body)

    @property
    def text(self) -> str:
        return self.header + self.body + self.state

    @property
    def unchanged_state(self) -> str:
        """What is sent instead of its state where that is the last one that was said."""
        return unchanged_state(self.state)

    @property
    def gutter_form(self) -> GutterForm:
        call = self.call
        if call is None or call.gutter_form is not GutterForm.CODE_READER or not call.begins_at:
            return call.gutter_form if call else GutterForm.ANY
        begins_there = any(self.body.startswith(f"{number}\t") for number in call.begins_at)
        return GutterForm.CODE_READER if begins_there else GutterForm.READER

    @property
    def only_call(self) -> ToolCall | None:
        """The call whose whole output this is."""
        return self.call if self.part is Part.ONLY else None

    @property
    def only_call_digest(self) -> bytes | None:
        call = self.only_call
        return call.digest if call else None


class Fold(Protocol):
    """A module in `folds/`: lossless rewriting with a check, by the text and its call alone.

    Those of stage ENVELOPE give and check whole texts, with the header.
    MIN_LINES: of a body of fewer lines it makes nothing, so that it is not asked.
    One by kind may have `blocks(folded)` and `entries(folded)`, which give those of the document that it makes, and
    `checked(document, folded)`, which gives what of the folded body `is_exact` has read back.
    """

    STAGE: Stage
    MIN_LINES: int

    def fold(self, document: Document) -> str | None:
        """The shorter body, or None where the fold does not apply."""

    def is_exact(self, document: Document, folded: str) -> bool:
        """Whether the folded body still says all of `document.body`."""
