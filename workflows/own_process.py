"""What only a program may do that is winnow's from its start to its end, as nobody else's code runs in it."""

import sys
from importlib.abc import MetaPathFinder

_is_own = False


class _Nowhere(MetaPathFinder):
    """Says that there is no pandas."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("this process does without pandas", name=name)


def own_this_process() -> None:
    """From now on this process has no pandas, unless it is loaded already, and workers may be copied from it.

    Arrow looks for pandas when it makes its first array and would load all of it: a third of a second that nothing here needs.
    """
    global _is_own
    _is_own = True
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _Nowhere())


def is_own_process() -> bool:
    return _is_own
