"""Requests that hold only what is new are compressed as the whole conversation would be, by random sessions.

A client and a server as they are behind a WebSocket: answers break off, turns are taken back, branches are continued,
and after a reconnect the whole history is sent.
"""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import assume
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import RequestIds
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import read_answer_event
from headroom_compression import read_request_ids
from headroom_compression import tokens
from headroom_proxy.answers.continuations import Continuations
from headroom_proxy.answers.continuations import Scope
from headroom_proxy.answers.exchanges import Exchange
from headroom_proxy.guards import WorkFailedError
from headroom_proxy.work import compressor as compressor_module
from headroom_proxy.work import worker as worker_module
from headroom_proxy.work.compressor import Compressor
from headroom_proxy.work.two_threads import MAX_NEW_BESIDE_OTHERS
from headroom_proxy.work.two_threads import NEW_A_SECOND
from headroom_proxy.work.worker import LongWorkError
from tests.promises.test_promises import raw_items
from tests.promises.test_promises import sessions
from tests.promises.test_promises import some_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headroom_compression import Conversation
    from tests.compression.support.bodies import Style
    from tests.compression.support.sessions import Entry
    from tests.compression.support.sessions import Session

SCOPE = Scope("upstream.test", 443, b"")
MODEL_MADE = {"function_call", "custom_tool_call", "shell_call", "reasoning", "compaction"}
OUTCOMES = ("completed", "completed", "completed", "incomplete", "without output", "broken off", "refused")


@dataclass
class Point:
    """An answer that the client may continue: its id, the history up to it, and how far the session is.

    The history is empty where the proxy cannot know which request was answered: what follows counts as a beginning.
    """

    answer: str
    history: list[str]
    turn: int


@dataclass
class Conversing:
    """One connection through a compressor, over and over continued from points of its own choice."""

    style: Style
    chosen: Settings
    compressor: Compressor
    points: list[Point] = field(default_factory=lambda: [Point("", [], 0)])

    def __post_init__(self) -> None:
        self.reconnect()

    def reconnect(self) -> None:
        self.exchange = Exchange(partial(self.compressor.keep, SCOPE))
        self.was_refused = False

    async def say(self, point: Point, items: list[str], *, is_whole: bool) -> None:
        """Send what is new after a point, or all, and see that it is what a full history would hold."""
        history = [*point.history, *items]
        body = self.style.body(history if is_whole or not point.answer else items)
        if point.answer and not is_whole:
            body = body.replace(b"{", b'{"previous_response_id":"%b",' % point.answer.encode(), 1)
        try:
            compressed, sent = self.compressor.run_at_once(partial(self.compressor.compress_at_once, body, self.chosen))
        except LongWorkError:
            compressed, sent = await self.compressor.run(lambda compress: compress(body), self.chosen, SCOPE)
        expected = raw_items(compress_request_body(self.style.body(history), self.chosen).body)
        assert raw_items(compressed.body) == expected[len(expected) - len(raw_items(body)) :]
        self.exchange.sent(sent)

    def hear(self, answer: str, point: Point, items: list[str], made: list[Entry], outcome: str) -> None:
        told: dict[str, object] = {"id": answer, "previous_response_id": point.answer or None, "output": []}
        if outcome == "refused":
            self._event("error")
            self.was_refused = True
            return
        self._event("response.created", response=told)
        output = [entry.item for entry in made]
        for item in output[: -1 if outcome == "broken off" else None]:
            self._event("response.output_item.done", item=item)
        if outcome != "broken off":
            kind = "incomplete" if outcome == "incomplete" else "completed"
            self._event(f"response.{kind}", response=told | {"output": [] if outcome == "without output" else output})
            is_known = point.answer or not self.was_refused
            history = [*point.history, *items, *(entry.raw for entry in made)] if is_known else []
            self.points.append(Point(answer, history, point.turn + 1))

    def _event(self, kind: str, **members: object) -> None:
        event = read_answer_event(json.dumps({"type": kind, **members}).encode())
        if event:
            self.exchange.received(event)


def turns_of(session: Session, style: Style) -> list[tuple[list[str], list[Entry]]]:
    """What the client sends, and what the model answers it with, again and again."""
    entries = [replace(entry, raw=style.written(entry.item)) for entry in session.entries]
    runs = [
        (is_made, list(run)) for is_made, run in groupby(entries, lambda entry: entry.item.get("type") in MODEL_MADE)
    ]
    if runs[0][0]:
        runs.insert(0, (False, []))
    if not runs[-1][0]:
        runs.append((True, []))
    pairs = zip(runs[::2], runs[1::2], strict=True)
    return [([entry.raw for entry in given], made) for (_, given), (_, made) in pairs]


