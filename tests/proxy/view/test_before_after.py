"""Before and after as people see it: every difference, with the lines around it."""

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
    lines = list(rendered([text]))
    assert max(map(len, lines)) <= WIDTH
    heading = next(place for place, line in enumerate(lines) if line.startswith("== "))
    return lines[heading + 2 :]


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
    headings = " ".join(lines).split("== ")[1:]
    assert headings[0].startswith("input[4] shell: ")
    assert "; rows; new in this request " in headings[0]
    assert "; rows; sent before " in headings[1]


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


def test_a_change_stands_with_the_lines_around_it() -> None:
    before = "first\nsame\n     2\tchanged\ngone\nold one\nend\n     7\tx"
    after = "first\nsame\n\tchanged\nnew one\nend\nmore\n\tx"
    assert shown(before, after) == [
        "  first",
        "  same",
        "~     changed",
        "- gone",
        "- old one",
        "+ new one",
        "  end",
        "+ more",
        "~     x",
    ]


def test_long_lines_are_wrapped() -> None:
    line = "abcdefghij" * 12
    found = shown(f"same\n{line}", f"same\n{line[:60]}")
    assert "".join(row[2:] for row in found if row.startswith("- ")) == line
    assert "".join(row[2:] for row in found if row.startswith("+ ")) == line[:60]


@pytest.mark.parametrize(("number", "mark"), [("", " "), ("1 ", "~")], ids=["the same", "only without numbers"])
def test_what_did_not_change_is_not_shown_at_length(number: str, mark: str) -> None:
    same = [f"line {place}" for place in range(100)]
    before = [f"{number}{line}" for line in same]
    found = shown("\n".join(["old", *before, "old"]), "\n".join(["new", *same, "new"]))
    assert found[2:9] == [
        *(f"{mark} {line}" for line in same[:3]),
        "... 94 more lines",
        *(f"{mark} {line}" for line in same[-3:]),
    ]
    assert found[:2] == found[9:] == ["- old", "+ new"]


def test_very_long_lines_are_shown_in_part() -> None:
    found = shown('{"a":"' + "x" * 9000 + '"}', "x" * 9000)
    assert [row[0] for row in found].count("-") == [row[0] for row in found].count("+") == 29
    assert '- {"a":"xxx' in found[0][:11]


def test_more_texts_than_are_shown() -> None:
    texts = [ChangedText(n, "t", "rows", Tokens(9, 8), False, "a", "b") for n in range(60)]  # noqa: FBT003  a field
    lines = list(rendered(texts))
    assert lines[0].startswith("60 tool outputs shortened: 540 -> 480 tokens")
    assert next(line for line in lines if line.startswith("==")).startswith("== input[59] ")
    assert lines[-1] == "(10 earlier ones)"


def aligned(
    before: list[str], after: list[str], steps: int = before_after.MAX_COMPARED
) -> list[tuple[str | None, str | None]]:
    """Return all pairs; what is shown of them is cut short."""
    keys, its_keys = ([*map(before_after._unnumbered, lines)] for lines in (before, after))  # noqa: SLF001
    parts = before_after._same_parts(keys, its_keys, Steps(steps, 1000, 100_000))  # noqa: SLF001
    return list(before_after._aligned(before, after, parts))  # noqa: SLF001


some_lines = strategies.lists(strategies.sampled_from(["", "a", "b", "   1\ta", "12: b", "c" * 90]), max_size=12)


@settings(deadline=None)
@given(some_lines, some_lines)
def test_nothing_is_missing_on_either_side(before: list[str], after: list[str]) -> None:
    pairs = aligned(before, after)
    assert [left for left, _ in pairs if left is not None] == before
    assert [right for _, right in pairs if right is not None] == after


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
    pairs = aligned(before, after)
    assert len(pairs) == len(before)
    alone = [place for place, (_, right) in enumerate(pairs) if right is None]
    assert len(alone) == 3
    assert all(right is None or left == f"{place:>6}\t{right}" for place, (left, right) in enumerate(pairs, 1))


def test_where_the_steps_end_the_rest_stands_as_it_comes() -> None:
    before, after = ["a", "gone", "b", "c"], ["b", "c", "new"]
    found = {steps: aligned(before, after, steps) for steps in (5, 6)}
    assert found[5] == [("a", "b"), ("gone", "c"), ("b", "new"), ("c", None)]
    assert found[6] == [("a", None), ("gone", None), ("b", "b"), ("c", "c"), (None, "new")]


def test_large_texts_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before_after, "MAX_COMPARED", 2)
    assert shown("gone\nend", "end\nmore")[:4] == ["- gone", "- end", "+ end", "+ more"]


def test_of_several_texts_so_many_are_compared_as_take_no_longer_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before_after, "MAX_COMPARED", 8)
    sizes = Tokens(9, 8)
    texts = [ChangedText(n, "t", "rows", sizes, False, "gone\nend", "end\nmore") for n in range(3)]  # noqa: FBT003  a field
    lines = list(rendered(texts))
    assert lines.count("  end") == 2
    told = ["(too much to compare: some lines above that stayed stand", "as if they had changed)"]
    assert lines[-6:] == ["- gone", "- end", "+ end", "+ more", *told], "the earliest"
    assert " ".join(lines).count("too much to compare") == 1


def test_of_long_texts_the_beginning_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before_after, "MAX_LINES", 20)
    before = [f"     {number}\tline {number}" for number in range(100)]
    after = [*(f"line {number}" for number in range(90)), "new"]
    assert shown("\n".join(before), "\n".join(after)) == [
        *(f"~ line {number}" for number in range(3)),
        "... 4 more lines",
        *(f"~ line {number}" for number in range(7, 10)),
        "(too long: 90 lines as the client sent it, 81 as it went",
        "on, not compared)",
    ]


def test_what_may_stand_behind_the_end_is_not_called_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before_after, "MAX_LINES", 12)
    before = ["first", *(f"gone {number}" for number in range(9)), "stays", "end"]
    assert shown("\n".join(before), "first\nstays\nend") == [
        "  first",
        "(too long: 11 lines as the client sent it, 2 as it went",
        "on, not compared)",
    ]


def test_texts_for_which_nothing_is_left_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(before_after, "MAX_LINES", 30)
    texts = [ChangedText(n, "t", "rows", Tokens(9, 8), False, "old\n" * 12, "new\n" * 12) for n in range(3)]  # noqa: FBT003  a field
    text = " ".join(rendered(texts))
    assert text.count("not compared)") == 2, "the latest is compared"
    assert "(too long: 13 lines as the client sent it, 13 as it went on, not compared)" in text


def test_one_line_of_megabytes_is_shown_in_part() -> None:
    found = shown("a" * 5_000_000, "b" * 4_500_000)
    assert [row[0] for row in found].count("-") == [row[0] for row in found].count("+") == 29


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("\n" * 300_000, "a\n" * 150_000, id="blank lines"),
        pytest.param("line\n" * 300_000, "line\n" * 290_000, id="one line again and again"),
    ],
)
def test_of_texts_of_megabytes_no_more_lines_are_read_than_of_shorter_ones(
    before: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    unnumbered = before_after._unnumbered  # noqa: SLF001

    def counted(line: str) -> str:
        read.append(line)
        return unnumbered(line)

    monkeypatch.setattr(before_after, "_unnumbered", counted)
    assert shown(before, after)
    assert len(read) <= 2 * before_after.MAX_LINES


def test_a_call_is_never_changed() -> None:
    sent = as_items(call("c", "cat a", "tool"), output("text", "c"))
    assert changed_texts(sent, sent, nothing_known, NOTHING) == []
