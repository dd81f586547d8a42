#!/usr/bin/env bash
# Hermes' search says that nothing matches, in the folder it is started in, wherever ripgrep is not installed.
#
# Versions: hermes-agent 0.19.0 (PyPI), GNU grep 3.8, Python 3.11 or newer, Linux.
#
# Behaviour: the tool search_files looks in "." unless it is told where. Without ripgrep it runs GNU grep, and leaves out
# hidden folders by --exclude-dir='.*'. Since that pattern matches ".", too, grep leaves out all that it was to look in,
# and says so by no error. What the model gets as function_call_output is that there are no matches; with the same
# folder by its full name there are some. One would expect the same result, or to be told that ripgrep is needed.
#
# Output seen, for "rate" in a folder with one file that has it in three lines:
#     .            0
#     full name    3
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check hermes-agent==0.19.0
mkdir work home bare
printf 'rate_1 = 1\nrate_2 = 2\nrate_3 = 3\n' >work/rates.py

# Only what the tool needs is on the path, so that no ripgrep of this machine is.
for program in bash sh env grep head cat pwd mktemp rm mkdir uname tr sed awk printf; do
  found="$(type -P "$program" || true)"
  if [[ -n "$found" ]]; then ln -s "$(readlink -f "$found")" "bare/$program"; fi
done

cat >search.py <<'PYTHON'
import json
import os
from tools.file_tools import search_tool

for name, path in ((".", "."), ("full name", os.getcwd())):
    print(f"{name:12} {json.loads(search_tool('rate', 'content', path))['total_count']}")
PYTHON

(cd work && env -i "PATH=$folder/bare" "HOME=$folder/home" ../venv/bin/python ../search.py) >seen 2>search.log
cat seen

diff - seen <<'EXPECTED'
.            0
full name    3
EXPECTED
echo "Hermes searches as described"
