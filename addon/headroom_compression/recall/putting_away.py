"""One old output at level recall, put away to make room: its client's header, one marker, the file with all of it.

What is stored is the text as the client sent it, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_compression import tokens
from headroom_compression.calls.reading import reads_files
from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import split_header
from headroom_compression.client_text import viewer_path
from headroom_compression.client_text import without_footer
from headroom_compression.document import parts_of
from headroom_compression.formats.gap_markers import PutAwayMarker
from headroom_compression.formats.shell_paths import unfit_character
from headroom_compression.recall.eliding import Keeper
from headroom_compression.recall.store import name_of
from headroom_compression.record import record

# How clients and shells tell that a call failed, at the beginning of its output, in JSON or not, or in its last line.
_STATUS = re.compile(
    r'(?:\bexit(?:ed)?[ _]?(?:with )?(?:code|status)"?[:=]? ?|<returncode>)(-?[0-9]{1,9})', re.IGNORECASE
)
_STATUS_WORDS = ("exit", "<returncode>")  # each begins with one of them
_FAILURE = re.compile(r"(?:Traceback \(most recent call last\):|(?:[A-Za-z]{0,40}[Ee]rror|ERROR|fatal)\b)")
_STATUS_WITHIN = 400


@record
class PutAwayText:
    """What is sent of a text, how many tokens that has, and the name of the file that holds all of it."""

    header: str
    body: str
    tokens: int
    name: str

    @property
    def text(self) -> str:
        return self.header + self.body


def put_away_text(text: str, call: ToolCall | None, store: Keeper) -> PutAwayText | None:
    """The text's form once it is stored; None for what cannot be."""
    try:
        name = name_of(text)
    except UnicodeEncodeError:  # half of a surrogate pair, which no file can hold
        return None
    path = store.path_of(name)
    if unfit_character(path) or store.keep(text) is None:
        return None
    header, body = _form(text, call, path)
    return PutAwayText(header, body, tokens.count(header + body), name)


def _form(text: str, call: ToolCall | None, path: str) -> tuple[str, str]:
    header, body = parts_of(text, call)
    whole, body = body, without_footer(body) if header else body
    footer = whole[len(body) :]
    count = body.count("\n") + (not body.endswith("\n"))
    first = None if _shows_file(call, text) else header.count("\n") + 1
    end = "\n" if footer else ""
    return header, PutAwayMarker(count, len(body), path, first).line() + end + footer


def _shows_file(call: ToolCall | None, text: str) -> bool:
    """Whether the same call again would show the file."""
    if call is None:
        return False
    if call.path is None:
        return viewer_path(text) is not None
    is_view = call.command is not None or reads_files(call.tool)
    return is_view and call.gutter_form is not GutterForm.SEARCH and not call.edits_by_line


def tells_failure(text: str) -> bool:
    """Whether the output says that its call failed."""
    body = split_header(text)[1]
    if _FAILURE.match(body.lstrip()):
        return True
    last = text.rstrip()[-_STATUS_WITHIN:].rpartition("\n")[2]
    found = (*_statuses(text[:_STATUS_WITHIN]), *_statuses(last))
    return any(int(match[1]) for match in found)


def _statuses(text: str) -> Iterator[re.Match[str]]:
    """To try the pattern at each character takes a tenth of a turn."""
    if not text.isascii():  # of which there may be other forms of a letter
        yield from _STATUS.finditer(text)
        return
    lower = text.lower()
    for word in _STATUS_WORDS:
        place = lower.find(word)
        while place >= 0:
            match = _STATUS.match(text, place)
            if match:
                yield match
            place = lower.find(word, place + 1)
