"""The rows step in the form of a fold, for tests that try all of them alike."""

from __future__ import annotations

from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.folds import rows
from headroom_compression.references.pointer_reader import PointerReader
from headroom_compression.references.rows import read_original
from headroom_compression.references.rows import read_sent
from headroom_compression.references.shown_texts import RowsAccess


class RowsFold:
    """What the step does to texts at one point of a session."""

    STAGE = Stage.ROWS
    MIN_LINES = 1

    def __init__(self, session: RowsAccess) -> None:
        self.session = session
        self.__name__ = rows.__name__

    def fold(self, document: Document) -> str | None:
        sent = rows.sent_rows(document, self.session)
        return None if sent.body == document.body else sent.body

    def is_exact(self, document: Document, folded: str) -> bool:
        form, call = document.gutter_form, document.call
        sent, original = read_sent(folded, form), read_original(document.body, form)
        reader = PointerReader(self.session.shown, call.says if call else "")
        reader.begin(folded, is_labelled=original.is_numbered)
        return rows.is_exact(document, sent, original, reader)
