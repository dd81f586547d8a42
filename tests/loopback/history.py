"""What the loopback upstream remembers of its responses, so that a request can go on from one of them."""

import threading
from dataclasses import dataclass
from dataclasses import field
from typing import Any


class PreviousResponseNotFoundError(Exception):
    """Holds the error as the API words it."""

    def __init__(self, response_id: str) -> None:
        super().__init__(response_id)
        self.error = {
            "message": f"Previous response with id '{response_id}' not found.",
            "type": "invalid_request_error",
            "param": "previous_response_id",
            "code": "previous_response_not_found",
        }


@dataclass(frozen=True)
class RememberedResponse:
    """items: all of the conversation, the response's own output included, as they arrived."""

    items: list[Any] = field(default_factory=list)
    total_tokens: int = 0
    only_connection: int | None = None
    """`store: false` lets a response be continued on the WebSocket that it came over, and nowhere else."""


class History:
    """A tree of responses: each is found by its id and holds everything from its root on."""

    def __init__(self) -> None:
        self.conversations: list[list[Any]] = []
        """For each request that was answered, all items up to and including its own."""
        self._responses: dict[str, RememberedResponse] = {}
        self._lock = threading.Lock()

    def items_of(self, response_id: str) -> list[Any]:
        return self._responses[response_id].items

    def forget(self) -> None:
        with self._lock:
            self._responses.clear()

    def before(self, request: dict[str, Any], connection: int | None) -> RememberedResponse:
        """Return what the request goes on from: the beginning, or its previous response."""
        response_id = request.get("previous_response_id")
        if response_id is None:
            return RememberedResponse()
        with self._lock:
            found = self._responses.get(response_id)
        if found is None or found.only_connection not in {None, connection}:
            raise PreviousResponseNotFoundError(response_id)
        return found

    def add(
        self, request: dict[str, Any], earlier: RememberedResponse, response: dict[str, Any], connection: int | None
    ) -> None:
        conversation = [*earlier.items, *_items_in(request)]
        is_stored = request.get("store") is not False
        remembered = RememberedResponse(
            [*conversation, *response["output"]],
            response["usage"]["total_tokens"],
            only_connection=None if is_stored else connection,
        )
        with self._lock:
            self.conversations.append(conversation)
            if is_stored or connection is not None:
                self._responses[response["id"]] = remembered


def _items_in(request: dict[str, Any]) -> list[Any]:
    given = request.get("input", [])
    return given if isinstance(given, list) else [{"role": "user", "content": given}]
