"""How a plan came about: what a planner made of each part of a goal, kept beside the version and the run that came of it."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Annotated, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from tools.errors import RecipeError

MOST_BYTES = 8 << 20  # more than what follows can come to, however it is escaped
MOST_GOAL, MOST_TEXT, MOST_NAME = 20_000, 1000, 100
MOST_PARTS, MOST_STEPS = 100, 50
MOST_TOLD = 80  # characters of a key that an error names

Text = Annotated[str, StringConstraints(max_length=MOST_TEXT)]
Name = Annotated[str, StringConstraints(max_length=MOST_NAME)]
Texts = Annotated[tuple[Text, ...], Field(max_length=MOST_PARTS)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Reading(Protocol):
    """How a planner tells what it made of one part of a goal."""

    @property
    def text(self) -> str: ...
    @property
    def steps(self) -> Sequence[str]: ...
    @property
    def evidence(self) -> str: ...


class PlannedClause(Part):
    """One part of the goal. The steps are those of the draft: an edit may have taken one out since."""

    text: Text
    steps: Annotated[tuple[Name, ...], Field(max_length=MOST_STEPS)] = ()
    evidence: Text = Field(default="", description="Which words led to which operator and parameter.")


class Planned(Part):
    """A plan's reasons. It is told, never obeyed: nothing that runs depends on it, and whoever made the store may have written it."""

    planner: Name
    goal: str = Field(max_length=MOST_GOAL)
    clauses: Annotated[tuple[PlannedClause, ...], Field(max_length=MOST_PARTS)] = ()
    unclear: Texts = Field(default=(), description="Parts of the goal that no step answers.")
    suggestions: Texts = Field(default=(), description="What else the planner would do with this data.")
    model: Name = Field(default="", description="Alias of the model that was asked, if one was.")
    prompt: Name = Field(default="", description="Digest of the first question to it: messages and schema.")
    note: Text = Field(default="", description="Why it was not the planner that was asked for.")

    @classmethod
    def of(
        cls,
        planner: str,
        goal: str,
        clauses: Iterable[Reading],
        unclear: Iterable[str] = (),
        suggestions: Iterable[str] = (),
        *,
        model: str = "",
        prompt: str = "",
        note: str = "",
    ) -> Self:
        """The record of a planner's answer, cut to what a record may hold."""
        return cls(
            planner=_cut(planner, MOST_NAME),
            goal=_cut(goal, MOST_GOAL),
            clauses=tuple(
                PlannedClause(
                    text=_cut(one.text),
                    steps=tuple(_cut(step, MOST_NAME) for step in one.steps[:MOST_STEPS]),
                    evidence=_cut(one.evidence),
                )
                for one in islice(clauses, MOST_PARTS)
            ),
            unclear=tuple(_cut(one) for one in islice(unclear, MOST_PARTS)),
            suggestions=tuple(_cut(one) for one in islice(suggestions, MOST_PARTS)),
            model=_cut(model, MOST_NAME),
            prompt=_cut(prompt, MOST_NAME),
            note=_cut(note),
        )

    def file_text(self) -> str:
        """As it lies in a store."""
        return self.model_dump_json(indent=1) + "\n"


def parse(text: str, place: str) -> Planned:
    """A record from its JSON. Raises RecipeError."""
    try:
        return Planned.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:MOST_TOLD]
        said = f"{where!r}: {first['msg']}" if where else first["msg"]
        raise RecipeError(f"{place}: not the record of a plan ({said}); delete it, the recipe runs without") from None


def _cut(text: str, most: int = MOST_TEXT) -> str:
    whole = text.encode("utf-8", "replace").decode()
    return whole if len(whole) <= most else whole[: most - 1] + "…"
