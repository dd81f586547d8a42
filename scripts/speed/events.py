"""Speed of turns that are answered by an event stream, through mitmdump."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import closing
from pathlib import Path
from statistics import median

from scripts.savings.recordings import Session
from scripts.speed.answers import DELTAS
from scripts.speed.answers import asking_for
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import milliseconds
from scripts.speed.measures import percentile
from scripts.speed.measures import report_progress
from scripts.speed.measures import times_row
from scripts.speed.proxies import WITH_ADDON
from scripts.speed.proxies import Client
from scripts.speed.proxies import running_proxies
from scripts.speed.upstream import running_upstream

_COMPARED = "compared with a mitmdump that streams"
_STREAMING = ("-s", str(Path(__file__).with_name("streams_events.py")))


def event_streams(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    """The time to the last event: with plain mitmdump, which holds all back, with one that streams, and with ours."""
    times: dict[str, list[float]] = {"held back": [], "streamed": [], "ours": []}
    with ExitStack() as stack:
        port, authority = stack.enter_context(running_upstream())
        proxies = stack.enter_context(running_proxies(((), _STREAMING, WITH_ADDON), authority))
        for run in range(effort.runs):
            report_progress(f"event streams: {run}")
            clients = [stack.enter_context(closing(Client(proxy, port))) for proxy in proxies]
            takers = list(zip(clients, times.values(), strict=True))
            for body, answer in GrowingSession(sessions, run, effort.session_bytes).answered():
                asking = b"%b,%b}" % (body[:-1], asking_for(answer))
                for client, seconds in takers:
                    seconds.append(client.turn(asking))
                takers.append(takers.pop(0))  # the first to get a body takes up to 4% longer
    what = f"growing session up to {effort.session_bytes / MEGABYTE:g} MB, event streams"
    streamed, ours = times["streamed"], times["ours"]
    held_back = milliseconds(median(times["held back"]))
    note = f"{len(ours)} turns, {DELTAS} deltas each; {_COMPARED}; held back {held_back}"
    yield times_row(f"{what}: median turn", ours, streamed, "", note)
    yield times_row(f"{what}: p95", [percentile(ours, 0.95)], [percentile(streamed, 0.95)], "", _COMPARED)
