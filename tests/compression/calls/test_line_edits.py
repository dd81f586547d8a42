"""Which commands change a file by the numbers of its lines."""

from __future__ import annotations

import pytest

from headroom_compression.calls.line_edits import edits_by_line
from headroom_compression.calls.shell_words import MAX_COMMAND


@pytest.mark.parametrize(
    "command",
    [
        "sed -i '12,15d' a.py",
        "sed -i.bak -e '12s/a/b/' a.py",
        "gsed -i '12d' a.py",
        "sed -Ei '12s/a+/b/' a.py",
        "sed -i '/x/d; 12!d' a.py",
        "sed -i '12{s/a/b/}' a.py",
        "sed '12,15d' a.py > b.py && mv b.py a.py",
        "awk 'NR==12{$0=\"x\"}1' a.py > b.py",
        "ex -sc '12d|x' a.py",
        "python3 - <<'EOF'\nlines = open('a.py').readlines()\nlines[11] = 'x\\n'\nEOF",
        'python -c "lines = read(); del lines[3:6]; write(lines)"',
        'node -e "lines.splice(11, 1)"',
        "edit 12:15\nnew\nend_of_edit",
        "perl -i -ne 'print unless $. == 12' a.py",
        "printf '3d\\nw\\n' | ed -s a.py",
        "git diff\nedit 12:15\nnew\nend_of_edit",
    ],
)
def test_an_edit_by_line_number_is_known(command: str) -> None:
    assert edits_by_line(command)


@pytest.mark.parametrize(
    "command",
    [
        "sed -i 's/a/b/' a.py",
        "sed -n '12,15p' a.py",
        "git diff",
        "used -i '12d' a.py",
        "sed '12d' a.py 2>/dev/null",
        "awk 'NR>=12 && NR<=20' a.py",
        "awk 'NR>=12' a.py > /dev/null",
        "python -c \"print(lines[11] == 'x')\"",
        "codex -c 12",
        "credit 12:15",
        "speed -s a.py",
        "cperl -i -ne 'print unless $. == 12' a.py",
    ],
)
def test_other_commands_are_none(command: str) -> None:
    assert not edits_by_line(command)


def test_both_ends_of_a_long_command_are_looked_at() -> None:
    text = "x" * MAX_COMMAND
    edit = "sed -i 12d a.py"
    assert edits_by_line(f"{edit}\n{text}")
    assert edits_by_line(f"{text}{text}\n{edit}")
    assert not edits_by_line(f"{text}\n{edit}\n{text}")
