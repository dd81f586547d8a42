"""Outputs of several commands or searches that one call of Cline's asks for: each is folded by its own kind.

run_commands {"commands":["grep -rn width .","git status"]}

result 1 of 2, query "grep -rn width .", success true:
…
result 2 of 2, query "git status", success true:
…
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import orjson

from headroom_compression.calls.reading import read_call
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.formats.wrapped_results import WrappedResult
from headroom_compression.formats.wrapped_results import read_written
from headroom_compression.formats.wrapped_results import written

# Of its tools run_commands and search_codebase. What read_files shows is folded by no kind.
_KEYS = ("commands", "queries")
_RESULT = "result"
_BEGINNING = f"{_RESULT} 1 of "
_QUERY = ", query "


def calls_within(call: ToolCall | None) -> Sequence[tuple[str, ToolCall]]:
    """Each command or query, and the call that asks for nothing else; none where it is one, or not known for certain.

    What a long call says lacks its middle: then it is no JSON, or names others than the results do.
    """
    if call is None or call.command is not None or not any(f'"{key}"' in call.says for key in _KEYS):
        return ()
    try:
        values = orjson.loads(call.says.removeprefix(f"{call.tool}(").removesuffix(")"))
    except ValueError:
        return ()
    match values:
        case {"commands": [str(), str(), *_] as asked} | {"queries": [str(), str(), *_] as asked} if len(values) == 1:
            (key,) = values
            found = [(word, _only(call.tool, key, word)) for word in asked if isinstance(word, str)]
            calls = [(word, inner) for word, inner in found if inner is not None]
            return calls if len(calls) == len(asked) else ()
    return ()


def _only(tool: str, key: str, word: str) -> ToolCall | None:
    return read_call({"type": "function_call", "name": tool, "arguments": json.dumps({key: [word]})})


def fold_results(
    document: Document, calls: Sequence[tuple[str, ToolCall]], fold: Callable[[Document], Document]
) -> Document | None:
    """The document with each of its results folded; None where none is, or they are not those of the calls.

    fold: by kind, checked.
    """
    result = read_written(document.body) if document.body.startswith(_BEGINNING) else None
    if result is None or result.name != _RESULT or len(result.texts) != len(calls):
        return None
    documents: list[Document] = []
    for (query, call), (note, text) in zip(calls, result.texts, strict=True):
        success = _success(note, query)
        if success is None:
            return None
        inner = Document.of(text, call)
        documents.append(fold(inner) if success else inner)
    texts = zip((note for note, _ in result.texts), (inner.text for inner in documents), strict=True)
    folded = WrappedResult(result.name, result.head, tuple(texts))
    body = written(folded)
    if not any(inner.is_by_kind for inner in documents) or read_written(body) != folded:
        return None
    blocks, entries = zip(*_rows(documents), strict=True)
    return replace(document, body=body, is_by_kind=True, blocks=tuple(chain(*blocks)), entries=tuple(chain(*entries)))


def _success(note: str, query: str) -> bool | None:
    """What the title of a result says of it; None where it is not of the query. A failure may name an error as well."""
    if not note.startswith(_QUERY):
        return None
    try:
        asked, stop = json.JSONDecoder().raw_decode(note, len(_QUERY))
    except ValueError:
        return None
    return note[stop:] == ", success true" if asked == query else None


def _rows(documents: Sequence[Document]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """The blocks of each result with its title, and the entries. Rows that are as they came are blocks themselves."""
    title = 0
    for document in documents:
        first = title + 1 + document.header.count("\n")
        stop = title + 2 + document.text.count("\n")
        blocks = document.blocks if document.is_by_kind else range(stop - first)
        yield [title, *(first + row for row in blocks)], [first + row for row in document.entries]
        title = stop
