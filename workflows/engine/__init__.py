"""The engine: runs a checked recipe over its inputs and keeps the books. Previews and what else a run does without are in files of their own."""

from .execute import execute, expect, find_shards, warm
from .result import CheckResult, Result, StepResult, Written

__all__ = ["CheckResult", "Result", "StepResult", "Written", "execute", "expect", "find_shards", "warm"]
