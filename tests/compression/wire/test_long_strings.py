"""Long strings are read and written in parts as they are at once."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from headroom_compression.wire import long_strings
from headroom_compression.wire.long_strings import loads
from headroom_compression.wire.long_strings import plain_stop

TEXTS = st.text('abc1,[]{}:#"\\\n\u00e9\u4e2d\U0001f600', max_size=60) | st.text("ab1,", min_size=8, max_size=60)
VALUES = st.recursive(
    TEXTS | st.integers(0, 10**9) | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(autouse=True)
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_strings, "_AT_ONCE", 4)


@given(VALUES, st.booleans(), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
def test_is_read_as_by_orjson(value: object, is_ascii: bool, data: st.DataObject) -> None:  # noqa: FBT001  drawn
    body = json.dumps(value, ensure_ascii=is_ascii, separators=(",", ":")).encode()
    assert loads(body) == orjson.loads(body)
    place = data.draw(st.integers(0, len(body)))
    changed = body[:place] + data.draw(st.sampled_from([b"", b"\\", b'"', b"1", b"\xff", b"\n"])) + body[place + 1 :]
    try:
        expected = orjson.loads(changed)
    except ValueError:
        with pytest.raises(orjson.JSONDecodeError):
            loads(changed)
    else:
        assert loads(changed) == expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"a":"%b","b":["%b"]}' % (b"1" * 40, b"2" * 40), id="two strings"),
        pytest.param(b'{"%b":1,"%b":2}' % (b"1" * 40, b"2" * 40), id="keys"),
        pytest.param(b'"%b"' % (b"1" * 40), id="a string alone"),
        pytest.param(b"[%b]" % (b"1," * 40 + b"1"), id="numbers"),
        pytest.param(b'["\\u00%b"]' % (b"41" * 20), id="an escape that goes on in a part"),
        pytest.param(b'{"a":"%b","a":"x"}' % (b"1" * 40), id="a key twice"),
    ],
)
def test_what_is_like_a_long_string(body: bytes) -> None:
    assert loads(body) == orjson.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b'["%b","#headroom takes this out 0#"]',
        b'{"a":"%b","a":"x","b":"#headroom takes this out 0#"}',
        b'{"a":"%b","a":"x","b":"\\u0023headroom takes this out 0#"}',
        b'{"a":"%b","a":"x","b":"#headroom\\u0020takes this out 0#"}',
        b'{"a":"%b","a":"x","b":"#headroom takes this out \\u0030#"}',
        b'["%b","#\\u0068eadroom takes this out 7#"]',
    ],
)
def test_a_text_that_is_like_a_mark_stays(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_strings, "_AT_ONCE", 64)  # so that it stands in no part
    body = body % (b"1" * 400)
    assert loads(body) == orjson.loads(body)


def lengths_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Filled with the lengths of what orjson is given from now on."""
    lengths: list[int] = []
    read = orjson.loads

    def read_and_note(body: bytes) -> object:
        lengths.append(len(body))
        return read(body)

    monkeypatch.setattr(orjson, "loads", read_and_note)
    return lengths


def test_a_body_that_is_mostly_of_short_strings_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_strings, "_AT_ONCE", 64)
    body = b'{"a":"%b","b":[%b]}' % (b"1" * 400, b'"2",' * 200 + b'"2"')
    expected = orjson.loads(body)
    lengths = lengths_read(monkeypatch)
    assert loads(body) == expected
    assert len(body) in lengths


def test_what_is_escaped_for_web_pages_is_no_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_strings, "_AT_ONCE", 64)
    lengths = lengths_read(monkeypatch)
    assert loads(b'["%b","\\u003cp\\u003e \\u0026 \\u0027"]' % (b"1" * 4_000)) == ["1" * 4_000, "<p> & '"]
    assert max(lengths) < 200


def test_a_long_string_is_not_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = lengths_read(monkeypatch)
    assert loads(b'{"a":"%b"}' % (b"1" * 4_000)) == {"a": "1" * 4_000}
    assert max(lengths) < 100


@given(VALUES, st.booleans(), st.binary(max_size=6), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
def test_a_value_ends_where_orjson_would_end_it(
    value: object,
    is_ascii: bool,  # noqa: FBT001  drawn
    before: bytes,
    data: st.DataObject,
) -> None:
    there = json.dumps(value, ensure_ascii=is_ascii, separators=(",", ":")).encode()
    place = data.draw(st.integers(0, len(there) - 1))
    for literal in (there, there[:place] + b"x" + there[place + 1 :], there[:place]):
        stop = len(before) + len(literal) if literal == orjson.dumps(value) else None
        behind = b"," if literal == there else b""
        assert plain_stop(before + literal + behind, len(before), value) == stop


def test_a_long_string_is_not_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = []
    dumps = orjson.dumps

    def write_and_note(value: object) -> bytes:
        written = dumps(value)
        lengths.append(len(written))
        return written

    monkeypatch.setattr(orjson, "dumps", write_and_note)
    value = {"type": "function_call_output", "output": "1" * 4_000}
    body = dumps(value)
    assert plain_stop(body, 0, value) == len(body)
    assert max(lengths) < 100


def test_what_orjson_does_not_write_is_left() -> None:
    value: object = []
    for _ in range(1_000):
        value = [value]
    assert plain_stop(b"[" * 1_001 + b"]" * 1_001, 0, value) is None
