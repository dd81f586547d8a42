"""Streams that pass are there at their end. That they replay is shown in test_neighbours.py."""

from __future__ import annotations

import pytest
from mitmproxy.http import Headers
from mitmproxy.test import tutils

from headroom_proxy.answers import event_streams
from headroom_proxy.answers import recorded_streams
from tests.proxy.answers.test_event_streams import FIRST
from tests.proxy.answers.test_event_streams import LAST
from tests.proxy.answers.test_event_streams import Heard
from tests.proxy.answers.test_event_streams import not_now


def recorded(chunks: list[bytes], coding: str = "identity") -> bytes | None:
    """The body that a response has after these chunks were passed on."""
    response = tutils.tresp(headers=Headers(content_type="text/event-stream", content_encoding=coding))
    response.raw_content = None
    event_streams.stream_events(response, Heard(), not_now, is_kept=True)
    assert callable(response.stream)
    assert [response.stream(chunk) for chunk in chunks] == chunks
    assert event_streams.whole_answer(response) is None or coding == "br"
    recorded_streams.complete_recording(response)
    return response.raw_content


@pytest.mark.parametrize("coding", ["identity", "br"])
def test_a_stream_is_recorded_as_it_passes(coding: str) -> None:
    assert recorded([FIRST, LAST[:5], LAST[5:], b""], coding) == FIRST + LAST


def test_a_stream_over_the_limit_is_recorded_without_its_body(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(recorded_streams, "MAX_RECORDED", len(FIRST))
    assert recorded([FIRST, b""]) == FIRST
    assert recorded([FIRST, LAST, LAST, b""]) is None
    assert [record.getMessage() for record in caplog.records] == [
        "headroom: an answer over 0 MiB is recorded without its body."
    ]


class FailingOnce(list[bytes]):
    """Chunks of which the second cannot be added."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._errors = [error]

    def append(self, chunk: bytes) -> None:
        if self and self._errors:
            raise self._errors.pop()
        super().append(chunk)


@pytest.mark.parametrize("error", [MemoryError(), ValueError(), SystemExit(1), KeyboardInterrupt()], ids=repr)
def test_a_chunk_that_cannot_be_kept_passes_and_no_body_has_a_hole(error: BaseException) -> None:
    heard: list[bytes] = []

    def read(chunk: bytes) -> bytes:
        heard.append(chunk)
        return chunk

    stream = recorded_streams.RecordedStream(read)
    stream._chunks = FailingOnce(error)  # noqa: SLF001  memory may run out at any chunk
    chunks = [FIRST, LAST, FIRST, b""]
    assert [stream(chunk) for chunk in chunks] == heard == chunks
    assert stream.body is None


def test_the_body_that_a_response_has_stays() -> None:
    response = tutils.tresp(headers=Headers(content_type="text/event-stream"), content=b"of mitmproxy's own recording")
    event_streams.stream_events(response, Heard(), not_now, is_kept=True)
    recorded_streams.complete_recording(response)
    assert response.raw_content == b"of mitmproxy's own recording"
