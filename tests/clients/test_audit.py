"""What the audit says of the files that real clients wrote, beside what the proxy made of the same session."""

import json
from collections.abc import Callable
from pathlib import Path

from headroom_compression import Settings
from headroom_compression import tokens
from headroom_report.measuring.auditing import audit
from headroom_report.reading.history import files_in
from headroom_report.values.savings import Tokens
from tests.clients import codex
from tests.clients.codex import Codex
from tests.clients.command_line import COMMANDS
from tests.clients.command_line import FINAL_MESSAGE
from tests.clients.command_line import PROMPT
from tests.clients.command_line import run_client
from tests.clients.messages_upstream import running_messages_upstream
from tests.clients.promises import tokens_of_outputs
from tests.clients.test_claude_code import ENVIRONMENT
from tests.clients.test_claude_code import install_claude_code
from tests.clients.test_codex import model
from tests.clients.test_codex import upstream
from tests.loopback.proxy import Proxy
from tests.loopback.upstream import LoopbackUpstream

__all__ = ["model", "upstream"]  # fixtures


def test_a_rollout_of_codex_says_what_the_proxy_saved(
    codex_cli: Codex, model: str, upstream: LoopbackUpstream, proxy: Proxy, sent_bodies: Callable[[], list[bytes]]
) -> None:
    codex_cli.configure(model, *codex.custom_provider(f"https://localhost:{upstream.port}/v1"))
    codex_cli.run(codex.through(proxy))
    sent, received = sent_bodies(), [request.content for request in upstream.response_requests]
    report = audit(files_in(codex_cli.home / "sessions"), Settings())
    assert (report.requests, report.notes) == (len(sent), ())
    assert report.outputs == Tokens(tokens_of_outputs(sent[-1:]), tokens_of_outputs(received[-1:]))
    assert report.whole.saved == tokens_of_outputs(sent) - tokens_of_outputs(received)
    assert sum(tool.outputs for tool in report.tools) == len(COMMANDS)
    assert report.usage


def test_a_transcript_of_claude_code_holds_the_same_outputs_as_its_requests(
    install: Callable[[str, list[list[str]]], Path], workplace: Path
) -> None:
    program = install_claude_code(install)
    with running_messages_upstream(COMMANDS, FINAL_MESSAGE) as upstream:
        url = {"ANTHROPIC_BASE_URL": f"https://localhost:{upstream.port}"}
        trust = {"NODE_EXTRA_CA_CERTS": str(upstream.authority)}
        run_client([program, "--allowedTools", "Bash", "--print", PROMPT], workplace, {**ENVIRONMENT, **url, **trust})
    messages = json.loads(upstream.bodies[-1])["messages"]
    blocks = [block for message in messages for block in message["content"] if isinstance(block, dict)]
    results = [block["content"] for block in blocks if block["type"] == "tool_result"]
    report = audit(files_in(workplace.parent / ".claude" / "projects"), Settings())
    assert report.outputs.before == sum(tokens.count(result) for result in results)
    assert 0 < report.outputs.after < report.outputs.before
    assert report.requests == len(COMMANDS) + 1
