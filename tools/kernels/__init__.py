"""Compiled loops over Arrow buffers, and the switch between them and the slower path that gives the same.

A module of this folder is a kernel unless its name begins with `_`.
"""

from ._switch import compiled, condition

__all__ = ["compiled", "condition"]
