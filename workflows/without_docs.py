"""Arrow reads the pages of all its functions when `pyarrow.compute` is imported, for what only `help()` shows: half of the time that takes."""

import sys
from types import ModuleType

PLACE = "pyarrow.vendored.docscrape"  # what reads them, and nothing else


class _Page:
    """One that says nothing."""

    def __init__(self, _: str) -> None: ...

    def __getitem__(self, _: str) -> list[object]:
        return []


def without_docs() -> None:
    """From now on this process imports `pyarrow.compute` without them. Only for processes that run nobody else's code."""
    found = ModuleType(PLACE)
    found.NumpyDocString = _Page  # type: ignore[attr-defined]
    sys.modules.setdefault(PLACE, found)
