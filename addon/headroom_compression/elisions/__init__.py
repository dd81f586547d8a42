"""The elisions of level recall, a file each, and the order in which `eliding` asks them."""

# Of two that want to leave out the same line the first has it, so another order changes what is sent.
ORDER = (
    "build_steps",
    "cargo_test_runs",
    "ctest_runs",
    "go_test_runs",
    "gradle_test_runs",
    "inline_scripts",
    "jest_runs",
    "listings",
    "lock_diffs",
    "log_lines",
    "long_lines",
    "maven_test_runs",
    "mocha_runs",
    "nextest_runs",
    "pytest_runs",
    "record_rows",
    "rspec_runs",
    "unittest_runs",
    "vitest_runs",
)
