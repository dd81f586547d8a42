"""The pieces in which the beginning of a request is kept."""

from __future__ import annotations

from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression.fingerprints import fingerprints_in
from headroom_compression.session.prefixes import Piece
from tests.compression.session.test_memory import prefix_of
from tests.compression.session.test_memory import turn_items
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import message
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
        assert prefix.length == sum(piece.stop - piece.start for piece in prefix.pieces)
        one_turn = len(request_body(*turn_items(turn)))
        assert all(piece.stop - piece.start <= one_turn for piece in prefix.pieces[-5:])


def test_a_request_is_known_again_by_all_of_its_bytes() -> None:
    body = bytes(range(250)) * 8
    prefix = prefix_of(body)
    assert prefix.shared_with(body + b"more", fingerprints_in(body + b"more")) is prefix
    assert prefix.shared_with(body[:-1], fingerprints_in(body[:-1])) is None
    for place in (0, 3, 999, 1_500, len(body) - 1):
        other = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert prefix.shared_with(other, fingerprints_in(other)) is None


def test_what_is_sent_as_it_came_takes_no_room() -> None:
    state = compress_request_body(request_body(message("x"))).conversation
    assert state is not None
    pieces = [Piece.of(b"x" * size, 0, size, (), state) for size in (9, 90_000)]
    assert pieces[0].size == pieces[1].size


def test_a_session_that_grows_takes_its_own_room_only() -> None:
    memory = Memory(3 * prefix_of(b"a" * 1_100).size)
    memory.remember(prefix_of(b"other"), None)
    before = None
    for length in range(1_000, 1_100):
        grown = prefix_of(b"a" * length)
        memory.remember(grown, before)
        before = grown
    assert memory.longest_prefix(b"other")
