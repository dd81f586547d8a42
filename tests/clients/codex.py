"""Codex CLI: how to install it, to configure it and to run a session, and what its model calls for.

One generation of models calls `exec_command` and gets a string back; the other writes a script for the `exec` tool
and gets a list of texts.
"""

import base64
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.clients.command_line import COMMANDS
from tests.clients.command_line import FINAL_MESSAGE
from tests.clients.command_line import PROMPT
from tests.clients.command_line import npm_installation
from tests.clients.command_line import run_client
from tests.loopback.proxy import Proxy
from tests.loopback.upstream import CustomToolCall
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import Message
from tests.loopback.upstream import Turn

VERSION = "0.171.0"
NAME = f"codex-{VERSION}"
INSTALLATION = npm_installation("@openai/codex", VERSION)
CALLS_FUNCTIONS, WRITES_SCRIPTS = "gpt-5.5", "gpt-6.1-sol"
CONFIGURATION = """
model = "{model}"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
{settings}
[otel]
metrics_exporter = "none"
[analytics]
enabled = false
{provider}
"""


def script(model: str) -> list[Turn]:
    return [*((_call(model, {"cmd": command}),) for command in COMMANDS), (Message(FINAL_MESSAGE),)]


def _call(model: str, arguments: dict[str, str]) -> FunctionCall | CustomToolCall:
    if model == CALLS_FUNCTIONS:
        return FunctionCall("exec_command", arguments)
    return CustomToolCall("exec", f"text(await tools.exec_command({json.dumps(arguments)}))")


@dataclass(frozen=True)
class Codex:
    program: Path
    home: Path
    workplace: Path

    def configure(self, model: str, settings: str, provider: str = "") -> None:
        self.home.mkdir()
        configuration = CONFIGURATION.format(model=model, settings=settings, provider=provider)
        (self.home / "config.toml").write_text(configuration)

    def log_in(self, credentials: Mapping[str, object]) -> None:
        (self.home / "auth.json").write_text(json.dumps(credentials))

    @property
    def command(self) -> list[str | Path]:
        return [self.program, "exec", "--skip-git-repo-check", PROMPT]

    @property
    def environment(self) -> dict[str, str]:
        return {"HOME": str(self.home), "CODEX_HOME": str(self.home), "LOOPBACK_KEY": "some-key"}

    def run(self, environment: Mapping[str, str]) -> None:
        run_client(self.command, self.workplace, {**self.environment, **environment})


def through(proxy: Proxy) -> dict[str, str]:
    return {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}", "CODEX_CA_CERTIFICATE": str(proxy.authority)}


def custom_provider(base_url: str) -> tuple[str, str]:
    """Return the settings and the provider of a configuration."""
    provider = f"""
[model_providers.loopback]
name = "loopback"
base_url = "{base_url}"
env_key = "LOOPBACK_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
"""
    return 'model_provider = "loopback"', provider


def chatgpt_login() -> dict[str, object]:
    """Return credentials that look like those of a ChatGPT account; nobody has signed them."""
    account = {"chatgpt_plan_type": "pro", "chatgpt_account_id": "some-account", "chatgpt_user_id": "some-user"}
    claims = {"email": "someone@example.test", "exp": 4_000_000_000, "https://api.openai.com/auth": account}
    token = ".".join([_base64_of({"alg": "none", "typ": "JWT"}), _base64_of(claims), "bm9uZQ"])
    tokens = {"id_token": token, "access_token": token, "refresh_token": "some", "account_id": "some-account"}
    today = dt.datetime.now(dt.UTC).isoformat()
    return {"auth_mode": "chatgpt", "OPENAI_API_KEY": None, "tokens": tokens, "last_refresh": today}


def _base64_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
