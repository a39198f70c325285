"""What a run gives back: its books, its rows in whatever form is wanted, and what became of each row that went in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pyarrow as pa

from tools.errors import RecipeError
from workflows import inquiry
from workflows.engine.trace import Trace
from workflows.manifest import Books, Manifest, OutputBooks, StepBooks

from .python_words import python_words

if TYPE_CHECKING:
    from datasets import Dataset
    from duckdb import DuckDBPyRelation
    from pandas import DataFrame
    from polars import DataFrame as Polars

    from workflows.diff import Fate
    from workflows.store import Store

State: TypeAlias = Literal["kept", "dropped", "merged", "quarantined", "expanded", "unused"]
Row: TypeAlias = int | str | tuple[int, int] | Mapping[str, Any]
GONE = ("dropped", "merged", "quarantined")
BATCH_ROWS = 8192
EXAMPLES = 20


@dataclass(frozen=True, kw_only=True, repr=False)
class Result:
    """A finished run. Outputs are named as in the recipe; where there is only one, its name may be left out.

    The rows are read from the files that the run wrote, each time they are asked for: `batches()` holds one piece of them in
    memory, the other forms all of them (`duckdb()` of a Parquet output reads it as the query goes).
    """

    run: str
    manifest: Manifest = field(compare=False)
    books: Books = field(compare=False)
    store: "Store" = field(compare=False)

    @property
    def folder(self) -> Path:
        """Where manifest, ledger, measures and report lie."""
        return self.store.runs / self.run

    @property
    def report(self) -> Path:
        """The page `report.html`; it needs no network and no script."""
        return self.folder / "report.html"

    @property
    def steps(self) -> tuple[StepBooks, ...]:
        """Of each step: rows in and out, reasons with their rows, seconds of computing over all workers."""
        return self.books.steps

    @property
    def outputs(self) -> Mapping[str, OutputBooks]:
        """Of each output: path, rows, bytes, sha256."""
        return {output.name: output for output in self.books.outputs}

    # ---- the rows that came out

    @python_words()
    def batches(self, name: str | None = None) -> Iterator[pa.RecordBatch]:
        """The rows of an output as Arrow record batches, read piece by piece: its size does not matter.

        All batches have one schema. Of a text format it is found by reading the file once before.
        """
        return iter(self.reader(name))

    @python_words()
    def reader(self, name: str | None = None) -> pa.RecordBatchReader:
        """The same as a `pyarrow.RecordBatchReader`, which DuckDB, polars and others take as it is."""
        return _reader(self._output(name), self.manifest, self.store.cache)

    def arrow(self, name: str | None = None) -> pa.Table:
        """The rows of an output as a `pyarrow.Table`."""
        return self.reader(name).read_all()

    def pandas(self, name: str | None = None) -> "DataFrame":
        """The rows of an output as a pandas data frame."""
        _optional("pandas")
        frame: DataFrame = self.arrow(name).to_pandas()
        return frame

    def polars(self, name: str | None = None) -> "Polars":
        """The rows of an output as a polars data frame."""
        frame: Polars = _optional("polars").from_arrow(self.arrow(name))
        return frame

    def duckdb(self, name: str | None = None) -> "DuckDBPyRelation":
        """The rows of an output as a relation, in a database of its own."""
        import duckdb

        with python_words():
            path = self._output(name).path
        if path.endswith(".parquet"):
            return duckdb.connect().read_parquet(path)
        return duckdb.connect().from_arrow(self.arrow(name))

    def dataset(self, name: str | None = None) -> "Dataset":
        """The rows of an output as a `datasets.Dataset` in memory."""
        return _optional("datasets").Dataset(self.arrow(name))

    # ---- the rows that went in

    @python_words()
    def rows(
        self, *, step: str | None = None, dropped: bool = False, state: State | None = None, reason: str | None = None, limit: int | None = None
    ) -> pa.Table:
        """What became of the rows, one a row, in the order of the input: number, source, file, line, state, step, and what decided.

        `step`: those whose path ended there; `dropped`: those that did not go on, whether dropped, merged or quarantined;
        `reason`: a measure's name, `null`, `quota`, `merged`, `childless` or `error`; `limit`: at most so many.
        """
        return inquiry.select(self.folder, step=step, states=(state,) if state else GONE if dropped else (), reason=reason, limit=limit)

    @python_words()
    def why(self, row: Row) -> "Way":
        """A row's whole way: what each step read, measured, changed and decided. Raises RecipeError where no row is meant.

        `row`: a row of `rows()` as a dict, its number, `(number, part)`, `"FILE:LINE"`, or the line of the only input file.
        """
        from workflows.trail import trail

        number, part = self._number(row)
        told = trail(self.store, self.folder, number, part)
        return Way(**{one.name: getattr(told, one.name) for one in fields(Trace)})

    @python_words()
    def ledger(self) -> pa.Table:
        """The whole ledger, one row for every row read or born; the report's page says what its columns are."""
        return _parquet(self.folder / inquiry.LEDGER, f"run {self.run}")

    @python_words()
    def measures(self, step: str) -> pa.Table:
        """What a step measured: `row`, `part`, and a column for each measure."""
        known = [one.id for one in self.steps]
        if step not in known:
            raise RecipeError(f"run {self.run} has no step {step!r}; it has {', '.join(known)}")
        return _parquet(self.folder / "measures" / step, f"step {step!r}")

    @python_words()
    def compare(self, other: "Result") -> "Comparison":
        """The rows that end otherwise in `other`, a run over the same input. Raises RecipeError where the input was another."""
        from workflows import diff
        from workflows.loader import load

        one, two = self.manifest, other.manifest
        if {file.digest for file in one.files} != {file.digest for file in two.files}:
            raise RecipeError(f"runs {self.run} and {other.run} had other input; run both on the same")
        found = diff.fates(self.folder / inquiry.LEDGER, other.folder / inquiry.LEDGER, EXAMPLES)
        changes = diff.changes(load(one.text, one.run).recipe, load(two.text, two.run).recipe)
        return Comparison(
            before=self.run,
            after=other.run,
            changes=tuple(str(change) for change in changes if change.part != "output"),
            same=found.same,
            counts=found.counts,
            examples=found.examples,
        )

    @python_words()
    def replay(self, *, verify: bool = False, output: str | None = None, workers: int | None = None, overwrite: bool = False) -> "Replay":
        """Do the run again and say whether it came out the same; see `winnow.replay`."""
        return replayed(self.store, self.run, verify=verify, output=output, workers=workers, overwrite=overwrite)

    def __repr__(self) -> str:
        written = "; ".join(f"{output.name}: {_near(output.path)}" for output in self.books.outputs)
        return f"<run {self.run}: {self.books.rows_in:,} rows in, {self.books.rows_out:,} out; {written}>"

    def _repr_html_(self) -> str:
        from workflows.report.page import piece

        return piece("result", run=self.run, books=self.books)

    def _output(self, name: str | None) -> OutputBooks:
        outputs = self.outputs
        if name is None and len(outputs) == 1:
            return next(iter(outputs.values()))
        if name is None:
            raise RecipeError(f"run {self.run} has {len(outputs)} outputs; say which: {', '.join(map(repr, outputs))}")
        if name not in outputs:
            raise RecipeError(f"no output {name!r}; there are {', '.join(outputs)}")
        return outputs[name]

    def _number(self, row: Row) -> tuple[int, int]:
        if isinstance(row, Mapping):
            if "row" not in row:
                raise RecipeError(f"row {row!r} is none of `rows()`: it has no key 'row'; give a row of `rows().to_pylist()`")
            return int(row["row"]), int(row.get("part") or 0)
        if isinstance(row, tuple):
            return row
        named = inquiry.find(self.folder, str(row))
        return named.row, named.part


