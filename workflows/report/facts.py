"""Everything the report says, gathered from the manifest, the books, the ledger and the measures of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.contract import Between, OneOf, Rule
from tools.errors import WinnowError

from ..engine.streams import bound_text
from ..graph import Graph
from ..loader import load
from ..lock import Lock, parse
from ..manifest import Books, Manifest, StepBooks
from ..planned import Planned
from ..recipe import Recipe, Step
from ..strangers.believed import is_vetted
from ..strangers.file import called, is_file
from ..strangers.shelf import Shelf
from . import compared, questions
from .compared import Compared
from .drawing import recipe_drawing
from .examples import Looked, Seen, look, nothing
from .histogram import Histogram, histogram
from .layout import Drawing
from .predicted import Prediction, known
from .questions import Candidate, Quarantined

QUICK_ROWS = 200_000  # of a larger run the ledger is asked only when somebody asks for the report


@dataclass(frozen=True, kw_only=True)
class Example:
    """A row at a step, with what decided."""

    kind: str  # kept, dropped, merged, changed
    row: int
    part: int
    place: str
    measure: str = ""
    value: float | None = None
    seen: Seen | None = None
    other: Seen | None = None  # the row it was merged into
    into: str = ""


@dataclass(frozen=True, kw_only=True)
class Labels:
    """A measure that is no number: its values, and which of them a rule wants."""

    measure: str
    values: tuple[tuple[str, int, bool], ...]  # value, rows, whether it is kept

    @property
    def most(self) -> int:
        return max((rows for _, rows, _ in self.values), default=0)


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """One step of the recipe and its part in the run."""

    id: str
    op: str
    reads: str
    params: Mapping[str, object]
    why: str
    bounds: tuple[tuple[str, str], ...] = ()
    books: StepBooks | None = None
    histograms: tuple[Histogram, ...] = ()
    labels: tuple[Labels, ...] = ()
    examples: tuple[Example, ...] = ()
    compared: tuple[Compared, ...] = ()

    @property
    def gone(self) -> int:
        return 0 if self.books is None else sum(self.books.reasons.values())

    @property
    def is_bare(self) -> bool:
        """Nothing of it can be shown beside its counts."""
        return not (self.bounds or self.histograms or self.labels or self.examples or (self.books and self.books.numbers))


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A run as the page tells it."""

    manifest: Manifest
    recipe: Recipe
    books: Books | None
    steps: tuple[StepFacts, ...]
    drawing: Drawing
    prediction: Prediction | None
    quarantine_reasons: tuple[tuple[str, int], ...] = ()
    quarantine: tuple[Quarantined, ...] = ()
    examples_note: str = ""

    @property
    def has_reasons(self) -> bool:
        return any(step.why for step in self.steps)

    @property
    def plan(self) -> Planned | None:
        """How a planner came to the recipe, where one did."""
        return self.manifest.plan

    @property
    def other_goal(self) -> str:
        """What was asked for when it was planned, where the recipe says something else by now."""
        if self.plan is None or self.plan.goal == Planned.of(self.plan.planner, self.recipe.goal or "", ()).goal:
            return ""
        return self.plan.goal

    @property
    def places(self) -> Mapping[str, int]:
        """The number of each step, which names its place on the page: an id could be anything."""
        return {step.id: number for number, step in enumerate(self.steps, 1)}

    @property
    def compared(self) -> tuple[Compared, ...]:
        return () if self.books is None else compared.of_run(self.prediction, self.books)


