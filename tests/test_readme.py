"""Every command that a README shows is run here, as it stands there, or by the test that is named for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from headroom_proxy import options
from tests.starting import log_of_start

ROOT = Path(__file__).parents[1]
READMES = [ROOT / folder / "README.md" for folder in (".", "addon", "scripts", "scripts/team", "tests")]
IS_CHECKOUT = READMES[0].exists()
RUN_ELSEWHERE = {
    "bash scripts/run": "tests/scripts/test_scripts.py",
    "bash scripts/run --set compress_dry_run=true": "tests/scripts/test_scripts.py, with other options",
    "bash scripts/test": "tests/scripts/test_scripts.py: every run of the tests is one",
    "bash scripts/test --update-cases": "tests/compression/test_cases.py",
    "bash scripts/test --update-cases tests/compression/test_cases.py": "tests/compression/test_cases.py",
    "bash scripts/environment": "tests/scripts/test_scripts.py",
    "bash scripts/audit": "tests/proxy/commands/test_audit.py",
    "bash scripts/audit FILE": "tests/test_readme.py, with a recording",
    "pip install .": ".ci/run installs the wheel",
    "pip uninstall headroom-addon": ".ci/run throws the wheel's environment away",
    "python -m headroom_addon recall": "tests/proxy/commands/test_recall.py",
    "python -m headroom_addon recall show NAME": "tests/proxy/commands/test_recall.py",
    "python -m headroom_addon recall clear": "tests/proxy/commands/test_recall.py",
    "python scripts/speed/load.py ../shared/corpus/sessions": "tests/scripts/speed/test_load.py, with fewer clients",
    "python scripts/speed/against.py OLD NEW ../shared/corpus/sessions --what start times memory proxies": (
        "tests/scripts/speed/test_against.py, with small sessions"
    ),
    "python scripts/savings/peers.py ../shared/corpus/sessions --every 4": (
        "tests/scripts/savings/test_peers.py, with a made-up peer"
    ),
    "python scripts/long_sessions.py": "tests/clients/test_long_sessions.py, with fewer calls",
    "python scripts/fuzz/run.py --inputs 1000000": ".ci/run, for a minute",
    "python scripts/savings/rereads.py ../shared/corpus/sessions": "tests/scripts/savings/test_rereads.py",
    "headroom-addon --compress-passthrough": "tests/proxy/commands/test_launcher.py",
    "headroom-addon --compress-passthrough --compress-dry-run": "tests/proxy/commands/test_launcher.py",
    "headroom-addon --compress-passthrough -p 8081 --mode reverse:https://api.openai.com": "tests/wire/test_team.py",
    "haproxy -f scripts/team/haproxy.cfg": "tests/wire/test_team.py",
}
DEMO = "bash scripts/demo"
MITMDUMP = 'mitmdump -s "$(python -m headroom_addon)" --listen-host 127.0.0.1 --set compress_passthrough=true'
FROM_A_CLONE = "mitmdump -s addon/headroom_addon.py --set compress_passthrough=true"
BENCHMARK = "python scripts/savings/benchmark.py ../shared/corpus/sessions"
RUN_ELSEWHERE[f"{BENCHMARK} --speed"] = "tests/scripts/speed/test_speed.py, with less effort"
for command in (f"{BENCHMARK} --budget 100000", f"{BENCHMARK} --budget 200000 --join 400000"):
    RUN_ELSEWHERE[command] = "tests/scripts/savings/test_budget.py, on made-up sessions"
STAGES = f"{BENCHMARK} --stages"
CURVE = f"{BENCHMARK} --curve"
COMPARE = "python scripts/savings/compare.py OLD NEW ../shared/corpus/sessions"
PAYLOADS = "python scripts/savings/payloads.py"
CAPTURES = "python scripts/savings/captures.py"
RECALL = f"{BENCHMARK} --level recall"
SURVIVAL = f"{BENCHMARK} --survival --level recall"
AUDIT = "python -m headroom_addon audit tests/report/recorded/code_mode.rollout.jsonl"
_COMMAND = re.compile(
    r"(?:^|`)((?:bash|haproxy|headroom-addon(?= -)|mitmdump|pip|python) [^`\n]*?)(?=`|\s+#|\s*$)", re.MULTILINE
)
# Of a request that the demo makes, as the log tells it, but for the time that it took.
_TOLD = re.compile(r"headroom: responses [0-9,]+ -> [0-9,]+ tokens \(-[0-9]+%\), [0-9]+ new outputs?")
MAX_LINES = 240

pytestmark = pytest.mark.skipif(not IS_CHECKOUT, reason="the wheel is tested, there is no README")


def commands() -> set[str]:
    return {command for readme in READMES for command in _COMMAND.findall(readme.read_text())}


def environment() -> dict[str, str]:
    """The interpreter of this run first on the path, the checkout's packages where they are not installed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    packages = os.pathsep.join([str(ROOT / "addon"), str(ROOT)])
    return {**os.environ, "PATH": path, "PYTHONPATH": packages, "PYTHONUNBUFFERED": "1"}


