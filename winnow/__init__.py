"""State a data goal in plain words, review a readable recipe, run it, replay it, and know why every row stayed or went."""

from importlib import import_module

HOMES = {"Recipe": "winnow.build", "plan": "winnow.api", "run": "winnow.api", "Plan": "winnow.api", "Result": "winnow.api"}
__all__ = ["Plan", "Recipe", "Result", "plan", "run"]


def __getattr__(name: str) -> object:
    """The door's names load what they need when they are first used: `winnow --help` needs none of it."""
    if name not in HOMES:
        raise AttributeError(f"module 'winnow' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
