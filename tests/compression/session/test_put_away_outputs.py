"""What is sent of an output once its texts are stored."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

from headroom_compression import tokens
from headroom_compression.recall.store import name_of
from headroom_compression.session.item_tokens import item_tokens
from headroom_compression.session.put_away_outputs import PutAwayOutput
from headroom_compression.session.put_away_outputs import put_away
from headroom_compression.session.put_away_outputs import store_again
from headroom_compression.session.put_away_outputs import stored_outputs
from headroom_compression.session.seen_outputs import SeenOutput
from headroom_compression.session.seen_outputs import TextCount
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import text_part
from tests.compression.support.budget_sessions import report


@dataclass
class Shelf:
    """Keeps as many texts as it has room for."""

    room: int = 99
    kept: list[str] = field(default_factory=list)
    asked: int = 0
    is_failing: bool = False

    def keep(self, text: str) -> str | None:
        self.asked += 1
        self.is_failing = len(self.kept) >= self.room
        if self.is_failing:
            return None
        self.kept.append(text)
        return name_of(text)

    def path_of(self, name: str) -> str:
        return f"/recall/{name}"


def output(texts: list[str], position: int = 0) -> tuple[SeenOutput, Item]:
    before = tuple(TextCount(0, text) for text in texts)
    return SeenOutput(position, position, before, before, None, ()), function_output([*map(text_part, texts)])


def away(texts: list[str], shelf: Shelf) -> PutAwayOutput | None:
    seen, item = output(texts)
    return put_away(seen, texts, item, shelf)


def test_long_texts_go_and_short_ones_stay() -> None:
    found = away([report(1), "short"], shelf := Shelf())
    assert found is not None
    assert shelf.kept == [report(1)]
    assert found.names == (name_of(report(1)),)
    form, stays = found.forms
    assert form is not None
    assert stays is None
    item = item_tokens(function_output([*map(text_part, (report(1), "short"))]), without_output=True).tokens
    assert found.tokens == tokens.count(form.text) + tokens.count("short") + item


def test_all_of_it_is_stored_or_none_of_it_goes() -> None:
    assert away([report(1), report(2)], Shelf(room=1)) is None
    assert away(["half \ud83d of a pair " * 60], Shelf()) is None
    assert away(["short"], Shelf()) is None


def test_a_store_that_fails_thrice_is_asked_no_more() -> None:
    texts = [[report(number)] for number in range(9)]
    outputs = [output(own, position) for position, own in enumerate(texts)]
    shelf = Shelf(room=2)
    found = stored_outputs(
        [seen for seen, _ in outputs], lambda position: (outputs[position][1], texts[position]), shelf
    )
    assert list(found) == [0, 1]
    assert shelf.asked == 5


def test_what_is_away_is_stored_again() -> None:
    found = away([report(1), "short"], Shelf())
    assert found is not None
    shelf = Shelf()
    store_again({4: found}, lambda _: ({}, [report(1), "short"]), shelf)
    assert shelf.kept == [report(1)]
