"""Whether a call shows what a server answered: curl and its like, tools that fetch or browse."""

from __future__ import annotations

import re

from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import LINE_FILTERS
from headroom_compression.calls.vocabulary import WEB_CLIENTS

_TOOL = re.compile(r"fetch|browse|http|web|scrape|screenshot|url", re.IGNORECASE)


# curl file:///srv/shop/index.html    {"url": "file:///srv/shop/index.html"}: a file of this machine
_FILE = "file:/"


def is_fetch(call: ToolCall | None) -> bool:
    if call is None or _FILE in (call.command or call.says):
        return False
    if call.command is None:
        return _TOOL.search(call.tool) is not None
    programs = {words[0] for words in programs_run(call)}
    return bool(programs & WEB_CLIENTS) and programs <= WEB_CLIENTS | LINE_FILTERS
