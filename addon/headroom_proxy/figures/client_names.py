"""What a client calls itself, for sums by client: a name and a version, nothing else that its user agent says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from mitmproxy.http import Request

UNKNOWN_CLIENT: Final = "(unknown client)"
MAX_LENGTH: Final = 200  # of a user agent, of which the beginning says who it is
# codex_cli_rs/0.171.0 (Debian 12; x86_64)    OpenAI/Python 3.57.0    ai-sdk/openai/2.0.1
_WITH_VERSION: Final = re.compile(
    r"(@?[A-Za-z][A-Za-z0-9_.-]{0,39}(?:/[A-Za-z][A-Za-z0-9_.-]{0,39})?)[/ ]v?([0-9]{1,6}(?:[.-][0-9A-Za-z]{1,8}){0,5})"
    r"(?=[\s;,(/]|$)"
)
# Without a version only letters, and few: a key has digits, or is long.
_NAME_ALONE: Final = re.compile(r"([A-Za-z][A-Za-z_-]{0,23})(?=[\s;,(/]|$)")


def client_of(request: Request) -> str:
    """`codex_cli_rs 0.171.0`, or that it is not known."""
    agent = request.headers.get("user-agent", "")[:MAX_LENGTH].lstrip()
    named = _WITH_VERSION.match(agent) or _NAME_ALONE.match(agent)
    return " ".join(named.groups()) if named else UNKNOWN_CLIENT
