"""The first request to a host is told once, with the reason why it was not compressed, and nothing else of it."""

from __future__ import annotations

import pytest
from mitmproxy.test import tutils

from headroom_proxy.figures.first_seen import MAX_HOSTS
from headroom_proxy.figures.first_seen import NOTHING_SEEN
from headroom_proxy.figures.first_seen import FirstSeen
from tests.proxy.reported import Session
from tests.proxy.reported import body

NOT_YET = "headroom: first Responses request to {}: without tool outputs, nothing to compress yet"


def line(seen: FirstSeen, host: str, why_not: str | None = "signed", path: str = "/v1/responses?key=secret") -> str:
    return seen.line(tutils.treq(host=host, path=path), why_not) or ""


@pytest.mark.parametrize(
    "reason", ["left out by compress_only", "signed", "streamed", "of unknown coding", "asked to be left alone"]
)
def test_it_says_why_a_request_was_left_alone(reason: str) -> None:
    seen = FirstSeen()
    said = line(seen, "some.example", reason)
    assert said == f"headroom: first Responses request to some.example: {reason}, passed on as it came"
    assert line(seen, "some.example", reason) == ""
    assert line(seen, "other.example", "without tool outputs") == NOT_YET.format("other.example")


def test_it_names_a_host_and_nothing_else() -> None:
    assert "to host.example: signed" in line(FirstSeen(), "user:password@host.example")
    assert "\n" not in line(FirstSeen(), "host\nexample")
    assert len(line(FirstSeen(), "h" * 1000)) < 400


def test_a_failure_has_its_own_line() -> None:
    seen = FirstSeen()
    assert line(seen, "some.example", "failed") == ""
    assert not seen.is_empty


def test_only_requests_for_answers_are_told() -> None:
    seen = FirstSeen()
    assert line(seen, "some.example", path="/v1/responses/input_tokens") == ""
    assert seen.is_empty
    assert line(seen, "some.example") != ""


def test_no_more_hosts_are_remembered_than_a_user_has() -> None:
    seen = FirstSeen()
    told = [line(seen, f"{number}.example") for number in range(MAX_HOSTS + 1)]
    assert [bool(said) for said in told] == [True] * MAX_HOSTS + [False]


def test_a_request_without_outputs_is_told_and_the_next_is_not(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        session.send(body(), None, path="/v1/responses")
    assert caplog.messages == [NOT_YET.format("address")]


@pytest.mark.parametrize("given", ['"Read."', "[]"])
def test_a_prompt_alone_is_without_outputs(session: Session, caplog: pytest.LogCaptureFixture, given: str) -> None:
    session.send(f'{{"input":{given}}}'.encode(), None, path="/v1/responses")
    assert caplog.messages == [NOT_YET.format("address")]


def test_a_first_request_that_was_compressed_tells_itself(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    session.send(body(1), None, path="/v1/responses")
    session.send(body(), None, path="/v1/responses")
    assert [message for message in caplog.messages if "first" in message] == []
    assert len(caplog.messages) == 1


@pytest.mark.parametrize(("was_on", "expected"), [(True, [NOTHING_SEEN]), (False, [])])
def test_at_the_end_it_says_what_to_check_where_nothing_came(
    session: Session, caplog: pytest.LogCaptureFixture, expected: list[str], *, was_on: bool
) -> None:
    session.reporter.log_end(was_on=was_on)
    assert caplog.messages == expected


def test_at_the_end_nothing_is_to_be_checked_where_something_came(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    session.send(body(), None, path="/v1/responses")
    caplog.clear()
    session.reporter.log_end(was_on=True)
    assert NOTHING_SEEN not in caplog.messages
