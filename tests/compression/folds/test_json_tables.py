"""Nothing is lost in the table form: another reader finds the same values in it, and the check refuses all others.

What the form looks like is in tests/cases/json_tables.
"""

from __future__ import annotations

import json
import time
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds import json_tables
from headroom_compression.formats.tables.compact_json import compacted
from headroom_compression.formats.tables.read_back import read_back
from tests.compression.support.json_table_decoder import decode
from tests.compression.support.json_table_decoder import documents_of

CALL = ToolCall(tool="mcp__forge__list_issues", title="", digest=b"")
TEXTS = ("", "1", "null", "true", " a", "a,b", 'say "no"', "[x", "caf\u00e9\n", "plain words", "#1", "1.2.3", "{}", "`")
KEYS = ("id", "name", "user", "http.status", "a b", "é", "x-y", "1st", "labels", "@type", "note", "records")
# Key lists of which two of a test never contradict each other, as records of one tool do not.
KEY_LISTS = strategies.lists(strategies.sampled_from(KEYS), min_size=1, max_size=6, unique=True)
# Without the shrinking, which takes minutes here.
FINDING = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
SCALARS = strategies.one_of(
    strategies.none(),
    strategies.booleans(),
    strategies.integers(-5, 10**20),
    strategies.floats(allow_nan=False, allow_infinity=False),
    strategies.sampled_from(TEXTS),
    strategies.text(max_size=8),
)


@strategies.composite
def objects(draw: strategies.DrawFn, keys: list[str], depth: int) -> dict[str, Any]:
    kept = [key for key in keys if draw(strategies.integers(0, 9))]
    values: dict[str, Any] = {key: draw(SCALARS) for key in kept}
    if depth and draw(strategies.integers(0, 9)):
        values["owner"] = draw(strategies.one_of(strategies.none(), objects(["login", *keys], depth - 1)))
        marks = strategies.lists(strategies.builds(mark, SCALARS, SCALARS), max_size=3)
        if draw(strategies.integers(0, 4)):
            values["marks"] = draw(strategies.one_of(strategies.none(), marks, marks))
        values["url"] = f"https://host/items/{values.get('id')}"
    return values


def mark(name: object, color: object) -> dict[str, object]:
    return {"name": name, "color": color, "fixed": True}


@strategies.composite
def answers(draw: strategies.DrawFn) -> str:
    keys = draw(KEY_LISTS)
    records = draw(strategies.lists(objects(keys, 2), min_size=4, max_size=8)) * draw(strategies.sampled_from((1, 7)))
    indent = draw(strategies.sampled_from((None, 2, "\t")))
    is_ascii = draw(strategies.booleans())
    match draw(strategies.sampled_from(("list", "member", "members", "lines"))):
        case "lines":
            return "\n".join(json.dumps(record, ensure_ascii=is_ascii) for record in records) + "\n"
        case "member":
            value: object = {"total": 1.0, "data": {"a.b": records, "none": []}, "next": None}
        case "members":
            value = {"first": records, "text": "[4 records below]", "second": {"x": records[:5]}}
        case _:
            value = records
    return json.dumps(value, indent=indent, ensure_ascii=is_ascii)


def document_of(text: str, call: ToolCall | None = CALL) -> Document:
    return Document.of(text, call)


@hypothesis.given(answers())
def test_another_reader_finds_the_same_values(text: str) -> None:
    document = document_of(text)
    folded = json_tables.fold(document)
    assert folded is not None
    assert json_tables.is_exact(document, folded)
    assert decode(folded) == documents_of(text)
    assert read_back(json_tables.checked(document, folded)) == compacted(text)


@hypothesis.given(
    strategies.lists(strategies.sampled_from([*'{[}]\n "', "HTTP/1.1 200 OK\n", "\r\n", 200 * "a"])).map("".join)
)
def test_where_json_may_begin_is_seen_at_one_look(text: str) -> None:
    """It is asked of each output first: to look for the parts of one that holds none would be in vain."""
    with pytest.MonkeyPatch.context() as patched:
        folded = json_tables.fold(document_of(text))
        patched.setattr(json_tables, "_may_begin", lambda _: True)
        assert json_tables.fold(document_of(text)) == folded


@hypothesis.settings(phases=FINDING)
@hypothesis.given(answers(), strategies.data())
def test_a_changed_text_is_refused(text: str, data: strategies.DataObject) -> None:
    document = document_of(text)
    folded = json_tables.fold(document)
    assert folded is not None
    place = data.draw(strategies.integers(0, len(folded) - 1))
    for other in ("x", "1", '"', ",", "\n", ""):
        changed = folded[:place] + other + folded[place + 1 :]
        if changed != folded and decoded(changed) != documents_of(text):
            assert not json_tables.is_exact(document, changed), changed


