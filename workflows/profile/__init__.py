"""The door of profiling: what lies in a data set, before any goal is stated."""

from .result import Column, DataSet, Profile, Spread
from .survey import profile

__all__ = ["Column", "DataSet", "Profile", "Spread", "profile"]
