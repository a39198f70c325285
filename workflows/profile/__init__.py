"""The door of profiling: what lies in a data set, before any goal is stated."""

from .survey import profile
from .result import Column, DataSet, Profile, Spread

__all__ = ["Column", "DataSet", "Profile", "Spread", "profile"]
