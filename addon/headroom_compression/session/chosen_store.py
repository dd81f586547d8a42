"""Where a session's originals are kept, by its settings."""

from __future__ import annotations

from headroom_compression.recall.store import Store
from headroom_compression.recall.store import store_of
from headroom_compression.settings import Settings


def store_for(settings: Settings) -> Store | None:
    """The store of level recall; None at another level, which leaves nothing out."""
    if settings.level != "recall":
        return None
    return store_of(settings.recall_dir, settings.recall_limit, is_written=settings.recall_stores)
