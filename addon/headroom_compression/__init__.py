"""Compress the tool outputs of an OpenAI Responses request: bytes in, bytes out.

The core of headroom-addon. It knows no mitmproxy, no clock and no network.
"""

from headroom_compression.answers import UNREAD_ANSWER
from headroom_compression.answers import AnswerEvent
from headroom_compression.answers import Progress
from headroom_compression.answers import RequestIds
from headroom_compression.answers import Usage
from headroom_compression.answers import may_name_ids
from headroom_compression.answers import may_tell
from headroom_compression.answers import read_answer
from headroom_compression.answers import read_answer_event
from headroom_compression.answers import read_request_ids
from headroom_compression.answers import telling_events
from headroom_compression.conversation import Conversation
from headroom_compression.holdings import Holding
from headroom_compression.holdings import Holdings
from headroom_compression.items import CALLS
from headroom_compression.items import COMPACTIONS
from headroom_compression.memory import Memory
from headroom_compression.memory import RememberedPrefix
from headroom_compression.request import CompressedBody
from headroom_compression.request import Report
from headroom_compression.request import TextReport
from headroom_compression.request import compress_new_items
from headroom_compression.request import compress_request_body
from headroom_compression.settings import Settings
from headroom_compression.text_keys import text_key

__all__ = [
    "CALLS",
    "COMPACTIONS",
    "UNREAD_ANSWER",
    "AnswerEvent",
    "CompressedBody",
    "Conversation",
    "Holding",
    "Holdings",
    "Memory",
    "Progress",
    "RememberedPrefix",
    "Report",
    "RequestIds",
    "Settings",
    "TextReport",
    "Usage",
    "__version__",
    "compress_new_items",
    "compress_request_body",
    "may_name_ids",
    "may_tell",
    "read_answer",
    "read_answer_event",
    "read_request_ids",
    "telling_events",
    "text_key",
]
__version__ = "0.1.0"
