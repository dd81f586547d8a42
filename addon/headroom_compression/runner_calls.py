"""Whether a call runs one of certain programs, itself or by a script of the project that may run it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

from headroom_compression.document import ToolCall
from headroom_compression.program_runs import programs_run

# What they run stands in a file of the project: package.json, Makefile, Rakefile.
_SCRIPT_RUNNERS = frozenset({"bun", "just", "lerna", "make", "npm", "nx", "pnpm", "rails", "rake", "turbo", "yarn"})
# What they run stands behind their own options: nice -n 5 npm test, docker compose run --rm web rspec.
_WRAPPERS = frozenset({"c8", "cross-env", "docker", "docker-compose", "nice", "node", "nyc", "podman"})


def runs_any_of(call: ToolCall | None, names: Collection[str]) -> bool:
    """Whether the call may run one of the programs. names: without folder and suffix, such as "jest"."""
    return any(_may_run(words, names) for words in programs_run(call))


def _may_run(words: tuple[str, ...], names: Collection[str]) -> bool:
    programs = words if words[0] in _WRAPPERS else words[:1]
    stems = {PurePosixPath(word).stem for word in programs}
    return not stems.isdisjoint(names) or not stems.isdisjoint(_SCRIPT_RUNNERS)
