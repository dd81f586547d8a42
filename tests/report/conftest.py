"""Traffic that a real mitmdump recorded: as flows and as HAR, without the addon, and as flows with it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import pytest

import headroom_addon
from headroom_report.reading.formats.opening import Opening
from headroom_report.values.items import request_ends
from headroom_report.values.sessions import Session
from tests.compression.support.bodies import request_body
from tests.loopback.proxy import running_proxy
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message
from tests.report.reads import reads

ADDON = Path(headroom_addon.__file__)


@dataclass(frozen=True)
class Traffic:
    """bodies: the requests of one session, each of which holds the one before."""

    bodies: list[bytes]
    flows: Path
    har: Path
    edited_flows: Path


@pytest.fixture(scope="session")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Traffic:
    items = reads(3)
    bodies = [request_body(*items[:end], prompt_cache_key="some-key") for end in request_ends(items)]
    folder = tmp_path_factory.mktemp("traffic")
    flows, har, edited = folder / "plain", folder / "archive", folder / "edited"
    _record(bodies, folder, "-w", str(flows), "--set", f"hardump={har}")
    _record(bodies, folder, "-w", str(edited), "-s", str(ADDON), "--set", "compress_passthrough=true")
    return Traffic(bodies, flows, har, edited)


def _record(bodies: list[bytes], folder: Path, *arguments: str) -> None:
    with LoopbackUpstream([(Message("Noted."),)] * len(bodies), tls=True) as upstream:
        options = ["--set", f"ssl_verify_upstream_trusted_ca={upstream.authority}", *arguments]
        with running_proxy(options, folder) as proxy:
            url = ("localhost", upstream.port, "/v1/responses?api-version=1")
            for number, body in enumerate(bodies):
                encoded = (gzip.compress(body), {"Content-Encoding": "gzip"}) if number == 1 else (body, {})
                list(proxy.post(url, *encoded))


class Notes(list[str]):
    """What a reader told of a file."""

    def opening(self, path: Path) -> Opening:
        return Opening(path, self.append)


@pytest.fixture
def notes() -> Notes:
    return Notes()


def requests_of(session: Session) -> list[int]:
    """How many items each request has, over all stretches."""
    return [end for stretch in session.stretches for end in stretch.ends]
