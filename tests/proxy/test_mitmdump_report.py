"""Totals, commands and flow files of the real mitmdump, after requests whose answers tell their tokens."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader

from headroom_compression import compress_request_body
from tests.proxy.reported import body
from tests.proxy.test_mitmdump import ON
from tests.proxy.test_mitmdump import mitmdump
from tests.proxy.test_mitmdump import send
from tests.wire.test_continued_answers import event_stream
from tests.wire.test_continued_answers import json_reply
from tests.wire.test_continued_answers import stream_reply
from tests.wire.test_continued_answers import whole
from tests.wire.websocket_peers import answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proxy.conftest import Upstream

# A script as a user may write one: it prints the sums and writes the page when it is asked to.
SCRIPT = """
from mitmproxy import ctx


def load(loader):
    loader.add_option("page", str, "", "Where the page goes.")


def request(flow):
    if flow.request.path == "/stats":
        print("\\n".join(ctx.master.commands.call("headroom.stats")))
        ctx.master.commands.execute(f"headroom.report {ctx.options.page}")
"""
USAGE = {"input_tokens": 1500, "input_tokens_details": {"cached_tokens": 384}, "output_tokens": 7}
REPLIES = [
    stream_reply(event_stream(answer("resp_1", usage=USAGE))),
    json_reply(whole("resp_2", usage=USAGE)),
    json_reply(b"{}"),
]


@pytest.mark.parametrize("dry_run", [False, True], ids=["for real", "a dry run"])
def test_tells_what_it_saved(dry_run: bool, confdir: Path, upstream: Upstream, tmp_path: Path) -> None:  # noqa: FBT001
    (tmp_path / "asks.py").write_text(SCRIPT)
    replies = iter(REPLIES)
    upstream.reply = lambda connection: connection.sendall(next(replies))
    arguments = [ON, f"--set=compress_dry_run={str(dry_run).lower()}", f"--save-stream-file={tmp_path}/flows"]
    arguments += [f"--mode=reverse:http://127.0.0.1:{upstream.port}", f"-s{tmp_path}/asks.py"]
    with mitmdump(confdir, *arguments, f"--set=page={tmp_path}/page.html") as proxy:
        for sent in (body(1), body(1, 2)):
            assert send(proxy.port, sent).startswith(b"HTTP/1.1 200")
        send(proxy.port, b"", path="/stats")
        assert proxy.stop() == 0
    one, two = (compress_request_body(sent).report.saved_in_all for sent in (body(1), body(1, 2)))
    whole_before, whole_after = (3000, 3000 - one - two) if dry_run else (3000 + one + two, 3000)
    requests = (
        f"2 requests, 2 compressed; {two:,} tokens saved in 2 new outputs, {one:,} more where those were sent again"
        + ("; dry run, nothing was changed" if dry_run else "")
    )
    upstreams = rf"the upstream reported 2 answers: input {whole_before:,} -> {whole_after:,} tokens \(-\d+(.\d)?%\), "
    upstreams += "26% of what was sent from its cache, output 14 tokens"
    assert re.search(rf"\n{requests}\n{upstreams}\nsaved by tool, each output once:\n  shell: ", proxy.log)
    assert re.search(rf"headroom: {requests}\n.*headroom: {upstreams}\s*\Z", proxy.log), "at the end"
    assert f"{two:,} of " in (tmp_path / "page.html").read_text()
    sent_bodies = [received.body for received in upstream.received[:2]]
    assert (sent_bodies == [body(1), body(1, 2)]) is dry_run
    check_metadata(tmp_path / "flows", "headroom_dry_run" if dry_run else "headroom", [one, two])


def check_metadata(file: Path, mark: str, saved: list[int]) -> None:
    with file.open("rb") as flows:
        kept = [flow.metadata for flow in FlowReader(flows).stream() if isinstance(flow, HTTPFlow)][:2]
    assert [list(metadata) for metadata in kept] == [[mark], [mark]]
    assert [metadata[mark]["saved"] for metadata in kept] == saved
    assert [metadata[mark]["cached_tokens"] for metadata in kept] == [384, 384]
    assert json.loads(json.dumps(kept)) == kept
