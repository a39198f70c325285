"""The recipe as a person writes it: what and why. Strict: unknown keys are errors, nothing is coerced."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Scalar = str | int | float | bool | None


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True, defer_build=True)


class SourceSpec(Part):
    """Where rows come from."""

    path: str | list[str] = Field(description="File, folder or glob, relative to the recipe; `-` reads JSONL from stdin.")
    format: str | None = Field(default=None, description="Name of a source operator; by default told by the file's ending.")
    options: dict[str, object] = Field(default_factory=dict, alias="with", description="Parameters of the source operator.")
    columns: dict[str, str] = Field(default_factory=dict, description="Column → type, where the sample would say otherwise.")
    licence: str | None = None


class Step(Part):
    """One operator at work."""

    id: str
    op: str = Field(description="operator@version")
    rows: str | list[str] | dict[str, str | list[str]] = Field(alias="from", description="STEP, STEP.PORT, a list, or named inputs.")
    on: str | list[str] | dict[str, str | list[str]] | None = Field(default=None, description="Binds the operator's columns to the data's.")
    params: dict[str, object] = Field(default_factory=dict, alias="with", description="Parameters that differ from the default.")
    rename: str | dict[str, str] | None = Field(default=None, alias="as", description="Names of the columns added; measures named here are kept.")
    nulls: Literal["keep", "drop", "error"] | None = None
    keep_measures: bool = False
    why: str | None = None


class OutputSpec(Part):
    """A file to write."""

    rows: str | list[str] = Field(alias="from")
    path: str
    format: str | None = None
    options: dict[str, object] = Field(default_factory=dict, alias="with")


class Recipe(Part):
    """A readable, typed graph of vetted operators."""

    winnow: Literal[1] = 1
    name: str
    version: int | None = None
    goal: str | None = None
    seed: int = 0
    sources: Mapping[str, SourceSpec]
    steps: list[Step] = Field(default_factory=list)
    outputs: Mapping[str, OutputSpec]
    checks: list[str] = Field(default_factory=list)
