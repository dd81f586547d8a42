"""Which programs only say what they would do."""

from __future__ import annotations

import pytest

from headroom_compression.calls.dry_runs import only_plans


@pytest.mark.parametrize(
    "command",
    [
        "make -n",
        "make -nB all",
        "gmake -kn",
        "/usr/bin/make --just-print",
        "cmake --build build -- -n",
        "meson compile -C build --ninja-args=-n",
        "ninja -C out -vn",
        "ninja -nv",
        "ninja -nC out",
        "make -nC src",
        "make -nj8",
        "ninja -t commands",
        "go build -n ./...",
        "just -n build",
        "xcodebuild -dry-run -scheme Shop",
        "ansible-playbook site.yml --check --diff",
        "ansible-playbook -CD site.yml",
        "apk add -s nginx",
        "apk upgrade -Us",
        "apt-get -qs install nginx",
        "brew upgrade -n",
        "dnf install --assumeno nginx",
        "pip install --dry-run flask",
    ],
)
def test_what_only_plans(command: str) -> None:
    assert only_plans(command.split())


@pytest.mark.parametrize(
    "command",
    [
        "make",
        "make -Oline -j8 install",
        "cmake -Bninja .",
        "ninja -dnostatcache",
        "cmake -GNinja -DCMAKE_INSTALL_PREFIX=bin .",
        "ninja -t clean",
        "go build -x ./...",
        "ansible-playbook -vv site.yml",
        "apk add nginx",
        "apt-get install -y nginx",
        "composer install -n",
        "unzip -n shop.zip",
        "npm ci",
    ],
)
def test_what_does_its_work(command: str) -> None:
    assert not only_plans(command.split())
