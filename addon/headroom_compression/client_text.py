"""What clients put around and into the outputs of tools: headers, footers, states of shells, cuts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from enum import Enum
from enum import auto
from functools import partial
from itertools import pairwise

# What clients put before an output: Codex 0.63 to 0.171 (exec_command, shell_command, code mode), mini-swe-agent; the
# reports of Qwen Code, Mistral Vibe and Code Puppy in the order in which they are sent.
_HEADER = re.compile(
    r"(?:(?:isError: (?:true|false)\n)?MCP text 1 of 1:\n)?"
    r"(?:(?:(?:Chunk ID: |Exit code: |Wall time:? |Process exited with code |Process running with session ID "
    r"|Original token count: |Total output lines: |Script completed|Script failed|error: null"
    r"|(?:verification_evidence|approval|exit_code_meaning): )[^\n]{0,200}\n){1,8}Output:(?:\n|\Z)"
    r"(?:(?:Warning: truncated output [^\n]{0,80}\n)?Total output lines: [0-9]{1,9}\n\n)?"
    r"|<returncode>-?[0-9]{1,9}</returncode>\n"
    r"(?:<output>|<warning>\n(?:[^\n]{0,300}\n){1,8}?</warning>\n?<output_head>)\n"
    r"|Exit code: [^\n]{1,20}\ncommand: [^\n]{2,8000}\nstderr: [^\n]{2,8000}\ntimed_out: [a-z]{4,5}\n"
    r"was_truncated: false\nOutput:\n"
    r"|file_size_bytes: [0-9]{1,15}\nlines_read: [0-9]{1,15}\nnext_offset: [0-9a-z]{1,15}\noffset: [0-9]{1,15}\n"
    r"path: [^\n]{2,1000}\nreturned_bytes: [0-9]{1,15}\ntotal_lines: [0-9a-z]{1,15}\nwas_truncated: [a-z]{4,5}\n"
    r"content 1 of 1:\n"
    r"|Exit code: [^\n]{1,20}\nsuccess: [a-z]{4,5}\ncommand: [^\n]{2,8000}\nerror: [^\n]{2,8000}\n"
    r"stderr: [^\n]{2,8000}\n(?:[a-z_]{3,20}: [^\n]{1,30}\n){7}Output:\n"
    r"|num_tokens: [0-9]{1,15}\nerror: null\ncontent 1 of 1:\n"
    r"|Command: (?:[^\n]{0,2000}\n){1,40}?Directory: [^\n]{0,500}\nError: [^\n]{0,300}\n"
    r"(?:(?:Exit Code|Signal|Background PIDs|Process Group PGID): [^\n]{0,300}\n){1,4}Output:\n)?"
)
# What cecli writes before what a command printed.
_ENDED = re.compile(
    r"Shell command (?:completed within [0-9.]{1,9}s timeout|executed successfully|failed) "
    r"(?:\(exit code 0\)|with exit code -?[0-9]{1,9})\. Output:\n"
)
# What stands above the only text of a result that `formats.wrapped_results` wrote in its plain form.
_TITLE = re.compile(
    r"(?:(?:isError|structuredContent|_meta): [^\n]*\n){0,3}"
    r"(?:MCP text|MCP part|result|output|error) 1 of 1(?:, [a-zA-Z_]{1,20} [^\n]+)?:\n"
    rf"|errors: [^\n]*\ndetails: [^\n]*\nresult 1 of 1, _ [^\n]+:\n{_ENDED.pattern}"
)
# What stands above the text that `formats.text_objects` took out of an object.
BELOW = "<text below>"
_OBJECT = re.compile(rf"\{{[^\n]{{4,4000}}?: ?{BELOW}[^\n]{{0,4000}}\}}\n")
_MAX_OBJECT_LENGTH = 4_000
# What mini-swe-agent puts before an output, whatever its tool is called; the others are Codex's.
_HEADER_OF_ANY_TOOL = "<returncode>"
# Tools of Codex's own; those of MCP servers are called by it as server__tool.
_TOOLS_OF_CODEX = frozenset(
    {"container.exec", "exec", "exec_command", "local_shell", "shell", "shell_command", "wait", "write_stdin"}
)
# 9311 characters elided stands in the midst of them.
_ELIDED = ("</output_head>", "<elided_chars>", "</elided_chars>", "<output_tail>")
# What clients put behind an output, a line: mini-swe-agent, Copilot CLI.
_FOOTER = re.compile(r"</output(?:_tail)?>|<[^\n<>]{0,80}\bshellId: [^\n<>]{1,200}>")
# What others do, a line or more: deepagents, OpenHands. No JSON begins so.
# [Command succeeded with exit code 0]    [Current working directory: /srv/shop]
_REMARK = re.compile(r"\[[A-Z][^\n\[\]{}]{0,400}\]")
# What shells say of themselves behind each output, SWE-agent's and OpenHands's: a state, and in the last line an end.
_SHELL_STATE = re.compile(r"\n\(Open file: [^\n]{1,1000}\)\n\(Current directory: [^\n]{1,1000}\)\nbash-\$")
_SHELL_PROMPT = "\nbash-$"
_OPENHANDS_STATE = re.compile(
    r"\n\[Current working directory: [^\n]{1,1000}\]\n\[Python interpreter: [^\n]{1,1000}\]"
    r"\n\[Command finished with exit code -?[0-9]{1,9}\]"
)
# OpenHands 1, and before.
_TOOLS_OF_OPENHANDS = frozenset({"terminal", "execute_bash"})
# What fast-agent says of the process behind each output.
_PROCESS_STATE = re.compile(r"\nprocess_id: [\w-]{1,80}\nprocess exit code was -?[0-9]{1,9}")
_UNCHANGED = {
    "(": "\n(Open file and current directory: unchanged)",
    "[": "\n[Current working directory and Python interpreter: unchanged]",
}
_MAX_STATE_LENGTH = 2_200
_RESULT_END = 8
# Codex cuts an output in the middle: "…17224 tokens truncated…", "…33893 chars truncated…".
_CUT = re.compile("…[0-9]{1,12} (?:tokens|chars) truncated…")
_MAX_HEAD_LENGTH = 400
# Clients cut an output once, and each output in it was cut at most so often.
_MAX_CUTS = 20
# How all that a client sends of commands begins: mini-swe-agent by two templates, Hermes, Kimi Code.
_IN_TAGS = ("<returncode>", "<exception>", "The last command <command>")
_IN_JSON = '{\n  "returncode": '
_OF_HERMES, _STATUS_OF_HERMES = '{"output": ', '", "exit_code": '
# How Hermes sends a file; others have no such field behind it.
_FILE_IN_JSON, _LINES_OF_FILE = '{"content": "', '", "total_lines": '
_TIMED = re.compile(r"Wall time: [0-9]{1,9}\.[0-9]{3} seconds(?:\n|\Z)")
# {"result": "..."}: how the Agent Development Kit sends all that tools return.
_RESULT = re.compile(r'\s{0,8}\{\s{0,8}"(?:result|error)"\s{0,8}:\s{0,8}"')
_VIEWER_MARK = "[File: "
# What other clients write where they left text out: mini-swe-agent, Claude Code, opencode, Copilot CLI, older Codex.
# [... omitted 412 of 668 lines ...]   [123 lines omitted]   <response clipped>   ...[truncated 3000 chars]...
# A word alone is none where a line of source code ends behind it: "    truncated,".
_LEFT_OUT = r"\b(?:clipped|elided|omitted|truncat(?:ed|ion))\b"
_AMOUNT = r"\b[0-9][0-9,]{0,12}(?: of [0-9,]{1,12})? (?:more )?(?:bytes|characters|chars|lines|tokens)\b"
_OTHER_CUTS = re.compile(
    rf"<[a-z_ ]{{0,40}}{_LEFT_OUT}[a-z ]{{0,20}}>|<elided_chars>"
    rf"|(?:\.\.\.|…|\[)[^\n\]]{{0,40}}{_LEFT_OUT}[^\n]{{0,40}}(?:\.\.\.|…|\])"
    rf"|{_LEFT_OUT} {_AMOUNT}|{_AMOUNT} {_LEFT_OUT}"
    r"|\b(?:output|response|observation) (?:was )?(?:clipped|truncated)\b|\btruncated output\b"
    r"|^[^\w\n]{0,12}truncated[^\w\n]{0,12}$(?<![,;])|\b(?:output )?saved to: ?/|\[Showing (?:lines|first|last) [0-9]",
    re.IGNORECASE | re.MULTILINE,
)
# What runners of tests leave out of what they compare: "...Full output truncated (3 lines hidden), use '-vv' to show"
# of pytest, "AssertionError: 'one... [truncated]... != 'two..." of unittest.
_CUTS_OF_TOOLS = re.compile(
    r"\.\.\.full output truncated(?: \([0-9]{1,9} lines? hidden\))?, use '-v{1,3}' to show"
    r"|^(?:e {1,9})?assertionerror: [^\n]{1,2000} \[truncated\]\.\.\. !="
)
# One of them is in every text in which the pattern finds something; to look for them takes a hundredth of the time,
# among bytes, which have small letters faster.
_AT_ONCE = 2**20
_CUT_WORDS = (b"clipped", b"elided", b"omitted", b"truncat", b"saved to", b"[showing ")
_CUT_LETTERS = "etwETW"  # one of them is in each of those words; where none is, to ask takes 0.1 ms a MB
_VIEWER_HEAD = re.compile(r"^\[File: ([^\n]{1,300}) \([0-9]{1,9} lines total\)\]\r?$", re.MULTILINE)
_SESSION_ID = re.compile(r"^Process running with session ID ([0-9]{1,20})$", re.MULTILINE)
_CHUNK_ID = re.compile(r"Chunk ID: ([0-9A-Za-z]{1,64})\n")


def split_header(text: str) -> tuple[str, str]:
    """The client's own header lines and the output after them."""
    is_object = text.startswith("{") and text.find(BELOW, 0, _MAX_OBJECT_LENGTH) >= 0
    return _split_at(_OBJECT if is_object else _HEADER, text)


