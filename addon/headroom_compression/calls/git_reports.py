"""Which commands of git tell of files, branches and commits, and show no change, no message of a tag and no file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_compression.calls.tool_call import ToolCall

_REPORTING = frozenset({
    "add", "branch", "checkout", "clone", "fetch", "init", "ls-files", "ls-tree", "merge", "mv", "pull", "push",
    "remote", "restore", "rev-parse", "rm", "status", "switch", "tag", "worktree",
})  # fmt: skip
# git status -v   git checkout -qp   git tag -n9: they show changes and messages.
_TEXTS = re.compile(r"-[A-Za-z]*[pvin][0-9]*|--(?:patch|verbose|interactive)\b.*")
# git diff --stat: names and numbers of what changed. With the words below changes are shown beside them, and what git
# show is given with a colon is a file.
_HISTORY = frozenset({"diff", "diff-tree", "log", "show"})
_SUMMARIES = re.compile(r"--(?:(?:dir|num|short)?stat|name-only|name-status|raw|summary)(?:=.*)?")
_CHANGES = re.compile(
    r"-[A-Za-z]*[puUWcmG][0-9]*|-[LSG].*|--(?:patch|unified|function-context|cc|binary|(?:word|color)-?\w*).*|[^-].*:.*"
)
# git -C api --no-pager status
_OPTIONS_OF_TWO_WORDS = frozenset({"-C", "-c", "--git-dir", "--work-tree"})


def shows_blame(call: ToolCall | None) -> bool:
    """Whether each line of its output is one of a file, behind the commit that wrote it."""
    words = call.producer if call else ()
    return words[:1] == ("git",) and _behind_options(words[1:])[:1] == ("blame",)


def git_reports(given: Sequence[str]) -> bool:
    """given: the words behind `git`."""
    given = _behind_options(given)
    first = given[0] if given else ""
    if first in _HISTORY:
        return any(map(_SUMMARIES.fullmatch, given)) and not any(map(_CHANGES.fullmatch, given))
    return first in _REPORTING and not any(map(_TEXTS.fullmatch, given))


def _behind_options(given: Sequence[str]) -> Sequence[str]:
    while given and given[0].startswith("-"):
        given = given[2 if given[0] in _OPTIONS_OF_TWO_WORDS else 1 :]
    return given
