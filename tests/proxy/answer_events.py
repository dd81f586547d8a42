"""Events of answers, as they are read from a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headroom_compression import AnswerEvent
from headroom_compression import Progress


def begun(answer: str | None, continues: str | None = None) -> AnswerEvent:
    return AnswerEvent(Progress.BEGUN, answer, continues)


def ended(answer: str | None, *items: Mapping[str, Any], continues: str | None = None) -> AnswerEvent:
    return AnswerEvent(Progress.ENDED, answer, continues, items)


def item(value: Mapping[str, Any]) -> AnswerEvent:
    return AnswerEvent(Progress.ITEM, items=(value,))
