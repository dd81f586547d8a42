"""Options: what they take, and that a wrong value is an error with a name."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from mitmproxy import optmanager
from mitmproxy.exceptions import OptionsError

from headroom_compression import Settings
from headroom_proxy import options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mitmproxy.addonmanager import Loader
    from mitmproxy.options import Options
    from mitmproxy.test import taddons


SETTINGS = Settings()


class OptionsOnly:
    def load(self, loader: Loader) -> None:
        options.declare(loader)


def declare_all(context: taddons.context) -> Options:
    context.master.addons.add(OptionsOnly())
    return context.options


@pytest.fixture
def declare(context: taddons.context) -> Callable[..., Options]:
    """Set options before they are known, as `--set` does for a script's."""

    def set_and_declare(*given: str) -> Options:
        context.options.set(*given, defer=True)
        return declare_all(context)

    return set_and_declare


def test_by_default_it_is_off(declare: Callable[..., Options]) -> None:
    assert options.read(declare()) == options.Choices(is_on=False, settings=SETTINGS, only=None, is_dry_run=False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["compress_passthrough=true"], options.Choices(is_on=True, settings=SETTINGS)),
        (["compress_passthrough"], options.Choices(is_on=True, settings=SETTINGS)),
        (["compress_passthrough=false"], options.Choices(settings=SETTINGS)),
        (["compress_dry_run=true"], options.Choices(is_dry_run=True, settings=replace(SETTINGS, recall_stores=False))),
        (["compress_references=eager"], options.Choices(settings=replace(SETTINGS, references="eager"))),
        (["compress_references=off"], options.Choices(settings=replace(SETTINGS, references="off"))),
        (
            ["compress_level=recall", "compress_recall_dir=/somewhere", "compress_recall_limit=7"],
            options.Choices(settings=Settings(level="recall", recall_dir="/somewhere", recall_limit=7 * 2**20)),
        ),
        (["compress_min_tokens=7"], options.Choices(settings=replace(SETTINGS, min_tokens=7))),
        (["compress_memory=7"], options.Choices(settings=SETTINGS, memory_bytes=7 * 2**20)),
        (
            ["compress_exclude_tools=git *", "compress_exclude_tools=shell"],
            options.Choices(settings=replace(SETTINGS, exclude_tools=("git *", "shell"))),
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_reads(declare: Callable[..., Options], given: list[str], expected: options.Choices) -> None:
    assert options.read(declare(*given)) == expected


def test_reads_a_flow_filter(declare: Callable[..., Options]) -> None:
    only = options.read(declare("compress_only=~d example.com")).only
    assert only is not None
    assert only.pattern == "~d example.com"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("compress_references=sometimes", "compress_references is 'sometimes', allowed are off, careful, eager"),
        ("compress_references=", "compress_references is '', allowed are"),
        ("compress_level=lossy", "compress_level is 'lossy', allowed are lossless, recall"),
        ("compress_recall_limit=-1", "compress_recall_limit is -1, allowed are 0 and whole numbers above"),
        (
            "compress_recall_dir=here",
            "compress_recall_dir is 'here', allowed are absolute paths of folders that are yours",
        ),
        (
            "compress_recall_dir=~nosuchuser/x",
            "compress_recall_dir is '~nosuchuser/x', allowed are absolute paths of folders that are yours",
        ),
        (
            "compress_recall_dir=/a\x1bb",
            r"compress_recall_dir is '/a\\x1bb', allowed are .*: '/a\\x1bb' holds '\\x1b', which no marker can show",
        ),
        (
            "compress_recall_dir=/a\udcffb",
            r"compress_recall_dir is '/a\\udcffb', allowed are .*: '/a\\udcffb' holds '\\udcff', which no marker",
        ),
        ("compress_only=~~", "compress_only is '~~', allowed are mitmproxy filter expressions"),
        ("compress_only=~u [", r"compress_only is '~u \[', allowed are mitmproxy filter expressions"),
        ("compress_only=" + "(" * 2000, "allowed are mitmproxy filter expressions"),
        ("compress_min_tokens=-1", "compress_min_tokens is -1, allowed are 0 and whole numbers above"),
        ("compress_memory=-1", "compress_memory is -1, allowed are 0 and whole numbers above"),
    ],
)
def test_complains_of(declare: Callable[..., Options], given: str, complaint: str) -> None:
    known = declare(given)
    with pytest.raises(OptionsError, match=complaint):
        options.read(known)


