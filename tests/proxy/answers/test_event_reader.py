"""What is read of server-sent events, however they are cut, at once or later; and that every chunk comes back."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression import UNREAD_ANSWER
from headroom_compression import AnswerEvent
from headroom_compression import Progress
from headroom_proxy.answers import event_streams
from headroom_proxy.answers.exchanges import Exchange
from tests.proxy.answers.test_event_streams import Heard

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator


class Deaf(Exchange):
    def __init__(self, error: BaseException) -> None:
        super().__init__(lambda *_: None)
        self.error = error

    def received(self, event: AnswerEvent) -> None:
        raise self.error from ValueError(event)


CALL: dict[str, Any] = {"type": "function_call", "call_id": "c"}
CREATED = b'{"type":"response.created","response":{"id":"r1"}}'
ITEM = json.dumps({"type": "response.output_item.done", "item": CALL | {"name": "\u20ac"}}, ensure_ascii=False).encode()
COMPLETED = b'{"type":"response.completed","response":{"id":"r1"}}'
DELTA = '{"type":"response.output_text.delta","delta":"\u20ac \\n\\n"}'.encode()
TOLD = [
    AnswerEvent(Progress.BEGUN, "r1"),
    AnswerEvent(Progress.ITEM, items=(CALL | {"name": "\u20ac"},)),
    AnswerEvent(Progress.ENDED, "r1"),
]
STREAM = b"".join(b"event: x\ndata: %b\n\n" % event for event in (CREATED, DELTA, ITEM, DELTA, COMPLETED))

data_lines = strategies.sampled_from([b"data: %b", b"data:%b"])
line_ends = strategies.sampled_from([b"\n", b"\r\n"])
between = strategies.lists(strategies.sampled_from([b": ping", b"event: x", b"id: 7", b"retry: 1", b"data", b"other"]))
events = strategies.sampled_from([CREATED, ITEM, COMPLETED, DELTA, b"[DONE]", b"{", COMPLETED[:-1]])
cuts = strategies.lists(strategies.integers(0, 2_000))


@strategies.composite
def streams(draw: strategies.DrawFn) -> bytes:
    end = draw(line_ends)
    lines: list[bytes] = []
    for event in draw(strategies.lists(events, max_size=6)):
        lines += [*draw(between), draw(data_lines) % event, *draw(between), b""]
    return b"".join(line + end for line in lines) + draw(strategies.sampled_from([b"", b"data: ", b"\r", b"dat"]))


def cut(content: bytes, places: Iterable[int]) -> list[bytes]:
    bounds = sorted({0, *(min(place, len(content)) for place in places), len(content)})
    return [content[start:stop] for start, stop in pairwise(bounds)] + [b""]


def heard_of(chunks: Iterable[bytes], decode: Callable[[bytes], bytes] = bytes) -> list[AnswerEvent]:
    heard = Heard()
    reader = event_streams.EventReader(heard, decode, at_once)
    for chunk in chunks:
        assert reader(chunk) is chunk
    return heard.events


def at_once(work: Callable[[], object]) -> None:
    work()


def heard_later_of(chunks: Iterable[bytes], decode: Callable[[bytes], bytes] = bytes) -> list[AnswerEvent]:
    """The same, when nothing is read before all have passed."""
    heard, work = Heard(), list[Callable[[], object]]()
    reader = event_streams.EventReader(heard, decode, work.append)
    for chunk in chunks:
        assert reader(chunk) is chunk
    for piece in work:
        piece()
    return heard.events


def test_reads_the_events_of_a_stream() -> None:
    assert heard_of([STREAM, b""]) == TOLD


def test_nothing_is_read_while_events_pass() -> None:
    heard, work = Heard(), list[Callable[[], object]]()
    reader = event_streams.EventReader(heard, bytes, work.append)
    for start in range(len(STREAM)):
        reader(STREAM[start : start + 1])
    assert (heard.events, len(work)) == ([], 1)
    work.pop()()
    assert heard.events == TOLD
    reader(STREAM)
    reader(b"")
    work.pop()()
    assert heard.events == TOLD * 2
    reader(b"")
    assert work == [], "an end has nothing to be read"


def test_what_is_to_be_read_does_not_pile_up() -> None:
    """As often as mitmproxy has read that much; then also what has a turn later finds the rest."""
    heard, work = Heard(), list[Callable[[], object]]()
    reader = event_streams.EventReader(heard, bytes, work.append)
    fitting = event_streams.MAX_UNREAD // len(STREAM)
    for _ in range(fitting):
        reader(STREAM)
    assert heard.events == []
    reader(STREAM)
    assert heard.events == TOLD * fitting
    reader(STREAM * fitting)
    assert heard.events == TOLD * (fitting + 1)
    assert len(work) == 1
    work.pop()()
    assert heard.events == TOLD * (2 * fitting + 1)
    reader(STREAM)
    reader(STREAM)
    assert heard.events == TOLD * (2 * fitting + 1)


def test_data_in_several_lines_is_one_event() -> None:
    pieces = COMPLETED.replace(b",", b",\ndata: ")
    assert heard_of([b"data: " + pieces + b"\n\n"]) == TOLD[2:]


@given(streams(), cuts)
def test_any_cut_gives_the_same_events(stream: bytes, places: list[int]) -> None:
    assert heard_of(cut(stream, places)) == heard_later_of(cut(stream, places)) == heard_of([stream])


def heard_by_a_thread(chunks: Iterable[bytes], *, is_late: bool) -> list[AnswerEvent]:
    """The same, when a thread reads what is long, at once or when all have passed."""
    heard, work = Heard(), deque[Callable[[], object]]()

    def read_long(read: Callable[[], Any], unread: object, take: Callable[[Any], object]) -> None:
        del unread
        (work.appendleft if is_late else at_once)(lambda: take(read()))

    reader = event_streams.EventReader(heard, bytes, at_once, read_long)
    for chunk in chunks:
        assert reader(chunk) is chunk
    while work:
        work.popleft()()
    return heard.events


@pytest.mark.parametrize("length", [0, 40, 200])
@given(streams(), cuts)
def test_any_cut_gives_the_same_events_where_a_thread_reads_them(length: int, stream: bytes, places: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_streams, "MAX_READ_AT_ONCE", length)
        for is_late in (False, True):
            assert heard_by_a_thread(cut(stream, places), is_late=is_late) == heard_of([stream])


@given(streams(), cuts)
def test_any_cut_of_an_encoded_stream_gives_the_same_events(stream: bytes, places: list[int]) -> None:
    chunks = cut(gzip.compress(stream), places)
    assert (
        heard_of(chunks, event_streams.Gunzip()) == heard_later_of(chunks, event_streams.Gunzip()) == heard_of([stream])
    )


@given(strategies.lists(streams(), max_size=4), cuts)
def test_members_of_gzip_are_read_one_after_the_other(parts: list[bytes], places: list[int]) -> None:
    members = b"".join(gzip.compress(part) for part in parts)
    assert heard_of(cut(members, places), event_streams.Gunzip()) == heard_of([b"".join(parts)])


@given(strategies.lists(events), line_ends)
def test_each_event_is_heard_in_its_place(sent: list[bytes], end: bytes) -> None:
    stream = b"".join(b"data: " + event + end + end for event in sent)
    told = {CREATED: TOLD[0], ITEM: TOLD[1], COMPLETED: TOLD[2], COMPLETED[:-1]: UNREAD_ANSWER}
    assert heard_of([stream]) == [told[event] for event in sent if event in told]


@given(strategies.lists(strategies.binary() | strategies.sampled_from([STREAM, b"data:", b"\n\n", b"\r", b""])))
def test_any_bytes_come_back_as_they_are(chunks: list[bytes]) -> None:
    heard_of(chunks)
    heard_of(chunks, event_streams.Gunzip())


@pytest.mark.parametrize(
    "error", [ValueError, MemoryError, RecursionError, SystemExit, KeyboardInterrupt, GeneratorExit]
)
def test_whatever_is_raised_the_chunks_come_back(error: type[BaseException]) -> None:
    def fail(chunk: bytes) -> bytes:
        raise error(chunk)

    def fail_later(work: Callable[[], object]) -> None:
        raise error(work)

    for reader in (
        event_streams.EventReader(Heard(), fail, at_once),
        event_streams.EventReader(Deaf(error()), bytes, at_once),
        event_streams.EventReader(Heard(), bytes, fail_later),
    ):
        for chunk in (STREAM, STREAM[:9], b""):
            assert reader(chunk) is chunk


def test_after_a_fault_nothing_more_is_kept() -> None:
    work: list[Callable[[], object]] = []
    reader = event_streams.EventReader(Deaf(ValueError()), bytes, work.append)
    reader(STREAM)
    work.pop()()
    reader(STREAM)
    assert work == []


def test_after_a_fault_nothing_more_is_read() -> None:
    """What follows may be read wrongly."""
    assert heard_of([gzip.compress(STREAM)[:-9], b"no gzip" * 9, gzip.compress(STREAM)], event_streams.Gunzip()) == TOLD


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([b"data: " + b"x" * 60, b"x" * 60], id="in a line"),
        pytest.param([b"data: xxxxxxxxx\n"] * 20, id="in many lines"),
        pytest.param([b"data: xxxxxxxxx\n"] * 20 + [b"x"], id="in many lines and a piece"),
    ],
)
def test_an_event_over_the_limit_ends_the_reading(chunks: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "MAX_EVENT", 100)
    assert heard_of([*chunks, b"\n\n", STREAM]) == []


def test_many_events_within_the_limit_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "MAX_EVENT", 150)
    assert heard_of([STREAM[start : start + 1] for start in range(len(STREAM))]) == TOLD


FILLINGS = {
    "blank lines": b"\n",
    "blank lines with CR": b"\r\n",
    "comments": b":\n",
    "data without an end": b"data:\n",
    "events that tell nothing": b"data: %b\n\n" % DELTA,
}


@pytest.mark.parametrize("filling", FILLINGS.values(), ids=FILLINGS)
def test_lines_that_tell_nothing_take_no_steps(filling: bytes) -> None:
    """A few coded bytes stand for a million of them."""
    with counted_calls() as calls:
        assert heard_of([STREAM, filling * 10_000, b"\n" + STREAM]) == TOLD * 2
    assert len(calls) < 500


@contextmanager
def counted_calls() -> Iterator[list[str]]:
    """Of functions in Python and in C."""
    calls: list[str] = []
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, _: calls.append(frame.f_code.co_name) if event.endswith("call") else None)
    try:
        yield calls
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("event", [b'"error"', b'{"type":"error"}', COMPLETED], ids=["no event", "error", "completed"])
def test_so_many_telling_events_at_once_are_no_answer(event: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    monkeypatch.setattr(Exchange, "hear", lambda _, data: read.append(data))
    heard_of([b"data: %b\n\n" % event * 50_000, STREAM])
    assert len(read) == event_streams.MAX_EVENTS


class Counting:
    """zlib's decompressor, which notes how much comes out of it."""

    def __init__(self, decompressor: zlib._Decompress, decoded: list[int]) -> None:
        self._decompressor = decompressor
        self._decoded = decoded

    def __getattr__(self, name: str) -> object:
        return getattr(self._decompressor, name)

    def decompress(self, *given: Any) -> bytes:
        text = self._decompressor.decompress(*given)
        self._decoded.append(len(text))
        return text


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of what is decoded, a call each."""
    sizes: list[int] = []
    make = zlib.decompressobj
    monkeypatch.setattr(zlib, "decompressobj", lambda bits: Counting(make(bits), sizes))
    return sizes


BOMB = gzip.compress(b"\n" * 2**26)  # 65 kB
BOMBS = {
    "at once": [BOMB],
    "in pieces of 1 kB": [BOMB[start : start + 1024] for start in range(0, len(BOMB), 1024)],
    "in pieces of 10 bytes": [BOMB[start : start + 10] for start in range(0, len(BOMB), 10)],
    "in many members": [gzip.compress(b"\n" * 2**20) * 64],
    "after an honest answer": [gzip.compress(STREAM * 1000), BOMB],
}


@pytest.mark.parametrize("chunks", BOMBS.values(), ids=BOMBS)
def test_a_stream_that_swells_is_not_read_to_its_end(chunks: list[bytes], decoded: list[int]) -> None:
    heard_of([*chunks, gzip.compress(STREAM)], event_streams.Gunzip())
    coded = sum(map(len, chunks))
    assert sum(decoded) <= event_streams.MAX_AT_ONCE + event_streams.MAX_SWELLING * coded + 1
    assert sum(decoded) < 2**23
    assert max(decoded) <= event_streams.MAX_AT_ONCE + 1
    decoded.clear()
    heard_later_of([*chunks, gzip.compress(STREAM)], event_streams.Gunzip())
    assert sum(decoded) < 2**23
    assert max(decoded) <= event_streams.MAX_AT_ONCE + 1


def test_where_a_stream_swells_reading_ends_rather_than_losing_a_piece() -> None:
    comment = gzip.compress(b": " + b"x" * 2 * event_streams.MAX_AT_ONCE + b"\n")
    with pytest.raises(ValueError, match="swells too much"):
        event_streams.Gunzip()(comment)
    assert heard_of([comment, gzip.compress(STREAM)], event_streams.Gunzip()) == []


def test_a_long_answer_that_swells_as_text_does_is_read() -> None:
    text = b"".join(b"event: x\ndata: %b%d\n\n" % (DELTA, number * 7919 % 10_007) for number in range(50_000)) + STREAM
    raw = gzip.compress(text)
    assert len(text) > event_streams.MAX_AT_ONCE
    chunks = [raw[start : start + 8192] for start in range(0, len(raw), 8192)]
    assert heard_of(chunks, event_streams.Gunzip()) == heard_later_of(chunks, event_streams.Gunzip()) == TOLD


def test_after_the_end_of_gzip_nothing_piles_up(decoded: list[int]) -> None:
    heard_of([gzip.compress(STREAM), *[b"no gzip"] * 100], event_streams.Gunzip())
    assert len(decoded) == 1, "what follows is looked at once, and refused"
