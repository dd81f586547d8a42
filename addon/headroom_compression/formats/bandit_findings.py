"""Findings of Bandit: what each of them repeats of those before it, and of the source.

>> Issue: [B602:subprocess_popen_with_shell_equals_true] subprocess call with shell=True identified, security issue.
   Severity: High   Confidence: High
   CWE: CWE-78 (https://cwe.mitre.org/data/definitions/78.html)
   More Info: https://bandit.readthedocs.io/en/1.8.6/plugins/b602_subprocess_popen_with_shell_equals_true.html
   Location: app/cart.py:5:8
4	    try:
5	        subprocess.call(a, shell=True)

--------------------------------------------------
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

PLACE = "   Location: "

_BEGIN = ">> Issue: ["
_LINK = re.compile(r" {3}(?:CWE|More Info): [^\n]{1,500}")
_SOURCE = re.compile(r"[0-9]{1,7}\t[^\n]*|")
_END = re.compile(r"-{40,60}")


def spare_rows(lines: Sequence[str]) -> Iterator[int]:
    """Source, links that an earlier finding of the rule has, what stands between findings; none of the first one."""
    seen: set[tuple[str, str]] = set()
    findings, is_source, rule = 0, False, ""
    for row, line in enumerate(lines):
        if line.startswith(_BEGIN):
            findings, is_source, rule = findings + 1, False, line.partition("]")[0]
        elif findings and _LINK.fullmatch(line):
            if (rule, line) in seen:
                yield row
            seen.add((rule, line))
        elif findings and line.startswith(PLACE):
            is_source = True
        elif is_source and (_SOURCE.fullmatch(line) or _END.fullmatch(line)):
            if findings > 1:
                yield row
        else:
            is_source = False
