"""Faults inside: whatever a fold, the core or the worker does, the client gets its answer and the upstream a request.

A fault in a fold concerns its text; the others are shortened. Every other fault passes the original on.
"""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from typing import Any

import pytest

from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.folds import rows as rows_fold
from headroom_proxy import encodings
from tests.compression.support.panics import PanicError
from tests.loopback.raw_bodies import outputs
from tests.loopback.raw_bodies import without_outputs
from tests.wire.bodies import SHORTENED
from tests.wire.bodies import output
from tests.wire.bodies import reading
from tests.wire.bodies import request
from tests.wire.bodies import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from headroom_compression import CompressedBody
    from headroom_compression import Memory
    from headroom_compression import Settings
    from headroom_compression.document import Document
    from tests.proxy.conftest import Proxy
    from tests.wire.conftest import Http1
    from tests.wire.conftest import Http2

POISONED = rows(name="poison")
BODY = request(
    *reading("c1"), *reading("c2", POISONED, "cat -n b.py"), *reading("c3", rows(name="last"), "cat -n c.py")
)


def raising(error: type[BaseException]) -> Callable[[], None]:
    def fail() -> None:
        raise error(POISONED)

    return fail


FAULTS: dict[str, Callable[[], object]] = {
    "an error": raising(ValueError),
    "a bug": raising(KeyError),
    "no memory": raising(MemoryError),
    "too deep": raising(RecursionError),
    "the end of an iterator": raising(StopIteration),
    "a failed assertion": raising(AssertionError),
    "an exit": raising(SystemExit),
    "an interrupt": raising(KeyboardInterrupt),
    "a cancellation": raising(asyncio.CancelledError),
    "a closed generator": raising(GeneratorExit),
    "a panic": raising(PanicError),
    "a number": lambda: 7,
    "bytes": lambda: b"value",
    "a list": lambda: ["value"],
    "no text": lambda: "",
    "another text": lambda: "value",
    "half of the text": lambda: POISONED[: len(POISONED) // 2],
    "a longer text": lambda: POISONED * 2,
    "a lone surrogate": lambda: "\ud800",
}


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> Callable[[], Any]:
    return FAULTS[request.param]


def check_only_the_poisoned_text_stays(received: bytes) -> None:
    assert without_outputs(received) == without_outputs(BODY)
    before, after = outputs(BODY), outputs(received)
    assert [len(new) < len(old) for new, old in zip(after, before, strict=True)] == [True, False, True]
    assert after[1] == POISONED


def test_a_fold_that_raises_or_returns_nonsense(
    fault: Callable[[], Any], wire: Http1 | Http2, monkeypatch: pytest.MonkeyPatch
) -> None:
    fold = rows_fold.fold

    def fold_or_fail(document: Document, *known: Any) -> Any:
        return fault() if document.text == POISONED else fold(document, *known)

    monkeypatch.setattr(rows_fold, "fold", fold_or_fail)
    exchange = wire.post(BODY)
    assert exchange.status == 200
    check_only_the_poisoned_text_stays(exchange.received.body)


@pytest.mark.parametrize("verdict", [*list(FAULTS)[:11], "no"])
def test_a_check_that_raises_or_fails(verdict: str, wire: Http1 | Http2, monkeypatch: pytest.MonkeyPatch) -> None:
    is_exact = rows_fold.is_exact

    def check(document: Document, *known: Any) -> bool:
        if document.text == POISONED:
            FAULTS.get(verdict, bool)()
            return False
        return is_exact(document, *known)

    monkeypatch.setattr(rows_fold, "is_exact", check)
    exchange = wire.post(BODY)
    assert exchange.status == 200
    check_only_the_poisoned_text_stays(exchange.received.body)


def test_a_counter_that_panics_on_one_text(
    wire: Http1 | Http2, monkeypatch: pytest.MonkeyPatch, log: Callable[[], list[str]]
) -> None:
    count = tokens.count

    def panic(text: str) -> int:
        if text == POISONED:
            raise PanicError(text)
        return count(text)

    monkeypatch.setattr(tokens, "count", panic)
    check_only_the_poisoned_text_stays(wire.post(BODY).received.body)
    assert any("a text of" in line and "PanicError" in line for line in log())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" " * 600_000 + "x", id="many spaces"),
        pytest.param(f"     1\t{' ' * 600_000}x\n" + rows(first=2), id="many spaces in a numbered row"),
        pytest.param(rows() + " " * 600_000, id="many spaces behind numbered rows"),
        pytest.param("".join(f"{number:6}\t{' ' * 20_000}x\n" for number in range(1, 51)), id="fifty long rows"),
        pytest.param("\n" * 200_000, id="many newlines"),
        pytest.param("\t" * 600_000 + rows(), id="many tabs before them"),
        pytest.param(rows() + "a" * 500_000, id="half a million of one letter"),
        pytest.param(rows() + "\N{GRINNING FACE}" * 100_000, id="many faces"),
    ],
)
def test_a_text_that_is_hard_on_tokenizers(text: str, http1: Http1, log: Callable[[], list[str]]) -> None:
    """The real tiktoken, with texts that it can count; the other text of the request is shortened."""
    body = request(*reading("c1"), *reading("c2", text, "cat -n b.py"))
    exchange = http1.post(body)
    assert exchange.status == 200
    assert without_outputs(exchange.received.body) == without_outputs(body)
    assert not [line for line in log() if "unchanged" in line]
    assert len(outputs(exchange.received.body)[0]) < len(rows())


