"""`python -m headroom_addon audit`: what the addon would save on the user's own history. Reads only, sends nothing."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Final

from headroom_compression import Settings
from headroom_compression import tokens
from headroom_proxy.options import ALLOWED_BUDGETS
from headroom_proxy.options import LEVELS
from headroom_proxy.options import REFERENCES
from headroom_proxy.options import is_budget
from headroom_proxy.state_folder import folder_of
from headroom_report.measuring.auditing import audit
from headroom_report.reading.history import files_in
from headroom_report.reading.recording_folders import NEWEST
from headroom_report.reading.recording_folders import newest_recordings
from headroom_report.reading.recording_folders import recording_folders
from headroom_report.values.plain_text import one_line
from headroom_report.writing.json_report import as_json
from headroom_report.writing.page import require_place
from headroom_report.writing.page import write_page
from headroom_report.writing.table import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM: Final = "python -m headroom_addon audit"
MAX_NOTES: Final = 20
MAX_CHARACTERS: Final = 500
BAR: Final = 30


def main(arguments: Sequence[str]) -> int:
    """Print the report and return 0; return 1, with a line on stderr, when there is nothing to report."""
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen)
    except KeyboardInterrupt:
        return _fail("interrupted")
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: the home folder is unknown
        return _fail(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="What headroom-addon would have saved on recorded sessions. Reads only, sends nothing.",
        epilog="Reads what Codex, Claude Code, opencode, kilo, goose, OpenClaw, Copilot CLI, pi, Oh My Pi, Qwen Code, "
        "Kimi Code, Cline, Continue, Hermes, Mistral Vibe, mini-swe-agent and fast-agent keep of their sessions, "
        "mitmproxy flow files, HAR, recorded request bodies and sessions as JSON; which of them a file is, its content "
        "tells.",
    )
    parser.add_argument(
        "path",
        nargs="*",
        type=Path,
        help=f"files or folders; by default the newest {NEWEST} recordings of each agent, where it keeps them",
    )
    parser.add_argument("--json", action="store_true", help="print figures for machines instead of tables")
    parser.add_argument("--html", type=Path, metavar="FILE", help="also write one page that needs nothing else")
    defaults = Settings()
    parser.add_argument("--level", choices=LEVELS, default=defaults.level, help="as compress_level (%(default)s)")
    parser.add_argument(
        "--references", choices=REFERENCES, default=defaults.references, help="as compress_references (%(default)s)"
    )
    parser.add_argument(
        "--budget", type=_budget, default=0, metavar="TOKENS", help="as compress_budget; measures at level recall"
    )
    return parser


def _budget(given: str) -> int:
    budget = int(given)
    if not is_budget(budget):
        raise argparse.ArgumentTypeError(ALLOWED_BUDGETS)
    return budget


def _run(chosen: argparse.Namespace) -> int:
    if chosen.html:
        require_place(chosen.html)  # before the work is done
    paths = _files(chosen.path) if chosen.path else newest_recordings()
    if not paths:
        where = ", ".join(map(str, chosen.path or (place.folder for place in recording_folders())))
        return _fail(f"no files in {where}; name files or folders to read")
    tokens.load()
    progress = _Progress(paths)
    report = audit(paths, _settings(chosen), progress.note, progress.begins)
    progress.end()
    if not report.sessions:
        return _fail("nothing could be measured")
    if chosen.html:
        write_page(report, chosen.html)
    _print(json.dumps(as_json(report), indent=1) + "\n" if chosen.json else as_text(report))
    return 0


def _files(chosen: Sequence[Path]) -> list[Path]:
    """Each file once, though it was named twice or lies in a folder that was named too."""
    found = (file for path in chosen for file in files_in(path, _tell))
    return list({_resolved(file): file for file in found}.values())


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # links in a circle
        return path


def _settings(chosen: argparse.Namespace) -> Settings:
    """An audit never writes to the store of level recall."""
    level = "recall" if chosen.budget else chosen.level
    folder = str(folder_of("")) if level == "recall" else ""
    return Settings(
        level=level,
        references=chosen.references,
        recall_dir=folder,
        recall_stores=False,
        budget=chosen.budget,
    )


def _print(text: str) -> None:
    """Print it; what the terminal's encoding lacks is escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{one_line(sentence, MAX_CHARACTERS)}\n")


def _fail(sentence: str) -> int:
    sys.stderr.write(f"headroom-addon audit: {sentence}\n")
    return 1


class _Progress:
    """A bar on stderr when it is a terminal, and the notes: a line each, the first ones only."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._count = len(paths)
        self._begun = 0
        self._sizes = {path: _size(path) for path in paths}
        self._all = sum(self._sizes.values()) or 1
        self._done = 0
        self._notes = 0
        self._is_shown = sys.stderr.isatty()

    def begins(self, path: Path) -> None:
        self._begun += 1
        if self._is_shown:
            done = self._done / self._all
            bar = f"[{'#' * round(BAR * done):<{BAR}}] {done:4.0%}"
            sys.stderr.write(f"\r\x1b[K{bar}  {self._begun} of {self._count}  {one_line(path.name, 40)}")
            sys.stderr.flush()
        self._done += self._sizes[path]

    def note(self, sentence: str) -> None:
        self._notes += 1
        if self._notes <= MAX_NOTES:
            self._clear()
            _tell(sentence)

    def end(self) -> None:
        self._clear()
        if self._notes > MAX_NOTES:
            sys.stderr.write(f"and {self._notes - MAX_NOTES} more such lines\n")

    def _clear(self) -> None:
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
