"""Say once what most rows of `ls -l` share: rights, links, owner, group, often the time.

    [173 lines of ls -l; "<size> <name>" is short for "-rw-r--r-- 1 root root <size> Sep 10  2025 <name>"; "<name>/" is
    short for "drwxr-xr-x 2 root root 4096 Sep 10  2025 <name>"]          (one line)
    drwxr-xr-x 212 root root 12288 Sep 10  2025 .
    189 .coveragerc
    381 README.rst
    admin_docs/

Only where no command can show a file. Rows with other rights, owners or times stay as they are, and so does the first
of a listing: in its columns the others stood. Byte-exact, the spaces that fill the columns included.
"""

from __future__ import annotations

import re
from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from itertools import groupby
from itertools import islice
from operator import itemgetter

from headroom_compression.calls.shown_files import only_reports
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.listing_rows import LINKS
from headroom_compression.formats.listing_rows import LISTING_ROW
from headroom_compression.formats.listing_rows import MODE
from headroom_compression.formats.listing_rows import OWNER
from headroom_compression.formats.listing_rows import SIZE
from headroom_compression.formats.listing_rows import TIME
from headroom_compression.record import record

STAGE = Stage.KIND
MIN_LINES = 5

_SIGN = " lines of ls -l; "
_IS_SHORT_FOR = '" is short for "'
_BETWEEN_FORMS = '"; "'
_HEAD = re.compile(rf'\[([1-9][0-9]{{0,6}}){_SIGN}"(.{{1,2000}})"\]')
_FIELDS = ("mode", "links", "owner", "group", "size", "time", "name")
_RIGHT_ALIGNED = frozenset({"links", "size"})
_MAY_BE_SHOWN = ("links", "size", "time")
_SHOWN_AS = {"links": LINKS, "size": SIZE, "time": TIME}
_TEMPLATE = re.compile(
    rf"(?P<mode>{MODE}) (?P<links>{LINKS}|<links>) (?P<owner>{OWNER}) (?P<group>{OWNER}) (?P<size>{SIZE}|<size>) "
    rf"(?P<time>{TIME}|<time>) <name>(?: -> <target>)?(?P<mark>/?)"
)
_FOLDER, _LINK = "d", "l"
_ARROW = " -> "
# What a row of "./" alone would be, nobody can say.
_HERE = frozenset({".", "..", "./", "../"})
_MIN_ROWS = 5
# A head of more forms is hard to keep in mind.
_MAX_FORMS = 2
# In characters, of which 2 make a token here: what a form must save beside what it costs.
_MIN_SAVED = 60

_Fields = Mapping[str, str]


@record
class _Form:
    """shared: what all of its rows have in the fields that are not shown. mark: what ls writes behind a folder."""

    shown: tuple[str, ...]
    shared: tuple[tuple[str, str], ...]
    mark: str

    @property
    def kind(self) -> str:
        return dict(self.shared)["mode"][0]

    def short(self, fields: _Fields) -> str:
        name = fields["name"].removesuffix(self.mark) + "/" * (self.kind == _FOLDER)
        return " ".join([*(fields[field] for field in self.shown), name])

    def text(self) -> str:
        names = {field: f"<{field}>" for field in _FIELDS}
        names["name"] += f"{_ARROW}<target>" * (self.kind == _LINK)
        full = names | dict(self.shared)
        return f"{self.short(names)}{_IS_SHORT_FOR}{' '.join(full[field] for field in _FIELDS)}{self.mark}"

    def read(self, line: str) -> _Fields | None:
        """The fields of a row; None for one of another form."""
        match = _pattern(self.shown).fullmatch(line)
        if match is None or (self.kind == _LINK) != (_ARROW in line) or (self.kind == _FOLDER) != line.endswith("/"):
            return None
        name = match["name"].removesuffix("/") + self.mark if self.kind == _FOLDER else match["name"]
        return dict(self.shared) | match.groupdict() | {"name": name}


@cache
def _pattern(shown: tuple[str, ...]) -> re.Pattern[str]:
    """A row with these fields and a name."""
    return re.compile("".join(f"(?P<{field}>{_SHOWN_AS[field]}) " for field in shown) + "(?P<name>.+)")


def fold(document: Document) -> str | None:
    body = document.body
    if not only_reports(document.call) or _SIGN in body or has_cut(body):
        return None
    folded: list[str] = []
    for is_listing, group in groupby(body.split("\n"), key=lambda line: LISTING_ROW.fullmatch(line) is not None):
        lines = list(group)
        folded += _shortened(lines) if is_listing and len(lines) >= _MIN_ROWS else lines
    return "\n".join(folded)