async def converse(session: Session, other: Session, chosen: Settings, data: strategies.DataObject) -> None:
    compressor = Compressor(compress_request_body, lambda: None, lambda: None, watchdog_seconds=60)
    compressor.limit_memory(2**28)
    compressor.start(is_serving=True)
    try:
        await talk_through(compressor, session, other, chosen, data)
    finally:
        compressor.stop()


async def talk_through(
    compressor: Compressor, session: Session, other: Session, chosen: Settings, data: strategies.DataObject
) -> None:
    talk = Conversing(session.style, chosen, compressor)
    turns = turns_of(session, session.style)
    elsewhere = turns_of(other, session.style)
    for number in range(data.draw(strategies.integers(1, 8))):
        point = data.draw(strategies.sampled_from(talk.points[-3:]))
        source = turns if point.turn < len(turns) and data.draw(strategies.integers(0, 3)) else elsewhere
        items, made = source[point.turn % len(source)]
        is_whole = not data.draw(strategies.integers(0, 4))
        if is_whole:
            talk.reconnect()
        await talk.say(point, items, is_whole=is_whole)
        continued = Point("", point.history, point.turn) if is_whole else point
        outcome = data.draw(strategies.sampled_from(OUTCOMES))
        talk.hear(f"resp_{number}", continued, items, made, outcome)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(sessions, sessions, some_settings, strategies.data())
def test_what_is_new_is_sent_as_in_the_full_history(
    session: Session, other: Session, chosen: Settings, data: strategies.DataObject
) -> None:
    assume(not any("\\ud83d" in entry.raw for entry in (*session.entries, *other.entries)))
    asyncio.run(converse(session, other, chosen, data))


def wait_for(compressor: Compressor) -> None:
    """Until the thread has done what it was given so far."""
    asyncio.run(compressor.run(lambda _: None, Settings(), SCOPE))


def compress(compressor: Compressor, body: bytes, came: bytes = b"") -> CompressedBody:
    """In the thread; in that for long bodies where a long one came."""
    return asyncio.run(compressor.run(lambda compress: compress(body), Settings(), SCOPE, came))[0]


@pytest.fixture
def compressor() -> Iterator[Compressor]:
    compressor = Compressor(compress_request_body, lambda: None, lambda: None, watchdog_seconds=10)
    compressor.limit_memory(2**20)
    compressor.start(is_serving=True)
    wait_for(compressor)
    yield compressor
    compressor.stop()


def keep(compressor: Compressor, answer: str) -> None:
    body = json.dumps({"input": [{"role": "user", "content": "Hello."}]}).encode()
    conversation = compress_request_body(body).conversation
    assert conversation
    compressor.keep(SCOPE, answer, conversation, ())


def is_known(compressor: Compressor, answer: str) -> bool:
    return compressor._continuations.find(SCOPE, answer) is not None  # noqa: SLF001  what a request would find


class AtAllSessions:
    """A piece of work that goes on from every session, until it leaves."""

    has_ended = False

    def reaches(self, _: Conversation) -> bool:
        return True


@contextmanager
def met(compressor: Compressor) -> Iterator[None]:
    other, lending = AtAllSessions(), compressor._lending  # noqa: SLF001
    lending.enter(other)
    yield
    lending.leave(other)


def test_an_answer_is_noted_at_once_or_when_nobody_is_at_its_session(compressor: Compressor) -> None:
    may_go_on = threading.Event()
    compressor._threads.first.start(may_go_on.wait)  # noqa: SLF001  keeps the worker busy
    keep(compressor, "resp_1")
    assert is_known(compressor, "resp_1")
    may_go_on.set()
    with met(compressor):
        keep(compressor, "resp_2")
        assert not is_known(compressor, "resp_2")
    assert is_known(compressor, "resp_2")


def test_an_answer_is_lost_at_once_or_after_what_was_to_be_noted_of_the_user(compressor: Compressor) -> None:
    for answer in ("resp_1", "resp_2", "resp_3"):
        keep(compressor, answer)
    compressor.lose(SCOPE, "resp_1")
    assert not is_known(compressor, "resp_1")
    assert is_known(compressor, "resp_2")
    with met(compressor):
        keep(compressor, "resp_4")
        compressor.lose(SCOPE, None)
        assert is_known(compressor, "resp_2")
        keep(compressor, "resp_3")
    assert not is_known(compressor, "resp_2")
    assert not is_known(compressor, "resp_4")
    assert is_known(compressor, "resp_3"), "it came later"


