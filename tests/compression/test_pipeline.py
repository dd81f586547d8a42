"""Whatever a fold does, what is sent says the same in fewer tokens, or is the text as it was."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.pipeline import FoldedText
from headroom_compression.pipeline import Folding
from headroom_compression.pipeline import all_folds
from headroom_compression.references.shown_texts import RowsAccess
from headroom_compression.references.shown_texts import ShownTexts
from tests.compression.support.panics import PanicError

TEXT = "some words of a text " * 40


@dataclass
class StubFold:
    """A fold that does as it is told."""

    result: Callable[[str], str | None]
    STAGE: Stage = Stage.KIND
    MIN_LINES: int = 1
    exact: Callable[[str, str], bool] = lambda _before, _after: True

    def fold(self, document: Document) -> str | None:
        return self.result(document.body)

    def is_exact(self, document: Document, folded: str) -> bool:
        return self.exact(document.body, folded)


def fail(error: BaseException) -> Callable[..., Any]:
    def raise_it(*_: str) -> Any:
        raise error

    return raise_it


def folded(*folds: StubFold, text: str = TEXT, min_tokens: int = 1) -> FoldedText | None:
    session = RowsAccess(ShownTexts(1), "careful", gutters=True)
    document = Document.of(text, None)
    return Folding(document, folds).sent(min_tokens, session).folded


HALF = StubFold(lambda text: text[: len(text) // 2])


@pytest.mark.parametrize(
    "fold",
    [
        pytest.param(StubFold(lambda _: None), id="does not apply"),
        pytest.param(StubFold(lambda text: text), id="changes nothing"),
        pytest.param(StubFold(lambda text: text + " and more"), id="grows"),
        pytest.param(StubFold(lambda text: text[::-1]), id="costs more tokens in as many characters"),
        pytest.param(StubFold(lambda text: text[:9], exact=lambda _before, _after: False), id="fails its own check"),
        pytest.param(StubFold(fail(ValueError())), id="raises"),
        pytest.param(StubFold(fail(RecursionError())), id="recurses without end"),
        pytest.param(StubFold(fail(MemoryError())), id="needs too much memory"),
        pytest.param(StubFold(fail(PanicError())), id="panics"),
        pytest.param(StubFold(lambda text: text[:9], exact=fail(ValueError())), id="raises in its check"),
    ],
)
def test_a_fold_that_fails_leaves_the_text_as_it_is(fold: StubFold) -> None:
    assert folded(fold) is None


def test_a_failure_is_logged_without_the_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        folded(StubFold(fail(ValueError(TEXT))))
    assert "ValueError" in caplog.text
    assert "some words" not in caplog.text


def test_a_fold_sees_what_the_one_before_it_made() -> None:
    result = folded(StubFold(HALF.result, Stage.TERMINAL), StubFold(lambda text: text[:20]))
    assert result is not None
    assert (result.text, result.stages) == (TEXT[:20], (Stage.TERMINAL, Stage.KIND))
    assert result.tokens_after < result.tokens_before


def test_at_most_one_fold_of_a_stage_is_used() -> None:
    result = folded(HALF, StubFold(lambda text: text[:20]))
    assert result is not None
    assert result.stages == (Stage.KIND,)
    assert len(result.text) == len(TEXT) // 2


def test_texts_of_few_tokens_are_left_alone() -> None:
    assert folded(HALF, min_tokens=201) is not None
    assert folded(HALF, min_tokens=202) is None
    assert folded(HALF, text="short", min_tokens=40) is None


def test_the_folds_stand_in_the_order_of_their_stages() -> None:
    stages = [fold.STAGE for fold in all_folds()]
    assert stages == sorted(stages)
    assert {Stage.ENVELOPE, Stage.KIND} <= set(stages)