def test_complains_of_a_folder_that_others_can_read_when_it_is_used(
    declare: Callable[..., Options], tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    known = declare("compress_passthrough=true", f"compress_recall_dir={tmp_path}")
    options.read(known)
    known.update(compress_level="recall")
    with pytest.raises(OptionsError, match="it must be yours, with mode 0700"):
        options.read(known)


@pytest.mark.parametrize(
    ("given", "is_used"),
    [
        ([], False),
        (["compress_level=recall"], False),
        (["compress_passthrough=true"], False),
        (["compress_passthrough=true", "compress_dry_run=true"], False),
        (["compress_passthrough=true", "compress_level=recall"], True),
        (["compress_passthrough=true", "compress_level=recall", "compress_dry_run=true"], True),
    ],
    ids=lambda value: " ".join(value) or "nothing" if isinstance(value, list) else "",
)
def test_looks_at_the_default_folder_where_it_is_used(
    declare: Callable[..., Options],
    given: list[str],
    is_used: bool,  # noqa: FBT001  a table's column
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr("headroom_proxy.state_folder.default_folder", unknown)
    with pytest.raises(OptionsError, match="no home") if is_used else nullcontext():
        options.read(declare(*given))


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (["compress_passthrough=1"], "compress_passthrough is '1', allowed are true and false."),
        (["compress_passthrough=True"], "compress_passthrough is 'True', allowed are true and false."),
        (["compress_passthrough=yes"], "compress_passthrough is 'yes', allowed are true and false."),
        (
            ["compress_passthrough=true", "compress_passthrough=false"],
            "compress_passthrough is 'true' and 'false', allowed are true and false.",
        ),
        (["compress_dry_run=on"], "compress_dry_run is 'on', allowed are true and false."),
        (["compress_references"], "compress_references is given without a value, allowed are off, careful, eager."),
        (["compress_only"], "compress_only is given without a value, allowed are mitmproxy filter expressions."),
        (["compress_min_tokens=few"], "compress_min_tokens is 'few', allowed are 0 and whole numbers above."),
        (["compress_min_tokens=1.5"], "compress_min_tokens is '1.5', allowed are 0 and whole numbers above."),
        (
            ["compress_min_tokens"],
            "compress_min_tokens is given without a value, allowed are 0 and whole numbers above.",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_logs_what_mitmproxy_would_drop_the_addon_for(
    declare: Callable[..., Options], given: list[str], complaint: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert options.read(declare(*given)) == options.Choices()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        f"headroom-addon: {complaint}"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("compress_passthrough: true", options.Choices(is_on=True, settings=SETTINGS)),
        ("compress_dry_run: true", options.Choices(is_dry_run=True, settings=replace(SETTINGS, recall_stores=False))),
        (
            "compress_references: off",
            options.Choices(settings=replace(SETTINGS, references="off")),
        ),  # no boolean in YAML 1.2
        ("compress_exclude_tools: [shell]", options.Choices(settings=replace(SETTINGS, exclude_tools=("shell",)))),
        ("compress_min_tokens: 0", options.Choices(settings=replace(SETTINGS, min_tokens=0))),
    ],
)
def test_reads_the_configuration_file(context: taddons.context, line: str, expected: options.Choices) -> None:
    optmanager.load(context.options, line)
    assert options.read(declare_all(context)) == expected


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("compress_passthrough: 1", "compress_passthrough is 1, allowed are true and false."),
        ("compress_passthrough: 'true'", "compress_passthrough is 'true', allowed are true and false."),
        ("compress_dry_run: 1.0", "compress_dry_run is 1.0, allowed are true and false."),
        ("compress_references: false", "compress_references is False, allowed are off, careful, eager."),
        ("compress_references: often", "compress_references is 'often', allowed are off, careful, eager."),
        ("compress_exclude_tools: shell", "compress_exclude_tools is 'shell', allowed are lists of glob patterns."),
        ("compress_exclude_tools: [1]", "compress_exclude_tools is [1], allowed are lists of glob patterns."),
        ("compress_memory: 1.5", "compress_memory is 1.5, allowed are 0 and whole numbers above."),
        ("compress_min_tokens: few", "compress_min_tokens is 'few', allowed are 0 and whole numbers above."),
        ("compress_min_tokens: true", "compress_min_tokens is True, allowed are 0 and whole numbers above."),
        ("compress_min_tokens: -1", "compress_min_tokens is -1, allowed are 0 and whole numbers above."),
        ("compress_only: 5", "compress_only is 5, allowed are mitmproxy filter expressions."),
        ("compress_only: ~~", "compress_only is '~~', allowed are mitmproxy filter expressions."),
    ],
)
def test_complains_of_the_configuration_file(
    context: taddons.context, line: str, complaint: str, caplog: pytest.LogCaptureFixture
) -> None:
    optmanager.load(context.options, line)
    with options.complaints():  # as `configure` does at the start
        options.read(declare_all(context))
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        f"headroom-addon: {complaint}"
    ]


