"""Only what builds of images print is read as that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compression.elisions.test_ci_logs import sent

CASES = Path(__file__).parents[2] / "cases" / "image_builds"
BUILD = (CASES / "packages_go_and_what_was_installed_stays.input.txt").read_text()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("docker build -t shop . 2>&1", True),
        ("docker compose build --progress plain", True),
        ("make image", True),
        ("git show HEAD:build.txt", False),
        ("kubectl logs builder", False),
        ("tail -n 400 build.log", False),
    ],
)
def test_only_what_may_build_images_is_read_as_a_build(command: str, expected: bool) -> None:  # noqa: FBT001  a column
    assert ("left out here" in sent(command, BUILD)) is expected


def test_a_text_without_a_step_is_none() -> None:
    assert "left out here" not in sent("docker build .", BUILD.replace("] RUN", ") RUN").replace(" [", " ("))


def test_the_lines_beside_a_cut_are_of_a_build_too() -> None:
    lines = BUILD.split("\n")
    cut = [*lines[:150], "[... 12 lines omitted ...]", *lines[152:]]
    assert "left out here" in sent("docker build .", "\n".join(cut))


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("RUN pip install -r requirements.txt", True),
        ("RUN --mount=type=cache,target=/root/.cache pip install -r requirements.txt", True),
        ("RUN cat log.txt", False),
        ("RUN --network=none pip install x && cat log.txt", False),
        ("COPY . .", False),
    ],
)
def test_a_step_that_may_show_a_file_stays_whole(instruction: str, expected: bool) -> None:  # noqa: FBT001  a column
    text = BUILD.replace("RUN pip install -r requirements.txt", instruction)
    rows = [line for line in BUILD.split("\n") if line.startswith("#6 ")]
    kept = [row for row in rows if row in sent("docker build .", text).split("\n")]
    assert (len(kept) < len(rows) / 2) is expected
