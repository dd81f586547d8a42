"""Scripts, styles and drawings of a web page that was fetched: what a reader of the page never sees.

Whole lines only: a block with text beside it on its lines stays. So do its opening tag, scripts that are loaded from
elsewhere, data (`type="application/json"`, JSON-LD, `window.__STATE__ = {`, `const error = {"`), drawings with words in
them, and every other element. A page without text in its body may be made by its scripts: it stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import pairwise

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.fetches import is_fetch
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import next_lines

WORKS_ON = Stage.TERMINAL

# It stands behind what curl -i or a tool writes in front.
_PAGE = re.compile(r"<!doctype html|<html|<head|<body", re.IGNORECASE)
_PAGE_WITHIN = 3_000
# <script nonce="a">   <style>   <svg width="16">
_OPENING = re.compile(r"\s{0,200}(<(script|style|svg)\b[^<>]{0,1000}>)", re.IGNORECASE)
_KINDS = {"script": "scripts", "style": "styles", "svg": "drawings"}
_CLOSING = {name: re.compile(rf"</{name}\s{{0,20}}>", re.IGNORECASE) for name in (*_KINDS, "noscript")}
_WORDS_IN_DRAWING = re.compile(r"<text\b|<title\b|<desc\b|<foreignObject\b|<svg\b", re.IGNORECASE)
# window.__INITIAL_STATE__ = {"orders":[   what the page shows may be made from it
_STATE = re.compile(
    r"\b__[A-Z][A-Za-z0-9_]{2,60} {0,3}= {0,3}[\[{\"']|\b__next_f\b|= {0,3}(?:\[ {0,3})?\{ {0,3}\"|\"message\" {0,3}:"
)
_BODY = re.compile(r"<body\b[^<>]{0,1000}>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style|svg|noscript)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,4000}>")
_MIN_TEXT = 40


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not is_fetch(document.call) or document.call is None or asked_words(document.call):
        return
    if not _PAGE.search(document.text, 0, _PAGE_WITHIN) or not _has_text(document.text):
        return
    blocks = list(_blocks(lines))
    starts = [0, *(at for at, (block, following) in enumerate(pairwise(blocks), 1) if block[1] != following[0])]
    for first, stop in pairwise([*starts, len(blocks)]):
        together = blocks[first:stop]
        if together:
            tags = tuple(tag for _, _, tag in together)
            kinds = sorted({_KINDS[name] for name in _KINDS if any(tag[1:].lower().startswith(name) for tag in tags)})
            what = f"{' and '.join(kinds)} of a page, their opening tags in the {next_lines(tags)}"
            yield Gap(together[0][0], together[-1][1], what, is_judged=True, instead=tags)


def _has_text(page: str) -> bool:
    """Whether there is anything to read in the body without running a script."""
    body = _BODY.search(page)
    text = _TAG.sub("", "".join(_seen(page[body.end() :]))) if body else ""
    return len("".join(text.split())) >= _MIN_TEXT


def _seen(page: str) -> Iterator[str]:
    """What is outside of scripts, styles and drawings, and of what is for readers without scripts."""
    position = 0
    for opening in _UNSEEN.finditer(page):
        if opening.start() >= position:
            yield page[position : opening.start()]
            closing = _CLOSING[opening[1].lower()].search(page, opening.end())
            if closing is None:
                return
            position = closing.end()
    yield page[position:]


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """First row, row behind the last, and opening tag of each block that has its lines for itself."""
    row = 0
    unclosed: set[str] = set()  # looked for once: the next of its kind is not closed either
    while row < len(lines):
        match = _OPENING.match(lines[row])
        name = match[2].lower() if match else ""
        if match is None or name in unclosed:
            row += 1
            continue
        stop, behind = _end(lines, row, match.end(), _CLOSING[name])
        if stop is None:
            unclosed.add(name)
        elif not behind and _is_unseen(lines[row:stop], match):
            yield row, stop, match[1]
        row = stop or row + 1


def _end(lines: Sequence[str], row: int, place: int, closing: re.Pattern[str]) -> tuple[int | None, str]:
    """The row behind the one that closes the block, None when it is not closed, and what stands behind it there."""
    for at in range(row, len(lines)):
        match = closing.search(lines[at], place)
        if match:
            return at + 1, lines[at][match.end() :].strip()
        place = 0
    return None, ""


def _is_unseen(block: Sequence[str], opening: re.Match[str]) -> bool:
    tag = opening[1].lower()
    text = "\n".join(block)
    if opening[2].lower() == "svg":
        return not _WORDS_IN_DRAWING.search(text, opening.end())
    is_code = not any(word in tag for word in ("json", "src=", "text/x-", "template"))
    return is_code and not _STATE.search(text)
