"""Outputs that are put away: what is sent of them once their texts are stored."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeAlias

from headroom_compression.document import Stage
from headroom_compression.pipeline import FoldedText
from headroom_compression.recall.eliding import ElidedText
from headroom_compression.recall.eliding import Keeper
from headroom_compression.recall.putting_away import put_away_text
from headroom_compression.record import record
from headroom_compression.session.item_tokens import item_tokens
from headroom_compression.session.seen_outputs import MIN_TOKENS
from headroom_compression.session.seen_outputs import SeenOutput

# The item at a position, and its texts.
TextsOf: TypeAlias = Callable[[int], tuple[Mapping[str, object], Sequence[str]]]
# A disk that is full refuses each; a text that is over the limit by itself is the only one.
_MAX_FAILED = 3


@record
class PutAwayOutput:
    """forms: of each text, None for as it came. names: of the files. elided: what had been left out of it, and opened,
    maybe, before it was put away. tokens: of all of it, as it is sent.
    """

    forms: tuple[FoldedText | None, ...]
    names: tuple[str, ...]
    tool: str | None
    elided: tuple[ElidedText, ...]
    tokens: int


def stored_outputs(outputs: Iterable[SeenOutput], texts_of: TextsOf, store: Keeper) -> dict[int, PutAwayOutput]:
    """Those that could be stored, by their positions. Where the store keeps failing the others are not tried."""
    stored: dict[int, PutAwayOutput] = {}
    failed = 0
    for output in outputs:
        item, texts = texts_of(output.position)
        away = put_away(output, texts, item, store)
        if away:
            stored[output.position] = away
        failed += away is None and store.is_failing
        if failed == _MAX_FAILED:
            break
    return stored


def store_again(put_away: Mapping[int, PutAwayOutput], texts_of: TextsOf, store: Keeper) -> None:
    """Write the originals of all that is put away, as far as that is possible."""
    for position, output in put_away.items():
        for form, text in zip(output.forms, texts_of(position)[1], strict=False):
            if form:
                store.keep(text)


def put_away(
    output: SeenOutput, texts: Sequence[str], item: Mapping[str, object], store: Keeper
) -> PutAwayOutput | None:
    """What is sent of an output when its texts are stored; None when they cannot be."""
    forms: list[FoldedText | None] = []
    names: list[str] = []
    counts = [count.tokens for count in output.before]
    for text, before in zip(texts, counts, strict=True):
        form = put_away_text(text, output.call, store) if before >= MIN_TOKENS else None
        if before >= MIN_TOKENS and form is None:
            return None
        pays = form is not None and form.tokens < before
        stages = (Stage.ELISION,)
        forms.append(FoldedText(form.header, form.body, stages, before, form.tokens) if form and pays else None)
        names += [form.name] if form and pays else []
    if not names:
        return None
    kept = sum(form.tokens_after if form else before for form, before in zip(forms, counts, strict=True))
    tool = output.call.tool if output.call else None
    kept += item_tokens(item, without_output=True).tokens
    return PutAwayOutput(tuple(forms), tuple(names), tool, output.elided, kept)
