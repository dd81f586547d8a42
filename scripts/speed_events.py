"""Speed of turns that are answered by an event stream, through mitmdump."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import closing
from pathlib import Path
from statistics import median

from recordings import Session
from speed_answers import DELTAS
from speed_answers import asking_for
from speed_bodies import GrowingSession
from speed_measures import MEGABYTE
from speed_measures import Effort
from speed_measures import Row
from speed_measures import milliseconds
from speed_measures import percentile
from speed_measures import report_progress
from speed_measures import times_row
from speed_proxies import WITH_ADDON
from speed_proxies import Client
from speed_proxies import running_proxies
from speed_upstream import running_upstream

_COMPARED = "compared with a mitmdump that streams"
_STREAMING = ("-s", str(Path(__file__).with_name("streams_events.py")))


def event_streams(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    """The time to the last event. Plain mitmdump sends none before it has all, another script has it pass them on."""
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
