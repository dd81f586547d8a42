#!/usr/bin/env bash
# What `mitmdump --set` says on the command line loses against config.yaml.
#
# Versions: mitmproxy 12.3.1, and 11.0.2 where python3 is older than 3.12.
#
# Behaviour: one would expect that the command line has the last word, as it has nearly everywhere. But an option that
# stands in config.yaml keeps that value whatever `--set` says, an addon's option as well as one of mitmproxy, and
# nothing is printed of it. An option's own switch does win over the file: `--flow-detail 2` and `--set flow_detail=2`
# are two different things. Addons have no such switches, so that there a file of long ago decides.
#
# Output seen (mark is an option of an addon; the file says mark: file, flow_detail: 3, stream_large_bodies: 5m):
#     no file, with --set    mark=line flow_detail=2 stream_large_bodies=1m
#     the file alone         mark=file flow_detail=3 stream_large_bodies=5m
#     both                   mark=file flow_detail=3 stream_large_bodies=5m
#     and a switch           mark=file flow_detail=2 stream_large_bodies=5m
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
mitmproxy="$(venv/bin/python -c 'import sys; print("12.3.1" if sys.version_info >= (3, 12) else "11.0.2")')"
venv/bin/pip install --quiet --disable-pip-version-check "mitmproxy==$mitmproxy"

cat >addon.py <<'PYTHON'
from mitmproxy import ctx

class Mark:
    def load(self, loader):
        loader.add_option("mark", str, "default", "An option of an addon")

    def running(self):
        with open("seen", "a") as seen:
            seen.write(" ".join(f"{name}={getattr(ctx.options, name)}" for name in NAMES) + "\n")
        ctx.master.shutdown()

NAMES = ("mark", "flow_detail", "stream_large_bodies")
addons = [Mark()]
PYTHON

mkdir with without
printf 'mark: file\nflow_detail: 3\nstream_large_bodies: 5m\n' >with/config.yaml

# What is in force when mitmdump runs with that folder of configuration and those arguments.
try() {
    printf '%-22s ' "$1" >>seen
    timeout 60 venv/bin/mitmdump --set "confdir=$2" -s addon.py --listen-host 127.0.0.1 --listen-port 0 "${@:3}" \
        >>log 2>&1
}
on_the_line=(--set mark=line --set flow_detail=2 --set stream_large_bodies=1m)
try "no file, with --set" without "${on_the_line[@]}"
try "the file alone" with
try "both" with "${on_the_line[@]}"
try "and a switch" with "${on_the_line[@]}" --flow-detail 2
cat seen
if grep -iE 'error|warn' log; then exit 1; fi

diff - seen <<'EXPECTED'
no file, with --set    mark=line flow_detail=2 stream_large_bodies=1m
the file alone         mark=file flow_detail=3 stream_large_bodies=5m
both                   mark=file flow_detail=3 stream_large_bodies=5m
and a switch           mark=file flow_detail=2 stream_large_bodies=5m
EXPECTED
echo "mitmproxy behaves as described"