def test_an_answer_that_was_still_to_be_noted_when_all_was_forgotten_is_unknown(compressor: Compressor) -> None:
    with met(compressor):
        keep(compressor, "resp_1")
        compressor.forget()
    wait_for(compressor)
    assert not is_known(compressor, "resp_1")


def test_an_answer_that_comes_after_the_end_is_not_noted(compressor: Compressor) -> None:
    compressor.stop()
    keep(compressor, "resp_1")
    assert not is_known(compressor, "resp_1")


def test_an_answer_that_cannot_be_noted_is_unknown(compressor: Compressor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Continuations, "keep", fail)
        keep(compressor, "resp_1")
    assert not is_known(compressor, "resp_1")


def test_a_turn_of_a_client_that_sends_all_of_its_history_is_short_though_its_answers_can_be_continued(
    compressor: Compressor,
) -> None:
    call = {"type": "function_call", "call_id": "c", "name": "ls", "arguments": "{}"}
    first = [{"role": "user", "content": "Look."}]
    second = [*first, call, {"type": "function_call_output", "call_id": "c", "output": "a.py"}]
    conversation = compress(compressor, json.dumps({"input": first}).encode()).conversation
    assert conversation
    compressor.keep(SCOPE, "resp_1", conversation, (call,))
    wait_for(compressor)
    assert compressor.compress_at_once(json.dumps({"input": second}).encode(), Settings())[0].conversation
    continued = json.dumps({"input": second[2:], "previous_response_id": "resp_1"}).encode()
    found = compress(compressor, continued).conversation
    assert found
    assert found.calls_length == 1


@pytest.mark.parametrize(
    ("before", "after", "ids"),
    [
        ("", "", RequestIds()),
        ('"stream_id":"s",', "", RequestIds(lane="s")),
        ("", ',"stream_id":"s"', RequestIds(lane="s")),
        ('"str\\u0065am_id":"s",', "", RequestIds(lane="s")),
        ("", ',"str\\u0065am_id":"s"', RequestIds(lane="s")),
        ("", ',"previous_response_id":"resp_0"', RequestIds("resp_0")),
        ('"stream_id":"s",', ',"previous_response_id":"resp_0"', RequestIds("resp_0", "s")),
    ],
)
def test_ids_are_read_of_a_body_whose_beginning_is_known_too(
    compressor: Compressor, before: str, after: str, ids: RequestIds
) -> None:
    items = json.dumps([{"role": "user", "content": 'Say "stream_id": "none".'}] * 2)[1:-1]
    compress(compressor, f'{{{before}"input":[{items}]}}'.encode())
    body = f'{{{before}"input":[{items},{items}]{after}}}'.encode()
    assert known_length(compressor, body)
    sent = asyncio.run(compressor.run(lambda compress: compress(body), Settings(), SCOPE))[1]
    assert sent.ids == ids == read_request_ids(body)


