"""Rows of the public data that lie beside the repository; tests that need them are skipped where they do not."""

import io
import json
from itertools import islice
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "../shared/data"


def place(name: str) -> Path:
    """Where the data lie; skips the test where they do not."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"no data at {path}")
    return path


def rows(name: str, limit: int | None = None) -> list[dict[str, object]]:
    import zstandard

    path = place(name)

    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        return [json.loads(line) for line in islice(io.TextIOWrapper(stream, encoding="utf-8"), limit)]
