"""Which words of a program print the log of a CI, and of which."""

from __future__ import annotations

import pytest

from headroom_compression.calls.ci_commands import ci_of


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("gh run view 4711 --log-failed", "github"),
        ("gh api repos/acme/shop/actions/jobs/4711/logs", "github"),
        ("curl -sL https://api.github.com/repos/acme/shop/actions/jobs/4711/logs", "github"),
        ("glab ci trace 4711 -R acme/shop", "gitlab"),
        ("glab job trace lint", "gitlab"),
        ("glab api projects/acme%2Fshop/jobs/4711/trace", "gitlab"),
        ("curl -H TOKEN https://git.example/api/v4/projects/42/jobs/4711/trace", "gitlab"),
        ("wget -qO- https://git.example/acme/shop/-/jobs/4711/raw", "gitlab"),
        ("curl -s https://dev.azure.com/acme/shop/_apis/build/builds/42/logs/9?api-version=7.1", "azure"),
        ("curl -s $JENKINS_URL/job/shop/job/main/lastBuild/consoleText", "jenkins"),
        ("curl -s https://ci.example/job/shop/42/logText/progressiveText?start=0", "jenkins"),
        ("bk job log 019c9b53 -p shop -b 12", "buildkite"),
        ("curl https://api.buildkite.com/v2/organizations/a/pipelines/shop/builds/42/jobs/4711/log.txt", "buildkite"),
    ],
)
def test_logs(words: str, expected: str) -> None:
    assert ci_of(words.split()) == expected


@pytest.mark.parametrize(
    "words",
    [
        "",
        "gh",
        "gh run view 4711",
        "gh api repos/acme/shop/actions/runs",
        "gh api projects/42/jobs/4711/trace",
        "glab ci view",
        "glab api projects/42/jobs",
        "bk job list",
        "cat job/shop/42/consoleText",
        "curl -s https://ci.example/job/shop/42/api/json",
        "curl -s https://dev.azure.com/acme/shop/_apis/build/builds/42/timeline",
        "curl -s https://git.example/api/v4/projects/42/jobs/4711/trace.json",
        "curl -o consoleText https://ci.example/consoleText.html",
    ],
)
def test_others(words: str) -> None:
    assert ci_of(words.split()) == ""
