"""The pieces in which the beginning of a request is kept."""

from __future__ import annotations

from headroom_compression import Memory
from headroom_compression import compress_request_body
from tests.compression.session.test_memory import prefix_of
from tests.compression.session.test_memory import turn_items
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import request_body


def test_a_long_session_is_kept_in_few_pieces_and_its_latest_turns_in_one_each() -> None:
    memory = Memory()
    items: list[Item] = []
    for turn in range(200):
        items += turn_items(turn)
        compress_request_body(request_body(*items), memory=memory)
        prefix = memory.longest_prefix(request_body(*items))
        assert prefix is not None
        assert len(prefix.pieces) <= 16
        assert prefix.length == sum(len(piece.original) for piece in prefix.pieces)
        one_turn = len(request_body(*turn_items(turn)))
        assert all(len(piece.original) <= one_turn for piece in prefix.pieces[-5:])


def test_a_session_that_grows_takes_its_own_room_only() -> None:
    memory = Memory(3 * prefix_of(b"a" * 1_100).size)
    memory.remember(prefix_of(b"other"), None)
    before = None
    for length in range(1_000, 1_100):
        grown = prefix_of(b"a" * length)
        memory.remember(grown, before)
        before = grown
    assert memory.longest_prefix(b"other")
