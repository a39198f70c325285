"""A recipe made or edited in Python; it saves as the same YAML that a person would have typed."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import ValidationError

import workflows.recipe as model
from tools.catalogue import OPERATORS
from tools.contract import Operator
from tools.errors import RecipeError
from workflows.edits import Add, Edit, Remove, Set, applied
from workflows.edits.apply import step_of
from workflows.text import dump

from . import work
from .python_words import python_words
from .results import Result
from .tables import Inputs

Edge = str | list[str] | dict[str, str | list[str]]
Made = TypeVar("Made", bound=model.Part)


class Recipe(model.Recipe):
    """`Recipe().source("posts.jsonl").step(Words(at_least=40), on="body").output("long.jsonl")`. Every call gives a new one.

    Relative paths start in the current folder. Nothing is read before `check`, `preview`, `store` or `run`.
    """

    name: str = "recipe"
    sources: Mapping[str, model.SourceSpec] = {}
    outputs: Mapping[str, model.OutputSpec] = {}

    @classmethod
    def of(cls, recipe: model.Recipe) -> Self:
        """The same recipe, to be edited: what it becomes is another version."""
        return cls(**{name: getattr(recipe, name) for name in model.Recipe.model_fields} | {"version": None})

    # ---- making and editing

    def source(
        self,
        path: str | Sequence[str],
        *,
        name: str = "rows",
        format: str | None = None,
        options: Mapping[str, object] | None = None,
        licence: str | None = None,
    ) -> Self:
        """Add rows to read: a file, a folder, a glob, or a list of them. `format` where the ending of the path does not tell it; `licence`
        is carried through to the card of a data set."""
        values = {"path": path if isinstance(path, str) else list(path), "format": format, "with": dict(options or {}), "licence": licence}
        return self.model_copy(update={"sources": {**self.sources, name: _made(model.SourceSpec, values, f"source {name!r}")}})

    def step(
        self,
        operator: Operator | str,
        *,
        params: Mapping[str, object] | None = None,
        id: str | None = None,
        rows: Edge | None = None,
        after: str | None = None,
        on: Edge | None = None,
        rename: str | dict[str, str] | None = None,
        nulls: Literal["keep", "drop", "error"] | None = None,
        keep_measures: bool = False,
        why: str | None = None,
    ) -> Self:
        """Add a step, called as its operator unless `id` says otherwise. It takes the rows of the step before it.

        `rows` names others: `"STEP"`, `"STEP.dropped"`, a list, or named inputs (`{"rows": "posts", "against": "tests"}`).
        `after` puts it in between: whoever read that step or source now reads this one. `on` binds the operator's columns.
        An operator in a file of its own is named by it, as in `step("ops/shout.py:Shout", params={"at_most": 3})`, and runs in the jail.
        """
        if after is not None and rows is not None:
            raise RecipeError(
                f"step {id or _short(_said(operator, params)[0])!r}: `after` and `rows` both say where its rows come from; give one of them"
            )
        if after is not None:
            self._known(after)
        op, given = _said(operator, params)
        values = {
            "id": id or self._free(_short(op)),
            "op": op,
            "from": rows or after or self._last(),
            "on": on,
            "with": given,
            "as": rename,
            "nulls": nulls,
            "keep_measures": keep_measures,
            "why": why,
        }
        made = _made(model.Step, values, f"step {values['id']!r}")
        return self._edited(Add(step=made, takes_over=after is not None))

    def set(self, step: str, **params: object) -> Self:
        """Give a step other parameters: `recipe.set("long_enough", at_least=80)`. The others stay; None means the default."""
        return self._edited(*(Set(step=step, key=f"with.{key}", value=value) for key, value in params.items()))

    def without(self, step: str) -> Self:
        """Take a step out; whoever read it reads what it read. Raises RecipeError where one of its ports is read."""
        return self._edited(Remove(step=step))

    def output(
        self,
        path: str,
        *,
        name: str = "rows",
        rows: str | list[str] | None = None,
        format: str | None = None,
        options: Mapping[str, object] | None = None,
    ) -> Self:
        """Add a file to write, or a folder of parts, its path ending in `/`; it takes the rows of the last step unless `rows` names others."""
        values = {"from": rows or self._last(), "path": path, "format": format, "with": dict(options or {})}
        return self.model_copy(update={"outputs": {**self.outputs, name: _made(model.OutputSpec, values, f"output {name!r}")}})

    def expect(self, *checks: str) -> Self:
        """Add checks that must hold before any output is put in place: `"rows(once) between 100 and 200"`."""
        return self.model_copy(update={"checks": [*self.checks, *checks]})

    # ---- looking, keeping, running

    @property
    def text(self) -> str:
        """The YAML."""
        return dump(self.plain)

    @property
    def plain(self) -> model.Recipe:
        """The recipe as it is read from a file."""
        return model.Recipe(**{name: getattr(self, name) for name in model.Recipe.model_fields})

    @python_words()
    def save(self, path: str | Path) -> Path:
        """Write the YAML to a file; relative paths are written as they are from its folder."""
        place = Path(path)
        place.write_text(dump(work.moved(self.plain, Path.cwd(), place.absolute().parent)), encoding="utf-8")
        return place

    @python_words()
    def store(self, inputs: Inputs | None = None) -> str:
        """Check it, lock it and store it as the next version; gives `NAME@V`. Raises RecipeError with all that is wrong."""
        return work.keep(self.plain, inputs)

    @python_words()
    def check(self, inputs: Inputs | None = None) -> work.Check:
        """Everything that is wrong or odd, at once; nothing is run. `inputs` as for `run`."""
        return work.check(self.plain, inputs)

    @python_words()
    def preview(self, inputs: Inputs | None = None, *, rows: int = 1000, all_rows: bool | None = None) -> work.Preview:
        """Try it on about so many rows, drawn over all files and offsets; no output is written. `inputs` as for `run`. `all_rows`:
        whether all are read for what steps that compare rows keep, by default of up to 32 MB; a run reuses that work."""
        return work.preview(self.plain, inputs, rows=rows, all_rows=all_rows)

    @python_words()
    def run(
        self,
        inputs: Inputs | None = None,
        output: str | None = None,
        *,
        yes: bool = False,
        workers: int | None = None,
        overwrite: bool = False,
        scan_all: bool = False,
        accept_drift: bool = False,
    ) -> Result:
        """Run it; see `winnow.run`."""
        return work.run(self.plain, inputs, output, yes=yes, workers=workers, overwrite=overwrite, scan_all=scan_all, accept_drift=accept_drift)

    # ---- private

    def _last(self) -> str:
        if self.steps:
            return self.steps[-1].id
        if len(self.sources) == 1:
            return next(iter(self.sources))
        raise RecipeError(f"recipe {self.name!r}: say `rows=`: there is no step yet and {len(self.sources)} sources")

    def _free(self, name: str) -> str:
        taken = {step.id for step in self.steps} | set(self.sources)
        return next(free for number in range(1, len(taken) + 2) if (free := name if number == 1 else f"{name}_{number}") not in taken)

    def _known(self, name: str) -> None:
        if name not in self.sources:
            step_of(self, name)

    def _edited(self, *edits: Edit) -> Self:
        return type(self).of(applied(self, edits))


def _made(kind: type[Made], values: Mapping[str, object], place: str) -> Made:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise RecipeError(f"{place}: {'.'.join(map(str, first['loc'][:1]))} is {first['input']!r}: {first['msg']}") from None


def _said(operator: Operator | str, params: Mapping[str, object] | None) -> tuple[str, dict[str, object]]:
    """An operator as a step names it, and its parameters."""
    if isinstance(operator, str):
        return operator, dict(params or {})
    name = _name(operator)
    if params is not None:
        raise RecipeError(f"operator {name!r} has its parameters already; `params=` is for one that is named by its file")
    return f"{name}@{operator.card.version}", operator.model_dump(mode="json", exclude_defaults=True)


def _short(op: str) -> str:
    """What a step is called after: the operator's name, or that of its file."""
    return re.sub(r"\W", "_", Path(op.partition("@")[0].partition(":")[0]).stem)


def _name(operator: Operator) -> str:
    if isinstance(operator, type):
        raise RecipeError(f"{operator.__name__} is a class; a step takes an operator with its parameters: {operator.__name__}()")
    place = f"{type(operator).__module__}:{type(operator).__name__}"
    for name, known in OPERATORS.items():
        if known == place:
            return name
    raise RecipeError(f"operator {place!r} is not in the catalogue; a recipe names operators of the catalogue only")
