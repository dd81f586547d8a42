"""Answers for the speed rows: the items that a model made in a recorded session, as a server's events.

Each request tells the upstream, in its metadata, which items to answer with.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from hashlib import sha256

import orjson

DELTAS = 50
_DELTA = orjson.dumps({"type": "response.output_text.delta", "item_id": "msg_1", "delta": "a few words "})
_METADATA = b'"metadata":'


def asking_for(answer: Sequence[bytes]) -> bytes:
    """The last member of a request, which tells the upstream which items to answer with."""
    return _METADATA + orjson.dumps({"answer": f"[{b','.join(answer).decode()}]"})


def events_of(request: bytes, response_id: str, previous: str | None) -> Iterator[bytes]:
    """The events of the answer that a request asks for; the last one has the SHA-256 of the request."""
    response = {"id": response_id, "object": "response", "previous_response_id": previous}
    made = orjson.loads(orjson.loads(b"{" + request[request.rindex(_METADATA) :])["metadata"]["answer"])
    yield orjson.dumps({"type": "response.created", "response": response})
    yield from (_DELTA for _ in range(DELTAS))
    for item in made:
        yield orjson.dumps({"type": "response.output_item.done", "item": item})
    usage = {"input_tokens": len(request) // 4, "output_tokens": DELTAS}
    ended = {"status": "completed", "output": made, "usage": usage, "metadata": {"sha256": sha256(request).hexdigest()}}
    yield orjson.dumps({"type": "response.completed", "response": response | ended})


def is_last(event: bytes) -> bool:
    return b'"response.completed"' in event
