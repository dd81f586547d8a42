"""JSON that a tool answers with: without blanks between its parts, and lists of records as tables.

    {"total":4,"issues":[4 records below]}

    issues: 4 records {id,state:"open",user:{login,id}}
    id,user.login,user.id
    17,ada,4
    18,bob,5
    19,ada,4
    20,eve,6

Value-exact: keys, numbers and strings are the text of the source, keys stay in their order, and absent, null and ""
stay different. Nothing is left out. `formats.tables.read_back` reads the tables back to the same JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_compression.calls.json_answers import answers_in_json
from headroom_compression.calls.searches import is_searching_tool
from headroom_compression.client_text import has_cut
from headroom_compression.client_text import is_remark
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.python_values import as_json
from headroom_compression.formats.tables.compact_json import compacted
from headroom_compression.formats.tables.compact_json import compacted_lists
from headroom_compression.formats.tables.json_values import Value
from headroom_compression.formats.tables.json_values import compact
from headroom_compression.formats.tables.json_values import read_documents
from headroom_compression.formats.tables.read_back import read_back
from headroom_compression.formats.tables.shapes import key_text
from headroom_compression.formats.tables.write import table

STAGE = Stage.KIND
MIN_LINES = 1

# A table is harder to take in than an object a record; it must save a seventh of the characters of compact JSON.
_TABLE_PAYS = 0.85
_BLANKS = " \t\r\n"
# "Found 3 issues:", then the JSON; four fields and a title of an MCP result
_MAX_INTRODUCTION_LENGTH = 400
_MAX_INTRODUCING_LINES = 5
_AT_LINE = ("\n{", "\n[")
# The heads of an answer may stand before it.
_AT_BEGINNING = re.compile(rf"[{_BLANKS}]*+(?:[{{\[]|HTTP/)")
# A fence, "60 issues found.", the status that curl -w prints, what a client says of the command.
_MAX_ENDING_LENGTH = 400
_MAX_ENDING_LINES = 3
# OpenHands' about a command.
_MAX_REMARKS = 4
# curl -i: the heads of a redirection and of the answer.
_MAX_HEADS = 10
_MAX_HEADS_LENGTH = 20_000
_HEAD_END = re.compile(r"\r?\n\r?\n")
# {"matches":[{"file_path":"src/a.py","line_number":7,"line_content":"…","is_context":false}, …    of Code Puppy
_MATCHES = re.compile(r'\{"matches":\[\{"file_path":"[^"\n]{1,1000}","line_number":[0-9]{1,9},"line_content":"')
# How the values stood is part of what was read.
_PYTHON_TITLE = "Python values as JSON:\n"


def fold(document: Document) -> str | None:
    # First: most bodies have none, and to read a command takes ten times as long.
    parts = _parts(document.body) if _may_begin(document.body) else None
    if parts is None or not _is_of_data(document) or has_cut(document.body):
        return None
    before, text, after = parts
    title, text = _as_json(text)
    if not title and _is_shortest(text):
        return None
    lists = compacted_lists(text)
    if lists is not None:
        return before + title + lists + after
    try:
        documents = read_documents(text)
    except ValueError:
        return None
    if any(isinstance(value, dict) and isinstance(value.get('"content"'), list) for value in documents):
        return None  # an MCP result that the envelope fold left whole
    return before + title + _written(documents) + after


def _is_of_data(document: Document) -> bool:
    """Whether the call makes JSON, or searches, and what it found stands in the records of a client."""
    call = document.call
    is_search = _MATCHES.match(document.body) and call is not None and is_searching_tool(call)
    return bool(is_search) or answers_in_json(call)


def is_exact(document: Document, folded: str) -> bool:
    parts = _parts(document.body)
    if parts is None:
        return False
    before, text, after = parts
    title, text = _as_json(text)
    opening = before + title
    if not folded.startswith(opening) or not folded.endswith(after):
        return False
    try:
        return read_back(folded[len(opening) : len(folded) - len(after)]) == compacted(text)
    except (ValueError, LookupError, RecursionError):
        return False


def checked(document: Document, folded: str) -> str:
    """What `is_exact` has read back, where it holds: once more would be a ninth of all work at level recall."""
    before, text, after = _parts(document.body) or ("", "", "")
    return folded[len(before + _as_json(text)[0]) : len(folded) - len(after)]


def _as_json(text: str) -> tuple[str, str]:
    """What is said of Python's way to write the values, and the JSON."""
    found = as_json(text) if "'" in text[:5] else None
    return ("", text) if found is None else (_PYTHON_TITLE, found)