def test_every_command_is_run_by_a_test() -> None:
    run_here = {DEMO, MITMDUMP, FROM_A_CLONE, BENCHMARK, STAGES, CURVE, COMPARE, PAYLOADS, CAPTURES, RECALL, SURVIVAL}
    assert commands() == RUN_ELSEWHERE.keys() | run_here | {AUDIT}
    places = {re.split(r"[,: ]", place)[0] for place in RUN_ELSEWHERE.values()}
    assert {place for place in places if not (ROOT / place).exists()} == set()


def test_the_readme_is_short_and_names_every_option() -> None:
    text = READMES[0].read_text()
    assert text.count("\n") <= MAX_LINES
    assert [name for name in options.NAMES if f"| `{name}` |" not in text] == []


@pytest.mark.skipif(not Path(sys.prefix).is_relative_to(ROOT / ".venv"), reason="would install; see scripts/test")
def test_demo() -> None:
    finished = subprocess.run(
        DEMO.split(), cwd=ROOT, env={**environment(), "PYTHON": sys.executable}, capture_output=True, check=False
    )
    assert finished.returncode == 0, finished.stderr.decode()
    assert b"] headroom: 8 requests, 7 compressed" in finished.stdout, "the log of the proxy"
    shown = set(_TOLD.findall(READMES[0].read_text()))
    assert shown
    assert shown <= set(_TOLD.findall(finished.stdout.decode())), "the figures that the README shows of it"


@pytest.mark.parametrize("start", [MITMDUMP, FROM_A_CLONE])
def test_mitmdump_starts_with_the_addon_on(start: str, tmp_path: Path) -> None:
    command = f"cd {ROOT} && exec {start} --listen-host 127.0.0.1 --listen-port 0 --set confdir={tmp_path}"
    log = log_of_start(["bash", "-c", command], environment())
    assert re.search(r"headroom-addon [0-9.]+: on, level lossless", log)


@pytest.fixture
def sessions(tmp_path: Path) -> Path:
    """Return a folder with one session that reads the same file three times."""
    rows = "\n".join(f"value_{number} = compute({number})" for number in range(60))
    call = {"type": "function_call", "name": "bash", "arguments": '{"command": "cat values.py"}'}
    items: list[dict[str, str]] = [{"type": "message", "role": "user", "content": "Read it."}]
    for number in range(3):
        items += [
            {**call, "call_id": f"call_{number}"},
            {"type": "function_call_output", "call_id": f"call_{number}", "output": rows},
        ]
    items.append({"type": "message", "role": "assistant", "content": "Done with value_59."})
    (tmp_path / "session.json").write_text(json.dumps({"source": "three reads", "input": items}))
    return tmp_path


