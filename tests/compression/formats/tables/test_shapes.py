from __future__ import annotations

import pytest

from headroom_compression.formats.tables.json_values import read_documents
from headroom_compression.formats.tables.shapes import columns
from headroom_compression.formats.tables.shapes import described
from headroom_compression.formats.tables.shapes import shape_of


@pytest.mark.parametrize(
    ("text", "head", "header"),
    [
        ('{"a":1,"b":2}{"a":2,"b":3}', "{a,b}", "a,b"),
        ('{"a":1,"b":2}{"a":2,"b":2}', "{a,b:2}", "a"),
        ('{"a":1,"c":3}{"a":2,"b":2,"c":4}', "{a,b,c}", "a,b,c"),
        ('{"a":{"b":1,"c":2}}{"a":{"b":2,"c":2}}', "{a:{b,c:2}}", "a.b"),
        ('{"a":{"b":1}}{"a":null}', "{a}", "a"),
        ('{"a":{"b":1}}{"a":{"b":2}}{"a":null}', "{a:null|{b}}", "a.b"),
        ('{"a":{"b":1}}{"a":{"b":2}}{}', "{a?:{b}}", "a.b"),
        ('{"a":{"b":null}}{"a":{"b":2}}{}', "{a}", "a"),
        ('{"a":{"b":1}}{"a":3}', "{a}", "a"),
        ('{"a":[{"b":1,"c":0}]}{"a":[{"b":2,"c":0}]}', "{a:[{b,c:0}]}", "a[b]"),
        ('{"a":[{"b":1}]}{"a":[{"b":2,"c":0}]}', "{a}", "a"),
        ('{"a b":1,"x.y":1}{"a b":2,"x.y":2}', '{"a b","x.y"}', '"a b","x.y"'),
    ],
)
def test_what_stands_in_the_head(text: str, head: str, header: str) -> None:
    shape = shape_of([record for record in read_documents(text) if isinstance(record, dict)], nested=True)
    assert shape is not None
    assert described(shape) == head
    assert ",".join(columns(shape)) == header


def test_contradicting_orders_have_no_shape() -> None:
    assert shape_of([{'"a"': "1", '"b"': "1"}, {'"b"': "1", '"a"': "1"}], nested=True) is None
