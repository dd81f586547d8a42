"""What findings of Bandit repeat."""

from __future__ import annotations

from headroom_compression.formats.bandit_findings import spare_rows

LINK = "   More Info: https://bandit.readthedocs.io/b101.html"


def finding(rule: str) -> list[str]:
    return [f">> Issue: [{rule}] x", LINK, "   Location: a.py:1:0", "1\tassert a", "2\t", "", "-" * 50]


def test_the_first_finding_stays_whole() -> None:
    assert list(spare_rows(finding("B101:a"))) == []


def test_the_link_stays_once_for_each_rule() -> None:
    lines = [*finding("B101:a"), *finding("B101:a"), *finding("B602:b")]
    left_out = {lines[row] for row in spare_rows(lines)}
    assert left_out == {LINK, "1\tassert a", "2\t", "", "-" * 50}
    assert [row for row in spare_rows(lines) if lines[row] == LINK] == [8]


def test_lines_below_the_findings_stay() -> None:
    lines = [*finding("B101:a"), *finding("B101:a"), "Code scanned:", "1\tx", ""]
    assert max(spare_rows(lines)) == len(lines) - 4
