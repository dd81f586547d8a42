"""Before and after as people see it: every difference, side by side."""

from __future__ import annotations

import json
from difflib import Match
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import TextReport
from headroom_compression import compress_request_body
from headroom_proxy.view import before_after
from headroom_proxy.view.before_after import WIDTH
from headroom_proxy.view.before_after import ChangedText
from headroom_proxy.view.before_after import Steps
from headroom_proxy.view.before_after import changed_texts
from headroom_proxy.view.before_after import rendered
from headroom_report.values.savings import Tokens
from tests.proxy.reported import body
from tests.wire.bodies import Item
from tests.wire.bodies import call
from tests.wire.bodies import output
from tests.wire.bodies import rows

NOTHING: frozenset[bytes] = frozenset()


def nothing_known(_: bytes) -> TextReport | None:
    return None


def as_items(*items: Item) -> bytes:
    return json.dumps({"input": items}).encode()


def shown(before: str, after: str) -> list[str]:
    """The rows of two texts, without their headings."""
    text = ChangedText(0, "tool", "rows", Tokens(9, 8), True, before, after)  # noqa: FBT003  a value's field
    return "\n".join(rendered([text])).split("\n")[3:]


def columns(line: str) -> tuple[str, str, str]:
    return line[:WIDTH].rstrip(), line[WIDTH + 1 : WIDTH + 2].strip(), line[WIDTH + 3 :]


def test_names_tools_stages_and_tokens() -> None:
    compressed = compress_request_body(body(1, 2))
    known = {text.key: text for text in compressed.report.shortened}
    new = frozenset([compressed.report.shortened[1].key])
    texts = changed_texts(body(1, 2), compressed.body, known.get, new)
    assert [(text.number, text.tool, text.stages, text.is_new) for text in texts] == [
        (2, "shell", "rows", False),
        (4, "shell", "rows", True),
    ]
    assert [text.tokens.saved for text in texts] == [
        text.tokens_before - text.tokens_after for text in compressed.report.shortened
    ]
    assert texts[0].before == rows(name="word_1")
    lines = list(rendered(texts))
    assert lines[0].startswith("2 tool outputs shortened: ")
    headings = [line for line in lines if line.startswith("== ")]
    assert headings[0].startswith("== input[4]  shell  ")
    assert headings[0].endswith("rows, new in this request")
    assert headings[1].endswith("rows, sent before")


def test_what_is_not_remembered_is_counted() -> None:
    compressed = compress_request_body(body(1))
    (text,) = changed_texts(body(1), compressed.body, nothing_known, NOTHING)
    (report,) = compressed.report.shortened
    assert text.tokens == Tokens(report.tokens_before, report.tokens_after)
    assert (text.tool, text.stages) == ("a tool", "stages not remembered")


@pytest.mark.parametrize(
    "differing",
    [
        pytest.param([{"type": "input_text", "text": "a"}, {"type": "input_image", "image_url": "i"}], id="parts"),
        pytest.param([{"stdout": "a", "stderr": "", "outcome": None}], id="a shell's"),
        pytest.param("a", id="a text"),
    ],
)
def test_finds_texts_of_every_shape(differing: object) -> None:
    def item(value: object) -> Item:
        return {"type": "function_call_output", "call_id": "c", "output": value}

    sent = json.loads(json.dumps(differing).replace('"a"', '"b"'))
    texts = changed_texts(as_items(item(differing)), as_items(item(sent)), nothing_known, NOTHING)
    assert [(text.before, text.after) for text in texts] == [("a", "b")]


def test_the_texts_of_an_item_are_in_the_order_of_the_body() -> None:
    names = [f"member_{number}" for number in range(20)]
    before = as_items({name: f"{name} as it came" for name in names})
    texts = changed_texts(before, before.replace(b" as it came", b""), nothing_known, NOTHING)
    assert [text.after for text in texts] == names


def test_a_lone_surrogate_is_shown_too() -> None:
    before = b'{"input":["\\ud83d",{"output":"\\ud83d a"}]}'
    (text,) = changed_texts(before, before.replace(b" a", b""), nothing_known, NOTHING)
    assert text.after == "\ud83d"


@pytest.mark.parametrize("other", [b"", b"[]", b'{"input":"text"}', b'{"input":[]}'])
def test_bodies_that_do_not_belong_together(other: bytes) -> None:
    with pytest.raises(ValueError, match=r"input items|Expecting value|zip\(\) argument"):
        changed_texts(body(1), other, nothing_known, NOTHING)


def test_lines_stand_beside_each_other() -> None:
    found = [columns(line) for line in shown("same\n     2\tchanged\ngone\nend", "same\n\tchanged\nend")]
    assert found == [
        ("same", "", "same"),
        ("     2  changed", "|", "    changed"),
        ("gone", "|", ""),
        ("end", "", "end"),
    ]


def test_long_lines_are_wrapped() -> None:
    line = "abcdefghij" * 12
    found = [columns(row) for row in shown(line, line[:60])]
    assert "".join(left for left, _, _ in found) == line
    assert "".join(right for _, _, right in found) == line[:60]
    assert {mark for _, mark, _ in found} == {"|"}


