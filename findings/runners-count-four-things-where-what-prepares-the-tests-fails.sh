#!/usr/bin/env bash
# What prepares three tests fails. They failed, were skipped, or were never there: it depends on the runner.
#
# Versions: jest 30.5.2, vitest 4.1.12, mocha 12.0.3, and the runner of the Node that is on the path, 20 or newer.
#
# Behaviour: JavaScript's runners have a hook that runs once before the tests of a group, such as one that opens a
# database. Where it raises, none of the tests can run. One would expect that the totals then name a failure, and the
# three tests. The four runners agree in their status, 1, and in nothing else: for jest three tests failed, mocha counts
# one failure and none of the tests, for vitest three tests were skipped and the words "failed" and "Tests" do not meet,
# and Node says "fail 0" and "cancelled 3". Who looks for a number of failed tests, as scripts and agents do, finds none
# in two of the four runs, and who compares the sum with that of the run before misses the tests in one.
#
# Output seen (runner, status of the run, its totals):
#     jest    1  Tests: 3 failed, 3 total
#     mocha   1  0 passing 1 failing
#     vitest  1  Tests 3 skipped (3)
#     node    1  tests 3 pass 0 fail 0 cancelled 3
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . jest@30.5.2 vitest@4.1.12 mocha@12.0.3

# The same group of tests in a folder of that runner, with that line above it.
write_tests() {
    mkdir "$1"
    printf '%s\n' "$3" "describe('the shop', () => {" "    prepare(() => { throw new Error('no table of prices'); });" \
        "    test('adds', () => {});" "    test('pays', () => {});" "    test('ships', () => {});" "});" >"$1/$2"
}
write_tests jest shop.test.js "const prepare = beforeAll;"
write_tests mocha shop.cjs "const prepare = before, test = it;"
write_tests vitest shop.test.mjs "import { describe, test, beforeAll as prepare } from 'vitest';"
write_tests node shop.test.mjs "import { describe, test, before as prepare } from 'node:test';"
echo '{}' >jest/package.json

own=(env -i "PATH=$folder/node_modules/.bin:$PATH" "HOME=$folder" NO_COLOR=1)

# A runner in its folder; then its status, and those of its lines that match, in one row.
run() {
    local name="$1" totals="$2" status=0
    shift 2
    (cd "$name" && "${own[@]}" "$@") >printed 2>&1 || status=$?
    printf '%-7s %s  %s\n' "$name" "$status" "$(grep -E "$totals" printed | sed 's/^[^a-zA-Z0-9]*//; s/ ([0-9]*ms)$//' | xargs)"
}

{
    run jest '^Tests:' jest
    run mocha '[0-9]+ (passing|failing)' mocha shop.cjs
    run vitest '^ +Tests ' vitest run
    run node '(tests|pass|fail|cancelled) [0-9]+$' node --test --test-reporter=spec shop.test.mjs
} >seen
cat seen

diff - seen <<'EXPECTED'
jest    1  Tests: 3 failed, 3 total
mocha   1  0 passing 1 failing
vitest  1  Tests 3 skipped (3)
node    1  tests 3 pass 0 fail 0 cancelled 3
EXPECTED
echo "the runners behave as described"
