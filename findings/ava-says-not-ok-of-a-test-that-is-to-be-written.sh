#!/usr/bin/env bash
# A test that is only announced is "not ok" in the TAP of one runner and "ok" in that of another.
#
# Versions: ava 7.0.0, vitest 4.1.12, mocha 12.0.3, on Node 20 or newer (and the TAP of that Node's own runner).
#
# Behaviour: JavaScript's runners have a way to announce a test, a name without a body: test.todo in three of them, it()
# with a name only in mocha. Their runs pass, with status 0. One would expect the same word of such a test in the Test
# Anything Protocol, which exists so that runners can be read alike. But ava writes `not ok … # TODO`, vitest and Node
# write `ok … # TODO`, and mocha writes `ok … # SKIP -`. By the protocol both lines with TODO count as passed, so no
# harness is wrong; who counts lines that begin with "not ok", as scripts and agents do, finds a failure in ava's run.
#
# Output seen (runner, status of the run, its line of the test "pays", without times and what stands before the name):
#     ava     0  not ok pays # TODO
#     vitest  0  ok pays # TODO
#     node    0  ok pays # TODO
#     mocha   0  ok pays # SKIP -
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type": "module"}' >package.json
npm install --silent --no-audit --no-fund ava@7.0.0 vitest@4.1.12 mocha@12.0.3

mkdir ava vitest node mocha
echo 'import test from "ava"; test("adds", t => t.pass()); test.todo("pays");' >ava/cart.test.js
echo 'import { test } from "vitest"; test("adds", () => {}); test.todo("pays");' >vitest/cart.test.js
echo 'import test from "node:test"; test("adds", () => {}); test.todo("pays");' >node/cart.test.js
echo 'it("adds", () => {}); it("pays");' >mocha/cart.test.js

told() {
    local runner="$1" status=0
    shift
    env -u FORCE_COLOR NO_COLOR=1 "PATH=$PWD/node_modules/.bin:$PATH" "$@" >log 2>&1 || status=$?
    printf '%-6s  %s  %s\n' "$runner" "$status" \
        "$(grep -oE '(not )?ok [0-9]+ .*pays.*' log | sed -E 's/ok [0-9]+ .*pays/ok pays/; s/ # time=[^ ]*//')"
}

{
    told ava ava --tap --timeout=10m ava/cart.test.js
    told vitest vitest run --reporter=tap-flat vitest
    told node node --test --test-reporter=tap node/cart.test.js
    told mocha mocha --reporter tap mocha/cart.test.js
} >seen
cat seen

diff - seen <<'EXPECTED'
ava     0  not ok pays # TODO
vitest  0  ok pays # TODO
node    0  ok pays # TODO
mocha   0  ok pays # SKIP -
EXPECTED
echo "the four runners tell of the announced test as described"
