"""The elisions of level recall, a file each, and the order in which `eliding` asks them."""

# Of two that want to leave out the same line the first has it, so another order changes what is sent.
ORDER = (
    "build_steps",
    "test_runs.cargo_test_runs",
    "test_runs.ctest_runs",
    "test_runs.go_test_runs",
    "test_runs.gradle_test_runs",
    "inline_scripts",
    "test_runs.jest_runs",
    "listings",
    "lock_diffs",
    "log_lines",
    "long_lines",
    "test_runs.maven_test_runs",
    "test_runs.mocha_runs",
    "test_runs.nextest_runs",
    "test_runs.pytest_runs",
    "record_rows",
    "test_runs.rspec_runs",
    "test_runs.unittest_runs",
    "test_runs.vitest_runs",
    "ci_logs",
)
