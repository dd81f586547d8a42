#!/usr/bin/env bash
# Where a script raises in a hook of a flow, mitmproxy calls no script that was loaded after it for that event.
#
# Versions: mitmproxy 12.3.1, and 11.0.2 where python3 is older than 3.12.
#
# Behaviour: an exception in a hook is logged ("Addon error"), and one would expect that it is the affair of that script
# alone, as each addon of mitmproxy is called whatever another one raises. But all scripts are children of one addon,
# the script loader, and the exception ends the call of that. So an unrelated script, given first, silently keeps an
# addon given behind it from seeing requests; in the other order it sees them.
#
# Output seen (each script prints its name; `raises` then raises; the save addon of mitmproxy writes the flow anyway):
#     raises, counts    raises                 1 flow written
#     counts, raises    counts raises          1 flow written
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
mitmproxy="$(venv/bin/python -c 'import sys; print("12.3.1" if sys.version_info >= (3, 12) else "11.0.2")')"
venv/bin/pip install --quiet --disable-pip-version-check "mitmproxy==$mitmproxy"

for name in raises counts; do
    printf 'def request(flow):\n    with open("seen", "a") as seen:\n        seen.write("%s ")\n' "$name" >"$name.py"
done
echo '    raise ValueError("of this script alone")' >>raises.py
venv/bin/python - <<'PYTHON'
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

with open("recorded", "wb") as file:
    FlowWriter(file).add(tflow.tflow(resp=True))
PYTHON

# Which scripts see the request of a recorded flow, loaded in that order, and how many flows are written.
try() {
    rm -f seen written
    timeout 60 venv/bin/mitmdump --set confdir=conf -n -r recorded -w written -s "$1.py" -s "$2.py" >>log 2>&1 ||
        test $? = 1 # a flow that is read counts as a part of the start, where errors are told so
    flows="$(venv/bin/python -c '
from mitmproxy.io import FlowReader
print(len(list(FlowReader(open("written", "rb")).stream())))')"
    printf '%-17s %-22s %s flow written\n' "$1, $2" "$(sed 's/ *$//' seen)" "$flows" >>found
}
try raises counts
try counts raises
cat found
test "$(grep -c 'ValueError: of this script alone' log)" = 2

diff - found <<'EXPECTED'
raises, counts    raises                 1 flow written
counts, raises    counts raises          1 flow written
EXPECTED
echo "mitmproxy behaves as described"
