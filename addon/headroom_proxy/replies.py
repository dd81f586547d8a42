"""What happens to replies: event streams arrive as they are sent, and refusals of an edited request are explained."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from mitmproxy.http import Response

# How a server answers when a body does not suit it, or a middle box when it was changed.
REFUSALS: Final = frozenset({400, 403, 413, 422})


def stream_events(response: Response) -> None:
    """Without this mitmproxy holds an event stream back until it has ended."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "text/event-stream" and not response.stream:
        response.stream = True


def is_refusal(response: Response) -> bool:
    return response.status_code in REFUSALS
