"""What every worker needs, imported once by the process that workers are copies of; nothing else may import this."""

import atexit
import os

from tools import characters, kernels
from tools.formats import jsonl, parquet

from .engine import finish
from .without_pandas import without_pandas

__all__ = ["characters", "finish", "jsonl", "parquet"]

without_pandas()
for _name in ("records", "xxh3", "characters"):
    kernels.compiled(_name, 2 << 20)
characters.tables()
atexit.register(os._exit, 0)  # to take down what was imported would take longer than a small run
