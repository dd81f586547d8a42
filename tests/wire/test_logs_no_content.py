"""What we log, at DEBUG too, names kinds of faults and counts: never a word of a request, its headers, or its path."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

import pytest

from headroom_compression import tokens
from headroom_compression.folds import rows as rows_fold
from headroom_proxy import encodings
from tests.compression.support.panics import PanicError
from tests.wire.bodies import SHORTENED
from tests.wire.bodies import call
from tests.wire.bodies import message
from tests.wire.bodies import output
from tests.wire.bodies import request
from tests.wire.bodies import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proxy.conftest import Proxy
    from tests.wire.conftest import Http1
    from tests.wire.conftest import Http2

PLANTED = "planted"
BODY = request(
    message(f"{PLANTED}-prompt"),
    call("c", f"cat -n {PLANTED}-file.py", f"{PLANTED}_tool"),
    output(rows(name=f"{PLANTED}_word"), "c"),
)
HEADERS = [
    (b"Authorization", b"Bearer planted-key"),
    (b"X-Api-Key", b"planted-key"),
    (b"Cookie", b"planted=cookie"),
    (b"planted-name", b"\xff"),
]
PATH = b"/planted-path/responses?api-key=planted-query"


def raise_its_input(*given: object) -> None:
    raise PanicError(*given)


def parse_what_is_no_json(body: bytes, *_: object) -> None:
    json.loads(body + b"}")


SITUATIONS: dict[str, Callable[[pytest.MonkeyPatch, Proxy], object]] = {
    "all is well": lambda patch, _: patch,
    "a dry run": lambda _, proxy: proxy.set(compress_dry_run=True),
    "the core raises what it was given": lambda _, proxy: setattr(proxy, "compress", raise_its_input),
    "the core raises a JSON error": lambda _, proxy: setattr(proxy, "compress", parse_what_is_no_json),
    "a fold raises what it was given": lambda patch, _: patch.setattr(rows_fold, "fold", raise_its_input),
    "a check raises what it was given": lambda patch, _: patch.setattr(rows_fold, "is_exact", raise_its_input),
    "the count raises what it was given": lambda patch, _: patch.setattr(tokens, "count", raise_its_input),
}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param((BODY, b"identity"), id="a request"),
        pytest.param((BODY[:-1], b"identity"), id="cut"),
        pytest.param((BODY.replace(b"gpt-test", b"\xff"), b"identity"), id="no text"),
        pytest.param((BODY, b"planted-encoding"), id="an unknown encoding"),
        pytest.param((BODY, b"gzip"), id="a false encoding"),
        pytest.param((bytes(encodings.zstd.compress(BODY, 3)), b"zstd"), id="encoded"),
    ],
)
def test_no_secret_is_logged(
    situation: str,
    sent: tuple[bytes, bytes],
    wire: Http1 | Http2,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    SITUATIONS[situation](monkeypatch, wire.proxy)
    body, encoding = sent
    assert wire.post(body, *HEADERS, (b"Content-Encoding", encoding), path=PATH).status == 200
    records = [record for record in caplog.records if record.name.startswith("headroom")]
    shown = [logging.Formatter().format(record) + repr(vars(record)) for record in records]
    assert not [line for line in shown if PLANTED in line]


def test_a_refusal_names_the_host_and_nothing_else(http1: Http1, caplog: pytest.LogCaptureFixture) -> None:
    http1.upstream.reply = lambda connection: connection.sendall(
        b"HTTP/1.1 400 planted-reason\r\nX-Request: planted\r\nContent-Length: 7\r\nConnection: close\r\n\r\nplanted"
    )
    assert http1.post(BODY, *HEADERS, path=PATH).status == 400
    lines = [record for record in caplog.records if record.name.startswith("headroom")]
    assert [record.levelname for record in lines][-2:] == ["WARNING", "INFO"]
    assert "localhost answered 400" in lines[-2].getMessage()
    assert not [record for record in lines if PLANTED in logging.Formatter().format(record)]


def test_a_usual_request_is_one_line(wire: Http1 | Http2, log: Callable[[], list[str]]) -> None:
    received = wire.post(SHORTENED).received.body
    saved = tokens.count(rows()) - tokens.count(json.loads(received)["input"][1]["output"])
    (line,) = log()
    assert re.fullmatch(
        rf"headroom: responses, {saved} tokens saved in 1 output, 1 new output, [\d.]+ ms; no finished answer was read",
        line,
    )