def output_of(command: str, sessions: Path) -> list[str]:
    words = command.replace("../shared/corpus/sessions", str(sessions)).split()
    finished = subprocess.run(words, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_benchmark(sessions: Path) -> None:
    row = next(cells(line) for line in output_of(BENCHMARK, sessions) if line.startswith("| three reads |"))
    assert row[1] == "1, 4"
    assert row[7:] == ["2 of 3", "0.67", "100.00%, 100.00%", "100.00%"]


def test_benchmark_of_stages(sessions: Path) -> None:
    rows = [cells(line) for line in output_of(STAGES, sessions)]
    shares = dict(row for row in rows if len(row) == 2)
    assert shares["rows"] == f"{shares['all']}, adds {shares['all']}"
    assert shares["search"] == "0.0%, adds 0.0%"


def test_benchmark_as_a_curve(sessions: Path) -> None:
    rows = [cells(line) for line in output_of(CURVE, sessions)][2:-1]
    saved = [float(share.partition("%")[0]) for _, share in rows]
    assert [share.partition(", ")[2] for _, share in rows] == ["0.67"] * len(rows)
    assert saved == sorted(saved)
    assert saved[0] > 50


@pytest.mark.skipif(not (ROOT / "addon").is_dir(), reason="the wheel is tested, there is no checkout to compare")
def test_compare(sessions: Path) -> None:
    command = COMPARE.replace("OLD NEW", f"{ROOT} {ROOT}")
    assert output_of(command, sessions) == ["0 outputs are sent differently, 0 tokens fewer"]


def test_payloads(sessions: Path) -> None:
    rows = [cells(line) for line in output_of(PAYLOADS, sessions)]
    sizes = [[int(row[place].replace(",", "")) for place in (2, 3, 4, 7)] for row in rows[2:]]
    assert sizes
    assert all(indented > compact > sent > elided for indented, compact, sent, elided in sizes)
    assert {row[6] for row in rows[2:]} | {row[9] for row in rows[2:]} == {"reached"}


def test_benchmark_at_recall(sessions: Path) -> None:
    row = next(cells(line) for line in output_of(RECALL, sessions) if line.startswith("| three reads |"))
    assert row[7:] == ["2 of 3", "0.67", "100.00%, 100.00%", "100.00%"]  # files are never left out


def test_survival_at_recall(sessions: Path) -> None:
    row = next(cells(line) for line in output_of(SURVIVAL, sessions) if line.startswith("| three reads |"))
    assert row[-2:] == ["100.00%", "100.00%"]


def test_audit_prints_what_the_readme_shows(sessions: Path) -> None:
    printed = "\n".join(output_of(AUDIT, sessions)).partition("\n\nBill:")[0]
    assert printed in (ROOT / "scripts" / "README.md").read_text()


@pytest.mark.skipif(not Path(sys.prefix).is_relative_to(ROOT / ".venv"), reason="would install; see scripts/test")
def test_the_audit_of_a_clone_says_the_same() -> None:
    words = ["bash", "scripts/audit", *AUDIT.split()[4:]]
    finished = subprocess.run(
        words, cwd=ROOT, env={**os.environ, "PYTHON": sys.executable}, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.partition("\n\nBill:")[0] in (ROOT / "scripts" / "README.md").read_text()


def test_captures(sessions: Path) -> None:
    rows = [cells(line) for line in output_of(CAPTURES, sessions)][2:]
    sizes = [[int(size.replace(",", "")) for size in row[1:5]] for row in rows]
    assert [sum(column) for column in zip(*sizes[:-1], strict=True)] == sizes[-1]
    assert all(original >= lossless > recall for _, original, lossless, recall in sizes)
    assert min(captures for captures, *_ in sizes) > 3


def test_the_readme_of_the_tests_names_what_is_there() -> None:
    """Its commands are runs of the tests, as this one is."""
    tests = Path(__file__).parent
    text = (tests / "README.md").read_text()
    folders = {path.name for path in tests.iterdir() if path.is_dir() and path.name != "__pycache__"}
    rows = re.findall(r"^\| (`\w+/`(?:, `\w+/`)*) \|", text, re.MULTILINE)
    assert set(re.findall(r"\w+", " ".join(rows))) == folders
    named = re.findall(r"bash scripts/test[^`\n]*? (tests/[\w./]+)`", text)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
