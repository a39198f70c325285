"""What only a program may do that is winnow's from its start to its end, as nobody else's code runs in it."""

import sys
from importlib.abc import MetaPathFinder
from types import ModuleType

DOCS = "pyarrow.vendored.docscrape"  # what reads the pages of Arrow's functions, and nothing else
_is_own = False


class _Nowhere(MetaPathFinder):
    """Says that there is no pandas."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("this process does without pandas", name=name)


class _Page:
    """One that says nothing."""

    def __init__(self, _: str) -> None: ...

    def __getitem__(self, _: str) -> list[object]:
        return []


def own_this_process() -> None:
    """From now on this process does without what only costs time here, and workers may be copied from it.

    Arrow looks for pandas when it makes its first array and would load all of it: a third of a second. And it reads the pages of all its
    functions when `pyarrow.compute` is imported, for what only `help()` shows: half of the time that takes.
    """
    global _is_own
    _is_own = True
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _Nowhere())
    silent = ModuleType(DOCS)
    silent.NumpyDocString = _Page  # type: ignore[attr-defined]
    sys.modules.setdefault(DOCS, silent)


def is_own_process() -> bool:
    """Whether a program said so that is winnow's alone."""
    return _is_own
