"""The Python door: `plan` a goal, `run` a recipe, get the rows as Arrow, pandas, polars, a DuckDB relation or a dataset."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa

from tools.errors import RecipeError
from tools.storage import File
from workflows import runs
from workflows.chosen import Chosen, Given, from_recipe
from workflows.inputs import source_for
from workflows.recipe import Recipe
from workflows.text import dump

from . import options, review

if TYPE_CHECKING:
    from agents.draft import Clause
    from workflows.engine import Preview
    from workflows.manifest import Books


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A planner's answer to a goal. `draft` has a recipe; `ask` and `refuse` have a message."""

    status: Literal["draft", "ask", "refuse"]
    message: str
    clauses: "tuple[Clause, ...]"
    unclear: tuple[str, ...]
    inputs: Mapping[str, str]
    output: str | None
    made: Recipe | None

    @property
    def recipe(self) -> Recipe:
        """Raises RecipeError with the planner's question or refusal where there is no recipe."""
        if self.made is None:
            raise RecipeError(self.message)
        return self.made

    @property
    def text(self) -> str:
        """The recipe's YAML."""
        return dump(self.recipe)

    def preview(self, rows: int = review.SAMPLE) -> "Preview":
        """What each step keeps and drops, on a sample."""
        store = review.open_store()
        return review.preview(_of_recipe(self.recipe, self.inputs, self.output), store, rows=rows, shown=False)

    def run(self, *, yes: bool = False, workers: int | None = None, overwrite: bool = False) -> "Result":
        """Run it; `yes` approves it, as `--yes` does."""
        from workflows.planned import Planned

        record = Planned.of("rules", self.recipe.goal or "", self.clauses, self.unclear)
        chosen = replace(_of_recipe(self.recipe, self.inputs, self.output), plan=record)
        return _run(chosen, yes=yes, workers=workers, overwrite=overwrite)

    def _repr_html_(self) -> str:
        from workflows.report.drawing import recipe_drawing
        from workflows.report.page import piece

        return piece("plan", plan=self, drawing=None if self.made is None else recipe_drawing(self.made, None, {}))


@dataclass(frozen=True, kw_only=True)
class Result:
    """A finished run: its books, and its rows in whatever form is wanted."""

    run: str
    folder: Path
    books: "Books"

    def arrow(self, name: str | None = None) -> pa.Table:
        """The rows of an output, by default of the only one."""
        path = self._path(name)
        if path.endswith(".parquet"):
            from pyarrow import parquet

            return parquet.read_table(path)
        files = (File(path=path, inside=Path(path).name),)
        source = source_for(files, None, {})
        shards = source.shards(files, review.open_store().cache)
        schema = source.infer(shards)
        return pa.concat_tables([source.load(shard, schema).table for shard in shards]) if shards else schema.empty_table()

    def pandas(self, name: str | None = None) -> Any:
        return self.arrow(name).to_pandas()

    def polars(self, name: str | None = None) -> Any:
        return _optional("polars", "pip install polars").from_arrow(self.arrow(name))

    def duckdb(self, name: str | None = None) -> Any:
        """A relation in a database of its own."""
        import duckdb

        return duckdb.connect().from_arrow(self.arrow(name))

    def dataset(self, name: str | None = None) -> Any:
        return _optional("datasets", "pip install datasets").Dataset(self.arrow(name))

    def _repr_html_(self) -> str:
        from workflows.report.page import piece

        return piece("result", run=self.run, books=self.books)

    def _path(self, name: str | None) -> str:
        outputs = {output.name: output.path for output in self.books.outputs}
        if name is None and len(outputs) == 1:
            return next(iter(outputs.values()))
        if name not in outputs:
            raise RecipeError(f"no output {name!r}; there are {', '.join(outputs)}")
        return outputs[name]


def plan(goal: str, inputs: Mapping[str, str] | str, output: str | None = None, *, seed: int = 0) -> Plan:
    """Plan a goal with the rules planner; nothing is run and nothing is written."""
    from agents import plan as make_plan

    named = _named(inputs)
    place = None if output is None else options.absolute(output)
    made = make_plan(goal, named, place, cache=review.open_store().cache, seed=seed)
    return Plan(status=made.status, message=made.message, clauses=made.clauses, unclear=made.unclear, inputs=named, output=place, made=made.recipe)


def run(
    recipe: Recipe | str | Path,
    *,
    inputs: Mapping[str, str] | None = None,
    output: str | None = None,
    yes: bool = False,
    workers: int | None = None,
    overwrite: bool = False,
) -> Result:
    """Run a recipe, a recipe file or a stored version. Raises Refused where it was not approved and `yes` is not given."""
    place = None if output is None else options.absolute(output)
    return _run(_chosen(recipe, inputs or {}, place), yes=yes, workers=workers, overwrite=overwrite)


def _run(chosen: Chosen, *, yes: bool, workers: int | None, overwrite: bool) -> Result:
    store = review.open_store()
    runs.refuse_existing(chosen.graph, overwrite)
    approved_by = review.approved_by(chosen, yes, asks=False)
    done = runs.start(store, chosen, approved_by=approved_by, workers=workers, overwrite=overwrite, command=sys.argv)
    return Result(run=done.manifest.run, folder=done.folder, books=done.books)


def _optional(name: str, mend: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise RecipeError(f"{name} is not installed; {mend}") from None


def _chosen(recipe: Recipe | str | Path, inputs: Mapping[str, str], output: str | None) -> Chosen:
    if isinstance(recipe, Recipe):
        return _of_recipe(recipe, _named(inputs), output)
    given = [f"{name}={path}" for name, path in inputs.items()]
    return review.choose(review.open_store(), str(recipe), given, output, approved=True, writes=True)


def _of_recipe(recipe: Recipe, inputs: Mapping[str, str], output: str | None) -> Chosen:
    """A recipe made in this program is trusted with its own paths, as if they had been typed."""
    own = {name: options.absolute(spec.path) for name, spec in recipe.sources.items() if isinstance(spec.path, str)}
    if output is None and len(recipe.outputs) == 1:
        output = options.absolute(next(iter(recipe.outputs.values())).path)
    return from_recipe(recipe, Path.cwd(), review.open_store().cache, Given(inputs={**own, **inputs}, output=output))


def _named(inputs: Mapping[str, str] | str) -> dict[str, str]:
    if isinstance(inputs, str):
        return options.named_inputs([inputs])
    return {name: options.absolute(path) for name, path in inputs.items()}
