"""What the console says of the first request to each host, so that its user knows that it came by the proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final

from headroom_compression import NO_ITEMS
from headroom_compression.wire.paths import is_responses_path
from headroom_proxy.host_names import host_of
from headroom_proxy.http.matching import NO_TOOL_OUTPUTS

if TYPE_CHECKING:
    from mitmproxy.http import Request

NOTHING_SEEN: Final = (
    "headroom: no Responses request was seen. Check the client: a base URL with http:// needs HTTP_PROXY, one with "
    "https:// HTTPS_PROXY, many Node programs NODE_USE_ENV_PROXY=1 as well and Node 22.21 or newer; NO_PROXY must not "
    "name its host; the path of its requests must end in /responses."
)
MAX_HOSTS: Final = 100  # more providers than anybody has; nothing is said of further ones
_TOLD_ANYWAY: Final = (None, "failed")  # the log has a line for each of these requests


class FirstSeen:
    """Remembers the names of hosts that requests were sent to, nothing else of them."""

    def __init__(self) -> None:
        self._hosts: set[str] = set()

    @property
    def is_empty(self) -> bool:
        return not self._hosts

    def line(self, request: Request, why_not: str | None) -> str | None:
        """What to say of a request; None for a later one. why_not: None where it was compressed.

        Of requests that are not for an answer (compact, input_tokens) nothing is said.
        """
        host = host_of(request)
        if host in self._hosts or len(self._hosts) >= MAX_HOSTS or not is_responses_path(request.path):
            return None
        self._hosts.add(host)
        if why_not in _TOLD_ANYWAY:
            return None
        reason = NO_TOOL_OUTPUTS if why_not == NO_ITEMS else why_not  # a prompt without a history
        end = "nothing to compress yet" if reason == NO_TOOL_OUTPUTS else "passed on as it came"
        return f"headroom: first Responses request to {host}: {reason}, {end}"
