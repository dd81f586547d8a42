"""Tasks of Gradle that printed nothing, and those of tests among them."""

from __future__ import annotations

from headroom_compression.formats.builds.gradle_tasks import checks_among
from headroom_compression.formats.builds.gradle_tasks import silent_tasks

LINES = [
    "> Task :shop:cart:compileJava UP-TO-DATE",
    "> Task :shop:cart:processResources",
    "> Task :shop:cart:classes FROM-CACHE",
    "> Task :shop:cart:compileTestJava",
    "warning: [deprecation] total() in Cart has been deprecated",
    "> Task :shop:cart:spotlessCheck SKIPPED",
    "> Task :shop:cart:test UP-TO-DATE",
    "> Task :shop:mail:test FAILED",
    "> Task :shop:mail:jar",
    "",
    "BUILD FAILED in 3s",
]


def test_what_printed_or_failed_or_was_skipped_is_none() -> None:
    assert silent_tasks("\n".join(LINES), LINES) == {0, 1, 2, 6}
    assert silent_tasks("Tasks of the project", ["Tasks of the project"]) == set()


def test_tests_and_checks() -> None:
    checks = [LINES[6], "> Task :shop:lint", "> Task :shop:integrationTest", "> Task :check", "> Task :app:lintDebug"]
    others = [LINES[0], LINES[3], "> Task :shop:jarOfCheckout", "> Task :shop:latest"]
    assert checks_among([*others, *checks]) == tuple(checks)
