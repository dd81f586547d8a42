"""The plain form of a wrapped result says the same, or is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression.formats.wrapped_results import count_titles
from headroom_compression.formats.wrapped_results import read_written
from headroom_compression.formats.wrapped_results import unwrapped
from headroom_compression.formats.wrapped_results import written

LINES = strategies.sampled_from([
    "", "a", "isError: true", "MCP text 1 of 1:", "MCP text 2 of 2:", "MCP part 1 of 1:", "result 1 of 1:",
    'result 1 of 1, query "a", success true:', "structuredContent: <the first text>",
])  # fmt: skip
TEXTS = strategies.lists(LINES, max_size=4).map("\n".join) | strategies.text(
    strategies.characters(exclude_categories=["Cs"]), max_size=20
)
VALUES = strategies.none() | strategies.booleans() | TEXTS | strategies.dictionaries(TEXTS, TEXTS, max_size=2)
PARTS = strategies.lists(
    strategies.fixed_dictionaries({"type": strategies.just("text"), "text": TEXTS}, optional={"annotations": VALUES}),
    min_size=1,
    max_size=3,
)
RESULTS = strategies.one_of(
    PARTS,
    strategies.fixed_dictionaries(
        {"content": PARTS}, optional={"isError": VALUES, "structuredContent": VALUES, "_meta": VALUES}
    ),
    *(strategies.fixed_dictionaries({key: TEXTS}) for key in ("result", "output", "error", "content")),
    strategies.fixed_dictionaries(
        {"content": TEXTS, "total_lines": strategies.integers(0, 99)},
        optional={"truncated": strategies.booleans(), "hint": TEXTS},
    ),
    strategies.fixed_dictionaries(
        {"total_count": strategies.integers(0, 99), "matches_format": TEXTS, "matches_text": TEXTS},
        optional={"truncated": strategies.booleans(), "warning": VALUES},
    ),
    strategies.lists(
        strategies.fixed_dictionaries({"query": TEXTS, "result": TEXTS, "success": strategies.booleans()}),
        min_size=1,
        max_size=3,
    ),
)


def value_of(folded: str) -> object:
    """The wrapped value, read from the plain form alone, by rules of its own."""
    result = read_written(folded)
    assert result is not None
    parts = [{"text": text, **notes_of(note)} for note, text in result.texts]
    if result.name == "MCP part":
        return [{"type": "text", **part} for part in parts]
    if result.name == "MCP text":
        fields = dict(line.split(": ", 1) for line in result.head.split("\n")[:-1])
        values = {key: value_of_field(source, parts[0]["text"]) for key, source in fields.items()}
        return {"content": [{"type": "text", **part} for part in parts], **values}
    if result.name in {"content", "matches_text"}:
        fields = dict(line.split(": ", 1) for line in result.head.split("\n")[:-1])
        return {result.name: parts[0]["text"], **{key: json.loads(source) for key, source in fields.items()}}
    answers = [{result.name: part.pop("text"), **part} for part in parts]
    return answers if len(answers[0]) > 1 else answers[0]


def notes_of(note: str) -> dict[str, object]:
    notes = {}
    while note:
        key, _, rest = note[2:].partition(" ")
        notes[key], stop = json.JSONDecoder().raw_decode(rest)
        note = rest[stop:]
    return notes


def value_of_field(source: str, text: object) -> object:
    assert isinstance(text, str)
    if source.endswith(("<the JSON of the first text>", "<the JSON of the first text>}")):
        return json.loads(source.replace("<the JSON of the first text>", text))
    if source.endswith("<the first text>}"):
        return json.loads(source.replace("<the first text>", json.dumps(text)))
    return json.loads(source)


@given(RESULTS)
def test_the_plain_form_says_the_same(value: object) -> None:
    result = unwrapped(json.dumps(value))
    assert result is not None
    folded = written(result)
    if read_written(folded) == result:  # else it is not sent
        assert value_of(folded) == value


@pytest.mark.parametrize(
    ("structured", "line"),
    [
        ([{"a": 1}], '[{"a":1}]'),
        ({"a": 1}, "<the JSON of the first text>"),
        ({"issues": {"a": 1}}, '{"issues":<the JSON of the first text>}'),
        ({"result": '{"a": 1}'}, '{"result":<the first text>}'),
        ({"issues": {"a": 2}}, '{"issues":{"a":2}}'),
        (None, "null"),
    ],
)
def test_content_that_is_said_twice_names_the_first(structured: object, line: str) -> None:
    value = {"content": [{"type": "text", "text": '{"a": 1}'}], "structuredContent": structured}
    result = unwrapped(json.dumps(value))
    assert result is not None
    assert result.head == f"structuredContent: {line}\n"


@pytest.mark.parametrize(
    "value",
    [
        *([], {}, [1], [{}], {"result": 1}, {"result": "a", "more": 1}, {"content": []}),
        *(
            {"content": "a", "more": 1},
            {"content": 1},
            {"total_lines": 1},
            {"content": 1, "total_lines": 1},
            {"total_count": 1, "matches": []},
        ),
        {"content": "a", "total_lines": 1, "more": 1},
    ],
)
def test_what_is_none_of_the_forms_stays(value: object) -> None:
    assert unwrapped(json.dumps(value)) is None


def test_a_title_inside_a_text_is_refused() -> None:
    result = unwrapped('{"result": "a\\nresult 1 of 1:\\nb"}')
    assert result is not None
    assert read_written(written(result)) is None


@pytest.mark.parametrize("count", [1, 2, 12])
def test_titles_are_counted(count: int) -> None:
    result = unwrapped(json.dumps([{"type": "text", "text": "result 1 of one\nb"}] * count))
    assert result
    assert count_titles(written(result)) == count
