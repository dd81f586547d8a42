"""What is known of requests whose work took too long."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from headroom_compression import Settings
from headroom_proxy.work.given_up import MAX_GIVEN_UP
from headroom_proxy.work.given_up import GivenUp

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = Settings()
BODY = b"a" * 1000 + b"b" * 1000


def test_knows_what_begins_the_same_way_with_the_same_settings() -> None:
    given_up = GivenUp()
    assert not given_up.has(SETTINGS, BODY)
    given_up.note(SETTINGS, BODY, 1500)
    assert given_up.has(SETTINGS, BODY)
    assert given_up.has(SETTINGS, BODY[:1500])
    assert not given_up.has(SETTINGS, BODY[:1499])
    assert not given_up.has(SETTINGS, b"c" + BODY[1:])
    assert not given_up.has(Settings(level="recall"), BODY)


@pytest.mark.parametrize("is_hashed", [False, True])
def test_only_what_ends_alike_has_to_be_looked_at_by_a_thread(is_hashed: bool) -> None:  # noqa: FBT001  a table's column
    given_up = GivenUp()
    given_up.note(SETTINGS, BODY, 1500)
    if is_hashed:
        given_up.hash_noted()
    assert given_up.may_have(SETTINGS, BODY[:1500])
    assert given_up.may_have(SETTINGS, b"c" + BODY[1:])
    assert not given_up.may_have(SETTINGS, BODY[:1499])
    assert not given_up.may_have(SETTINGS, BODY[:1499] + b"c")
    assert not given_up.may_have(Settings(level="recall"), BODY)


@pytest.mark.parametrize("look", [GivenUp.hash_noted, lambda given_up: given_up.has(SETTINGS, b"")])
def test_bodies_are_let_go_of_once_a_thread_has_looked(look: Callable[[GivenUp], object]) -> None:
    given_up, body = GivenUp(), bytes(bytearray(BODY))
    before = sys.getrefcount(body)
    given_up.note(SETTINGS, body, 1500)
    assert sys.getrefcount(body) > before
    look(given_up)
    assert sys.getrefcount(body) == before
    assert given_up.has(SETTINGS, BODY)


def test_forgets_what_was_not_seen_for_longest() -> None:
    given_up = GivenUp()
    for number in range(MAX_GIVEN_UP):
        given_up.note(SETTINGS, b"%d" % number, len(str(number)))
    assert given_up.has(SETTINGS, b"0")
    given_up.note(SETTINGS, b"x", 1)
    assert given_up.has(SETTINGS, b"0")
    assert not given_up.has(SETTINGS, b"1 ")
