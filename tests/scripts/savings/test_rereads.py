"""The table of what agents read again, on small sessions."""

from __future__ import annotations

import json

from headroom_compression import Settings
from scripts.savings.recordings import Session
from scripts.savings.rereads import table
from tests.wire.bodies import rereading


def test_a_row_a_source_and_one_for_all() -> None:
    items = json.loads(rereading(7)[-1])["input"]
    lines = list(table([Session("one", items), Session("other", items[:20])], Settings()))
    rows = {line.split(" | ")[0]: line.split(" | ")[1:] for line in lines[2:]}
    assert rows.keys() == {"| one", "| other", "| all but the wrapped ones"}
    assert rows["| one"][-1] == "1 |"
    assert rows["| other"][-1] == "0 |"
    assert rows["| all but the wrapped ones"][0] == "2"
