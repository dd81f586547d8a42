"""A long event that comes in pieces. That any cut gives the same events is shown in test_event_reader.py."""

from __future__ import annotations

import pytest

from headroom_proxy.answers.long_events import LongEvent


@pytest.mark.parametrize("cut", range(1, 12))
@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n"])
def test_an_event_ends_where_an_empty_line_does(cut: int, end: bytes) -> None:
    text = b"data: a" + end + b"data: b"
    event = LongEvent(b"\n", 100)
    stop = event.take(text[:cut])
    if stop is None:
        stop = event.take(text[cut:])
        assert stop is not None
        stop += cut
    assert text[stop:] == b"data: b"
    assert event.whole() == b"\ndata: a\n\n"


def test_an_event_over_the_limit_is_refused() -> None:
    event = LongEvent(b"\n", 10)
    assert event.take(b"a" * 9) is None
    with pytest.raises(ValueError, match="over the limit"):
        event.take(b"a")
