#!/usr/bin/env bash
# An addon of mitmproxy that changes a WebSocket text may damage characters that it never touched.
#
# Versions: mitmproxy 12.3.1, and 11.0.2 where python3 is older than 3.12; websockets 17.4.
#
# Behaviour: one would expect that a text which an addon assigns arrives as it was assigned, cut into frames or not. But
# mitmproxy cuts its bytes, and decodes each piece by itself, with U+FFFD for what is no whole character there. A text
# whose length was changed is cut every 4,000 bytes; one of the same length where the sender had cut the original. So
# JSON with a few kilobytes of another script than Latin arrives with characters replaced, still valid JSON, without a
# word in the log. A text that no addon changes is whole, in whatever frames it came.
#
# Output seen (frames as the server got them):
#     as sent            1 frames, 2400 characters, 0 replaced
#     one letter more    2 frames, 2403 characters, 3 replaced
#     same length        3 frames, 6 characters, 3 replaced
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
mitmproxy="$(venv/bin/python -c 'import sys; print("12.3.1" if sys.version_info >= (3, 12) else "11.0.2")')"
venv/bin/pip install --quiet --disable-pip-version-check "mitmproxy==$mitmproxy" websockets==17.4

cat >addon.py <<'PYTHON'
def websocket_message(flow):
    message = flow.websocket.messages[-1]
    if message.text.startswith("longer"):
        message.text += "!"
    elif message.text == "aaaaaaaa":
        message.text = "\u20ac\u20acbb"
PYTHON

cat >server.py <<'PYTHON'
import json
from websockets.sync.server import serve

def answer(connection):
    while True:
        frames = list(connection.recv_streaming())
        connection.send(json.dumps([len(frames), "".join(frames)]))

with serve(answer, "127.0.0.1", 0, compression=None) as server:
    print(server.socket.getsockname()[1], flush=True)
    server.serve_forever()
PYTHON

cat >client.py <<'PYTHON'
import json, sys
from websockets.sync.client import connect

with connect(f"ws://127.0.0.1:{sys.argv[1]}", compression=None, proxy=None) as connection:
    long = "\u20ac" * 2394
    texts = {"as sent": "equal " + long, "one letter more": "longer" + long, "same length": ["aaaa", "aaaa"]}
    for name, text in texts.items():
        connection.send(text)
        frames, arrived = json.loads(connection.recv())
        print(f"{name:18} {frames} frames, {len(arrived)} characters, {arrived.count(chr(0xFFFD))} replaced")
PYTHON

# The first number in what a program prints, within a minute.
port_in() {
    for _ in $(seq 600); do
        if grep -om1 -E "$2" "$1" | grep -oE '[0-9]+$'; then return; fi
        sleep 0.1
    done
    return 1
}

venv/bin/python server.py >server.log 2>&1 &
upstream="$(port_in server.log '^[0-9]+')"
PYTHONUNBUFFERED=1 venv/bin/mitmdump --set confdir=conf --mode "reverse:http://127.0.0.1:$upstream" \
    --listen-host 127.0.0.1 --listen-port 0 -s addon.py >proxy.log 2>&1 &
proxy="$(port_in proxy.log 'listening at .*:[0-9]+')"
venv/bin/python client.py "$proxy" | tee seen
if grep -iE 'error|warn' proxy.log; then exit 1; fi

diff - seen <<'EXPECTED'
as sent            1 frames, 2400 characters, 0 replaced
one letter more    2 frames, 2403 characters, 3 replaced
same length        3 frames, 6 characters, 3 replaced
EXPECTED
echo "mitmproxy behaves as described"
