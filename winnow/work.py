"""What a recipe made in this program is put through: checked, tried on a sample, stored, run.

Its relative paths start in the current folder, and are trusted as if they had been typed.
"""

import os
import sys
from dataclasses import dataclass, fields, replace
from pathlib import Path

from workflows import runs
from workflows.chosen import Chosen, Given, from_builtin, from_file, from_recipe, from_store
from workflows.engine import preview as tried
from workflows.findings import Finding
from workflows.planned import Planned
from workflows.recipe import Recipe
from workflows.store import Store
from workflows.strangers.file import is_file
from workflows.text import dump

from . import options, review
from .python_words import in_python
from .results import Result
from .show import cost
from .tables import Inputs, named_inputs


@dataclass(frozen=True, kw_only=True)
class Check:
    """What the checker says of a recipe, all at once. `line` of a finding counts in the recipe's `text`."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it can run: warnings do not stand in its way."""
        return not self.errors

    def __str__(self) -> str:
        told = [*(f"error: {one}" for one in self.errors), *(f"note: {one}" for one in self.warnings)]
        return "\n".join(told) or "nothing is wrong"


@dataclass(frozen=True, kw_only=True, repr=False)
class Preview(tried.Preview):
    """A recipe tried on a sample: of each step the share that it lets through, with its interval of 95%."""

    def __repr__(self) -> str:
        steps = ", ".join(f"{one.id} {'needs all rows' if one.share is None else f'keeps {one.share:.1%}'}" for one in self.steps)
        return f"<preview on {self.rows:,} rows: {steps}>"

    def _repr_html_(self) -> str:
        from workflows.report.page import piece

        return piece("preview", preview=self, cost=cost(self.cost))


def check(recipe: Recipe, inputs: Inputs | None = None, output: str | None = None) -> Check:
    """Everything that is wrong with a recipe and odd about it; nothing is run."""
    from workflows.check import check as look
    from workflows.loader import load

    given = given_for(recipe, inputs, output)
    loaded = load(dump(recipe), recipe.name)
    found = look(loaded.recipe, Path.cwd(), review.open_store().cache, inputs=given.inputs, output=given.output, lines=loaded.lines)
    return Check(errors=tuple(map(_said, found.errors)), warnings=tuple(map(_said, found.warnings)))


def _said(finding: Finding) -> Finding:
    return replace(finding, message=in_python(finding.message), mend=in_python(finding.mend))


def preview(recipe: Recipe, inputs: Inputs | None = None, *, rows: int = review.SAMPLE, all_rows: bool | None = None) -> Preview:
    """Try a recipe on about so many rows drawn over all files and offsets; no output is written."""
    store = review.open_store()
    seen = review.preview(chosen(recipe, given_for(recipe, inputs, None)), store, rows=rows, keys=all_rows, shown=False)
    return Preview(**{one.name: getattr(seen, one.name) for one in fields(tried.Preview)})


def keep(recipe: Recipe, inputs: Inputs | None = None) -> str:
    """Check a recipe, lock it and store the next version; gives NAME@V."""
    store = review.open_store()
    given = given_for(recipe, inputs, None)
    return review.save(from_recipe(moved(recipe, Path.cwd(), store.project), store.project, store.cache, given), store).name


def run(
    recipe: Recipe | str | Path,
    inputs: Inputs | None,
    output: str | None,
    *,
    yes: bool,
    workers: int | None,
    overwrite: bool,
    scan_all: bool = False,
    accept_drift: bool = False,
    plan: Planned | None = None,
) -> Result:
    """Run a recipe of this program, a recipe file or a stored version."""
    store = review.open_store()
    found = (
        chosen(recipe, given_for(recipe, inputs, output, scan_all)) if isinstance(recipe, Recipe) else stored(store, recipe, inputs, output, scan_all)
    )
    runs.refuse_existing(found.graph, overwrite)
    approved_by = review.approved_by(found, yes, asks=False)
    if not accept_drift:
        review.hold(found, store, workers)
    planned = found if plan is None else replace(found, plan=plan)
    done = runs.start(store, planned, approved_by=approved_by, workers=workers, overwrite=overwrite, accept_drift=accept_drift, command=sys.argv)
    return Result(run=done.manifest.run, manifest=done.manifest, books=done.books, store=store)


def stored(store: Store, target: str | Path, inputs: Inputs | None, output: str | None, scan_all: bool) -> Chosen:
    """A recipe file or a stored version, checked against its lock."""
    from workflows.builtin_recipes import is_builtin
    from workflows.loader import load

    called = name_of(target)
    text, place = review.text_of(store, called)
    known = tuple(load(text, place).recipe.sources)
    given = Given(inputs=named_inputs(inputs, known, store.cache), output=None if output is None else options.absolute(output), scan_all=scan_all)
    if is_builtin(called):
        review.refuse_placeholders(called, given.inputs, given.output, writes=True)
        return from_builtin(called, store.project, store.cache, given)
    if review.is_file(called):
        return from_file(Path(called), store.cache, given)
    name, version = review.stored_name(store, called)
    return from_store(store, name, version or review.latest_approved(store, name) or store.versions(name)[-1], given)


def name_of(target: str | Path) -> str:
    """A text that means a file where a path was given, whatever it ends in, else what the command line would take it for."""
    return str(target.absolute()) if isinstance(target, Path) else target


def chosen(recipe: Recipe, given: Given) -> Chosen:
    """The recipe checked against its inputs. Raises RecipeError with all that is wrong."""
    return from_recipe(recipe, Path.cwd(), review.open_store().cache, given)


def given_for(recipe: Recipe, inputs: Inputs | None, output: str | None, scan_all: bool = False) -> Given:
    """The recipe's own paths count as typed; what the call names stands in for them."""
    own = {name: _absolute(spec.path) for name, spec in recipe.sources.items()}
    named = named_inputs(inputs, tuple(recipe.sources), review.open_store().cache)
    if output is None and len(recipe.outputs) == 1:
        output = next(iter(recipe.outputs.values())).path
    return Given(inputs={**own, **named}, output=None if output is None else options.absolute(output), scan_all=scan_all)


def moved(recipe: Recipe, before: Path, after: Path) -> Recipe:
    """The recipe with relative paths that started in one folder written as they are from another."""
    if before.resolve() == after.resolve():
        return recipe
    sources = {name: spec.model_copy(update={"path": _from(spec.path, before, after)}) for name, spec in recipe.sources.items()}
    outputs = {name: spec.model_copy(update={"path": _from(spec.path, before, after)}) for name, spec in recipe.outputs.items()}
    steps = [step.model_copy(update={"op": _op_from(step.op, before, after)}) for step in recipe.steps]
    return recipe.model_copy(update={"sources": sources, "steps": steps, "outputs": outputs})


def _op_from(op: str, before: Path, after: Path) -> str:
    """An operator in a file, its path written as it is from another folder."""
    if not is_file(op):
        return op
    place, dot, rest = op.partition(".py")
    return f"{_from(place, before, after)}{dot}{rest}"


def _from(path: str | list[str], before: Path, after: Path) -> str | list[str]:
    if isinstance(path, list):
        return [str(_from(one, before, after)) for one in path]
    if path == options.STANDARD or os.path.isabs(path):
        return path
    return os.path.relpath(before.resolve() / path, after.resolve()) + ("/" if path.endswith("/") else "")


def _absolute(path: str | list[str]) -> str | list[str]:
    if isinstance(path, list):
        return [options.absolute(one) for one in path]
    return path if path == options.STANDARD else options.absolute(path)
