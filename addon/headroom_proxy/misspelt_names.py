"""Options and variables that are misspelt: mitmproxy keeps them without a word."""

from __future__ import annotations

import logging
import os
from difflib import get_close_matches
from typing import Final

from mitmproxy.options import Options

from headroom_proxy.options import NAMES
from headroom_proxy.options import PREFIX
from headroom_proxy.options import SWITCH_VARIABLE

_LIKE_OUR_VARIABLE: Final = "HEADROOM_COMPRES"
# From 0 to 1: compres_only, a letter short in the shortest name, has 0.96; the nearest of mitmproxy's, 0.4.
_NEARNESS: Final = 0.85

logger = logging.getLogger(__name__)


def unknown_names(options: Options) -> list[str]:
    """Name what looks like an option of ours and is none."""
    return sorted(name for name in getattr(options, "deferred", {}) if name.startswith(PREFIX) or nearest_name(name))


def unknown_variables() -> list[str]:
    """Name what looks like our variable and is not. Other programs have variables that begin with HEADROOM."""
    return sorted(name for name in os.environ if name.startswith(_LIKE_OUR_VARIABLE) and name != SWITCH_VARIABLE)


def warn_of_unknown_names(options: Options) -> None:
    for name in unknown_names(options):
        nearest = nearest_name(name)
        meant = f" Did you mean {nearest}?" if nearest else ""
        logger.warning("headroom-addon: there is no option %s, so it has no effect.%s", name, meant)
    for name in unknown_variables():
        logger.warning("headroom-addon: %s has no effect, the only variable is %s.", name, SWITCH_VARIABLE)


def nearest_name(name: str) -> str | None:
    """The option that `compres_level`, `headroom_level` or `compress-level` probably means; None for no near one."""
    spelt = name.lower().replace("-", "_")
    if spelt.startswith("headroom_"):
        spelt = PREFIX + spelt.removeprefix("headroom_").removeprefix(PREFIX)
    return next(iter(get_close_matches(spelt, NAMES, 1, _NEARNESS)), None)
