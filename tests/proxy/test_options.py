"""Options: what they take, and that a wrong value is an error with a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mitmproxy.exceptions import OptionsError

from headroom_compression import Settings
from headroom_proxy import options

if TYPE_CHECKING:
    from collections.abc import Callable

    from mitmproxy.addonmanager import Loader
    from mitmproxy.options import Options
    from mitmproxy.test import taddons


class OptionsOnly:
    def load(self, loader: Loader) -> None:
        options.declare(loader)


@pytest.fixture
def declare(context: taddons.context) -> Callable[..., Options]:
    """Set options before they are known, as `--set` does for a script's."""

    def set_and_declare(*given: str) -> Options:
        context.options.set(*given, defer=True)
        context.master.addons.add(OptionsOnly())
        return context.options

    return set_and_declare


def test_by_default_it_is_off(declare: Callable[..., Options]) -> None:
    assert options.read(declare()) == options.Choices(is_on=False, settings=Settings(), only=None, is_dry_run=False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["compress_passthrough=true"], options.Choices(is_on=True)),
        (["compress_passthrough"], options.Choices(is_on=True)),
        (["compress_passthrough=false"], options.Choices()),
        (["compress_dry_run=true"], options.Choices(is_dry_run=True)),
        (["compress_references=eager"], options.Choices(settings=Settings(references="eager"))),
        (["compress_references=off"], options.Choices(settings=Settings(references="off"))),
        (["compress_min_tokens=7"], options.Choices(settings=Settings(min_tokens=7))),
        (
            ["compress_exclude_tools=git *", "compress_exclude_tools=shell"],
            options.Choices(settings=Settings(exclude_tools=("git *", "shell"))),
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
        ("compress_only=~~", "compress_only is '~~', which is not a mitmproxy filter"),
        ("compress_min_tokens=-1", "compress_min_tokens is -1, allowed are 0 and above"),
    ],
)
def test_complains_of(declare: Callable[..., Options], given: str, complaint: str) -> None:
    known = declare(given)
    with pytest.raises(OptionsError, match=complaint):
        options.read(known)


@pytest.mark.parametrize(
    "given",
    [
        ["compress_passthrough=1"],
        ["compress_passthrough=True"],
        ["compress_passthrough=yes"],
        ["compress_passthrough=true", "compress_passthrough=false"],
        ["compress_dry_run=on"],
        ["compress_references"],
        ["compress_min_tokens=few"],
    ],
    ids=" ".join,
)
def test_logs_what_mitmproxy_would_drop_the_addon_for(
    declare: Callable[..., Options], given: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(OptionsError):
        declare(*given)
    name = given[0].partition("=")[0]
    assert [record.levelname for record in caplog.records if f"wrong value for {name}:" in record.message] == ["ERROR"]


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


def test_names_unknown_options(declare: Callable[..., Options]) -> None:
    known = declare("compress_levle=recall", "compress_only=~all", "other=1")
    assert options.unknown_names(known) == ["compress_levle"]
