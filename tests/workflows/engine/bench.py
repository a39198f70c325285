"""A place to run small recipes in: rows in, a graph, a run, its books."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tools.errors import RecipeError
from workflows.check import Checked, check
from workflows.engine import Result, execute
from workflows.graph import Graph
from workflows.loader import load

DATA = Path(__file__).resolve().parents[3] / "../shared/data"
Row = dict[str, object]
FILE = 1 << 43


def real(name: str, rows: int) -> list[Row]:
    """The first rows of a real data set; skips the test where it is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} of the shared data is not on this machine")
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        lines = stream.read(64 << 20).splitlines()[:rows]
    return [json.loads(line) for line in lines]


@dataclass
class Bench:
    """A folder with sources, outputs, runs and a cache."""

    folder: Path

    def write(self, name: str, rows: Sequence[Mapping[str, object]]) -> Path:
        """Rows as JSON Lines, compressed as the name says."""
        return self.put(name, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode())

    def put(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        packed = gzip.compress(content) if name.endswith(".gz") else zstandard.compress(content) if name.endswith(".zst") else content
        path.write_bytes(packed)
        return path

    def check(
        self, steps: str, outputs: str = "out: {from: last, path: out.jsonl}", sources: str = "rows: {path: rows.jsonl}", **more: object
    ) -> Checked:
        """A recipe from its parts; `;;` stands between items of a part."""
        parts = {"sources": sources, "outputs": outputs}
        sections = "".join(f"{name}:\n" + "".join(f"  {line.strip()}\n" for line in text.split(";;")) for name, text in parts.items())
        listed = "".join(f"  - {{{line.strip()}}}\n" for line in steps.split(";;") if line.strip())
        checks = "".join(f"  - {line}\n" for line in more.pop("checks", ()))  # type: ignore[attr-defined]
        text = f"winnow: 1\nname: test\nseed: {more.pop('seed', 0)}\n{sections}"
        text += (f"steps:\n{listed}" if listed else "") + (f"checks:\n{checks}" if checks else "")
        loaded = load(text)
        return check(loaded.recipe, self.folder, self.folder / "cache", lines=loaded.lines, **more)  # type: ignore[arg-type]

    def graph(self, *args: str, **more: object) -> Graph:
        found = self.check(*args, **more)  # type: ignore[arg-type]
        assert found.graph is not None, "\n".join(map(str, found.errors))
        return found.graph

    def run(self, graph: Graph, run: str = "run", cache: str = "cache", **more: object) -> Result:
        return execute(graph, self.folder / run, self.folder / cache, **{"overwrite": True, **more})  # type: ignore[arg-type]

    def refusal(self, graph: Graph, **more: object) -> str:
        with pytest.raises(RecipeError) as caught:
            self.run(graph, **more)  # type: ignore[arg-type]
        return str(caught.value)

    def bytes(self, name: str = "out.jsonl") -> bytes:
        return (self.folder / name).read_bytes()

    def rows(self, name: str = "out.jsonl") -> list[Row]:
        return [json.loads(line) for line in self.bytes(name).splitlines()]

    def column(self, column: str, name: str = "out.jsonl") -> list[object]:
        return [row.get(column) for row in self.rows(name)]

    def ledger(self, run: str = "run") -> list[Row]:
        """By number and part."""
        tables = [pq.read_table(path) for path in sorted((self.folder / run / "ledger").glob("*.parquet"))]
        rows: list[Row] = [row for table in tables for row in table.to_pylist()]
        return sorted(rows, key=lambda row: (row["row"], row["part"]))

    def measures(self, step: str, run: str = "run") -> pa.Table:
        tables = [pq.read_table(path) for path in sorted((self.folder / run / "measures" / step).glob("*.parquet"))]
        return pa.concat_tables(tables).sort_by([("row", "ascending"), ("part", "ascending")])

    def cached(self) -> set[str]:
        """Files of what was computed."""
        return {str(path.relative_to(self.folder)) for path in (self.folder / "cache" / "fragments").rglob("*.arrow")}


def step(result: Result, name: str) -> object:
    return next(one for one in result.steps if one.id == name)


def books(result: Result) -> dict[str, object]:
    """All that must not depend on how the engine was run."""
    steps = {
        one.id: (one.rows_in, one.rows_out, dict(one.reasons), dict(one.ports), one.born, one.changed, dict(one.numbers)) for one in result.steps
    }
    return {"in": result.rows_in, "states": dict(result.states), "born": result.born, "references": dict(result.references), "steps": steps}
