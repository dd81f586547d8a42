"""Where the tables of a text stand; and that a text that only looks like one has none."""

from __future__ import annotations

import pytest

from headroom_compression.formats.tables import find
from headroom_compression.formats.tables.find import WrittenTable
from headroom_compression.formats.tables.find import tables_in

ISSUES = 'n.x: 2 records {id,state:"open",user:{login,type:"User"}}\nid,user.login\n1,ada\n2,"b,c"'


def test_tables_below_the_line_that_holds_them() -> None:
    text = f'Found 2:\n{{"n":{{"x":[2 records below],"y":[1 records below]}}}}\n\n{ISSUES}\n\nn.y: 1 records\na\n7\n'
    issues, other = tables_in(text.split("\n"))
    constants = (("state", '"open"'), ("user.type", '"User"'))
    assert issues == WrittenTable(("id", "user.login"), constants, {5: ("1", "ada"), 6: ("2", '"b,c"')})
    assert other == WrittenTable(("a",), (), {10: ("7",)})


def test_what_was_read_back_is_not_read_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f'Found 2:\n{{"n":{{"x":[2 records below]}}}}\n\n{ISSUES}'
    expected = tables_in(text.split("\n"))
    read: list[str] = []
    monkeypatch.setattr(find, "read_back", read.append)
    assert tables_in([*text.split("\n"), ""], checked=text.partition("\n")[2]) == expected
    assert not read
    tables_in(text.split("\n"), checked=ISSUES)
    assert read == [text.partition("\n")[2]]


@pytest.mark.parametrize("head", ["4 JSON lines", "4 records"])
def test_a_text_that_is_one_table(head: str) -> None:
    (table,) = tables_in(
        [head, "a", "1", "2", "", "4"] if head.endswith("lines") else [head, "a", "1", "2", "x", "4", ""]
    )
    assert list(table.rows) == [2, 3, 4, 5]


@pytest.mark.parametrize("remark", ["<shellId: 2 completed with exit code 0>", "[Command succeeded with exit code 0]"])
def test_what_a_client_says_of_the_command_is_no_row(remark: str) -> None:
    (table,) = tables_in(["2 records", "a", "1", "2", remark])
    assert list(table.rows) == [2, 3]


def test_a_repeated_header_is_no_row() -> None:
    rows = [str(number) for number in range(60)]
    (table,) = tables_in(["60 records", "a", *rows[:50], "a", *rows[50:]])
    assert [cells for (cells,) in table.rows.values()] == rows
    assert 52 not in table.rows


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"a":1}\n\nno table',
        '[{"id":1},{"id":2}]',
        ISSUES,
        '{"n":{"x":[2 records below]}}\n\n' + ISSUES.replace("2 records", "3 records"),
        '{"n":{"x":[2 records below]}}\n\n' + ISSUES + ",1",
        "2 records {id\nid\n1\n2",
        "one\ntwo\nthree\nfour\n2 records\na\n1\n2",
    ],
)
def test_what_cannot_be_read_has_no_tables(text: str) -> None:
    assert tables_in(text.split("\n")) == []
