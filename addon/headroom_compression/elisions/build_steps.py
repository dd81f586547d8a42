"""Steps of installs and builds: packages fetched and unpacked, compile commands and progress, checks that found theirs.

Never left out: any line of another form, and so errors, warnings, notices, summaries, what was installed in the end;
the largest of the files that a bundler wrote;
the versions of packages that the command names; the first line of each further server; the steps of a file that an
error names; a download that did not end, or a request that took far longer than others.
Names that apt lists twice stand there once; those of pip stand there where it did not list them in the end.
Nothing where the totals that apt or cargo print do not add up with their lines, or where the command prints files too
or asks what would be done.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.dry_runs import only_plans
from headroom_compression.calls.shown_files import shows_file
from headroom_compression.calls.started import started_programs
from headroom_compression.calls.started import starts_printer
from headroom_compression.calls.vocabulary import SPEAKERS
from headroom_compression.client_text import was_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.builds.apt_lists import SAID_BELOW
from headroom_compression.formats.builds.apt_lists import rows_said_below
from headroom_compression.formats.builds.asset_lines import ASSETS
from headroom_compression.formats.builds.asset_lines import small_assets
from headroom_compression.formats.builds.compile_lines import COMPILE_LINES
from headroom_compression.formats.builds.compile_lines import STEPS
from headroom_compression.formats.builds.configure_lines import CONFIGURE_LINES
from headroom_compression.formats.builds.failed_files import failed_names
from headroom_compression.formats.builds.failed_files import names_one_of
from headroom_compression.formats.builds.gradle_tasks import TASKS
from headroom_compression.formats.builds.gradle_tasks import checks_among
from headroom_compression.formats.builds.gradle_tasks import silent_tasks
from headroom_compression.formats.builds.image_layers import LAYER_LINES
from headroom_compression.formats.builds.image_layers import LAYERS
from headroom_compression.formats.builds.image_layers import last_of_open_layers
from headroom_compression.formats.builds.install_lines import FETCHING
from headroom_compression.formats.builds.install_lines import INSTALL_LINES
from headroom_compression.formats.builds.install_lines import NPM
from headroom_compression.formats.builds.install_lines import PIP
from headroom_compression.formats.builds.install_lines import first_of_other_servers
from headroom_compression.formats.builds.msbuild_lines import AGAIN
from headroom_compression.formats.builds.msbuild_lines import repeated_findings
from headroom_compression.formats.builds.pip_warnings import WARNINGS
from headroom_compression.formats.builds.pip_warnings import warnings_said_before
from headroom_compression.formats.builds.xcode_lines import XCODE_LINES
from headroom_compression.formats.builds.xcode_lines import is_command
from headroom_compression.formats.builds.xcode_lines import kinds_by_step
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import inner_rows
from headroom_compression.formats.gaps import next_lines
from headroom_compression.formats.line_kinds import LineKinds
from headroom_compression.formats.test_reports.totals import slow_rows

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_PROGRAMS = re.compile(
    r"alembic|ansible-playbook|apk|apt|apt-get|aptitude|autogen\.sh|bazel|bazelisk|bootstrap|brew|build|bundle|c\+\+|cargo|clang(?:\+\+)?|cmake"
    r"|composer|configure|dnf|dotnet|dpkg|g\+\+|gcc|go|gradlew?|gmake|just|lerna|make|meson|microdnf"
    r"|mvnw?|ninja|nox|npm|nx|pdm|pip[0-9.]{0,5}|pipenv|pixi|pnpm|poetry|rake|rush|rye|setup\.py|swift|task|tox|turbo|unzip|uv|vite|xcodebuild|yarn(?:\.js)?|yum"
)
# Of these only with such a word, others may show anything: docker run shop/api, which may have to pull it first,
# python manage.py migrate
_PULLERS = frozenset({"docker", "docker-compose", "podman"})
_ONLY_WITH = {
    **dict.fromkeys(_PULLERS, frozenset({"pull", "push", "run", "up"})),
    **dict.fromkeys(("artisan", "django-admin", "manage.py"), frozenset({"collectstatic", "migrate", "migrate:fresh"})),
}
_STARTERS = re.compile(r"(?:ba|da)?sh|node|php|python[0-9.]{0,5}")
_PRINTING = frozenset({"blame", "cat-file", "diff", "grep", "log", "show"})  # of git
# echo "$LOG"   echo "$NAME $REST": a word that is nothing else may hold a whole file, or a row of it
_VARIABLE = re.compile(r"(?:[ \t]{0,9}\$\{?[A-Za-z_]\w{0,80}\}?){1,20}[ \t]{0,9}")
_REWRITERS = frozenset({"awk", "sed"})  # a line of a build may be another one behind them
_KINDS = LineKinds({**INSTALL_LINES, **LAYER_LINES, **COMPILE_LINES, **CONFIGURE_LINES, **XCODE_LINES})
# 3 upgraded, 53 newly installed, 1 reinstalled, 1 downgraded, 0 to remove and 102 not upgraded.
_PLANNED = re.compile(
    r"([0-9]{1,6}) upgraded, ([0-9]{1,6}) newly installed, (?:([0-9]{1,6}) reinstalled, )?"
    r"(?:([0-9]{1,6}) downgraded, )?[0-9]{1,6} to remove and [0-9]{1,6} not upgraded\."
)
# Downloaded 12 crates (1.1 MB) in 0.51s
_CRATES = re.compile(r" {1,4}Downloaded ([0-9]{1,6}) crates?(?: \([^()]{1,40}\))?(?: in [0-9.ms ]{1,12})?")
_CRATE = re.compile(r" {1,4}Downloaded \S{1,80} v[0-9]")
_VERSION_OF = re.compile(
    r" {0,24}(?:Setting up|Compiling|Checking|Requirement already satisfied:|(?:\([0-9/]{3,11}\) |- )?Installing|Using"
    r"|> Task [\w:.-]{0,300}:) ?([\w.+/-]{1,100})"
)
# [INFO] Downloading from central: https://repo.maven.apache.org/maven2/a/b/1.0/b-1.0.pom
_DOWNLOAD = re.compile(
    r"(?:\[INFO\] )?(?:Progress [^\n:]{1,10}:[^\n:]{1,200})?Download(ing|ed) from [^\s:]{1,80}: "
    r"\S{1,500}/([^\s/]{1,200})(?: .{0,60})?"
)
# Collecting kombu<6.0,>=5.3.4 (from celery==5.3.6)   Requirement already satisfied: six>=1.5 in /opt (from a) (1.17.0)
# but no name is in:  Collecting git+https://git.example.org/shop/cart.git@v1.2
_NAMING = re.compile(r" {0,24}(?:Collecting|Requirement already satisfied:) ")
_NAMED = re.compile(
    r" {0,24}(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9][\w.-]{0,100})(?=[\s<>=!~@;\[(]|$)"
)
# flask==3.0   'flask>=3,<4'   flask[async]   serde@1.0.203
_PACKAGE = re.compile(r"[=<>!~\[@]")
# pip writes one name in several ways: cart_http, Cart.http
_JOINTS = re.compile("[-_.]+")
_BAR = re.compile(" {0,24}[━╸╺-]{3}")
# npm http fetch GET 200 https://registry.npmjs.org/ms 55ms (cache miss)
_TIME = re.compile(r" ([0-9]{1,9}ms) \(cache ")
_INSTALLING = "Installing collected packages: "
_INSTALLED = "Successfully installed "
# Between the two stand four lines for each package that is replaced.
_FAR = 40


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    call = document.call
    programs = started_programs(call)
    if (
        call is None
        or not _runs_builds(programs)
        or any(map(_prints_other_lines, programs))
        or (shows_file(call) and any(words[0] in _PULLERS for words in programs))
        or not _add_up(document.body)
    ):
        return
    has_lists = _INSTALLING in document.body
    lists = [row for row, line in enumerate(lines) if line.lstrip().startswith(_INSTALLING)] if has_lists else []
    kinds = _kinds(document.body, lines, lists, programs)
    warned = warnings_said_before(document.body, lines)
    for row in warned:
        kinds[row] = PIP
    start = 0
    for what, rows in groupby(kinds):
        stop = start + len(list(rows))
        if what:
            said = what if warned.isdisjoint(range(start, stop)) else f"{what}, and {WARNINGS}"
            said = WARNINGS if warned.issuperset(range(start, stop)) else said
            gap = Gap(start, _without_bars(lines, start, stop), said, is_judged=True)
            is_named = what == PIP and not _is_listed_below(gap, lines, lists)
            shown = _names_in if is_named else checks_among if what == TASKS else None
            yield from _with_rows(gap, lines, shown, asked_words(call)) if shown else (gap,)
        start = stop


def _kinds(
    body: str, lines: Sequence[str], lists: Sequence[int], programs: Sequence[Sequence[str]]
) -> list[str | None]:
    """What each line is of, None where it stays. lists: the rows in which pip tells what it installs."""
    asked = {_PACKAGE.split(word)[0] for word in set().union(*(words[1:] for words in programs))}
    failed = set(failed_names(body))
    may_download = any(said in body for said in ("Downloading from ", "Downloaded from "))
    downloads = [found for line in lines if (found := _DOWNLOAD.match(line))] if may_download else []
    fetched = {found[2] for found in downloads if found[1] == "ed"}
    kinds = kinds_by_step(_KINDS.kinds_of([line.strip() for line in lines]), lines)
    said_below = rows_said_below(lines)
    for row in [row for row, kind in enumerate(kinds) if kind]:
        line = lines[row]
        is_nameless = kinds[row] == PIP and _NAMING.match(line) and not _NAMED.match(line)
        is_broken_off = may_download and _is_broken_off(line, fetched)
        if (
            is_nameless
            or is_broken_off
            or _tells_version(line, asked)
            or (not is_command(line, kinds[row]) and names_one_of(line, failed))
        ):
            kinds[row] = None
    for row in last_of_open_layers(lines, [row for row, kind in enumerate(kinds) if kind == LAYERS]):
        kinds[row] = None
    for row in silent_tasks(body, lines):
        kinds[row] = TASKS
    if again := repeated_findings(lines):
        kinds = [AGAIN if row in again or kind == STEPS else kind for row, kind in enumerate(kinds)]
    for row in lists:
        if _is_said_again(lines[row], lines[row + 1 : row + _FAR]):
            kinds[row] = "names of the packages that were installed"
    for row in small_assets(lines, [row for row, kind in enumerate(kinds) if kind is None]):
        kinds[row] = ASSETS
    npm = [row for row, kind in enumerate(kinds) if kind == NPM]
    fetched_rows = [row for row, kind in enumerate(kinds) if kind in FETCHING]
    for row in {*slow_rows(npm, lines, _TIME), *first_of_other_servers(lines, fetched_rows)}:
        kinds[row] = None
    return [SAID_BELOW if row in said_below else kind for row, kind in enumerate(kinds)] if said_below else kinds


def _with_rows(
    gap: Gap, lines: Sequence[str], rows: Callable[[Sequence[str]], tuple[str, ...]], asked: Sequence[str]
) -> Iterator[Gap]:
    """The gap with what is to be seen of its lines: names of packages, where pip did not list them in the end since it
    had all or was ended, or the tasks of tests.

    As of other gaps the first and the last row stay. None where a row has what was asked for.
    """
    if any(word in line.lower() for line in lines[gap.start : gap.stop] for word in asked):
        return
    inner = inner_rows(lines)
    start, stop = max(gap.start, inner.start) + 1, min(gap.stop, inner.stop) - 1
    shown = rows(lines[start:stop])
    named = "their names" if gap.what.startswith(PIP) else "but those of tests and checks"
    what = f"{gap.what}, {named} in the {next_lines(shown)}"
    yield replace(gap, start=start, stop=max(start, stop), what=what, instead=shown) if shown else gap


def _is_listed_below(gap: Gap, lines: Sequence[str], lists: Sequence[int]) -> bool:
    """lists: the rows in which pip tells what it installs."""
    below = bisect_left(lists, gap.stop)
    return below < len(lists) and _are_in(lines[lists[below]], lines[gap.start : gap.stop])


def _are_in(installed: str, lines: Sequence[str]) -> bool:
    """Whether a list of what pip installs names all that it collects in the lines, and so is of the same run."""
    names = {_JOINTS.sub("-", name.lower()) for name in installed.strip().removeprefix(_INSTALLING).split(", ")}
    found = (match for line in lines if (match := _NAMED.match(line)) and "Collecting" in match[0])
    collected = {_JOINTS.sub("-", match[1].lower()) for match in found}
    return bool(collected) and collected <= names


def _names_in(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[1] for line in lines if (match := _NAMED.match(line))))


def _without_bars(lines: Sequence[str], start: int, stop: int) -> int:
    """Where a gap ends so that no bar stands alone below it: the line above a bar says what is fetched."""
    while stop > start + 1 and _BAR.match(lines[stop - 1]):
        stop -= 1
    return stop


def _runs_builds(programs: Sequence[Sequence[str]]) -> bool:
    """Programs may be started by another: `python3 setup.py build`, `sh ./configure`."""
    return any(_is_build(words) or (_STARTERS.fullmatch(words[0]) and _is_build(words[1:])) for words in programs)


def _is_build(words: Sequence[str]) -> bool:
    program = words[0].rpartition("/")[2] if words else ""
    return bool(_PROGRAMS.fullmatch(program)) or not _ONLY_WITH.get(program, frozenset()).isdisjoint(words[1:3])


def _prints_other_lines(words: Sequence[str]) -> bool:
    """Lines that no build wrote: those of a file, what is made of others, or what would be done."""
    if words[0] == "git":
        return not _PRINTING.isdisjoint(words)
    if words[0] in SPEAKERS:
        return any("$(" in word or "`" in word or _VARIABLE.fullmatch(word) for word in words)  # echo "$(cat a.log)"
    if words[0] == "done" and len(words) > 1:  # while read -r LINE; do echo "$LINE"; done < build.log
        return True
    return words[0] in _REWRITERS or only_plans(words) or starts_printer(words)


def _add_up(text: str) -> bool:
    """Whether as many packages were unpacked as apt said, or none yet, and as many crates downloaded as cargo says.

    Of a text that the client has cut there may be fewer.
    """
    if " newly installed, " not in text and " Downloaded " not in text:
        return True
    lines = text.split("\n")
    plans = [found for line in lines if (found := _PLANNED.fullmatch(line.strip()))]
    planned = sum(int(number or 0) for plan in plans for number in plan.groups())
    crates = [found for line in lines if (found := _CRATES.fullmatch(line.rstrip()))]
    unpacked = sum(line.startswith("Unpacking ") for line in lines)
    downloaded = sum(_CRATE.match(line) is not None for line in lines)
    fetched = sum(int(found[1]) for found in crates)
    if was_cut(text):
        return (not plans or unpacked <= planned) and (not crates or downloaded <= fetched)
    return (not plans or unpacked in {0, planned}) and (not crates or downloaded == fetched)


def _tells_version(line: str, asked: set[str]) -> bool:
    found = _VERSION_OF.match(line) if asked else None
    return found is not None and found[1] in asked


def _is_broken_off(line: str, fetched: set[str]) -> bool:
    """Whether it is the beginning of a download of which no end is told."""
    found = _DOWNLOAD.match(line)
    return found is not None and found[2] not in fetched


def _is_said_again(line: str, following: Sequence[str]) -> bool:
    """Whether a line says soon after that just as many packages were installed, with their versions."""
    names = line.strip().removeprefix(_INSTALLING).split(", ")
    said = next((after.strip() for after in following if after.lstrip().startswith(_INSTALLED)), "")
    return len(said.removeprefix(_INSTALLED).split()) == len(names)
