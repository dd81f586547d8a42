"""What the columns of a table of records are for, judged by their names and cells.

Which tell the records apart, which say how they are, which measure something, and which cells say that something is
wrong. In doubt a cell is an alarm: a row too many costs a few tokens.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from headroom_compression.formats.alarms import EXIT_KEYS
from headroom_compression.formats.alarms import is_alarm
from headroom_compression.formats.logs.levels import LEVEL_KEYS
from headroom_compression.formats.logs.levels import bad_levels
from headroom_compression.formats.tables.read_back import entries

# A column with so many values at most has a row shown whole for each of them, and needs not tell records apart.
MAX_KINDS = 16
_MAX_NAME_LENGTH = 64
_FEW_BLANKS = 2
EMPTY = frozenset({"", "null", "[]", "{}"})
# trace_id: trace, id    nodeId: node, id    attributes."http.status_code": status, code
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?")
_DISTINCT = 0.9
_NOTHING = frozenset({"", "null", "false", "0", "[]", "{}", "none", "no", "-", "ok"})
_IDENTIFYING = frozenset({
    "checksum", "commit", "digest", "etag", "file", "filename", "guid", "hash", "hashes", "id", "ids", "iid", "isbn",
    "key", "line", "lineno", "name", "number", "oid", "parents", "path", "pid", "row", "serial", "sha", "sha1",
    "sha256", "shas", "shasum", "slug", "ulid", "uuid", "uuids",
})  # fmt: skip
_OPAQUE = frozenset({"guid", "hash", "id", "oid", "sha", "sha1", "sha256", "uuid"})
# A key in a cell that is an object or a list: "node_id":  "commitId":
_INNER_ID = re.compile(
    r'"(?:[A-Za-z0-9_]{0,60}_)?(?:guid|hash|id|oid|sha(?:1|256)?|uuid)":|"[a-z][A-Za-z0-9]{0,60}I[dD]":'
)
_ADDRESSES = frozenset({"href", "uri", "url"})
_FILES = frozenset({"file", "filename", "path"})
_LINES = frozenset({"line", "lineno", "row"})
# What several rows of a log belong to.
_COURSES = frozenset({
    "build", "correlation", "job", "pipeline", "request", "run", "session", "span", "task", "test", "trace",
    "transaction",
})  # fmt: skip
# 7a97c643656412a9  123e4567-e89b-12d3-a456-426614174000
_LIKE_HASH = re.compile(r"(?=.{0,40}[0-9])(?=.{0,40}[a-fA-F])[0-9a-fA-F][0-9a-fA-F-]{6,127}")
_ADDRESS = re.compile(r"https?://[^ ]{1,2000}")
_MAX_STATE_LENGTH = 40
_MAX_KIND_LENGTH = 16
_HEADINGS = frozenset({"headline", "subject", "title"})
# What people write to each other: that is what the table was asked for, unless a heading stands for it.
_LETTERS = frozenset({"answer", "body", "comment", "note", "notes", "question", "reply", "review"})
_STATES = frozenset({
    "conclusion", "health", "level", "outcome", "phase", "result", "severity", "state", "status", "verdict",
})  # fmt: skip
_KINDS = frozenset({"code", "kind", "rule", "sub", "type", "version"})
# What people, files and repositories say, not a program that runs; so do the columns that identify.
_TOLD = frozenset({
    "answer", "author", "body", "category", "comment", "content", "contents", "context", "description", "excerpt",
    "help", "homepage", "label", "labels", "language", "license", "login", "metric", "owner", "preview", "snippet",
    "source", "summary", "tag", "tags", "text", "topic", "topics", "unit", "user",
})  # fmt: skip
_PROSE = _IDENTIFYING | _ADDRESSES | _HEADINGS | _TOLD
_FAULTS = frozenset({
    "err", "error", "errors", "exception", "exceptions", "failed", "failure", "failures", "fault", "faults", "panic",
    "stderr", "traceback", "violations", "vulnerabilities", "warning", "warnings",
})  # fmt: skip
_ABOUT_FAULTS = frozenset({"code", "count", "message", "msg", "reason", "text", "total", "type"})
_GOOD = frozenset({
    "alive", "healthy", "ok", "online", "passed", "ready", "running", "succeeded", "success", "successful", "valid",
})  # fmt: skip
_BAD_STATE = re.compile(
    r"\bbad\b|block|cancel|crit|degraded|\bdown\b|evict|expired|high|lost|\bnot\b|offline|pending|revoked|stale|"
    "stopped|unhealthy|yanked",
    re.IGNORECASE,
)
# "ERROR: no such table", "Traceback (most recent call last)" in a text that may as well be code or prose
_CRY = re.compile(
    r"\b(?:CRITICAL|EMERG|ERROR|FAIL(?:ED|URE)?|FATAL|PANIC|WARN(?:ING)?)\b|\bTraceback \(|^(?:error|fatal|warning):"
)
_TIMES = frozenset({"at", "created", "date", "day", "epoch", "modified", "time", "timestamp", "ts", "updated"})
_POSITIONS = frozenset({"col", "column", "end", "index", "length", "line", "offset", "position", "rank", "start"})
_HTTP_STATUS = re.compile("[1345][0-9]{2}")
# 0/1  of containers that are ready, 2/3 of replicas
_PART_OF_ALL = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")
_YES_OR_NO = frozenset({"", "null", "true", "false", "yes", "no"})


@dataclass(frozen=True)
class Column:
    """name: as in the header of the table. cells: one for each row."""

    name: str
    cells: tuple[str, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its last key, in lower case; of a list of records those of its own key."""
        outer = self.name.partition("[")[0].rstrip('".')
        return tuple(word.lower() for word in _WORD.findall(re.split(r"[.]", outer)[-1])) or ("",)

    @cached_property
    def inner_words(self) -> frozenset[str]:
        """The last words of the keys of a list of records."""
        keys = self.name.partition("[")[2].rstrip("]").split(",")
        return frozenset(words[-1].lower() for key in keys if (words := _WORD.findall(key)))

    @cached_property
    def is_numeric(self) -> bool:
        return all(not cell or cell == "null" or _NUMBER.fullmatch(cell) for cell in self.cells) and any(self.cells)

    @cached_property
    def counts(self) -> Counter[str]:
        values = {cell: values_of(cell) for cell in set(self.cells)}
        return Counter(chain.from_iterable(map(values.__getitem__, self.cells)))

    @property
    def has_few_kinds(self) -> bool:
        """Whether each of its values can be shown in a whole row."""
        return len(self.counts) <= min(MAX_KINDS, len(self.cells) // 2) or (self.says_state and not self.is_distinct)

    @cached_property
    def is_distinct(self) -> bool:
        """Whether hardly a value stands in two rows."""
        return len(set(self.cells)) > _DISTINCT * len(self.cells)

    @cached_property
    def length(self) -> float:
        """Characters of a cell on the average."""
        return sum(map(len, self.cells)) / len(self.cells)

    @property
    def could_be_name(self) -> bool:
        """Whether its cells are short words, and neither amounts nor times."""
        if self.is_numeric or _TIMES & set(self.words):
            return False
        return not any(len(cell) > _MAX_NAME_LENGTH or " " in cell or cell[:1] in {"", "[", "{"} for cell in self.cells)

    @cached_property
    def identifies(self) -> bool:
        """Whether it is one by its name, or holds hashes."""
        is_named = self.words[-1] in _IDENTIFYING and not self.inner_words
        return is_named or (self.is_distinct and all(map(_LIKE_HASH.fullmatch, self.cells)))

    @property
    def hides_ids(self) -> bool:
        """Whether its cells are lists or objects with ids in them, too many for a whole row of each."""
        is_deep = any(cell[:1] in {"{", "["} and _INNER_ID.search(cell) for cell in self.cells)
        return not self.has_few_kinds and (is_deep or bool(self.inner_words & _OPAQUE))

    @property
    def is_address(self) -> bool:
        return self.words[-1] in _ADDRESSES

    @property
    def names_file(self) -> bool:
        return self.words[-1] in _FILES

    @property
    def names_line(self) -> bool:
        return bool(_LINES & set(self.words)) and "end" not in self.words and self.is_numeric

    @property
    def names_course(self) -> bool:
        """Whether rows with the same cell belong together, such as those of a request or of a test."""
        return bool(_COURSES & set(self.words)) and (self.words[-1] in _IDENTIFYING or len(self.words) == 1)

    @property
    def says_what_is_measured(self) -> bool:
        return self.words[-1] in {"category", "kind", "label", "metric", "name", "series", "type", "unit"}

    @property
    def is_heading(self) -> bool:
        return self.words[-1] in _HEADINGS

    @cached_property
    def holds_sentences(self) -> bool:
        """Whether hardly two rows say the same, in several words."""
        texts = set(self.cells) - EMPTY
        return 2 * len(texts) > len(self.cells) and sum(text.count(" ") for text in texts) >= _FEW_BLANKS * len(texts)

    @property
    def is_letter(self) -> bool:
        return self.words[-1] in _LETTERS and self.holds_sentences

    @property
    def names_something(self) -> bool:
        return self.is_heading or self.names_file or self.words[-1] == "name"

    @property
    def says_state(self) -> bool:
        return self.words[-1] in _STATES or "status" in self.words

    @property
    def tells_kind(self) -> bool:
        """Whether it says in a word what a row is: `open`, `error`, `F401`, or the id of a rule."""
        is_short_id = self.identifies and "." not in self.name and self.length <= _MAX_KIND_LENGTH
        is_answer = {cell.strip('"').lower() for cell in self.cells} <= _YES_OR_NO
        return self.says_state or self.words[-1] in _KINDS or is_short_id or is_answer

    @property
    def measures(self) -> bool:
        """Whether its numbers are amounts, of which the largest and the smallest tell something."""
        is_other = bool(set(self.words) & (_TIMES | _POSITIONS)) or self.words[-1] in _IDENTIFYING
        return self.is_numeric and not is_other

    def is_alarm(self, cell: str) -> bool:
        """Whether the cell says that something went wrong or needs a look."""
        text = cell.strip('"')
        last = self.words[-1]
        if text.lower() in _NOTHING:
            return last in _GOOD and text.lower() in {"false", "0", "no"}
        is_fault = last in _FAULTS or (last in _ABOUT_FAULTS and bool(_FAULTS & set(self.words[:-1])))
        if is_fault or text in self._bad_levels:
            return True
        if text.isdecimal() and text.isascii():
            return self._is_bad_number(text)
        part = _PART_OF_ALL.fullmatch(text)
        if part:
            return int(part[1]) < int(part[2])
        if self._is_told(text):
            return _CRY.search(text) is not None
        is_name = last in _PROSE or _ADDRESS.fullmatch(text) is not None
        return not is_name and (is_alarm(text) or (self.says_state and _BAD_STATE.search(text) is not None))

    @cached_property
    def _bad_levels(self) -> Collection[str]:
        """Of a column of levels those that are trouble, by what all of them show."""
        key = "".join(self.words)
        levels = Counter(cell.strip('"') for cell in self.cells)
        is_letter = key == "s" and all(len(level) == 1 for level in levels)
        return bad_levels(key, levels) if key in LEVEL_KEYS or is_letter else ()

    def _is_told(self, text: str) -> bool:
        """Whether somebody wrote the text, so that "error" in it is what it is about."""
        is_code = self.words[-1] in _KINDS and len(text) > _MAX_STATE_LENGTH
        return self.words[-1] in _TOLD or bool(self.inner_words & _PROSE) or is_code

    def _is_bad_number(self, text: str) -> bool:
        if not EXIT_KEYS.isdisjoint(self.words):
            return True  # 0 is none
        last = self.words[-1]
        is_status = not {"status", "http"}.isdisjoint(self.words) or last == "code"
        return is_status and _HTTP_STATUS.fullmatch(text) is not None


def values_of(cell: str) -> tuple[str, ...]:
    """The entries of a list, or the cell itself."""
    return (tuple(entries(cell)) or (cell,)) if cell.startswith("[") else (cell,)
