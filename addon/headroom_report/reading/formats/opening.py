"""A file as its readers see it: what it begins with, its lines as JSON, or all of it as one JSON document."""

from __future__ import annotations

import io
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from typing import BinaryIO
from typing import cast

from headroom_compression.zstd_modules import zstd_module
from headroom_report.values import json_text

_ZSTD = b"\x28\xb5\x2f\xfd"
_LINES_LOOKED_AT = 20


class ForeignFileError(ValueError):
    """Why a file, or the rest of it, cannot be read, in words for the user."""


class Opening:
    """note: is given sentences about the file that the user should read."""

    def __init__(self, path: Path, note: Callable[[str], None]) -> None:
        self.path = path
        self.note = note

    def note_left_out(self, requests: int, why: str) -> None:
        """Note how many requests of the file are not measured, unless it is none."""
        if requests:
            subject = "1 request is" if requests == 1 else f"{requests} requests are"
            self.note(f"{self.path}: {subject} left out: {why}")

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """The bytes, decompressed if Codex compressed an old rollout. Raises ForeignFileError, while reading too."""
        try:
            with self.path.open("rb") as file:
                is_compressed = file.peek(len(_ZSTD)).startswith(_ZSTD)
                if not is_compressed:
                    yield file
                    return
        except OSError as error:
            raise ForeignFileError(error.strerror or "cannot be read") from error
        zstd = _zstd()
        try:
            with zstd.open(self.path, "rb") as decompressed:
                yield cast("BinaryIO", io.BufferedReader(decompressed))
        except (OSError, EOFError, zstd.ZstdError) as error:
            raise ForeignFileError("broken zstd") from error

    @cached_property
    def head(self) -> bytes:
        with self.stream() as stream:
            return stream.read(1024)

    @property
    def _first_sign(self) -> bytes:
        return self.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]

    @cached_property
    def first_lines(self) -> list[Mapping[str, Any]]:
        """The JSON objects among the first lines; none where the very first one is no JSON."""
        if self._first_sign != b"{":
            return []
        with self.stream() as stream:
            values = [_parse(line) for line in islice(stream, _LINES_LOOKED_AT)]
        return [value for value in values if isinstance(value, dict)] if values[0] is not None else []

    @cached_property
    def document(self) -> object:
        """The whole file as one JSON object or list; None where it is neither."""
        if self._first_sign not in {b"{", b"["}:
            return None
        with self.stream() as stream:
            return _parse(stream.read())

    def objects(self) -> Iterator[Mapping[str, Any]]:
        """The lines that are JSON objects; notes how many others there are. Raises ForeignFileError."""
        broken = 0
        with self.stream() as stream:
            for line in filter(bytes.strip, stream):
                value = _parse(line)
                if isinstance(value, dict):
                    yield value
                else:
                    broken += 1
        if broken:
            self.note(f"{self.path}: {broken} line{'s are' if broken > 1 else ' is'} no JSON and left out")


def _parse(text: bytes) -> object:
    return json_text.parse_or_none(text.removeprefix(b"\xef\xbb\xbf"))


def _zstd() -> Any:
    try:
        return zstd_module()
    except ImportError as error:
        raise ForeignFileError("zstd, and there is no module to read it") from error
