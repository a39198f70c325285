"""What is told of a run to whoever reads its output: where the rows come from, what was done to them, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class TakenFrom:
    """A source of the recipe as the run read it."""

    name: str
    files: tuple[str, ...]  # names within the source, never where they lie
    bytes: int
    digest: str  # of the digests of its files, hex
    licence: str | None
    rows: int
    is_reference: bool  # only looked up: none of its rows are in an output
    kept: Mapping[str, int] = field(default_factory=dict)  # output → rows of it that come from here


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A step and what it did."""

    id: str
    operator: str  # name@version
    summary: str
    why: str | None
    params: Mapping[str, object]  # what differs from the default
    columns: tuple[str, ...]  # that it reads
    rows_in: int
    rows_out: int
    reasons: Mapping[str, int]  # why rows went → rows
    ports: Mapping[str, int] = field(default_factory=dict)
    born: int = 0
    changed: int = 0
    cut: int = 0  # bytes of text


@dataclass(frozen=True, kw_only=True)
class Story:
    """One run, told by what it depends on alone: a replay tells the same."""

    recipe: str
    version: int | None
    goal: str | None
    text: str  # the recipe, its paths without folders
    digest: str  # sha256 of what the recipe says
    seed: int
    winnow: str
    rows_in: int
    rows_out: int
    states: Mapping[str, int]
    sources: tuple[TakenFrom, ...]
    steps: tuple[Effect, ...]
    place: str = ""  # name of the folder