def test_logs_each_wrong_value(declare: Callable[..., Options], caplog: pytest.LogCaptureFixture) -> None:
    known = declare("compress_passthrough=1", "compress_min_tokens=few", "compress_references=off")
    assert options.read(known) == options.Choices(settings=replace(SETTINGS, references="off"))
    assert caplog.text.count("allowed are") == 2


@pytest.mark.parametrize(
    ("variable", "given", "is_on"),
    [
        ("1", [], True),
        ("Yes", [], True),
        ("on", [], True),
        ("TRUE", [], True),
        ("0", [], False),
        ("off", [], False),
        ("No", [], False),
        ("false", [], False),
        ("1", ["compress_passthrough=false"], False),
        ("0", ["compress_passthrough=true"], True),
    ],
)
def test_the_environment_sets_the_default(
    declare: Callable[..., Options],
    variable: str,
    given: list[str],
    is_on: bool,  # noqa: FBT001  a table's column
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(options.SWITCH_VARIABLE, variable)
    assert options.read(declare(*given)).is_on is is_on


@pytest.mark.parametrize("variable", ["", "maybe", "2"])
def test_another_word_in_the_environment_is_an_error(
    declare: Callable[..., Options], variable: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(options.SWITCH_VARIABLE, variable)
    assert not options.read(declare()).is_on
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert f"HEADROOM_COMPRESS_PASSTHROUGH is {variable!r}, allowed are 1, true, yes, on" in caplog.text


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (["compress_budget=19999", "compress_level=recall"], "compress_budget is 19999, allowed are 0, and whole"),
        (
            ["compress_budget=-1", "compress_level=recall"],
            "compress_budget is -1, allowed are 0, and whole numbers from 20,000",
        ),
    ],
)
def test_a_budget_that_cannot_work_is_refused(
    declare: Callable[..., Options], given: list[str], complaint: str
) -> None:
    with pytest.raises(OptionsError, match=complaint):
        options.read(declare(*given))


def test_a_budget_is_told_at_the_start(declare: Callable[..., Options], tmp_path: Path) -> None:
    given = ["compress_passthrough", "compress_level=recall", f"compress_recall_dir={tmp_path / 'store'}"]
    chosen = options.read(declare(*given, "compress_budget=200000"))
    assert chosen.settings.budget == 200_000
    assert chosen.summary == "on, level recall, references careful, budget 200,000 tokens"


def test_what_a_budget_is_for_at_level_lossless_is_told_at_the_start(declare: Callable[..., Options]) -> None:
    chosen = options.read(declare("compress_passthrough", "compress_budget=200000"))
    assert chosen.summary.endswith(", budget 200,000 tokens, for `truncation: auto` alone")
