"""The door of profiling: what lies in a data set, before any goal is stated. It opens late: worker processes need only the counting."""

from typing import TYPE_CHECKING

from .result import Column, DataSet, Profile, Spread

if TYPE_CHECKING:
    from .survey import profile

__all__ = ["Column", "DataSet", "Profile", "Spread", "profile"]


def __getattr__(name: str) -> object:
    if name != "profile":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .survey import profile

    return profile
