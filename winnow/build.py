"""A recipe made in Python; it saves as the same YAML that a person would have typed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

import workflows.recipe as model
from tools.catalogue import OPERATORS
from tools.contract import Operator
from tools.errors import RecipeError
from workflows.text import dump

Edge = str | list[str] | dict[str, str | list[str]]


class Recipe(model.Recipe):
    """`Recipe().source("posts.jsonl").step(Words(at_least=40), on="body").output("long.jsonl")`. Every call gives a new one."""

    name: str = "recipe"
    sources: Mapping[str, model.SourceSpec] = {}
    outputs: Mapping[str, model.OutputSpec] = {}

    def source(
        self, path: str | Sequence[str], *, name: str = "rows", format: str | None = None, options: Mapping[str, object] | None = None
    ) -> Self:
        """Add rows to read: a file, a folder, a glob, or a list of them."""
        spec = model.SourceSpec.model_validate({"path": path if isinstance(path, str) else list(path), "format": format, "with": dict(options or {})})
        return self.model_copy(update={"sources": {**self.sources, name: spec}})

    def step(
        self,
        operator: Operator,
        *,
        id: str | None = None,
        rows: Edge | None = None,
        on: Edge | None = None,
        rename: str | dict[str, str] | None = None,
        nulls: Literal["keep", "drop", "error"] | None = None,
        keep_measures: bool = False,
        why: str | None = None,
    ) -> Self:
        """Add a step. It takes the rows of the step before it unless `rows` names others, and is called as its operator."""
        op = _name(operator)
        made = model.Step.model_validate(
            {
                "id": id or self._free(op),
                "op": f"{op}@{operator.card.version}",
                "from": rows or self._last(),
                "on": on,
                "with": operator.model_dump(mode="json", exclude_defaults=True),
                "as": rename,
                "nulls": nulls,
                "keep_measures": keep_measures,
                "why": why,
            }
        )
        return self.model_copy(update={"steps": [*self.steps, made]})

    def output(self, path: str, *, name: str = "rows", rows: str | list[str] | None = None, format: str | None = None) -> Self:
        """Add a file to write; it takes the rows of the last step unless `rows` names others."""
        spec = model.OutputSpec.model_validate({"from": rows or self._last(), "path": path, "format": format})
        return self.model_copy(update={"outputs": {**self.outputs, name: spec}})

    @property
    def text(self) -> str:
        """The YAML."""
        return dump(self)

    def save(self, path: str | Path) -> Path:
        """Write the YAML to a file."""
        place = Path(path)
        place.write_text(self.text, encoding="utf-8")
        return place

    def _last(self) -> str:
        if self.steps:
            return self.steps[-1].id
        if len(self.sources) == 1:
            return next(iter(self.sources))
        raise RecipeError(f"recipe {self.name!r}: say `rows=`: there is no step yet and {len(self.sources)} sources")

    def _free(self, name: str) -> str:
        taken = {step.id for step in self.steps} | set(self.sources)
        return next(free for number in range(1, len(taken) + 2) if (free := name if number == 1 else f"{name}_{number}") not in taken)


def _name(operator: Operator) -> str:
    place = f"{type(operator).__module__}:{type(operator).__name__}"
    for name, known in OPERATORS.items():
        if known == place:
            return name
    raise RecipeError(f"operator {place!r} is not in the catalogue; a recipe names operators of the catalogue only")