@pytest.mark.usefixtures("impatient")
def test_a_fold_that_hangs(wire: Http1 | Http2, monkeypatch: pytest.MonkeyPatch, log: Callable[[], list[str]]) -> None:
    """The watchdog passes the original on; the next request has a thread of its own."""
    fold, is_over = rows_fold.fold, threading.Event()

    def hang(document: Document, *known: Any) -> str | None:
        if document.text == POISONED and not is_over.is_set():
            is_over.wait(30)
        return fold(document, *known)

    monkeypatch.setattr(rows_fold, "fold", hang)
    try:
        assert wire.post(BODY).passed_as_sent
        assert len(wire.post(SHORTENED).received.body) < len(SHORTENED)
    finally:
        is_over.set()
    assert "headroom: a request passed through unchanged: TimeoutError" in log()
    assert wire.post(BODY).passed_as_sent, "what begins with it is not tried again"
    other = BODY.replace(b"{", b"{ ", 1)
    assert wire.post(other).received.body == compress_request_body(other).body, "the stuck thread has spoiled nothing"


@pytest.mark.usefixtures("impatient")
def test_many_requests_that_take_their_time_all_have_their_turn(proxy: Proxy, http1: Http1) -> None:
    """Together they take longer than the watchdog allows one of them."""

    def take_time(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        time.sleep(0.5)
        return compress_request_body(body, settings, memory)

    proxy.compress = take_time
    with ThreadPoolExecutor(6) as pool:
        exchanges = list(pool.map(lambda _: http1.post(SHORTENED), range(6)))
    assert {exchange.received.body for exchange in exchanges} == {compress_request_body(SHORTENED).body}


@pytest.mark.usefixtures("impatient")
def test_many_requests_that_hang_wait_in_no_queue(proxy: Proxy, http1: Http1, log: Callable[[], list[str]]) -> None:
    """Each would hold the others up for its time; they are the same, and tried once."""
    is_over = threading.Event()

    def hang(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        is_over.wait(30)
        return compress_request_body(body, settings, memory)

    proxy.compress = hang
    try:
        with ThreadPoolExecutor(6) as pool:
            exchanges = list(pool.map(lambda _: http1.post(SHORTENED), range(6)))
    finally:
        is_over.set()
    assert all(exchange.received.body == SHORTENED for exchange in exchanges)
    assert len(log()) == 1


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(lambda _: None, id="nothing"),
        pytest.param(lambda _: b"{}", id="bytes"),
        pytest.param(lambda _: 7, id="a number"),
        pytest.param(lambda _: BaseException, id="a class"),
    ],
)
def test_a_core_that_returns_nonsense(result: Callable[[bytes], Any], wire: Http1 | Http2) -> None:
    def compress(body: bytes, settings: Settings, memory: Memory) -> Any:
        del settings, memory
        return result(body)

    wire.proxy.compress = compress
    exchange = wire.post(SHORTENED)
    assert exchange.passed_as_sent
    assert exchange.status == 200


