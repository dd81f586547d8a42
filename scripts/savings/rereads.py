"""How often agents read again, on recorded sessions: `python scripts/savings/rereads.py FOLDER [--level recall]`.

`headroom_report.measuring.rereads` defines it; FOLDER is as for the benchmark. The sessions were recorded without the
addon, so both shares say how often agents come back anyway. As these are alike, they can be compared in live sessions.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_report.measuring.rereads import SeenLines
from headroom_report.values.rereads import NO_REREADS
from headroom_report.values.rereads import Rereads
from headroom_report.values.rereads import ShownLines
from scripts.savings.recordings import LEVELS
from scripts.savings.recordings import WRAPPED
from scripts.savings.recordings import WRAPPINGS
from scripts.savings.recordings import Session
from scripts.savings.recordings import read_sessions
from scripts.savings.recordings import request_body
from scripts.savings.recordings import wrapped

HEADINGS = (
    "source",
    "sessions",
    "lines behind markers, read again",
    "comparable lines in sight",
    "first sights, read again",
    "later sights, read again",
    "sessions warned of",
)
ALL = "all but the wrapped ones"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--level", default="lossless", choices=LEVELS)
    chosen = parser.parse_args()
    print("\n".join(table(read_sessions(chosen.folder), LEVELS[chosen.level])))
    return 0


def table(recorded: Iterable[Session], settings: Settings) -> Iterator[str]:
    sums: dict[str, Rereads] = defaultdict(Rereads)
    sessions: Counter[str] = Counter()
    warned: Counter[str] = Counter()
    for session, names in _with_wrappings(recorded):
        rereads = measure(session, settings)
        for name in names:
            sums[name] += rereads
            sessions[name] += 1
            warned[name] += rereads.is_suspicious
    yield f"| {' | '.join(HEADINGS)} |"
    yield f"|---|{'---:|' * (len(HEADINGS) - 1)}"
    for name, rereads in sums.items():
        shares = _shown(rereads.behind), f"{rereads.baseline:.1%}"
        in_sight = _shown(rereads.first_in_sight), _shown(rereads.later_in_sight)
        yield f"| {' | '.join((name, str(sessions[name]), *shares, *in_sight, str(warned[name])))} |"


def measure(session: Session, settings: Settings) -> Rereads:
    seen = SeenLines()
    outputs = compress_request_body(request_body(session.items), settings).new_outputs
    return sum((seen.add(texts) for texts in outputs), NO_REREADS)


def _with_wrappings(recorded: Iterable[Session]) -> Iterator[tuple[Session, tuple[str, ...]]]:
    """Each session, and the rows in which it counts."""
    for session in recorded:
        yield session, (session.source, ALL)
        if session.source == WRAPPED:
            others = (wrapped(session, wrapping) for wrapping in WRAPPINGS)
            yield from ((other, (other.source,)) for other in others)


def _shown(shown: ShownLines) -> str:
    return f"{shown.share:.1%} of {shown.lines:,}"


if __name__ == "__main__":
    sys.exit(main())
