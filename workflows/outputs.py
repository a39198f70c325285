"""The outputs of a recipe: where they go, who writes them, and that they replace nothing they should not."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from tools.errors import RecipeError
from tools.storage import Sink

from .columns import Stream, meet
from .findings import Findings, Spot
from .graph import Edge, Input, Output
from .inputs import COMPRESSIONS, MOST_NAME, Unfit, beneath, sink_for, takes_in
from .recipe import OutputSpec, Recipe
from .sources import Paths
from .steps import Names, check_name

ROOM = 80  # bytes that a run adds to an output's name while it writes beside it


def open_outputs(
    recipe: Recipe,
    names: Names,
    streams: Mapping[str, Stream],
    inputs: Sequence[Input],
    folder: Path,
    given: str | None,
    given_inputs: Mapping[str, Paths],
    findings: Findings,
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
        check_name(name, spot)
        edges = names.edges(spec.rows, spot, "from", every_port=True)
        read += edges
        made += _ports(name, spec, edges, streams, folder, given, spot)
    _refuse_clashes(made, inputs, findings)
    _refuse_growth(made, {name: given_inputs.get(name, spec.path) for name, spec in recipe.sources.items()}, inputs, folder, findings)
    return made, read


def beside(path: str, port: str) -> str:
    """Where a port goes: `out.train.jsonl.zst` beside `out.jsonl.zst`; in a folder its parts lie beside those of the others."""
    if path.endswith("/"):
        return path
    place = Path(path)
    ends = place.suffixes[-2:] if place.suffix[1:].lower() in COMPRESSIONS else place.suffixes[-1:]
    stem = place.name.removesuffix("".join(ends))
    return str(place.with_name(f"{stem}.{port}{''.join(ends)}"))


def _ports(
    name: str, spec: OutputSpec, edges: Sequence[Edge], streams: Mapping[str, Stream], folder: Path, given: str | None, spot: Spot
) -> list[Output]:
    path = spec.path if given is None else given
    fan_out = [spec.rows] if isinstance(spec.rows, str) and len(edges) > 1 else []
    groups = [(f"{name}.{edge.port}", (edge,), beside(path, edge.port), edge.port) for edge in edges] if fan_out else [(name, tuple(edges), path, "")]
    found = []
    for each, rows, place, part in groups:
        output = _one(each, spec, rows, place, part, streams, folder, given is not None, spot)
        if output is None:
            break
        found.append(output)
    return found


def _one(
    name: str, spec: OutputSpec, rows: tuple[Edge, ...], path: str, part: str, streams: Mapping[str, Stream], folder: Path, granted: bool, spot: Spot
) -> Output | None:
    try:
        place = _placed(path, folder, granted)
        sink, compression = sink_for(path, spec.format, spec.options)
    except Unfit as error:
        for problem in error.problems:
            spot.error(f"with.{problem.key}" if problem.key else "with", problem.value, problem.message, problem.mend)
        return None
    except RecipeError as error:
        key = "format" if str(error).startswith(("format ", "operator ")) else "path"
        spot.refuse(key, spec.format if key == "format" else path, error, "name a file beneath the recipe's folder, as in 'out.jsonl'")
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
    try:
        _try(sink, compression, stream.schema)
    except RecipeError as error:
        spot.refuse("with", spec.options, error, "choose columns that this format can hold, or another format")
        return None
    stem = (part or sink.stem()) if path.endswith("/") else ""
    return Output(name=name, rows=rows, path=str(place), part=stem, sink=sink, compression=compression, schema=stream.schema)


def _try(sink: Sink, compression: str, schema: pa.Schema) -> None:
    """Write an empty file with these columns, elsewhere. Raises RecipeError where the sink cannot hold them."""
    with tempfile.TemporaryDirectory(prefix="winnow-check-") as name:
        try:
            piece = Path(name, "piece")
            sink.piece(schema.empty_table(), None, piece)
            with Path(name, "joined").open("wb") as file:
                sink.join([piece], schema, file, compression)
        except pa.ArrowException as error:
            said = " ".join(str(error).split())
            raise RecipeError(f"{type(sink).__name__} cannot hold these columns: {said}; leave out by `select_columns` what it cannot hold") from None


def _placed(path: str, folder: Path, granted: bool) -> Path:
    if "://" in path:
        raise RecipeError(f"output path {path!r}: only local files can be written yet; name one beneath the recipe's folder")
    place = beneath(path, folder, granted)
    if len(os.fsencode(place.name)) > MOST_NAME - ROOM:
        raise RecipeError(f"output path {path[:40] + '...'!r}: the name is too long; at most {MOST_NAME - ROOM} bytes do")
    if place.is_dir() and not path.endswith("/"):
        raise RecipeError(f"output path {path!r} is a folder; name a file in it, or end it in `/` for a folder of parts")
    if place.is_file() and path.endswith("/"):
        raise RecipeError(f"output path {path!r} is a file; name a folder that is not there yet")
    parent = next(parent for parent in place.parents if os.path.lexists(parent))
    if not parent.is_dir():
        raise RecipeError(f"output path {path!r}: {str(parent)!r} is a file, and no folder; write beside it")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise RecipeError(f"output path {path!r}: nothing can be written to {str(parent)!r}; name another folder, or let yourself write there")
    return place


def _refuse_clashes(outputs: Sequence[Output], inputs: Sequence[Input], findings: Findings) -> None:
    read = {os.path.realpath(file.path): given.name for given in inputs for file in given.files}
    same = {_identity(Path(path)): name for path, name in read.items()}
    written: dict[str, Output] = {}
    for output in outputs:
        spot = findings.at("output", output.name, output.name.partition(".")[0])
        real = os.path.realpath(output.path)
        source = read.get(real) or (same.get(_identity(Path(real))) if os.path.exists(real) else None)
        source = source or next((name for path, name in read.items() if output.part and Path(path).is_relative_to(real)), None)
        if source:
            spot.error("path", output.path, f"{output.path!r} is read as source {source!r} and would be overwritten", "write to another file")
        if real in written and not _share(written[real], output):
            spot.error("path", output.path, f"{output.path!r} is written by output {written[real].name!r} too", _mend(written[real], output))
        written.setdefault(real, output)
        clash = next((one for one in outputs if one is not output and one.part == output.part != "" and one.path == output.path), None)
        if clash is not None and _share(clash, output):
            spot.error("path", output.path, f"{output.path!r} gets parts {output.part!r} from {clash.name!r} too", "give each a `split:` of its own")
    for output in outputs:
        for parent in Path(os.path.realpath(output.path)).parents:
            if str(parent) in written:
                noun = "folder" if written[str(parent)].part else "file"
                said = f"{output.path!r} lies in {str(parent)!r}, which is the {noun} of output {written[str(parent)].name!r}"
                findings.at("output", output.name, output.name.partition(".")[0]).error("path", output.path, said, "give it a folder of its own")


def _share(one: Output, other: Output) -> bool:
    """Whether two outputs may be parts of one folder."""
    return bool(one.part and other.part) and type(one.sink) is type(other.sink)


def _mend(one: Output, other: Output) -> str:
    return "give each output a folder of its own" if one.part and other.part else "give each output a file of its own"


def _refuse_growth(outputs: Sequence[Output], paths: Mapping[str, Paths], inputs: Sequence[Input], folder: Path, findings: Findings) -> None:
    """Outputs that the next run would read."""
    read = {os.path.realpath(file.path) for given in inputs for file in given.files}
    for output in outputs:
        suffix = output.sink.part_suffix or next(iter(output.sink.suffixes), "")
        place = f"{output.path}/{output.part}{suffix}" if output.part else output.path
        for name, path in paths.items():
            if takes_in(path, folder, place) and os.path.realpath(place) not in read:
                spot = findings.at("output", output.name, output.name.partition(".")[0])
                spot.error("path", output.path, f"{output.path!r} would be read as source {name!r} by the next run", "write to another folder")


def _identity(path: Path) -> tuple[int, int]:
    seen = path.stat()
    return seen.st_dev, seen.st_ino
