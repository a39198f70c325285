"""What every worker needs, imported once by the process that workers are copies of."""

from collections.abc import Collection
from importlib import import_module

ALWAYS = ("records", "xxh3", "characters")
ENOUGH_BYTES = 2 << 20  # of work to come, so that kernels are loaded


def preload() -> None:
    """Import what workers need, with the kernels that every run needs."""
    from tools import characters

    for name in ("tools.formats.jsonl", "tools.formats.parquet", "workflows.engine.finish"):
        import_module(name)
    load(ALWAYS)
    characters.tables()


def load(names: Collection[str]) -> None:
    """Load these kernels, where they are compiled."""
    from tools import kernels

    for name in names:
        kernels.compiled(name, ENOUGH_BYTES)
