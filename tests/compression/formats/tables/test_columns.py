"""What a column is for, by its name and its cells."""

from __future__ import annotations

import pytest

from headroom_compression.formats.tables.columns import Column

NUMBERS = tuple(str(number) for number in range(40))
HASHES = tuple(f"{number:07x}a1" for number in range(40))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("id", ("id",)),
        ("trace_id", ("trace", "id")),
        ("user.nodeId", ("node", "id")),
        ('attributes."http.status_code"', ("status", "code")),
        ("filePath", ("file", "path")),
        ("SHA", ("sha",)),
        ("labels[name,color]", ("labels",)),
        ('"_"', ("",)),
    ],
)
def test_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    assert Column(name, ()).words == words


@pytest.mark.parametrize(
    ("name", "cells", "identifies"),
    [
        ("id", NUMBERS, True),
        ("parent.sha", HASHES, True),
        ("filePath", NUMBERS, True),
        ("ref", HASHES, True),
        ("ref", ("a1b2c3d",) * 40, False),
        ("value", NUMBERS, False),
        ("labels[name,id]", NUMBERS, False),
    ],
)
def test_what_identifies(name: str, cells: tuple[str, ...], *, identifies: bool) -> None:
    assert Column(name, cells).identifies is identifies


@pytest.mark.parametrize(
    ("name", "cell", "alarms"),
    [
        ("level", "ERROR", True),
        ("level", "warn", True),
        ("level", "50", True),
        ("level", "30", False),
        ("PRIORITY", '"3"', True),
        ("PRIORITY", '"6"', False),
        ("status", "503", True),
        ("status", "301", True),
        ("status", "204", False),
        ("attributes.http_status_code", "404", True),
        ("status", "degraded", True),
        ("http", "503", True),
        ("ready", "0/1", True),
        ("ready", "1/1", False),
        ("description", "1/2", True),
        ("state", "open", False),
        ("severity", "HIGH", True),
        ("code", "E501", False),
        ("code", "404", True),
        ("exit_code", "1", True),
        ("exit_code", "0", False),
        ("ok", "false", True),
        ("ok", "true", False),
        ("error", "null", False),
        ("error", "upstream", True),
        ("error_count", "3", True),
        ("error_count", "0", False),
        ("errors", "[]", False),
        ("error_rate", "0.5", False),
        ("metric", "error_rate", False),
        ("message", "connection refused", True),
        ("message", "took 3 ms", False),
        ("details", "cannot open the lock", True),
        ("path", "src/error_page.py", False),
        ("title", "Crash when the cart fails", False),
        ("body", "I expected an error", False),
        ("snippet", "raise OrderError", False),
        ("text", "ERROR: no such table", True),
        ("body", "Traceback (most recent call last):\\n", True),
        ("matches[line,text]", '[[3,"raise KeyError"]]', False),
        ("link", "https://host/errors/1", False),
        ("code", '"assert value is not None\\n    return value or missing"', False),
    ],
)
def test_what_is_an_alarm(name: str, cell: str, *, alarms: bool) -> None:
    assert Column(name, (cell,)).is_alarm(cell) is alarms


@pytest.mark.parametrize(
    ("name", "levels", "alarming"),
    [
        ("level", "6 6 7 3 4", {"3", "4"}),
        ("level", "30 30 20 40", {"40"}),
        ("priority", "6 6 5 4", {"4"}),
        ("severityNumber", "9 9 9 17", {"17"}),
        ("severity", "INFO INFO DEBUG EROR", {"EROR"}),
        ("s", "I I I W E", {"W", "E"}),
        ("s", "5 12 7", set()),
        ("severity", "LOW LOW MEDIUM HIGH", {"HIGH"}),
        ("water", "6 6 7 3 4", set()),
    ],
)
def test_levels_are_judged_by_the_whole_column(name: str, levels: str, alarming: set[str]) -> None:
    column = Column(name, tuple(levels.split()))
    assert {cell for cell in column.cells if column.is_alarm(cell)} == alarming


@pytest.mark.parametrize(
    ("name", "measures"),
    [("value", True), ("duration_ms", True), ("id", False), ("created_at", False), ("line", False), ("column", False)],
)
def test_what_measures(name: str, *, measures: bool) -> None:
    assert Column(name, NUMBERS).measures is measures


def test_entries_of_lists_are_counted_as_values() -> None:
    column = Column("labels", ('["bug","ui"]', "[]", '["bug"]', "null"))
    assert column.counts == {'"bug"': 2, '"ui"': 1, "[]": 1, "null": 1}


@pytest.mark.parametrize(
    ("cells", "tells"),
    [(("true", "false"), True), (('"yes"', '"no"', ""), True), (("1", "0"), False), (("true", "maybe"), False)],
)
def test_answers_tell_a_kind(cells: tuple[str, ...], *, tells: bool) -> None:
    assert Column("paid", cells).tells_kind is tells
