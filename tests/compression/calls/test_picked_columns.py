"""Which columns of a table a call lists, or sorts by."""

from __future__ import annotations

import pytest

from headroom_compression.calls.picked_columns import picked_columns
from tests.compression.recall.test_kept_lines import call_of
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call

COLUMNS = ("number", "title", "author.login", "total", "state")


@pytest.mark.parametrize(
    ("item", "picked"),
    [
        (command_call("gh pr list --json number,title"), {"number", "title"}),
        (command_call("gh pr list --json number,author --limit 90"), {"number", "author.login"}),
        (command_call("curl -s http://127.0.0.1/orders | jq '.[] | {number, total}'"), {"number", "total"}),
        (command_call("jq '[.[] | {number: .id, total: .sum}]' orders.json"), {"number", "total"}),
        (command_call("az vm list --query '[].{title:name,state:powerState}'"), {"title", "state"}),
        (command_call('sqlite3 -json a.db "select o.number, sum(o.sum) as total from o"'), {"number", "total"}),
        (command_call("curl 'http://127.0.0.1/orders?fields=number,total'"), {"number", "total"}),
        (function_call("query", {"sql": 'select "number",\n  "title" from orders'}), {"number", "title"}),
        (function_call("list_issues", {"fields": ["number", "state"]}), {"number", "state"}),
        (command_call("sqlite3 -json a.db 'select * from orders o order by o.total desc'"), {"total"}),
        (command_call("curl -s http://127.0.0.1/orders | jq 'sort_by(.total) | reverse'"), {"total"}),
        (command_call("curl 'http://127.0.0.1/orders?sort=-total&limit=90'"), {"total"}),
        (function_call("list_issues", {"sort": "total", "state": "open"}), {"total"}),
        (function_call("list_issues", {"order_by": [{"total": "desc"}]}), {"total"}),
        (function_call("list_issues", {"repo": "shop", "state": "open", "title": "total"}), set()),
        (function_call("list_issues", {"number": 3, "total": 4, "state": "open"}), set()),
        (command_call("gh issue list --state open --search 'total, please'"), set()),
        (command_call("gh api repos/shop/api/issues"), set()),
    ],
)
def test_columns_that_stand_in_a_list(item: Item, picked: set[str]) -> None:
    assert picked_columns(call_of(item), COLUMNS) == picked
