"""The Python door: `plan` a goal, `run` a recipe, `replay` a run, `profile` data, `compare` two data sets."""

from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import RecipeError

from . import options, review, work
from .build import Recipe
from .plans import Plan
from .profiles import Profile
from .python_words import in_python, python_words
from .results import Replay, Result, replayed
from .tables import Inputs, named_inputs

if TYPE_CHECKING:
    from workflows.compare import Compared
    from workflows.recipe import Recipe as Plain

LAST = "last"


@python_words()
def plan(goal: str, inputs: Inputs, output: str | None = None, *, seed: int = 0) -> Plan:
    """Plan a goal in plain words with the planner of rules: no model, no network. Nothing is run and no output is written.

    `inputs`: a path, folder or glob, or rows in memory; a mapping names several. `output`: the file to write.
    """
    store = review.open_store()
    named: dict[str, str] = {}
    for name, place in named_inputs(inputs, (), store.cache).items():
        if not isinstance(place, str):
            raise RecipeError(f"input {name!r} is a list of {len(place)} paths; to plan, give a folder or a glob, or name each of them")
        named[name] = place
    from agents import plan as draft
    from workflows.chosen import relative

    path = None if output is None else options.absolute(output)
    made = draft(goal, named, path, cache=store.cache, seed=seed)
    recipe = None if made.recipe is None else Recipe.of(relative(made.recipe, Path.cwd()))
    return Plan(
        status=made.status,
        message=in_python(made.message),
        clauses=made.clauses,
        unclear=made.unclear,
        suggestions=made.suggestions,
        inputs=named,
        output=path,
        made=recipe,
    )


@python_words()
def run(
    recipe: "Recipe | Plain | str | Path",
    inputs: Inputs | None = None,
    output: str | None = None,
    *,
    yes: bool = False,
    workers: int | None = None,
    overwrite: bool = False,
    scan_all: bool = False,
    accept_drift: bool = False,
) -> Result:
    """Run a recipe, a recipe file, or a stored version (`"NAME"` is the latest approved, `"NAME@3"` that one).

    `inputs` stand in for the recipe's own: a path, a list of paths, or rows in memory (an Arrow table, a pandas or polars frame, a
    DuckDB relation, a `datasets.Dataset`, a list of dicts); a mapping names several. `output`: where the only output goes.
    `yes` approves it, as `--yes` does on the command line. `workers`: processes, by default one a core; the output does not
    depend on it. `overwrite`: replace what stands at the output. `scan_all`: find the columns by reading all of the input.
    `accept_drift`: go on where steps keep far more or less than the approved preview said.

    Raises Refused where nobody approved it, RecipeError for what is wrong with the recipe or its inputs; then no output is touched.
    """
    taken = recipe.plain if isinstance(recipe, Recipe) else recipe
    return work.run(taken, inputs, output, yes=yes, workers=workers, overwrite=overwrite, scan_all=scan_all, accept_drift=accept_drift)


@python_words()
def resume(run: str = LAST, *, yes: bool = False, workers: int | None = None, overwrite: bool = False, accept_drift: bool = False) -> Result:
    """Take up a run that was killed or failed; what is finished is not done again.

    `run`: its id, the beginning of it, or `"last"`. `yes`: also where you never approved its recipe on this machine.
    """
    from workflows import runs

    store = review.open_store()
    done = runs.resume(store, run, workers=workers, trusted=yes, overwrite=overwrite, accept_drift=accept_drift)
    return Result(run=done.manifest.run, manifest=done.manifest, books=done.books, store=store)


@python_words()
def replay(
    run: str = LAST,
    *,
    verify: bool = False,
    output: str | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    locked: bool = False,
    yes: bool = False,
) -> Replay:
    """Do a run again by its manifest and say whether it came out the same. Raises RecipeError when an input has other bytes.

    `verify`: read every input byte and compute everything anew; else values that were kept are taken from the cache.
    `output`: where the rows go, by default into the new run's folder. `locked`: refuse when package versions or processor differ.
    """
    store = review.open_store()
    return replayed(store, run, verify=verify, output=output, workers=workers, overwrite=overwrite, locked=locked, yes=yes)


@python_words()
def result(run: str = LAST) -> Result:
    """A finished run of this project, by its id, the beginning of it, or `"last"`. Raises RecipeError where it never finished."""
    from workflows import runs

    store = review.open_store()
    manifest = runs.manifest_of(store, run)
    if manifest.result is None:
        raise RecipeError(f"run {manifest.run} never came to its end; `winnow.resume({manifest.run!r})` goes on with it")
    return Result(run=manifest.run, manifest=manifest, books=manifest.result, store=store)


@python_words()
def load(recipe: str | Path) -> Recipe:
    """A recipe file, or a stored version (`"NAME"` is the latest), to be edited. Raises RecipeError with all that is wrong in its form.

    Its relative paths are written anew so that they mean the same from the current folder.
    """
    from workflows.builtin_recipes import is_builtin
    from workflows.inputs import beneath
    from workflows.loader import load as read

    store = review.open_store()
    called = work.name_of(recipe)
    text, place = review.text_of(store, called)
    found = read(text, place).recipe
    folder = Path(called).absolute().parent if review.is_file(called) and not is_builtin(called) else store.project
    given = [*(spec.path for spec in found.sources.values()), *(spec.path for spec in found.outputs.values())]
    for path in (path for one in given for path in ([one] if isinstance(one, str) else one)):
        beneath(path, folder)  # once loaded, its paths are trusted as if they had been typed
    return Recipe.of(work.moved(found, folder, Path.cwd()))


@python_words()
def profile(inputs: Inputs, *, full: bool = False, rows: int | None = None, workers: int | None = None) -> Profile:
    """What lies in data before any goal is stated: columns, lengths, languages, repeats, personal data, bad records.

    Input up to 128 MB is read whole, of larger input a sample over all files and offsets: `rows` asks for about so many,
    `full` for all of it.
    """
    from workflows.executor import cores
    from workflows.profile import profile as survey

    if full and rows is not None:
        raise RecipeError("full=True reads every row and rows= only some; give one of them up")
    cache = review.open_store().cache
    places = named_inputs(inputs, (), cache).values()
    paths = [one for place in places for one in ([place] if isinstance(place, str) else place)]
    found = survey(paths, Path.cwd(), cache, full=full, rows=rows, workers=workers or min(cores(), 8))
    return Profile(sets=found.sets, seconds=found.seconds)


@python_words()
def compare(
    a: Inputs, b: Inputs, *, column: str | None = None, other_column: str | None = None, ngram: int = 8, workers: int | None = None
) -> "Compared":
    """Two data sets beside each other: columns, rows that stand in both, how far apart they are, how varied each is. Every row is read.

    `column`: the texts that are compared, `other_column` where `b` calls them otherwise; by default the column of both that holds the
    longest. `ngram`: words in an n-gram of the overlap.
    """
    from workflows.compare import compare as beside

    cache = review.open_store().cache
    one, two = (next(iter(named_inputs(given, (), cache).values())) for given in (a, b))
    return beside(one, two, cache, column=column, other_column=other_column, ngram=ngram, workers=workers)
