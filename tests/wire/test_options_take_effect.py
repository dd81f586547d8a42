"""Each option by what it does to a request on the wire, with the real core."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from headroom_compression import compress_request_body
from headroom_proxy.encodings import DECODED_LIMIT
from tests.wire.bodies import PLACE
from tests.wire.bodies import SHORTENED
from tests.wire.bodies import TEMPLATE
from tests.wire.bodies import around
from tests.wire.bodies import reading
from tests.wire.bodies import request
from tests.wire.bodies import rows
from tests.wire.bodies import turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.wire.conftest import Http1
    from tests.wire.conftest import Http2

MARKER = b" identical to "
FIVE_ROWS = request(
    *reading("c1", "\n".join(f"def function_{n}(argument_one, argument_two):" for n in range(40)), "cat a.py"),
    *reading("c2", "\n".join(f"def function_{n}(argument_one, argument_two):" for n in range(3, 9)), "./other"),
)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"compress_passthrough": False}, id="switched off"),
        pytest.param({"compress_exclude_tools": ["cat *"]}, id="the command is excluded"),
        pytest.param({"compress_exclude_tools": ["s?ell"]}, id="the tool is excluded"),
        pytest.param({"compress_min_tokens": 100_000}, id="the text is short"),
        pytest.param({"compress_only": "~d elsewhere.test"}, id="another host is meant"),
        pytest.param({"compress_dry_run": True}, id="a dry run"),
    ],
)
def test_passes_as_sent(options: dict[str, object], wire: Http1 | Http2) -> None:
    wire.proxy.set(**options)
    assert wire.post(SHORTENED).passed_as_sent


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="by default"),
        pytest.param({"compress_exclude_tools": ["git *", "read"]}, id="others are excluded"),
        pytest.param({"compress_min_tokens": 100}, id="the text is long enough"),
        pytest.param({"compress_only": "~m POST"}, id="this one is meant"),
        pytest.param({"compress_references": "off"}, id="numbers are thinned without references"),
    ],
)
def test_is_shortened(options: dict[str, object], wire: Http1 | Http2) -> None:
    wire.proxy.set(**options)
    assert len(wire.post(SHORTENED).received.body) < len(SHORTENED)


@pytest.mark.parametrize(
    ("references", "body", "has_marker"),
    [
        ("off", turns(2)[-1], False),
        ("careful", turns(2)[-1], True),
        ("eager", turns(2)[-1], True),
        ("careful", FIVE_ROWS, False),
        ("eager", FIVE_ROWS, True),
    ],
    ids=["off", "careful", "eager", "careful, six rows", "eager, six rows"],
)
def test_references(references: str, body: bytes, has_marker: bool, wire: Http1 | Http2) -> None:  # noqa: FBT001
    wire.proxy.set(compress_references=references)
    assert (MARKER in wire.post(body).received.body) == has_marker


@pytest.mark.parametrize(
    ("mebibytes", "new_outputs"),
    [(256, ["2 new outputs", "2 new outputs"]), (0, ["2 new outputs", "4 new outputs"])],
    ids=["a memory", "none"],
)
def test_memory(mebibytes: int, new_outputs: list[str], http1: Http1, log: Callable[[], list[str]]) -> None:
    http1.proxy.set(compress_memory=mebibytes)
    received = [http1.post(body).received.body for body in turns(2)]
    assert received == [compress_request_body(body).body for body in turns(2)]
    assert [line.split(", ")[2] for line in log() if "new output" in line] == new_outputs


def test_a_body_over_our_limit_passes_as_sent(http1: Http1) -> None:
    padding = json.dumps(rows() + "x" * DECODED_LIMIT).encode()
    body = around(TEMPLATE.replace(b'"model"', b'"instructions":%b,"model"' % padding))
    assert PLACE not in body
    assert http1.post(body).passed_as_sent
