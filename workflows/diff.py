"""How two versions of a recipe differ: in text, in steps, and in the fate of rows."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.errors import RecipeError

from .recipe import Recipe, Step
from .strangers.described import plain
from .text import dump

Kind = Literal["added", "removed", "moved", "changed"]
QUERY = """
with one as ({one}), other as ({other}),
joined as (
    select coalesce(one.state, 'absent') as before, coalesce(other.state, 'absent') as after,
        one.step as step_before, other.step as step_after, one.measure as measure_before, other.measure as measure_after,
        one.value as value_before, other.value as value_after,
        coalesce(one.source, other.source) as source, coalesce(one.file, other.file) as file, coalesce(one.line, other.line) as line,
        coalesce(one."row", other."row") as number, coalesce(one.part, other.part) as part
    from one full join other on one.digest is not distinct from other.digest and one.turn = other.turn)
"""
SIDE = """select *, row_number() over (partition by digest order by source, file, "row", part) as turn from {name}"""
COLUMNS = ("source", "file", "line", "row", "part", "state", "step", "measure", "value", "digest")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference of structure."""

    kind: Kind
    part: str  # `step`, `source`, `output`, `check` or a key of the recipe
    name: str
    key: str = ""  # `with.at_least`
    before: object = None
    after: object = None

    def __str__(self) -> str:
        owner = f"{self.part} {self.name!r}" if self.name else self.part
        if self.kind == "changed":
            return f"{owner}: {f'{self.key} ' if self.key else ''}{self.before!r} → {self.after!r}"
        return f"{owner} {self.kind}"


@dataclass(frozen=True, kw_only=True)
class Fate:
    """One row that ends otherwise."""

    source: str | None
    file: str | None
    line: int | None
    row: int
    part: int
    before: str
    after: str
    step_before: str | None
    step_after: str | None
    measure_before: str | None
    measure_after: str | None
    value_before: str | None
    value_after: str | None


FATE = tuple(Fate.__dataclass_fields__)


@dataclass(frozen=True)
class Fates:
    """What becomes of the same rows in two runs; `absent`: in one of them alone."""

    counts: dict[tuple[str, str], int]  # (before, after) where they differ → rows
    same: int
    examples: tuple[Fate, ...]


def lines(before: Recipe, after: Recipe, names: tuple[str, str] = ("before", "after")) -> list[str]:
    """The changed lines, as a unified diff of the canonical texts."""
    return list(difflib.unified_diff(dump(before).splitlines(), dump(after).splitlines(), *names, lineterm="", n=1))


def file_lines(before: Mapping[str, str], after: Mapping[str, str], names: tuple[str, str] = ("before", "after")) -> list[str]:
    """The changed lines of the files that operators stand in."""
    found: list[str] = []
    for place in dict.fromkeys((*before, *after)):
        one, other = (side.get(place, "").splitlines() for side in (before, after))
        found += difflib.unified_diff(one, other, f"{names[0]} {place}", f"{names[1]} {place}", lineterm="", n=1)
    return [plain(line) for line in found]


def changes(before: Recipe, after: Recipe) -> list[Change]:
    """What was added, removed, moved or changed."""
    found: list[Change] = []
    for key in ("name", "goal", "seed"):
        one, other = getattr(before, key), getattr(after, key)
        if one != other:
            found.append(Change(kind="changed", part=key, name="", before=one, after=other))
    found += _named(
        "source",
        {k: v.model_dump(by_alias=True) for k, v in before.sources.items()},
        {k: v.model_dump(by_alias=True) for k, v in after.sources.items()},
    )
    found += _named("step", _steps(before), _steps(after))
    found += _moved([step.id for step in before.steps], [step.id for step in after.steps])
    found += _named(
        "output",
        {k: v.model_dump(by_alias=True) for k, v in before.outputs.items()},
        {k: v.model_dump(by_alias=True) for k, v in after.outputs.items()},
    )
    return found + list(_named("check", {check: {} for check in before.checks}, {check: {} for check in after.checks}))


def fates(ledger_before: Path, ledger_after: Path, examples: int = 20) -> Fates:
    """Rows are matched by what they held when they were read, equal ones in order."""
    import duckdb

    with duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}) as database:
        database.register("ledger_before", _ledger(ledger_before))
        database.register("ledger_after", _ledger(ledger_after))
        database.execute("set enable_external_access = false")
        sides = QUERY.format(one=SIDE.format(name="ledger_before"), other=SIDE.format(name="ledger_after"))
        database.execute(f"create temp table joined as {sides} select * from joined")
        counts = database.execute("select before, after, count(*) from joined group by all order by all").fetchall()
        shown = database.execute(
            """select source, file, line, number, part, before, after, step_before, step_after, measure_before, measure_after,
            value_before::varchar, value_after::varchar
            from joined where before <> after order by source, file, number, part limit ?""",
            [examples],
        ).fetchall()
    moved = {(before, after): rows for before, after, rows in counts if before != after}
    same = sum(rows for before, after, rows in counts if before == after)
    return Fates(moved, same, tuple(Fate(**dict(zip(FATE, row, strict=True))) for row in shown))


def _ledger(folder: Path) -> object:
    """Read by Arrow, so that the database itself opens no file."""
    import pyarrow.dataset as ds

    files = sorted(str(path) for path in folder.glob("**/*.parquet"))
    if not files:
        raise RecipeError(f"{folder}: no ledger lies here; run the recipe first")
    found = ds.dataset(files, format="parquet")
    missing = [name for name in COLUMNS if name not in found.schema.names]
    if missing:
        raise RecipeError(f"{folder}: this ledger has no column {missing[0]!r}")
    return found.scanner(columns=list(COLUMNS))


def _steps(recipe: Recipe) -> dict[str, dict[str, object]]:
    return {step.id: _plain(step) for step in recipe.steps}


def _plain(step: Step) -> dict[str, object]:
    return {key: value for key, value in step.model_dump(by_alias=True).items() if key != "id"}


def _named(part: str, before: dict[str, dict[str, object]], after: dict[str, dict[str, object]]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield Change(kind="removed", part=part, name=name)
        elif name not in before:
            yield Change(kind="added", part=part, name=name)
        else:
            yield from _keys(part, name, before[name], after[name], "")


def _keys(part: str, name: str, before: dict[str, object], after: dict[str, object], prefix: str) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        one, other = before.get(key), after.get(key)
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _keys(part, name, one, other, f"{prefix}{key}.")
        else:
            yield Change(kind="changed", part=part, name=name, key=prefix + key, before=one, after=other)


def _moved(before: list[str], after: list[str]) -> list[Change]:
    """Steps of both whose turn among the shared ones has changed: as few as explain the new order."""
    shared = [step for step in before if step in after]
    now = [step for step in after if step in before]
    still = {
        step
        for block in difflib.SequenceMatcher(None, shared, now, autojunk=False).get_matching_blocks()
        for step in now[block.b : block.b + block.size]
    }
    return [
        Change(kind="moved", part="step", name=step, before=shared.index(step) + 1, after=now.index(step) + 1) for step in now if step not in still
    ]
