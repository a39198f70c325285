"""The Python door: `plan` a goal, `run` a recipe, get rows as Arrow, pandas, polars or a DuckDB relation."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.errors import RecipeError
from workflows.recipe import Recipe

from . import home, options, review

if TYPE_CHECKING:
    import pyarrow as pa
    from agents.draft import Clause
    from workflows.manifest import Books
