"""Two data sets side by side: a recipe of surveys over both, run like any other, without an output."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Numbers
from tools.errors import RecipeError
from tools.names import nearest
from tools.storage import REST

from .check import check
from .engine import Result, execute
from .executor import Progress, cores
from .graph import Input
from .recipe import OutputSpec, Recipe, SourceSpec, Step

SIDES = ("a", "b")
GLANCED = 1000  # rows in which the column of text is looked for

Paths = str | Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of one data set. `least`, `mean` and `most` are of numbers, of the characters of texts, of the items of lists."""

    name: str
    type: str
    nulls: float | None  # share of rows
    least: float | None
    mean: float | None
    most: float | None


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two data sets. `diversity` of its texts; `overlap` with the other: its rows that stand there."""

    path: str
    rows: int
    text: str | None  # the column that was compared
    columns: tuple[Column, ...]
    diversity: Numbers = field(default_factory=dict)
    overlap: Numbers = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two data sets beside each other. `drift` is of the first from the second."""

    a: Side
    b: Side
    drift: Numbers
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """All of it as plain values."""
        return asdict(self)

    @property
    def only_in(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Columns that one side has alone."""
        names = [[column.name for column in side.columns] for side in (self.a, self.b)]
        return tuple(name for name in names[0] if name not in names[1]), tuple(name for name in names[1] if name not in names[0])


def compare(
    a: Paths,
    b: Paths,
    cache: Path,
    *,
    column: str | None = None,
    other_column: str | None = None,
    ngram: int = 8,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Compared:
    """`column`: the texts that are compared, `other_column` where the second set calls it otherwise; by default the column of both that
    holds the longest. Where they have no text in common only rows and columns are. Raises RecipeError."""
    with TemporaryDirectory(prefix="winnow-compare-") as name:
        scratch = Path(name)
        found = _inputs(a, b, cache, scratch)
        texts, note = _texts(found, cache, column, other_column)
        recipe = _recipe([[field.name for field in one.schema if field.name != REST] for one in found], texts, ngram)
        checked = check(recipe, scratch, cache, inputs={"a": a, "b": b})
        if checked.graph is None:
            raise RecipeError("\n".join(map(str, checked.errors)))
        result = execute(checked.graph, scratch / "run", cache, workers=workers or cores(), write=False, progress=progress)
    sides = [_side(result, which, _shown(path), one, text) for which, path, one, text in zip(SIDES, (a, b), found, texts, strict=True)]
    return Compared(a=sides[0], b=sides[1], drift=_numbers(result, "apart"), note=note)


def _inputs(a: Paths, b: Paths, cache: Path, scratch: Path) -> tuple[Input, ...]:
    """Both data sets, opened by the check of a recipe without steps."""
    bare = Recipe(name="compare", sources=_sources(), outputs={which: _output(which, which) for which in SIDES})
    checked = check(bare, scratch, cache, inputs={"a": a, "b": b})
    if checked.graph is None:
        empty = [
            _shown(path)
            for which, path in zip(SIDES, (a, b), strict=True)
            if any((one.part, one.step) == ("output", which) for one in checked.errors)
        ]
        told = [f"{path}: there are no columns in it, so there is nothing to compare" for path in empty]  # the outputs are ours: nobody wrote them
        raise RecipeError("\n".join(told or map(str, checked.errors)))
    return checked.graph.inputs


def _sources() -> dict[str, SourceSpec]:
    return {which: SourceSpec(path=which) for which in SIDES}


def _output(which: str, edge: str) -> OutputSpec:
    return OutputSpec.model_validate({"from": edge, "path": f"{which}.jsonl"})  # never written


def _recipe(columns: Sequence[Sequence[str]], texts: Sequence[str | None], ngram: int) -> Recipe:
    """Each data set through a chain of steps that lets all rows pass."""
    chains = [_chain("a", "b", columns[0], texts[0], texts[1], ngram), _chain("b", "a", columns[1], texts[1], texts[0], ngram)]
    steps, outputs = list[Step](), {}
    for which, chain in zip(SIDES, chains, strict=True):
        edge = which
        for id_, step in chain.items():
            rows: object = {"rows": edge, "against": step.pop("against")} if "against" in step else edge
            steps.append(Step.model_validate({"id": id_, "from": rows, **step}))
            edge = id_
        outputs[which] = _output(which, edge)
    return Recipe(name="compare", sources=_sources(), steps=steps, outputs=outputs)


def _chain(which: str, other: str, columns: Sequence[str], text: str | None, theirs: str | None, ngram: int) -> dict[str, dict[str, object]]:
    chain: dict[str, dict[str, object]] = {}
    if columns:
        chain[f"{which}_columns"] = {"op": "describe", "with": {"columns": list(columns)}}
    if text is not None:
        beside = {"against": other, "on": {"text": text, "against.text": theirs}}
        chain[f"{which}_varied"] = {"op": "diversity", "on": text}
        if which == SIDES[0]:
            chain["apart"] = {"op": "drift", **beside}
        chain[f"{which}_shared"] = {"op": "overlap", "with": {"ngram": ngram}, **beside}
    return chain


def _texts(found: Sequence[Input], cache: Path, column: str | None, other: str | None) -> tuple[tuple[str | None, str | None], str]:
    """The columns that are compared, and why none are."""
    names = [[field.name for field in one.schema if pa.types.is_string(field.type) and field.name != REST] for one in found]
    if column is not None:
        told = (column, other or column)
        for which, name, known, one in zip(SIDES, told, names, found, strict=True):
            if name not in one.schema.names:
                mend = nearest(name, known) or f"; its texts are {', '.join(known) or 'none'}"
                raise RecipeError(f"data set {which}: no column {name!r}{mend}")
        return told, ""
    shared = [name for name in names[0] if name in names[1]]
    if not shared:
        theirs = " and ".join(", ".join(side) or "none" for side in names)
        return (None, None), f"no column of text is in both (there are {theirs}): --column NAME=OTHER says which belong together"
    lengths = {name: _mean_length(found[0], cache, name) for name in shared}
    longest = max(shared, key=lambda name: lengths[name])
    return (longest, longest), ""


def _mean_length(given: Input, cache: Path, name: str) -> float:
    """Of the first rows."""
    for shard in given.operator.shards(given.files, cache / "shards")[:1]:
        values = given.operator.load(shard, given.schema, [name]).table[name][:GLANCED]
        return float(pc.mean(pc.utf8_length(values)).as_py() or 0.0)
    return 0.0


def _numbers(result: Result, step: str) -> Numbers:
    return next((one.numbers for one in result.steps if one.id == step), {})


def _side(result: Result, which: str, path: str, given: Input, text: str | None) -> Side:
    told = _numbers(result, f"{which}_columns")
    columns = tuple(
        Column(name=field.name, type=str(field.type), **{name: told.get(f"{field.name}.{name}") for name in ("nulls", "least", "mean", "most")})
        for field in given.schema
        if field.name != REST
    )
    return Side(
        path=path,
        rows=int(told.get("rows") or 0),
        text=text,
        columns=columns,
        diversity={name: number for name, number in _numbers(result, f"{which}_varied").items() if name != "rows"},
        overlap={name: number for name, number in _numbers(result, f"{which}_shared").items() if name != "rows"},
    )


def _shown(path: Paths) -> str:
    return path if isinstance(path, str) else ", ".join(path)
