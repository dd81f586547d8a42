"""Rows are read from a sent text as from the text that the tool wrote."""

from __future__ import annotations

import pytest

from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.references.rows import read_original
from headroom_compression.references.rows import read_sent
from tests.compression.support.bodies import numbered

CONTENTS = ["first", "", "\tindented", "→ arrow", "last\r", "a", "b", "c", "d", "e", "f", ""]


def thinned(text: str, separator: str) -> str:
    lines = text.split("\n")
    kept = [lines[0]]
    for line in lines[1:]:
        number, found, content = line.partition(separator)
        kept.append(f"{number.strip() if found and int(number) % 5 == 0 else ''}{found}{content}")
    return "\n".join(kept)


@pytest.mark.parametrize("separator", ["\t", "→"])
@pytest.mark.parametrize("first", [1, 4, 95, 9_994, 99_995])
@pytest.mark.parametrize("ending", ["", "\n"])
def test_a_thinned_text_has_the_rows_of_the_original(separator: str, first: int, ending: str) -> None:
    text = numbered(CONTENTS, first, separator).removesuffix("\n") + ending
    original, sent = read_original(text), read_sent(thinned(text, separator))
    assert [row.full_line() for row in original] == text.split("\n")
    assert [(row.content, row.number) for row in sent[: len(CONTENTS)]] == [
        (row.content, row.number) for row in original[: len(CONTENTS)]
    ]
    assert [row.full_line() for row in sent] == text.split("\n")


def test_a_marker_counts_as_the_lines_that_it_stands_for() -> None:
    text = "     1→a\n→b\n[7 lines identical to lines 3-9 of x.py above]\n10→j\n→k"
    rows = read_sent(text)
    assert [row.height for row in rows] == [1, 1, 7, 1, 1]
    assert [row.full_line() for row in rows[3:]] == ["    10→j", "    11→k"]


def test_a_line_that_ends_a_run_is_a_plain_row() -> None:
    rows = read_sent("     1→a\n→b\nplain\n→no number")
    assert [row.full_line() for row in rows] == ["     1→a", "     2→b", "plain", "→no number"]
    assert rows[2].run is None
    assert rows[3].run is None


def test_bare_lines_between_two_numbers_are_rows() -> None:
    rows = read_sent("     1→a\nb\n\n4→d\n[7 lines identical to lines 5-11 of x.py above]\n12→l\nm\n14→n\nplain")
    full = [row.full_line() for row in rows if not row.marker]
    assert full == ["     1→a", "     2→b", "     3→", "     4→d", "    12→l", "    13→m", "    14→n", "plain"]
    assert rows[-1].run is None


def test_lines_behind_the_last_number_are_plain() -> None:
    rows = read_sent("1\ta\nb\n3\tc\nd\n\nf", GutterForm.CODE_READER)
    assert [row.number for row in rows if row.run] == [1, 2, 3]
    assert [row.full_line() for row in rows[3:]] == ["d", "", "f"]
