#!/usr/bin/env bash
# Which tests a runner lists depends on who started it, and each runner knows other agents.
#
# Versions: jest 30.5.2, vitest 4.1.12, bun 1.4.5, on Node 20 or newer.
#
# Behaviour: one would expect that the same command in the same folder prints the same rows. But these three leave
# passed tests out where an environment variable says that a coding agent runs them, jest even with --verbose on its
# command line. The variables differ: CLAUDECODE counts for all three, AI_AGENT and CODEX_THREAD_ID for jest and vitest,
# AGENT for bun alone, CODEX_CI for none. So a test without a row in an agent's log may have passed or not have been
# run, and an output taken by hand says little of what the agent gets.
#
# Output seen (rows that name one of 12 passed tests, by the variable that is set to 1):
#     variable         jest --verbose  vitest run  bun test
#     none                         12          12        12
#     CLAUDECODE                    0           0         0
#     AI_AGENT                      0           0        12
#     CODEX_THREAD_ID               0           0        12
#     AGENT                        12          12         0
#     CODEX_CI                     12          12        12
# (vitest lists the passed tests of a file at all because one test of it fails.)
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type": "module"}' >package.json
npm install --silent --no-audit --no-fund jest@30.5.2 vitest@4.1.12 bun@1.4.5

tests='for (let number = 1; number <= 12; number++) test(`adds row ${number}`, () => {});
test("is wrong", () => { throw new Error("wrong"); });'
mkdir jest vitest bun
printf '%s\n' "$tests" >jest/rows.test.cjs
printf 'import { test } from "vitest";\n%s\n' "$tests" >vitest/rows.test.mjs
printf 'import { test } from "bun:test";\n%s\n' "$tests" >bun/rows.test.mjs

# How many passed tests a command names. A test of each fails, and so does the command.
count() {
    env -i "PATH=$PWD/node_modules/.bin:$PATH" "HOME=$PWD" NO_COLOR=1 "$variable=1" "$@" >log 2>&1 || true
    grep -cE '^ *(✓|\(pass\)).*adds row [0-9]+' log || true
}

printf '%-15s %15s %11s %9s\n' variable 'jest --verbose' 'vitest run' 'bun test' >seen
for variable in none CLAUDECODE AI_AGENT CODEX_THREAD_ID AGENT CODEX_CI; do
    jest="$(count jest --verbose --rootDir jest --testRegex 'rows[.]test[.]cjs')"
    vitest="$(count vitest run --root vitest)"
    bun="$(count bun test ./bun/rows.test.mjs)"
    printf '%-15s %15s %11s %9s\n' "$variable" "$jest" "$vitest" "$bun" >>seen
done
cat seen

diff - seen <<'EXPECTED'
variable         jest --verbose  vitest run  bun test
none                         12          12        12
CLAUDECODE                    0           0         0
AI_AGENT                      0           0        12
CODEX_THREAD_ID               0           0        12
AGENT                        12          12         0
CODEX_CI                     12          12        12
EXPECTED
echo "the three runners behave as described"
