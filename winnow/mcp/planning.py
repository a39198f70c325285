"""Looking at data, and from a goal to a recipe."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from mcp.server.mcpserver import Context
from pydantic import Field

from tools.errors import RecipeError
from workflows.profile.result import Column, DataSet, Spread
from workflows.text import dump

from .answers import ClauseShown, ColumnShown, DataSetShown, Planned, Profiled, SpreadShown, ValueShown
from .meant import House, InputsGiven, OutputGiven, Path_
from .quoting import MOST_ROWS, quoted, quoted_all, told_all
from .telling import finite, teller
from .words import in_tools

MOST_COLUMNS = 50
MOST_SAMPLE = 1_000_000
MOST_GOAL = 10_000

PathGiven = Annotated[Path_, Field(min_length=1, description="A file, folder or glob.")]
RowsRead = Annotated[int, Field(ge=0, le=MOST_SAMPLE, description="Read a sample of about so many rows; 0: all of up to 128 MB, else a sample.")]
Goal = Annotated[
    str, Field(min_length=1, max_length=MOST_GOAL, description="What rows are wanted, in your user's words; numbers and columns as said.")
]
SeedGiven = Annotated[int, Field(description="Of everything drawn at random.")]


@dataclass(frozen=True)
class Planning:
    """Tools that look at data and draft recipes."""

    house: House

    def profile(self, path: PathGiven, ctx: Context, rows: RowsRead = 0) -> Profiled:
        """See what lies in files before stating a goal: columns, types, lengths, languages, repeats, personal data, bad records."""
        from workflows.executor import cores
        from workflows.profile import profile as survey

        cache = self.house.store.cache
        (place,) = self.house.inputs({"rows": path}).values()
        found = survey([place], Path.cwd(), cache, rows=rows or None, workers=min(cores(), 8), progress=teller(ctx))
        return Profiled(sets=[_set(one) for one in found.sets], seconds=round(found.seconds, 2))

    def plan(self, goal: Goal, inputs: InputsGiven, output: OutputGiven = "", seed: SeedGiven = 0) -> Planned:
        """Draft a recipe from a goal in plain words; nothing is run. Show your user how each clause was read and what is `unclear`."""
        from agents import plan as draft
        from workflows.chosen import relative

        named = self.house.inputs(inputs)
        if not named:
            raise RecipeError("inputs: there are none; give the file, folder or glob that the rows come from")
        made = draft(goal, named, self.house.output(output), cache=self.house.store.cache, seed=seed)
        recipe = None if made.recipe is None or made.status != "draft" else dump(relative(made.recipe, self.house.store.project))
        return Planned(
            status=made.status,
            message=in_tools(made.message),
            recipe=recipe,
            clauses=[ClauseShown(text=one.text, steps=list(one.steps), evidence=one.evidence) for one in made.clauses],
            unclear=list(made.unclear),
            suggestions=told_all(made.suggestions),
        )


def _set(one: DataSet) -> DataSetShown:
    return DataSetShown(
        format=one.format,
        files=quoted_all(file.path for file in one.files),
        bytes=one.bytes,
        rows=one.rows,
        rows_read=one.rows_read,
        bad_records=one.bad,
        troubles=[quoted(f"{trouble.records} records: {trouble.reason} ({trouble.place})") for file in one.files for trouble in file.troubles][
            :MOST_ROWS
        ],
        shape=one.shape,
        columns=[_column(column) for column in one.columns[:MOST_COLUMNS]],
        more_columns=max(len(one.columns) - MOST_COLUMNS, 0),
        duplicate_share=None if one.duplicates is None else one.duplicates.share,
        near_duplicate_share=None if one.near_duplicates is None else one.near_duplicates.share,
        goals=told_all(goal.goal for goal in one.goals),
    )


def _column(one: Column) -> ColumnShown:
    return ColumnShown(
        name=quoted(one.name),
        type=quoted(one.type),
        role=one.role,
        rows=one.rows,
        nulls=one.nulls,
        empties=one.empties,
        distinct=one.distinct,
        numbers=_spread(one.numbers),
        characters=_spread(one.characters),
        words=_spread(one.words),
        languages=None if one.languages is None else dict(list(one.languages.items())[:MOST_ROWS]),
        personal=None if one.personal is None else dict(one.personal.kinds),
        top=[ValueShown(value=quoted(value.value), rows=value.rows) for value in one.top[:10]],
        examples=[quoted(example) for example in one.examples[:3]],
    )


def _spread(one: Spread | None) -> SpreadShown | None:
    if one is None:
        return None
    least, largest = (quoted(value) if isinstance(value, str) else finite(value) for value in (one.least, one.largest))
    return SpreadShown(least=least, median=finite(one.quantiles.get("50%")), mean=finite(one.mean), largest=largest)
