"""The first module for zstd that there is."""

from __future__ import annotations

import sys

import pytest

from headroom_compression.zstd_modules import ZSTD_MODULES
from headroom_compression.zstd_modules import zstd_module


def test_what_it_writes_it_reads() -> None:
    zstd = zstd_module()
    assert zstd.__name__ in ZSTD_MODULES
    assert zstd.decompress(zstd.compress(b"text", 3)) == b"text"
    assert issubclass(zstd.ZstdError, Exception)


def test_the_next_one_is_taken_where_one_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    there = zstd_module()
    for name in ZSTD_MODULES:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, ZSTD_MODULES[-1], there)
    assert zstd_module() is there


def test_without_any_it_says_which_there_could_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ZSTD_MODULES:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=r"none of compression\.zstd, .*, zstandard is installed"):
        zstd_module()
