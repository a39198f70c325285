"""Processes that do not import the program that started them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess


@contextmanager
def _nameless_main() -> Iterator[None]:
    """While it lasts nobody can tell from which file this program was started."""
    main = sys.modules["__main__"].__dict__
    kept: dict[str, object] = {name: main[name] for name in ("__spec__", "__file__") if name in main}
    main["__spec__"] = None
    main.pop("__file__", None)
    try:
        yield
    finally:
        main.update(kept)


class _Process(SpawnProcess):
    """A script without `if __name__ == "__main__"` would run again in each, and a notebook or a program from stdin has no file at all."""

    def start(self) -> None:
        with _nameless_main():
            super().start()


class _Context(SpawnContext):
    Process = _Process


def spawning() -> SpawnContext:
    """How processes are started that know nothing of the program which starts them."""
    return _Context()
