"""State a data goal in plain words, review a readable recipe, run it, replay it, and know why every row stayed or went."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.errors import WinnowError
    from workflows.chosen import Refused

    from . import operators
    from .api import compare, load, plan, profile, replay, result, resume, run
    from .build import Recipe
    from .plans import Plan
    from .profiles import Profile
    from .results import Comparison, Replay, Result
    from .work import Check, Preview

HOMES = {
    "Check": "winnow.work",
    "Comparison": "winnow.results",
    "Plan": "winnow.plans",
    "Preview": "winnow.work",
    "Profile": "winnow.profiles",
    "Recipe": "winnow.build",
    "Refused": "workflows.chosen",
    "Replay": "winnow.results",
    "Result": "winnow.results",
    "WinnowError": "tools.errors",
    "compare": "winnow.api",
    "load": "winnow.api",
    "plan": "winnow.api",
    "profile": "winnow.api",
    "replay": "winnow.api",
    "result": "winnow.api",
    "resume": "winnow.api",
    "run": "winnow.api",
}
__all__ = [
    "Check",
    "Comparison",
    "Plan",
    "Preview",
    "Profile",
    "Recipe",
    "Refused",
    "Replay",
    "Result",
    "WinnowError",
    "compare",
    "load",
    "operators",
    "plan",
    "profile",
    "replay",
    "result",
    "resume",
    "run",
]


def __getattr__(name: str) -> object:
    """The door's names load what they need when they are first used: `winnow --help` needs none of it."""
    if name == "operators":
        return import_module("winnow.operators")
    if name not in HOMES:
        raise AttributeError(f"module 'winnow' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
