"""Two users of one proxy: what one does must not be felt by the other.

B continues sessions of usual size, turn by turn with a pause, alone and while A, in a process of its own, does the
worst that we know: a list of numbers of 6 MiB each turn, 60 branches of one session, outputs that a full store has to
take. A sends at a rate that mitmdump keeps up with, with the addon and without, so that both carry the same load.

A round is a block of B's turns of each of four: mitmdump without the addon and with it, alone and beside A. The next
round takes them the other way round, so that what else the machine does meets all four alike. The p99 of each is the
median of its blocks' p99s: a block that the machine disturbed counts no more than another one. Without the addon, too,
A slows mitmdump down, which reads A's bodies in the event loop that serves B. So a second row has the addon's own part:
its ratio of beside to alone, divided by that of mitmdump. Its range is the middle nine tenths of what comes out when as
many rounds are drawn at random, some more than once.

Nothing that is remembered may be lost. Each turn beside A has to arrive as the core makes it. And in each round B goes
on from an answer that it got before, by the answer's id only, with an output that it showed before that answer: that
has to arrive as a pointer, which is only possible where the answer, and what stood before it, are still known.

On a machine that others use give it what it needs, or the p99s are those of the others' work:
`setsid bash -c 'echo -15 > /proc/self/autogroup; exec python scripts/savings/benchmark.py FOLDER --speed two-users'`
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import ExitStack
from contextlib import closing
from contextlib import nullcontext
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from hashlib import sha256
from itertools import chain
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import orjson

from headroom_compression import Conversation
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_proxy.work.compressor import SWITCH_INTERVAL
from scripts.savings.recordings import Session
from scripts.speed.answers import asking_for
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import milliseconds
from scripts.speed.measures import percentile
from scripts.speed.measures import ratio
from scripts.speed.measures import report_progress
from scripts.speed.other_users import SUBAGENTS
from scripts.speed.other_users import Bodies
from scripts.speed.other_users import Lists
from scripts.speed.other_users import Subagents
from scripts.speed.other_users import items_of
from scripts.speed.other_users import running_other_user
from scripts.speed.other_users import runs_of_tests
from scripts.speed.proxies import WITH_ADDON
from scripts.speed.proxies import Client
from scripts.speed.proxies import running_proxies
from scripts.speed.store import SIZE
from scripts.speed.store import fill
from scripts.speed.upstream import running_upstream

_PAUSE = 0.005
_BETWEEN_LOOKS = 0.0002
# On a quiet machine the addon works on a list for 0.2 s, on a turn of the others for 10 ms.
_BETWEEN_LISTS, _BETWEEN_TURNS = 0.25, 0.03
_DRAWS = 2_000
_AIM = "1.5x"
_ROWS_SHOWN = 60

_KINDS = ("plain", "plain beside A", "ours beside A", "ours")


@dataclass(frozen=True, slots=True)
class _Work:
    """What A does, and with which options of the addon. first: the number of the first session that B sends then."""

    what: str
    bodies: Bodies
    seconds_between: float
    first: int
    settings: Settings = field(default_factory=Settings)
    options: Sequence[str] = ()


@dataclass(slots=True)
class _Seen:
    """p99s: of each kind those of its blocks. turns: of each kind. different, lost: turns and answers beside A."""

    p99s: Mapping[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in _KINDS})
    turns: int = 0
    different: int = 0
    lost: int = 0

    @property
    def rounds(self) -> range:
        return range(len(self.p99s["ours"]))

    def p99(self, kind: str, rounds: Sequence[int] | None = None) -> float:
        return median(self.p99s[kind][number] for number in rounds or self.rounds)

    def own_part(self, rounds: Sequence[int] | None = None) -> float:
        p99 = {kind: self.p99(kind, rounds) for kind in _KINDS}
        return p99["ours beside A"] / p99["ours"] / (p99["plain beside A"] / p99["plain"])

    def range_of_own_part(self) -> tuple[float, float]:
        chance = random.Random(1)  # noqa: S311  the same in every run
        drawn = sorted(self.own_part(chance.choices(self.rounds, k=len(self.rounds))) for _ in range(_DRAWS))
        return drawn[_DRAWS // 20], drawn[-_DRAWS // 20]


def two_users(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    with TemporaryDirectory() as store:
        for work in _works(sessions, effort, store):
            yield from _rows(work, _seen(work, sessions, effort))
    yield _step_row(effort)


def _works(sessions: Sequence[Session], effort: Effort, store: str) -> Iterator[_Work]:
    first = effort.user_rounds * len(_KINDS)
    size = effort.list_bytes
    yield _Work(f"a list of numbers of {size / 2**20:g} MiB each turn", Lists(size), _BETWEEN_LISTS, 0)
    shared = next(GrowingSession(sessions, 1_000, effort.session_bytes).turns(effort.session_bytes, 1))
    subagents = Subagents(shared, effort.new_bytes)
    yield _Work(f"{SUBAGENTS} subagents", subagents, _BETWEEN_TURNS, first)
    count_of_files = max(effort.stored_originals)
    fill(Path(store), count_of_files, 2)
    limit = count_of_files * SIZE // 2**20
    what = f"a recall store of {count_of_files:,} originals at its limit"
    settings = Settings(level="recall", recall_dir=store, recall_stores=False)
    options = ("compress_level=recall", f"compress_recall_dir={store}", f"compress_recall_limit={limit}")
    yield _Work(what, runs_of_tests, _BETWEEN_TURNS, 2 * first, settings, options)


def _rows(work: _Work, seen: _Seen) -> Iterator[Row]:
    there, alone, plain_there, plain_alone = map(seen.p99, ("ours beside A", "ours", "plain beside A", "plain"))
    what, blocks = f"a user's p99 beside one with {work.what}", len(seen.rounds)
    note = (
        f"compared with B alone; {seen.turns:,} turns of each in {blocks} blocks; "
        f"{seen.different} not as the core makes them, {seen.lost} of {blocks} answers not remembered"
    )
    yield Row(what, milliseconds(there), milliseconds(alone), ratio(there, alone), _AIM, note)
    least, most = seen.range_of_own_part()
    note = (
        f"compared with mitmdump without the addon, {milliseconds(plain_there)} beside {milliseconds(plain_alone)} "
        f"alone; {least:.2f}x to {most:.2f}x"
    )
    ours, plain = ratio(there, alone), ratio(plain_there, plain_alone)
    yield Row(f"{what}: the addon's own part", ours, plain, f"{seen.own_part():.2f}x", _AIM, note)


def _seen(work: _Work, sessions: Sequence[Session], effort: Effort) -> _Seen:
    ours = (*WITH_ADDON, *chain.from_iterable(("--set", option) for option in work.options))
    seen = _Seen()
    with ExitStack() as stack:
        port, authority = stack.enter_context(running_upstream())
        plain, proxy = stack.enter_context(running_proxies(((), ours), authority))
        other = stack.enter_context(running_other_user(work.bodies, work.seconds_between))
        answer = _Answer(stack.enter_context(closing(Client(proxy, port))), work.settings)
        for number in range(effort.user_rounds):
            report_progress(f"two users: {work.what}: {number + 1} of {effort.user_rounds}")
            kinds = list(enumerate(_KINDS, work.first + len(_KINDS) * number))
            for session, kind in kinds if number % 2 else kinds[::-1]:
                target = plain if "plain" in kind else proxy
                beside = partial(other.posting, target, port) if "beside" in kind else nullcontext
                block = _block(Client(target, port), _bodies(sessions, session, effort), beside)
                seen.p99s[kind].append(percentile(block.seconds, 0.99))
                if kind == "ours beside A":
                    seen.turns += len(block.seconds)
                    seen.different += block.count_different(_bodies(sessions, session, effort), work.settings)
                    seen.lost += not answer.is_remembered()
    return seen


@dataclass(frozen=True, slots=True)
class _Block:
    """The turns of a session but the first. digests: of what arrived."""

    seconds: Sequence[float]
    digests: Sequence[str]

    def count_different(self, bodies: Iterator[bytes], settings: Settings) -> int:
        """How many turns did not arrive as the core makes them."""
        memory = Memory()
        made = [sha256(compress_request_body(body, settings, memory).body).hexdigest() for body in bodies]
        return sum(mine != arrived for mine, arrived in zip(made[1:], self.digests, strict=True))


def _bodies(sessions: Sequence[Session], number: int, effort: Effort) -> Iterator[bytes]:
    size, new, turns = effort.session_bytes, effort.new_bytes, effort.user_turns
    return islice(GrowingSession(sessions, number, size + 10 * turns * new).turns(size, new), turns + 1)


def _block(client: Client, bodies: Iterator[bytes], beside: Callable[[], AbstractContextManager[None]]) -> _Block:
    seconds, digests = [], []
    with closing(client):
        client.post(next(bodies))
        with beside():
            for body in bodies:
                time.sleep(_PAUSE)
                seconds.append(client.post(body))
                digests.append(client.digest)
    return _Block(seconds, digests)


class _Answer:
    """An answer that B goes on from, again and again, with an output that it has shown."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._conversation: Conversation | None = Conversation.start(settings)
        self._round = 0
        self.is_remembered()

    def is_remembered(self) -> bool:
        """Whether the output arrives as the core makes it behind that answer; the next one is the answer to this."""
        answer = [orjson.dumps({"type": "message", "role": "assistant", "content": f"Read {self._round} times."})]
        self._round += 1
        text = "\n".join(f"    kept_{row} = remembered({row})" for row in range(_ROWS_SHOWN))
        before = b',"previous_response_id":' + orjson.dumps(self._client.answer) if self._client.answer else b""
        asking = asking_for(answer)
        body = b'{"input":[%b]%b,%b}' % (items_of("cat kept.py", text, f"kept_{self._round}"), before, asking)
        self._client.turn(body)
        made = compress_request_body(body, self._settings, None, self._conversation)
        self._conversation = made.conversation and made.conversation.after(orjson.loads(item) for item in answer)
        return made.changed and self._client.digest == sha256(made.body).hexdigest()


def _step_row(effort: Effort) -> Row:
    """The longest step of the work on a list, in this process: the least of several, as a busy machine prolongs it."""
    bodies = islice(Lists(effort.list_bytes)(), effort.runs)
    step = min(_longest_step(body) for body in bodies)
    what = (
        f"a list of numbers of {effort.list_bytes / 2**20:g} MiB: the longest step during which no other thread goes on"
    )
    return Row(what, milliseconds(step), "", "", "", "processor time")


def _longest_step(body: bytes) -> float:
    """The most processor seconds between two looks of this thread, which is always ready to go on."""
    work = threading.Thread(target=compress_request_body, args=(body, Settings(), Memory()))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    longest, before = 0.0, time.process_time()
    work.start()
    while work.is_alive():
        time.sleep(_BETWEEN_LOOKS)
        now = time.process_time()
        longest, before = max(longest, now - before), now
    sys.setswitchinterval(interval)
    return longest
