"""What MSBuild finds while it builds, and says all again below its sum, `Build succeeded.`"""

from __future__ import annotations

import re
from collections.abc import Sequence

AGAIN = "build steps, and findings that stand again below the sum of the build"

# Cart.cs(12,5): warning CS0168: The variable 'x' is declared but never used [/srv/shop/Shop.csproj]
_FINDING = re.compile(r": (?:error|warning) [A-Z]{1,12}[0-9]{1,6}: ")
_SUMS = frozenset({"Build succeeded.", "Build FAILED."})


def repeated_findings(lines: Sequence[str]) -> set[int]:
    """The rows above the sum of those that stand below it as well."""
    sums = [row for row, line in enumerate(lines) if line in _SUMS]
    if not sums:
        return set()
    said = {line.strip() for line in lines[sums[-1] :]}
    return {row for row in range(sums[-1]) if _FINDING.search(lines[row]) and lines[row].strip() in said}
