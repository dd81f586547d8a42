"""The options of the addon: their names, their defaults, their checks."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from collections.abc import Sequence  # mitmproxy compares the type at run time
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Final

from mitmproxy import flowfilter
from mitmproxy.exceptions import OptionsError

from headroom_compression import Settings
from headroom_compression.recall.store import DEFAULT_LIMIT
from headroom_compression.recall.store import check_folder
from headroom_proxy import state_folder

if TYPE_CHECKING:
    from mitmproxy.addonmanager import Loader
    from mitmproxy.options import Options

PREFIX: Final = "compress_"
SWITCH: Final = "compress_passthrough"
SWITCH_VARIABLE: Final = "HEADROOM_COMPRESS_PASSTHROUGH"
ON_WORDS: Final = ("1", "true", "yes", "on")
OFF_WORDS: Final = ("0", "false", "no", "off")
LEVELS: Final = ("lossless", "recall")
REFERENCES: Final = ("off", "careful", "eager")
MEBIBYTE: Final = 2**20
MEMORY_MEBIBYTES: Final = 384
# Below it the latest outputs, which always stay, and an agent's instructions leave nothing to put away.
MIN_BUDGET: Final = 20_000
ALLOWED_BUDGETS: Final = f"0, and whole numbers from {MIN_BUDGET:,} on"
_COUNTS: Final = "0 and whole numbers above"
_TRUTHS: Final = "true and false"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose, checked."""

    is_on: bool = False
    settings: Settings = field(default_factory=Settings)
    only: flowfilter.TFilter | None = None
    is_dry_run: bool = False
    memory_bytes: int = MEMORY_MEBIBYTES * MEBIBYTE

    @property
    def summary(self) -> str:
        """What the log says at the start and after a change."""
        if not self.is_on:
            how_to_switch_on = f"off; switch on with --set {SWITCH}=true or {SWITCH_VARIABLE}=1"
            return f"off: compress_dry_run needs {SWITCH}=true beside it" if self.is_dry_run else how_to_switch_on
        chosen = f"on, level {self.settings.level}, references {self.settings.references}"
        if self.settings.budget:
            what_for = "" if self.settings.level == "recall" else ", for `truncation: auto` alone"
            chosen += f", budget {self.settings.budget:,} tokens{what_for}"
        return f"{chosen}, dry run" if self.is_dry_run else chosen


@dataclass(frozen=True, slots=True)
class _Option:
    name: str
    kind: type
    default: bool | int | str | Sequence[str]
    help: str
    allowed: str
    choices: tuple[str, ...] | None = None


_OTHERS: Final = (
    _Option(
        "compress_level",
        str,
        "lossless",
        "lossless: nothing is left out. recall: lines that nobody needs are left out of large outputs, and marked; the "
        "whole output is in a file that the agent can open.",
        ", ".join(LEVELS),
        LEVELS,
    ),
    _Option(
        "compress_recall_dir",
        str,
        "",
        "Where level recall keeps whole outputs; empty: the state folder of this platform.",
        "absolute paths of folders that are yours alone (mode 0700)",
    ),
    _Option(
        "compress_recall_limit",
        int,
        DEFAULT_LIMIT // MEBIBYTE,
        "How many MiB of whole outputs level recall keeps; those not seen for longest are deleted first.",
        _COUNTS,
    ),
    _Option(
        "compress_budget",
        int,
        0,
        "Level recall: when a request has more tokens than this, put the oldest outputs away into files until half of "
        "it is left; 0: never. Best about 60% of what the route really takes. At each level: with truncation: auto, "
        "pointers are sent up to it.",
        ALLOWED_BUDGETS,
    ),
    _Option(
        "compress_references",
        str,
        "careful",
        "Replace lines that an earlier tool output of the conversation already shows by a pointer to them. careful: "
        "from eight lines on, a few a text. eager: from four on, also of text in calls. off: never.",
        ", ".join(REFERENCES),
        REFERENCES,
    ),
    _Option(
        "compress_exclude_tools",
        Sequence[str],
        (),
        "Leave alone the outputs of tools and commands that match this glob pattern, and of unknown calls. Repeat it "
        "for several patterns.",
        "lists of glob patterns",
    ),
    _Option(
        "compress_min_tokens",
        int,
        Settings().min_tokens,
        "Leave alone texts of fewer tokens than this.",
        _COUNTS,
    ),
    _Option(
        "compress_memory",
        int,
        MEMORY_MEBIBYTES,
        "How many MiB of requests to remember: the latest of each session, so that a turn only costs the time for what "
        "is new in it.",
        _COUNTS,
    ),
    _Option(
        "compress_only",
        str,
        "",
        "Compress only flows that match this mitmproxy filter; empty: all.",
        "mitmproxy filter expressions",
    ),
    _Option(
        "compress_dry_run",
        bool,
        False,  # noqa: FBT003  a table's column
        f"Measure and report what would be saved, change nothing. Beside {SWITCH}.",
        _TRUTHS,
    ),
)


