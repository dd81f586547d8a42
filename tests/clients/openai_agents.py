"""The openai-agents SDK: how to install it, and how to run the agent of `agents_driver.py`."""

import sys
from pathlib import Path

from tests.loopback.proxy import Proxy

VERSION = "0.24.0"
DRIVER = Path(__file__).with_name("agents_driver.py")
NAME = f"openai-agents-{VERSION}"
INSTALLATION = [
    [sys.executable, "-m", "venv", "{folder}"],
    ["{folder}/bin/python", "-m", "pip", "install", "--quiet", f"openai-agents=={VERSION}"],
]


def command(folder: Path, port: int) -> list[str | Path]:
    """folder: of its installation. port: of the upstream."""
    return [folder / "bin" / "python", DRIVER, f"https://localhost:{port}/v1"]


def through(proxy: Proxy) -> dict[str, str]:
    return {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}", "SSL_CERT_FILE": str(proxy.authority)}
