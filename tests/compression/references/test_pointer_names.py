"""A name leads to one earlier output, as somebody would apply it who sees only the calls."""

from __future__ import annotations

import json
import re

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.bodies import sent_outputs

FOLDER = "/home/dev/workspaces/example-billing-platform/packages/api/src/"
ORDERS, INVOICES = code_lines(200, "order"), code_lines(200, "invoice")
Run = tuple[Item, list[str]]


def read(name: str, lines: list[str], first: int = 1, last: int | None = None, folder: str = FOLDER) -> Run:
    arguments: Item = {"path": folder + name}
    if first > 1 or last:
        arguments |= {"offset": first, "limit": (last or len(lines)) - first + 1}
    return function_call("read", arguments), lines[first - 1 : last]


def sent(*runs: Run) -> list[str]:
    items: list[Item] = []
    for number, (call, lines) in enumerate(runs):
        items.append(call | {"call_id": str(number)})
        items.append(function_output("\n".join(lines) + "\n", str(number)))
    return sent_outputs(*items)


def titles(text: str) -> list[str]:
    return re.findall(r"^\[.* lines (\d+-\d+ of .+) above\]$", text, re.MULTILINE)


def test_a_long_path_is_told_by_its_end() -> None:
    runs = read("orders.ts", ORDERS), read("invoices.ts", [*ORDERS[40:70], *INVOICES])
    assert titles(sent(*runs)[1]) == ['42-70 of the output of read({"path": ".../src/orders.ts"})']


def test_as_much_of_its_end_as_tells_it_from_others() -> None:
    other = "/home/dev/workspaces/example-billing-platform/packages/web/src/"
    runs = read("a.ts", ORDERS), read("a.ts", INVOICES, folder=other), read("b.ts", [*ORDERS[:50], "end"])
    assert titles(sent(*runs)[2]) == ['2-50 of the output of read({"path": ".../api/src/a.ts"})']


def test_a_file_that_is_read_again_after_another_one_is_one_line() -> None:
    runs = read("orders.ts", ORDERS), read("invoices.ts", INVOICES), read("orders.ts", ORDERS)
    again = '[ran again, output identical to lines 1-200 of the output of read({"path": ".../src/orders.ts"}) above]\n'
    assert sent(*runs)[2] == again


def test_parts_of_one_file_are_told_apart() -> None:
    runs = read("a.ts", ORDERS, 1, 100), read("a.ts", ORDERS, 101, 200), read("a.ts", ORDERS, 140, 180)
    title = 'the output of read({"path": ".../src/a.ts", "offset": 101, "limit": 100})'
    assert titles(sent(*runs)[2]) == [f"41-80 of {title}"]


def test_long_commands_that_differ_at_their_end_are_told_apart() -> None:
    command = "python -m pytest tests/integration/orders/test_orders_and_invoices.py -k "
    runs = [(command_call(command + name), code_lines(30, name)) for name in ("alpha", "beta")]
    for name in ("alpha", "beta"):
        again = command_call(f"{command}{name} -x"), [*code_lines(30, name), "2 failed"]
        (title,) = titles(sent(*runs, again)[2])
        assert title.endswith(f'-k {name}"')


def test_of_two_outputs_of_one_call_the_one_is_said_that_is_meant() -> None:
    call = command_call("./report")
    first, second = code_lines(40, "first"), code_lines(40, "second")
    runs = (call, first), (call, second)
    other = command_call("./other")
    assert titles(sent(*runs, (other, [*second, "end"]))[2]) == ['2-40 of the latest run of "./report"']
    assert titles(sent(*runs, (other, [*first, "end"]))[2]) == ['2-40 of the first run of "./report"']


@pytest.mark.parametrize(
    ("run", "ordinal"),
    [(0, "first"), (3, "fourth"), (5, "fourth latest"), (6, "third latest"), (7, "second latest"), (8, "latest")],
)
def test_of_many_outputs_of_one_call_the_first_and_the_last_four_are_counted(run: int, ordinal: str) -> None:
    runs = [(command_call("./report"), code_lines(40, f"run_{number}")) for number in range(9)]
    again = command_call("./other"), [*code_lines(40, f"run_{run}"), "end"]
    assert titles(sent(*runs, again)[-1]) == [f'2-40 of the {ordinal} run of "./report"']


def test_of_more_outputs_of_one_call_one_is_said_by_the_name_that_codex_gave_it() -> None:
    def chunk(name: str, lines: list[str]) -> list[str]:
        header = f"Chunk ID: {name}", "Wall time: 0.0500 seconds", "Process exited with code 0"
        return [*header, f"Original token count: {len(lines)}", "Output:", *lines]

    call = function_call("exec_command", {"cmd": "./report"})
    runs = [(call, chunk(f"{number}c3e08", code_lines(40, f"run_{number}"))) for number in range(9)]
    again = chunk("9c3e08", [*code_lines(40, "run_4"), "end"])
    (last,) = titles(sent(*runs, (function_call("exec_command", {"cmd": "./other"}), again))[-1])
    assert last == "2-40 of the output with Chunk ID 4c3e08"


