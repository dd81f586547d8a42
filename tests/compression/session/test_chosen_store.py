"""Only level recall has a store, and a dry run writes nothing into it."""

from __future__ import annotations

from headroom_compression import Settings
from headroom_compression.recall.store import UnwrittenStore
from headroom_compression.session.chosen_store import store_for


def test_only_level_recall_stores_anything() -> None:
    assert store_for(Settings(recall_dir="/a")) is None
    store = store_for(Settings(level="recall", recall_dir="/a"))
    assert store is store_for(Settings(level="recall", recall_dir="/a", min_tokens=1))
    assert not isinstance(store, UnwrittenStore)
    assert isinstance(store_for(Settings(level="recall", recall_dir="/a", recall_stores=False)), UnwrittenStore)
