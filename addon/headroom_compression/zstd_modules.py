"""Which module reads and writes zstd: they all have `open`, `compress` and `ZstdError`."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from types import ModuleType

# Python 3.14's own, what mitmproxy 12.3 brings below 3.14, what older mitmproxy brings.
ZSTD_MODULES: Final = ("compression.zstd", "backports.zstd", "zstandard")


def zstd_module() -> ModuleType:
    """The first one that is there; raises ImportError where there is none."""
    for name in ZSTD_MODULES:
        with suppress(ImportError):
            return import_module(name)
    raise ImportError(f"none of {', '.join(ZSTD_MODULES)} is installed")
