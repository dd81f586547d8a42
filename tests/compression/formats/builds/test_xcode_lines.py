"""Steps of Xcode and their commands."""

from __future__ import annotations

import pytest

from headroom_compression.formats.builds.xcode_lines import XCODE
from headroom_compression.formats.builds.xcode_lines import XCODE_LINES
from headroom_compression.formats.builds.xcode_lines import is_command
from headroom_compression.formats.builds.xcode_lines import kinds_by_step
from headroom_compression.formats.line_kinds import LineKinds

KINDS = LineKinds(XCODE_LINES)


@pytest.mark.parametrize(
    "line",
    [
        r"SwiftCompile normal arm64 Compiling\ Cart.swift /srv/Cart.swift (in target 'Shop' from project 'Shop')",
        "Ld /srv/build/Shop normal (in target 'Shop' from project 'Shop')",
        "cd /srv/shop",
        r"export LANG\=en_US.US-ASCII",
        "builtin-swiftTaskExecution -- /Applications/Xcode.app/swift-frontend -frontend -c",
        "/Applications/Xcode_16.2.app/Contents/Developer/usr/bin/clang -x objective-c",
        "[23/59] Compiling Shop Cart.swift",
        "[16/59] Emitting module Shop",
        "[1/3] Compiling Swift Module 'Shop' (12 sources)",
        "[2/3] Linking ./.build/debug/shop",
        "[4/9] Write auxiliary file /srv/shop/.build/debug/Shop.build/sources",
        "[5/9] Write Objects.LinkFileList",
        "[6/9] Wrapping AST for Shop for debugging",
        "[0/1] Planning build",
    ],
)
def test_steps_and_commands(line: str) -> None:
    assert KINDS.kind_of(line) == XCODE


@pytest.mark.parametrize(
    "line",
    [
        "/srv/shop/Cart.swift:2:29: error: cannot find 'session' in scope",
        "warning: Run script build phase 'Lint' will be run (in target 'Shop' from project 'Shop')",
        "note: Target dependency graph (2 targets)",
        "Failed frontend command:",
        "/Applications/Xcode.app/Contents/Developer/AVFAudio.h:12:9: error: could not build module 'CoreMedia'",
        "** BUILD FAILED **",
        "[3/9] Copying config.toml was refused",
        "[3/9] Compiling Shop could not open Cart.swift",
        "[3/9] Processing orders: 3 rows have no address",
        "[3/9] Processing order 77",
    ],
)
def test_what_a_step_says(line: str) -> None:
    assert KINDS.kind_of(line) is None


def test_empty_lines_between_steps() -> None:
    assert kinds_by_step([XCODE, None, XCODE, None, None], ["A", "", "B", "", "c"])[:3] == [XCODE, XCODE, XCODE]
    assert kinds_by_step([XCODE, None, XCODE, None, None], ["A", "x", "B", "", "c"])[1] is None
    assert kinds_by_step([XCODE, None, "other"], ["A", "", "b"])[1] is None


def test_a_step_that_printed_something_stays() -> None:
    lines = ["A", "    cd /srv", "", "B", "    cd /srv", "warning: x", "", "[3/9] C", "    cd /srv"]
    kinds = [None if line in {"", "warning: x"} else XCODE for line in lines]
    assert kinds_by_step(kinds, lines) == [XCODE, XCODE, XCODE, None, XCODE, None, None, XCODE, XCODE]


def test_what_failed_is_listed_with_an_indent() -> None:
    step = r"PhaseScriptExecution Lint /srv/lint.sh (in target 'Shop' from project 'Shop')"
    lines = [step, "    cd /srv", "", "The following build commands failed:", f"\t{step}", f"\t{step}", "cd /srv"]
    kinds = [XCODE if line.endswith(("')", "cd /srv")) else None for line in lines]
    assert kinds_by_step(kinds, lines) == [XCODE, XCODE, *[None] * 5]


def test_commands_stand_below_a_step() -> None:
    assert is_command("    cd /srv/shop", XCODE)
    assert not is_command("    cd /srv/shop", "other")
    assert not is_command("cd /srv/shop", XCODE)
