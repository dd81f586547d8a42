"""About how many tokens an input item costs, beside the tool texts in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from collections.abc import Mapping
from functools import lru_cache

from headroom_compression import tokens
from headroom_compression.wire.items import type_of

# An item's role and its ends.
TOKENS_PER_ITEM = 4
# At high detail models count 700 to 1,600 for an image of a screen (OpenAI's guide on images and vision). Of files and
# sounds in base64 nobody can tell here how much text, how many pages or seconds they are: they count as one image.
IMAGE_TOKENS = 1_500
# Reasoning comes encrypted and in base64, with about so many bytes around the text: as Codex estimates it.
_BYTES_AROUND_REASONING = 650
_BYTES_PER_TOKEN = 4
_ENCRYPTED = "encrypted_content"
_IMAGES_AND_SOUNDS = frozenset({"input_image", "computer_screenshot", "input_audio", "output_audio"})
_FILE = "file_data"
# Within so many characters a URL like "data:application/pdf;base64,JVBERi0xLjcK" says what it holds.
_BEFORE_BASE64 = 100
# What names an item or says of which kind it is: the server writes other words for it, or none.
_NO_TEXT = frozenset({"type", "id", "call_id", "status", "role", "result"})

logger = logging.getLogger(__name__)


def count_safely(text: str) -> int:
    """The tokens of a text; of one at which the tokenizer fails, as many as it has bytes at most."""
    try:
        return tokens.count(text)
    except BaseException as error:  # noqa: BLE001  tiktoken's panics are BaseExceptions
        logger.warning("headroom: the tokens of %d characters are estimated: %s", len(text), type(error))
        return len(text)


@lru_cache(maxsize=64)  # instructions and tools come again with each request, and may have 100 kB
def count_known(text: str) -> int:
    """The same, of a text that comes often."""
    return count_safely(text)


def item_tokens(item: Mapping[str, object], *, without_output: bool = False) -> int:
    """without_output: for a tool output, whose texts are counted as they are sent; its images and files are here."""
    found = TOKENS_PER_ITEM
    pending: list[object] = [item]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            if type_of(value) in _IMAGES_AND_SOUNDS:
                found += IMAGE_TOKENS
                continue
            found += sum(_texts_tokens(value, without_output=without_output))
            pending += [inner for inner in value.values() if isinstance(inner, list | dict)]
    return found


def _texts_tokens(members: Mapping[str, object], *, without_output: bool) -> Iterator[int]:
    for key, text in members.items():
        if key == _ENCRYPTED and isinstance(text, str):
            yield max(len(text) * 3 // 4 - _BYTES_AROUND_REASONING, 0) // _BYTES_PER_TOKEN
        elif key == _FILE and isinstance(text, str):
            yield IMAGE_TOKENS
        elif isinstance(text, str) and key not in _NO_TEXT and not without_output:
            yield IMAGE_TOKENS if _is_data_url(text) else count_safely(text)


def _is_data_url(text: str) -> bool:
    return text.startswith("data:") and ";base64," in text[:_BEFORE_BASE64]
