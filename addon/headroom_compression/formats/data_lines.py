"""Long lines that machines wrote for machines: minified code, source maps, base64, hex digits, data: URLs.

Surely such a line, or none: prose, logs, JSON other than source maps and web pages are not.
"""

from __future__ import annotations

import re

MIN_CHARACTERS = 1_000

# dist/app.min.js:1:   dist/app.min.js:1:88:   dist/app.css-12-   what grep writes in front of a line
_PLACE = re.compile(r"(?!data:)[\w./@+~-]{1,400}(?::(?:[0-9]{1,9}:){0,2}|-[0-9]{1,9}-)")
#   tls.crt:    "cover": "   SECRET=
_KEY = re.compile(r"""(?!data:)[ \t]{0,40}["']?[\w.-]{1,80}["']? ?[:=] ?["']?""")
_ENDING = "\"',;}]) \r"
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{900,}={0,2}")
_HEX = re.compile(r"[0-9A-Fa-f]{900,}")
# data:image/png;base64,iVBORw0KGgo...
_DATA_URL = re.compile(
    r"(data:[a-z]{1,20}/[a-z0-9.+-]{1,40};(?:charset=[A-Za-z0-9-]{1,20};)?base64,)[A-Za-z0-9+/=]{600,}"
)
_MAX_BESIDE_URLS = 0.1
# "mappings": ";;;;AAAA;AAEO,IAAM
_MAPPINGS = re.compile(r"[A-Za-z0-9+/,;]{900,}")
_SOURCE_MAP = ('{"version":3,', '"mappings":"')
# In minified files of well-known packages white space is 1 to 6%, in prose 16%; of each sign there is 0.5 to 4%.
_MAX_SPACE = 0.1
_MIN_SIGNS = 0.004
_SIGNS = ";{}"
# A page that stands on one line with its scripts: what it shows is in it, too.
_SHOWN = re.compile(r"\s{0,40}<[!?A-Za-z](?=.{0,1000000}</(?!script|style|svg)[a-z])", re.IGNORECASE | re.DOTALL)
_MINIFIED_FILE = re.compile(r"\.min\.(?:m?js|cjs|css)[:-]")


def kind_of_data(line: str) -> str | None:
    """What the line is, in the words of a marker; None for all other lines."""
    if len(line) < MIN_CHARACTERS:
        return None
    place = place_before(line)
    content = line[len(place) :]
    key = _key(content)
    value = content[len(key) :].rstrip(_ENDING)
    if _is_source_map(content) or ("mappings" in key and _MAPPINGS.fullmatch(value)):
        return "a source map"
    if _HEX.fullmatch(value):
        return "hex digits"
    if _BASE64.fullmatch(value):
        return "base64"
    if len(_DATA_URL.sub("", content)) <= _MAX_BESIDE_URLS * len(content):
        return "a data: URL"
    signs = "" if _MINIFIED_FILE.search(place) else _SIGNS
    return "minified code" if _is_dense(content, signs) and not _SHOWN.match(content) else None


def place_before(line: str) -> str:
    """The path and the number that grep writes in front of a line."""
    match = _PLACE.match(line)
    return match[0] if match else ""


def name_before(line: str) -> str:
    """What says where a line of data is from: its place, and the key that it is the value of."""
    place = place_before(line)
    return place + _key(line[len(place) :])


def without_urls(line: str) -> str:
    """The line with a sign in the place of the data of its data: URLs."""
    return _DATA_URL.sub(r"\1[...]", line)


def _key(content: str) -> str:
    match = _KEY.match(content)
    return match[0] if match else ""


def _is_source_map(content: str) -> bool:
    return content.startswith(_SOURCE_MAP[0]) and _SOURCE_MAP[1] in content


def _is_dense(content: str, signs: str) -> bool:
    """Whether there is little white space, and enough of each of the signs."""
    has_little_space = content.count(" ") + content.count("\t") <= _MAX_SPACE * len(content)
    return has_little_space and all(content.count(sign) >= _MIN_SIGNS * len(content) for sign in signs)
