"""The files that all tools are given: one corpus and beginnings of it, made once and kept; in two parts for tools that share out files."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import orjson

from .. import mixture
from . import truth
from .truth import Split

MEGABYTES = {"full": 220.0, "near": 81.0, "filters": 20.0}
HUNDRED = 100  # rows of the smallest file: what a tool takes for it is its start


@dataclass(frozen=True)
class Files:
    """The corpus of one seed and size."""

    home: Path
    seed: int
    scale: float

    @cached_property
    def folder(self) -> Path:
        """Made and filled when first asked for."""
        made_by = hashlib.sha256(b"".join(Path(module.__file__ or "").read_bytes() for module in (mixture, truth))).hexdigest()[:8]
        folder = self.home / "corpora" / f"{made_by}-seed{self.seed}-scale{self.scale:g}"
        full = folder / "full.jsonl"
        if not (folder / "ready").exists():
            folder.mkdir(parents=True, exist_ok=True)
            mixture.write(full, MEGABYTES["full"] * self.scale, self.seed)
            for name in ("near", "filters"):
                _cut(full, folder / f"{name}.jsonl", MEGABYTES[name] * 1e6 * self.scale)
            _cut(full, folder / "hundred.jsonl", 1e12, HUNDRED)
            (folder / "ready").touch()
        return folder

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.jsonl"

    def megabytes(self, name: str) -> float:
        return self.path(name).stat().st_size / 1e6

    def rows(self, name: str) -> int:
        with open(self.path(name), "rb") as file:
            return sum(1 for _ in file)

    def parts(self, name: str) -> Path:
        """A folder with the same rows in two files of nearly one size."""
        folder = self.folder / f"{name}-parts"
        if not folder.exists():
            half, size = self.folder / f"{name}-parts.tmp", self.path(name).stat().st_size
            half.mkdir(exist_ok=True)
            with open(self.path(name), "rb") as file, open(half / "0.jsonl", "wb") as one, open(half / "1.jsonl", "wb") as other:
                for line in file:
                    (one if one.tell() < size / 2 else other).write(line)
            half.rename(folder)
        return folder

    def clusters(self, name: str, split: Split) -> list[int]:
        """For each row the first of its exact cluster of near-duplicates; counted once and kept."""
        kept = self.folder / f"{name}.{split.__name__}.npy"
        if not kept.exists():
            with open(self.path(name), "rb") as file:
                texts = [orjson.loads(line)["text"] for line in file]
            np.save(kept, np.array(truth.clusters(truth.near(texts, split), len(texts))))
        found: list[int] = np.load(kept).tolist()
        return found


def _cut(source: Path, target: Path, most_bytes: float, most_rows: int = 1 << 60) -> None:
    with open(source, "rb") as lines, open(target, "wb") as file:
        for row, line in enumerate(lines):
            if row >= most_rows or file.tell() >= most_bytes:
                return
            file.write(line)
