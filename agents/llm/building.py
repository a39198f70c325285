"""Makes a recipe of what a model planned. Operators and edges are the model's; sources, paths, names, seed and versions are not."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agents.rules import saving
from agents.rules.compose import slug
from agents.rules.routing import beside
from tools.cards import summaries
from workflows.recipe import OutputSpec, Recipe, SourceSpec, Step

from .answers import OutputSaid, PlanSaid
from .data import Sight

OUT = "out"
WORD = re.compile(r"[a-z0-9_]+")
MOST_WORD = 40


@dataclass(frozen=True)
class Ground:
    """What stands before any plan: a recipe without its steps, in which the first output is the one that the person named."""

    recipe: Recipe

    @classmethod
    def new(cls, goal: str, sight: Sight, output: str | None, seed: int) -> "Ground":
        """From the inputs and the output that the person gave."""
        tables = sight.tables
        placed = saving.place(goal, output, slug(goal), [table.format for table in tables.values()])
        sources = {
            name: SourceSpec.model_validate({"path": table.path, "format": table.read_as.format, "with": dict(table.read_as.options)})
            for name, table in tables.items()
        }
        name = OUT if OUT not in sources else "result"
        out = OutputSpec.model_validate({"from": list(sources), "path": placed.path, "format": placed.format, "with": dict(placed.options)})
        return cls(Recipe(name=slug(goal), goal=goal, seed=seed, sources=sources, outputs={name: out}))

    def build(self, said: PlanSaid, why: Mapping[str, str]) -> Recipe:
        """The whole recipe; what of it does not hold is for the checker to say."""
        steps = [one.model_copy(update={"why": why.get(one.id)}) for one in _tied(said.steps, self._start())]
        last = [steps[-1].id] if steps else self._start()
        outputs: dict[str, OutputSpec] = {}
        for number, wanted in enumerate(said.outputs or (OutputSaid(OUT, ()),)):
            rows = list(wanted.rows) or last
            if wanted.columns:
                steps.append(_only(wanted.columns, rows, {*self.recipe.sources, *(step.id for step in steps)}))
                rows = [steps[-1].id]
            name, spec = self._placed(number, wanted.name)
            outputs[name] = spec.model_copy(update={"rows": _plain(rows)})
        made = self.recipe.model_copy(update={"steps": steps, "outputs": outputs, "checks": [], "version": None})
        return made.model_copy(update={"sources": used(made)})

    def _start(self) -> list[str]:
        return list(self.recipe.sources)

    def _placed(self, number: int, said: str) -> tuple[str, OutputSpec]:
        """The person's output first; any other in a file beside it, or where an output of that name was before."""
        first, spec = next(iter(self.recipe.outputs.items()))
        if number == 0:
            return first, spec
        word = "_".join(WORD.findall(said.lower()))[:MOST_WORD] or "rest"
        word = word if word[0].isalpha() and word not in (first, *self.recipe.sources) else f"part_{word}"
        return word, self.recipe.outputs.get(word) or spec.model_copy(update={"path": beside(spec.path, word)})


def used(recipe: Recipe) -> dict[str, SourceSpec]:
    """The sources that any step or output reads."""
    read = {
        edge.partition(".")[0]
        for rows in (*(step.rows for step in recipe.steps), *(spec.rows for spec in recipe.outputs.values()))
        for edge in _edges(rows)
    }
    return {name: spec for name, spec in recipe.sources.items() if name in read}


def _tied(steps: Iterable[Step], start: list[str]) -> Iterable[Step]:
    """Who says nothing of where rows come from reads the step before."""
    before: str | list[str] = _plain(start)
    for step in steps:
        rows = step.rows
        if not rows:
            rows = before
        elif isinstance(rows, dict) and not rows.get("rows"):
            rows = {**rows, "rows": before}
        yield step.model_copy(update={"rows": rows})
        before = step.id


def _only(columns: tuple[str, ...], rows: list[str], taken: set[str]) -> Step:
    name = next(one for number in range(1, len(taken) + 2) if (one := "columns" if number == 1 else f"columns_{number}") not in taken)
    version = summaries()["select_columns"].version
    return Step.model_validate(
        {"id": name, "op": f"select_columns@{version}", "from": _plain(rows), "with": {"columns": list(columns)}, "why": "The columns of the output."}
    )


def _plain(rows: list[str]) -> str | list[str]:
    return rows[0] if len(rows) == 1 else rows


def _edges(rows: str | list[str] | dict[str, str | list[str]]) -> list[str]:
    if isinstance(rows, dict):
        return [edge for one in rows.values() for edge in _edges(one)]
    return [rows] if isinstance(rows, str) else rows
