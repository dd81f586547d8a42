"""Tokens before and after on answers where JSON dominates: `python scripts/savings/payloads.py`.

Four answers of an MCP-like tool, made here from seeded generators, each `json.dumps(..., indent=2)`. There is a floor:
every hex id, time and number differs from all others and stays as it is (a UUID has 18 tokens, a time 15). Fails if at
level recall a record with an error, a distinct status or a distinct id is missing.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from scripts.savings.payload_checks import StillThere
from scripts.savings.payload_checks import still_there
from scripts.savings.recordings import RECALL

Answer = dict[str, Any]

SEED = 4
AIM = 60.0
RECALL_AIM = 85.0
HEADINGS = (
    "payload",
    "tool",
    "tokens, indent 2",
    "tokens, compact JSON",
    "tokens sent",
    "saved",
    "aim",
    "at recall",
    "saved",
    "aim",
    "errors, statuses, ids still there at recall",
)
START = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)

NOUNS = [
    "account", "batch", "billing", "cache", "cart", "cluster", "customer", "event", "export", "invoice", "ledger",
    "order", "parcel", "policy", "queue",
]  # fmt: skip
VERBS = [
    "apply", "build", "check", "close", "collect", "count", "fetch", "join", "load", "merge", "open", "parse",
    "refresh", "resolve", "send", "split",
]  # fmt: skip
PARTS = [
    "client", "config", "handler", "index", "model", "policy", "reader", "router", "schema", "service", "store",
    "worker", "writer",
]  # fmt: skip
FOLDERS = ["api", "billing", "core", "events", "jobs", "search", "storage", "web"]
PEOPLE = ["akira", "bela", "chidi", "dana", "emeka", "farah", "goran", "hana", "ines", "jonas", "kofi", "lena"]
SENTENCES = (
    "The {noun} {part} does not {verb} the {other} after a restart.",
    "It started with the last release; before that the {other} was there within a second.",
    "Steps: open the {noun}, {verb} it twice, then look at the {part}.",
    "I expected the {part} to {verb} the {other} and to say why when it cannot.",
    "With the {part} switched off everything works, so I think it is the {noun}.",
)


@dataclass(frozen=True)
class Payload:
    tool: str
    make: Callable[[random.Random], object]


@dataclass(frozen=True)
class Figures:
    name: str
    tool: str
    before: int
    compact: int
    after: int
    recall: int
    still_there: StillThere

    def cells(self) -> list[str]:
        sizes = [f"{size:,}" for size in (self.before, self.compact)]
        sent = [*self._saved(self.after, AIM), *self._saved(self.recall, RECALL_AIM)]
        return [self.name, self.tool, *sizes, *sent, str(self.still_there)]

    def _saved(self, sent: int, aim: float) -> list[str]:
        saved = 100 - 100 * sent / self.before
        return [f"{sent:,}", f"{saved:.1f}%", "reached" if saved >= aim else "missed"]


def main() -> int:
    rows = [measure(name, payload) for name, payload in PAYLOADS.items()]
    print(f"| {' | '.join(HEADINGS)} |")
    print("|---|---|" + "---:|" * (len(HEADINGS) - 2))
    for row in rows:
        print(f"| {' | '.join(row.cells())} |")
    return 0 if all(row.still_there.is_all for row in rows) else 1


def measure(name: str, payload: Payload) -> Figures:
    text = payload_text(payload)
    answer = json.loads(text)
    compact = json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
    elided = sent_text(payload, RECALL)
    before, smallest, after, recall = map(tokens.count, (text, compact, sent_text(payload), elided))
    return Figures(name, payload.tool, before, smallest, after, recall, still_there(answer, elided))


def payload_text(payload: Payload) -> str:
    return json.dumps(payload.make(random.Random(SEED)), indent=2, ensure_ascii=False)  # noqa: S311  no secret


def sent_text(payload: Payload, settings: Settings = Settings()) -> str:  # noqa: B008  frozen
    """The text as the proxy would send it."""
    call = {"type": "function_call", "call_id": "call_1", "name": payload.tool, "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "call_1", "output": payload_text(payload)}
    body = json.dumps({"model": "model", "input": [call, output]}).encode()
    return str(json.loads(compress_request_body(body, settings).body)["input"][1]["output"])


def code_search(chance: random.Random) -> Answer:
    results = [code_hit(chance) for _ in range(100)]
    return {"query": "resolve invoice", "total_count": 1284, "incomplete_results": False, "results": results}


def code_hit(chance: random.Random) -> Answer:
    line = chance.randint(3, 900)
    return {
        "repository": {"name": "shop/backend", "default_branch": "main", "private": True},
        "path": source_path(chance),
        "language": "Python",
        "line": line,
        "column": chance.randint(5, 40),
        "score": round(chance.uniform(1, 30), 4),
        "sha": f"{chance.getrandbits(40):010x}",
        "snippet": code_line(chance),
        "matches": [{"line": line + place, "text": code_line(chance)} for place in range(chance.randint(1, 3))],
    }


def incident(chance: random.Random) -> Answer:
    window = {"from": moment(0), "to": moment(3_600_000)}
    return {
        "incident": {"id": "INC-4127", "severity": "SEV-2", "service": "billing", "window": window},
        "logs": [log_row(chance, number) for number in range(300)],
        "metrics": [metric_row(chance, number) for number in range(200)],
    }


def log_row(chance: random.Random, number: int) -> Answer:
    level = chance.choices(("INFO", "WARN", "ERROR"), (80, 15, 5))[0]
    return {
        "timestamp": moment(number * 12_000 + chance.randint(0, 11_999)),
        "level": level,
        "service": "billing",
        "environment": "production",
        "host": f"billing-{chance.randint(1, 6)}",
        "trace_id": f"{chance.getrandbits(64):016x}",
        "message": f"{chance.choice(VERBS)} {chance.choice(NOUNS)} took {chance.randint(2, 4000)} ms",
        "attributes": {
            "http.method": chance.choice(("GET", "POST")),
            "http.status_code": 500 if level == "ERROR" else 200,
            "http.route": f"/v1/{chance.choice(NOUNS)}s",
            "error": "upstream timed out" if level == "ERROR" else None,
        },
    }


def metric_row(chance: random.Random, number: int) -> Answer:
    return {
        "timestamp": moment(number // 4 * 60_000),
        "metric": ("cpu_percent", "memory_mb", "latency_p99_ms", "error_rate")[number % 4],
        "value": round(chance.uniform(0, 900), 2),
        "unit": ("percent", "megabytes", "milliseconds", "ratio")[number % 4],
        "labels": {"service": "billing", "region": "eu-west-1", "host": f"billing-{chance.randint(1, 6)}"},
    }


def issue_list(chance: random.Random) -> Answer:
    return {"total_count": 100, "has_next_page": False, "issues": [issue(chance, number) for number in range(100)]}


def issue(chance: random.Random, number: int) -> Answer:
    person = chance.randrange(len(PEOPLE))
    closed = chance.random() < 0.5  # noqa: PLR2004  a half
    labels = chance.sample(LABELS, chance.randint(0, 3))
    address = f"https://git.example.com/shop/backend/issues/{4000 - number}"
    return {
        "id": 2_300_000_000 + chance.randrange(10**8),
        "number": 4000 - number,
        "title": sentence(chance)[:-1],
        "state": "closed" if closed else "open",
        "locked": False,
        "user": user(person),
        "labels": [{"name": name, "color": color, "description": text} for name, color, text in labels],
        "assignee": user(chance.randrange(len(PEOPLE))) if closed else None,
        "milestone": None,
        "comments": chance.randint(0, 30),
        "created_at": moment(-number * 3_600_000 - chance.randint(0, 3_000_000)),
        "updated_at": moment(-number * 1_800_000),
        "html_url": address,
        "body": " ".join(sentence(chance) for _ in range(chance.randint(1, 4))),
        "reactions": {"total_count": chance.randint(0, 3), "heart": 0, "rocket": 0, "eyes": chance.randint(0, 1)},
    }


LABELS = (
    ("bug", "d73a4a", "Something is not working"),
    ("enhancement", "a2eeef", "New feature or request"),
    ("billing", "0e8a16", "Invoices and payments"),
    ("needs-repro", "fbca04", "Nobody could make it happen again yet"),
    ("good first issue", "7057ff", "Good for newcomers"),
)


def user(person: int) -> Answer:
    name = PEOPLE[person]
    address = f"https://git.example.com/{name}"
    return {"login": name, "id": 71_000 + 37 * person, "html_url": address, "type": "User", "site_admin": False}


def exploration(chance: random.Random) -> Answer:
    return {
        "root": "/repo",
        "tree": [tree_entry(chance) for _ in range(120)],
        "files": [file_hit(chance) for _ in range(200)],
        "code": [code_hit(chance) for _ in range(100)],
    }


def tree_entry(chance: random.Random) -> Answer:
    return {"path": f"src/{chance.choice(FOLDERS)}/{chance.choice(NOUNS)}", "type": "directory", "mode": "040755"}


def file_hit(chance: random.Random) -> Answer:
    return {
        "path": source_path(chance),
        "type": "file",
        "size": chance.randint(200, 40_000),
        "language": "Python",
        "modified": moment(-chance.randrange(10**10)),
        "score": round(chance.uniform(0, 1), 3),
    }


def moment(milliseconds: int) -> str:
    return (START + timedelta(milliseconds=milliseconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def source_path(chance: random.Random) -> str:
    return f"src/{chance.choice(FOLDERS)}/{chance.choice(NOUNS)}_{chance.choice(PARTS)}.py"


def code_line(chance: random.Random) -> str:
    noun, other, verb = chance.choice(NOUNS), chance.choice(NOUNS), chance.choice(VERBS)
    return chance.choice(
        (
            f"    def {verb}_{noun}(self, {other}_id: str) -> {noun.title()}:",
            f"        {noun} = self._{chance.choice(PARTS)}.{verb}({other})",
            f'        raise {noun.title()}Error(f"cannot {verb} {{{other}}}")',
            f"from shop.{chance.choice(FOLDERS)}.{noun} import {verb}_{other}",
        )
    )


def sentence(chance: random.Random) -> str:
    words = {"noun": chance.choice(NOUNS), "other": chance.choice(NOUNS)}
    return chance.choice(SENTENCES).format(**words, verb=chance.choice(VERBS), part=chance.choice(PARTS))


PAYLOADS = {
    "code search, 100 results": Payload("mcp__code__search_code", code_search),
    "incident, 300 log and 200 metric rows": Payload("mcp__telemetry__query_incident", incident),
    "issue list, 100 issues": Payload("mcp__forge__list_issues", issue_list),
    "exploration, 120 + 200 + 100 entries": Payload("mcp__code__explore", exploration),
}


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    sys.exit(main())
