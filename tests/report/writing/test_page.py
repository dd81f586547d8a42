"""The page: what it says, that it asks for nothing, and that no text in it is obeyed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from headroom_report.values.savings import OutputSavings
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from headroom_report.writing.page import as_page
from headroom_report.writing.page import write_page
from tests.report.values.test_savings import LONG
from tests.report.values.test_savings import REPORT
from tests.report.values.test_savings import SHORT

HOSTILE = "</pre></style></title><script>alert(1)</script><img src=//x onerror=y>\"'&\x00\x1b[2J\u202e\ud800"
MINUS = "\N{MINUS SIGN}"
VOID = {"meta", "rect", "line", "polyline", "polygon"}


class Reader(HTMLParser):
    """Elements, and what stands in them; raises AssertionError where they are not closed in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data.strip()))

    def texts_of(self, tag: str) -> list[str]:
        return [text for element, text in self.texts if element == tag]


def test_the_headline_says_each_figure_with_its_meaning() -> None:
    reader = Reader(as_page(REPORT))
    assert reader.texts_of("title") == reader.texts_of("h1") == ["both"]
    assert reader.texts_of("b") == [f"{MINUS}{share}%" for share in (28.7, 26.9, 48.1, 28.4)]
    assert "115 of 400 tokens saved" in reader.texts_of("p")
    assert any("figure to quote" in text for text in reader.texts_of("small"))
    assert any("71.4% of them cached" in text for text in reader.texts_of("p"))


def test_tables_hold_every_session_and_tool() -> None:
    cells = Reader(as_page(REPORT)).texts_of("td")
    assert [cells.count(name) for name in ("long", "short", "read", "bash")] == [1, 1, 1, 1]
    assert cells[cells.index("long") :][:8] == ["long", "by hand", "3", "350", "110", "31.4%", "28.0%", "30.8%"]


def test_before_and_after_stand_side_by_side_with_the_changed_lines_marked() -> None:
    output = OutputSavings("read", Tokens(30, 20), "cat a.py", ("same\nold line\nsame too", "same\nnew line\nsame too"))
    page = as_page(replace(REPORT, sessions=(replace(LONG, largest=(output,)),)))
    assert re.findall(r'<i class="(\w+)">([^<]*)</i>', page) == [("gone", "old line"), ("new", "new line")]
    assert f"30 → 20 tokens, {MINUS}33.3%" in Reader(page).texts_of("span")


def test_counts_alone_make_a_page_too() -> None:
    page = as_page(REPORT)
    assert "<details" not in page
    assert f"190 → 90 tokens, {MINUS}52.6%" in Reader(page).texts_of("span")


def test_nothing_foreign_is_obeyed() -> None:
    output = OutputSavings(HOSTILE, Tokens(9, 1), HOSTILE, (HOSTILE, f"{HOSTILE}\nmore"))
    session = replace(
        LONG, name=HOSTILE, kind=HOSTILE, largest=(output,), tools=(ToolSavings(HOSTILE, 1, 1, Tokens(9, 1)),)
    )
    page = as_page(SavingsReport(HOSTILE, HOSTILE, HOSTILE, (session,), (HOSTILE,)))
    reader = Reader(page)
    assert {tag for tag, _ in reader.elements} <= {tag for tag, _ in Reader(_plain_page()).elements}
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e\ud800]", page)
    assert reader.texts_of("title")[0].startswith("</pre></style></title><script>")
    page.encode()


def test_nothing_is_asked_for() -> None:
    elements = Reader(_plain_page()).elements
    assert not {"script", "link", "img", "iframe", "form", "object"} & {tag for tag, _ in elements}
    assert not {"src", "href", "onload", "style"} & {name for _, attributes in elements for name in attributes}
    assert "url(" not in _plain_page()
    policy = next(attributes["content"] for _, attributes in elements if "http-equiv" in attributes)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def _plain_page() -> str:
    output = OutputSavings("read", Tokens(30, 20), "cat a.py", ("old", "new"))
    return as_page(replace(REPORT, sessions=(replace(LONG, largest=(output,)), SHORT), notes=("A note.",)))


def test_a_long_text_is_cut_and_says_so() -> None:
    output = OutputSavings("read", Tokens(30, 20), "cat a.py", ("a" * 100_050, "short"))
    assert "(50 more characters)" in as_page(replace(REPORT, sessions=(replace(LONG, largest=(output,)),)))


def test_an_empty_report_makes_a_page() -> None:
    assert "0 sessions, 0 requests (nothing)" in as_page(SavingsReport("none", "lossless", "off"))


def test_the_file_is_for_this_user_only_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("older")
    path.chmod(0o644)
    write_page(REPORT, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == as_page(REPORT)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        write_page(REPORT, tmp_path / "folder")
    with pytest.raises(NotADirectoryError, match="none is no folder"):
        write_page(REPORT, tmp_path / "none" / "page.html")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(os.mkfifo, id="pipe"),
        pytest.param(lambda path: path.symlink_to(path), id="link to itself"),
    ],
)
def test_what_is_no_file_stays(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    make(path)
    kept = path.lstat()
    with pytest.raises(OSError, match=r"is no regular file"):
        write_page(REPORT, path)
    assert path.lstat() == kept
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_link_points_to_stays_when_it_is_no_file(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link.html"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    with pytest.raises(OSError, match=r"link\.html is no regular file, so the page cannot be written there$"):
        write_page(REPORT, link)
    assert pipe.is_fifo()
    assert sorted(tmp_path.iterdir()) == [link, pipe]


@pytest.mark.parametrize("older", ["older", None], ids=["a file", "nothing yet"])
def test_a_link_stays_and_what_it_points_to_is_written(older: str | None, tmp_path: Path) -> None:
    target, link = tmp_path / "folder" / "page.html", tmp_path / "link.html"
    target.parent.mkdir()
    link.symlink_to(Path("folder", "page.html"))
    if older:
        target.write_text(older)
    write_page(REPORT, link)
    assert link.is_symlink()
    assert target.read_text() == as_page(REPORT)
    assert list(target.parent.iterdir()) == [target]
