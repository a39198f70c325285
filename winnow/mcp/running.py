"""Trying a recipe, running it, and asking what became of rows."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from mcp.server.mcpserver import Context
from pydantic import Field

from agents.critique import Tried, tried
from agents.draft import Clause
from tools.errors import RecipeError
from winnow import review
from workflows import inquiry, policy, runs
from workflows.builtin_recipes import is_builtin
from workflows.chosen import Chosen
from workflows.engine.trace import known_shards
from workflows.loader import load
from workflows.trail import trail
from workflows.trust import State

from .answers import ClauseShown, Previewed, Ran, Reported, RowsListed, Way
from .books import books_shown, previewed, row_fate, way_shown
from .meant import House, InputsGiven, OutputGiven, RecipeGiven, ScanAll
from .quoting import MOST_ROWS
from .telling import must_go_on, teller
from .words import in_tools

MOST_SAMPLE = 100_000
MOST_WORKERS = 256
REPORT = "report.html"
GONE = ("dropped", "merged", "quarantined")

RowsTried = Annotated[int, Field(ge=1, le=MOST_SAMPLE, description="Rows of the sample.")]
AllRows = Annotated[bool, Field(description="Read all rows for steps that compare them, whatever the input's size; the run reuses that work.")]
ClausesGiven = Annotated[
    list[ClauseShown], Field(max_length=100, description="Those of the plan: each is then held against the rows of the sample, under `evidence`.")
]
DryRun = Annotated[bool, Field(description="Check and preview; write nothing. A real run needs --allow-run and `dry_run: false`.")]
Overwrite = Annotated[bool, Field(description="Replace an output that is there already.")]
Workers = Annotated[int, Field(ge=0, le=MOST_WORKERS, description="Processes; 0: one a core. The output does not depend on it.")]
RunGiven = Annotated[str, Field(min_length=1, max_length=100, description="Id of a run, its first letters, or `last`.")]
StepGiven = Annotated[str, Field(max_length=200, description="Only rows whose path ended at this step. Empty: at any.")]
StateGiven = Annotated[
    Literal["gone", "any", "kept", "dropped", "merged", "quarantined", "expanded", "unused"],
    Field(description="gone: dropped, merged or quarantined."),
]
ReasonGiven = Annotated[str, Field(max_length=200, description="Only rows that went for this reason, as report tells them. Empty: for any.")]
Skip = Annotated[int, Field(ge=0, le=1_000_000, description="Pass over the first so many.")]
RowGiven = Annotated[
    str, Field(min_length=1, max_length=1_000, description="NUMBER or NUMBER.PART of a row, FILE:LINE, or LINE of the only input file.")
]


@dataclass(frozen=True)
class Running:
    """Tools that try, run and tell."""

    house: House

    def preview(
        self,
        recipe: RecipeGiven,
        inputs: InputsGiven = "",
        rows: RowsTried = review.SAMPLE,
        all_rows: AllRows = False,
        scan_all: ScanAll = False,
        clauses: ClausesGiven = [],  # noqa: B006  # the schema's default; nobody changes it
    ) -> Previewed:
        """Try a recipe on a sample: what each step keeps and drops, rows it dropped, what a run will take. Writes only to the cache."""
        return self._tried(self.house.chosen(recipe, inputs, "", scan_all), rows, all_rows, clauses)

    def run(
        self,
        recipe: RecipeGiven,
        ctx: Context,
        inputs: InputsGiven = "",
        output: OutputGiven = "",
        dry_run: DryRun = True,
        overwrite: Overwrite = False,
        workers: Workers = 0,
        scan_all: ScanAll = False,
    ) -> Ran:
        """Run a recipe; a dry run by default. Ask your user before a real one. Every row's fate is booked: see report and why."""
        if not dry_run:
            self.house.grants.must_run()
        chosen = self.house.chosen(recipe, inputs, output, scan_all, approved=True)
        if is_builtin(recipe.strip()) and not output:
            raise RecipeError(f"{recipe.strip()} comes without data: give `output`, where the rows go")
        self.house.writable(chosen)
        places = [one.path for one in chosen.graph.outputs]
        if dry_run:
            seen, against = self._tried(chosen, review.SAMPLE, False), self._in_the_way(chosen, overwrite)
            return Ran(status="dry_run", recipe=chosen.name, run=None, in_the_way=against, outputs=places, preview=seen, books=None, report=None)
        done = self._run(chosen, ctx, overwrite, workers or None)
        return Ran(
            status="done",
            recipe=chosen.name,
            run=done.manifest.run,
            in_the_way=[],
            outputs=places,
            preview=None,
            books=books_shown(done.books),
            report=_report(done.folder),
        )

    def report(self, run: RunGiven = "last") -> Reported:
        """Read the books of a run: rows in and out of each step, reasons, outputs, checks, and where its page lies for your user."""
        store = self.house.store
        folder = runs.find(store, run)
        manifest = runs.manifest_of(store, folder.name)
        version = "" if manifest.version is None else f"@{manifest.version}"
        others = sorted((path.name for path in store.runs.iterdir() if path != folder and (path / "manifest.json").exists()), reverse=True)
        return Reported(
            run=manifest.run,
            standing=runs.standing(folder, manifest),
            recipe=f"{manifest.recipe}{version}",
            goal=load(manifest.text, manifest.run).recipe.goal,
            message=manifest.message,
            started=manifest.started,
            books=None if manifest.result is None else books_shown(manifest.result),
            report=_report(folder),
            other_runs=others[:MOST_ROWS],
        )

    def rows(self, run: RunGiven = "last", step: StepGiven = "", state: StateGiven = "gone", reason: ReasonGiven = "", skip: Skip = 0) -> RowsListed:
        """List rows of a run with what became of them, 20 at once, in the order of the input; why tells one row's whole path."""
        folder = runs.find(self.house.store, run)
        states = GONE if state == "gone" else () if state == "any" else (state,)
        found = inquiry.select(folder, step=step or None, states=states, reason=reason or None, limit=skip + MOST_ROWS + 1).slice(skip).to_pylist()
        return RowsListed(run=folder.name, rows=[row_fate(one) for one in found[:MOST_ROWS]], more=len(found) > MOST_ROWS)

    def why(self, row: RowGiven, run: RunGiven = "last") -> Way:
        """Follow one row through a run: what each step measured, changed and decided."""
        store, grants = self.house.store, self.house.grants
        folder = runs.find(store, run)
        for place in _told_by(self.house, folder):
            manifest = runs.manifest_of(store, place.name)
            recipe = load(manifest.text, manifest.run).recipe
            for paths in manifest.inputs.values():
                grants.read(paths, Path(manifest.folder), store.cache)
            grants.recipe(recipe, Path(manifest.folder), store.cache, manifest.inputs)
            grants.shards([shard for _, shard in known_shards(place)], store.cache)
        named = inquiry.find(folder, row)
        return way_shown(folder.name, trail(store, folder, named.row, named.part))

    def _tried(self, chosen: Chosen, rows: int, all_rows: bool, clauses: Sequence[ClauseShown] = ()) -> Previewed:
        given = [
            Clause(text=one.text, steps=tuple(one.steps), evidence=one.evidence) for one in clauses or (chosen.plan.clauses if chosen.plan else ())
        ]
        if given and not all_rows:
            found = tried(chosen, chosen.recipe.goal or "", given, self.house.store.cache, rows=rows)
        else:
            found = Tried(review.preview(chosen, self.house.store, rows=rows, keys=all_rows or None, shown=False, examples=True), ())
        must_go_on()
        return previewed(chosen, found.preview, found.evidence)

    def _run(self, chosen: Chosen, ctx: Context, overwrite: bool, workers: int | None) -> runs.Finished:
        runs.refuse_existing(chosen.graph, overwrite)
        approved_by = review.approved_by(chosen, True, asks=False)
        review.hold(chosen, self.house.store, workers)
        must_go_on()
        return runs.start(
            self.house.store, chosen, approved_by=approved_by, workers=workers, overwrite=overwrite, command=sys.argv, progress=teller(ctx)
        )

    def _in_the_way(self, chosen: Chosen, overwrite: bool) -> list[str]:
        found = [] if self.house.grants.may_run else ["this server was started without --allow-run"]
        try:
            runs.refuse_existing(chosen.graph, overwrite)
        except RecipeError as error:
            found.append(in_tools(str(error)))
        if State().approved_by(chosen.lock.digest) is None:
            found += policy.objections(chosen.lock)
        return found


def _told_by(house: House, folder: Path) -> list[Path]:
    """The run, and those that it repeats: their rows are told by the first."""
    found = [folder]
    while (replays := runs.manifest_of(house.store, found[-1].name).replays) is not None:
        again = runs.find(house.store, replays)
        if again in found:
            raise RecipeError(f"run {folder.name}: its manifest says that it repeats itself")
        found.append(again)
    return found


def _report(folder: Path) -> str | None:
    page = folder / REPORT
    return str(page) if page.is_file() else None
