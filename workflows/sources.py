"""The sources of a recipe: their files found, their columns told from a sample."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from tools.errors import RecipeError
from tools.names import nearest
from tools.storage import File, Source

from .columns import TYPES, fits, is_name, type_name
from .findings import Findings, Spot
from .graph import Input
from .inputs import ALSO_READ, SUFFIXES, Unfit, ending, find, fingerprint, source_for
from .recipe import Recipe, SourceSpec

SLICES = 32
SLICE_BYTES = 256 << 10
MOST_REMEMBERED = 64
MOST_MISFITS = 0.001  # of the rows: what a run bears before it stops
_remembered: dict[tuple[object, ...], pa.Schema] = {}

Paths = str | Sequence[str]


def open_inputs(
    recipe: Recipe,
    folder: Path,
    cache: Path,
    given: Mapping[str, Paths],
    scan_all: bool,
    locked: Mapping[str, pa.Schema],
    findings: Findings,
) -> list[Input]:
    """Every source that can be read; what is wrong with the others is among the findings."""
    opened: list[Input] = []
    first = 0
    for name in given:
        if name not in recipe.sources:
            mend = nearest(name, recipe.sources) or f"; the recipe has {', '.join(recipe.sources)}"
            findings.at("recipe", "").error("sources", name, f"input {name!r} is no source of this recipe", mend)
    for name, spec in recipe.sources.items():
        spot = findings.at("source", name)
        try:
            files, source = _found(name, spec, folder, cache, given)
            schema = _schema(source, files, cache, scan_all)
        except Unfit as error:
            for problem in error.problems:
                spot.error(f"with.{problem.key}" if problem.key else "with", problem.value, problem.message, problem.mend)
            continue
        except RecipeError as error:
            key = "format" if str(error).startswith(("format ", "operator ")) else "path"
            spot.refuse(
                key, spec.format if key == "format" else spec.path, error, "name a file that is there and can be read, in the format that it has"
            )
            continue
        schema = _as_told(schema, spec, source, files, cache, spot)
        if name in locked:
            _check_lock(schema, locked[name], source, files, cache, spot)
            schema = locked[name]
        opened.append(Input(name=name, operator=source, files=files, schema=schema, first_file=first))
        first += len(files)
    return opened


def _found(name: str, spec: SourceSpec, folder: Path, cache: Path, given: Mapping[str, Paths]) -> tuple[tuple[File, ...], Source]:
    if name not in given:
        try:
            files = find(spec.path, folder, False, cache)
        except RecipeError as error:
            raise RecipeError(f"{error}: --input {name}=PATH" if str(error).endswith("command line") else str(error)) from None
        return _picked(files, source_for(files, spec.format, spec.options))
    files = find(given[name], folder, True, cache)
    told = files[0].layout or SUFFIXES.get(ending(files[0].path)[0])
    if (
        spec.format is not None and told is not None and told not in (spec.format, *ALSO_READ.get(spec.format, ()))
    ):  # the person's file speaks for itself
        return files, source_for(files, None, {})
    return _picked(files, source_for(files, spec.format, spec.options))


def _picked(files: Sequence[File], source: Source) -> tuple[tuple[File, ...], Source]:
    return tuple(source.picks(files)), source


def _schema(source: Source, files: Sequence[File], cache: Path, scan_all: bool) -> pa.Schema:
    seen = tuple((file.path, file.inside, *fingerprint(Path(file.path))) for file in files)
    key = (type(source).__qualname__, source.model_dump_json(), scan_all, seen)
    if key not in _remembered:
        shards = source.shards(files, cache) if scan_all else source.slices(files, cache, SLICES, SLICE_BYTES)
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        _remembered[key] = source.infer(shards)
    return _remembered[key]


def _as_told(schema: pa.Schema, spec: SourceSpec, source: Source, files: Sequence[File], cache: Path, spot: Spot) -> pa.Schema:
    """The types that the recipe states in place of those the sample says, where the sample's values are of them."""
    found = schema
    for name, kind in spec.columns.items():
        if not is_name(name):
            spot.error(f"columns.{name}", name, f"{name!r} is no column name", "name a column that the files have")
            continue
        if kind not in TYPES:
            spot.error(f"columns.{name}", kind, f"column {name!r} cannot be {kind!r}", nearest(kind, TYPES) or f"; types are {', '.join(TYPES)}")
            continue
        column = TYPES[kind].with_name(name)
        place = schema.get_field_index(name)
        schema = schema.set(place, column) if place >= 0 else schema.append(column)
    try:
        wrong = _misfits(source, files, cache, schema) if schema != found else []
    except (RecipeError, pa.ArrowException) as error:
        said = " ".join(str(error).split())
        spot.refuse("columns", spec.columns, RecipeError(f"the values are not of these types: {said}"), "state the types that the values have")
        return schema
    for name in wrong:
        seen = f"the sample says {type_name(found.field(name))}, and json holds any value" if name in found.names else "json holds any value"
        spot.error(f"columns.{name}", spec.columns.get(name), f"column {name!r} holds values that are no {spec.columns.get(name)}", seen)
    return schema


def _check_lock(schema: pa.Schema, locked: pa.Schema, source: Source, files: Sequence[File], cache: Path, spot: Spot) -> None:
    """The columns that the lock says must all be there and hold what is found."""
    doubtful = False
    for column in locked:
        if column.name.startswith("_"):
            continue
        if column.name not in schema.names:
            known = [name for name in schema.names if name not in locked.names]
            spot.error(
                "path",
                column.name,
                f"column {column.name!r} is missing, which the lock says it has",
                nearest(column.name, known) or "give rows that have it",
            )
        else:
            doubtful |= not fits(column.type, schema.field(column.name).type)
    for name in _misfits(source, files, cache, locked) if doubtful else ():
        found = type_name(schema.field(name)) if name in schema.names else "something else"
        spot.error("path", name, f"column {name!r} holds {found}", f"the lock says {type_name(locked.field(name))}")


def _misfits(source: Source, files: Sequence[File], cache: Path, locked: pa.Schema) -> list[str]:
    """Columns of which the sample holds values that are not of the locked type: the sample's own types say too little where
    it holds nulls and empty lists alone."""
    loaded = [source.load(shard, locked) for shard in source.slices(files, cache, SLICES, SLICE_BYTES)]
    rows = sum(one.table.num_rows + len(one.bad) for one in loaded)
    counts = Counter(bad.misfit for one in loaded for bad in one.bad if bad.misfit)
    return [name for name in locked.names if counts[name] > rows * MOST_MISFITS]
