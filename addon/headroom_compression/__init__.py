"""Compress the tool outputs of an OpenAI Responses request: bytes in, bytes out.

The core of headroom-addon. It knows no mitmproxy, no clock and no network.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from headroom_compression.holdings import Holding
from headroom_compression.holdings import Holdings
from headroom_compression.results import CompressedBody
from headroom_compression.results import CompressionReport
from headroom_compression.results import TextReport
from headroom_compression.session.memory import Memory
from headroom_compression.session.prefixes import RememberedPrefix
from headroom_compression.settings import Settings
from headroom_compression.text_keys import text_key
from headroom_compression.wire.answers import UNREAD_ANSWER
from headroom_compression.wire.answers import AnswerEvent
from headroom_compression.wire.answers import Progress
from headroom_compression.wire.answers import RequestIds
from headroom_compression.wire.answers import Usage
from headroom_compression.wire.answers import may_name_ids
from headroom_compression.wire.answers import may_tell
from headroom_compression.wire.answers import read_answer
from headroom_compression.wire.answers import read_answer_event
from headroom_compression.wire.answers import read_plain_request_ids
from headroom_compression.wire.answers import read_request_ids
from headroom_compression.wire.answers import telling_events
from headroom_compression.wire.body import NO_ITEMS
from headroom_compression.wire.items import CALLS
from headroom_compression.wire.items import COMPACTIONS

if TYPE_CHECKING:
    from headroom_compression.compress import compress_new_items
    from headroom_compression.compress import compress_request_body
    from headroom_compression.compress import load
    from headroom_compression.session.conversation import Conversation

__all__ = [
    "CALLS",
    "COMPACTIONS",
    "NO_ITEMS",
    "UNREAD_ANSWER",
    "AnswerEvent",
    "CompressedBody",
    "CompressionReport",
    "Conversation",
    "Holding",
    "Holdings",
    "Memory",
    "Progress",
    "RememberedPrefix",
    "RequestIds",
    "Settings",
    "TextReport",
    "Usage",
    "__version__",
    "compress_new_items",
    "compress_request_body",
    "load",
    "may_name_ids",
    "may_tell",
    "read_answer",
    "read_answer_event",
    "read_plain_request_ids",
    "read_request_ids",
    "telling_events",
    "text_key",
]
__version__ = "0.2.0"

if not TYPE_CHECKING:
    # By where they stand. To import these takes as long as all else together, so each is imported when it is first
    # asked for: mitmproxy begins to listen without them, and `load` is what a thread does then.
    _IMPORTED_LATER = {
        "Conversation": "session.conversation",
        "compress_new_items": "compress",
        "compress_request_body": "compress",
        "load": "compress",
    }

    def __getattr__(name: str) -> object:
        if name not in _IMPORTED_LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_IMPORTED_LATER[name]}"), name)
