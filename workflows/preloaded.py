"""What every worker needs, imported once by the process that workers are copies of."""

from tools import characters, kernels
from tools.formats import jsonl, parquet

from .engine import finish
from .without_pandas import without_pandas

__all__ = ["characters", "finish", "jsonl", "parquet"]

without_pandas()
for _name in ("records", "xxh3", "characters"):
    kernels.compiled(_name, 2 << 20)
characters.tables()
