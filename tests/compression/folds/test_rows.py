"""Rows that go bare, read back by a reader that shares no code with what sends them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies

from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds.rows import sent_rows
from headroom_compression.references.shown_texts import RowsAccess
from headroom_compression.references.shown_texts import ShownTexts
from tests.compression.support.sent_text_reader import Reader
from tests.compression.support.sent_text_reader import Source

READ = ToolCall("Read", "Read a.py", b"", gutter_form=GutterForm.CODE_READER)
CLIENT_LINES = ["<system-reminder>", "(3 more lines below)", "… +12 lines", "--"]
LINES = strategies.sampled_from(
    [
        *CLIENT_LINES,
        "",
        "    return x",
        "\tx",
        "→",
        "7→x",
        "12\tx",
        "3) y",
        "[previous line repeated 2 more times]",
        ": z",
        "}",
        "a b",
        "12",
        "x\r",
    ]
)
# What stands above, where that tells what the rows are, and a row.
FORMS = (
    ("", "{:>6}→{}"),
    ("", "{:>6}\t{}"),
    ("[File: /a.py (99 lines total)]\n", "{}:{}"),
    ("<path>/a.py</path>\n", "{}: {}"),
    ("<file>\n", "{:05}| {}"),
)


def sent(body: str) -> str:
    session = RowsAccess(ShownTexts(seed_step=1), references="eager", gutters=True)
    return sent_rows(Document.of(body, READ), session).body


def said_by_a_client(text: str) -> list[str]:
    return [line for line in text.split("\n") if line in CLIENT_LINES]


def numbered_rows(form: str, lines: list[str], first: int) -> list[str]:
    return [form.format(number, line) for number, line in enumerate(lines, first)]


@given(
    lines=strategies.lists(LINES, min_size=1, max_size=40),
    first=strategies.sampled_from([1, 4, 96, 995]),
    form=strategies.sampled_from(FORMS),
    before=strategies.sampled_from(["", "Here it is:\n"]),
    behind=strategies.sampled_from(["", "\n", "\n\n<note>\nx\n</note>", "\nplain"]),
    skipped=strategies.none() | strategies.tuples(strategies.integers(0, 9), strategies.integers(0, 9)),
)
def test_what_went_bare_is_read_back(  # noqa: PLR0913  strategies
    *, lines: list[str], first: int, form: tuple[str, str], before: str, behind: str, skipped: tuple[int, int] | None
) -> None:
    """skipped: after so many other lines the numbers go on, without so many of them."""
    head, row = form
    rows = numbered_rows(row, lines, first)
    if skipped:
        rows += ["(more)"] * skipped[0] + numbered_rows(row, lines, first + len(lines) + skipped[1])
    body = (head or before) + "\n".join(rows) + behind
    text = sent(body)
    assert text == body or Reader().read(text, Source(), has_rows_stage=True) == body
    assert said_by_a_client(text) == said_by_a_client(body)


def test_rows_go_bare_between_numbers() -> None:
    body = "\n".join(f"{number:>6}→    x = {number}" for number in range(1, 13))
    assert sent(body).split("\n")[:3] == ["     1→    x = 1", "    x = 2", "    x = 3"]
    assert [line for line in sent(body).split("\n") if "→" in line][1:] == ["10→    x = 10", "12→    x = 12"]