def gather(run: Path, manifest: Manifest, cache: Path | None, graph: Graph | None, *, quick: bool, note: str = "") -> Facts:
    """Look at a run's folder. `graph`: of its recipe, to read the texts of rows again; `note` says why there is none."""
    recipe = load(manifest.text, f"run {manifest.run}").recipe
    rules = _rules(manifest)
    prediction = known(run, manifest.lock_digest, manifest.files, cache)
    books = manifest.result
    if books is None:
        steps = _marked(manifest, tuple(_step(step, rules, None, prediction) for step in recipe.steps))
        return Facts(manifest=manifest, recipe=recipe, books=None, steps=steps, drawing=recipe_drawing(recipe, None, {}), prediction=prediction)
    large = quick and books.rows_in > QUICK_ROWS
    asked = _Asked() if large else _ask(run, recipe, books, rules)
    note = f"The run is large: `winnow report {manifest.run}` writes this page again with rows near each bound." if large else note
    looked = nothing(note) if large else _look(graph, run, cache, asked.candidates, quick=quick, note=note)
    steps = tuple(
        _step(step, rules, _books_of(books, step.id), prediction, asked.labels.get(step.id), _examples(step.id, asked.candidates, looked))
        for step in recipe.steps
    )
    return Facts(
        manifest=manifest,
        recipe=recipe,
        books=books,
        steps=_marked(manifest, steps),
        drawing=recipe_drawing(recipe, books, asked.sources),
        prediction=prediction,
        quarantine_reasons=tuple(asked.quarantine[0]),
        quarantine=tuple(asked.quarantine[1]),
        examples_note=looked.note,
    )


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the ledger and the measures said."""

    candidates: Sequence[Candidate] = ()
    labels: Mapping[str, Mapping[str, Sequence[tuple[str, int]]]] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    quarantine: tuple[Sequence[tuple[str, int]], Sequence[Quarantined]] = ((), ())


def _ask(run: Path, recipe: Recipe, books: Books, rules: Mapping[str, Rule]) -> _Asked:
    return _Asked(
        candidates=_candidates(run, {step.id: rules.get(step.id, ()) for step in recipe.steps}),
        labels={step.id: questions.labels(run, step.id) for step in recipe.steps},
        sources=questions.source_rows(run) if len(recipe.sources) > 1 else {},
        quarantine=questions.quarantined(run) if books.states.get("quarantined") else ((), ()),
    )


def _candidates(run: Path, rules: Mapping[str, Rule]) -> list[Candidate]:
    found = questions.gone(run, rules)
    ended = {one.step for one in found}
    for step, rule in rules.items():
        if step not in ended:  # what it dropped may have gone on by its other port
            found += questions.measured(run, step, rule, inside=False)
        found += questions.measured(run, step, rule, inside=True)
        found += [one for clause in rule if isinstance(clause, OneOf) for one in questions.label_candidates(run, step, clause)]
    labelled = {(step, clause.measure) for step, rule in rules.items() for clause in rule if isinstance(clause, OneOf)}
    return [replace(one, value=None) if (one.step, one.measure) in labelled else one for one in found]


def _look(graph: Graph | None, run: Path, cache: Path | None, candidates: Sequence[Candidate], *, quick: bool, note: str) -> Looked:
    if graph is None or cache is None:
        return nothing(note)
    wanted: dict[str, list[tuple[int, int]]] = {}
    for one in candidates:
        wanted.setdefault(one.step, []).append((one.row, one.part))
        if one.into is not None:
            wanted[one.step].append((one.into, one.into_part))
    return look(graph, run, cache, wanted, quick=quick)


def _rules(manifest: Manifest) -> dict[str, Rule]:
    """The rule of each step as locked; none where its operator is not here any more."""
    from tools.catalogue import operator

    lock: Lock = parse(manifest.lock, f"run {manifest.run}")
    found: dict[str, Rule] = {}
    shelf = Shelf(Path(manifest.folder), manifest.operators)
    for step, locked in lock.steps.items():
        try:
            made = shelf.operator(locked.operator) if is_file(locked.operator) else operator(locked.operator)
            found[step] = made(**locked.params).rule()
        except (WinnowError, ValueError):  # of another winnow: its counts can still be told
            found[step] = ()
    return found


def _marked(manifest: Manifest, steps: tuple[StepFacts, ...]) -> tuple[StepFacts, ...]:
    """Operators in files of strangers are marked as what they are."""
    lock = parse(manifest.lock, f"run {manifest.run}")
    strange = {step: meant for step, locked in lock.steps.items() if (meant := called(locked.operator)) is not None}
    said = {step: "vetted" if is_vetted(lock.steps[step].source, meant.name) else "unvetted" for step, meant in strange.items()}
    jail = f", in the jail (tier {manifest.jail})"
    return tuple(replace(one, op=f"{one.op}: a stranger's file, {said[one.id]}{jail}") if one.id in said else one for one in steps)


def _step(
    step: Step,
    rules: Mapping[str, Rule],
    books: StepBooks | None,
    prediction: Prediction | None,
    labels: Mapping[str, Sequence[tuple[str, int]]] | None = None,
    examples: tuple[Example, ...] = (),
) -> StepFacts:
    rule = rules.get(step.id, ())
    clauses = {clause.measure: clause for clause in rule}
    drawn = []
    for measure, counts in (books.histograms if books else {}).items():
        clause = clauses.get(measure)
        low, high = (clause.at_least, clause.at_most) if isinstance(clause, Between) else (None, None)
        made = histogram(measure, counts, low, high)
        drawn += [made] if made else []
    return StepFacts(
        id=step.id,
        op=step.op,
        reads=_reads(step.on),
        params=step.params,
        why=step.why or "",
        bounds=tuple((clause.measure, bound_text(clause)) for clause in rule if bound_text(clause)),
        books=books,
        histograms=tuple(drawn),
        labels=tuple(_labels(measure, values, clauses.get(measure)) for measure, values in (labels or {}).items()),
        examples=examples,
        compared=compared.of_step(prediction.by_step.get(step.id), books) if prediction else (),
    )


def _labels(measure: str, values: Sequence[tuple[str, int]], clause: object) -> Labels:
    wanted = {str(value).lower() for value in clause.values} if isinstance(clause, OneOf) else None
    return Labels(measure=measure, values=tuple((value, rows, wanted is None or value.lower() in wanted) for value, rows in values))


def _examples(step: str, candidates: Sequence[Candidate], looked: Looked) -> tuple[Example, ...]:
    found = [_example(one, looked) for one in candidates if one.step == step]
    changed = looked.changed.get(step, ())
    found += [Example(kind="changed", row=one.row, part=one.part, place=_place(one.file, one.line), seen=one) for one in changed]
    return tuple(found)


def _example(one: Candidate, looked: Looked) -> Example:
    seen = looked.rows.get((one.step, one.row, one.part))
    return Example(
        kind=one.kind,
        row=one.row,
        part=one.part,
        place=_place(one.file, one.line) if one.file or seen is None else _place(seen.file, seen.line),
        measure=one.measure,
        value=one.value,
        seen=seen,
        other=None if one.into is None else looked.rows.get((one.step, one.into, one.into_part)),
        into="" if one.into is None else f"{one.into}.{one.into_part}" if one.into_part else str(one.into),
    )


def _place(file: str | None, line: int | None) -> str:
    return f"{file or ''}:{line}" if line is not None else file or ""


def _reads(on: object) -> str:
    if isinstance(on, Mapping):
        return ", ".join(f"{name}: {_reads(value)}" for name, value in on.items())
    return ", ".join(on) if isinstance(on, list) else str(on or "")


def _books_of(books: Books, step: str) -> StepBooks | None:
    return next((one for one in books.steps if one.id == step), None)
