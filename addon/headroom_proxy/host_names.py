"""Names of hosts for the log."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final

from headroom_report.values.plain_text import one_line

if TYPE_CHECKING:
    from mitmproxy.http import Request

MAX_HOST_LENGTH: Final = 253  # of a domain name


def host_of(request: Request) -> str:
    """Its name alone, in one line, whatever a client wrote there."""
    return one_line(request.host.rpartition("@")[2], MAX_HOST_LENGTH)
