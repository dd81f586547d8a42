"""The core in its thread, with what it remembers between requests and what it knows of answers."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING
from typing import Any
from typing import Final
from typing import TypeVar

from mitmproxy.exceptions import OptionsError

import headroom_compression
from headroom_compression import CompressedBody
from headroom_compression import CompressionReport
from headroom_compression import Memory
from headroom_compression import RequestIds
from headroom_compression import may_name_ids
from headroom_compression import read_request_ids
from headroom_compression.wire.answers import ID_KEYS
from headroom_proxy.answers.continuations import Continuations
from headroom_proxy.answers.lanes import SentRequest
from headroom_proxy.answers.lanes import under_way
from headroom_proxy.guards import WorkFailedError
from headroom_proxy.work.counting_ahead import CountingAhead
from headroom_proxy.work.given_up import GivenUp
from headroom_proxy.work.lending import Lending
from headroom_proxy.work.lending import MetError
from headroom_proxy.work.lending import UnmetMemory
from headroom_proxy.work.lent_state import LentState
from headroom_proxy.work.two_threads import NEW_A_SECOND
from headroom_proxy.work.two_threads import Size
from headroom_proxy.work.two_threads import TwoThreads
from headroom_proxy.work.worker import MAX_QUEUE_LENGTH
from headroom_proxy.work.worker import LongWorkError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from headroom_compression import Conversation
    from headroom_compression import RememberedPrefix
    from headroom_compression import Settings
    from headroom_proxy.answers.continuations import Scope

    Compress = Callable[[bytes], tuple[CompressedBody, SentRequest]]

Result = TypeVar("Result")

# Python in the worker holds the event loop up by this much at a time:
# with the default of 5 ms the p99 of an unrelated request is 55 ms, with this one 8 ms.
# A process for all work does not hold the loop up, but takes 1.7 ms more for a turn in half a MB, a quarter more for a
# first sight, and 28 MiB more of memory. One for first sights only would send 2.7 MB a MB back, 7 ms in the loop.
SWITCH_INTERVAL: Final = 0.0005

# The memory holds requests too, and most clients send all of their history: answers get a fourth.
ANSWERS_SHARE: Final = 4

# What the event loop does by itself: new items worth that many characters of the slowest text, which take 3 ms. 3 kB
# of items in a body of 1 MB, an agent's usual turn, take 0.6.
MAX_NEW_AT_ONCE: Final = 10 * 1024
MAX_BODY_AT_ONCE: Final = 2 * 2**20

# Bytes. Finding out what of a body is new takes the event loop 0.06 ms a MB; no session is as long as that.
MAX_LOOKED_UP: Final = 16 * 2**20

_SECONDS_BETWEEN_LOOKS: Final = 0.002
# How long the event loop waits for the lock when it gives work up.
_SECONDS_TO_LOOK: Final = 0.05

TOOK_TOO_LONG: Final = "which took too long before"
UNKNOWN_ANSWER: Final = "added to an answer that is not known"  # nor which of its agents it is for

logger = logging.getLogger(__name__)


class Compressor:
    """Has requests compressed, in the event loop or a thread. The first three arguments are what the core does."""

    def __init__(
        self,
        compress: Callable[..., CompressedBody],
        check_tokenizer: Callable[[], object],
        load_tokenizer: Callable[[], object],
        watchdog_seconds: float,
    ) -> None:
        self._compress = compress
        self._check_tokenizer = check_tokenizer
        self._load_tokenizer = load_tokenizer
        self.watchdog_seconds = watchdog_seconds
        self._threads = TwoThreads()
        self._is_load_due = self._is_loading = self._is_loaded = False
        self._memory_bytes = 0
        self._taken_back: list[LentState] = []
        self._lending = Lending()
        self._counting_ahead = CountingAhead(lambda: self._lending.is_in_use)
        self._given_up = GivenUp()
        self.forget()
        self._switch_interval_before: float | None = None

    def start(self, *, is_serving: bool) -> None:
        """Raise OptionsError when the tokenizer's file is not as it should be; while the proxy serves only log it.

        It takes half a second to load: other work waits for that, mitmproxy need not, so it is begun when that serves.
        """
        if not is_serving:
            try:
                self._check_tokenizer()
            except Exception as error:
                raise OptionsError(f"the tokenizer cannot be loaded: {error}") from error
        self._threads.open()
        self._counting_ahead.open()
        self._is_load_due = True
        if is_serving:
            self.begin_loading()
        self._switch_interval_before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)

    def begin_loading(self) -> None:
        """Have a thread load the tokenizer, if that is still to be done."""
        if self._is_load_due:
            self._is_load_due, self._is_loading = False, True  # before the thread can be through with it
            if not self._threads.first.start(self._load):
                self._is_loading = False

    def stop(self) -> None:
        self._threads.stop()
        self._counting_ahead.stop()
        self._is_load_due = False
        self.forget()
        self._given_up = GivenUp()
        if self._switch_interval_before is not None:
            sys.setswitchinterval(self._switch_interval_before)
            self._switch_interval_before = None

    def limit_memory(self, memory_bytes: int) -> None:
        """Share the bytes out between the two stores, which forget all when the limit is another one."""
        if memory_bytes != self._memory_bytes:
            self._memory_bytes = memory_bytes
            self.forget()

    def run_at_once(self, work: Callable[[], Result]) -> Result:
        """For work with `compress_at_once`: raise LongWorkError, for `run` to do it, or WorkFailedError like that."""
        return self._threads.first.run_at_once(work)

    async def run(
        self, work: Callable[[Compress], Result], settings: Settings, scope: Scope, body: bytes = b""
    ) -> Result:
        """Have a thread do the work, after all that came before it in its session, and return its result.

        work: is called with what compresses a body. body: as it came; requests with little new text go first.
        Raise TimeoutError when it takes longer than the watchdog allows: the thread may still be running it, so what it
        can write into is forgotten, and requests that begin the same way are left alone from now on.
        """
        since = monotonic()
        await self._through_loading()
        while monotonic() - since < MAX_QUEUE_LENGTH:
            outcome = await self._run_once(work, settings, scope, self._size(body), since)
            if not isinstance(outcome, MetError):
                return outcome
            # A thread ends it, or this loop gives it up: there is no one event to wait for.
            while not outcome.other.has_ended and monotonic() - since < MAX_QUEUE_LENGTH:  # noqa: ASYNC110
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        raise WorkFailedError("others took too long")

    async def _through_loading(self) -> None:
        """Wait for the tokenizer, without the watchdog: a slow start must not count as a request that is too slow."""
        self.begin_loading()
        overdue = asyncio.get_running_loop().time() + self.watchdog_seconds
        while self._is_loading:  # a thread ends it
            if asyncio.get_running_loop().time() > overdue:
                raise WorkFailedError("the tokenizer is being loaded")
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def _size(self, body: bytes) -> Size:
        is_worth_it = NEW_A_SECOND < len(body) <= MAX_LOOKED_UP
        known = self._lending.at_once(partial(self._memory.longest_prefix, body)) if is_worth_it else None
        return Size.of(body, known.length if known else 0)

    async def _run_once(
        self, work: Callable[[Compress], Result], settings: Settings, scope: Scope, size: Size, since: float
    ) -> Result | MetError:
        """Return the result, or the error if another piece of work is using the same session."""
        lent = LentState(self._lending)
        compress = partial(self._compress_with, lent, settings, scope)

        def work_and_end() -> Result | MetError:
            try:
                return work(compress)
            except MetError as error:
                return error
            finally:
                lent.end()

        try:
            outcome = await self._threads.run(work_and_end, self.watchdog_seconds, size, since)
        except (TimeoutError, asyncio.CancelledError) as error:
            self._take_back(lent)
            if isinstance(error, TimeoutError) and lent.body is not None:
                self._given_up.note(settings, lent.body, lent.position or len(lent.body))
                self._threads.first.start(self._given_up.hash_noted)
            raise
        if lent.made:
            self._counting_ahead.begin_soon(lent.made)
        return outcome

    def _compress_with(
        self, lent: LentState, settings: Settings, scope: Scope, body: bytes
    ) -> tuple[CompressedBody, SentRequest]:
        lent.begin(body, self._memory, self._continuations)
        if self._given_up.has(settings, body):
            return _left_alone(body, read_request_ids(body), TOOK_TOO_LONG)
        ids = _ids_of(body, lent.known_part(body))
        answer = ids.continues if ids.into is None else under_way(ids.into)
        conversation = lent.continue_answer(scope, answer) if answer else None
        if ids.into is not None and conversation is None:
            return _left_alone(body, ids, UNKNOWN_ANSWER)
        compressed = self._compress(body, settings, lent, *([conversation] if conversation else []))
        return compressed, SentRequest(ids, compressed.conversation)

    def _take_back(self, lent: LentState) -> None:
        """Forget what the abandoned thread may still write into."""
        self._taken_back = [other for other in self._taken_back if not other.is_over]
        is_free = lent.take_back()
        if is_free and lent.body is None:  # it was not begun, and will not be
            return
        if is_free and self._lending.lock.acquire(timeout=_SECONDS_TO_LOOK):
            self._memory.forget(lent.reaches)
            self._continuations.forget_where(lent.reaches)
            self._taken_back.append(lent)
            self._lending.lock.release()
        else:  # it, or another one, is just looking something up
            self.forget()

    def in_thread(self, work: Callable[[], object]) -> bool:
        """Have the thread do the work next, without a result; return whether it will."""
        return self._threads.first.start(work)

    def compress_at_once(self, body: bytes, settings: Settings) -> tuple[CompressedBody, SentRequest]:
        """In the event loop: compress a body, if it names no answer and that is short work. Raise LongWorkError if not,
        or if the body may begin with what was given up: there is no watchdog here.
        """
        if not self._is_loaded or len(body) > MAX_BODY_AT_ONCE or self._given_up.may_have(settings, body):
            raise LongWorkError
        memory = UnmetMemory(self._memory, self._lending)
        work = partial(headroom_compression.compress_new_items, body, settings, memory, MAX_NEW_AT_ONCE)
        compressed = self._lending.at_once(work)
        if compressed is None:
            raise LongWorkError
        return compressed, SentRequest(RequestIds(), compressed.conversation)

    def keep(self, scope: Scope, answer: str, conversation: Conversation, items: tuple[Mapping[str, Any], ...]) -> None:
        """Note, before any later work, where the conversation stands after an answer. items: those of the answer."""
        if any(lent.reaches(conversation) for lent in self._taken_back if not lent.is_over):
            return
        keep = partial(self._continuations.keep, scope, answer, conversation, items)
        self._note(scope, conversation, keep)

    def lose(self, scope: Scope, answer: str | None) -> None:
        """Note that an id now stands for another answer, which is not known; without an id that any id there may."""
        known = self._continuations
        lose = partial(known.forget, scope, answer) if answer else partial(known.forget_all_of, scope)
        self._note(scope, None, lose)

    def _note(self, scope: Scope, conversation: Conversation | None, note: Callable[[], None]) -> None:
        """The note is about what is known now: if that is forgotten before it is made, so is the note."""
        with suppress(LongWorkError, WorkFailedError):  # it is closed
            self._threads.first.run_at_once(partial(self._lending.note, scope, conversation, note))

    def forget(self) -> None:
        """Forget all that is known, and the notes that are still to be made about it."""
        self._lending.forget_notes()
        for_answers = self._memory_bytes // ANSWERS_SHARE
        self._memory = Memory(self._memory_bytes - for_answers)
        self._continuations = Continuations(for_answers)

    def _load(self) -> None:
        try:
            self._load_tokenizer()
            self._is_loaded = True
        except Exception as error:  # noqa: BLE001  the proxy may be serving: requests will pass through
            logger.warning("headroom-addon cannot load its tokenizer: %s", error)
        finally:
            self._is_loading = False


def _left_alone(body: bytes, ids: RequestIds, reason: str) -> tuple[CompressedBody, SentRequest]:
    report = CompressionReport(passed=reason)
    return CompressedBody(body, changed=False, report=report, conversation=None), SentRequest(ids, None)


def _ids_of(body: bytes, known: RememberedPrefix | None) -> RequestIds:
    """known: the part of the body that was seen before, which is not searched again: that takes 1 ms a MB."""
    names_none = known and ID_KEYS.isdisjoint(known.keys) and not may_name_ids(body[known.length :])
    return RequestIds() if names_none else read_request_ids(body)
