"""What counts as a gutter, and what only looks like one."""

from __future__ import annotations

import pytest

from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.references.gutter import Run
from headroom_compression.references.gutter import find_runs
from headroom_compression.references.gutter import goes_on_bare
from headroom_compression.references.gutter import looks_numbered
from headroom_compression.references.gutter import may_go_bare
from headroom_compression.references.gutter import opening
from headroom_compression.references.gutter import reads_like_the_clients
from tests.compression.support.bodies import numbered

LETTERS = list("abcdefg")


def runs_of(text: str) -> list[Run]:
    pattern = opening(text)
    return find_runs(text.split("\n"), pattern) if pattern else []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(numbered(LETTERS), [(0, 7, 1)], id="cat -n"),
        pytest.param(numbered(LETTERS, 98), [(0, 7, 98)], id="from two to three digits"),
        pytest.param(numbered(LETTERS, 9_996, "→"), [(0, 7, 9_996)], id="from four to five digits"),
        pytest.param(numbered(LETTERS, 99_996), [(0, 7, 99_996)], id="from five to six digits"),
        pytest.param("head\n" + numbered(LETTERS) + "tail", [(1, 8, 1)], id="lines around it"),
        pytest.param(numbered(LETTERS) + numbered(LETTERS), [(0, 7, 1), (7, 14, 1)], id="two files"),
        pytest.param(numbered(LETTERS) + numbered(LETTERS, 9), [(0, 7, 1), (7, 14, 9)], id="a gap"),
        pytest.param(
            "[File: a (9 lines total)]\n" + "\n".join(f"{n}:x" for n in range(8, 14)), [(1, 7, 8)], id="viewer"
        ),
        pytest.param("<file>\n" + "\n".join(f"{n:05}| x" for n in range(8, 14)), [(1, 7, 8)], id="filled by zeros"),
        pytest.param("<path>a</path>\n" + "\n".join(f"{n}: x" for n in range(8, 14)), [(1, 7, 8)], id="tagged"),
    ],
)
def test_runs_are_found(text: str, expected: list[tuple[int, int, int]]) -> None:
    assert [(run.start, run.stop, run.first) for run in runs_of(text)] == expected


@pytest.mark.parametrize(("others", "are_found"), [(7, True), (8, False)])
def test_who_numbers_most_lines_numbers_no_fewer_than_half(others: int, are_found: bool) -> None:  # noqa: FBT001  a column
    text = numbered(LETTERS) + "\n" * (others - 1)
    pattern = opening(text, GutterForm.TOOL)
    assert pattern is not None
    assert bool(find_runs(text.split("\n"), pattern, in_most=True)) is are_found
    assert find_runs(text.split("\n"), pattern)


@pytest.mark.parametrize("above", range(5))
@pytest.mark.parametrize("first", [1, 99_998])
def test_the_shortest_run_is_found_wherever_it_begins(above: int, first: int) -> None:
    text = "head\n" * above + numbered(LETTERS[:5], first).removesuffix("\n")
    assert [(run.start, run.stop) for run in runs_of(text)] == [(above, above + 5)]


@pytest.mark.parametrize("first", [1, 30, 4_000, 4_090, 90_000])
@pytest.mark.parametrize("height", [63, 64, 65, 200])
def test_a_long_run_is_one_up_to_a_row_with_another_number(first: int, height: int) -> None:
    text = numbered(["x"] * height, first) + numbered(LETTERS, first + height + 1)
    assert [(run.start, run.stop, run.first) for run in runs_of(text)] == [
        (0, height, first),
        (height, height + 7, first + height + 1),
    ]


def test_the_rows_of_a_search_are_one_run_with_its_matches() -> None:
    lines = ["8-a", "9:b", "10-c", "11:d", "12-e", "14-f"]
    pattern = opening("", GutterForm.SEARCH)
    assert pattern
    (run,) = find_runs(lines, pattern)
    assert (run.start, run.stop, run.first) == (0, 5, 8)


TABBED = "".join(f"{n}\tx\n" for n in range(8, 14))
READ_FROM = (
    "<system>6 lines read from file starting from line 8. Total lines in file: 13. End of file reached.</system>"
)


