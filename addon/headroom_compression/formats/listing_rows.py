"""The rows that `ls -l` prints: rights, links, owner, group, size, time, name."""

from __future__ import annotations

import re

# Nov 25 19:20   Nov 25  2025   25 Nov 19:20   2026-11-25 19:20   2026-11-25 19:20:00.000000000 +0100
TIME = (
    r"(?:(?:[A-Z][a-z]{2} {1,2}[0-9]{1,2}| ?[0-9]{1,2} [A-Z][a-z]{2}) {1,2}(?:[0-9]{2}:[0-9]{2}|[0-9]{4})"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(?::[0-9.]{2,12} [+-][0-9]{4})?)"
)
LINKS = "[0-9]{1,7}"
SIZE = "[0-9][0-9.,]{0,15}[KMGTP]?"
OWNER = r"[^\s/;<>\[\]]{1,40}"
MODE = r"[-dl][-rwxsStT]{9}[.+@]?"
# -rw-r--r-- 1 root root 10363 Nov 25 19:20 a b.txt      lrwxrwxrwx. 1 dev dev 3 2026-11-25 19:20 a -> b
LISTING_ROW = re.compile(
    rf"(?P<mode>{MODE}) {{1,12}}(?P<links>{LINKS}) {{1,12}}(?P<owner>{OWNER}) {{1,16}}(?P<group>{OWNER}) {{1,16}}"
    rf"(?P<size>{SIZE}) {{1,3}}(?P<time>{TIME}) (?P<name>[^\x00-\x1f\x7f]{{1,1000}})"
)
