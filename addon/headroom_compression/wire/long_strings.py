"""Reading and writing JSON with orjson, its long strings in parts: while it works, no other thread goes on.

Of a request with a string of 6 MiB the longest step is then half as long, 4 to 5 ms where it was 8, and all together
takes as long (`scripts/savings/benchmark.py --speed two-users` has a row for it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import groupby

import orjson

_AT_ONCE = 256 * 1024
# Stands for what was taken out of a string. Outside of strings, and behind a backslash, a # is no JSON.
_SIGN = "#headroom takes this out "
_MARK = re.compile(f"{_SIGN}([0-9]+)#")
# How a character of it may be written so that it is seen only when it is read; <, >, & and ' often are, and in none.
_ESCAPED_CHARACTER = re.compile(rb"\\u00(?:2[03]|3[0-9]|[67])")


def loads(body: bytes) -> object:
    """What orjson reads the bytes as; raises what it raises."""
    parts = _plain_parts(body) if len(body) > 2 * _AT_ONCE else {}
    if 2 * len(parts) * _AT_ONCE > len(body):  # else what is left takes orjson as long
        try:
            return _read_around(body, parts)
        except ValueError:  # they stand in no string, or in a key
            pass
    return orjson.loads(body)


def _plain_parts(body: bytes) -> dict[int, str]:
    """By their number the parts of the body that say what they are read as, if they stand in a string."""
    found = {}
    for number in range(len(body) // _AT_ONCE):
        start, stop = number * _AT_ONCE, (number + 1) * _AT_ONCE
        if body.find(b'"', start, stop) < 0 and body.find(b"\\", start, stop) < 0:  # nearly always one is near
            try:
                found[number] = orjson.loads(b'"%b"' % body[start:stop])
            except ValueError:  # cut within a character, or a line end that is none of JSON
                continue
    return found


def _read_around(body: bytes, parts: dict[int, str]) -> object:
    """ValueError where it is no JSON, or one of the parts stands in no value."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(parts), lambda pair: pair[1] - pair[0])]
    short = b"".join(_shortened(body, runs))
    if short.count(_SIGN.encode()) != len(runs) or _ESCAPED_CHARACTER.search(short):
        raise ValueError("there may be a mark that is none")
    value = orjson.loads(short)
    if _put_back(value, runs, parts) != len(runs):
        raise ValueError("in a key, or in a value whose key comes again")
    return value


def _shortened(body: bytes, runs: Sequence[Sequence[int]]) -> Iterator[bytes]:
    start = 0
    for place, run in enumerate(runs):
        yield body[start : run[0] * _AT_ONCE]
        yield f"{_SIGN}{place}#".encode()
        start = (run[-1] + 1) * _AT_ONCE
    yield body[start:]


def _put_back(value: object, runs: Sequence[Sequence[int]], parts: dict[int, str]) -> int:
    """Put the parts in the places of their marks; how many marks stood in values of objects and lists."""
    count, left = 0, [value]
    while left:
        container = left.pop()
        if isinstance(container, dict | list):
            for key, entry in container.items() if isinstance(container, dict) else enumerate(container):
                if not isinstance(entry, str):
                    left.append(entry)
                elif _SIGN in entry:
                    container[key] = "".join(_pieces(entry, runs, parts))
                    count += len(_MARK.findall(entry))
    return count


def _pieces(text: str, runs: Sequence[Sequence[int]], parts: dict[int, str]) -> Iterator[str]:
    """The text with the parts in the places of its marks. A mark of none raises IndexError."""
    for place, piece in enumerate(_MARK.split(text)):
        if place % 2:
            yield from (parts[number] for number in runs[int(piece)])
        else:
            yield piece


def plain_stop(body: bytes, start: int, value: object) -> int | None:
    """Where in the body the value ends that begins at `start` and stands there as orjson writes it; else None."""
    stop = start
    try:
        for piece in _written(value):
            if not body.startswith(piece, stop):
                return None
            stop += len(piece)
    except TypeError:  # nested more deeply than it writes
        return None
    return stop


def _written(value: object) -> Iterator[bytes]:
    """What orjson writes, in pieces where an object ends in a long string: a character takes eight bytes of memory."""
    if isinstance(value, dict) and value:
        key, text = next(reversed(value.items()))
        if isinstance(text, str) and len(text) > _AT_ONCE:
            yield orjson.dumps(value | {key: ""}).removesuffix(b'"}')
            yield from (orjson.dumps(text[start : start + _AT_ONCE])[1:-1] for start in range(0, len(text), _AT_ONCE))
            yield b'"}'
            return
    yield orjson.dumps(value)