def split_title(text: str) -> tuple[str, str]:
    """The lines above the text that was in a client's envelope, where it is the only one in it, and the text."""
    return _split_at(_TITLE, text)


def _split_at(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.match(text)
    stop = match.end() if match else 0
    return text[:stop], text[stop:]


def writes_header(tool: str, header: str) -> bool:
    """Whether the tool's client is known to put such a header before its outputs."""
    return header.startswith(_HEADER_OF_ANY_TOOL) or tool in _TOOLS_OF_CODEX or "__" in tool


class Reporter(Enum):
    """What a client writes around what commands print; programs and files may say the same."""

    IN_TAGS = auto()
    IN_JSON = auto()
    OBJECT = auto()
    TIMED = auto()
    RESULT = auto()


def reporter_of(text: str) -> Reporter | None:
    """Around what a command printed, by how the text begins, and the last of them by how it ends, too."""
    if text.startswith(_IN_TAGS):
        return Reporter.IN_TAGS
    if text.startswith(_IN_JSON) or (text.startswith(_OF_HERMES) and _STATUS_OF_HERMES in text):
        return Reporter.IN_JSON
    if _TIMED.match(text):
        return Reporter.TIMED
    is_result = _RESULT.match(text) is not None and text[-_RESULT_END:].rstrip().endswith('"}')
    return Reporter.RESULT if is_result else None


def is_file_in_json(text: str) -> bool:
    """Whether it is like what Hermes says of a file that it read."""
    return text.startswith(_FILE_IN_JSON) and _LINES_OF_FILE in text


def split_time(text: str) -> tuple[str, str]:
    """The line in which Kimi Code says how long a command took, and the output after it."""
    return _split_at(_TIMED, text)


def is_footer(line: str) -> bool:
    return line.startswith("<") and _FOOTER.fullmatch(line) is not None


def is_remark(line: str) -> bool:
    """Whether a client may have written the line behind an output: no JSON and no list of paths has such a line."""
    return is_footer(line) or _REMARK.fullmatch(line) is not None


def footer_height(lines: Sequence[str]) -> int:
    """How many lines at the end are none of the tool's: the client's footer, and what stands behind the last "\\n"."""
    is_ended = int(bool(lines) and not lines[-1])
    return is_ended + int(len(lines) > is_ended and is_footer(lines[-1 - is_ended]))


def without_footer(text: str) -> str:
    """The output without what the client put behind it: the same for each run of a command."""
    line = text.removesuffix("\n").rpartition("\n")[2]
    return text[: text.rindex(line)] if line and is_footer(line) else text


def split_state(body: str, tool: str = "") -> tuple[str, str]:
    """The output, and what the client says of its shell or process behind it.

    SWE-agent says the open file, the folder and a prompt, OpenHands the folder, Python and how the command ended,
    fast-agent a number of the process and how it ended. tool: that of the call.
    """
    if body.endswith(_SHELL_PROMPT):
        opening, state = "\n(Open file: ", _SHELL_STATE
    elif tool in _TOOLS_OF_OPENHANDS:
        opening, state = "\n[Current working directory: ", _OPENHANDS_STATE
    else:
        opening, state = "\nprocess_id: ", _PROCESS_STATE
    start = body.rfind(opening, max(0, len(body) - _MAX_STATE_LENGTH))
    is_state = start >= 0 and state.fullmatch(body, start) is not None
    return (body[:start], body[start:]) if is_state else (body, "")


def is_same_state(one: str, other: str) -> bool:
    """Whether two states are the same, whatever their ends say: a prompt, an exit code."""
    return bool(one) and one.rpartition("\n")[0] == other.rpartition("\n")[0]


def unchanged_state(state: str) -> str:
    """What is sent in place of a state that is the same as the last one that was said, with its own end."""
    said = _UNCHANGED.get(state[1:2])
    return said + state[state.rindex("\n") :] if said else state


def chunk_id(header: str) -> str | None:
    """Codex's name of an output, which stands in its header."""
    match = _CHUNK_ID.match(header)
    return match.group(1) if match else None


def has_cut(line: str) -> bool:
    """Whether the client left text out in this line."""
    return "truncated…" in line and _CUT.search(line) is not None


def was_cut(text: str) -> bool:
    """Whether a client left something out of the text, as far as it says so."""
    if not any(map(text.__contains__, _CUT_LETTERS)):  # a list of numbers
        return False
    lowered = text.encode(errors="surrogatepass").lower() + b"\n"
    find = lowered.find if len(lowered) <= _AT_ONCE else partial(_found_in_parts, lowered)
    # `in` asks first whether bytes are a number: that error takes five times as long.
    words = [word for word in _CUT_WORDS if find(word) >= 0]
    return bool(words) and (has_cut(text) or any(map(_says_cut, _lines_with(words, lowered))))


def _says_cut(line: str) -> bool:
    """line: in small letters."""
    return _OTHER_CUTS.search(line) is not None and _CUTS_OF_TOOLS.search(line) is None


def _found_in_parts(text: bytes, word: bytes) -> int:
    """Where it stands, or -1. While it is looked for no other thread goes on: 0.4 ms for a MB."""
    starts = range(0, len(text), _AT_ONCE)
    found = (text.find(word, start, start + _AT_ONCE + len(word) - 1) for start in starts)
    return next((place for place in found if place >= 0), -1)


def _lines_with(words: Sequence[bytes], text: bytes) -> Iterator[str]:
    """The lines that hold one of the words; those with several of them more than once. Each line has its end."""
    for word in words:
        place = text.find(word)
        while place >= 0:
            stop = text.index(b"\n", place)
            yield text[text.rfind(b"\n", 0, place) + 1 : stop].decode(errors="surrogatepass")
            place = text.find(word, stop)


def running_session(text: str) -> str:
    """The session in which Codex says that a program goes on; "" where it has ended."""
    header = split_header(text)[0]
    match = _SESSION_ID.search(header) if " session ID " in header else None
    return match[1] if match else ""


def rows_elided(lines: Sequence[str]) -> range | None:
    """The rows that mini-swe-agent writes between the two ends of an output, where it left out what was there."""
    start = lines.index(_ELIDED[0]) if _ELIDED[0] in lines else -1
    rows = range(start, start + len(_ELIDED) + 1)
    is_whole = start >= 0 and [*lines[start : start + 2], *lines[start + 3 : rows.stop]] == [*_ELIDED]
    return rows if is_whole else None


def lines_beside(cuts: Sequence[int], count: int) -> list[range]:
    """The lines between those in which a client says that it left text out, which may begin and end in midst of one.

    cuts: their rows. count: of all lines. Each range without the lines next to such a one, which may be parts of lines.
    Empty where so many say so that no client wrote them: who asks may look through the whole text for each range.
    """
    between = pairwise([-2, *cuts, count + 1]) if 0 < len(cuts) <= _MAX_CUTS else ()
    return [range(before + 2, after - 1) for before, after in between if before + 2 < after - 1]


def viewer_path(text: str) -> str | None:
    """The file that SWE-agent's viewer says it shows, in its first line or the one after a message."""
    if text.find(_VIEWER_MARK, 0, _MAX_HEAD_LENGTH) < 0:  # nearly always, and 6 times as fast as the pattern
        return None
    match = _VIEWER_HEAD.search(text, 0, _MAX_HEAD_LENGTH)
    return match.group(1) if match else None
