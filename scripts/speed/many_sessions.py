"""Fifty sessions at once and thousands of turns in a row: what they cost in time and in memory.

Memory is what the proxy's process holds, by Linux's /proc; elsewhere there is no figure for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from statistics import median

from headroom_proxy.options import MEMORY_MEBIBYTES
from scripts.savings.recordings import Session
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import report_progress
from scripts.speed.measures import resident_bytes
from scripts.speed.measures import times_row
from scripts.speed.proxies import Client
from scripts.speed.proxies import Pair
from scripts.speed.proxies import running_pair

# What the addon logs of a request whose work failed or waited too long.
_PASSED = "passed through unchanged"
_ROUNDS = 4
_AT_ONCE = 2
# Sessions in a long run start anew at half of the size of the others: twice as many of them come and go.
_SHARE_OF_SESSION = 2
_LIMIT = f"limit of the memory {MEMORY_MEBIBYTES} MiB"


def many_sessions(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    """First sights at once, turns in rotation, turns at once; turns are compared with those of one session alone."""
    count = effort.sessions_at_once
    title = f"{count} sessions of {effort.session_bytes / MEGABYTE:g} MB"
    with running_pair() as pair:
        start = resident_bytes(pair.ours.pid)
        alone = _turns_alone(sessions, effort, pair)
        bodies = [_bodies(sessions, effort, 1 + number, 1 + _ROUNDS + _AT_ONCE) for number in range(count)]
        clients = [pair.clients() for _ in range(count)]
        for side, name in enumerate(("without the addon", "with it")):
            report_progress(f"{title}: first sights {name}")
            first = _at_once([pairs[side] for pairs in clients], [turns[0] for turns in bodies])
            note = _passed(pair) if side else ""
            yield Row(f"{title}, first sights at once, {name}", f"{max(first):.1f} s the slowest", "", "", "", note)
        slowest = max(_turns_in_rotation(clients, bodies), key=median)
        yield times_row(
            f"{title}, turns in rotation: the slowest session", slowest, alone, "2x", "compared with a session alone"
        )
        plain, ours = _turns_at_once(clients, bodies)
        note = f"compared with mitmdump without the addon; {_passed(pair)}"
        yield times_row(f"{title}, turns at once: the slowest of each round", ours, plain, "", note)
        yield _memory_row(title, start, resident_bytes(pair.ours.pid), resident_bytes(pair.plain.pid))


def long_run(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    plain: list[float] = []
    ours: list[float] = []
    with running_pair() as pair:
        start = middle = resident_bytes(pair.ours.pid)
        clients = pair.clients()
        for turn, body in enumerate(islice(_endless(sessions, effort), effort.long_turns)):
            report_progress(f"turns in a row: {turn}")
            if turn == effort.long_turns // 2:
                middle = resident_bytes(pair.ours.pid)
            for client, times in zip(clients, (plain, ours), strict=True):
                times.append(client.post(body))
        end, other = resident_bytes(pair.ours.pid), resident_bytes(pair.plain.pid)
        new = f"{effort.new_bytes / 1000:g} kB new in each"
        note = f"{new}; compared with mitmdump without the addon; {_passed(pair)}"
    title = f"{effort.long_turns:,} turns in a row"
    yield times_row(f"{title}: median round trip", ours, plain, "", note)
    half = effort.long_turns // 2
    yield times_row(f"{title}: the second half", ours[half:], ours[:half], "", "compared with the first half")
    yield _memory_row(f"{title}, first half", start, middle, None)
    yield _memory_row(f"{title}, all", start, end, other)


def _bodies(sessions: Sequence[Session], effort: Effort, number: int, count: int) -> list[bytes]:
    size = effort.session_bytes
    session = GrowingSession(sessions, number, size + 10 * count * effort.new_bytes)
    return list(islice(session.turns(size, effort.new_bytes), count))


def _endless(sessions: Sequence[Session], effort: Effort) -> Iterator[bytes]:
    number = 0
    while True:
        size = effort.session_bytes // _SHARE_OF_SESSION
        yield from GrowingSession(sessions, number, size).turns(0, effort.new_bytes)
        number += 1


def _turns_alone(sessions: Sequence[Session], effort: Effort, pair: Pair) -> list[float]:
    client = pair.client(pair.ours)
    return [client.post(body) for body in _bodies(sessions, effort, 0, 2 + 2 * _ROUNDS)][2:]


def _turns_in_rotation(clients: list[tuple[Client, Client]], bodies: list[list[bytes]]) -> list[list[float]]:
    """The times of each session through the addon, one request after the other."""
    times: list[list[float]] = [[] for _ in bodies]
    for turn in range(1, 1 + _ROUNDS):
        report_progress(f"many sessions in rotation: {turn}")
        for number, ((_, ours), turns) in enumerate(zip(clients, bodies, strict=True)):
            times[number].append(ours.post(turns[turn]))
    return times


def _turns_at_once(clients: list[tuple[Client, Client]], bodies: list[list[bytes]]) -> tuple[list[float], list[float]]:
    """The slowest of each round, without the addon and with it."""
    slowest: tuple[list[float], list[float]] = ([], [])
    for turn in range(1 + _ROUNDS, 1 + _ROUNDS + _AT_ONCE):
        for side, times in enumerate(slowest):
            report_progress(f"many sessions at once: {turn}")
            times.append(max(_at_once([pair[side] for pair in clients], [turns[turn] for turns in bodies])))
    return slowest


def _at_once(clients: list[Client], bodies: list[bytes]) -> list[float]:
    with ThreadPoolExecutor(len(clients)) as threads:
        return list(threads.map(Client.post, clients, bodies))


def _passed(pair: Pair) -> str:
    time.sleep(0.1)  # the log is written by another process
    return f"{pair.ours.log.count(_PASSED)} requests were given up"


def _memory_row(title: str, start: int | None, end: int | None, plain: int | None) -> Row:
    if start is None or end is None:
        return Row(f"{title}: memory", "only measured on Linux", "", "", "")
    other = f"without the addon at the end {_mebibytes(plain)}; " if plain else ""
    grown = f"{_mebibytes(end - start)} more"
    return Row(f"{title}: memory", f"{_mebibytes(start)} -> {_mebibytes(end)}", "", grown, _LIMIT, other.rstrip("; "))


def _mebibytes(count: int) -> str:
    return f"{count / 2**20:,.0f} MiB"
