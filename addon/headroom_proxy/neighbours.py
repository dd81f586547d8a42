"""Options of mitmproxy itself that affect the addon or are affected by it: warnings, and what is done for them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from typing import Final

from mitmproxy import ctx

if TYPE_CHECKING:
    from mitmproxy.http import HTTPFlow
    from mitmproxy.options import Options

_STREAMED: Final = "stream_large_bodies"
_WARNINGS: Final = {
    _STREAMED: "requests over stream_large_bodies are streamed and cannot be compressed.",
    "modify_body": (
        "event streams that answer requests which it works on are passed on as they arrive: modify_body and scripts do "
        "not change these."
    ),
    "save_stream_file": (
        "save_stream_file records requests as they are sent on, compressed. Replayed by server_replay, such a "
        "recording only answers while the addon is on."
    ),
    "server_replay": (
        "server_replay: a request that a recording answers as it came is left alone. Others are compressed first, so "
        "that recordings made with the addon answer too; what no recording answers goes on compressed."
    ),
}
NAMES: Final = frozenset(_WARNINGS)
_RECORDERS: Final = ("save_stream_file", "hardump")

logger = logging.getLogger(__name__)


class Warnings:
    """Warns once of each of these options. In a dry run only streaming makes a difference."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def warn(self, options: Options, *, is_dry_run: bool) -> None:
        for name, words in _WARNINGS.items():
            counts = name == _STREAMED or not is_dry_run
            if counts and getattr(options, name, None) and name not in self._said:
                self._said.add(name)
                logger.warning("headroom-addon: %s", words)


def writes_flows(options: Options) -> bool:
    """Whether mitmproxy writes whole flows into a file."""
    return any(getattr(options, name, None) for name in _RECORDERS)


def reason_to_pass(flow: HTTPFlow) -> str | None:
    """Why a request is left alone: a recording answers it as it came, so it goes to no server (`server_replay`).

    mitmproxy looks for recordings after the hooks of scripts.
    """
    playback = ctx.master.addons.get("serverplayback")
    recorded = getattr(playback, "flowmap", None)
    if not recorded:
        return None
    found = recorded.get(playback._hash(flow), ())  # noqa: SLF001  there is no other way to ask
    return "answered by a recording" if any(answered.response for answered in found) else None