def test_tabs_number_the_lines_that_kimi_code_reads() -> None:
    text = TABBED + READ_FROM
    pattern = opening(text, GutterForm.READER)
    assert pattern
    (run,) = find_runs(text.split("\n"), pattern)
    assert (run.start, run.stop, run.first, run.field(10)) == (0, 6, 8, "10\t")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        pytest.param(TABBED + READ_FROM, GutterForm.ANY, id="of another tool"),
        pytest.param(TABBED, GutterForm.READER, id="of another client, where they may be data"),
        pytest.param(READ_FROM + "\n" + TABBED, GutterForm.READER, id="below those words"),
        pytest.param(TABBED + READ_FROM + "\n", GutterForm.READER, id="more below those words"),
    ],
)
def test_numbers_before_tabs_may_be_data(text: str, form: GutterForm) -> None:
    pattern = opening(text, form)
    assert pattern is None or not find_runs(text.split("\n"), pattern)


PIPED = "total_lines: 13\ntruncated: false\ncontent 1 of 1:\n" + "".join(f"{n}|x | y\n" for n in range(8, 14))


def test_pipes_number_the_lines_that_hermes_reads() -> None:
    pattern = opening(PIPED, GutterForm.READER)
    assert pattern
    (run,) = find_runs(PIPED.split("\n"), pattern)
    assert (run.start, run.stop, run.first, run.field(10)) == (3, 9, 8, "10|")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        pytest.param(PIPED, GutterForm.ANY, id="of another tool"),
        pytest.param(PIPED.partition(":\n")[2], GutterForm.READER, id="of a file without its fields"),
        pytest.param(PIPED.replace("content 1 of 1:\n", ""), GutterForm.READER, id="without a title"),
    ],
)
def test_numbers_before_pipes_may_be_data(text: str, form: GutterForm) -> None:
    pattern = opening(text, form)
    assert pattern is None or not find_runs(text.split("\n"), pattern)


BARRED = "".join(f"{n:>3} | {'x | y' if n == 12 else ''}\n" for n in range(8, 14))


def test_bars_number_the_lines_of_what_a_tool_reads() -> None:
    pattern = opening("<content>\n" + BARRED, GutterForm.READER)
    assert pattern
    (run,) = find_runs(BARRED.split("\n"), pattern)
    assert (run.start, run.stop, run.first, run.width, run.separator) == (0, 6, 8, 3, " | ")
    thinned = "  8 | \n" + " | x\n" * 3
    assert opening(thinned, GutterForm.READER) is pattern


@pytest.mark.parametrize(
    ("text", "form"),
    [
        pytest.param(BARRED, GutterForm.ANY, id="another tool"),
        pytest.param(" id | name\n" + BARRED, GutterForm.READER, id="a table that a database printed"),
        pytest.param("No. | name\n--- | ---\n" + BARRED, GutterForm.READER, id="a table in Markdown"),
        pytest.param(BARRED.replace(" |", "|"), GutterForm.READER, id="without spaces"),
    ],
)
def test_bars_of_tables_are_no_gutter(text: str, form: GutterForm) -> None:
    assert opening(text, form) is None


BARE = "".join(f"{n}\t{'' if n == 9 else 'x'}\n" for n in range(8, 14))


def test_bare_numbers_are_a_gutter_where_claude_code_reads() -> None:
    pattern = opening(BARE, GutterForm.CODE_READER)
    assert pattern
    (run,) = find_runs(BARE.split("\n"), pattern)
    assert (run.start, run.stop, run.first, run.separator) == (0, 6, 8, "\t")
    assert opening("8\tx\n\tx\n10\tx\n", GutterForm.CODE_READER) is pattern


@pytest.mark.parametrize("form", [GutterForm.ANY, GutterForm.READER, GutterForm.VIEWER, GutterForm.NONE])
def test_bare_numbers_of_others_are_a_column(form: GutterForm) -> None:
    pattern = opening(BARE, form)
    assert pattern is None or find_runs(BARE.split("\n"), pattern) == []


def test_bare_numbers_below_a_head_are_a_column() -> None:
    pattern = opening("id\tname\n" + BARE, GutterForm.CODE_READER)
    assert pattern
    assert find_runs(BARE.split("\n"), pattern) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(numbered(LETTERS[:4]), id="four rows"),
        pytest.param("\n".join(f"{n}\tx" for n in range(1, 9)), id="no padding"),
        pytest.param("\n".join(f"{n:7}\tx" for n in range(1, 9)), id="seven wide"),
        pytest.param("\n".join(f"{n:06}\tx" for n in range(1, 9)), id="zeros before a tab"),
        pytest.param("\n".join(f"{n:6} x" for n in range(1, 9)), id="a space behind"),
        pytest.param("\n".join(f"{n}:x" for n in range(1, 9)), id="the viewer's rows without the viewer"),
        pytest.param("\n".join(f"{n}: x" for n in range(1, 9)), id="tagged rows without the tag"),
        pytest.param("<content>\n" + "\n".join(f"{n}: x" for n in range(1, 9)), id="a list in an XML file"),
        pytest.param("# [File: a (9 lines total)]\n" + "\n".join(f"{n}:x" for n in range(1, 9)), id="a viewer's name"),
        pytest.param("\n".join(f"{n:6}\tx" for n in range(2, 40, 2)), id="every other number"),
        pytest.param("\n".join(f"{n:6}{'→' if n % 2 else chr(9)}x" for n in range(1, 9)), id="two separators"),
        pytest.param("\n".join(f"{n:6}\tx" for n in range(9, 1, -1)), id="counting down"),
        pytest.param("\n".join(f"     {n}\tx" for n in "١٢٣٤٥٦٧"), id="digits of another script"),
        pytest.param("\n".join(f"{n:6}\tx" for n in range(-3, 1)), id="below one"),
    ],
)
def test_what_only_looks_numbered_is_no_run(text: str) -> None:
    assert runs_of(text) == []


