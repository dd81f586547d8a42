"""Which commands print the log of a CI, and of which one.

    glab ci trace 4711    curl -s "$JENKINS_URL/job/shop/42/consoleText"    bk job log 019c9b53 -p shop -b 12

The names are those under which `formats/logs/ci_prefixes` and `ci_lines` know the forms of the lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_compression.calls.vocabulary import WEB_CLIENTS

_LOG_OPTIONS = frozenset({"--log", "--log-failed"})
# The words that a command begins with.
_COMMANDS = {
    ("glab", "ci", "trace"): "gitlab",
    ("glab", "job", "trace"): "gitlab",
    ("bk", "job", "log"): "buildkite",
}
_ID = r"[^\s/?]{1,100}"
# What the path of an address ends with; a token or an offset may stand behind it.
_PATHS = {
    # repos/acme/shop/actions/jobs/4711/logs
    "github": rf"repos/{_ID}/{_ID}/actions/(?:jobs|runs)/{_ID}/logs",
    # api/v4/projects/42/jobs/4711/trace   acme/shop/-/jobs/4711/raw
    "gitlab": rf"(?:projects/{_ID}/jobs/{_ID}/trace|-/jobs/{_ID}/raw)",
    # acme/shop/_apis/build/builds/42/logs/9
    "azure": rf"_apis/build/builds/{_ID}/logs/{_ID}",
    # job/shop/42/consoleText   job/shop/lastBuild/logText/progressiveText
    "jenkins": r"job/[^\s?]{1,300}/(?:consoleText|logText/progressiveText)",
    # organizations/acme/pipelines/shop/builds/42/jobs/4711/log.txt
    "buildkite": rf"pipelines/{_ID}/builds/{_ID}/jobs/{_ID}/log\.txt",
}
_PATH = re.compile("|".join(rf"(?P<{name}>(?:[^\s?]{{1,300}}/|/)?{path})" for name, path in _PATHS.items()))
_API_CLIENTS = {"gh": "github", "glab": "gitlab"}


def ci_of(words: Sequence[str]) -> str:
    """The CI whose log a program with these words prints, or "" where that is not known."""
    if tuple(words[:3]) == ("gh", "run", "view"):
        return "github" if not _LOG_OPTIONS.isdisjoint(words) else ""
    if tuple(words[:3]) in _COMMANDS:
        return _COMMANDS[words[0], words[1], words[2]]
    if tuple(words[1:2]) == ("api",) and words[0] in _API_CLIENTS:
        return _API_CLIENTS[words[0]] if _API_CLIENTS[words[0]] in map(_ci_at, words) else ""
    if not words or words[0] not in WEB_CLIENTS:
        return ""
    return next(filter(None, map(_ci_at, words[1:])), "")


def _ci_at(address: str) -> str:
    found = _PATH.fullmatch(address.partition("?")[0])
    return (found.lastgroup or "") if found else ""