_SWITCH_HELP: Final = (
    f"Compress tool outputs in requests to the Responses API. Default: what {SWITCH_VARIABLE} says, or false."
)
_BY_NAME: Final = {option.name: option for option in _OTHERS}
HELP_TEXTS: Final = {SWITCH: _SWITCH_HELP, **{option.name: option.help for option in _OTHERS}}
NAMES: Final = tuple(HELP_TEXTS)
SWITCHES: Final = (SWITCH, *(option.name for option in _OTHERS if option.kind is bool))


def _switch() -> _Option:
    return _Option(SWITCH, bool, _switch_default(), _SWITCH_HELP, _TRUTHS)


def _switch_default() -> bool:
    given = os.environ.get(SWITCH_VARIABLE)
    if given is not None and given.lower() not in ON_WORDS + OFF_WORDS:
        logger.error("%s is %r, allowed are %s.", SWITCH_VARIABLE, given, ", ".join(ON_WORDS + OFF_WORDS))
    return given is not None and given.lower() in ON_WORDS


def declare(loader: Loader) -> None:
    """Add the options; a value that cannot be read is logged as an error, which ends mitmdump at its start.

    mitmproxy itself says nothing when `--set` gives a new option a value of the wrong kind: it drops the addon and
    serves on; of one in config.yaml it logs a traceback. So each option takes its value here, where the failure is
    seen, and mitmproxy never comes to see a wrong one.
    """
    for option in (_switch(), *_OTHERS):
        with complaints():
            _add(loader, option)


@contextmanager
def complaints(*, is_running: bool = False) -> Iterator[None]:
    """Log an OptionsError at the start, where mitmproxy would log it with a traceback; later let it through.

    Then mitmproxy refuses the change.
    """
    try:
        yield
    except OptionsError as error:
        if is_running:
            raise
        logger.error("headroom-addon: %s", error)  # noqa: TRY400  the message is for the user, a traceback is not


def _add(loader: Loader, option: _Option) -> None:
    loader.add_option(option.name, option.kind, option.default, option.help, option.choices)
    given = _given(loader.master.options, option.name)
    try:
        loader.master.options.process_deferred()
    except (OptionsError, TypeError):
        getattr(loader.master.options, "deferred", {}).pop(option.name, None)
        raise _complaint(option, given) from None


def _given(options: Options, name: str) -> str:
    """What `--set` or config.yaml gives the option, as text: mitmproxy keeps it until the option is known."""
    given = getattr(options, "deferred", {}).get(name)
    words = getattr(given, "val", [given])  # several, or none, by `--set`
    return " and ".join(map(repr, words)) or "given without a value"


def _complaint(option: _Option, given: str, why: str = "") -> OptionsError:
    return OptionsError(f"{option.name} is {given}, allowed are {option.allowed}{why}.")


def read(options: Options) -> Choices:
    """Return what the user chose. Raise OptionsError for a value that is not allowed."""
    return Choices(
        is_on=options.compress_passthrough,
        settings=_settings(options),
        only=_flow_filter(options.compress_only),
        is_dry_run=options.compress_dry_run,
        memory_bytes=_not_negative(options, "compress_memory") * MEBIBYTE,
    )


def _settings(options: Options) -> Settings:
    level = _one_of(options, "compress_level")
    return Settings(
        level=level,
        recall_dir=_recall_dir(options, is_used=options.compress_passthrough and level == "recall"),
        recall_limit=_not_negative(options, "compress_recall_limit") * MEBIBYTE,
        recall_stores=not options.compress_dry_run,
        references=_one_of(options, "compress_references"),
        exclude_tools=tuple(options.compress_exclude_tools),
        min_tokens=_not_negative(options, "compress_min_tokens"),
        budget=_budget(options),
    )


def is_budget(tokens: int) -> bool:
    return tokens == 0 or tokens >= MIN_BUDGET


def _budget(options: Options) -> int:
    budget = _not_negative(options, "compress_budget")
    if not is_budget(budget):
        raise _complaint(_BY_NAME["compress_budget"], repr(budget))
    return budget


def _recall_dir(options: Options, *, is_used: bool) -> str:
    """The folder for originals, made when it is used, so that a wrong one is reported at the start.

    "" for the default one when it is not used: then it does not matter whether it could be.
    """
    given = options.compress_recall_dir
    if not given and not is_used:
        return ""
    try:
        folder = state_folder.folder_of(given)
        if is_used and not options.compress_dry_run:
            check_folder(folder)
    except (ValueError, OSError, RuntimeError) as error:
        raise _complaint(_BY_NAME["compress_recall_dir"], repr(given), f": {error}") from None
    return str(folder)


def _not_negative(options: Options, name: str) -> int:
    given: int = getattr(options, name)
    if given < 0 or isinstance(given, bool):  # config.yaml can say `true`, which Python takes for 1
        raise _complaint(_BY_NAME[name], repr(given))
    return given


def _one_of(options: Options, name: str) -> str:
    given, option = getattr(options, name), _BY_NAME[name]
    if given not in (option.choices or ()):
        raise _complaint(option, repr(given))
    return str(given)


def _flow_filter(given: str) -> flowfilter.TFilter | None:
    if not given:
        return None
    try:
        return flowfilter.parse(given)
    except (ValueError, RecursionError):
        raise _complaint(_BY_NAME["compress_only"], repr(given)) from None
