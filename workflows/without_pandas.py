"""Arrow looks for pandas when it makes its first array and would load all of it: a third of a second that nothing here needs."""

import sys
from importlib.abc import MetaPathFinder


class _Nowhere(MetaPathFinder):
    """Says that there is no pandas."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("this process does without pandas", name=name)


def without_pandas() -> None:
    """From now on this process has no pandas, unless it is loaded already. Only for processes that run nobody else's code."""
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _Nowhere())
