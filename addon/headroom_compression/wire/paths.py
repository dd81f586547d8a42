"""What the addon and the recordings of its traffic agree on."""

from __future__ import annotations

from enum import Enum
from enum import auto

# Key in flow.metadata of an edited flow, which flow files keep: such a request is compressed already.
EDITED_MARK = "headroom"
# From this HTTP status on no model has read the request.
FIRST_REFUSAL = 400

_RESPONSES = "/responses"


class Asks(Enum):
    """What a request asks of its `input`. COUNT: how many tokens it is."""

    ANSWER = auto()
    COMPACTION = auto()
    COUNT = auto()


_PATHS = {
    _RESPONSES: Asks.ANSWER,
    f"{_RESPONSES}/compact": Asks.COMPACTION,
    f"{_RESPONSES}/input_tokens": Asks.COUNT,
}


def what_asks(path: str) -> Asks | None:
    """By the path of a POST, with or without a query; None for all that is no request with an `input`."""
    plain = path.partition("?")[0].removesuffix("/")
    return next((asked for ending, asked in _PATHS.items() if plain.endswith(ending)), None)


def is_responses_path(path: str) -> bool:
    return what_asks(path) is Asks.ANSWER


def responses_target(path: str) -> str:
    """Path and query of the requests for answers that a path of `what_asks` belongs to."""
    plain, mark, query = path.partition("?")
    plain = plain.removesuffix("/")
    ending = next((ending for ending in _PATHS if plain.endswith(ending)), _RESPONSES)
    return plain.removesuffix(ending) + _RESPONSES + mark + query
