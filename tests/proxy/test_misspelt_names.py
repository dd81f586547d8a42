"""Names that are near to those of our options, and are none."""

from __future__ import annotations

import pytest
from mitmproxy.test import taddons

from headroom_proxy import misspelt_names


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("compress_levle=recall", True),
        ("compress_nothing_like_ours=1", True),
        ("compres_level=recall", True),
        ("headroom_level=recall", True),
        ("headroom_compress_level=recall", True),
        ("compress-level=recall", True),
        ("Compress_Level=recall", True),
        ("other=1", False),
        ("stream_large_bodes=3m", False),
        ("headroom_of_another_addon=1", False),
    ],
)
def test_names_what_may_be_meant_for_an_option_of_ours(given: str, context: taddons.context, *, named: bool) -> None:
    context.options.set(given, defer=True)
    assert misspelt_names.unknown_names(context.options) == ([given.partition("=")[0]] if named else [])


def test_names_variables_that_do_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEADROOM_COMPRESS_PASSTHROUGH", "HEADROOM_COMPRES_LEVEL", "HEADROOM_COMPRESS_LEVEL", "HEADROOM_PORT"):
        monkeypatch.setenv(name, "1")
    assert misspelt_names.unknown_variables() == ["HEADROOM_COMPRESS_LEVEL", "HEADROOM_COMPRES_LEVEL"]
