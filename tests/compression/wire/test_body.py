"""Which bodies are requests, where their items lie, and how strings are replaced in them."""

from __future__ import annotations

import json
import tracemalloc

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression.wire.body import NotARequestError
from headroom_compression.wire.body import locate_items
from headroom_compression.wire.body import splice
from headroom_compression.wire.body import string_literal
from headroom_compression.wire.json_spans import Span

TEXTS = strategies.text(strategies.sampled_from('ab"\\\n\x1f\x7f/\xe9\u6f22\U0001f600'), max_size=9)
DEEP = b"[" * 900 + b"]" * 900
DEEPER = b"[" * 5_000 + b"]" * 5_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \n", id="white space"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"input"', id="a string"),
        pytest.param(b"{}", id="no input"),
        pytest.param(b'{"input":"text"}', id="input is a string"),
        pytest.param(b'{"input":{"a":[]}}', id="input is an object"),
        pytest.param(b'{"input":null}', id="input is null"),
        pytest.param(b'{"x":{"input":[]}}', id="input further down"),
        pytest.param(b'{"input":[],"input":[]}', id="input twice"),
        pytest.param(b'{"input":[],"inp\\u0075t":[]}', id="input twice, once with an escape"),
        pytest.param(b'{"model":"a","model":"b","input":[]}', id="another key twice"),
        pytest.param(b'{"input":[]} x', id="rubbish behind it"),
        pytest.param(b'{"input":[]}{"input":[]}', id="two objects"),
        pytest.param(b'{"input":[]}\x00', id="a NUL behind it"),
        pytest.param(b'\xef\xbb\xbf{"input":[]}', id="a byte order mark"),
        pytest.param('{"input":[]}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"input":["\xff"]}', id="no UTF-8"),
        pytest.param(b'{"input":["\xed\xa0\x80"]}', id="a surrogate in UTF-8"),
        pytest.param(b'{"input":[],"x":NaN}', id="NaN"),
        pytest.param(b'{"input":[],"x":Infinity}', id="Infinity"),
        pytest.param(b'{"input":[1,]}', id="a comma too many"),
        pytest.param(b'{"input":[', id="cut off"),
        pytest.param(b'{"input":["\n"]}', id="a raw newline in a string"),
        pytest.param(b"(" * 100_000, id="brackets of another kind"),
        pytest.param(b"[" * 100_000, id="only brackets"),
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(NotARequestError):
        locate_items(body)


@pytest.mark.parametrize(
    ("body", "items"),
    [
        pytest.param(b'{"input":[]}', [], id="no items"),
        pytest.param(b'{"input":[1,"a",{},[]]}', [b"1", b'"a"', b"{}", b"[]"], id="items of each kind"),
        pytest.param(b' {\n"x" : [ 1 ] , "input" : [ {"a": 1} , 2 ] }\r\n', [b'{"a": 1}', b"2"], id="white space"),
        pytest.param(b'{"inp\\u0075t":[1]}', [b"1"], id="the name with an escape"),
        pytest.param(b'{"input":["]}\\"[{"]}', [b'"]}\\"[{"'], id="brackets in a string"),
        pytest.param('{"ü":"é","input":["漢😀"]}'.encode(), ['"漢😀"'.encode()], id="beyond ASCII"),
        pytest.param(b'{"input":[1],"x":' + DEEP + b"}", [b"1"], id="900 deep in another field"),
        pytest.param(b'{"input":[1],"x":' + DEEPER + b"}", [b"1"], id="5,000 deep in another field"),
        pytest.param(b'{"input":[' + DEEPER + b",1]}", [DEEPER, b"1"], id="5,000 deep in an item"),
        pytest.param(b'{"x":"\\ud800","input":[1]}', [b"1"], id="a lone surrogate in another field"),
        pytest.param(b'{"x":1e400,"input":[1]}', [b"1"], id="1e400 in another field"),
        pytest.param(b'{"x":' + b"9" * 5_000 + b',"input":[1]}', [b"1"], id="5,000 digits in another field"),
        pytest.param(b'{"input":[{"a":1,"a":2}]}', [b'{"a":1,"a":2}'], id="a key twice in an item"),
    ],
)
def test_the_items_are_found(body: bytes, items: list[bytes]) -> None:
    assert [body[span.start : span.stop] for span in locate_items(body).items] == items


VALUES = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda values: strategies.lists(values, max_size=3) | strategies.dictionaries(TEXTS, values, max_size=3),
    max_leaves=9,
)


@given(strategies.lists(VALUES, max_size=6), strategies.sampled_from([(",", ":"), (", ", ":"), (",", ": ")]))
def test_items_are_found_however_they_are_written(items: list[object], separators: tuple[str, str]) -> None:
    written = [json.dumps(item, ensure_ascii=False, separators=separators).encode() for item in items]
    layout = locate_items(b'{"input":[' + b",".join(written) + b'],"input2":[1]}')
    assert [layout.text[span.start : span.stop].encode("latin-1") for span in layout.items] == written
    is_plain = [span.stop <= layout.plain_stop for span in layout.items]
    assert is_plain == sorted(is_plain, reverse=True)
    for plain, item, value in zip(is_plain, written, layout.values or (), strict=True):
        assert orjson.dumps(value) == item or not plain


@given(strategies.text())
def test_a_literal_is_read_back_as_its_text(text: str) -> None:
    for replaced in ('"ascii"', '"\xc3\xa9"'):
        literal = string_literal(text, replaced)
        assert json.loads(literal) == text
        assert literal.isascii() or not replaced.isascii()


def test_only_the_spans_are_replaced() -> None:
    assert splice(b"0123456789", [(Span(1, 3), b"a"), (Span(3, 3), b"b"), (Span(8, 10), b"")]) == b"0ab34567"
    assert splice(b"0123456789", []) == b"0123456789"


@pytest.mark.parametrize("replaced", ['"ascii"', '"é"'])
def test_a_literal_takes_no_more_memory_than_it_is_long(replaced: str) -> None:
    tracemalloc.start()
    try:
        literal = string_literal("→ line\n" * 20_000, replaced)
        assert tracemalloc.get_traced_memory()[0] < 1.1 * len(literal) + 10_000
    finally:
        tracemalloc.stop()
