"""Which row of a table of line forms a line is of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence


def kind_of_line(line: str, table: Mapping[str, Sequence[str]]) -> str | None:
    """What the table calls the line; None for a line that it does not know."""
    return next((what for what, forms in table.items() for form in forms if re.fullmatch(form, line)), None)
