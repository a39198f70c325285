"""What can be changed in a recipe: one frozen class a kind of change, each of which a person could have typed."""

from collections.abc import Iterable
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from tools.errors import RecipeError

from ..recipe import OutputSpec, SourceSpec, Step

Edges: TypeAlias = str | list[str]
MOST_EDITS = 100


class Change(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class Add(Change):
    """A new step."""

    do: Literal["add"] = "add"
    step: Step
    takes_over: bool = Field(default=True, description="Whoever read the rows that this step reads reads this step now.")


class Remove(Change):
    """A step out; whoever read it reads what it read."""

    do: Literal["remove"] = "remove"
    step: str


class Move(Change):
    """A step to another place in the line; its old neighbours are joined."""

    do: Literal["move"] = "move"
    step: str
    after: str = Field(description="STEP, STEP.PORT or SOURCE whose rows it reads from now on; whoever read those reads this step.")


class Set(Change):
    """One key of a step."""

    do: Literal["set"] = "set"
    step: str
    key: str = Field(description="`with.PARAMETER`, `on`, `on.COLUMN`, `as`, `nulls`, `keep_measures`, `why` or `op`.")
    value: object = Field(default=None, description="None: the default.")
    off: bool = Field(default=False, description="The parameter is switched off, as a bound that is on by default; there is no `value` then.")


class Connect(Change):
    """Where a step reads from."""

    do: Literal["connect"] = "connect"
    step: str
    rows: Edges | None = Field(default=None, description="STEP, STEP.PORT, SOURCE or a list of them; none for `against`: no longer read.")
    to: Literal["rows", "against"] = "rows"


class Rename(Change):
    """Another name for a step, wherever it is spoken of."""

    do: Literal["rename"] = "rename"
    step: str
    name: str


class Source(Change):
    """An input: new, changed, or out where there is no `spec`."""

    do: Literal["source"] = "source"
    name: str
    spec: SourceSpec | None


class Output(Change):
    """An output: new, changed, or out where there is no `spec`."""

    do: Literal["output"] = "output"
    name: str
    spec: OutputSpec | None


class Check(Change):
    """What must hold before an output is put in place: new, or out."""

    do: Literal["check"] = "check"
    text: str
    gone: bool = False


class Head(Change):
    """Name, goal or seed of the recipe; what is none stays."""

    do: Literal["head"] = "head"
    name: str | None = None
    goal: str | None = Field(default=None, description="Empty: no goal.")
    seed: int | None = None


Edit: TypeAlias = Annotated[Add | Remove | Move | Set | Connect | Rename | Source | Output | Check | Head, Field(discriminator="do")]
_EDITS: TypeAdapter[list[Edit]] = TypeAdapter(Annotated[list[Edit], Field(max_length=MOST_EDITS)])


def parse(data: object) -> list[Edit]:
    """Edits from JSON data. Raises RecipeError that names the first that is none."""
    try:
        return _EDITS.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:80]
        raise RecipeError(
            f"edits: {where or 'the list'}: {first['msg']}; an edit is a mapping as {{do: set, step: ID, key: with.at_least, value: 5}}"
        ) from None


def told(edits: Iterable[Edit]) -> list[str]:
    """Each in words, as a person is shown them."""
    return [_told(edit) for edit in edits]


def _told(edit: Edit) -> str:
    match edit:
        case Add():
            return f"add {edit.step.id} ({edit.step.op}) after {_edge(edit.step.rows)}"
        case Remove():
            return f"remove {edit.step}"
        case Move():
            return f"move {edit.step} after {edit.after}"
        case Set():
            value = "none" if edit.off else "its default" if edit.value is None else repr(edit.value)
            return f"set {edit.step}.{edit.key.removeprefix('with.')} to {value}"
        case Connect():
            return f"{edit.step} reads {_edge(edit.rows)}{' to compare with' if edit.to == 'against' else ''}"
        case Rename():
            return f"rename {edit.step} to {edit.name}"
        case Source() | Output():
            return f"{'remove' if edit.spec is None else 'set'} {edit.do} {edit.name}" + ("" if edit.spec is None else f" to {edit.spec.path}")
        case Check():
            return f"{'no longer check' if edit.gone else 'check'} {edit.text}"
        case Head():
            return "; ".join(f"{key}: {value}" for key, value in (("name", edit.name), ("goal", edit.goal), ("seed", edit.seed)) if value is not None)


def _edge(rows: object) -> str:
    if isinstance(rows, dict):
        return ", ".join(f"{name}: {_edge(given)}" for name, given in rows.items())
    return ", ".join(map(str, rows)) if isinstance(rows, list) else str(rows or "nothing")
