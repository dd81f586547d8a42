"""What a CI puts around the lines of programs."""

from __future__ import annotations

import pytest

from headroom_compression.formats.logs.ci_lines import FETCH_LINES
from headroom_compression.formats.logs.ci_lines import ci_in
from headroom_compression.formats.logs.ci_lines import read_ci_lines
from tests.compression.support.line_kinds import kind_of_line

TIME = "2026-11-28T10:15:01.1234567Z "
OWN = ["##[group]Run check", "make check", "##[endgroup]", "all is well", "", "##[group]Files", "a.c", "##[endgroup]"]


@pytest.mark.parametrize("before", ["", "build\tRun check\t", "build (3.11, linux)\tUNKNOWN STEP\t"])
def test_the_lines_are_told_without_what_stands_before_them(before: str) -> None:
    log = read_ci_lines([f"{before}{TIME}{line}" for line in OWN])
    assert log
    assert log.lines == OWN
    assert log.groups == [(1, 2), (6, 7)]
    assert sorted(set(log.breaks)) == [0, 1, 2, 3, 5, 6, 7, 8]


def test_the_sign_before_the_first_line_and_colours_are_no_part_of_them() -> None:
    log = read_ci_lines([f"\ufeff{TIME}\x1b[36;1mmake\x1b[0m", f"{TIME}^[[32mPASSED^[[0m a[1]m", f"{TIME.rstrip()}"])
    assert log
    assert log.lines == ["make", "PASSED a[1]m", ""]


def test_another_step_begins_where_its_name_does() -> None:
    log = read_ci_lines([f"build\t{step}\t{TIME}{step}" for step in ("one", "one", "two", "two", "three")])
    assert log
    assert list(log.breaks) == [0, 2, 4, 5]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["a", "b"],
        [f"{TIME}a", "b"],
        ["2026-11-28T10:15:01.123Z INFO a"] * 9,
        ["10:15:01.1234567Z a"] * 9,
        [f"web-1 | {TIME}a"] * 9,
    ],
)
def test_other_lines_are_no_log_of_a_ci(lines: list[str]) -> None:
    assert read_ci_lines(lines) is None


def test_a_group_that_is_not_closed_is_none() -> None:
    log = read_ci_lines(
        [f"{TIME}##[group]one", f"{TIME}##[group]two", f"{TIME}a", f"{TIME}##[endgroup]", f"{TIME}##[group]b"]
    )
    assert log
    assert log.groups == [(2, 3)]


def is_fetched(line: str) -> bool:
    return kind_of_line(line, FETCH_LINES) is not None


@pytest.mark.parametrize(
    "line",
    [
        " * [new tag]             v1.3.0     -> v1.3.0",
        "#1 6.370  * [new branch]  main -> origin/main",
        " > git checkout -f 1142ee7f19dd19e02e3845bb0ba153716a663dd0 # timeout=10",
        " > git --version # 'git version 2.43.0'",
        "using GIT_ASKPASS to set credentials deploy key of tern",
        "fa9dca007c40: Pull complete",
        f"#5 sha256:{'a3' * 32} 29.75MB / 29.75MB 0.2s done",
        "  + amber     2.1.2  pyhd8ed1ab_0  conda-forge   39kB",
        "  amber-lib   4.5    20_gnu        conda-forge",
        "Linking python-3.11.15-hd63d673_0_cpython",
        "amber @ file:///home/conda/build_artifacts/amber_1733230988954/work",
        "shop:pack: dist/build/cart.js",
    ],
)
def test_what_was_fetched_or_is_there(line: str) -> None:
    assert is_fetched(line)


@pytest.mark.parametrize(
    "line",
    [
        "hint: Updates were rejected because the tip of your current branch is behind",
        " ! [rejected]        main -> main (fetch first)",
        " > git checkout -f main",
        "ERROR: Error cloning remote repo 'origin'",
        "Checking out Revision 1142ee7f19dd19e02e3845bb0ba153716a663dd0 (origin/main)",
        "using the default of 4 workers",
        "fa9dca007c40: Retrying in 5 seconds",
        "  total     12     failed    3",
        "  amber     1.2.0  GHSA-3f9a-2c81-d0b4  1.2.1",
        "amber==1.2.0 is not available",
        "web:webpack: src/cart.js",
        "lib/cart.go",
        "",
    ],
)
def test_other_lines_are_of_no_such_kind(line: str) -> None:
    assert not is_fetched(line)


@pytest.mark.parametrize(
    ("ci", "before", "lines", "breaks"),
    [
        (
            "gitlab",
            "2026-11-28T10:15:01.123456Z 01O ",
            ["$ make", "cc a.c", "$ make check", "ok", "5 $ left"],
            [0, 2, 5],
        ),
        ("gitlab", "", ['Executing "step_script" stage', "$ make", "cc a.c", "section_end:1796205700:x"], [0, 1, 3, 4]),
        ("jenkins", "", ["[Pipeline] sh", "+ make", "cc a.c", "[Pipeline] }"], [0, 3, 4]),
        ("jenkins", "[2026-11-28T10:15:01.123Z] ", ["+ make", "[Pipeline] }", "[b] c"], [0, 1, 3]),
        ("buildkite", "", ["~~~ Running hook", "$ make", "--- FAIL: TestCart (0.00s)", "--- Tests"], [0, 1, 3, 4]),
        ("azure", "2026-11-28T10:15:01.1234567Z ", ["##[section]Starting: Bash", "$ make", "ok"], [0, 3]),
    ],
)
def test_where_other_cis_tell_of_a_command_another_output_begins(
    ci: str, before: str, lines: list[str], breaks: list[int]
) -> None:
    log = read_ci_lines([before + line for line in lines], ci)
    assert log
    assert log.lines == lines
    assert list(log.breaks) == breaks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-28T10:15:01.1234567Z ##[section]Starting: Bash\n", "github"),
        ("2026-11-28T10:15:01.123456Z 00O Preparing environment\n", "gitlab"),
        ("\x1b[0KRunning with gitlab-runner 19.1.0 (5eb085ab)\x1b[0;m\n", "gitlab"),
        ("Started by user dev\n[Pipeline] Start of Pipeline\n", "jenkins"),
        ("2026-11-28T10:15:01.123456Z web-1 up\n", ""),
        ("see [Pipeline] in the settings\n", ""),
        ("", ""),
    ],
)
def test_a_log_file_tells_of_which_ci_it_is(text: str, expected: str) -> None:
    assert ci_in(text) == expected
