"""The view through mitmproxy's own entry, whichever version of its interface is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest
from mitmproxy import contentviews as installed_contentviews
from mitmproxy.addons.view import View
from mitmproxy.test import tflow
from mitmproxy.test import tutils
from mitmproxy.websocket import WebSocketMessage
from wsproto.frame_protocol import Opcode

from headroom_compression import compress_request_body
from headroom_proxy.addon import HeadroomAddon
from headroom_proxy.view.contentview import IS_OF_MITMPROXY_12
from headroom_proxy.view.contentview import BeforeAfterView
from headroom_proxy.view.contentview import add
from headroom_proxy.view.originals import Originals
from tests.proxy.reported import body
from tests.wire.bodies import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mitmproxy.http import HTTPFlow
    from mitmproxy.http import Message
    from mitmproxy.test import taddons

contentviews: Any = installed_contentviews
BEFORE = body(1)
COMPRESSED = compress_request_body(BEFORE)
AFTER = COMPRESSED.body


def shown(message: Message | WebSocketMessage, flow: HTTPFlow, view: str = "auto") -> str:
    """What mitmweb and the console show."""
    if IS_OF_MITMPROXY_12:
        return str(contentviews.prettify_message(message, flow, view).text)
    _, lines, error = contentviews.get_message_content_view(view, message, flow)
    assert error is None
    return "\n".join("".join(text for _, text in line) for line in lines)


@pytest.fixture
def originals(context: taddons.context) -> Iterator[Originals]:
    context.options.add_option("protobuf_definitions", str, "", "An option of mitmproxy's core.")
    originals = Originals()
    originals.is_wanted = True
    add(BeforeAfterView(originals))
    yield originals
    originals.forget()


@pytest.fixture
def flow(originals: Originals) -> HTTPFlow:
    flow = tflow.tflow(req=tutils.treq(content=AFTER))
    originals.keep(flow, BEFORE, AFTER, COMPRESSED.report)
    return flow


def test_shows_a_compressed_request_of_its_own_accord(flow: HTTPFlow) -> None:
    text = shown(flow.request, flow)
    assert text.startswith("1 tool output shortened: ")
    line = rows(name="word_1").split("\n")[1].partition("\t")[2]
    assert f"~     {line}\n" in text
    assert shown(flow.request, flow, "Headroom") == text


def test_shows_what_was_encoded(flow: HTTPFlow) -> None:
    flow.request.headers["content-encoding"] = "gzip"
    flow.request.content = AFTER
    assert flow.request.raw_content != AFTER
    assert shown(flow.request, flow).startswith("1 tool output shortened: ")


def test_shows_a_message_of_a_websocket(originals: Originals) -> None:
    flow = tflow.twebsocketflow()
    originals.keep(flow, BEFORE, AFTER, COMPRESSED.report)
    message = WebSocketMessage(Opcode.TEXT, True, AFTER)  # noqa: FBT003  mitmproxy's order
    assert shown(message, flow).startswith("1 tool output shortened: ")


def test_leaves_other_bodies_to_other_views(flow: HTTPFlow) -> None:
    flow.request.headers["content-type"] = "application/json"
    flow.request.content = BEFORE
    assert " shortened: " not in shown(flow.request, flow)
    assert shown(flow.request, flow, "Headroom").startswith("Nothing was shortened here")


def test_a_view_takes_the_place_of_the_one_before(flow: HTTPFlow) -> None:
    add(BeforeAfterView(Originals()))
    assert " shortened: " not in shown(flow.request, flow)


@pytest.mark.parametrize("has_view", [False, True], ids=["mitmdump", "mitmweb"])
def test_originals_are_wanted_where_there_is_a_view(
    has_view: bool,  # noqa: FBT001  a parameter of the test
    context: taddons.context,
) -> None:
    if has_view:
        context.master.addons.add(View())
    addon = HeadroomAddon(compress_request_body, lambda: None, lambda: None)
    context.master.addons.add(addon)
    addon.running()
    assert addon.originals.is_wanted is has_view