def test_what_is_known_is_not_looked_at_again_for_ids(compressor: Compressor, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[bytes] = []

    def look(body: bytes) -> bool:
        looked_at.append(body)
        return False

    monkeypatch.setattr(compressor_module, "may_name_ids", look)
    beginning = b'{"input":[{"role":"user","content":"Look."}'
    for body in (beginning + b"]}", beginning + b"],1:2}"):
        compress(compressor, body)
    assert looked_at == [b"],1:2}"]


class Hanging:
    """A core that hangs on bodies that hold `hang`, until it may go on, after it has looked into the memory."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.worked_on: list[bytes] = []
        self.outcomes: list[str] = []

    def compress(self, body: bytes, settings: Settings, memory: Memory, *others: Conversation) -> CompressedBody:
        self.worked_on.append(body)
        if b"hang" not in body:
            return compress_request_body(body, settings, memory, *others)
        memory.longest_prefix(body)
        memory.begin_item(body.index(b"hang") + 6)
        self.may_go_on.wait()
        try:
            result = compress_request_body(body, settings, memory, *others)
        except BaseException as error:
            self.outcomes.append(type(error).__name__)
            raise
        self.outcomes.append("through")
        return result


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    core = Hanging()
    yield core
    core.may_go_on.set()


@pytest.fixture
def impatient(hanging: Hanging) -> Iterator[Compressor]:
    """Its core hangs on some bodies, its watchdog waits a fifth of a second."""
    tokens.load()  # takes longer than the watchdog waits
    compressor = Compressor(hanging.compress, lambda: None, lambda: None, watchdog_seconds=0.2)
    compressor.limit_memory(2**24)
    compressor.start(is_serving=True)
    wait_for(compressor)
    yield compressor
    compressor.stop()


def said(*texts: str) -> bytes:
    """A request: a client's texts, and a file that is read a second time, so that it is sent shorter."""
    source = "".join(f"value_{number} = compute({number})\n" for number in range(99))
    reading = [
        {"type": "function_call", "call_id": texts[0], "name": "shell", "arguments": '{"command": "cat a.py"}'},
        {"type": "function_call_output", "call_id": texts[0], "output": source},
    ]
    items = [*reading, *reading, *({"role": "user", "content": text} for text in texts)]
    return json.dumps({"input": items}).encode()


def gives_up(compressor: Compressor, body: bytes) -> bool:
    try:
        compress(compressor, body)
    except TimeoutError:
        return True
    return False


def test_what_was_given_up_is_not_tried_again_nor_are_the_turns_after_it(
    impatient: Compressor, hanging: Hanging
) -> None:
    assert gives_up(impatient, said("a", "hang"))
    hanging.worked_on.clear()
    impatient.watchdog_seconds = 60
    for body in (said("a", "hang"), said("a", "hang", "b"), said("a", "hang", "c")):
        compressed = compress(impatient, body)
        assert compressed.body is body
        assert compressed.report.passed
    assert hanging.worked_on == []
    for body in (said("a"), said("a", "b"), said("b")):
        assert compress(impatient, body).changed


@pytest.mark.parametrize("fails", [False, True])
def test_to_load_the_tokenizer_is_not_the_work_of_the_first_requests(hanging: Hanging, *, fails: bool) -> None:
    is_loaded = threading.Event()

    def load() -> None:
        is_loaded.wait()
        if fails:
            raise OSError

    compressor = Compressor(hanging.compress, lambda: None, load, watchdog_seconds=0.2)
    compressor.limit_memory(2**24)
    compressor.start(is_serving=True)
    for _ in range(2):  # it goes on as it came, and nothing is at work
        with pytest.raises(WorkFailedError):
            compress(compressor, said("a"))
    assert hanging.worked_on == []
    is_loaded.set()
    wait_for(compressor)
    compressor.watchdog_seconds = 60
    assert compress(compressor, said("a")).changed
    compressor.stop()


def test_what_was_given_up_is_known_though_no_thread_is_free_to_note_it(
    impatient: Compressor, hanging: Hanging
) -> None:
    is_free = threading.Event()
    impatient.in_thread(is_free.wait)  # such as another user's work
    long = said("a", "hang", "x" * MAX_NEW_BESIDE_OTHERS)  # for the other thread
    with pytest.raises(TimeoutError):
        compress(impatient, long, came=long)
    hanging.worked_on.clear()
    impatient.watchdog_seconds = 60
    assert compress(impatient, long, came=long).body is long
    is_free.set()
    assert hanging.worked_on == []


def test_the_event_loop_works_on_nothing_that_was_given_up(impatient: Compressor, hanging: Hanging) -> None:
    assert gives_up(impatient, said("a", "hang"))
    hanging.may_go_on.set()
    impatient.watchdog_seconds = 60
    assert compress(impatient, said("a")).changed
    for body, is_at_once in ((said("a", "b"), True), (said("a", "hang"), False), (said("a", "hang", "b"), False)):
        assert is_short(impatient, body) == is_at_once


def is_short(compressor: Compressor, body: bytes) -> bool:
    try:
        compressor.run_at_once(partial(compressor.compress_at_once, body, Settings()))
    except LongWorkError:
        return False
    return True


def test_what_is_very_long_counts_as_new_without_a_look_and_so_does_what_is_short(
    compressor: Compressor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look takes the event loop longer the longer it is."""
    looked_at: list[int] = []
    monkeypatch.setattr(Memory, "longest_prefix", lambda _, body: looked_at.append(len(body)))
    monkeypatch.setattr(compressor_module, "MAX_LOOKED_UP", NEW_A_SECOND + 1)
    lengths = [NEW_A_SECOND + more for more in range(3)]
    assert [compressor._size(b"x" * length).new for length in lengths] == lengths  # noqa: SLF001
    assert looked_at == [NEW_A_SECOND + 1]


def test_only_what_is_not_known_is_new(compressor: Compressor) -> None:
    beginning = said("x" * NEW_A_SECOND)
    body = said("x" * NEW_A_SECOND, "y" * 100)
    assert compressor._size(body).new == len(body)  # noqa: SLF001
    compress(compressor, beginning)
    assert 100 < compressor._size(body).new < 200  # noqa: SLF001


def test_what_was_given_up_is_tried_again_with_other_settings(impatient: Compressor, hanging: Hanging) -> None:
    assert gives_up(impatient, said("a", "hang"))
    hanging.may_go_on.set()
    others = Settings(references="off")
    assert not asyncio.run(impatient.run(lambda compress: compress(said("a", "hang")), others, SCOPE))[0].report.passed


def known_length(compressor: Compressor, body: bytes) -> int:
    found = compressor._memory.longest_prefix(body)  # noqa: SLF001  what a request would find
    return found.length if found else 0


def test_work_that_is_given_up_costs_nobody_else_what_is_known(impatient: Compressor, hanging: Hanging) -> None:
    del hanging
    other = compress(impatient, said("other")).conversation
    assert other
    impatient.keep(SCOPE, "resp_1", other, ())
    mine = compress(impatient, said("mine")).conversation
    assert mine
    impatient.keep(SCOPE, "resp_2", mine, ())
    assert gives_up(impatient, said("mine", "hang"))
    wait_for(impatient)
    assert known_length(impatient, said("other"))
    assert not known_length(impatient, said("mine")), "the thread that is left may write into it"
    assert is_known(impatient, "resp_1")
    assert not is_known(impatient, "resp_2")


def test_an_answer_to_what_a_stuck_thread_continues_is_not_noted_until_it_is_through(
    impatient: Compressor, hanging: Hanging
) -> None:
    mine = compress(impatient, said("mine")).conversation
    other = compress(impatient, said("other")).conversation
    assert mine
    assert other
    assert gives_up(impatient, said("mine", "hang"))
    impatient.keep(SCOPE, "resp_1", mine, ())
    impatient.keep(SCOPE, "resp_2", other, ())
    wait_for(impatient)
    assert not is_known(impatient, "resp_1")
    assert is_known(impatient, "resp_2")
    hanging.may_go_on.set()
    for stuck in impatient._threads.first._stuck:  # noqa: SLF001
        stuck.join(10)
    impatient.keep(SCOPE, "resp_1", mine, ())
    wait_for(impatient)
    assert is_known(impatient, "resp_1")


def test_a_thread_that_was_given_up_ends_and_writes_nothing(impatient: Compressor, hanging: Hanging) -> None:
    assert gives_up(impatient, said("a", "hang"))
    hanging.may_go_on.set()
    for stuck in impatient._threads.first._stuck:  # noqa: SLF001
        stuck.join(10)
    assert hanging.outcomes == ["TakenBackError"]
    assert not known_length(impatient, said("a"))


def test_work_for_who_leaves_before_it_begins_is_not_remembered(impatient: Compressor, hanging: Hanging) -> None:
    async def leave() -> None:
        work = impatient.run(lambda compress: compress(said("a")), Settings(), SCOPE)
        leaving = asyncio.create_task(work)
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.wait({leaving})

    for _ in range(3):
        impatient.in_thread(hanging.may_go_on.wait)  # the reading of a long answer
        asyncio.run(leave())
        hanging.may_go_on.set()
        wait_for(impatient)
        hanging.may_go_on.clear()
    assert hanging.worked_on == []
    assert impatient._taken_back == []  # noqa: SLF001  it would stay there for ever


def test_work_that_is_given_up_while_it_looks_something_up_costs_all_that_is_known(
    impatient: Compressor, monkeypatch: pytest.MonkeyPatch, hanging: Hanging
) -> None:
    """The event loop cannot wait for it."""

    def hang(*_: object) -> None:
        hanging.may_go_on.wait()

    compress(impatient, said("other"))
    with monkeypatch.context() as patch:
        patch.setattr(Memory, "longest_prefix", hang)
        assert gives_up(impatient, said("a"))
    assert not known_length(impatient, said("other"))


def test_work_that_others_took_too_long_for_is_not_remembered(
    impatient: Compressor, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "MAX_QUEUE_LENGTH", 0.1)
    impatient.in_thread(hanging.may_go_on.wait)  # the reading of a long answer
    with pytest.raises(WorkFailedError, match="others took too long"):
        compress(impatient, said("a"))
    hanging.may_go_on.set()
    wait_for(impatient)
    assert hanging.worked_on == []
    assert compress(impatient, said("a")).report.passed is None
