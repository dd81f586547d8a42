"""Sessions at level recall: test runs that are elided, files, and calls that open what was stored."""

from __future__ import annotations

import random
import threading
from hashlib import blake2b

from headroom_compression import Settings
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output

# Nothing is written: what is sent is the same as with a store that writes.
RECALL = Settings(level="recall", recall_dir="/recall", recall_stores=False)


def run_of_tests(count: int, name: str = "orders", failing: int | None = None) -> str:
    """What `pytest -v` prints. failing: the number of the test that fails."""
    outcomes = ["FAILED" if number == failing else "PASSED" for number in range(count)]
    rows = [f"tests/test_{name}.py::test_{name}_{number} {outcome} [ 50%]" for number, outcome in enumerate(outcomes)]
    failed = f"{outcomes.count('FAILED')} failed, " if failing is not None else ""
    head = ["============ test session starts ============", f"collected {count} items", ""]
    return "\n".join([*head, *rows, "", f"===== {failed}{outcomes.count('PASSED')} passed in 0.09s ====="]) + "\n"


def name_of(text: str) -> str:
    """The name of a stored file, as the README says it: a hash of what it holds."""
    return f"{blake2b(text.encode(), digest_size=8).hexdigest()}.txt"


def wait_for_upkeep() -> None:
    """Until the threads that evict have done what they were given."""
    for thread in threading.enumerate():
        if thread.name == "headroom store":
            thread.join()


def run_call(number: int) -> Item:
    return command_call("pytest -v", f"call_{number}")


def elided_run(number: int, count: int = 150, name: str = "orders") -> list[Item]:
    return [run_call(number), function_output(run_of_tests(count, name), f"call_{number}")]


def session_of_runs(numbers: random.Random, longest: int) -> list[Item]:
    """Runs of few and of many tests, files, and openings of what may have been stored."""
    items: list[Item] = []
    outputs: list[str] = ["never stored"]
    for number in range(numbers.randint(1, longest)):
        call_id = f"call_{number}"
        choice = numbers.randint(0, 5)
        if choice <= 2:
            count = numbers.choice((20, 120, 200))
            text = run_of_tests(count, numbers.choice(("orders", "carts")), numbers.choice((None, 7)))
            items += [run_call(number), function_output(text, call_id)]
            outputs.append(text)
        elif choice == 3:
            text = "\n".join(code_lines(40))
            items += [command_call("cat values.py", call_id), function_output(text, call_id)]
        else:
            text = numbers.choice(outputs)
            path = f"/recall/{name_of(text)}"
            open_file = function_call("read_file", {"path": path, "offset": 7}, call_id)
            call = open_file if choice == 4 else command_call(f"sed -n 4,90p {path}", call_id)
            items += [call, function_output(text, call_id)]
    return items