def decoded(text: str) -> object:
    try:
        return decode(text)
    except (AssertionError, ValueError, LookupError, TypeError, AttributeError):
        return None


@hypothesis.given(answers(), strategies.data())
def test_a_lost_or_moved_line_is_refused(text: str, data: strategies.DataObject) -> None:
    document = document_of(text)
    folded = json_tables.fold(document)
    assert folded is not None
    lines = folded.split("\n")
    one = data.draw(strategies.integers(0, len(lines) - 1))
    other = data.draw(strategies.integers(0, len(lines) - 1))
    assert not json_tables.is_exact(document, "\n".join(lines[:one] + lines[one + 1 :]))
    if lines[one] != lines[other]:
        lines[one], lines[other] = lines[other], lines[one]
        assert not json_tables.is_exact(document, "\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2",
        "[1 2]",
        '{"a": 1,}',
        '{"a": 1, "a": 2}',
        "[01]",
        "[+1]",
        "[NaN]",
        "['a']",
        '["a\tb"]',
        '["\\x"]',
        "[1]\n\n2 pages\n1\n2\n3\n",
        "[INFO] started\n[1, 2]",
        "[" * 200 + "]" * 200,
        '{"content": [{"type": "image", "data": ""}]}',
        '{"a": "…12 tokens truncated…"}',
    ],
)
def test_what_is_no_plain_answer_stays(text: str) -> None:
    assert json_tables.fold(document_of(text)) is None


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ('HTTP/2 200 \r\na: b\r\n\r\n{"a": 1}', 'HTTP/2 200 \r\na: b\r\n\r\n{"a":1}'),
        ('HTTP/1.1 301 x\n\nHTTP/1.1 200 OK\n\n{"a": 1}', 'HTTP/1.1 301 x\n\nHTTP/1.1 200 OK\n\n{"a":1}'),
        ("```json\n[1, 2]\n```\n", "```json\n[1,2]\n```\n"),
        ("[1, 2]\n207\n", "[1,2]\n207\n"),
        ("[{'a': None, 'b': \"it's\"}]", 'Python values as JSON:\n[{"a":null,"b":"it\'s"}]'),
    ],
)
def test_what_stands_around_the_json_stays(text: str, folded: str) -> None:
    assert json_tables.fold(document_of(text)) == folded
    assert json_tables.is_exact(document_of(text), folded)
    assert not json_tables.is_exact(document_of(text), f"{folded}x")
    assert not json_tables.is_exact(document_of(text), f"x{folded}")


def test_tables_in_a_list_of_few_records() -> None:
    rows = [{"rule": f"rule-{row}", "severity": 2, "fixable": False} for row in range(9)]
    text = json.dumps([{"file": "a.js", "messages": rows}, {"file": "b.js", "messages": rows[:2]}])
    folded = json_tables.fold(document_of(text))
    assert folded is not None
    assert folded.startswith('[{"file":"a.js","messages":[9 records below]},{"file":"b.js",')
    assert "\n\n0.messages: 9 records " in folded
    assert json_tables.is_exact(document_of(text), folded)
    assert not json_tables.is_exact(document_of(text), folded.replace("0.messages", "1.messages"))


def test_an_unknown_call_stays() -> None:
    assert json_tables.fold(document_of("[1, 2]", None)) is None


@pytest.mark.parametrize(
    "text",
    [
        "{" * 10**6 + "}",
        "[" * 500_000 + "]" * 500_000,
        "{" + " " * 600_000 + "}",
        '{"' + "a" * 10**6 + "}",
        "{" + '"\\"' * 300_000 + "}",
        "[" + "1" * 10**6 + "]",
        "[" + "a:1:" * 250_000 + "]",
        "\n" * 400_000 + "{",
        "{}\n" * 100_000,
        "[" + ",".join(f'{{"a{number}":1}}' for number in range(30_000)) + "]",
        "[" + ",".join(f'{{"a":"{number:01000}","b":{number}}}' for number in range(900)) + "]",
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_hostile_texts_take_little_time(text: str) -> None:
    started = time.process_time()
    document = document_of(text)
    folded = json_tables.fold(document)
    assert folded is None or json_tables.is_exact(document, folded)
    assert time.process_time() - started < 5
