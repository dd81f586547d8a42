"""Which row of a table of line forms a line is of."""

from __future__ import annotations

import re

from headroom_compression.formats.line_kinds import Forms
from headroom_compression.formats.line_kinds import LineKinds


def kind_of_line(line: str, table: Forms) -> str | None:
    """What the table calls the line; None for a line that it does not know. Words of forms hide none."""
    patterns = ((what, form if isinstance(form, str) else form.pattern) for what in table for form in table[what])
    alone = next((what for what, pattern in patterns if re.fullmatch(pattern, line)), None)
    assert LineKinds(table).kind_of(line) == alone
    return alone
