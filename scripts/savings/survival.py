"""Whether the strings that a model took from tool outputs still stood in the request when it used them."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_report.values.items import OUTPUTS
from headroom_report.values.items import Item
from headroom_report.values.items import is_model_made
from headroom_report.values.items import texts

# Names, paths, numbers and the like, without the end of a sentence; shorter ones are too common.
_WORD = re.compile(r"[A-Za-z0-9_./:@-]{5,200}[A-Za-z0-9_]")
# In JSON inside a text these two characters end a line, and belong to no word.
_ESCAPE = re.compile(r"\\[nrt]")
# 12:def total():    12-import re
_ROW = re.compile(r"([1-9][0-9]{0,8})[:-]")
# Where the folder of a search ends, in its first heading.
_ANCHOR = "/./"


@dataclass(frozen=True, slots=True)
class Used:
    """A string that the model used. shown_in: the index of the output that showed it first.

    is_verbatim: it stands in the items sent before. is_recoverable: that, or it can be put together from one of their
    texts without opening a file: a folder and a name under it, a file and the number of a row.
    """

    word: str
    shown_in: int
    is_verbatim: bool
    is_recoverable: bool


def survival(items: Sequence[Item], sent: Sequence[Item], start: int = 0, stop: int = sys.maxsize) -> Iterator[Used]:
    """Yield each string of six characters or more that an output was the first to show, where the model first uses it.

    sent: what was sent of each item. start, stop: the items in which uses are looked for.
    """
    said = ""
    starts: list[int] = []
    sent_texts: list[str] = []
    put_together: list[str] = []
    known: set[str] = set()
    for number, (original, item) in enumerate(zip(items, sent, strict=True)):
        words = set(_words(original)) - known if is_model_made(original) else set()
        known |= words
        for word in sorted(words) if start <= number < stop else ():
            place = said.find(word)
            shown_in = bisect_right(starts, place) - 1
            if place >= 0 and items[shown_in].get("type") in OUTPUTS:
                is_verbatim = any(word in text for text in reversed(sent_texts))
                is_recoverable = is_verbatim or any(word in text for text in reversed(put_together))
                yield Used(word, shown_in, is_verbatim, is_recoverable)
        starts.append(len(said))
        said += "\n".join([*texts(original), ""])
        sent_texts.extend(texts(item))
        put_together.extend("\n".join(_put_together(text)) for text in texts(item) if item.get("type") in OUTPUTS)


def _put_together(text: str) -> Iterator[str]:
    """What a reader makes of names under their folder and of rows under the name of their file."""
    folder = heading = root = ""
    previous = ""
    for line in text.split("\n"):
        if line.endswith((":", "/")):
            folder = line.rstrip(":/") + "/"
        elif folder and line:
            yield folder + line
        else:
            folder = ""
        row = _ROW.match(line)
        if not previous and not row:
            before, anchor, after = line.rpartition(_ANCHOR)
            root = f"{before}/" if anchor else root
            heading = after if anchor else line
            yield root + heading
        elif row:
            yield f"{heading}:{row[1]}"
        previous = line


def _words(item: Item) -> Iterator[str]:
    for text in texts(item):
        yield from _WORD.findall(_ESCAPE.sub(" ", text))
