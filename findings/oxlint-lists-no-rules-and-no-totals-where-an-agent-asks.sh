#!/usr/bin/env bash
# Where a coding agent runs it, `oxlint --rules` prints nothing, and neither does a run that found nothing.
#
# Versions: oxlint 1.94.0, on Node 20.19 or newer.
#
# Behaviour: if a variable says that an agent started it, such as CLAUDECODE, CODEX_THREAD_ID, OPENCODE or AI_AGENT, oxlint
# writes each finding as one line. One would expect everything else to be printed as before. But the list of rules, which
# is no linting, is empty then, with status 0, and so is what --debug=timings asks for. The lines that say how much was
# found in how many files are gone, too: below findings an agent has no totals, and a clean project is an empty output, of
# which nothing says that a file was looked at. With AGENT and CODEX_CI, which other agents set, all is printed.
#
# Output seen (lines of output; the status is 0 each time):
#     variable         --rules  a clean file  two findings  --debug=timings
#     none             hundreds            2            20               19
#     CLAUDECODE              0            0             2                0
#     CODEX_THREAD_ID         0            0             2                0
#     OPENCODE                0            0             2                0
#     AI_AGENT                0            0             2                0
#     AGENT            hundreds            2            20               19
#     CODEX_CI         hundreds            2            20               19
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . oxlint@1.94.0
echo 'export const a = 1;' >clean.js
printf 'debugger;\nvar unused = 1;\n' >findings.js

# How many lines oxlint prints where that variable is set.
lines() {
    local printed
    env -i "PATH=$PATH" "HOME=$PWD" "$1=1" node_modules/.bin/oxlint "${@:2}" >log 2>&1 || { echo failed; return; }
    printed="$(wc -l <log)"
    if ((printed < 100)); then echo "$((printed))"; else echo hundreds; fi
}

printf '%-15s %8s  %12s  %12s  %s\n' variable --rules 'a clean file' 'two findings' --debug=timings >seen
for variable in none CLAUDECODE CODEX_THREAD_ID OPENCODE AI_AGENT AGENT CODEX_CI; do
    printf '%-15s %8s  %12s  %12s  %15s\n' "$variable" "$(lines "$variable" --rules)" "$(lines "$variable" clean.js)" \
        "$(lines "$variable" findings.js)" "$(lines "$variable" --debug=timings clean.js)" >>seen
done
cat seen

diff - seen <<'EXPECTED'
variable         --rules  a clean file  two findings  --debug=timings
none            hundreds             2            20               19
CLAUDECODE             0             0             2                0
CODEX_THREAD_ID        0             0             2                0
OPENCODE               0             0             2                0
AI_AGENT               0             0             2                0
AGENT           hundreds             2            20               19
CODEX_CI        hundreds             2            20               19
EXPECTED
echo "oxlint prints what is described"
