"""About how many tokens an input item costs, the tool texts in it aside."""

from __future__ import annotations

from collections.abc import Mapping

from headroom_compression.session.token_counts import TokenCount
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
_ESTIMATED = frozenset({_ENCRYPTED, _FILE})
# Within so many characters a URL like "data:application/pdf;base64,JVBERi0xLjcK" says what it holds.
_BEFORE_BASE64 = 100
# What names an item or says of which kind it is: the server writes other words for it, or none.
_NO_TEXT = frozenset({"type", "id", "call_id", "status", "role", "result"})
# What the model sees of an item of these types, and the types of its parts.
_SEEN = {
    "message": "content",
    "function_call": "arguments",
    "custom_tool_call": "input",
    "function_call_output": "output",
    "custom_tool_call_output": "output",
    "reasoning": "summary",
}
_TEXT_PARTS = frozenset({"input_text", "output_text", "text", "summary_text", "refusal"})


def item_tokens(item: Mapping[str, object], *, without_output: bool = False) -> TokenCount:
    """without_output: for a tool output, whose texts are counted as they are sent; its images and files are here."""
    known = TOKENS_PER_ITEM
    texts: list[str] = []
    pending: list[object] = [item]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            if type_of(value) in _IMAGES_AND_SOUNDS:
                known += IMAGE_TOKENS
                continue
            for key, inner in value.items():
                if not isinstance(inner, str):
                    pending.append(inner)
                elif key in _ESTIMATED:
                    known += _estimate(key, inner)
                elif not without_output and key not in _NO_TEXT:
                    if _is_data_url(inner):
                        known += IMAGE_TOKENS
                    else:
                        texts.append(inner)
    return TokenCount(known, *texts)


def is_counted(item: Mapping[str, object]) -> bool:
    """Whether its tokens are known: no image, no file, nothing that the server holds or adds to."""
    seen = item.get(_SEEN.get(type_of(item) if "type" in item else "message", ""))
    parts = seen if isinstance(seen, list) else [seen]
    return all(_is_counted(part) for part in parts)


def _is_counted(part: object) -> bool:
    text = part.get("refusal" if type_of(part) == "refusal" else "text") if isinstance(part, dict) else part
    is_known = not isinstance(part, dict) or type_of(part) in _TEXT_PARTS
    return is_known and isinstance(text, str) and not _is_data_url(text)


def _estimate(key: str, text: str) -> int:
    """The tokens of what is no text."""
    if key == _FILE:
        return IMAGE_TOKENS
    return max(len(text) * 3 // 4 - _BYTES_AROUND_REASONING, 0) // _BYTES_PER_TOKEN


def _is_data_url(text: str) -> bool:
    return text.startswith("data:") and ";base64," in text[:_BEFORE_BASE64]
