"""Take an output out of the JSON that a client wrapped it in: a header line per field, then the plain text.

    {"content":[{"type":"text","text":"…"}]}                                    MCP

    MCP text 1 of 1:
    …

    {"content":"…"}                                Codex 0.171, of an MCP server for files

    content 1 of 1:
    …

What is opened is in `formats.exec_results` and `formats.wrapped_results`. Value-exact: the plain form is read back to
the same fields and texts. Envelopes with other keys, of Codex also those in another order, or cut by the client, stay
whole.
"""

from __future__ import annotations

import json
import re

from headroom_compression.calls.fetches import is_fetch
from headroom_compression.calls.programs import launched
from headroom_compression.calls.programs import prints_texts
from headroom_compression.calls.reading import read_call
from headroom_compression.calls.reading import reads_files
from headroom_compression.calls.searches import is_searching_tool
from headroom_compression.calls.shown_files import numbers_rows
from headroom_compression.calls.shown_files import shows_no_file
from headroom_compression.calls.shown_files import shows_source_code
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import SEARCHERS
from headroom_compression.client_text import split_title
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats import exec_results
from headroom_compression.formats.exec_results import ExecResult
from headroom_compression.formats.wrapped_results import FILE
from headroom_compression.formats.wrapped_results import MATCHES
from headroom_compression.formats.wrapped_results import MCP_PARTS
from headroom_compression.formats.wrapped_results import MCP_RESULT
from headroom_compression.formats.wrapped_results import WrappedResult
from headroom_compression.formats.wrapped_results import read_written
from headroom_compression.formats.wrapped_results import unwrapped
from headroom_compression.formats.wrapped_results import written
from headroom_compression.record import record

STAGE = Stage.ENVELOPE
MIN_LINES = 1

# The tools whose output Codex wraps; the output of another tool that runs commands may be a file that looks alike.
_WRAPPING_TOOLS = frozenset({"shell", "container.exec", "exec", "exec_command", "write_stdin"})
# What Codex writes in front of what a command printed.
_SAID_OF_COMMANDS = ("Exit code: ", "Process exited with code ", "Process running with session ID ")
_WRAPPED_OPENING = re.compile(
    r'[ \t\r\n]*(?:\{[ \t\r\n]*"(?:content|isError|structuredContent|_meta|result|output|error|total_count)"'
    r'|\[[ \t\r\n]*\{[ \t\r\n]*"(?:type|text|query|result|success)")'
)
# Before a text Codex's header is a part of its own. A file of that form has blanks, or a line break at its end.
_MCP_HEADER = re.compile(r"Wall time: [0-9.]{1,20} seconds\nOutput:\n")
_STRUCTURED_CONTENT = '{"content":"'
# The query as the JSON of the call's arguments has it.
_QUERY = re.compile(r', query "([^"\\]*(?:\\.[^"\\]*)*)"')
# src/a.py:40-160    src/a.py:40-EOF    how Cline calls the lines of a file
_LINES = re.compile(r":[1-9][0-9]{0,8}-(?:[1-9][0-9]{0,8}|EOF)\Z")
# What Mistral Vibe says of a file behind its text.
_PATH = re.compile(
    r'","file_size_bytes":[0-9]{1,15},"lines_read":[0-9]{1,15},"next_offset":(?:null|[0-9]{1,15}),"offset":[0-9]{1,15},'
    r'"path":"([^"\\\n]{1,1000})","returned_bytes":[0-9]{1,15},"total_lines":(?:null|[0-9]{1,15}),'
    r'"was_truncated":(?:true|false)\}\Z'
)
_MAX_FIELDS = 1_400
# How cecli calls its tool for commands, and what stands above the plain form of its results.
_TOOL_OF_CECLI, _ERRORS = "Command", "errors: "


@record
class _Origin:
    """Where a text comes from. is_printed: a command printed it, and what the client says of that stands before it.

    is_wrapped: the client wraps the outputs of all commands. is_inner: it is a text of another result.
    is_structured: Codex put no text of an MCP server behind its header, but the JSON of its structuredContent.
    """

    call: ToolCall | None
    is_printed: bool = False
    is_wrapped: bool = False
    is_inner: bool = False
    is_structured: bool = False

    @classmethod
    def of(cls, document: Document) -> _Origin:
        is_printed = any(map(document.header.__contains__, _SAID_OF_COMMANDS))
        is_structured = _MCP_HEADER.fullmatch(document.header) and document.body.startswith(_STRUCTURED_CONTENT)
        return cls(document.call, is_printed, document.is_reported, is_structured=bool(is_structured))

    def of_inner(self) -> _Origin:
        return _Origin(self.call, is_inner=True)

    def may_hold_another(self, result: WrappedResult) -> bool:
        """Whether a text of the result may be one itself; what a call shows of a file is the file."""
        is_file = self.call is not None and self.call.path is not None
        return result.name == MCP_RESULT and not self.is_inner and not is_file


def fold(document: Document) -> str | None:
    if not document.body.startswith(("{", "[", " ", "\t", "\r", "\n")):  # nearly always
        return None
    folded = _folded(document.body, _Origin.of(document))
    return None if folded is None else document.header + folded


