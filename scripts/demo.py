"""A small agent looks at a project through the real mitmdump with the addon; a table says what that saved.

The agent's model is a script, the upstream is on 127.0.0.1, the project is made by `demo_project`; the commands are
run, and the figures are exact o200k_base counts, the same on every machine.
"""

import json
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from headroom_compression import tokens
from scripts.demo_project import write_project
from tests.loopback.proxy import Proxy
from tests.loopback.proxy import running_proxy
from tests.loopback.raw_bodies import outputs
from tests.loopback.raw_bodies import up_to_last_item
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message
from tests.loopback.upstream import Turn

ROOT = Path(__file__).resolve().parent.parent
ADDON = ROOT / "addon" / "headroom_addon.py"
PATH = "/api/codex-proxy/demo-key/v1/responses"
COMMANDS = (
    "grep -n 'def ' shop/*.py",
    "cat -n shop/order.py",
    "sed -n '1,120p' README.md",
    "tail -n 200 server.log",
    "sed -n '60,140p' shop/order.py",
    "nl -ba shop/invoice.py",
    "grep -n 'def ' shop/*.py",
)
LINES_BEFORE_A_CHANGE = 6
# [23:37:01.123] headroom: responses 928 -> 481 tokens (-48%), 1 new output, 2.5 ms
TOLD = re.compile(r"^\[[0-9:.]+\] headroom: ")
LINES_OF_EXCERPT = 18
WIDTH_OF_EXCERPT = 110


@dataclass(frozen=True)
class Exchange:
    """One request: its body as the agent sent it and as the upstream got it."""

    ran: str
    sent: bytes
    received: bytes

    @property
    def tokens_sent(self) -> int:
        return sum(map(tokens.count, outputs(self.sent)))

    @property
    def tokens_received(self) -> int:
        return sum(map(tokens.count, outputs(self.received)))


