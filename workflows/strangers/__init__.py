"""Operators in files of strangers: described, tried and run in the jail. Their code never runs in a process of ours."""

from .file import File, read
from .proxy import operator_class
from .strange import Strange

__all__ = ["File", "Strange", "operator_class", "read"]
