"""What a forge answers to a write: the whole record, with all that the call has said and what others wrote about it.

    gh api repos/acme/shop/pulls/7/comments/42/replies -f body="Fixed."

    [1 line, 5,880 characters, left out here: the record that was written, its short members in the next line; ...]
    {"url":"https://api.github.com/...","id":43,[...],"path":"src/cart.py","line":12,[...],"subject_type":"line"}

Never left out: members of the record that are short, such as ids, names, places, times and states, those in which a
state is one of alarm, and those that the call names and that are not what it said; an answer that tells of an error, or
is no single record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from itertools import pairwise
from typing import NamedTuple

from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.alarms import is_alarm
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.tables.json_values import Value
from headroom_compression.formats.tables.json_values import compact
from headroom_compression.formats.tables.json_values import read_documents

WORKS_ON = Stage.TERMINAL

_WHAT = "the record that was written, its short members in the next line"
_LEFT_OUT = "[...]"
# Each record has one, but no answer that only says why nothing was written.
_IDENTITY = '"id"'
# Of a member in another one, a state as a single word: "conclusion":"failure"
_STATE = re.compile(r'(?<=":)"(\w{1,40})"')
_NOTHING = frozenset({"null", "false", "0", '""', "[]", "{}"})
_CLIENTS = frozenset({"gh", "glab"})
_WRITING = frozenset({"DELETE", "PATCH", "POST", "PUT"})
# -X POST   -XPOST   --method=POST
_METHOD = re.compile(r"(?:-X|--method)[= ]?([A-Za-z]+)")
# With one of them the method is POST, unless another one is named.
_FIELDS = frozenset({"-f", "-F", "--field", "--raw-field", "--input"})
# With one of them the answer is what the call picks out of the record, or more than it.
_PICKING = re.compile(r"-[qti]|--(?:jq|template|include|paginate|slurp|verbose)\b")
# Fields that are the question: a query is no write.
_QUERY = "graphql"
# -f body=...   -f labels[]=...   {"labels": [...]}
_BEHIND_NAMES = '=["'
# Characters: an address, a name, a time, a sum.
_SHORT_TEXT = 160
_SHORT_VALUE = 80


class _Said(NamedTuple):
    """A command, and what of it is left without signs, whatever they mean to its shell."""

    command: str
    letters: str


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    call = document.call
    written = [line for line in lines if line]
    if call is None or len(written) != 1 or not written[0].startswith('{"') or not _writes(call):
        return
    try:
        documents = read_documents(written[0])
    except ValueError:
        return
    record = documents[0]
    if not isinstance(record, dict) or compact(record) != written[0]:
        return
    if _IDENTITY not in record or any(_tells_of_trouble(record)):
        return
    said = _Said(call.command or "", _letters(call.command or ""))
    staying = {key for key, value in record.items() if _stays(key[1:-1], value, said)}
    row = lines.index(written[0])
    if len(staying) < len(record):
        yield Gap(row, row + 1, _WHAT, is_judged=True, instead=(_shortened(record, staying),))


def _tells_of_trouble(record: Mapping[str, Value]) -> Iterator[bool]:
    """Of each member whether it does: "errors" do, but "has_conflicts" is false of most records."""
    return (is_alarm(name) for name, value in record.items() if compact(value) not in _NOTHING)


def _writes(call: ToolCall) -> bool:
    """Whether all that it prints is the answer of a forge to one write."""
    programs = programs_run(call)
    if len(programs) != 1 or programs[0][0] not in _CLIENTS or programs[0][1:2] != ("api",):
        return False
    words = programs[0][2:]
    if _QUERY in words or any(map(_PICKING.match, words)):
        return False
    pairs = (f"{word} {following}" for word, following in pairwise([*words, ""]))
    methods = [match[1].upper() for pair in pairs if (match := _METHOD.match(pair))]
    return methods[-1] in _WRITING if methods else not _FIELDS.isdisjoint(words)


def _shortened(record: Mapping[str, Value], staying: AbstractSet[str]) -> str:
    """The record with a sign in the place of the other members."""
    pieces: list[str] = []
    for stays, keys in groupby(record, key=staying.__contains__):
        pieces += [f"{key}:{compact(record[key])}" for key in keys] if stays else [_LEFT_OUT]
    return "{" + ",".join(pieces) + "}"


def _stays(name: str, value: Value, said: _Said) -> bool:
    """Whether a member of the record is short, tells a state of alarm, or is named by the call and something else than
    what that says."""
    source = compact(value)
    if len(source) <= (_SHORT_TEXT if isinstance(value, str) else _SHORT_VALUE):
        return True
    if not source.startswith('"') and any(is_alarm(state.replace("_", " ")) for state in {*_STATE.findall(source)}):
        return True
    is_named = any(f"{name}{sign}" in said.command for sign in _BEHIND_NAMES)
    return is_named and not (source.startswith('"') and _letters(str(json.loads(source))) in said.letters)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
