"""Hostile texts through every fold, as the output of several commands, beside text of the kind that the fold is for.

A fold's time is that of its `fold` and, where that returns a text, of its check. Ordinary times are medians, scaled to
the hostile text's size. Of a hostile time over the limit the least of several counts, so that no fold is blamed for a
busy machine.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import partial
from statistics import median

from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.calls.reading import read_call
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Fold
from headroom_compression.folds.rows import sent_rows
from headroom_compression.pipeline import all_folds
from headroom_compression.pipeline import is_within_limits
from headroom_compression.references.finding import LIMITS
from headroom_compression.references.shown_texts import RowsAccess
from headroom_compression.references.shown_texts import ShownTexts
from scripts.savings.recordings import Session
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import milliseconds
from scripts.speed.measures import ratio
from scripts.speed.measures import report_progress
from scripts.speed.texts import hostile
from scripts.speed.texts import ordinary

_LIMIT = 10
_RUNS = 3
# Seconds below which a ratio says nothing.
_NOTHING = 0.001
_UNKNOWN = ""
# An unknown call, a search, JSON, a file, a numbered file; each fold also gets the command that it is for.
_COMMANDS = (_UNKNOWN, "grep -rn x .", "curl -s https://a.example/list", "cat f.json", "cat -n a.py")

Work = Callable[[str, str], object]


def hostile_texts(_: Sequence[Session], effort: Effort) -> Iterator[Row]:
    texts, usual = hostile(effort.hostile_bytes), ordinary(effort.hostile_bytes)
    for fold in all_folds():
        name = str(vars(fold)["__name__"]).rpartition(".")[2]
        command, text = usual[name]
        commands = tuple(dict.fromkeys((*_COMMANDS, command)))
        yield _row(f"fold {name}", partial(_fold, fold), commands, (command, text), texts)
    command, text = usual["rows"]
    yield _row("fold rows", _send, tuple(dict.fromkeys((*_COMMANDS, command))), (command, text), texts)
    yield _row("a whole request", _compress, (_UNKNOWN, command), (command, text), texts)
    yield _row("counting", _count, (_UNKNOWN,), (command, text), texts)


def _row(what: str, work: Work, commands: Sequence[str], usual_text: tuple[str, str], texts: Mapping[str, str]) -> Row:
    report_progress(f"hostile texts: {what}")
    usual = median(_seconds(work, *usual_text) for _ in range(_RUNS)) / len(usual_text[1])
    times = {
        (title, guise): _least_seconds(work, guise, hostile_text, _LIMIT * usual * len(hostile_text))
        for title, hostile_text in texts.items()
        for guise in commands
    }
    ordinary_times = {title: max(usual * len(hostile_text), _NOTHING) for title, hostile_text in texts.items()}
    ratios = {key: spent / ordinary_times[key[0]] for key, spent in times.items()}
    worst = max(ratios, key=lambda key: ratios[key])
    over = [f"{_named(*key)} {multiple:.0f}x" for key, multiple in ratios.items() if multiple > _LIMIT]
    note = f"OVER: {'; '.join(over)}" if over else f"the worst: {_named(*worst)}"
    compared = milliseconds(ordinary_times[worst[0]])
    return Row(
        f"hostile text, {what}", milliseconds(times[worst]), compared, ratio(ratios[worst], 1), f"{_LIMIT}x", note
    )


def _named(title: str, command: str) -> str:
    return f"{title} from {command or 'an unknown call'}"


def _least_seconds(work: Work, command: str, text: str, allowed: float) -> float:
    first = _seconds(work, command, text)
    return first if first <= allowed else min(first, *(_seconds(work, command, text) for _ in range(_RUNS - 1)))


def _seconds(work: Work, command: str, text: str) -> float:
    begin = time.perf_counter()
    work(command, text)
    return time.perf_counter() - begin


def _fold(fold: Fold, command: str, text: str) -> None:
    document = document_of(command, text)
    folded = fold.fold(document) if is_within_limits(text) else None
    if folded is not None:
        fold.is_exact(document, folded)


def _send(command: str, text: str) -> None:
    session = RowsAccess(ShownTexts(LIMITS["careful"].seed_step), "careful", gutters=True)
    if is_within_limits(text):
        sent_rows(document_of(command, text), session)


def document_of(command: str, text: str) -> Document:
    return Document.of(text, _call(command))


def _call(command: str) -> ToolCall | None:
    return read_call(_item(command)) if command else None


def _item(command: str) -> dict[str, str]:
    arguments = json.dumps({"command": command})
    return {"type": "function_call", "call_id": "call_1", "name": "shell", "arguments": arguments}


def _compress(command: str, text: str) -> None:
    output = {"type": "function_call_output", "call_id": "call_1", "output": text}
    items = [_item(command), output] if command else [output]
    compress_request_body(json.dumps({"input": items}).encode())


def _count(_: str, text: str) -> None:
    tokens.count(text)