@dataclass(frozen=True, kw_only=True, repr=False)
class Way(Trace):
    """One row's whole way through a run."""

    def __repr__(self) -> str:
        steps = " → ".join(one.step for one in self.steps)
        return f"<row {self.row}{f'.{self.part}' if self.part else ''} of {self.file}: {self.state}; {steps}>"

    def _repr_html_(self) -> str:
        from workflows.report.page import piece

        return piece("way", way=self)


@dataclass(frozen=True, kw_only=True, repr=False)
class Comparison:
    """How the fates of the same rows differ between two runs."""

    before: str
    after: str
    changes: tuple[str, ...]  # of the recipe, in words
    same: int  # rows that end as before
    counts: Mapping[tuple[str, str], int]  # (state before, state after) where they differ → rows; `absent`: in one run alone
    examples: "tuple[Fate, ...]"

    @property
    def changed(self) -> int:
        """Rows that end otherwise."""
        return sum(self.counts.values())

    def __repr__(self) -> str:
        moved = "; ".join(f"{before} → {after}: {rows:,}" for (before, after), rows in self.counts.items())
        return f"<{self.before} and {self.after}: {self.same:,} rows end as before, {self.changed:,} otherwise{f' ({moved})' if moved else ''}>"

    def _repr_html_(self) -> str:
        from workflows.report.page import piece

        return piece("comparison", comparison=self)


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A run done again, and how it compares."""

    of: str
    result: Result
    compared: str  # `output bytes` where versions and processor are the same, else `row digests`
    notes: tuple[str, ...]  # what is not as it was
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def replayed(
    store: "Store",
    run: str,
    *,
    verify: bool = False,
    output: str | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    locked: bool = False,
    yes: bool = False,
) -> Replay:
    """Do a run again."""
    import sys

    from workflows.replay import replay

    from . import options

    place = None if output is None else options.absolute(output)
    again = replay(store, run, verify=verify, output=place, workers=workers, overwrite=overwrite, locked=locked, trusted=yes, command=sys.argv)
    done = again.finished
    result = Result(run=done.manifest.run, manifest=done.manifest, books=done.books, store=store)
    return Replay(of=again.of, result=result, compared=again.compared, notes=again.notes, differences=again.differences)


def _reader(output: OutputBooks, manifest: Manifest, cache: Path) -> pa.RecordBatchReader:
    """An output's file, piece by piece."""
    if output.path.endswith(".parquet"):
        return _parquet_reader(output.path)
    from tools.storage import File
    from workflows.engine.standing import files_of
    from workflows.inputs import source_for
    from workflows.loader import load

    spec = load(manifest.text, manifest.run).recipe.outputs[output.name.partition(".")[0]]
    _must_be_there(output.path)
    files = tuple(File(path=str(path), inside=path.name) for path in files_of(output.path, output.part))
    format = None if output.part else spec.format
    options = type(source_for(files, format, {})).model_fields
    source = source_for(files, format, {name: value for name, value in spec.options.items() if name in options})  # the sink has some of its own
    shards = source.shards(files, cache)
    schema = source.infer(shards)

    def batches() -> Iterator[pa.RecordBatch]:
        for shard in shards:
            yield from source.load(shard, schema).table.to_batches(max_chunksize=BATCH_ROWS)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _parquet_reader(path: str) -> pa.RecordBatchReader:
    from pyarrow import parquet

    _must_be_there(path)
    file = parquet.ParquetFile(path)
    return pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(BATCH_ROWS))


def _near(path: str) -> str:
    """A path as it is from the current folder, where it lies beneath it."""
    place, here = Path(path), Path.cwd()
    return str(place.relative_to(here)) if place.is_relative_to(here) else path


def _must_be_there(path: str) -> None:
    if not Path(path).exists():
        raise RecipeError(f"output {path!r} is not there any more; `result.replay(output=...)` writes it again")


def _parquet(folder: Path, what: str) -> pa.Table:
    from pyarrow.dataset import dataset

    files = sorted(str(path) for path in folder.glob("*.parquet"))
    if not files:
        raise RecipeError(f"{what} left nothing in {str(folder)!r}: it measured no row")
    return dataset(files, format="parquet").to_table()


def _optional(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise RecipeError(f"{name} is not installed; pip install 'winnow[{name}]'") from None
