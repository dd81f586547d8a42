"""What libraries in Rust raise."""

from __future__ import annotations


class PanicError(BaseException):
    """Like pyo3's PanicException, with which tiktoken panics: it is no Exception."""
