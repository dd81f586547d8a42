"""The table of what survives: a string that only a stored file holds is lost, and is named with what left it out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scripts.savings.recordings import LEVELS
from scripts.savings.recordings import Session
from scripts.savings.survival_table import survival_table

ROWS = [
    {
        "order_id": f"order-{7000 + row}",
        "level": "info",
        "message": f"The parcel of the customer left shelf-{row}-b today",
    }
    for row in range(60)
]
ITEMS: list[dict[str, Any]] = [
    {"type": "message", "role": "user", "content": "Which parcel is late?"},
    {"type": "function_call", "call_id": "c", "name": "mcp__parcels__list", "arguments": "{}"},
    {"type": "function_call_output", "call_id": "c", "output": json.dumps(ROWS, indent=2)},
    {
        "type": "message",
        "role": "assistant",
        "content": "It is order-7030 of shelf-30-b, and order-7059 of shelf-59-b.",
    },
]


@pytest.mark.parametrize(
    ("level", "shares", "lost"),
    [
        ("lossless", ["0", "4", "100.00%", "100.00%"], []),
        ("recall", ["1", "4", "75.00%", "75.00%"], ["parcels: shelf-30-b (record_rows), of mcp__parcels__list {}"]),
    ],
)
def test_strings_that_the_model_uses(level: str, shares: list[str], lost: list[str]) -> None:
    table = survival_table([Session("parcels", ITEMS)], LEVELS[level], verbose=True).split("\n")
    (row,) = (line for line in table if line.startswith("| parcels |"))
    assert [cell.strip() for cell in row.strip("|").split("|")][-4:] == shares
    assert [line for line in table if line.startswith("parcels: ")] == lost
