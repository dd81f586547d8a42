"""What echo and printf may say beside the words of the command."""

from __future__ import annotations

import pytest

from headroom_compression.calls.speakers import says_own_words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("echo", "done"), True),
        (("echo", "EXIT: $?"), True),
        (("echo", "${PIPESTATUS[0]} of $$, ${?}"), True),
        (("printf", "rc=%s\\n", "$?"), True),
        (("echo", "$PIPESTATUS after $SECONDS s"), True),
        (("echo", "$(<a.py)"), False),
        (("echo", "`cat a.py`"), False),
        (("echo", "$text"), False),
        (("echo", "${text}"), False),
        (("echo", "$PIPESTATUSES"), False),
        (("echo", "$1"), False),
        (("echo",), True),
    ],
    ids=str,
)
def test_words_and_numbers_of_the_shell_are_no_file(words: tuple[str, ...], expected: bool) -> None:  # noqa: FBT001  a column
    assert says_own_words(words) is expected