def main() -> int:
    turns, log = run_session()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` may have seen enough, and the proxy has ended
    prefixes_kept = [later.received.startswith(up_to_last_item(turn.received)) for turn, later in pairwise(turns)]
    print_table(turns, prefixes_kept)
    is_smaller = turns[-1].tokens_received < turns[-1].tokens_sent
    if is_smaller:
        print_excerpt(turns[-1])
    print_log(log)
    print_next_steps()
    return 0 if all(prefixes_kept) and is_smaller else 1


def run_session() -> tuple[list[Exchange], str]:
    """Return what was sent, and what the proxy wrote to its log."""
    script: list[Turn] = [(FunctionCall("exec_command", {"cmd": command}),) for command in COMMANDS]
    script.append((Message("That is all I wanted to see."),))
    with (
        LoopbackUpstream(script, tls=True, count_tokens=tokens_of) as upstream,
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as project,
    ):
        write_project(Path(project))
        arguments = ["-s", str(ADDON), "--set", "compress_passthrough=true"]
        arguments += ["--set", f"ssl_verify_upstream_trusted_ca={upstream.authority}"]
        with running_proxy(arguments, Path(folder)) as proxy:
            sent = list(send_turns(proxy, upstream.port, Path(project)))
        log = proxy.log
        received = [request.body for request in upstream.response_requests]
    return [Exchange(*turn) for turn in zip(("", *COMMANDS), sent, received, strict=True)], log


def send_turns(proxy: Proxy, port: int, project: Path) -> Iterator[bytes]:
    """Work as Codex does: run what the reply calls for, send all items again, until the reply is a message."""
    items: list[dict[str, Any]] = [{"role": "user", "content": "Have a look at this project."}]
    while items[-1].get("type") != "message":
        body = json.dumps(
            {"model": "demo", "input": items, "stream": True, "store": False}, separators=(",", ":"), ensure_ascii=False
        ).encode()
        yield body
        for item in reply_items(proxy.post(("localhost", port, PATH), body, {"Accept": "text/event-stream"})):
            items.append(item)
            if item["type"] == "function_call":
                output = run_command(json.loads(item["arguments"])["cmd"], project, len(items))
                items.append({"type": "function_call_output", "call_id": item["call_id"], "output": output})


def reply_items(lines: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    events = (json.loads(line.removeprefix(b"data: ")) for line in lines if line.startswith(b"data: "))
    yield from (event["item"] for event in events if event["type"] == "response.output_item.done")


def run_command(command: str, folder: Path, number: int) -> str:
    """Run a command; return its output as Codex would send it, but with no time, which would differ in each run."""
    done = subprocess.run(  # noqa: S602 - COMMANDS above
        command, shell=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return (
        f"Chunk ID: {number:06x}\n"
        f"Wall time: 0.0000 seconds\n"
        f"Process exited with code {done.returncode}\n"
        f"Original token count: {-(-len(done.stdout.encode()) // 4)}\n"
        f"Output:\n{done.stdout}"
    )


def tokens_of(body: bytes) -> int:
    """The tokens of all texts in the items of a request, which is what this upstream reports."""
    return sum(map(tokens.count, _strings(json.loads(body)["input"])))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _strings(member)


def print_table(turns: list[Exchange], prefixes_kept: list[bool]) -> None:
    row = "{:>4}  {:<34}{:>9} -> {:>8}{:>8}{:>10} -> {:>8}  {}"
    print(f"{'tokens of its tool outputs':>70}{'bytes of its body':>24}")
    titles = ("turn", "new in this request: the output of", "sent", "upstream", "saved", "sent", "upstream", "prefix")
    print(row.format(*titles))
    for number, (turn, is_kept) in enumerate(zip(turns, [None, *prefixes_kept], strict=True), 1):
        print(
            row.format(
                number,
                turn.ran or "(nothing yet, only the question)",
                f"{turn.tokens_sent:,}",
                f"{turn.tokens_received:,}",
                share_saved(turn.tokens_sent, turn.tokens_received),
                f"{len(turn.sent):,}",
                f"{len(turn.received):,}",
                {None: "", True: "kept", False: "BROKEN"}[is_kept],
            )
        )
    before, after = sum(turn.tokens_sent for turn in turns), sum(turn.tokens_received for turn in turns)
    print(f"\nAll requests together: {before - after:,} of {before:,} tokens saved ({share_saved(before, after)}).")
    print("prefix kept: this request begins, byte for byte, with the one before, so a prompt cache finds it.")


def share_saved(before: int, after: int) -> str:
    return f"{(before - after) / before:.1%}" if before else ""


def print_excerpt(turn: Exchange) -> None:
    triples = list(zip(COMMANDS, outputs(turn.sent), outputs(turn.received), strict=True))
    first_runs = [triple for place, triple in enumerate(triples) if triple[0] not in COMMANDS[:place]]
    command, before, after = max(first_runs, key=lambda triple: tokens.count(triple[1]) - tokens.count(triple[2]))
    old, new = before.split("\n"), after.split("\n")
    first = next((place for place, lines in enumerate(zip(old, new, strict=False)) if lines[0] != lines[1]), 0)
    start = max(0, first - LINES_BEFORE_A_CHANGE)
    print(f"\nThe largest saving in a first run: {command}")
    for title, text, lines in (("as the agent sent it", before, old), ("as the upstream got it", after, new)):
        print(f"\n--- {title}: {tokens.count(text):,} tokens, from line {start + 1} of {len(lines)}")
        end = start + LINES_OF_EXCERPT
        for line in lines[start:end]:
            print("   ", line.expandtabs()[:WIDTH_OF_EXCERPT])
        if len(lines) > end:
            print(f"    ({len(lines) - end} more lines)")


def print_log(log: str) -> None:
    print("\nWhat the addon told in the log of mitmdump; the tokens are of whole requests, by this upstream:\n")
    for line in log.split("\n"):
        if TOLD.search(line):
            print(line)


def print_next_steps() -> None:
    print(
        "\nTo go on: `bash scripts/run` starts the proxy and prints what the shell of your agent must export."
        "\nREADME.md says what is rewritten, and how."
    )


if __name__ == "__main__":
    sys.exit(main())
