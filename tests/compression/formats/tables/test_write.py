from __future__ import annotations

import pytest

from headroom_compression.formats.tables.json_values import Value
from headroom_compression.formats.tables.write import table


def records(*texts: str) -> list[Value]:
    return [{'"id"': str(number), '"text"': text} for number, text in enumerate(texts)]


def test_the_header_stands_again() -> None:
    lines = table([{'"id"': str(number)} for number in range(101)], "101 records")
    assert lines is not None
    assert [place for place, line in enumerate(lines) if line == "id"] == [1, 52, 103]


@pytest.mark.parametrize(
    ("literal", "cell"),
    [
        ('"open"', "open"),
        ('"two words"', "two words"),
        ('"2026-01-31T10:00:00Z"', "2026-01-31T10:00:00Z"),
        ('"1"', '"1"'),
        ('"-1.5e3"', '"-1.5e3"'),
        ('"2026-01-31"', '"2026-01-31"'),
        ('"null"', '"null"'),
        ('"True"', '"True"'),
        ('""', '""'),
        ('" a"', '" a"'),
        ('"a,b"', '"a,b"'),
        ('"a\\nb"', '"a\\nb"'),
        ('"[a]"', '"[a]"'),
        ('"a\u2028b"', '"a\u2028b"'),
        ('"a\x7f"', '"a\x7f"'),
        ("null", "null"),
        ("1.0", "1.0"),
    ],
)
def test_strings_keep_their_quotes_where_they_could_be_something_else(literal: str, cell: str) -> None:
    lines = table(records('"x"', literal, '"y"', '"z"'), "4 records")
    assert lines is not None
    assert lines[3] == f"1,{cell}"


def test_a_text_made_of_another_stands_in_the_head() -> None:
    urls = [f'"https://host/{number}/edit"' for number in range(4)]
    assert table(records(*urls), "4 records") == [
        "4 records {id,text:`https://host/${id}/edit`}",
        "id",
        "0",
        "1",
        "2",
        "3",
    ]


@pytest.mark.parametrize(
    "values",
    [
        records('"a"', '"b"', '"c"'),
        [*records('"a"', '"b"', '"c"', '"d"'), "1"],
        [{f'"k{number}"': "1"} for number in range(8)],
        [{f'"k{place}"': str(number) for place in range(25)} for number in range(8)],
        [{'"id"': "1"}] * 8,
        [{'"id"': "1"}, {'"id"': "2"}, {}, {'"id"': "3"}, {'"id"': "4"}],
    ],
    ids=[
        "few records",
        "a number among them",
        "no key in common",
        "too many columns",
        "nothing that differs",
        "an empty row",
    ],
)
def test_what_makes_no_table(values: list[Value]) -> None:
    assert table(values, "records") is None


def test_a_text_that_is_absent_in_one_record_keeps_its_column() -> None:
    values = records(*(f'"https://host/{number}/edit"' for number in range(6)))
    assert isinstance(values[2], dict)
    del values[2]['"text"']
    lines = table(values, "6 records")
    assert lines is not None
    assert lines[:2] == ["6 records", "id,text"]


def test_empty_texts_make_no_template() -> None:
    assert table(records('""', '"a"', '""', '"b"'), "4 records") == [
        "4 records",
        "id,text",
        '0,""',
        "1,a",
        '2,""',
        "3,b",
    ]


def test_lists_of_records_may_be_null_empty_or_absent() -> None:
    fix: Value = [{'"range"': "[0,4]", '"text"': '"let"'}]
    rows: list[Value] = [
        {'"line"': str(number), '"fixes"': value} for number, value in enumerate((fix, "null", [], fix))
    ]
    assert table([*rows, {'"line"': "4"}], "5 records") == [
        "5 records {line,fixes:[{range,text}]}",
        "line,fixes[range,text]",
        '0,[[[0,4],"let"]]',
        "1,null",
        "2,[]",
        '3,[[[0,4],"let"]]',
        "4,",
    ]
