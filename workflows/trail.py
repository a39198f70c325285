"""One row's way through a run that lies in the store."""

from pathlib import Path

from . import manifest as manifests
from .chosen import again
from .engine.trace import Trace, trace
from .runs import find
from .store import Store


def trail(store: Store, folder: Path, row: int, part: int) -> Trace:
    """Everything that happened to the row. A replay may have thrown away what it computed: its rows are those of the run that it repeats."""
    manifest = manifests.read(folder)
    if manifest.replays is not None:
        return trail(store, find(store, manifest.replays), row, part)
    return trace(again(manifest, store.cache).graph, folder, store.cache, row, part)
