#!/usr/bin/env bash
# One wrong word behind `--set`, and mitmdump runs without the script that has the option and all scripts after it.
#
# Versions: mitmproxy 12.3.1, and 11.0.2 where python3 is older than 3.12.
#
# Behaviour: a switch of mitmproxy's own takes `true` or `false`; with `--set anticache=1` mitmdump says so and ends with
# status 1. One would expect the same for a switch of an addon, where `1`, `True` and `yes` are no values either. But
# then mitmdump prints that it loads the script, prints nothing else, and listens and passes requests on as if all were
# well: neither that script nor one given behind it is called for anything, and a corrected file is not loaded again. So
# what should have been rewritten or recorded is not, and the status is 0. The same wrong value in config.yaml is an error.
#
# Output seen (switch is the option of the script `one`; which scripts began, what is told of it, the status):
#     --set switch=true     one, two    began: one two   told: nothing    status 0
#     --set switch=1        one, two    began: none      told: nothing    status 0
#     --set switch=True     one, two    began: none      told: nothing    status 0
#     --set switch=1        two, one    began: two       told: nothing    status 0
#     --set anticache=1     one, two    did not start    told: an error   status 1
#     the file, switch: 1   one, two    did not start    told: an error   status 1
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
mitmproxy="$(venv/bin/python -c 'import sys; print("12.3.1" if sys.version_info >= (3, 12) else "11.0.2")')"
venv/bin/pip install --quiet --disable-pip-version-check "mitmproxy==$mitmproxy"

for name in one two; do
    printf 'def running():\n    with open("began", "a") as began:\n        began.write(" %s")\n' "$name" >"$name.py"
done
printf '\ndef load(loader):\n    loader.add_option("switch", bool, False, "An option of an addon")\n' >>one.py

# Given first, it ends mitmdump when that has had time to call all scripts.
cat >last.py <<'PYTHON'
import asyncio
from mitmproxy import ctx

def running():
    asyncio.get_running_loop().call_later(2, ctx.master.shutdown)
PYTHON

mkdir with without
printf 'switch: 1\n' >with/config.yaml

# What comes of mitmdump with that folder of configuration, those scripts, and those arguments.
try() {
    local status=0 told=nothing
    rm -f began
    timeout 60 venv/bin/mitmdump --set "confdir=$2" -s last.py -s "$3.py" -s "$4.py" \
        --listen-host 127.0.0.1 --listen-port 0 "${@:5}" >log 2>&1 || status=$?
    if grep -qiE 'error|warn|must be|expected' log; then told='an error'; fi
    [[ -e began ]] || echo ' none' >began
    began="began:$(<began)"
    if [[ $status = 0 ]]; then grep -q 'listening at' log; else began='did not start'; fi
    printf '%-21s %-11s %-16s told: %-10s status %s\n' "$1" "$3, $4" "$began" "$told" "$status" >>seen
}
try '--set switch=true' without one two --set switch=true
try '--set switch=1' without one two --set switch=1
try '--set switch=True' without one two --set switch=True
try '--set switch=1' without two one --set switch=1
try '--set anticache=1' without one two --set anticache=1
try 'the file, switch: 1' with one two
cat seen

diff - seen <<'EXPECTED'
--set switch=true     one, two    began: one two   told: nothing    status 0
--set switch=1        one, two    began: none      told: nothing    status 0
--set switch=True     one, two    began: none      told: nothing    status 0
--set switch=1        two, one    began: two       told: nothing    status 0
--set anticache=1     one, two    did not start    told: an error   status 1
the file, switch: 1   one, two    did not start    told: an error   status 1
EXPECTED
echo "mitmproxy behaves as described"
