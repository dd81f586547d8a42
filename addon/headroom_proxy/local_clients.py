"""Which clients can open the originals of level recall, and for which a budget is of no use."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import replace
from ipaddress import IPv6Address
from ipaddress import ip_address
from typing import TYPE_CHECKING
from typing import Final

from headroom_proxy.host_names import host_of

if TYPE_CHECKING:
    from ipaddress import IPv4Address

    from mitmproxy.connection import Client
    from mitmproxy.http import HTTPFlow

    from headroom_compression import CompressionReport
    from headroom_compression import Settings

# Set by another proxy in front of us: then it is that proxy that is on this machine, and its client may be anywhere.
FORWARDING_HEADERS: Final = ("forwarded", "via", "x-forwarded-for", "x-real-ip")
MAX_CONNECTIONS: Final = 1_000
# Measured on 229 recorded sessions: below it, what is put away is still in use.
ADVISED_BUDGET: Final = 100_000

logger = logging.getLogger(__name__)


class Levels:
    """Chooses the level and the budget for each request. Logs once that some clients get another level than was chosen.

    And once for each connection that nothing can be put away, where the server holds the history or shortens it itself.
    And once that a budget would allow pointers, where the server is asked to drop the oldest items.
    """

    def __init__(self) -> None:
        self._has_told = False
        self._has_advised = False
        self._without_budget: OrderedDict[str, None] = OrderedDict()

    def settings_for(self, flow: HTTPFlow, chosen: Settings) -> Settings:
        """The settings that were chosen, but level lossless where the client could not open the originals."""
        if chosen.level != "recall" or is_on_this_machine(flow):
            return self._without_held_history(flow, chosen) if flow.websocket and chosen.budget else chosen
        if not self._has_told:
            self._has_told = True
            budget = ", and no budget" if chosen.budget else ""
            logger.info(
                "headroom: a client on another machine cannot open stored originals: lossless for such%s.", budget
            )
        return replace(chosen, level="lossless", budget=0)

    def _without_held_history(self, flow: HTTPFlow, chosen: Settings) -> Settings:
        self._tell_of_budget(flow)
        return replace(chosen, budget=0)

    def explain(self, flow: HTTPFlow, report: CompressionReport) -> None:
        if report.has_no_budget:
            self._tell_of_budget(flow)
        if report.lacks_budget and not (self._has_advised or self._has_told or flow.websocket):
            self._has_advised = True
            logger.info(
                "headroom: the requests to %s say truncation: auto, so the server may drop the oldest items, and no "
                "pointers are sent. --set compress_budget=TOKENS allows them, best about 60%% of what the model takes.",
                host_of(flow.request),
            )

    def _tell_of_budget(self, flow: HTTPFlow) -> None:
        connection = flow.client_conn.id
        if connection in self._without_budget:
            return
        self._without_budget[connection] = None
        if len(self._without_budget) > MAX_CONNECTIONS:
            self._without_budget.popitem(last=False)
        logger.info(
            "headroom: no budget for %s: over a WebSocket, and with previous_response_id, conversation, prompt or "
            "context_management, the server holds or shortens the history, and nothing in it can be put away.",
            host_of(flow.request),
        )


def warn_of_low_budget(settings: Settings, before: Settings | None) -> None:
    """Say it once for a budget above which outputs are put away. before: the settings so far, None when it was off."""
    is_new = before is None or before.budget != settings.budget
    if is_new and settings.level == "recall" and 0 < settings.budget < ADVISED_BUDGET:
        logger.warning(
            "headroom: compress_budget is %s: on recorded sessions budgets below %s put away outputs that were still "
            "in use. About 60%% of what the server really accepts is best.",
            f"{settings.budget:,}",
            f"{ADVISED_BUDGET:,}",
        )


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