def is_exact(document: Document, folded: str) -> bool:
    behind = folded.removeprefix(document.header)
    return document.header + behind == folded and _says_the_same(document.body, behind, _Origin.of(document))


def _folded(text: str, origin: _Origin) -> str | None:
    """An MCP result around an exec_command result is the deepest nesting that clients were seen to send."""
    opened = _open(text, origin)
    if opened is not None:
        return exec_results.written(opened)
    result = _unwrap(text, origin)
    if result is None:
        return None
    if origin.may_hold_another(result):
        texts = tuple((note, _folded(inner, origin.of_inner()) or inner) for note, inner in result.texts)
        result = WrappedResult(result.name, result.head, texts)
    return written(result)


def _says_the_same(text: str, folded: str, origin: _Origin) -> bool:
    opened = _open(text, origin)
    if opened is not None:
        return exec_results.read_written(folded) == opened
    result, read = _unwrap(text, origin), read_written(folded)
    if result is None or read is None or (read.name, read.head) != (result.name, result.head):
        return False
    may_hold_another = origin.may_hold_another(result)
    return len(read.texts) == len(result.texts) and all(
        now[0] == before[0]
        and (now[1] == before[1] or (may_hold_another and _says_the_same(before[1], now[1], origin.of_inner())))
        for before, now in zip(result.texts, read.texts, strict=True)
    )


def _unwrap(text: str, origin: _Origin) -> WrappedResult | None:
    call = origin.call
    if not _WRAPPED_OPENING.match(text):
        return None
    if call and reads_files(call.tool) and not (shows_source_code(call) or _names_path(text, call)):
        return None
    result = unwrapped(text)
    if result is None:
        return None
    return result if _may_be(result, origin) else None


def _names_path(text: str, call: ToolCall) -> bool:
    """Whether the JSON says itself that it is of the file that the call names: no file holds what is said of it."""
    match = _PATH.search(text, max(0, len(text) - _MAX_FIELDS)) if call.path else None
    return match is not None and f"/{match[1]}".endswith(f"/{(call.path or '').removeprefix('./')}")


def _may_be(result: WrappedResult, origin: _Origin) -> bool:
    """Whether a client wrapped it so, by the form that it has."""
    if _is_all_of_content(result):
        return _may_have_content_alone(origin)
    if result.head.startswith(_ERRORS):
        return origin.call is not None and origin.call.tool == _TOOL_OF_CECLI and bool(split_title(written(result))[0])
    return _may_wrap(result, origin)


def _may_wrap(result: WrappedResult, origin: _Origin) -> bool:
    """Whether it is no file that the call shows, nor what a program wrote."""
    call = origin.call
    if result.name == MATCHES or (call and reads_files(call.tool)):
        return call is not None and (result.name == FILE or is_searching_tool(call))
    runs_commands = call is not None and call.command is not None
    if result.name == MCP_RESULT or (runs_commands and origin.is_printed):
        return not runs_commands
    if call is None or call.path is not None or origin.is_inner:
        return False
    if any(note.startswith(", ") and result.name == "result" for note, _ in result.texts):
        return all(_is_asked(note, call) for note, _ in result.texts)
    if result.name == MCP_PARTS:
        return not runs_commands
    return _shows_no_file(call, origin) if runs_commands else not is_fetch(call)


def _is_all_of_content(result: WrappedResult) -> bool:
    return result.name == FILE and not result.head


def _may_have_content_alone(origin: _Origin) -> bool:
    """Whether the object is no file: of Codex's structuredContent, or where the file is no JSON."""
    if origin.call is None or origin.call.command is not None or origin.is_inner:
        return False
    return origin.is_structured or shows_source_code(origin.call)


def _is_asked(note: str, call: ToolCall) -> bool:
    """Whether the call names the query that the title of its result begins with, or the file of its lines.

    Of a command the query is all of it, also the folder that it goes to: a server may answer with the words that it was
    asked for, too.
    """
    match = _QUERY.match(note)
    if match is None:
        return False
    query = str(json.loads(f'"{match[1]}"'))
    if call.command is not None:
        asked = read_call({"type": "function_call", "name": call.tool, "arguments": json.dumps({"command": query})})
        return asked is not None and call.says == asked.says and _is_folder(call.folder, asked.folder)
    return any(name in call.says for name in (match[1], query, _LINES.sub("", match[1])))


def _is_folder(folder: str, asked: str) -> bool:
    """Whether a folder is the one that is asked for, from wherever that begins."""
    return not asked or f"/{folder}".endswith(f"/{asked}")


def _shows_no_file(call: ToolCall, origin: _Origin) -> bool:
    """A search that names the file before each line; where the client wraps all outputs, a program that prints none."""
    words = call.producer
    if not words:
        return False
    if words[0].rpartition("/")[2] in SEARCHERS:
        return numbers_rows(words)
    return origin.is_wrapped and not prints_texts(words) and len(list(launched(words))) == 1 and shows_no_file(call)


def _open(text: str, origin: _Origin) -> ExecResult | None:
    call = origin.call
    may_be_file = call is not None and (reads_files(call.tool) or not _is_wrapping(call))
    return None if origin.is_printed or may_be_file else exec_results.opened(text)


def _is_wrapping(call: ToolCall) -> bool:
    return call.path is None if call.command is None else call.tool in _WRAPPING_TOOLS