@pytest.mark.parametrize(
    "error", [ValueError, MemoryError, SystemExit, KeyboardInterrupt, GeneratorExit, asyncio.CancelledError, PanicError]
)
def test_a_core_that_raises(error: type[BaseException], wire: Http1 | Http2, log: Callable[[], list[str]]) -> None:
    def fail(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        del settings, memory
        raise error(body)

    wire.proxy.compress = fail
    exchange = wire.post(SHORTENED)
    assert exchange.passed_as_sent
    assert exchange.status == 200
    assert log() == [f"headroom: a request passed through unchanged: {error.__name__}"]


@pytest.mark.parametrize("error", [MemoryError, RecursionError, ZeroDivisionError, PanicError])
def test_an_encoder_that_raises(
    error: type[BaseException], wire: Http1 | Http2, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(body: bytes) -> bytes:
        raise error(body)

    broken = encodings.Coding(encodings.CODINGS["gzip"][0].decode, fail)
    monkeypatch.setitem(encodings.CODINGS, "zstd", (encodings.Coding(encodings.CODINGS["zstd"][0].decode, fail),))
    monkeypatch.setitem(encodings.CODINGS, "gzip", (broken,))
    raw = bytes(encodings.zstd.compress(SHORTENED, 3))
    exchange = wire.post(raw, (b"Content-Encoding", b"zstd"))
    assert exchange.passed_as_sent


@pytest.mark.parametrize(
    "error", [ValueError, SystemExit, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit, PanicError]
)
def test_a_filter_that_raises_on_the_event_loop(
    error: type[BaseException], wire: Http1 | Http2, monkeypatch: pytest.MonkeyPatch, log: Callable[[], list[str]]
) -> None:
    def fail(flow: object) -> bool:
        raise error(flow)

    wire.proxy.set(compress_only="~all")
    monkeypatch.setattr("mitmproxy.flowfilter.FAll.__call__", lambda _, flow: fail(flow))
    exchange = wire.post(SHORTENED)
    assert exchange.passed_as_sent
    assert exchange.status == 200
    assert log()[-1] == f"headroom: a request passed through unchanged: {error.__name__}"


def lose_the_thread() -> None:
    """Let the worker's thread end as if it had never been told."""
    for thread in threading.enumerate():
        if thread.name == "headroom":
            thread.end()  # type: ignore[attr-defined]  # the worker's own class
            thread.join(10)


def test_a_worker_thread_that_is_gone(wire: Http1 | Http2, log: Callable[[], list[str]]) -> None:
    assert not wire.post(SHORTENED).passed_as_sent
    lose_the_thread()
    assert not [thread for thread in threading.enumerate() if thread.name == "headroom"]
    assert not wire.post(SHORTENED).passed_as_sent
    assert not [line for line in log() if "unchanged" in line]


def test_no_thread_can_be_had(
    wire: Http1 | Http2, monkeypatch: pytest.MonkeyPatch, log: Callable[[], list[str]]
) -> None:
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "headroom":
            raise RuntimeError("can't start new thread")
        start(thread)

    wire.proxy.set(compress_passthrough=False)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        wire.proxy.set(compress_passthrough=True)
        assert [wire.post(SHORTENED).passed_as_sent for _ in range(3)] == [True, True, True]
    assert [line for line in log() if "unchanged" in line] == [
        "headroom: a request passed through unchanged: RuntimeError"
    ] * 3
    assert not wire.post(SHORTENED).passed_as_sent


def test_nothing_of_an_earlier_fault_stays(wire: Http1 | Http2) -> None:
    def fail(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        raise ValueError(len(body), settings, memory)

    wire.proxy.compress = fail
    assert wire.post(SHORTENED).passed_as_sent
    wire.proxy.compress = compress_request_body
    assert wire.post(BODY).received.body == compress_request_body(BODY).body


def test_a_tool_output_that_is_its_own_fault(wire: Http1 | Http2) -> None:
    """The output of this very proxy's log, warnings and markers included."""
    text = "headroom: a request passed through unchanged: TimeoutError\n" * 30
    marker = "[58 lines identical to lines 201-258 of src/store.py above]\n"
    body = request(*reading("c1"), output(text + marker, "c1"), *reading("c3", rows(name="last"), "cat -n c.py"))
    exchange = wire.post(body)
    assert without_outputs(exchange.received.body) == without_outputs(body)
    assert outputs(exchange.received.body)[1] == text + marker
