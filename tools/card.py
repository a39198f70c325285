"""What an operator says of itself: its card, with examples that hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import pyarrow as pa

Types: TypeAlias = Mapping[str, pa.DataType]
ANY = pa.null()  # in `reads`: a column of any type, handed over as it is
Stage: TypeAlias = Literal["read", "normalise", "filter", "dedupe", "score", "select", "synthesize", "label", "verify", "format", "write"]


@dataclass(frozen=True, kw_only=True)
class Example:
    """Rows given and what becomes of them; positions count the given rows from 0, in `gives` born rows follow parents. Seed 0."""

    given: Mapping[str, Sequence[object]]
    params: Mapping[str, object] = field(default_factory=dict)
    against: Mapping[str, Sequence[object]] | None = None  # reference rows, where the card reads some
    gives: Mapping[str, Sequence[object]] | None = None  # measures of all rows; else columns of the rows that go on
    keeps: Sequence[int] | None = None  # rows on the port `kept`
    drops: Mapping[int, str] | None = None  # row → reason: a measure's name, `null`, `quota`, `merged`, `childless`
    into: Mapping[int, int] | None = None  # row → row it was merged into
    ports: Mapping[str, Sequence[int]] | None = None  # port → rows
    parents: Sequence[Sequence[int]] | None = None  # for each row that goes on
    numbers: Mapping[str, int | float | None] = field(default_factory=dict)  # some of what is told of all rows


@dataclass(frozen=True, kw_only=True)
class Card:
    """All that a planner, reader or scheduler may ask of an operator."""

    stage: Stage
    aliases: tuple[str, ...]
    examples: tuple[Example, ...]
    reads: Types = field(default_factory=dict)
    adds: Types = field(default_factory=dict)  # measures or columns (Group: measures of a pair)
    against: Types = field(default_factory=dict)  # columns read of the named input `against`; empty: takes no such input
    needs_against: bool = False  # the input `against` must be given
    notes: Types = field(default_factory=dict)  # Group, Whole: the narrow columns that cross the barrier
    numbers: tuple[str, ...] = ()  # Survey, and a Measure with `totals`: what it tells of all rows
    ports: tuple[str, ...] = ("kept", "dropped")
    version: int = 1
    key: str | None = None  # Group: the note column that brings rows together
    prefer: str | None = None  # Group: the note column whose largest value stays; ties: the earlier row
    reorders: bool = False  # Rank: rows leave in `order`, not in the order of the input
    takes_nulls: bool = False
    exact: bool = False
    tolerance: float | None = None
    repeatable: bool = True
    seeded: bool = False
    by_source: bool = False  # asks `desk.source`
    models: tuple[str, ...] = ()  # parameters that hold a model alias
    network: bool = False
    gpus: int = 0
    needs: str | None = None  # the extra that must be installed
    jailed: bool = False  # runs code of strangers, by `desk.jailed`: where no jail holds, it is refused
    passes: int = 1  # Fit, and a Rank that learns
    own_passes: int = 0  # so many of them, the last, learn from the rows where `against` is given; the others from `against`
    state_bytes: int | None = None  # Learner, Survey: most bytes of learned state
    most_rows: int | None = None  # Whole
    rows_per_batch: int | None = None
    micros_per_row: float | None = None  # measured on 1 kB of text
    not_for: tuple[str, ...] = ()
    paper: str = ""
    proof: str = ""  # what was measured of it on which data, with the date: `F1 0.98 on presidio (2026-11-28)`
    licence: str = ""
