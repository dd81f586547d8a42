"""What is known of requests whose work took too long."""

from __future__ import annotations

from headroom_compression import Settings
from headroom_proxy.work.given_up import MAX_GIVEN_UP
from headroom_proxy.work.given_up import GivenUp

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


def test_forgets_what_was_not_seen_for_longest() -> None:
    given_up = GivenUp()
    for number in range(MAX_GIVEN_UP):
        given_up.note(SETTINGS, b"%d" % number, len(str(number)))
    assert given_up.has(SETTINGS, b"0")
    given_up.note(SETTINGS, b"x", 1)
    assert given_up.has(SETTINGS, b"0")
    assert not given_up.has(SETTINGS, b"1 ")
