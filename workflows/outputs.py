"""The outputs of a recipe: where they go, who writes them, and that they replace nothing they should not."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.errors import RecipeError

from .columns import Stream, meet
from .findings import Findings, Spot
from .graph import Edge, Input, Output
from .inputs import COMPRESSIONS, beneath, sink_for
from .recipe import OutputSpec, Recipe
from .steps import Names


def open_outputs(
    recipe: Recipe, names: Names, streams: Mapping[str, Stream], inputs: Sequence[Input], folder: Path, given: str | None, findings: Findings
) -> tuple[list[Output], list[Edge]]:
    """The outputs that can be written, and every edge that an output reads."""
    if not recipe.outputs:
        findings.at("recipe", "").error("outputs", None, "the recipe has no output", "write `outputs: {train: {from: STEP, path: out.jsonl}}`")
    if given is not None and len(recipe.outputs) > 1:
        said = f"{given!r} is one output, the recipe has {len(recipe.outputs)}: {', '.join(recipe.outputs)}"
        findings.at("recipe", "").error("outputs", given, said, "leave it out; the recipe says where each goes")
        given = None
    made: list[Output] = []
    read: list[Edge] = []
    for name, spec in recipe.outputs.items():
        spot = findings.at("output", name)
        edges = names.edges(spec.rows, spot, "from", every_port=True)
        read += edges
        made += _ports(name, spec, edges, streams, folder, given, spot)
    _refuse_clashes(made, inputs, findings)
    return made, read


def beside(path: str, port: str) -> str:
    """Where a port goes: `out.train.jsonl.zst` beside `out.jsonl.zst`."""
    place = Path(path)
    ends = place.suffixes[-2:] if place.suffix[1:].lower() in COMPRESSIONS else place.suffixes[-1:]
    stem = place.name.removesuffix("".join(ends))
    return str(place.with_name(f"{stem}.{port}{''.join(ends)}"))


def _ports(
    name: str, spec: OutputSpec, edges: Sequence[Edge], streams: Mapping[str, Stream], folder: Path, given: str | None, spot: Spot
) -> list[Output]:
    path = spec.path if given is None else given
    fan_out = [spec.rows] if isinstance(spec.rows, str) and len(edges) > 1 else []
    groups = [(f"{name}.{edge.port}", (edge,), beside(path, edge.port)) for edge in edges] if fan_out else [(name, tuple(edges), path)]
    found = []
    for each, rows, place in groups:
        output = _one(each, spec, rows, place, streams, folder, given is not None, spot)
        if output is None:
            break
        found.append(output)
    return found


def _one(
    name: str, spec: OutputSpec, rows: tuple[Edge, ...], path: str, streams: Mapping[str, Stream], folder: Path, granted: bool, spot: Spot
) -> Output | None:
    try:
        place = _placed(path, folder, granted)
        sink, compression = sink_for(path, spec.format, spec.options)
    except RecipeError as error:
        spot.error("path", path, str(error))
        return None
    known = [streams[edge.step] for edge in rows if edge.step in streams]
    try:
        stream = meet(known) if known and len(known) == len(rows) else Stream(None)
    except RecipeError as error:
        spot.error("from", spec.rows, str(error), "let one step bring them to one type, or give `columns:` to a source")
        return None
    if stream.schema is None:
        return None
    if not stream.schema.names:
        spot.error("from", spec.rows, "the rows have no columns", "keep at least one")
        return None
    return Output(name=name, rows=rows, path=str(place), sink=sink, compression=compression, schema=stream.schema)


def _placed(path: str, folder: Path, granted: bool) -> Path:
    if "://" in path:
        raise RecipeError(f"output path {path!r}: only local files can be written yet")
    if not path or "\0" in path:
        raise RecipeError(f"output path {path!r} is no path")
    place = (folder / path).absolute() if granted else beneath(path, folder)
    if place.is_dir() and not path.endswith("/"):
        raise RecipeError(f"output path {path!r} is a folder; name a file in it")
    return place


def _refuse_clashes(outputs: Sequence[Output], inputs: Sequence[Input], findings: Findings) -> None:
    read = {os.path.realpath(file.path): given.name for given in inputs for file in given.files}
    same = {_identity(Path(path)): name for path, name in read.items()}
    written: dict[str, str] = {}
    for output in outputs:
        spot = findings.at("output", output.name, output.name.partition(".")[0])
        real = os.path.realpath(output.path)
        source = read.get(real) or (same.get(_identity(Path(real))) if os.path.exists(real) else None)
        if source:
            spot.error("path", output.path, f"{output.path!r} is read as source {source!r} and would be overwritten", "write to another file")
        if real in written:
            spot.error("path", output.path, f"{output.path!r} is written by output {written[real]!r} too", "give each output a file of its own")
        written[real] = output.name


def _identity(path: Path) -> tuple[int, int]:
    seen = path.stat()
    return seen.st_dev, seen.st_ino
