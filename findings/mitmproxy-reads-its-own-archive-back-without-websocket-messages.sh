#!/usr/bin/env bash
# What mitmproxy reads from an HTTP archive (HAR) that it wrote is not what it recorded, and it does not say so.
#
# Versions: mitmproxy 12.3.1, and 11.0.2 where python3 is older than 3.12.
#
# Behaviour: mitmproxy writes archives (--set hardump=FILE, save.har) and reads them where it reads its own flow files
# (-r, -C, -S). One would expect the same flows, as far as the archive holds them. But the messages of a WebSocket, which
# it writes, are not read: the flow comes back as a request for an upgrade and nothing else, so that of a session of
# Codex or Copilot over a WebSocket, kept as an archive, no turn is left in mitmproxy. A request that got no answer comes
# back as answered, with the status 0, and server replay would answer so; a stream of which no body was kept comes back
# as one that had none; HTTP/2 as HTTP/1.1, since it writes "HTTP/2.0" and reads "HTTP/2" only. The log has no word of it.
#
# Output seen (each flow as it was recorded, what the archive says of it, and as it is read back):
#     WebSocket   101, 3 messages       3 messages        101, 0 messages
#     no answer   no answer, an error   status 0, error   status 0, no error
#     streamed    200, body not kept    empty text        200, body of 0 bytes
#     HTTP/2      200, HTTP/2.0         HTTP/2.0          200, HTTP/1.1
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
mitmproxy="$(venv/bin/python -c 'import sys; print("12.3.1" if sys.version_info >= (3, 12) else "11.0.2")')"
venv/bin/pip install --quiet --disable-pip-version-check "mitmproxy==$mitmproxy"

# One flow of each kind, as mitmproxy's own tests make them.
venv/bin/python - <<'PYTHON'
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

streamed = tflow.tflow(resp=True)
streamed.response.raw_content = None
second = tflow.tflow(resp=True)
second.request.http_version = second.response.http_version = "HTTP/2.0"
with open("recorded", "wb") as file:
    for flow in (tflow.twebsocketflow(), tflow.tflow(err=True), streamed, second):
        FlowWriter(file).add(flow)
PYTHON

run=(timeout 60 venv/bin/mitmdump --set confdir=conf --no-server)
"${run[@]}" --rfile recorded --set hardump=session.har >log 2>&1
"${run[@]}" --rfile session.har --save-stream-file back >reading.log 2>&1
if grep -iE 'warn|websocket message|not read|skipped' reading.log; then exit 1; fi

venv/bin/python - >seen <<'PYTHON'
import json
from mitmproxy.io import FlowReader

def flows_of(name):
    with open(name, "rb") as file:
        return list(FlowReader(file).stream())

def messages(flow):
    return f"{flow.response.status_code}, {len(flow.websocket.messages) if flow.websocket else 0} messages"

def end(flow):
    answer = f"status {flow.response.status_code}" if flow.response else "no answer"
    return f"{answer}, {'an error' if flow.error else 'no error'}"

def body(flow):
    content = flow.response.raw_content
    return f"{flow.response.status_code}, body {'not kept' if content is None else f'of {len(content)} bytes'}"

def version(flow):
    return f"{flow.response.status_code}, {flow.response.http_version}"

with open("session.har") as file:
    entries = json.load(file)["log"]["entries"]
answers = [entry["response"] for entry in entries]
archive = (
    f"{len(entries[0]['_webSocketMessages'])} messages",
    f"status {answers[1]['status']}, {'error' if answers[1]['_error'] else 'no error'}",
    "text" if answers[2]["content"]["text"] else "empty text",
    answers[3]["httpVersion"],
)
names = ("WebSocket", "no answer", "streamed", "HTTP/2")
ways = (messages, end, body, version)
for name, way, before, between, after in zip(names, ways, flows_of("recorded"), archive, flows_of("back"), strict=True):
    print(f"{name:11} {way(before):21} {between:17} {way(after)}")
PYTHON
cat seen

diff - seen <<'EXPECTED'
WebSocket   101, 3 messages       3 messages        101, 0 messages
no answer   no answer, an error   status 0, error   status 0, no error
streamed    200, body not kept    empty text        200, body of 0 bytes
HTTP/2      200, HTTP/2.0         HTTP/2.0          200, HTTP/1.1
EXPECTED
echo "mitmproxy reads its archive as described"
