#!/usr/bin/env bash
# A test calls process.exit(0), a later one is wrong: Node's runner reports one test, which passed.
#
# Versions: jest 30.5.2, vitest 4.1.12, mocha 12.0.3, and the runner of the Node that is on the path, 20 or newer.
#
# Behaviour: a test of a command line's code calls, by mistake or through that code, process.exit(0), so that the tests
# behind it are not run. One would expect that the runner notices. vitest does: the test fails, the others are run. Under
# the three others the run ends well, with status 0. mocha and jest then at least print no totals, and jest names the
# call. Node prints the totals of a good run, and they are wrong: of a file with three tests, of which the last fails, it
# says "tests 1, pass 1, fail 0", and gives the name of the file as that of the test, since it counts a file that
# reported nothing as one test. The row of the test that had passed before is lost as well.
#
# Output seen (runner, status of the run, its totals):
#     node    0  tests 1 pass 1 fail 0
#     mocha   0  none
#     jest    0  none
#     vitest  1  Tests 2 failed | 1 passed (3)
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . jest@30.5.2 vitest@4.1.12 mocha@12.0.3

# The same three tests in a folder of that runner, with that line above them.
write_tests() {
    mkdir "$1"
    printf '%s\n' "$3" "test('adds', () => {});" "test('leaves', () => { process.exit(0); });" \
        "test('pays', () => { throw new Error('nothing was paid'); });" >"$1/$2"
}
write_tests node shop.test.mjs "import { test } from 'node:test';"
write_tests mocha shop.cjs "const test = it;"
write_tests jest shop.test.js ""
write_tests vitest shop.test.mjs "import { test } from 'vitest';"
echo '{}' >jest/package.json

own=(env -i "PATH=$folder/node_modules/.bin:$PATH" "HOME=$folder" NO_COLOR=1)

# A runner in its folder; then its status, and those of its lines that match, in one row.
run() {
    local name="$1" totals="$2" status=0
    shift 2
    (cd "$name" && "${own[@]}" "$@") >printed 2>&1 || status=$?
    printf '%-7s %s  %s\n' "$name" "$status" "$(grep -E "$totals" printed | sed 's/^[^a-zA-Z]*//' | xargs || true)"
}

{
    run node '(tests|pass|fail) [0-9]+$' node --test --test-reporter=spec shop.test.mjs
    run mocha '[0-9]+ (passing|failing)' mocha shop.cjs
    run jest '^Tests:' jest
    run vitest '^ +Tests ' vitest run
} | sed 's/  $/  none/' >seen
cat seen

diff - seen <<'EXPECTED'
node    0  tests 1 pass 1 fail 0
mocha   0  none
jest    0  none
vitest  1  Tests 2 failed | 1 passed (3)
EXPECTED
echo "the runners behave as described"
