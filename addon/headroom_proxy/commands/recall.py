"""`python -m headroom_addon recall`: list, show and clear the originals that level recall has stored."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_compression.formats.shell_paths import unquoted
from headroom_compression.recall.store import clear
from headroom_compression.recall.store import entries
from headroom_compression.recall.store import read
from headroom_proxy.state_folder import default_folder
from headroom_proxy.state_folder import folder_of
from headroom_report.writing.words import plural

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Carry out the command and return 0; return 1, with a line on stderr, when it cannot be done."""
    chosen = _parser().parse_args(arguments)
    try:
        folder = folder_of(chosen.dir)
        return _run(chosen, folder)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: the home folder is unknown
        print(f"headroom-addon recall: {error}", file=sys.stderr)  # noqa: T201  a command of its own
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m headroom_addon recall", description="What level recall has stored: whole outputs, a file each."
    )
    parser.add_argument("--dir", default="", help=f"the folder, as compress_recall_dir names it{_default()}")
    actions = parser.add_subparsers(dest="action", metavar="{list,show,clear}")
    actions.add_parser("list", help="a line for each: name, size in bytes, when it was last seen (the default)")
    show = actions.add_parser("show", help="print one as it was")
    show.add_argument("name", help="the file's name, or the path that stands in a marker")
    actions.add_parser("clear", help="delete all; running conversations can no longer open theirs")
    return parser


def _default() -> str:
    """The default folder for the help; nothing where no home is known."""
    try:
        return f" ({default_folder()})".replace("%", "%%")
    except RuntimeError:
        return ""


def _run(chosen: argparse.Namespace, folder: Path) -> int:
    if chosen.action == "show":
        sys.stdout.buffer.write(read(folder, Path(unquoted(chosen.name)).name))
        return 0
    if chosen.action == "clear":
        print(f"{clear(folder)} deleted")  # noqa: T201  a command of its own
        return 0
    stored = entries(folder)
    for entry in stored:
        seen = datetime.fromtimestamp(entry.seen, UTC).astimezone().isoformat(" ", "seconds")
        print(f"{entry.name}  {entry.size:>12,}  {seen}")  # noqa: T201  a command of its own
    total = sum(entry.size for entry in stored)
    print(f"{plural(len(stored), 'output')}, {total:,} bytes, in {folder}")  # noqa: T201  a command of its own
    return 0
