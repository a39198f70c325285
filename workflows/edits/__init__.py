"""Typed changes of a recipe: the only way in which chat, web page and other agents change one."""

from .apply import applied
from .between import between
from .kinds import Add, Check, Connect, Edit, Head, Move, Output, Remove, Rename, Set, Source, parse, told

__all__ = ["Add", "Check", "Connect", "Edit", "Head", "Move", "Output", "Remove", "Rename", "Set", "Source", "applied", "between", "parse", "told"]
