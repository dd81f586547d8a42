"""Findings of MSBuild that stand below its sum again."""

from __future__ import annotations

from headroom_compression.formats.builds.msbuild_lines import repeated_findings

WARNING = "Cart.cs(12,5): warning CS0168: The variable 'x' is declared but never used [/srv/shop/Shop.csproj]"
OTHER = "Cart.cs(31,9): warning CS8602: Dereference of a possibly null reference. [/srv/shop/Shop.csproj]"


def test_only_those_that_are_said_again() -> None:
    assert repeated_findings([WARNING, OTHER, "", "Build succeeded.", "", f"  {WARNING}", "    1 Warning(s)"]) == {0}


def test_without_a_sum_none_is() -> None:
    assert repeated_findings([WARNING, WARNING]) == set()
