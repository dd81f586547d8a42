"""Python's literals as JSON: the same value, and the same source again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression.formats.python_values import as_json

KEYS = strategies.text(max_size=8)
VALUES = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(),
    lambda values: strategies.lists(values, max_size=3) | strategies.dictionaries(KEYS, values, max_size=3),
    max_leaves=10,
)
RECORDS = strategies.lists(strategies.dictionaries(KEYS, VALUES, min_size=1, max_size=4), min_size=1, max_size=4)


@given(RECORDS)
def test_every_value_is_the_same(records: object) -> None:
    found = as_json(repr(records))
    assert found is not None
    assert json.loads(found) == records
    assert repr(json.loads(found)) == repr(records)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "['a']",
        "[{'a': 1},]",
        "[{'a':1}]",
        "[{'a': 1}]\n",
        '[{"a": 1}]',
        "[{'a': 1, 'a': 2}]",
        "[{'a': (1, 2)}]",
        "[{'a': 1.50}]",
        "[{'a': 0x1}]",
        "[{'a': nan}]",
        "[{'a': '\\d'}]",
        "[{'a': '\\x41'}]",
        "[{'a': '\\ud800'}]",
        "[{'a': '\\Uffffffff'}]",
        "[{1: 2}]",
        "[{'a': <object>}]",
        "[{'a': " * 2_000,
    ],
)
def test_what_is_no_literal_of_repr_stays(text: str) -> None:
    assert as_json(text) is None
