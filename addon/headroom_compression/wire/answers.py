"""What a server's answer tells of the conversation: the id to continue from, and the items that the model made.

Events are those of the Responses API (openai-python 3.57, `ResponsesServerEvent`): a WebSocket message each, or the
data of a server-sent event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from enum import Enum
from enum import auto

import orjson

from headroom_compression.record import record
from headroom_compression.wire.body import top_level_strings

# Most events are pieces of text that the model is writing; they tell nothing and are many.
_TELLING = re.compile(
    rb'"(?:response\.(?:created|output_item\.done|completed|incomplete|failed|cancelled'
    rb'|inject\.(?:created|failed)|steer\.(?:accepted|pending|failed))|error)"'
)
_DATA_LINE = re.compile(rb"\ndata:([^\n]*)")

INJECT = "response.inject"
ANSWER_KEY, _LANE_KEY, _INTO_KEY = "previous_response_id", "stream_id", "response_id"
# The keys of a request that read_request_ids reads.
ID_KEYS = frozenset({ANSWER_KEY, _LANE_KEY, _INTO_KEY})
_TELLING_IDS = tuple(b'"%b"' % name.encode() for name in (*ID_KEYS, INJECT))
# Of which a letter of a key may be written so: a to z, and the underscore.
_ESCAPED_LETTER = re.compile(rb"\\u00[5-7]")


class Progress(Enum):
    """BROKEN: no answer comes of it, or one that cannot be read. ADDED: to an answer under way, by its client. STEERED:
    the server may go on from an answer by itself."""

    BEGUN = auto()
    ITEM = auto()
    ENDED = auto()
    BROKEN = auto()
    ADDED = auto()
    NOT_ADDED = auto()
    STEERED = auto()
    NOT_STEERED = auto()


_PROGRESS = {
    "response.created": Progress.BEGUN,
    "response.completed": Progress.ENDED,
    "response.incomplete": Progress.ENDED,
}
_ADDITIONS = {"response.inject.created": Progress.ADDED, "response.inject.failed": Progress.NOT_ADDED}


@record
class Usage:
    """Tokens, as the server counts them. cached: the part of the input that was in its cache, None if not reported.

    A gateway may report more of them than the whole input, when it counts as input only what was not cached: then how
    much of the input was cached is not known.
    """

    input: int
    cached: int | None
    output: int


@record
class AnswerEvent:
    """response_id: of the answer, when the event says it.

    is_read: False where it may be any event of any answer, since it could not be read.
    continues: the id of the answer before it, "" for none, None when the event does not say; that of the answer to
    which is added, or which was steered.
    items: what the model made; at the end all of it, if the server repeats it.
    lane: answers of one lane come one after the other, others at the same time (`stream_id`).
    usage: at the end, None when the server does not report it.
    withheld: ids of the reasoning in the request that the model was not given, since what stands before it has changed.
    steer: the id of what a user said while the answer came.
    """

    progress: Progress
    response_id: str | None = None
    continues: str | None = None
    items: tuple[Mapping[str, object], ...] = ()
    lane: str = ""
    usage: Usage | None = None
    is_read: bool = True
    withheld: tuple[str, ...] = ()
    steer: str = ""


UNREAD_ANSWER = AnswerEvent(Progress.BROKEN, is_read=False)


@record
class RequestIds:
    """continues: the id of the answer that the request continues, or "". lane: as of an AnswerEvent.

    into: the id of the answer under way that it is added to; then it is no request of its own. "" where it names none.
    """

    continues: str = ""
    lane: str = ""
    into: str | None = None


def read_request_ids(body: bytes) -> RequestIds:
    """Those that stand anywhere beside `input`: clients write its members in any order."""
    ids = read_plain_request_ids(body)
    return _ids_of(_odd_members(body)) if ids is None else ids


def read_plain_request_ids(body: bytes) -> RequestIds | None:
    """The same, but None for a body that orjson cannot read: to read it takes a hundred times as long."""
    if not may_name_ids(body):
        return RequestIds()
    try:
        return _ids_of(orjson.loads(body))
    except ValueError:
        return None


def _ids_of(members: object) -> RequestIds:
    if not isinstance(members, dict):
        return RequestIds()
    if members.get("type") == INJECT:
        return RequestIds(into=_id(members, _INTO_KEY))
    return RequestIds(_id(members, ANSWER_KEY), _id(members, _LANE_KEY))


def may_name_ids(body: bytes) -> bool:
    """Whether it is worth reading all of it for them. To look takes 1 ms a MB; to read, up to 35."""
    return any(name in body for name in _TELLING_IDS) or _ESCAPED_LETTER.search(body) is not None


def _odd_members(body: bytes) -> Mapping[str, object]:
    """The members that are strings, of a body that is more than orjson reads: a lone surrogate may stand in it."""
    try:
        return top_level_strings(body)
    except ValueError:
        return {}


def may_tell(event: bytes) -> bool:
    """Whether it is worth reading."""
    return _TELLING.search(event) is not None


def read_answer_event(event: bytes) -> AnswerEvent | None:
    """None for an event that tells nothing of the conversation, and for what is none."""
    if not may_tell(event):
        return None
    try:
        members = orjson.loads(event)
    except ValueError:
        return UNREAD_ANSWER
    return _read(members) if isinstance(members, dict) else None


def telling_events(stream: bytes) -> Iterator[bytes]:
    """The data of those server-sent events that may tell something.

    stream: a line feed, and after it whole events whose lines end in a line feed. Lines of other events take no steps
    here, as a few coded bytes may stand for a million of them.
    """
    start = 0
    while (telling := _TELLING.search(stream, start)) and (end := stream.find(b"\n\n", telling.end()) + 1):
        start = max(stream.rfind(b"\n\n", start, telling.start()) + 1, start)
        yield b"\n".join(_DATA_LINE.findall(stream, start, end))
        start = end


def _read(members: Mapping[str, object]) -> AnswerEvent | None:
    lane = _id(members, "stream_id")
    match members:
        case {"type": "response.output_item.done", "item": dict(item)}:
            return AnswerEvent(Progress.ITEM, items=(item,), lane=lane)
        case {"type": str(kind), "response": dict(response)} if kind in _PROGRESS:
            return _event_of(response, _PROGRESS[kind], lane)
        case {"type": "error" | "response.failed" | "response.cancelled"}:
            return AnswerEvent(Progress.BROKEN, _id_in(members.get("response")), lane=lane)
    return _read_what_a_client_adds(members, lane)


def _read_what_a_client_adds(members: Mapping[str, object], lane: str) -> AnswerEvent | None:
    match members:
        case {"type": str(kind), "response_id": str(answer)} if kind in _ADDITIONS:
            return AnswerEvent(_ADDITIONS[kind], continues=answer, lane=lane)
        case {"type": "response.steer.accepted", "steer": {"id": str(steer), "previous_response_id": str(answer)}}:
            return AnswerEvent(Progress.STEERED, continues=answer, lane=lane, steer=steer)
        case {"type": "response.steer.pending" | "response.steer.failed", "steer": {"id": str(steer)}}:
            return AnswerEvent(Progress.NOT_STEERED, lane=lane, steer=steer)
    return None


def read_answer(body: bytes) -> AnswerEvent:
    """The answer to a request that asked for no stream."""
    if not body:
        return AnswerEvent(Progress.BROKEN)
    try:
        members = orjson.loads(body)
    except ValueError:
        return UNREAD_ANSWER
    match members:
        case {"object": "response", "status": "completed" | "incomplete"}:
            return _event_of(members, Progress.ENDED)
    return AnswerEvent(Progress.BROKEN, _id_in(members))


def _event_of(response: Mapping[str, object], progress: Progress, lane: str = "") -> AnswerEvent:
    output = response.get("output")
    return AnswerEvent(
        progress,
        _id(response, "id") or None,
        _id(response, "previous_response_id") if "previous_response_id" in response else None,
        tuple(item for item in output if isinstance(item, dict)) if isinstance(output, list) else (),
        lane,
        _usage(response.get("usage")),
        withheld=tuple(_withheld(response.get("input_transformations"))),
    )


def _withheld(reported: object) -> Iterator[str]:
    """Of `InputTransformation` the other reasons are of other models, users and turns."""
    for transformation in reported if isinstance(reported, list) else ():
        match transformation:
            case {"type": "reasoning", "action": "removed", "reason": "prefix_mismatch", "id": str(item)}:
                yield item


def _usage(reported: object) -> Usage | None:
    match reported:
        case {"input_tokens": int(given), "output_tokens": int(made), **others} if given >= 0 and made >= 0:
            return Usage(given, _cached(others.get("input_tokens_details"), given), made)
    return None


def _cached(details: object, given: int) -> int | None:
    match details:
        case {"cached_tokens": int(cached)} if 0 <= cached <= given:
            return cached
    return None


def _id_in(value: object) -> str | None:
    return _id(value, "id") or None if isinstance(value, dict) else None


def _id(members: Mapping[str, object], key: str) -> str:
    value = members.get(key)
    return value if isinstance(value, str) else ""
