"""Goal to recipe: the door is `plan`."""

from .rules.planner import plan

__all__ = ["plan"]
