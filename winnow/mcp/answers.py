"""What the tools answer: one model each, whose schema clients are told."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from .quoting import Quoting, RowData, RowText


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(Part):
    left_out: list[str] = Field(default=[], description="Lists that were shortened, so that the answer stays small.")


# ---- operators


class OperatorLine(Part):
    name: str
    stage: str
    kind: str = Field(description="Bounded and Measure measure a row, Rewrite changes it, Group compares rows, Rank orders and counts, ...")
    does: str
    parameters: list[str]


class Operators(Answer):
    operators: list[OperatorLine]
    more: int = Field(description="How many others fit; ask again with `skip`, or closer.")
    stages: dict[str, int] = Field(description="Every stage and how many operators it has.")


class ExampleShown(Part):
    """Rows given and what becomes of them; positions count the given rows from 0."""

    with_: dict[str, object] = Field(alias="with", description="Parameters.")
    given: dict[str, list[object]]
    gives: dict[str, list[object]] | None
    keeps: list[int] | None
    drops: dict[str, str] | None = Field(description="Position → reason.")


class OperatorCard(Answer):
    name: str
    op: str = Field(description="What `op:` of a step says.")
    stage: str
    kind: str
    does: str
    reads: dict[str, str] = Field(description="Column that it reads → type; `on:` of a step binds them to the data's columns.")
    adds: dict[str, str] = Field(description="Column or measure that it makes → type.")
    looks_up: dict[str, str] = Field(description="Columns of a second input, `from: {rows: STEP, against: SOURCE}`.")
    needs_second_input: bool
    ports: list[str] = Field(description="Where rows leave: `from: STEP.PORT`; STEP alone means STEP.kept.")
    parameters: dict[str, dict[str, object]] = Field(description="The JSON schema of each parameter; they stand under `with:`.")
    required: list[str]
    asked_for_by: list[str]
    not_for: list[str]
    needs_extra: str | None = Field(description="The extra that must be installed, as in pip install 'winnow[EXTRA]'.")
    step: str = Field(description="A step to start from; the words in capitals are to be replaced.")
    examples: list[ExampleShown]


# ---- data


class SpreadShown(Part):
    least: float | str | None
    median: float | None
    mean: float | None
    largest: float | str | None


class ValueShown(Part):
    value: RowText
    rows: int


class ColumnShown(Part):
    name: RowText
    type: str
    role: str
    rows: int
    nulls: int
    empties: int
    distinct: int | None
    numbers: SpreadShown | None
    characters: SpreadShown | None
    words: SpreadShown | None
    languages: dict[str, float] | None = Field(description="Language → share.")
    personal: dict[str, float] | None = Field(description="Kind of personal data → share of rows.")
    top: list[ValueShown]
    examples: list[RowText]


class DataSetShown(Part):
    format: str
    files: list[RowText]
    bytes: int
    rows: int | None = Field(description="None: only a sample was read.")
    rows_read: int
    bad_records: int
    troubles: list[RowText]
    shape: str
    columns: list[ColumnShown]
    more_columns: int
    duplicate_share: float | None
    near_duplicate_share: float | None
    goals: list[Quoting] = Field(description="What the data would profit from, to put to your user; quotes names that strangers gave.")


class Profiled(Answer):
    sets: list[DataSetShown]
    seconds: float


# ---- recipes


class ClauseShown(Part):
    text: str
    steps: list[str] = Field(default=[], description="Ids of the steps it led to; none: it is not in the recipe.")
    evidence: Quoting = ""


class Planned(Answer):
    status: Literal["draft", "ask", "refuse"] = Field(description="`ask` and `refuse` have a message and no recipe.")
    message: Quoting
    recipe: str | None = Field(description="YAML; hand it to check, edit, preview and run, with the same inputs.")
    clauses: list[ClauseShown]
    unclear: list[str] = Field(description="Parts of the goal that no step answers: say so to your user, never pass over them.")
    suggestions: list[Quoting]


class FindingShown(Part):
    line: int | None = Field(description="In the recipe's text as it was given.")
    part: str
    name: str = Field(description="Of the step, source or output.")
    key: str
    value: RowText
    message: Quoting
    mend: Quoting


class Checked(Answer):
    sound: bool
    errors: list[FindingShown]
    warnings: list[FindingShown]


class Edited(Checked):
    recipe: str
    told: list[str] = Field(description="Each edit in words.")
    diff: list[str]


class StoredRecipe(Part):
    name: str
    versions: list[int] = Field(description="None: it comes with winnow.")
    approved: int | None = Field(description="The latest version that the person of this machine approved.")
    reads: list[RowText] = Field(description="Columns that the data must have.")
    goal: Quoting | None


class Stored(Answer):
    recipes: list[StoredRecipe]
    more: int


class Shown(Answer):
    name: str
    recipe: str
    goal: Quoting | None
    planned_by: str | None
    clauses: list[ClauseShown]
    unclear: list[str]


class Saved(Answer):
    name: str = Field(description="NAME@VERSION, for preview and run.")
    warnings: list[Quoting]


# ---- trying and running


class StepSeen(Part):
    id: str
    operator: str
    rows_in: int = Field(description="Of the sample.")
    keeps: float | None = Field(description="Share of them that goes on.")
    low: float | None
    high: float | None
    rows_out: float | None = Field(description="Expected of the whole input, with its 95% interval.")
    rows_low: float | None
    rows_high: float | None
    changed: int | None
    reasons: dict[str, int]
    needs_all_rows: bool = Field(description="What it keeps is known only when all rows are read: `all_rows`.")
    tells: dict[str, float | None]


class DroppedRow(Part):
    step: str
    reason: str
    value: float | None
    row: RowData


class CostShown(Part):
    seconds: float
    memory_bytes: float
    disk_bytes: float
    workers: int
    at_least: bool = Field(description="It may be more: a step that compares all rows was timed on a few.")


class EvidenceShown(Part):
    clause: str
    verdict: Literal["holds", "fails", "unknown"] = Field(description="Whether the sample's output is as this part of the goal wants it.")
    says: Quoting


class Previewed(Answer):
    recipe: str = Field(description="What it is called.")
    by: str = Field(description="whole: every row was tried; sample: rows drawn over all files; keys: those with all that share a key with them.")
    rows: int
    total_rows: float
    steps: list[StepSeen]
    dropped: list[DroppedRow]
    evidence: list[EvidenceShown] = Field(description="Of each clause; a part that fails means that the recipe is not what was asked for.")
    cost: CostShown
    warnings: list[Quoting]


class StepRan(Part):
    id: str
    operator: str
    rows_in: int
    rows_out: int
    changed: int
    born: int
    reasons: dict[str, int]
    ports: dict[str, int]
    tells: dict[str, float | None]


class OutputShown(Part):
    name: str
    path: str
    rows: int
    bytes: int


class CheckShown(Part):
    text: str
    holds: bool
    value: float | None


class BooksShown(Part):
    """Every row of every counted input is in one of the states."""

    rows_in: int
    rows_out: int
    states: dict[str, int]
    born: int
    steps: list[StepRan]
    outputs: list[OutputShown]
    checks: list[CheckShown]
    warnings: list[Quoting]
    seconds: float


class Ran(Answer):
    status: Literal["dry_run", "done"] = Field(description="dry_run: nothing was written.")
    recipe: str = Field(description="What it is called.")
    run: str | None
    in_the_way: list[str] = Field(description="Of a dry run: what a real one would be refused for.")
    outputs: list[str] = Field(description="Where the rows go.")
    preview: Previewed | None
    books: BooksShown | None
    report: str | None = Field(description="Path of a page for your user.")


class Reported(Answer):
    run: str
    standing: str
    recipe: str = Field(description="What it is called.")
    goal: Quoting | None
    message: Quoting
    started: str
    books: BooksShown | None
    report: str | None = Field(description="Path of a page for your user.")
    other_runs: list[str] = Field(description="The newest first.")


class RowFate(Part):
    row: str = Field(description="Its number, for why.")
    file: RowText
    line: int | None
    state: str
    step: str | None = Field(description="Where it ended.")
    reason: str | None
    value: float | None
    wanted: RowText | None
    merged_into: str | None


class RowsListed(Answer):
    run: str
    rows: list[RowFate]
    more: bool


class SpanShown(Part):
    text: RowText
    stays_in: str | None


class WayStep(Part):
    step: str
    operator: str
    left_by: str | None = Field(description="The port; none: the row ended here.")
    reason: str
    measures: RowData
    wanted: dict[str, str] = Field(description="Measure → bound.")
    before: RowData
    after: RowData
    merged_into: str | None
    gave: list[str]
    cut: list[SpanShown]


class Way(Answer):
    run: str
    row: str
    file: RowText
    line: int | None
    state: str
    record: RowData
    steps: list[WayStep]
    parents: list[str]
