"""What an output costs, and whether it may be put away."""

from __future__ import annotations

import pytest

from headroom_compression import tokens
from headroom_compression.document import Stage
from headroom_compression.pipeline import FoldedText
from headroom_compression.session.item_tokens import item_tokens
from headroom_compression.session.seen_outputs import SeenOutput
from headroom_compression.session.seen_outputs import SeenOutputs
from headroom_compression.session.seen_outputs import TextCount
from headroom_compression.session.seen_outputs import seen_output
from headroom_compression.session.seen_outputs import sent_count
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import text_part
from tests.compression.support.budget_sessions import report

FAILED = "Traceback (most recent call last):\n"


def seen(item: Item, texts: list[str], folded: list[FoldedText | None] | None = None) -> SeenOutput | None:
    forms = folded or [None for _ in texts]
    before = tuple(map(TextCount.of, texts, forms))
    sent = *map(sent_count, before, forms), item_tokens(item, without_output=True)
    return seen_output((5, 2), item, (before, sent), forms, None)


def folded(text: str) -> FoldedText:
    return FoldedText("", "short", (Stage.KIND,), tokens.count(text), 1)


@pytest.mark.parametrize("is_folded", [False, True], ids=["as it came", "folded"])
@pytest.mark.parametrize(
    ("text", "may_go"),
    [
        pytest.param(report(1), True, id="long"),
        pytest.param("a" * 200, False, id="many characters and few tokens"),
        pytest.param(FAILED + report(1), False, id="a failure"),
        pytest.param(FAILED + report(1, 300), True, id="a long failure"),
    ],
)
def test_what_may_go(text: str, may_go: bool, is_folded: bool) -> None:  # noqa: FBT001  parameters of pytest
    output = seen(function_output(text), [text], [folded(text)] if is_folded else None)
    assert (output is not None and output.may_go) == may_go


def test_a_failure_among_several_texts_is_one_while_they_are_few_tokens() -> None:
    texts = [report(1), FAILED]
    output = seen(function_output([text_part(text) for text in texts]), texts)
    assert output is not None
    assert not output.may_go
    texts = [report(1, 300), FAILED]
    output = seen(function_output([text_part(text) for text in texts]), texts)
    assert output is not None
    assert output.may_go


def test_what_a_shell_tells_of_a_failure() -> None:
    for code in (0, 1):
        part = {"stdout": report(1), "stderr": "", "outcome": {"type": "exit", "exit_code": code}}
        output = seen({"type": "shell_call_output", "output": [part]}, [report(1), ""])
        assert output is not None
        assert output.may_go == (code == 0)


def test_what_may_not_go_is_none_where_its_tokens_are_known() -> None:
    short = "a" * 200
    assert seen(function_output(short), [short]) is not None
    assert seen(function_output(short), [short], [folded(short)]) is None


def test_what_holds_more_than_text_is_none() -> None:
    assert seen(function_output([text_part(report(1)), image_part()]), [report(1)]) is None
    assert seen(function_output("short"), ["short"]) is None


def test_an_output_costs_what_is_sent_of_it() -> None:
    long, other = report(1), report(2)
    item = function_output([text_part(long), text_part(other)])
    output = seen(item, [long, other], [folded(long), None])
    assert output is not None
    assert [count.tokens for count in output.before] == [tokens.count(long), tokens.count(other)]
    assert output.most >= 1 + tokens.count(other)
    assert output.tokens == 1 + tokens.count(other) + item_tokens(item, without_output=True).tokens


def numbered(number: int) -> SeenOutput:
    return SeenOutput(number, number, (), (), None, ())


def test_a_point_has_its_outputs_in_their_order_whatever_goes_on_from_it() -> None:
    shared = SeenOutputs.of(map(numbered, range(3)))
    one, other = SeenOutputs(numbered(3), shared), SeenOutputs(numbered(9), shared)
    assert [output.number for output in shared] == [0, 1, 2]
    assert [output.number for output in one] == [0, 1, 2, 3]
    assert [output.number for output in other] == [0, 1, 2, 9]
    assert not [*SeenOutputs()]


def test_very_many_outputs_are_let_go_of() -> None:
    point = SeenOutputs.of(map(numbered, range(200_000)))
    assert point.latest
    assert point.latest.number == 199_999
    del point