def is_exact(document: Document, folded: str) -> bool:
    lines = _unfolded(folded.split("\n"))
    return lines is not None and "\n".join(lines) == document.body


def _shortened(lines: Sequence[str]) -> Sequence[str]:
    rows = [match.groupdict() for line in lines if (match := LISTING_ROW.fullmatch(line))]
    forms = _choose_forms(rows[1:])
    columns = LISTING_ROW.fullmatch(lines[0])
    folded = [lines[0]]
    for line, row in zip(lines[1:], rows[1:], strict=True):
        short = next((form.short(row) for form in forms if _has(form, row)), None)
        folded.append(short if short is not None and _whole_line(forms, short, columns) == line else line)
    head = f'[{len(lines)}{_SIGN}"{_BETWEEN_FORMS.join(form.text() for form in forms)}"]'
    saved = sum(map(len, lines)) - sum(map(len, folded)) - len(head)
    return [head, *folded] if saved >= _MIN_SAVED else lines


def _has(form: _Form, row: _Fields) -> bool:
    return (
        row["name"] not in _HERE
        and _mark(row) == form.mark
        and all(row[field] == value for field, value in form.shared)
    )


def _mark(row: _Fields) -> str:
    return "/" if row["mode"][0] == _FOLDER and row["name"].endswith("/") else ""


def _choose_forms(rows: Sequence[_Fields]) -> list[_Form]:
    """Those that save most, one after the other."""
    forms: list[_Form] = []
    left = [row for row in rows if row["name"] not in _HERE]
    while len(forms) < _MAX_FORMS:
        taken = {(form.kind, form.shown) for form in forms}
        found = [(saved, form) for saved, form in _possible_forms(left) if (form.kind, form.shown) not in taken]
        saved, best = max(found, key=itemgetter(0), default=(0, None))
        if best is None or saved < _MIN_SAVED:
            break
        forms.append(best)
        left = [row for row in left if not _has(best, row)]
    return forms


def _possible_forms(rows: Sequence[_Fields]) -> Iterator[tuple[int, _Form]]:
    """Each with what it saves, in characters, those that fill columns aside."""
    kinds: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in rows:
        kinds[row["mode"][0]].append((*(row[field] for field in _FIELDS[:-1]), _mark(row)))
    for count in range(len(_MAY_BE_SHOWN) + 1):
        for shown in combinations(_MAY_BE_SHOWN, count):
            shared = [field for field in _FIELDS[:-1] if field not in shown]
            shared_and_mark = itemgetter(*map(_FIELDS.index, shared), -1)
            for values in kinds.values():
                (*common, mark), times = Counter(map(shared_and_mark, values)).most_common(1)[0]
                form = _Form(shown, tuple(zip(shared, common, strict=True)), mark)
                yield times * sum(len(value) + 1 for value in common) - len(form.text()), form


def _whole_line(forms: Sequence[_Form], line: str, columns: re.Match[str] | None) -> str | None:
    """The line of `ls -l` that a short one stands for, with the columns of another; None for another line."""
    fields = next((fields for form in forms if (fields := form.read(line))), None)
    if fields is None or columns is None:
        return None
    text = ""
    for field in _FIELDS:
        start = columns.end(field) - len(fields[field]) if field in _RIGHT_ALIGNED else columns.start(field)
        text = text.ljust(start) + fields[field]
    return text


def _unfolded(lines: Sequence[str]) -> list[str] | None:
    """The lines that a folded text stands for; None where a head has not all of its rows."""
    found: list[str] = []
    rest = iter(lines)
    for line in rest:
        head = _HEAD.fullmatch(line)
        if head is None:
            found.append(line)
            continue
        rows = list(islice(rest, int(head[1])))
        forms = _read_forms(head[2])
        columns = LISTING_ROW.fullmatch(rows[0]) if rows else None
        unfolded = [row if LISTING_ROW.fullmatch(row) else _whole_line(forms, row, columns) for row in rows]
        if None in unfolded or len(rows) < int(head[1]):
            return None
        found += [row for row in unfolded if row is not None]
    return found


def _read_forms(text: str) -> list[_Form]:
    forms: list[_Form] = []
    for part in text.split(_BETWEEN_FORMS):
        short, _, template = part.partition(_IS_SHORT_FOR)
        match = _TEMPLATE.fullmatch(template)
        if match:
            shared = tuple((field, match[field]) for field in _FIELDS[:-1] if not match[field].startswith("<"))
            shown = tuple(field for field in _MAY_BE_SHOWN if match[field].startswith("<"))
            form = _Form(shown, shared, match["mark"])
            forms += [form] if form.text() == f"{short}{_IS_SHORT_FOR}{template}" else []
    return forms
