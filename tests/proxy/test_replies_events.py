"""What is read of server-sent events on their way, however they are cut; and that every chunk comes back."""

from __future__ import annotations

import gzip
import json
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies
from tests.proxy.test_replies import Heard

from headroom_compression import AnswerEvent
from headroom_compression import Progress
from headroom_proxy import encodings
from headroom_proxy import replies
from headroom_proxy.exchanges import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable


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
    reader = replies.EventReader(heard, decode)
    for chunk in chunks:
        assert reader(chunk) is chunk
    return heard.events


def gunzip() -> Callable[[bytes], bytes]:
    return zlib.decompressobj(encodings.GZIP).decompress


def test_reads_the_events_of_a_stream() -> None:
    assert heard_of([STREAM, b""]) == TOLD


def test_data_in_several_lines_is_one_event() -> None:
    pieces = COMPLETED.replace(b",", b",\ndata: ")
    assert heard_of([b"data: " + pieces + b"\n\n"]) == TOLD[2:]


@given(streams(), cuts)
def test_any_cut_gives_the_same_events(stream: bytes, places: list[int]) -> None:
    assert heard_of(cut(stream, places)) == heard_of([stream])


@given(streams(), cuts)
def test_any_cut_of_an_encoded_stream_gives_the_same_events(stream: bytes, places: list[int]) -> None:
    assert heard_of(cut(gzip.compress(stream), places), gunzip()) == heard_of([stream])


@given(strategies.lists(events), line_ends)
def test_each_event_is_heard_in_its_place(sent: list[bytes], end: bytes) -> None:
    stream = b"".join(b"data: " + event + end + end for event in sent)
    told = {CREATED: TOLD[0], ITEM: TOLD[1], COMPLETED: TOLD[2], COMPLETED[:-1]: AnswerEvent(Progress.BROKEN)}
    assert heard_of([stream]) == [told[event] for event in sent if event in told]


@given(strategies.lists(strategies.binary() | strategies.sampled_from([STREAM, b"data:", b"\n\n", b"\r", b""])))
def test_any_bytes_come_back_as_they_are(chunks: list[bytes]) -> None:
    heard_of(chunks)
    heard_of(chunks, gunzip())


@pytest.mark.parametrize(
    "error", [ValueError, MemoryError, RecursionError, SystemExit, KeyboardInterrupt, GeneratorExit]
)
def test_whatever_is_raised_the_chunks_come_back(error: type[BaseException]) -> None:
    def fail(chunk: bytes) -> bytes:
        raise error(chunk)

    for reader in (replies.EventReader(Heard(), fail), replies.EventReader(Deaf(error()), bytes)):
        for chunk in (STREAM, STREAM[:9], b""):
            assert reader(chunk) is chunk


def test_after_a_fault_nothing_more_is_read() -> None:
    """What follows may be read wrongly."""
    assert heard_of([gzip.compress(STREAM)[:-9], b"no gzip" * 9, gzip.compress(STREAM)], gunzip()) == TOLD


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([b"data: " + b"x" * 60, b"x" * 60], id="in a line"),
        pytest.param([b"data: xxxxxxxxx\n"] * 20, id="in many lines"),
        pytest.param([b"data: xxxxxxxxx\n"] * 20 + [b"x"], id="in many lines and a piece"),
    ],
)
def test_an_event_over_the_limit_ends_the_reading(chunks: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "LARGEST_EVENT", 100)
    assert heard_of([*chunks, b"\n\n", STREAM]) == []


def test_many_events_within_the_limit_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "LARGEST_EVENT", 150)
    assert heard_of([STREAM[start : start + 1] for start in range(len(STREAM))]) == TOLD