def test_what_is_the_same_is_not_shown_at_length() -> None:
    same = [f"line {number}" for number in range(100)]
    found = shown("\n".join(["old", *same, "old"]), "\n".join(["new", *same, "new"]))
    assert "... 94 more lines" in found
    assert len(found) == 9
    assert [columns(line)[0] for line in found[-4:]] == [*same[-3:], "old"]


def test_very_long_lines_stand_over_each_other() -> None:
    found = shown('{"a":"' + "x" * 900 + '"}', "x" * 900)
    assert found[0] == "-- as the client sent it"
    assert "-- as it went on" in found
    assert max(map(len, found)) == 2 * WIDTH + 3


def test_more_texts_than_are_shown() -> None:
    texts = [ChangedText(n, "t", "rows", Tokens(9, 8), False, "a", "b") for n in range(60)]  # noqa: FBT003  a field
    lines = list(rendered(texts))
    assert lines[0].startswith("60 tool outputs shortened: 540 -> 480 tokens")
    assert lines[2].startswith("== input[59]")
    assert lines[-1] == "(10 earlier ones)"


some_lines = strategies.lists(strategies.sampled_from(["", "a", "b", "   1\ta", "12: b", "c" * 90]), max_size=12)


@settings(deadline=None)
@given(some_lines, some_lines)
def test_nothing_is_missing_on_either_side(before: list[str], after: list[str]) -> None:
    aligned = list(before_after._aligned(before, after, Steps(before_after.MAX_COMPARED)))  # noqa: SLF001  what is cut short hides it
    assert [left for left, _ in aligned if left is not None] == before
    assert [right for _, right in aligned if right is not None] == after


class CountingMatcher(SequenceMatcher[str]):
    """steps: how often its innermost loops have run."""

    steps = 0

    def __init__(self, _: None, a: list[str], b: list[str], *, autojunk: bool) -> None:
        super().__init__(None, a, b, autojunk=autojunk)
        self._each = [1 + b.count(line) for line in a]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        CountingMatcher.steps += sum(self._each[alo:ahi])
        return super().find_longest_match(alo, ahi, blo, bhi)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> type[CountingMatcher]:
    monkeypatch.setattr(CountingMatcher, "steps", 0)
    monkeypatch.setattr(before_after, "SequenceMatcher", CountingMatcher)
    return CountingMatcher


def spaced(line: str, count: int) -> str:
    """Lines, each followed by a blank one."""
    return "".join(f"{line.format(number)}\n\n" for number in range(count))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(spaced("line {}", 400), spaced("other {}", 400), id="every other line is blank"),
        pytest.param(spaced("line {}", 2500), spaced("other {}", 90), id="long before, short after"),
        pytest.param("same\n" * 3000, "same\n" * 2900, id="one line again and again"),
    ],
)
def test_frequent_lines_are_not_compared_without_end(before: str, after: str, counting: type[CountingMatcher]) -> None:
    assert shown(before, after)
    assert counting.steps <= before_after.MAX_COMPARED


@pytest.mark.parametrize("line", ["def f_{0}():\n    call({0})\n", "row {}"], ids=["code", "rows"])
def test_usual_texts_are_compared_to_their_end(line: str) -> None:
    after = spaced(line, 400).split("\n")
    before = [f"{number:>6}\t{text}" for number, text in enumerate(after, 1)]
    for place in (700, 400, 3):
        del after[place]
    aligned = list(before_after._aligned(before, after, Steps(before_after.MAX_COMPARED)))  # noqa: SLF001  as above
    assert len(aligned) == len(before)
    alone = [place for place, (_, right) in enumerate(aligned) if right is None]
    assert len(alone) == 3
    assert all(right is None or left == f"{place:>6}\t{right}" for place, (left, right) in enumerate(aligned, 1))


def test_where_the_steps_end_the_rest_stands_as_it_comes() -> None:
    before, after = ["a", "gone", "b", "c"], ["b", "c", "new"]
    found = {steps: list(before_after._aligned(before, after, Steps(steps))) for steps in (5, 6)}  # noqa: SLF001  as above
    assert found[5] == [("a", "b"), ("gone", "c"), ("b", "new"), ("c", None)]
    assert found[6] == [("a", None), ("gone", None), ("b", "b"), ("c", "c"), (None, "new")]


def test_large_texts_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before_after, "MAX_COMPARED", 2)
    found = [columns(line) for line in shown("gone\nend", "end\nmore")]
    assert found == [("gone", "|", "end"), ("end", "|", "more")]


def test_of_several_texts_so_many_are_compared_as_take_no_longer_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before_after, "MAX_COMPARED", 8)
    sizes = Tokens(9, 8)
    texts = [ChangedText(n, "t", "rows", sizes, False, "gone\nend", "end\nmore") for n in range(3)]  # noqa: FBT003  a field
    found = [columns(line)[0] for line in rendered(texts) if line.startswith(("gone", "end"))]
    assert found == ["gone", "end", "gone", "end", "gone", "end"]
    sides = [columns(line) for line in rendered(texts) if " | " in line or line.startswith("end")]
    assert sides.count(("gone", "|", "end")) == 1, "the earliest"


def test_a_call_is_never_changed() -> None:
    sent = as_items(call("c", "cat a", "tool"), output("text", "c"))
    assert changed_texts(sent, sent, nothing_known, NOTHING) == []
