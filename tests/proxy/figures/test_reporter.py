"""What is told of requests: the line, the metadata, the warning, and that counting never fails a request."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

import pytest
from mitmproxy.io import tnetstring
from mitmproxy.test import tflow

from headroom_compression import AnswerEvent
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_proxy.answers.lanes import tell_nobody
from headroom_proxy.figures import log_lines
from headroom_proxy.figures.live_savings import savings_report
from headroom_report.values.savings import Tokens
from headroom_report.values.usage_sums import UsageSum
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.compression.support.bodies import request_body
from tests.compression.support.budget_sessions import WITH_BUDGET
from tests.compression.support.budget_sessions import report
from tests.proxy.reported import ENDED
from tests.proxy.reported import Session
from tests.proxy.reported import answer
from tests.proxy.reported import body
from tests.proxy.reported import saved_in

if TYPE_CHECKING:
    from headroom_proxy.figures.totals import Totals

ANSWERED = AnswerEvent(ENDED)


def test_a_request_is_told_with_the_upstreams_count(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    session.send(body(1), answer(48_911))
    before = 48_911 + session.saved()
    (line,) = caplog.messages
    share = f"-{session.saved() / before:.1%}"
    assert line == f"headroom: responses {before:,} -> 48,911 tokens ({share}), 1 new output, 2.0 ms"


def test_what_is_sent_again_counts_in_its_share(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    session.send(body(1), answer(1000))
    session.send(body(1, 2), answer(1500))
    saved = session.saved()
    assert saved > session.saved(0)
    assert f" {1500 + saved:,} -> 1,500 tokens " in caplog.messages[-1]
    assert caplog.messages[-1].endswith(", 1 new output, 2.0 ms")


@pytest.mark.parametrize(
    ("told", "reason"),
    [(ANSWERED, "no usage was read"), (None, "no finished answer was read")],
    ids=["no usage", "broke off"],
)
def test_without_the_upstreams_count_there_is_no_share(
    told: AnswerEvent | None, reason: str, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    session.send(body(1), told)
    expected = f"headroom: responses, {session.saved():,} tokens saved in 1 output, 1 new output, 2.0 ms; {reason}"
    assert caplog.messages == [expected]


def test_what_goes_on_as_it_came_is_no_line(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    session.send(body(), answer(20))
    assert caplog.messages == []
    assert session.reporter.totals.passed == {"without tool outputs": 1}
    session.send(b'{"input":[{"type":"function_call_output","call_id":"c","output":"ok"}]}', answer(20))
    assert session.reporter.totals.passed == {"without tool outputs": 1, "nothing to shorten": 1}


def test_the_metadata_is_counts_that_every_file_can_hold(session: Session) -> None:
    first = session.send(body(1), answer(1000, cached=0))
    flow = session.send(body(1, 2), answer(1500, cached=896))
    assert flow.metadata == {
        "headroom": {
            "requests": 1,
            "new_outputs": 1,
            "saved_new": session.saved() - session.saved(0),
            "saved": session.saved(),
            "milliseconds": 2.0,
            "input_tokens": 1500,
            "cached_tokens": 896,
            "output_tokens": 10,
        }
    }
    assert first.metadata["headroom"]["cached_tokens"] == 0
    assert tnetstring.loads(tnetstring.dumps(flow.metadata)) == flow.metadata == json.loads(json.dumps(flow.metadata))
    assert type(flow).from_state(flow.get_state()).metadata == flow.metadata


def test_what_went_on_as_it_came_has_no_metadata(session: Session) -> None:
    assert session.send(body(), answer(20)).metadata == {}


def test_a_websocket_counts_its_requests(session: Session) -> None:
    flow = tflow.twebsocketflow()
    for number in (1, 2):
        compressed = compress_request_body(body(number))
        session.count(flow, compressed)
    assert flow.metadata["headroom"]["requests"] == 2


def test_a_dry_run_counts_the_other_way_round(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    session.reporter.start(is_dry_run=True)
    flow = session.send(body(1), answer(2000))
    assert caplog.messages[0].startswith(f"headroom: dry run, responses 2,000 -> {2000 - session.saved():,} tokens ")
    assert list(flow.metadata) == ["headroom_dry_run"]
    assert session.reporter.stats()[0].endswith("; dry run, nothing was changed")


@pytest.mark.parametrize("missing", [1, 0], ids=["less than is saved", "just as much"])
def test_a_dry_run_does_not_believe_a_count_that_leaves_nothing(
    missing: int, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    session.reporter.start(is_dry_run=True)
    saved = saved_in(body(1))
    flow = session.send(body(1), answer(saved - missing))
    expected = f"headroom: dry run, responses, {saved:,} tokens saved in 1 output, 1 new output, 2.0 ms; "
    assert caplog.messages == [expected + "no usage was read"]
    together = session.reporter.totals.all
    assert (together.answers, together.usage, together.whole, together.turns) == (0, UsageSum(), Tokens(), [])
    assert together.new.saved == flow.metadata["headroom_dry_run"]["saved_new"] == saved
    session.send(body(1, 2), answer(2000))
    assert session.reporter.totals.all.whole == Tokens(2000, 2000 - session.saved())


def test_a_dry_run_starts_from_nothing(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    session.send(body(1), answer(2000))
    session.reporter.start(is_dry_run=True)
    assert caplog.messages[1].startswith("headroom: 1 request, 1 compressed; "), "the sums so far"
    assert session.reporter.stats() == ["no requests yet"]


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def test_warns_once_when_the_cache_misses_what_it_was_sent(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    numbers: list[int] = []
    for number, cached in enumerate([1024, 1024, 1024, 1024, 1024]):
        numbers.append(number)
        session.send(body(*numbers), answer(4000 + 1000 * number, cached))
        session.seconds += 20
    (warning,) = warnings_in(caplog)
    assert re.match("headroom: of conversation 1 the upstream had only 1,024 tokens in its cache, ", warning)
    assert "about 4,864 were expected" in warning, "38 steps of 128 of the 5,000 before"


@pytest.mark.parametrize(
    ("cached", "seconds", "inputs"),
    [
        pytest.param([0, 3840, 4864, 5888], 20, [4000, 5000, 6000, 7000], id="the cache holds"),
        pytest.param([0, 0, 0, 0], 20, [4000, 5000, 6000, 7000], id="a provider without a cache"),
        pytest.param([None, None, None, None], 20, [4000, 5000, 6000, 7000], id="one that does not tell"),
        pytest.param([1024, 1024, 1024, 1024], 301, [4000, 5000, 6000, 7000], id="it expires"),
        pytest.param([1024, 1024, 4864, 1024], 20, [4000, 5000, 6000, 7000], id="it misses now and then"),
        pytest.param([1024, 1024, 1024, 1024], 20, [4000, 3000, 2000, 1500], id="the server drops the history"),
        pytest.param([64, 64, 64, 64], 20, [900, 1000, 1100, 1150], id="too short to be cached"),
    ],
)
def test_does_not_warn_when(
    cached: list[int | None], seconds: float, inputs: list[int], session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    for number, (reported, tokens) in enumerate(zip(cached, inputs, strict=True)):
        session.send(body(*range(number + 1)), answer(tokens, reported))
        session.seconds += seconds
    assert warnings_in(caplog) == []


def test_does_not_warn_of_sessions_that_only_look_alike(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(4):
        session.send(body(number, number + 10), answer(4000, 1024))
    assert warnings_in(caplog) == []


def test_does_not_warn_in_a_dry_run(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    session.reporter.start(is_dry_run=True)
    for number in range(4):
        session.send(body(*range(number + 1)), answer(4000 + number, 1024))
    assert warnings_in(caplog) == []


def test_warns_of_what_continues_answers_too(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(4):
        continues = f"resp_{number - 1}" if number else ""
        session.send(body(number), answer(4000 + number, 1024, f"resp_{number}"), continues=continues)
    assert len(warnings_in(caplog)) == 1


def test_warns_once_when_reasoning_is_withheld_behind_what_was_sent_before(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    for number, withheld in enumerate([(), (), ("rs_1", "rs_2"), ("rs_1", "rs_2"), ("rs_1", "rs_2", "rs_3")]):
        session.send(body(*range(number + 1)), answer(4000, withheld=withheld))
    (warning,) = warnings_in(caplog)
    assert warning.startswith("headroom: in conversation 1 the upstream has withheld 2 reasoning items from the model ")
    told = "3 reasoning items withheld from the model, as 3 answers told: what stands before had changed"
    assert told in session.reporter.stats()
    assert f"{told}." in savings_report(session.reporter.totals, Settings()).notes


def test_does_not_warn_of_reasoning_of_which_not_all_passed_by(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    """As when it is switched on in the middle of a session."""
    for number in range(3):
        session.send(body(*range(number + 1)), answer(4000, withheld=("rs_1",)))
    assert warnings_in(caplog) == []


def test_does_not_warn_of_reasoning_when_nothing_was_edited(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    session.settings = Settings(min_tokens=10**6)
    for number in range(3):
        session.send(body(*range(number + 1)), answer(4000, withheld=(f"rs_{number}",)))
    session.settings = Settings()
    session.reporter.start(is_dry_run=True)
    for number in range(3):
        session.send(body(*range(10, number + 11)), answer(4000, withheld=(f"rs_{number}",)))
    assert warnings_in(caplog) == []
    assert session.reporter.totals.all.reasoning.withheld == 3


def test_does_not_warn_when_a_client_changes_what_it_sent(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    session.send(body(1), answer(4000))
    session.seconds += 1
    session.send(body(1, 2), answer(4000))
    session.seconds += 1
    session.send(body(1, 7, 8), answer(4000, withheld=("rs_1",)))
    assert len(session.reporter.totals.conversations) == 1, "it goes on from the first request"
    assert warnings_in(caplog) == []


def test_a_checkpoint_is_a_cause_also_where_its_own_answer_failed(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    session.settings = WITH_BUDGET
    items = [message("Go through all reports.")]
    checkpoints: list[int] = []
    while len(checkpoints) < 3:
        call_id = f"call_{len(items)}"
        items += [command_call(f"./report {call_id}", call_id), function_output(report(len(items)), call_id)]
        is_checkpoint = compress_request_body(request_body(*items), WITH_BUDGET).report.checkpoints > 0
        withheld = ("rs_1", "rs_2") if checkpoints else ()
        session.send(
            request_body(*items), None if is_checkpoint and not checkpoints else answer(9_000, 0, None, withheld)
        )
        checkpoints += [session.points[-1].report.new_checkpoints] if is_checkpoint else []
    assert checkpoints == [1, 0, 0]
    assert session.reporter.totals.all.reasoning.withheld == 2
    assert warnings_in(caplog) == []
    session.send(request_body(*items, message("Done?")), answer(9_000, 0, None, ("rs_1", "rs_2", "rs_3")))
    assert len(warnings_in(caplog)) == 1


@pytest.mark.parametrize("error", [ValueError, SystemExit, BaseException])
def test_counting_never_fails_a_request(
    error: type[BaseException], session: Session, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Totals:
        raise error("planted")

    monkeypatch.setattr(session.reporter.totals, "begin", fail)
    compressed = compress_request_body(body(1))
    assert session.count(tflow.tflow(), compressed) is tell_nobody
    monkeypatch.undo()
    monkeypatch.setattr(log_lines, "request_line", fail)
    session.send(body(1), answer(9))
    assert caplog.messages == [f"headroom: a request could not be counted: {error.__name__}"] * 2
