"""Values in one place of the lines of a log that do not fit the others: a foreign address, a number twice or never.

Only where the others agree so well that it is no chance: nearly all addresses are of one network, nearly all numbers
of a sequence come once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import pairwise
from math import gcd
from operator import itemgetter
from typing import TypeVar

_Value = TypeVar("_Value", int, str)

# Fewer agree by chance.
MIN_ROWS = 50
# So many are of the network, or come once; of what is above a twentieth, nobody says that it is odd.
_MIN_SHARE = 0.95
# So many of the numbers between the smallest and the largest are there: orders, blocks, offsets, retries of a job.
_MIN_DENSITY = 0.9
# A sequence with more faults is none that somebody keeps, and each line that stays costs a gap.
_MAX_FAULTS = 0.02
_FEW_FAULTS = 2  # one wrong number is beside two others
_ADDRESS = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})(?::[0-9]{1,5})?")
_PARTS = 4
# 10.1.2.3   127.0.0.1   192.168.1.2   172.16.0.1   169.254.1.1 (of a link)
_PRIVATE = re.compile(r"(?:10|127)\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2[0-9]|3[01])\.")
# A uuid, a hash, an order's letters and digits; two short ones are the same by chance.
_MIN_ID = 8
# Numbers of so many digits are no amounts of which two are the same by chance; longer ones are times since 1970.
_ID_NUMBERS = range(10**6, 10**9)
# Times since 1970 in seconds, milliseconds and so on, from 2001 to 2033.
_EPOCHS = (10**9, 10**12, 10**15, 10**18)
_EPOCH_ENDS = 2


def odd_rows(column: Sequence[tuple[int, float | str | None]]) -> set[int]:
    """The rows whose value does not fit those of the others. column: row and value, in the order of the text."""
    if len(column) < MIN_ROWS:
        return set()
    texts = {row: value for row, value in column if isinstance(value, str)}
    if len(texts) >= _MIN_SHARE * len(column):  # of 30 hashes one is read as a number with its unit: 6372099a
        return _foreign(texts) if all(map(_ADDRESS.fullmatch, texts.values())) else _repeated_id(texts)
    numbers = {row: int(value) for row, value in column if isinstance(value, float) and value.is_integer()}
    return _broken_sequence(numbers) if len(numbers) == len(column) else set()


def _foreign(addresses: Mapping[int, str]) -> set[int]:
    """Those of another network than nearly all, by one to four parts of the address, or by being private."""
    parts = [address.partition(":")[0].split(".") for address in addresses.values()]
    networks = [[".".join(part[:length]) for part in parts] for length in range(1, _PARTS + 1)]
    networks.append([str(_PRIVATE.match(address) is not None) for address in addresses.values()])
    found: set[int] = set()
    for names in networks:
        ((usual, count),) = Counter(names).most_common(1)
        if _MIN_SHARE * len(names) <= count < len(names):
            found.update(row for row, name in zip(addresses, names, strict=True) if name != usual)
    return found


def _repeated_id(texts: Mapping[int, str]) -> set[int]:
    """Those of an id that comes again, where each has its own."""
    if any(len(text) < _MIN_ID or ":" in text for text in texts.values()):
        return set()
    return _rows_of(texts, _repeated(texts), 0)


def _broken_sequence(numbers: Mapping[int, int]) -> set[int]:
    """Those of a number that comes again, and of the two beside one that is missing."""
    there = sorted(set(numbers.values()))
    if any(there[0] >= start and there[-1] <= _EPOCH_ENDS * start for start in _EPOCHS):
        return set()
    steps = [after - before for before, after in pairwise(there)]
    step, count = max(Counter(steps).items(), key=itemgetter(1), default=(0, 0))
    step = step if count >= _MIN_SHARE * len(steps) else gcd(*steps)  # one number between two of them is odd as well
    if step and len(there) >= _MIN_DENSITY * ((there[-1] - there[0]) / step + 1):
        beside = {number for pair in pairwise(there) if pair[1] - pair[0] != step for number in pair}
        return _rows_of(numbers, _repeated(numbers) | beside, sum(found != step for found in steps))
    return _rows_of(numbers, _repeated(numbers), 0) if there[0] in _ID_NUMBERS and there[-1] in _ID_NUMBERS else set()


def _repeated(values: Mapping[int, _Value]) -> set[_Value]:
    return {value for value, count in Counter(values.values()).items() if count > 1}


def _rows_of(values: Mapping[int, _Value], odd: Collection[_Value], missing: int) -> set[int]:
    """The rows of the odd values, where not too many come again or are missing."""
    faults = len(values) - len(set(values.values())) + missing
    if faults > max(_FEW_FAULTS, _MAX_FAULTS * len(values)):
        return set()
    return {row for row, value in values.items() if value in odd}
