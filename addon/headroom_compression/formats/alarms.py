"""What trouble looks like, in a line of a log, of a program's output, or in a cell: all folds and elisions ask here.

Two questions: whether a line tells of an error, so that it stays whole when others are shortened (`tells_of_error`),
and whether somebody may have to act on it, so that it is never left out (`is_alarm`). What levels say: logs/levels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence

from headroom_compression.formats.logs.levels import WAS_NONE
from headroom_compression.formats.logs.levels import has_bad_level
from headroom_compression.formats.logs.levels import rows_with_bad_level
from headroom_compression.formats.words_in_lines import WordsInLines
from headroom_compression.formats.words_in_lines import holds_one_of
from headroom_compression.formats.words_in_lines import words_within

# Words that make a line of a log one that stays whole when others are shortened: of levels, and of what has happened.
_ERRORS = (
    "alert", "crit", "emerg", "eror", "err", "exception", "fail", "fatal", "panic", "severe", "traceback", "warn",
)  # fmt: skip
_INCIDENTS = (
    "abnormal", "broken pipe", "connection closed", "connection lost", "connection reset", "corrupt", "data loss",
    "deadlock", "denied", "disconnected", "dropped", "econn", "enospc", "etimedout", "evicted", "exceeded", "exhausted",
    "expired", "forbidden", "hang up", "hung up", "killed", "limit hit", "limit reached", "mismatch", "no space",
    "not ready", "notready", "oomkill", "out of memory", "overflow", "overload", "packet loss", "quota", "rate limit",
    "rate-limit", "refused", "rejected", "retries", "retried", "retrying", "rolled back", "segfault", " stalled",
    "throttl", "timed out", "too many", "unauthori", "unhealth", "unreachable", "unresponsive",
)  # fmt: skip
# Words of lines that somebody may have to act on. Broad on purpose: a line too many costs a few tokens. Looked for one
# by one in lower case, which takes a quarter of the time of a pattern of them all.
_ALARMS = (
    "abandon", "abgebrochen", "abgelaufen", "abgelehnt", "abnormal", "abort", "advertencia", "almost full", "anomal",
    "assert", "aucun espace", "aucun fichier", "avertissement", "aviso", "avviso", "back-off", "backoff",
    "backpressure", "backtrace", "blacklist", "bounced", "breach", "broken", "brute force", "can't", "canceled by",
    "cancelled by", "cannot", "caused by", "closed connection", "conflict", "connection closed", "connection lost",
    "context canceled", "corrupt", "could not", "couldn't", "critical", "data loss", "data race", "declin", "defunct",
    "degrad", "denegad", "denied", "deprecat", "desync", "did not", "discard", "disconnect", "diverg", "eacces",
    "eaddr", "echec", "econn", "enoent", "enospc", "eperm", "erreur", "error", "escalat", "etimedout", "evict",
    "exceed", "exception", "exhaust", "exit code", "exit status", "expect", "expir", "fail", "falha", "falhou",
    "fallback", "falling back", "fallit", "fallo", "fatal", "fehl", "fell back", "forbidden", "fraud", "gave up",
    "gescheitert", "giving up", "hang up", "hang-up", "hangup", "hung up", "ignor", "illegal", "imbalance", "impossib",
    "incompatib", "incomplete", "inconsisten", "insecure", "insufficient", "interrupt", "introuvable", "intrusion",
    "invalid", "kein platz", "kein speicherplatz", "konnte nicht", "limit hit", "limit reached", "locked out",
    "lockout", "lockup", "lost connection", "malformed", "malicious", "misbehav", "misconfig", "mislukt", "mismatch",
    "missing", "n't ", "negado", "nicht gefunden", "niepowodzen", "no existe", "no queda espacio", "no se pud",
    "no space", "no such", "non esistente", "not allowed", "not found", "not installed", "not ok", "not permitted",
    "not ready", "not supported", "notready", "nxdomain", "obsolete", "offline", "oomkill", "orphan", "out of memory",
    "out-of-", "outage", "outdated", "over temperature", "overflow", "overheat", "overload", "overrun", "packet loss",
    "panic", "permission", "poison", "preempt", "premature", "quarantin", "quota", "rate limit", "rate-limit",
    "ratelimit", "read-only", "rechazad", "recusad", "refus", "reject", "retransmi", "retried", "retries", "retry",
    "revok", "rifiutat", "rollback", "rolled back", "saturat", "schwerwiegend", "segfault", "should", "sigabrt",
    "sigbus", "sigint", "sigkill", "sigsegv", "sigterm", "skip", "split brain", "split-brain", "stack trace", "starv",
    "stuck", "suspect", "suspend", "suspicious", "tamper", "throttl", "time out", "time-out", "timed out", "timeout",
    "timing out", "too many", "traceback", "truncated", "unable", "unauthenticated", "unauthori", "unavail", "uncaught",
    "unclean", "undefined", "undeliver", "underrun", "unhandled", "unhealth", "unknown", "unmet", "unreach",
    "unreadable", "unrecogni", "unrecover", "unreliable", "unresolved", "unrespons", "unstable", "unsupported",
    "untrusted", "unused", "unusual", "verweigert", "violat", "vulnerab", "waarschuwing", "warn", "watchdog", "xpass",
    "zombie",
)  # fmt: skip
# Words of failure, refusal and warning in other languages, in which many programs and authors of logs speak. Looked for
# only in lines that are not all of ASCII; words that are stand among the others.
_FOREIGN_LETTERS = (
    "błąd", "błęd", "échec", "échou", "erişilem", "falló", "geçersiz", "inválid", "não foi poss",
    "nicht möglich", "ostrzeżen", "problème", "reddedil", "ungültig", "unzulässig", "zeitüberschreitung",
    "аварий", "исключени", "невозможно", "недоступ", "не найден", "не удал", "отказ", "ошибк", "помилк",
    "предупрежден", "превышен", "сбой", "нет такого", "не осталось",
    "エラー", "できません", "タイムアウト", "例外", "失敗", "拒否", "無効", "警告", "障害", "不正", "中断",
    "ありません", "見つかりません",
    "异常", "異常", "失败", "错误", "錯誤", "告警", "无法", "無法", "拒绝", "拒絕", "超时", "逾時", "无效", "崩溃",
    "严重", "嚴重", "没有空间", "没有那个", "找不到",
    "거부", "경고", "실패", "오류", "에러", "예외", "초과", "없습니다",
)  # fmt: skip
# The signs with which runners begin what failed: "  ✕ adds one (3 ms)".
_FAILED = "✕✖✗✘×❌"  # noqa: RUF001
# Words that are also parts of harmless ones: "dead" of "deadline", "oom" of "room", "fault" of "default".
_ALARMS_AS_WORDS = {
    word: re.compile(pattern)
    for word, pattern in {
        "alarm": r"\balarm",
        "alert": r"\balert",
        "attack": r"\battack",
        "bad": r"\bbad\b",
        "banned": r"\bbanned\b",
        "block": r"\bblock(?:ed|listed)\b",
        "breaker": r"\bbreaker\b",
        "busy": r"\b(?:is|too|device|resource|server) busy\b",
        "account": r"\baccount (?:is |was )?(?:disabled|locked)\b",
        "cancel": r"\b(?:is|was|were|been|request|query|statement|call|job|task|operation|context) cancell?ed\b",
        "circuit": r"\bcircuit (?:is |now )?open",
        "code": r"\bcode[ =:]{1,2}-?[1-9][0-9]{0,2}\b",
        "crash": r"\bcrash",
        "danger": r"\bdanger",
        "dead": r"\bdead(?!line)",
        "deferred": r"\bdeferred\b",
        "delay": r"\bdelayed\b",
        "died": r"\bdied\b",
        "diff": r"\bdiff(?:er|s\b)",
        "down": r"\b(?:is|are|was|went|goes|gone|link|marked|host|node|server|peer|now|still) down\b",
        "drop": r"\bdrop(?:p(?:ed|ing)|s)\b",
        "dump": r"\bdump",
        "duplicate": r"\bduplicate",
        "emerg": r"\bemerg",
        "eof": r"\beof\b",
        "err": r"\berr(?:s|no)?\b",
        "erro": r"\berros?\b",
        "except": r"\bexcept",
        "exit": r"\bexit(?:ed|s)?\b[^0-9\n]{0,30}[1-9]",
        "fault": r"\bfault",
        "flap": r"\bflap",
        "found": r"found [0-9]",
        "full": r"\b(?:disk|queue|buffer|pool|channel|device|partition|volume|log|table)(?: is| was)? full\b",
        "gone": r"\bgone\b",
        "high": r"\bhigh (?:load|usage|latency|memory|cpu|watermark)\b",
        "hint": r"\bhint",
        "hung": r"\bhung\b",
        "kill": r"\bkill",
        "lag": r"\blagg(?:ed|ing)\b",
        "leak": r"\bleak",
        "lost": r"\blost\b",
        "low": r"\blow (?:on|disk|memory|space|battery)\b|\b(?:battery|memory|space|voltage) (?:is )?low\b",
        "missed": r"\bmissed\b",
        "must": r"\bmust\b",
        "nan": r"\bnan\b",
        "no ": r"\bno (?:response|reply|route|leader|quorum|healthy|available|heartbeat|backend|upstream|carrier)\b",
        "not ": r"\b(?:is|are|was|were|does|do|has|have|had|will|would|be|been) not\b|\bnot respond",
        "note:": r"\bnote:",
        "oom": r"\boom\b",
        "oops": r"\boops\b",
        "out of ": r"\bout of \w",
        "over": r"\bover (?:the )?(?:limit|budget|capacity)\b",
        "reset": r"\breset by\b|\bconnection reset\b",
        "restart": r"\brestart(?:ed|ing|s)\b",
        "severe": r"\bsevere",
        "signal": r"\bsignal[ =:]{1,2}[1-9]",
        "skew": r"\bskew",
        "slow": r"\bslow",
        "stale": r"\bstale",
        "stall": r"\bstall",
        "terminated": r"\bterminated\b",
        "todo": r"\btodo\b",
        "too ": r"\btoo (?:big|few|large|late|long|old|slow|small)\b",
        "went away": r"\bwent away\b",
        "wrong": r"\bwrong",
    }.items()
} | {sign: re.compile(rf"^\s*{sign}\s") for sign in _FAILED}
# One of them is in each line of alarm but for those of a bad level: those in which no other one is.
_HINTS = tuple(
    word
    for word in (*_ALARMS, *_ALARMS_AS_WORDS)
    if not any(other in word for other in (*_ALARMS, *_ALARMS_AS_WORDS) if other != word)
)
_COUNTED = (
    r"alarms?|alerts?|back-?offs?|conflicts?|corrupt(?:ed)?|crash(?:es)?|deadlocks?|denied|discard(?:ed|s)?"
    r"|disconnects?|drop(?:ped|s)?|duplicates?|err(?:ors?)?|evict(?:ed|ions?)|exceptions?|expired|fail(?:ed|ures?)"
    r"|faults?|ignored|invalid|kill(?:ed|s)?|leak(?:ed|s)?|lost|mismatch(?:es|ed)?|missed|missing|not found|orphans?"
    r"|overflows?|overruns?|packet loss|panics?|refused|reject(?:ed|ions?|s)?|restarts?|retransmi(?:ts?|ssions?|tted)"
    r"|retr(?:ies|ied|y)|rollbacks?|skipped|stale|stuck|throttled|time-?outs?|timed out|truncated|unauthorized"
    r"|unhealthy|unknown|unreachable|violations?|vulnerabilities|warnings?|zombies?"
)
_THINGS = r"(?:bytes?|connections?|events?|items?|jobs?|messages?|packets?|records?|requests?|rows?|tasks?|tests?)"
# 0 errors   no packets dropped   failed=0   "err":null: a word of alarm where it says that there was nothing
_NOTHING_HAPPENED = re.compile(
    rf"(?<![0-9.,])\b(?:0|no|zero|without)(?: (?:{_THINGS}))? (?:{_COUNTED})\b"
    rf"|\b(?:[a-z]{{1,20}}_)?(?:{_COUNTED})(?:_[a-z]{{1,20}}){{0,2}}(?:{WAS_NONE}| 0(?![0-9.x:]))"
    r"|\bexit (?:code|status)[ =:]{1,2}0\b",
    re.IGNORECASE,
)
# Keys of what a program left with: 0 is all well.
EXIT_KEYS = frozenset({"errno", "exit", "rc", "return", "returncode"})
_BAD_HTTP_STATUSES = range(400, 600)


def is_alarm(line: str) -> bool:
    """Whether somebody may have to act on the line."""
    return _tells_of_trouble(line.casefold()) or has_bad_level(line)


def alarm_rows(lines: Sequence[str]) -> set[int]:
    """The rows, from 0, of lines for which `is_alarm` holds, in less time than to ask it of each."""
    within = WordsInLines(lines)
    bad = rows_with_bad_level(lines, within) | within.rows_holding(_FOREIGN_LETTERS)
    hinted = {row: lines[row].casefold() for row in within.rows_holding(_HINTS) - bad}
    text = "\n".join(hinted.values())
    alarms, as_words = words_within(text, _ALARMS), words_within(text, _ALARMS_AS_WORDS)
    patterns = {word: _ALARMS_AS_WORDS[word] for word in as_words}
    return bad | {row for row, lowered in hinted.items() if _tells_of_trouble(lowered, alarms, patterns)}


def _tells_of_trouble(
    lowered: str, alarms: Sequence[str] = _ALARMS, as_words: Mapping[str, re.Pattern[str]] = _ALARMS_AS_WORDS
) -> bool:
    """Whether a line has a word of alarm, and not only where it says that there was none.

    alarms, as_words: at least those that the line may have.
    """
    if not lowered.isascii() and holds_one_of(_FOREIGN_LETTERS, lowered):
        return True
    if not _holds_alarm(lowered, alarms, as_words):
        return False
    rest = _NOTHING_HAPPENED.sub("", lowered)
    return rest == lowered or _holds_alarm(rest, _ALARMS, _ALARMS_AS_WORDS)


def _holds_alarm(lowered: str, alarms: Sequence[str], as_words: Mapping[str, re.Pattern[str]]) -> bool:
    if holds_one_of(alarms, lowered):
        return True
    for word, pattern in as_words.items():  # noqa: SIM110  any() takes half as long again
        if word in lowered and pattern.search(lowered):
            return True
    return False


def tells_of_error(line: str) -> bool:
    """Whether the line of a log says, anywhere in it, that something went wrong, or its level does."""
    lowered = line.lower()
    if holds_one_of(_ERRORS, lowered) or has_bad_level(line):
        return True
    return holds_one_of(_INCIDENTS, lowered) and is_alarm(line)


def error_rows(lines: Sequence[str], within: WordsInLines | None = None) -> set[int]:
    """The rows, from 0, of lines for which `tells_of_error` holds, in less time than to ask it of each.

    within: the same lines, where other words are looked for in them, too.
    """
    within = within or WordsInLines(lines)
    told = {row for row in within.rows_holding((*_ERRORS, *_INCIDENTS)) if tells_of_error(lines[row])}
    return told | rows_with_bad_level(lines, within, told)


def is_bad_status(number: float | str | None) -> bool:
    """Whether a request failed with this status of HTTP."""
    return isinstance(number, float) and number in _BAD_HTTP_STATUSES
