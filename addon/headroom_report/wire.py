"""What the addon and the recordings of its traffic agree on."""

from __future__ import annotations

# Key in flow.metadata of an edited flow, which flow files keep: such a request is compressed already.
EDITED_MARK = "headroom"
# From this HTTP status on no model has read the request.
FIRST_REFUSAL = 400


def is_responses_path(path: str) -> bool:
    return path.partition("?")[0].removesuffix("/").endswith("/responses")