def _is_shortest(text: str) -> bool:
    """Whether it holds neither blanks nor records, which are all that can go: to read a long list takes far longer."""
    return "{" not in text and not any(map(text.__contains__, _BLANKS))


def _may_begin(body: str) -> bool:
    """Whether JSON may begin in it, which takes a twentieth of the time of looking for its parts."""
    is_introduced = any(body.find(mark, 0, _MAX_INTRODUCTION_LENGTH) >= 0 for mark in _AT_LINE)
    return is_introduced or _AT_BEGINNING.match(body) is not None


def _parts(body: str) -> tuple[str, str, str] | None:
    """What stands before the JSON, the JSON, and what stands behind it; None where there is none."""
    text = body.rstrip(_BLANKS)
    start = _start(text)
    if start is None:
        return None
    text = text[: _remarks_start(text)]
    if text[-1:] not in ("}", "]"):
        text = text[: _stop(text, start)]
        if text[-1:] not in ("}", "]"):
            return None
    return text[:start], text[start:], body[len(text) :]


def _start(text: str) -> int | None:
    heads = _heads_end(text)
    start = len(text) - len(text[heads:].lstrip(_BLANKS))
    if text[start : start + 1] in ("{", "["):
        return start
    end = heads + _MAX_INTRODUCTION_LENGTH
    starts = [place + 1 for mark in _AT_LINE if (place := text.find(mark, heads, end)) >= 0]
    start = min(starts, default=0)
    return None if start == 0 or text.count("\n", heads, start) > _MAX_INTRODUCING_LINES else start


def _remarks_start(text: str) -> int:
    """Where the lines begin that a client wrote behind the output."""
    stop = len(text)
    for _ in range(_MAX_REMARKS):
        start = text.rfind("\n", 0, stop) + 1
        if not start or not is_remark(text[start:stop]):
            break
        stop = len(text[:start].rstrip(_BLANKS))
    return stop


def _heads_end(text: str) -> int:
    """Where the heads of an HTTP answer end; 0 where there are none."""
    end = 0
    for _ in range(_MAX_HEADS):
        if not text.startswith("HTTP/", end):
            break
        stop = _HEAD_END.search(text, end, _MAX_HEADS_LENGTH)
        if stop is None:
            break
        end = stop.end()
    return end


def _stop(text: str, start: int) -> int:
    """The end of the last line that ends as JSON does, a few lines before the end of the text."""
    begin = max(start, len(text) - _MAX_ENDING_LENGTH)
    stop = max(text.rfind("}\n", begin), text.rfind("]\n", begin)) + 1
    return stop if text.count("\n", stop) <= _MAX_ENDING_LINES else 0


def _written(documents: list[Value]) -> str:
    if len(documents) > 1:
        lines = [compact(value) for value in documents]
        rows = table(documents, f"{len(documents)} JSON lines")
        return "\n".join(rows if rows and _pays(rows, lines) else lines)
    blocks: list[list[str]] = []
    first = _line(documents[0], (), blocks)
    if isinstance(documents[0], list) and first == _place(documents[0]):
        return "\n".join(blocks[0])
    return "\n\n".join([first, *("\n".join(block) for block in blocks)])


def _line(value: Value, path: tuple[str, ...], blocks: list[list[str]]) -> str:
    """The value on one line, the tables that it holds added to `blocks`."""
    if isinstance(value, list):
        name = f"{'.'.join(path)}: " * bool(path) + f"{len(value)} records"
        rows = table(value, name)
        if rows and _pays(rows, [compact(value)]):
            blocks.append(rows)
            return _place(value)
        if value and isinstance(value[0], dict) and any(value):
            return f"[{','.join(_line(entry, (*path, str(row)), blocks) for row, entry in enumerate(value))}]"
    if isinstance(value, dict):
        return "{" + ",".join(_members(value, path, blocks)) + "}"
    return compact(value)


def _place(value: list[Value]) -> str:
    return f"[{len(value)} records below]"


def _members(value: dict[str, Value], path: tuple[str, ...], blocks: list[list[str]]) -> Iterator[str]:
    for key, member in value.items():
        yield f"{key}:{_line(member, (*path, key_text(key)), blocks)}"


def _pays(rows: list[str], lines: list[str]) -> bool:
    return sum(map(len, rows)) < _TABLE_PAYS * sum(map(len, lines))
