"""Speed through mitmdump: round trips of a growing session, those of another client beside it, the time to start."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import cycle
from pathlib import Path
from statistics import median

from headroom_proxy import encodings
from scripts.savings.recordings import Session
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import cpu_seconds
from scripts.speed.measures import milliseconds
from scripts.speed.measures import percentile
from scripts.speed.measures import ratio
from scripts.speed.measures import report_progress
from scripts.speed.measures import times_row
from scripts.speed.proxies import ELSEWHERE
from scripts.speed.proxies import WITH_ADDON
from scripts.speed.proxies import Client
from scripts.speed.proxies import Pair
from scripts.speed.proxies import running_pair
from tests.loopback.proxy import running_proxy

_PING_EVERY = 0.01
_PING = b"x" * 1_000
_PLAIN = "compared with mitmdump without the addon"


@dataclass(slots=True)
class _Sides:
    """Seconds of each proxy's round trips. cpu: processor seconds, ours and plain. coding: seconds of coding alone."""

    plain: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    cpu: tuple[float, float] = (0.0, 0.0)
    coding: list[float] = field(default_factory=list)


def round_trips(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    with running_pair() as pair:
        for encoding in (None, "zstd"):
            sides = _round_trips(sessions, effort, pair, encoding)
            what = f"growing session up to {effort.session_bytes / MEGABYTE:g} MB{f', {encoding}' * bool(encoding)}"
            yield from _rows(what, sides, is_coded=encoding is not None)


def _rows(what: str, sides: _Sides, *, is_coded: bool) -> Iterator[Row]:
    ours, plain, (cpu, plain_cpu) = sides.ours, sides.plain, sides.cpu
    aim, note = "1.15x", f"{len(ours)} turns; {_PLAIN}"
    if is_coded:
        least = median(plain) + median(sides.coding)
        aim = "1.6x"
        note += f"; to decode and encode takes {milliseconds(median(sides.coding))} of C: {ratio(least, median(plain))}"
    yield times_row(f"{what}: median round trip", ours, plain, aim, note)
    mine, other = percentile(ours, 0.95), percentile(plain, 0.95)
    yield Row(f"{what}: p95", milliseconds(mine), milliseconds(other), ratio(mine, other), "1.3x", _PLAIN)
    if cpu and plain_cpu:
        each, other = cpu / len(ours), plain_cpu / len(plain)
        title = f"{what}: CPU of mitmdump a turn"
        yield Row(title, milliseconds(each), milliseconds(other), ratio(each, other), "", _PLAIN)


def _round_trips(sessions: Sequence[Session], effort: Effort, pair: Pair, encoding: str | None) -> _Sides:
    sides = _Sides()
    coding = encodings.CODINGS[encoding or "identity"][0]
    before = _cpu(pair)
    for run in range(effort.runs):
        report_progress(f"round trips, {encoding or 'no encoding'}: {run}")
        clients = pair.clients()
        number = run + effort.runs * bool(encoding)
        pairs = list(zip(clients, (sides.plain, sides.ours), strict=True))
        for body in GrowingSession(sessions, number, effort.session_bytes).requests():
            coded = coding.encode(body)
            for client, times in pairs:
                times.append(client.post(coded, encoding=encoding))
            pairs.reverse()  # the first to get a body takes up to 4% longer
            sides.coding.append(_seconds_to_code(coding, coded))
    ours, plain = (after - now for after, now in zip(_cpu(pair), before, strict=True))
    sides.cpu = ours, plain
    return sides


def _seconds_to_code(coding: encodings.Coding, coded: bytes) -> float:
    begin = time.perf_counter()
    coding.encode(coding.decode(coded, encodings.DECODED_LIMIT))
    return time.perf_counter() - begin


def _cpu(pair: Pair) -> tuple[float, float]:
    return cpu_seconds(pair.ours.pid) or 0.0, cpu_seconds(pair.plain.pid) or 0.0


def neighbour(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    """The p99 of a client that posts 1 kB at a time, while another one sends first sights, and on an idle proxy."""
    times: dict[str, list[float]] = {key: [] for key in ("plain idle", "ours idle", "plain busy", "ours busy")}
    size = effort.session_bytes
    with running_pair() as pair:
        for run in range(2):
            for name, proxy in (("plain", pair.plain), ("ours", pair.ours)):
                bodies = [
                    next(GrowingSession(sessions, number, size).turns(size, 1))
                    for number in range(20 * run, 20 * run + 20)
                ]
                report_progress(f"a neighbour, {name}: {run}")
                # Without the addon none of them has to be new.
                endless = bodies if proxy is pair.ours else cycle(bodies)
                pinging, posting = pair.client(proxy), pair.client(proxy)
                times[f"{name} idle"] += _pings(pinging, effort.neighbour_seconds, None)
                times[f"{name} busy"] += _pings(pinging, effort.neighbour_seconds, (posting, endless))
    p99 = {key: percentile(values, 0.99) for key, values in times.items()}
    for name, which in (("plain", "without"), ("ours", "with")):
        busy, idle = p99[f"{name} busy"], p99[f"{name} idle"]
        what = f"1 kB every 10 ms during first sights of {size / MEGABYTE:g} MB, {which} the addon: p99"
        worst = milliseconds(max(times[f"{name} busy"]))
        note = f"compared with the same proxy idle: {milliseconds(busy - idle)} more; longest {worst}"
        aim = "20 ms more" if name == "ours" else ""
        yield Row(what, milliseconds(busy), milliseconds(idle), ratio(busy, idle), aim, note)


def _pings(pinging: Client, seconds: float, busy: tuple[Client, Iterable[bytes]] | None) -> list[float]:
    stop = threading.Event()
    thread = threading.Thread(target=_post_until, args=(*busy, stop)) if busy else None
    if thread:
        thread.start()
    pinging.post(_PING, ELSEWHERE)  # mitmproxy connects to the upstream at the first post
    times = []
    due = time.perf_counter()
    end = due + seconds
    while due < end and not (thread and not thread.is_alive()):
        time.sleep(max(0.0, due - time.perf_counter()))
        times.append(pinging.post(_PING, ELSEWHERE))
        due = max(due + _PING_EVERY, time.perf_counter())
    stop.set()
    if thread:
        thread.join()
    return times


def _post_until(client: Client, bodies: Iterable[bytes], stop: threading.Event) -> None:
    for body in bodies:
        if stop.is_set():
            return
        client.post(body)


def start(_: Sequence[Session], effort: Effort) -> Iterator[Row]:
    times: dict[str, list[float]] = {"plain": [], "off": [], "on": []}
    arguments = {"plain": (), "off": WITH_ADDON[:2], "on": WITH_ADDON}
    for run in range(effort.starts):
        for name, seconds in times.items():
            report_progress(f"starts, {name}: {run}")
            seconds.append(_seconds_to_listen(arguments[name]))
    for name in ("off", "on"):
        more = milliseconds(median(times[name]) - median(times["plain"]))
        aim = "500 ms more" if name == "on" else ""
        yield times_row(
            f"from exec to listening, the addon {name}", times[name], times["plain"], aim, f"{more} more; {_PLAIN}"
        )


def _seconds_to_listen(arguments: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory(prefix="speed-start-") as folder:
        begin = time.perf_counter()
        with running_proxy(arguments, Path(folder)):
            return time.perf_counter() - begin
