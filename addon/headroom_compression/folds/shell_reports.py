"""Write what a client says of a command before what the command printed, all of it.

    Command: cat src/a.py            Command: cat src/a.py          Qwen Code
    Directory: (root)                Directory: (root)
    Output: import re                Error: (none)
    import sys                       Exit Code: 0
    Error: (none)                    Signal: (none)
    Exit Code: 0                     Process Group PGID: (none)
    Signal: (none)                   Output:
    Process Group PGID: (none)       import re
                                     import sys

Byte-exact. It saves nothing by itself: what the command printed is then read as the output of any other client.
"""

from __future__ import annotations

import re

from headroom_compression.document import Document
from headroom_compression.document import Stage

STAGE = Stage.ENVELOPE

_OPENING = "Command: "
_FIELDS = re.compile(
    r"Error: [^\n]{0,300}(?:\n(?:Exit Code|Signal|Background PIDs|Process Group PGID): [^\n]{0,300}){1,4}"
)
_REORDERED = re.compile(
    rf"(Command: (?:[^\n]*\n){{1,40}}?Directory: [^\n]*\n)({_FIELDS.pattern})\nOutput:\n(.*)", re.DOTALL
)


def fold(document: Document) -> str | None:
    body = document.body
    if document.header or not body.startswith(_OPENING) or document.call is None or document.call.command is None:
        return None
    head, _, rest = body.partition("\nOutput: ")
    place = rest.rfind("\nError: ")
    if place < 0 or not head.rpartition("\n")[2].startswith("Directory: "):
        return None
    fields = rest[place + 1 :]
    return f"{head}\n{fields}\nOutput:\n{rest[:place]}" if _FIELDS.fullmatch(fields) else None


def is_exact(document: Document, folded: str) -> bool:
    match = _REORDERED.fullmatch(folded)
    return match is not None and document.body == f"{match[1]}Output: {match[3]}\n{match[2]}"
