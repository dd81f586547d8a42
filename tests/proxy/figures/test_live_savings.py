"""The live sums as a report."""

from __future__ import annotations

from mitmproxy.test import tflow

from headroom_compression import AnswerEvent
from headroom_proxy.figures.live_savings import savings_report
from headroom_report.values.savings import ClientSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.usage_sums import UsageSum
from headroom_report.writing.json_report import as_json
from headroom_report.writing.page import as_page
from tests.proxy.reported import ENDED
from tests.proxy.reported import SETTINGS
from tests.proxy.reported import Session
from tests.proxy.reported import answer
from tests.proxy.reported import body


def test_says_what_was_counted() -> None:
    session = Session()
    session.reporter.passed("signed", tflow.tflow())
    session.send(body(1), answer(1000, 0))
    session.send(body(1, 2), answer(1600, 896))
    session.send(body(7), AnswerEvent(ENDED))
    session.send(body(8), None)
    session.send(b"no request", answer(5))
    report = savings_report(session.reporter.totals, SETTINGS)
    one, two = session.saved(0), session.saved(1)
    assert [(part.name, len(part.turns)) for part in report.sessions] == [
        ("conversation 1", 2),
        ("conversation 2", 0),
        ("conversation 3", 0),
        ("earlier conversations, and requests of none", 1),
    ]
    assert report.whole == Tokens(2605 + one + two, 2605)
    assert report.new == Tokens(1605 + two, 1605)
    assert report.outputs.saved == two + session.saved(2)
    assert report.usage == UsageSum(2605, 896, 30, untold=5)
    assert report.notes == (
        "1 request went on as it came: signed.",
        "1 request went on as it came: no JSON.",
        "2 requests whose tokens the provider has not told: not in the sessions; if answered, in the tools.",
    )
    assert report.title == "What headroom-addon saved"


def test_the_page_claims_nothing_of_outputs_that_it_does_not_count() -> None:
    session = Session()
    session.send(body(1), AnswerEvent(ENDED))
    session.send(body(7), answer(1))
    page = as_page(savings_report(session.reporter.totals, SETTINGS))
    assert "shortened tool outputs alone, each once" in page
    assert "Shortened tool outputs, each counted once" in page
    assert "of all tokens" not in page, "the tools are of other requests than those whose tokens are known"


def test_of_nothing_and_of_a_dry_run_there_is_a_page() -> None:
    session = Session()
    session.reporter.start(is_dry_run=True)
    report = savings_report(session.reporter.totals, SETTINGS)
    assert (report.sessions, report.notes) == ((), ())
    assert "What headroom-addon would save" in as_page(report)


def test_clients_are_in_the_page_and_in_what_machines_read() -> None:
    session = Session()
    session.send(body(1), answer(1000, 0), agent="codex_cli_rs/0.171.0 (private.example)")
    report = savings_report(session.reporter.totals, SETTINGS)
    (client,) = report.clients
    saved = session.saved()
    whole = Tokens(1000 + saved, 1000)
    assert client == ClientSavings("codex_cli_rs 0.171.0", 1, 1, saved, whole)
    assert "codex_cli_rs 0.171.0" in as_page(report)
    assert "private" not in as_page(report)
    assert as_json(report)["clients"] == [
        {
            "client": "codex_cli_rs 0.171.0",
            "requests": 1,
            "shortened": 1,
            "saved_new": saved,
            "whole": {"before": 1000 + saved, "after": 1000, "saved": saved, "share": round(whole.share, 4)},
        }
    ]
