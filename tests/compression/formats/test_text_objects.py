"""Objects with which custom tools report on commands, as json.dumps and str write them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.client_text import split_header
from headroom_compression.formats import text_objects

TEXTS = st.text(st.sampled_from("ab<>{}'\"\\\n\t \r,é\x7f\x85\u2028\U0001f600"), max_size=30)
OTHERS = st.sampled_from([{"exit_code": 0}, {"stderr": "", "returncode": -1}, {"success": True, "error": None}])
WRITERS = st.sampled_from([json.dumps, lambda value: json.dumps(value, ensure_ascii=False, indent=2), str])


@given(TEXTS, OTHERS, WRITERS, st.booleans())
def test_the_text_stands_below_the_object_and_reads_as_the_same(
    printed: str,
    others: dict[str, Any],
    write: Any,
    is_first: bool,  # noqa: FBT001
) -> None:
    value = {"stdout": printed, **others} if is_first else {**others, "stdout": printed}
    report = text_objects.read(write(value))
    assert report is not None
    line, _, below = report.plain.partition("\n")
    assert below == printed
    assert split_header(report.plain) == (f"{line}\n", printed)
    assert text_objects.read_plain(report.plain) == report
    mark = json.dumps(printed) if line[1] == '"' else repr(printed)
    read = json.loads if line[1] == '"' else eval
    assert read(line.replace("<text below>", mark)) == value
    if write is str:
        assert report.source == str(value)


@given(TEXTS, TEXTS)
def test_another_text_is_another_object(printed: str, other: str) -> None:
    one, two = (text_objects.read(json.dumps({"output": text, "ok": True})) for text in (printed, other))
    assert one is not None
    assert two is not None
    assert (text_objects.read_plain(one.plain) == two) is (printed == other)


def test_of_several_texts_the_longest_stands_below() -> None:
    report = text_objects.read(json.dumps({"stdout": "a\n", "stderr": "Traceback\nKeyError\n", "code": 1}))
    assert report is not None
    assert report.plain == '{"stdout":"a\\n","stderr":<text below>,"code":1}\nTraceback\nKeyError\n'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"stdout": "a"}', id="nothing of how it ended"),
        pytest.param('{"exit_code": 0}', id="nothing that was printed"),
        pytest.param('{"stdout": 1, "exit_code": 0}', id="what was printed is no text"),
        pytest.param('{"stdout": ["a"], "exit_code": 0}', id="a list"),
        pytest.param('{"stdout": "a", "exit_code": 0}\n', id="more behind it"),
        pytest.param('{"stdout": "a", "stdout": "b", "exit_code": 0}', id="a key twice"),
        pytest.param('{"stdout": "a", "exit_code": 0, "log": "' + "b" * 400 + '"}', id="another long text"),
        pytest.param('{"stdout": "\\ud800", "exit_code": 0}', id="half a character"),
        pytest.param('{"stdout": "\\q", "exit_code": 0}', id="an escape that is none"),
        pytest.param('{"stdout": "a\tb", "exit_code": 0}', id="a tab, which JSON escapes"),
        pytest.param('{"stdout": "a", "exit_code": 1-2}', id="a number that is none"),
        pytest.param('{"stdout": "a", "exit_code": \'x\'}', id="quotes of Python in JSON"),
        pytest.param('{"stdout": "a", \'exit_code\': 0}', id="a key in quotes of Python"),
        pytest.param("{ 'stdout': \"a\", 'exit_code': 0}", id="keys in quotes of Python"),
        pytest.param("{'stdout': \"a\", 'exit_code': 0}", id="other quotes than Python's"),
        pytest.param("{'stdout':'a','exit_code':0}", id="other blanks than Python's"),
        pytest.param('{"stdout": <text below>, "exit_code": 0}', id="the mark"),
        pytest.param("{" + ",".join(f'"a{n}": 0' for n in range(20)) + "}", id="many members"),
    ],
)
def test_what_is_not_of_this_form_is_not_read(text: str) -> None:
    assert text_objects.read(text) is None


@pytest.mark.parametrize(
    "text", ["", "a", '{"a": 1}\nb', '{"a":<text below>,"b":<text below>}\nb', '{"a":"<text below>"}\nb']
)
def test_no_plain_form(text: str) -> None:
    assert text_objects.read_plain(text) is None
