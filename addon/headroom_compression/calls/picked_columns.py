"""Which fields of records a call picks by their names: whoever lists them wants to read them.

    gh pr list --json number,title    jq '.[] | {number, total: .sum}'    {"sql": "select id, sum(total) as total"}

Two names that stand beside each other with a comma between them are a list; a name alone may be any word, but that of
the column which a call sorts by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_compression.calls.tool_call import ToolCall

# A query has some hundred characters; who sends a script gets what lists of fields stand at its beginning.
_MAX_LENGTH = 10_000
# number   .number   o."total"   total: .sum   n:name   sum(o.total) as total
# But "state":"open", of arguments in JSON, is none.
_FIELD = (
    r"(?:\b\w{1,80}\s{0,4}:\s{0,4}(?=[.\w]))?[.\"'`\\]{0,3}\b\w[\w.]{0,200}+(?:\([^()\n]{0,80}\))?[\"'`\\]{0,3}+"
    r"(?:\s{1,4}[aA][sS]\s{1,4}[\"'`\\]{0,3}\w{1,80}[\"'`\\]{0,3})?(?!\s{0,4}:)"
)
_GAP = r"(?:\s|\\[nrt]){0,80}"  # of arguments in JSON, too
_FIELDS = re.compile(rf"{_FIELD}(?:{_GAP},{_GAP}{_FIELD})+")
# order by o.total desc   sort_by(.total)   "sort": "-total"   --sort-by=total   ?sort=total
_ORDER = re.compile(
    r"\b(?:sort|order)(?:[_ -]?by)?\b[\"'\\]{0,3}\s{0,4}[=:(]?\s{0,4}[\"'`\\.\[{+-]{0,6}(\w[\w.]{0,200})", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]\w*")


def picked_columns(call: ToolCall, columns: Sequence[str]) -> frozenset[str]:
    """Those of the columns of a table that the call lists or sorts by; `author` names author.login too."""
    text = (call.command or call.says)[:_MAX_LENGTH]
    lists = (_named(columns, _words(found)) for found in _FIELDS.findall(text))
    orders = (_named(columns, _words(found)) for found in _ORDER.findall(text))
    return frozenset().union(*(names for names in lists if len(names) > 1), *orders)


def _named(columns: Sequence[str], words: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in columns if not words.isdisjoint(_WORD.findall(name)))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))
