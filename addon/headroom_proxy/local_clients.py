"""Level recall, as far as it concerns the machine: where originals lie, and which clients can open them.

`python -m headroom_addon recall` works on the same folder.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from ipaddress import IPv6Address
from ipaddress import ip_address
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from ipaddress import IPv4Address

    from mitmproxy.connection import Client
    from mitmproxy.http import HTTPFlow

    from headroom_compression import Settings

# Another proxy in front of us wrote them: it is that proxy which is on this machine, its client may be anywhere.
FORWARDING_HEADERS: Final = ("forwarded", "via", "x-forwarded-for", "x-real-ip")

logger = logging.getLogger(__name__)


class Levels:
    """Tells once that some clients get another level than the one that was chosen."""

    def __init__(self) -> None:
        self._has_told = False

    def settings_for(self, flow: HTTPFlow, chosen: Settings) -> Settings:
        """Those that were chosen, where the client can open what level recall leaves out."""
        if chosen.level != "recall" or is_on_this_machine(flow):
            return chosen
        if not self._has_told:
            self._has_told = True
            logger.info("headroom: a client on another machine cannot open stored originals: lossless for such.")
        return replace(chosen, level="lossless")


def is_on_this_machine(flow: HTTPFlow) -> bool:
    """Whether the client can open files that we write."""
    if any(name in flow.request.headers for name in FORWARDING_HEADERS):
        return False
    return _is_local(flow.client_conn)


def _is_local(client: Client) -> bool:
    if client.proxy_mode.type_name == "local":  # mitmproxy captures programs of this machine
        return True
    peer, own = _address(client.peername), _address(client.sockname)
    return peer is not None and (peer.is_loopback or peer == own)


def _address(name: tuple[str, int] | None) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(name[0] if name else "")
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
