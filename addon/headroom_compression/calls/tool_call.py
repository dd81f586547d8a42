"""A tool call as the core reads it: which command or tool makes the output, and which lines of which file it shows."""

from __future__ import annotations

from enum import Enum
from enum import auto

from headroom_compression.record import record


class GutterForm(Enum):
    """What may number the lines of an output: six columns and a mark, as `cat -n` writes them; that, in most lines, as
    a file may show lines of another; that, or bars as tools write them that read files; these, or bare numbers as
    Claude Code's Read and inspect's read_file write them, where they can be none of the file's own; SWE-agent's viewer;
    `grep -n`; nothing.
    """

    ANY = auto()
    TOOL = auto()
    READER = auto()
    CODE_READER = auto()
    VIEWER = auto()
    SEARCH = auto()
    NONE = auto()


@record
class ToolCall:
    """The call that made an output, as far as it could be read.

    title: what a marker calls the output, in words that stand in the call itself.
    digest: of the whole call; equal for the same call again.
    command: the shell command line without wrappers such as `bash -lc`; None for other tools.
    folder: where it runs, as far as the call says so.
    producer: the words of the program whose lines the output shows, () where that is not certain.
    path: the file that it shows or changes. first_line: the number of the file's line that its output begins with.
    gutter_form: what may number the lines of its output; a search is `grep -n` of one file.
    edits_by_line: it names the lines of a file that it changes by their numbers.
    written: (title, text) of the texts of several lines in its arguments.
    asked: what its arguments search for: a pattern, a query.
    says: its command, or its tool and arguments, the middle of long ones left out.
    continues: the session of a running program of which it shows more output.
    max_lines: how many lines of the file it asks for; None where it says no number.
    is_of_program: a program called it, which reads the output; the model sees neither.
    begins_at: with one of these its lines are numbered where nothing but that tells the numbers from the file's own.
    """

    tool: str
    title: str
    digest: bytes
    command: str | None = None
    producer: tuple[str, ...] = ()
    path: str | None = None
    first_line: int | None = None
    gutter_form: GutterForm = GutterForm.ANY
    edits_by_line: bool = False
    written: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()
    folder: str = ""
    says: str = ""
    max_lines: int | None = None
    continues: str = ""
    is_of_program: bool = False
    begins_at: tuple[int, ...] = ()
