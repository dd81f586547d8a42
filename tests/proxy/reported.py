"""Requests of an agent's session, told to a reporter as the hooks tell them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from mitmproxy.test import tflow
from mitmproxy.test import tutils

from headroom_compression import AnswerEvent
from headroom_compression import Memory
from headroom_compression import Progress
from headroom_compression import Settings
from headroom_compression import Usage
from headroom_compression import compress_request_body
from headroom_proxy.answers.continuations import Scope
from headroom_proxy.figures.reporter import Reporter
from headroom_proxy.figures.sent_requests import Origin
from headroom_proxy.figures.sent_requests import Timing
from tests.wire.bodies import Item
from tests.wire.bodies import message
from tests.wire.bodies import reading
from tests.wire.bodies import rows

if TYPE_CHECKING:
    from mitmproxy.http import HTTPFlow

    from headroom_compression import CompressedBody
    from headroom_proxy.answers.lanes import Tell

SETTINGS = Settings()
ENDED = Progress.ENDED
SCOPE = Scope("address", 22, b"")
FROM_NONE = Origin(SCOPE, "")
NO_TIME = Timing(0.0, 0.0)


def answer(
    input_tokens: int, cached: int | None = None, response_id: str | None = None, withheld: tuple[str, ...] = ()
) -> AnswerEvent:
    return AnswerEvent(ENDED, response_id, usage=Usage(input_tokens, cached, output=10), withheld=withheld)


def turn(number: int) -> list[Item]:
    """A call that reads a file, and its output: in each turn another one."""
    return list(reading(f"call_{number}", rows(name=f"word_{number}"), f"cat -n file_{number}.py"))


def body(*numbers: int) -> bytes:
    items: list[Item] = [message("Read."), *(item for number in numbers for item in turn(number))]
    return json.dumps({"model": "gpt-test", "input": items}).encode()


def saved_in(sent: bytes) -> int:
    """The tokens saved in all of a request that begins a session."""
    return compress_request_body(sent).report.saved_in_all


@dataclass
class Session:
    """seconds: what the clock says."""

    seconds: float = 0.0
    settings: Settings = SETTINGS
    reporter: Reporter = field(init=False)
    memory: Memory = field(default_factory=Memory)
    flows: list[HTTPFlow] = field(default_factory=list)
    points: list[CompressedBody] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reporter = Reporter(lambda: self.seconds)

    def send(
        self, sent: bytes, told: AnswerEvent | None, *, continues: str = "", path: str = "/path", agent: str = ""
    ) -> HTTPFlow:
        """Count a request that took 2 ms, and then its answer. agent: the client, as it calls itself."""
        flow = tflow.tflow(req=tutils.treq(content=sent, path=path))
        if agent:
            flow.request.headers["User-Agent"] = agent
        compressed = compress_request_body(sent, self.settings, self.memory)
        self.points.append(compressed)
        since = self.seconds
        self.seconds += 0.002
        self.count(flow, compressed, Origin(SCOPE, continues), Timing(since, self.seconds))(told)
        self.flows.append(flow)
        return flow

    def count(
        self, flow: HTTPFlow, compressed: CompressedBody, origin: Origin = FROM_NONE, timing: Timing = NO_TIME
    ) -> Tell:
        counts = self.reporter.mark(flow, compressed.report, timing) if compressed.changed else None
        return self.reporter.sent(flow, origin, compressed, timing, counts)

    def saved(self, place: int = -1) -> int:
        return self.points[place].report.saved_in_all
