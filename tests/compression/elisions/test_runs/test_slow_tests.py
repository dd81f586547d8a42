"""Which of the tests that passed stay because they took far longer than the others, in the words of each runner."""

from __future__ import annotations

import json

import pytest

from tests.compression.elisions.test_runs.test_all_runners import CARGO_END
from tests.compression.elisions.test_runs.test_all_runners import ENDS
from tests.compression.elisions.test_runs.test_all_runners import LEAVES
from tests.compression.elisions.test_runs.test_all_runners import rows_left_out

MAVEN_CLASS = "Tests run: 2, Failures: 0, Errors: 0, Skipped: 0"


def go_event(action: str, test: str, elapsed: float) -> str:
    return json.dumps({"Action": action, "Package": "shop", "Test": test, "Elapsed": elapsed})


# Seven of each took as long as ever, and one far longer, of which a line says so; it stays, with what stands above it.
QUICK = range(7)
SLOW: dict[str, tuple[str, str, list[str], list[str]]] = {
    "pytest": (
        "pytest_runs",
        "pytest -v -o console_output_style=times",
        [f"a.py::b{n} PASSED    {n}00.9us" for n in QUICK],
        ["a.py::c PASSED    1.1m", "== 8 passed in 66.01s =="],
    ),
    "workers of pytest": (
        "pytest_runs",
        "pytest -v -n 2 -o console_output_style=times",
        [f"[gw0] {n}.9ms PASSED a.py::b{n} " for n in QUICK],
        ["[gw1] 45.20s PASSED a.py::c ", "== 8 passed in 46.01s =="],
    ),
    "migrations of Django": (
        "unittest_runs",
        "python manage.py test -v 2",
        [f"  Applying shop.000{n}_b... OK (0.00{n}s)" for n in QUICK],
        ["  Applying shop.0008_c... OK (9.211s)", "Ran 0 tests in 0.001s"],
    ),
    "go": (
        "go_test_runs",
        "go test -v ./shop",
        [line for n in QUICK for line in (f"=== RUN   B{n}", f"--- PASS: B{n} (0.0{n}s)")] + ["=== RUN   C"],
        ["--- PASS: C (45.20s)", "FAIL\tshop\t45.3s"],
    ),
    "packages of go": (
        "go_test_runs",
        "go test ./...",
        [f"ok  \tshop/b{n}\t0.00{n}s" for n in QUICK] + ["ok  \tshop/d\t(cached)"],
        ["ok  \tshop/c\t45.201s"],
    ),
    "cargo": (
        "cargo_test_runs",
        "cargo test -- --report-time",
        ["running 8 tests", *(f"test b{n} ... ok <0.00{n}s>" for n in QUICK)],
        ["test c ... ok <62.306s>", f"test result: ok. 8 passed; {CARGO_END}"],
    ),
    "nextest": (
        "nextest_runs",
        "cargo nextest run",
        [f"        PASS [   0.00{n}s] shop b{n}" for n in QUICK],
        ["        PASS [  62.306s] shop c", "     Summary [  62.310s] 8 tests run: 8 passed, 0 skipped"],
    ),
    "ctest": (
        "ctest_runs",
        "ctest",
        [f"{n}/8 Test #{n}: b{n} ...   Passed    0.0{n} sec" for n in QUICK] + ["      Start 8: c"],
        ["8/8 Test #8: c ...   Passed  120.01 sec", "100% tests passed, 0 tests failed out of 8"],
    ),
    "Maven": (
        "maven_test_runs",
        "mvn test",
        [
            line
            for n in QUICK
            for line in (f"[INFO] Running shop.B{n}", f"[INFO] {MAVEN_CLASS}, Time elapsed: 0.10{n} s - in shop.B{n}")
        ],
        [
            "[INFO] Running shop.C",
            f"[INFO] {MAVEN_CLASS}, Time elapsed: 1,095.1 s - in shop.C",
            "[INFO] Tests run: 16, Failures: 0, Errors: 0, Skipped: 0",
        ],
    ),
    "files of Vitest": (
        "vitest_runs",
        "npx vitest run",
        [f" ✓ src/b{n}.test.ts (1 test) {n}ms" for n in QUICK],
        [" ✓ src/c.test.ts (1 test) 9123ms", " Test Files  8 passed (8)", "      Tests  8 passed (8)"],
    ),
    "tests of Vitest, in a row each": (
        "vitest_runs",
        "npx vitest run --reporter=verbose",
        [f" ✓ src/b.test.ts > cart > adds {n} {n}ms" for n in QUICK],
        [" ✓ src/b.test.ts > cart > waits 9.1s", " Test Files  1 passed (1)", "      Tests  8 passed (8)"],
    ),
    "tests of Vitest, below their files": (
        "vitest_runs",
        "npx vitest run --reporter=tree",
        [line for n in QUICK for line in (f" ✓ src/b{n}.test.ts (1 test) {n + 5_000}ms", "   ✓ cart > adds an item")],
        [
            " ✓ src/c.test.ts (1 test) 9123ms",
            "   ✓ cart > waits  9001ms",
            " Test Files  8 passed (8)",
            "      Tests  8 passed (8)",
        ],
    ),
    "files of Jest": (
        "jest_runs",
        "npx jest",
        [f"PASS src/b{n}.test.js" for n in QUICK],
        [
            "PASS src/c.test.js (5.12 s, 84 MB heap size)",
            "Test Suites: 8 passed, 8 total",
            "Tests:       8 passed, 8 total",
        ],
    ),
    "tests of Jest": (
        "jest_runs",
        "npx jest --verbose",
        ["PASS src/b.test.js", "  orders", *(f"    ✓ adds {n} ({n} ms)" for n in QUICK), ""],
        [
            "PASS src/c.test.js",
            "  cart",
            "    ✓ waits (4001 ms)",
            "",
            "Test Suites: 2 passed, 2 total",
            "Tests:       8 passed, 8 total",
        ],
    ),
    "mocha": (
        "mocha_runs",
        "npx mocha",
        ["  orders", *(f"    ✔ adds {n}" for n in QUICK)],
        ["", "  cart", "    ✔ waits (9123ms)", "", "  8 passing (9s)"],
    ),
    "tests of Node, as TAP": (
        "node_test_runs",
        "node --test",
        [
            line
            for n in QUICK
            for line in (f"# Subtest: b{n}", f"ok {n} - b{n}", "  ---", f"  duration_ms: {n}.25", "  ...")
        ],
        ["# Subtest: c", "ok 8 - c", "  ---", "  duration_ms: 9001.5", "  ...", "# tests 8", "# pass 8"],
    ),
    "tests of Node": (
        "node_test_runs",
        "node --test",
        [f"✔ b{n} ({n}.25ms)" for n in QUICK],
        ["✔ c (9001.5ms)", "ℹ tests 8", "ℹ pass 8"],  # noqa: RUF001
    ),
    "tests of go, as JSON": (
        "go_json_test_runs",
        "go test -json",
        [go_event(action, f"B{n}", elapsed) for n in QUICK for action, elapsed in (("run", 0), ("pass", 0.01))]
        + [go_event("run", "C", 0)],
        [go_event("pass", "C", 45), '{"Action":"pass","Package":"shop","Elapsed":46}'],
    ),
    "bun": (
        "bun_test_runs",
        "bun test",
        [f"(pass) b{n} [{n}.25ms]" for n in QUICK],
        ["(pass) c [9001.50ms]", " 8 pass", " 0 fail"],
    ),
    "deno": (
        "deno_test_runs",
        "deno test",
        [f"b{n} ... ok ({n}ms)" for n in QUICK],
        ["c ... ok (1m2s)", "", "ok | 8 passed | 0 failed (1m3s)"],
    ),
    "playwright": (
        "playwright_runs",
        "npx playwright test",
        [f"  ✓  {n + 1} b{n} ({n}ms)" for n in QUICK],
        ["  ✓  8 c (45.2s)", "Running 8 tests using 1 worker", "  8 passed (46.0s)"],
    ),
    "bats": (
        "tap_runs",
        "bats -T test",
        [f"ok {n + 1} b{n} in {n}ms" for n in QUICK],
        ["ok 8 c in 9001ms", "1..8"],
    ),
    "minitest": (
        "minitest_runs",
        "rake test",
        [f"B#test_{n} = 0.0{n} s = ." for n in QUICK],
        ["B#test_c = 45.20 s = .", "8 runs, 8 assertions, 0 failures, 0 errors, 0 skips"],
    ),
    "phpunit": (
        "phpunit_runs",
        "phpunit --testdox",
        [f" ✔ b{n} [{n}.10 ms]" for n in QUICK],
        [" ✔ c [9001.10 ms]", "OK (8 tests, 8 assertions)"],
    ),
    "behave": (
        "gherkin_runs",
        "behave -f plain",
        [line for n in QUICK for line in (f"  Scenario: b{n}", f"    Given b ... passed in 0.00{n}s", "")],
        ["  Scenario: c", "    Given c ... passed in 45.200s", "", "8 scenarios passed, 0 failed, 0 skipped"],
    ),
}


@pytest.mark.parametrize(("name", "command", "quick", "rest"), SLOW.values(), ids=SLOW.keys())
def test_what_took_far_longer_than_the_others_stays(name: str, command: str, quick: list[str], rest: list[str]) -> None:
    rows = rows_left_out(LEAVES[name], command, [*quick, *rest])
    expected = [row for row, line in enumerate(quick) if line and not line.startswith(ENDS)]
    assert [row for row in rows if (*quick, *rest)[row]] == expected
