"""What the scripts say and do before any package is installed, and what `scripts/run` prints and starts."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASH_SCRIPTS = [
    path
    for path in (*(ROOT / "scripts").iterdir(), ROOT / ".ci" / "run")
    if path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env bash")
]


def run_script(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def write_program(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


@pytest.fixture
def run_with_fake_program(tmp_path: Path) -> Path:
    """Return a copy of scripts/run whose environment is a folder with a headroom-addon that prints its arguments."""
    copy = tmp_path / "scripts" / "run"
    copy.parent.mkdir()
    copy.write_bytes((ROOT / "scripts" / "run").read_bytes())
    copy.chmod(0o755)
    write_program(tmp_path / "scripts" / "environment", f"echo '{tmp_path}'")
    write_program(tmp_path / "headroom-addon", 'echo "arguments: $*"')
    return copy


@pytest.mark.parametrize("script", [pytest.param(path, id=path.name) for path in BASH_SCRIPTS])
def test_bash_scripts_parse_and_are_executable(script: Path) -> None:
    assert run_script("bash", "-n", script).stderr == ""
    assert script.stat().st_mode & stat.S_IXUSR


def test_an_old_python_is_refused_in_words(tmp_path: Path) -> None:
    old = write_program(tmp_path / "python3", "echo 3.10")
    finished = run_script(ROOT / "scripts" / "environment", PYTHON=str(old))
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == f"scripts/environment: {old} is Python 3.10; set PYTHON to a Python 3.11 or newer\n"


def test_a_missing_python_is_refused_in_words(tmp_path: Path) -> None:
    finished = run_script(ROOT / "scripts" / "environment", PYTHON=str(tmp_path / "none"))
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "does not run; set PYTHON to a Python 3.11 or newer" in finished.stderr


def test_what_pip_says_is_shown_when_it_fails(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts" / "environment"
    script.write_bytes((ROOT / "scripts" / "environment").read_bytes())
    (tmp_path / "pyproject.toml").write_text("not toml")
    finished = run_script("bash", script, PYTHON=sys.executable)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "toml" in finished.stderr.lower()


def test_the_environment_of_another_checkout_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts" / "environment"
    script.write_bytes((ROOT / "scripts" / "environment").read_bytes())
    other = tmp_path / "other"
    other.mkdir()
    (other / "installed").write_text("checkout elsewhere\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / f"{sys.version_info.major}.{sys.version_info.minor}").symlink_to(other)
    finished = run_script("bash", script, PYTHON=sys.executable)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "is a link; remove it" in finished.stderr
    assert (other / "installed").exists()


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        pytest.param([], "http://127.0.0.1:8080", id="no arguments"),
        pytest.param(["-p", "9000"], "http://127.0.0.1:9000", id="-p 9000"),
        pytest.param(["-p9000"], "http://127.0.0.1:9000", id="-p9000"),
        pytest.param(["--listen-port=9000"], "http://127.0.0.1:9000", id="--listen-port=9000"),
        pytest.param(["--set", "listen_port=9000"], "http://127.0.0.1:9000", id="--set listen_port=9000"),
        pytest.param(["--listen-port", "0"], "http://127.0.0.1:PORT_SHOWN_BELOW", id="any free port"),
        pytest.param(["--listen-host", "10.0.0.9"], "http://10.0.0.9:8080", id="another address"),
        pytest.param(["--listen-host=0.0.0.0"], "http://127.0.0.1:8080", id="all addresses"),
        pytest.param(["--listen-host", "::1"], "http://[::1]:8080", id="IPv6"),
    ],
)
def test_run_names_the_address_that_mitmdump_listens_at(
    run_with_fake_program: Path, arguments: list[str], address: str
) -> None:
    finished = run_script(run_with_fake_program, *arguments, PORT="8080")
    assert f"export HTTP_PROXY={address} " in finished.stdout
    assert f"export HTTPS_PROXY={address} " in finished.stdout
    assert finished.stdout.endswith(" ".join(arguments) + "\n")


@pytest.mark.parametrize(
    "arguments",
    [["--mode", "reverse:https://a.test"], ["--mode=reverse:https://a.test@9000"], ["--set", "mode=reverse:https://a"]],
    ids=" ".join,
)
def test_run_names_no_proxy_where_there_is_none(run_with_fake_program: Path, arguments: list[str]) -> None:
    finished = run_script(run_with_fake_program, *arguments)
    assert "export" not in finished.stdout
    assert "The base URL of the agent begins with\nhttp://127.0.0.1:8080 " in finished.stdout


@pytest.mark.parametrize("variable", ["CODEX_CA_CERTIFICATE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"])
@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        pytest.param([], "{root}/home/.mitmproxy", id="default"),
        pytest.param(["--set", "confdir={root}/with space"], r"{root}/with\ space", id="confdir with a space"),
        pytest.param(["--set=confdir=~/other"], "{root}/home/other", id="confdir at home"),
    ],
)
def test_run_names_the_certificate_for_every_client(
    run_with_fake_program: Path, tmp_path: Path, arguments: list[str], folder: str, variable: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    words = [argument.format(root=tmp_path) for argument in arguments]
    finished = run_script(run_with_fake_program, *words, HOME=str(home))
    assert f"export {variable}={folder.format(root=tmp_path)}/mitmproxy-ca-cert.pem " in finished.stdout


@pytest.mark.parametrize("word", ["--help", "--version", "--options"])
def test_run_names_no_exports_where_nothing_is_started(run_with_fake_program: Path, word: str) -> None:
    assert run_script(run_with_fake_program, word).stdout.startswith("arguments: ")


@pytest.mark.parametrize(("value", "is_named"), [("localhost", True), ("", False)])
def test_run_says_that_no_proxy_is_set(run_with_fake_program: Path, value: str, *, is_named: bool) -> None:
    said = run_script(run_with_fake_program, NO_PROXY=value).stdout
    assert ("NO_PROXY must not name the host of the base URL (here it is set)." in said) == is_named


@pytest.mark.parametrize(
    ("arguments", "switches"),
    [
        pytest.param(["--quiet"], ["compress_passthrough=true"], id="on by default"),
        pytest.param(
            ["--set", "compress_passthrough=false"], ["compress_passthrough=false"], id="the user's word holds"
        ),
        pytest.param(["--compress-passthrough=false"], ["--compress-passthrough=false"], id="as a flag"),
    ],
)
def test_run_sets_the_switch_once(run_with_fake_program: Path, arguments: list[str], switches: list[str]) -> None:
    words = run_script(run_with_fake_program, *arguments).stdout.split()
    assert [word for word in words if "passthrough" in word] == switches


@pytest.mark.skipif(not Path(sys.prefix).is_relative_to(ROOT / ".venv"), reason="would install; see scripts/test")
def test_run_passes_its_arguments_on() -> None:
    finished = run_script(ROOT / "scripts" / "run", "--version", PYTHON=sys.executable)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith("Mitmproxy: ")


@pytest.mark.skipif(not (ROOT / "addon").is_dir(), reason="the wheel is tested, there is no addon.py")
def test_a_reader_that_has_seen_enough_of_the_demo_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / "demo.py")],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'addon'}:{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as demo:
        assert demo.stdout
        assert demo.stderr
        demo.stdout.close()
        assert demo.stderr.read() == b""
    assert demo.returncode == -signal.SIGPIPE
