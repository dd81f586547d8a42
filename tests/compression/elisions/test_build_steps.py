"""Which commands may lose the steps of a build, and which lines stay because of others. Captures are in tests/cases."""

from __future__ import annotations

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items

RECALL = Settings(level="recall", recall_dir="/recall", recall_stores=False)
FILES = [
    f"gcc -O2 -DSEED={number**2} -Wall -Iinclude -c src/orders/module_{number}.c -o module_{number}.o"
    for number in range(90)
]
PACKAGES = [f"Unpacking lib{number} (1.{number}) ..." for number in range(99)] + [
    f"Setting up lib{number} (1.{number}) ..." for number in range(99)
]


def sent(command: str, lines: list[str]) -> str:
    body = request_body(command_call(command), function_output("\n".join(lines) + "\n"))
    return str(sent_items(compress_request_body(body, RECALL).body)[-1]["output"])


@pytest.mark.parametrize(
    "command",
    [
        "make",
        "cd /home/dev/shop && CC=gcc make -j$(nproc) 2>&1 | tail -200",
        "make 2>&1 | grep -v note | tee build.log | head -n 500",
        "make 2>&1 | cut -c1-300 | sort",
        "echo building; make; echo exit $?",
        'echo "== $CC"; make',
        "git pull && sudo make install",
        "python3 setup.py build_ext --inplace",
        "python3.12 -m pip install -v .",
        "sh ./configure; make",
        "uv run make",
    ],
)
def test_a_build_loses_its_steps(command: str) -> None:
    assert ", left out here: build steps; " in sent(command, FILES)


@pytest.mark.parametrize("asked", ["six", "'six>=1.5'", "'six<2'", "six==1.17.0", "'six[all]~=1.5'"])
def test_what_pip_had_stays_where_it_was_asked_for(asked: str) -> None:
    had = "Requirement already satisfied: six in /opt/lib (from shop) (1.17.0)"
    others = [f"Requirement already satisfied: part{number} in /opt/lib (from shop) (1.0)" for number in range(40)]
    assert had in sent(f"pip install shop {asked}", [*others, had, *others])
    assert had not in sent("pip install shop", [*others, had, *others])


@pytest.mark.parametrize(
    "command",
    [
        "bash build-all.bash",
        "cat Makefile.log",
        "make; cat old.log",
        "make; head -500 old.log",
        "make | sed s/O2/O3/",
        "make; grep -h gcc old.log",
        "make; git show HEAD:build.log",
        "make; git cat-file -p HEAD:build.log",
        "make; while read -r A B; do echo $A; done < build.log",
        'make; echo "$A $B"',
        "make; find . -name '*.log' -exec cat {} +",
        "make; sudo -u dev cat build.log",
        "unzip -p logs.zip build.log",
        "make > /tmp/out.txt; ssh host 'cat /tmp/out.txt'",
        "make; git -C shop show HEAD:build.log",
        "make; jq -r .log old.json",
        "make; zgrep gcc old.log.gz",
        "make; batcat old.log",
        "make; zless old.log.gz",
        "make; gawk 1 old.log",
        "make; yq .log old.yml",
        "make; cut -c1-300 old.log",
        "make; hexdump -C old.log",
        "make; xxd old.log",
        "make; od -c old.log",
        'make; echo "$(cat old.log)"',
        'OLD=$(cat old.log); echo "$OLD"; make',
        "OLD=$(cat old.log); printf '%s\\n' \"${OLD}\"; make",
        "make; python3 -c 'print(open(1))'",
        "make >> log; tail log",
        "tail log; make > log",
        "(cd api && make > log); tail log",
        "ls | xargs cat; make",
        "make -n",
        "cmake --build build -- -n",
        "ansible-playbook site.yml --check; make",
    ],
)
def test_what_may_show_a_file_or_a_plan_stays_whole(command: str) -> None:
    assert "left out here" not in sent(command, FILES)


def test_what_went_to_a_file_of_the_same_command_is_as_what_came_through_a_pipe() -> None:
    assert "left out here" in sent("make > log 2>&1; tail -500 log", FILES)


def test_the_step_of_a_file_with_an_error_stays() -> None:
    text = sent("make -k -j8", [*FILES, "src/orders/module_40.c:3:1: error: expected ';'", "make: *** [all] Error 2"])
    assert FILES[40] in text
    assert FILES[60] not in text


@pytest.mark.parametrize("told", ["FAILED: bin/shop ", "FAILED: [code=1] bin/shop ", "FAILED: [code=137] bin/shop m "])
def test_the_step_that_ninja_says_has_failed_stays(told: str) -> None:
    link = f": && /usr/bin/c++ -O2 {' '.join(f'obj/module_{number}.o' for number in range(90))} -o bin/shop && :"
    text = sent("ninja -v", [*FILES, told, link, "/usr/bin/ld: cannot find -lpayments", "ninja: build stopped."])
    assert link in text
    assert FILES[60] not in text


@pytest.mark.parametrize(
    ("plan", "is_left_out"),
    [
        ("9 upgraded, 90 newly installed, 0 to remove and 3 not upgraded.", True),
        ("9 upgraded, 80 newly installed, 4 reinstalled, 6 downgraded, 0 to remove and 3 not upgraded.", True),
        ("0 upgraded, 98 newly installed, 0 to remove and 3 not upgraded.", False),
        ("0 upgraded, 100 newly installed, 0 to remove and 3 not upgraded.", False),
    ],
)
def test_as_many_packages_are_unpacked_as_were_planned(plan: str, *, is_left_out: bool) -> None:
    assert ("left out here" in sent("apt-get install -y libs", [plan, *PACKAGES])) is is_left_out


def test_the_version_of_a_package_that_was_asked_for_stays() -> None:
    text = sent("apt-get install -y lib50 lib70=1.70", PACKAGES)
    assert "Setting up lib50 (1.50) ..." in text
    assert "Setting up lib70 (1.70) ..." in text
    assert "Setting up lib60 (1.60) ..." not in text


@pytest.mark.parametrize(
    ("command", "form"),
    [
        ("apt-get install -y libs", "Get:7 http://{} bookworm/main amd64 lib{} amd64 1.2 [10 kB]"),
        ("npm ci --verbose", "npm http fetch GET 200 https://{}/lib{} 55ms (cache miss)"),
        ("mvn package", "[INFO] Downloaded from all: https://{}/lib{}.pom (5.8 kB at 52 kB/s)"),
    ],
)
def test_the_first_package_from_another_server_stays(command: str, form: str) -> None:
    others = {40: "mirror.example.net", 50: "mirror.example.net", 60: "old.example.org"}
    lines = [form.format(others.get(number, "packages.example.com"), number) for number in range(99)]
    text = sent(command, lines)
    assert lines[40] in text
    assert lines[60] in text
    assert lines[50] not in text


@pytest.mark.parametrize(("count", "is_left_out"), [(120, True), (121, False)])
def test_as_many_crates_are_downloaded_as_cargo_counts(count: int, *, is_left_out: bool) -> None:
    crates = [f"  Downloaded serde-thing-{number} v1.0.{number}" for number in range(120)]
    lines = ["    Updating crates.io index", *crates, f"  Downloaded {count} crates (1.1 MB) in 0.51s"]
    assert ("left out here" in sent("cargo fetch", lines)) is is_left_out
