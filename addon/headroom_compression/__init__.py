"""Compress the tool outputs of an OpenAI Responses request: bytes in, bytes out.

The core of headroom-addon. It knows no mitmproxy, no clock and no network.
"""

from headroom_compression.conversation import Conversation
from headroom_compression.memory import Memory
from headroom_compression.request import CompressedBody
from headroom_compression.request import Report
from headroom_compression.request import TextReport
from headroom_compression.request import compress_request_body
from headroom_compression.settings import Settings

__all__ = [
    "CompressedBody",
    "Conversation",
    "Memory",
    "Report",
    "Settings",
    "TextReport",
    "__version__",
    "compress_request_body",
]
__version__ = "0.1.0"
