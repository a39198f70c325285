"""What every worker needs, imported once by the process that workers are copies of."""

from collections.abc import Collection
from importlib import import_module

ALWAYS = ("records", "xxh3", "characters")
ENOUGH_BYTES = 2 << 20  # of work to come, so that kernels are loaded


def preload(compiled: Collection[str] = ()) -> None:
    """Import what workers need; of kernels those that every run needs and those that are named, where they are compiled."""
    from tools import characters, kernels

    for name in ("tools.formats.jsonl", "tools.formats.parquet", "workflows.engine.finish"):
        import_module(name)
    for name in dict.fromkeys((*ALWAYS, *compiled)):
        kernels.compiled(name, ENOUGH_BYTES)
    characters.tables()