@pytest.mark.parametrize(
    ("content", "separator", "expected"),
    [
        ("12\tx", "\t", True),
        ("   12\tx", "\t", True),
        ("12→", "→", True),
        ("12:x", ":", True),
        ("12: x", "\t", False),
        ("\tx", "\t", False),
        ("x12\t", "\t", False),
        ("", "\t", False),
        ("12", "\t", False),
    ],
)
def test_contents_that_look_numbered_are_known(content: str, separator: str, expected: bool) -> None:  # noqa: FBT001  a column
    assert looks_numbered(content, separator) is expected


@pytest.mark.parametrize(
    ("content", "separator", "expected"),
    [
        ("    return x", "→", True),
        ("", "\t", True),
        ("\treturn x", "→", True),
        ("\treturn x", "\t", False),
        ("→ x", "→", False),
        (": x", ":", False),
        ("1) x", "→", False),
        ("  200: x", "\t", False),
        ("2026-11-29", "→", False),
        ("L7: x", "→", False),
        ("1. x", "→", True),
        ("12", "→", False),
        ("12\r", "→", False),
        ("12,", "→", True),
    ],
)
def test_rows_that_can_be_told_from_others_may_go_bare(content: str, separator: str, expected: bool) -> None:  # noqa: FBT001  a column
    assert may_go_bare(["x", content], {separator}) is expected


@pytest.mark.parametrize(
    "content",
    [
        "<system-reminder>",
        "</system-reminder>\r",
        "<file>",
        '<file path="a.py">',
        "</output_tail>",
        "(End of file - total 30 lines)",
        "(12 more lines below)",
        "[File: a.py (12 lines total)]",
        "[12 lines omitted]",
        "...",
        "… +12 lines",
        "==> a.py <==",
        "bash-$",
        "--",
        "Output:",
        "Output:\r",
        "Chunk ID: ab12",
        "Exit code: 0",
        "content 1 of 1:",
        "MCP text 1 of 2:",
        "Output truncated to 30 lines",
        "--- TRUNCATED ---",
    ],
)
def test_rows_like_a_clients_own_lines_are_known(content: str) -> None:
    assert reads_like_the_clients(content)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "    <system-reminder>",
        "<div>",
        "<figure>",
        "-- a comment",
        "---",
        "def output():",
        "output = 1",
        "Outputs: 3",
        "[tasks.lint]",
        "Output levels (for --short):",
        "(defn last [text] text)",
        "[",
        "    return is_truncated(text)",
        "return truncated_lines",
        "if it is longer than this, it is truncated",
    ],
)
def test_rows_unlike_any_of_a_client_are_known(content: str) -> None:
    assert not reads_like_the_clients(content)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["a", "b", "5→c"], 2, id="up to the next number"),
        pytest.param(["5→c"], 0, id="none"),
        pytest.param(["a", "b", "6→c"], 0, id="a number too far"),
        pytest.param(["a", "b", "     5→c"], 2, id="the first of another run that counts them"),
        pytest.param(["a", "b", "     6→c"], 0, id="another run"),
        pytest.param(["a", "→b", "5→c"], 0, id="a row with its separator"),
        pytest.param(["a", "[9 lines identical to lines 1-9 of a.py above]", "14→c"], 0, id="a marker"),
        pytest.param(["a"] * 9 + ["12→c"], 9, id="as many as there are between two numbers"),
        pytest.param(["a"] * 10 + ["13→c"], 0, id="more than there are"),
        pytest.param(["a", "b"], 0, id="no number any more"),
    ],
)
def test_bare_rows_go_on_to_a_number_that_counts_them(lines: list[str], expected: int) -> None:
    assert goes_on_bare(["     2→x", *lines], 1, Run(0, 1, 2, "→", 6, " "), 3) == expected