def test_a_run_of_few_lines_is_pointed_at_where_they_are_long() -> None:
    short = [f"    total += rate_{number}" for number in range(6)]
    long = [f"{line} * quantity_of_what_was_ordered(order, customer) if order else 0" for line in short]
    for lines, expected in (long, ['2-6 of the output of "./report"']), (short, []):
        runs = (command_call("./report"), [*lines, "first"]), (command_call("./other"), ["other", *lines, "end"])
        assert titles(sent(*runs)[1]) == expected


def test_a_file_that_was_changed_back_is_found_again() -> None:
    changed = [*ORDERS[:59], "CHANGED = 60", *ORDERS[60:]]
    runs = [(command_call("cat a.py"), lines) for lines in (ORDERS, changed, ORDERS)]
    assert sent(*runs)[2] == "[ran again, output identical to lines 1-200 of the first a.py above]\n"


def test_numbers_that_stand_in_sight_are_those_of_a_name() -> None:
    def write(first: int, last: int) -> list[str]:
        return ["<file>", *(f"{number:>3} | {ORDERS[number - 1]}" for number in range(first, last + 1)), "</file>"]

    runs = [
        (function_call("read_file", {"path": "a.py", "offset": first}), write(first, last))
        for first, last in ((1, 100), (40, 90))
    ]
    assert titles(sent(*runs)[1]) == ["41-90 of a.py"]


def test_rows_that_are_numbered_otherwise_than_they_are_counted_have_no_number() -> None:
    table = ["  id | name", *(f"{number:>4} | {line}" for number, line in enumerate(ORDERS[:50], 7))]
    runs = (command_call("psql -c 'select * from orders'"), table), (command_call("./other"), [*table, "end"])
    assert titles(sent(*runs)[1]) == []


def test_the_row_before_a_pointer_says_where_one_is() -> None:
    body = [f"    total += rate_{number} * quantity_{number}" for number in range(60)]
    runs = [
        (command_call(f"sed -n '1,{len(lines)}p' a.py"), lines)
        for lines in (["import os", "", "}", *body], ["import os", "import re", "", "}", *body])
    ]
    lines = sent(*runs)[1].split("\n")
    (place,) = (number for number, line in enumerate(lines) if line.startswith("[59 lines"))
    assert lines[place - 1] == body[0]


@pytest.mark.parametrize(
    "marker",
    [
        "[9 lines identical to lines 31-39 of b.py above]",
        "[9 lines, 300 characters, left out here: passed tests; they are lines 31-39 of /r/0123456789abcdef.txt]",
    ],
)
def test_lines_behind_the_marker_of_another_program_have_no_number(marker: str) -> None:
    shown = [*ORDERS[:30], marker, *ORDERS[39:100]]
    runs = (command_call("./show"), shown), (command_call("./other"), [*ORDERS[39:100], *ORDERS[:30]])
    assert titles(sent(*runs)[1]) == ['2-30 of the output of "./show"']


def test_a_run_without_a_name_does_not_cost_the_others() -> None:
    shown = "\n".join(ORDERS[:40])
    nameless = [function_output("\n".join(INVOICES[:60]), "unknown")]
    both = function_output("\n".join([*INVOICES[:60], *ORDERS[:40]]), "2")
    body = request_body(
        *nameless, command_call("./show", "1"), function_output(shown, "1"), command_call("./both", "2"), both
    )
    last = sent_items(compress_request_body(body).body)[-1]["output"]
    assert titles(last) == ['2-40 of the output of "./show"']


def test_a_run_that_several_names_fit_does_not_cost_the_others() -> None:
    """Nine runs of one command with other lines each time: the fifth has no ordinal, from neither end."""
    call = command_call("./report")
    several = [(call, code_lines(40, f"run_{number}")) for number in range(9)]
    both = [*code_lines(40, "run_4"), *ORDERS[:40]]
    runs = *several, (command_call("./show"), ORDERS[:40]), (command_call("./both"), both)
    assert titles(sent(*runs)[-1]) == ['2-40 of the output of "./show"']


def test_an_output_with_gaps_is_still_known_when_it_comes_again() -> None:
    text = "\n".join(
        ["============ test session starts ============", "collected 300 items", ""]
        + [f"tests/test_orders.py::test_number_{number} PASSED [{number // 3:>3}%]" for number in range(300)]
        + ["", "============ 300 passed in 3.21s ============", ""]
    )
    items = [*(command_call("pytest -v", str(number)) for number in range(1)), function_output(text, "0")]
    items += [command_call("pytest -v", "1"), function_output(text, "1")]
    settings = Settings(level="recall", recall_dir="/recall", recall_stores=False)
    first, second = (
        item["output"]
        for item in json.loads(compress_request_body(request_body(*items), settings).body)["input"]
        if "output" in item
    )
    assert "left out here" in first
    assert second == '[ran again, output identical to the output of "pytest -v" above]\n'
