"""Profile files: look at a few rows, decide what to read, count it shard by shard, put it together."""

import math
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools.storage import SHARD_BYTES, File, Shard, Source
from workflows.executor import Executor, Progress
from workflows.inputs import SUFFIXES, ending, find, format_of, source_for
from workflows.sources import SLICE_BYTES, SLICES

from .duplicates import MOST_BYTES, MOST_ROWS
from .gather import EXAMINED, Part, Work, gather
from .goals import goals_for
from .result import DataSet, Profile, RowsBy
from .roles import compared_of, content_of, examined_of, shape_of
from .tally import PACKED, Tally

SMALL_BYTES = 128 << 20  # input up to this size is read whole without being asked
PACKING = 5  # how much larger compressed input is taken to be than its files
SAMPLE_SLICES = 128
SAMPLE_BYTES = 8 << 20
LEAST_SLICE = 4 << 10
COUNTED_BYTES = 2 << 30  # plain files up to this size have their lines counted
EXAMINED_BYTES = 4 << 20
MOST_EXAMINED = 4  # columns
MOST_SLICED = 1000  # files, as sources look into
THREADED_BYTES = 256 << 20  # of less input, a process takes longer to start than it saves: threads share the work, most of it outside the GIL
SHARD_ROWS_BYTES = 64 << 20  # of Parquet: a shard that begins within a row group costs the decoding of all before it
PAGE = 1 << 20

Report = Callable[[Progress], None]


def profile(
    paths: Sequence[str], folder: Path, cache: Path, *, full: bool = False, rows: int | None = None, workers: int = 1, progress: Report | None = None
) -> Profile:
    """What lies in these files, folders and globs. Files of different formats are data sets of their own. Small input is read whole;
    of larger input a sample over all files and offsets, unless `full`; with `rows` a sample of about so many. Raises RecipeError."""
    started = time.monotonic()
    files = find(paths, folder, True, cache)
    by_format: dict[str, list[File]] = {}
    for file in files:
        by_format.setdefault(file.layout or SUFFIXES.get(ending(file.path)[0], ""), []).append(file)
    read = Reading(full=full, rows=rows, workers=workers)
    sets = tuple(_data_set(group, paths if len(by_format) == 1 else [], cache, read, progress) for group in by_format.values())
    return Profile(sets=sets, seconds=time.monotonic() - started)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How much is read, and by how many processes."""

    full: bool = False
    rows: int | None = None
    workers: int = 1


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What is read of a data set."""

    work: Work
    shards: list[Shard]
    whole: bool
    bytes: int  # decoded, as far as is known


def _data_set(files: Sequence[File], paths: Sequence[str], cache: Path, read: Reading, progress: Report | None) -> DataSet:
    source = source_for(files, None, {})
    name = format_of(files)
    ordered = sorted(files, key=lambda file: file.inside)
    sizes = [Path(file.path).stat().st_size for file in ordered]
    with tempfile.TemporaryDirectory(prefix="winnow-profile-") as temporary:
        plan = _plan(source, ordered, sizes, cache, Path(temporary), read)
        tally = Tally(plan.work.schema)
        for part in _parts(plan, read.workers, progress):
            tally.add(part)
    rows, rows_by = _rows(name, ordered, sizes, tally, plan.whole)
    columns = tally.columns(plan.work.content)
    _, words = shape_of(columns)
    found = DataSet(
        format=name,
        files=tally.files(ordered, sizes, plan.whole),
        bytes=sum(sizes),
        read_bytes=tally.bytes,
        read="all" if plan.whole else "sample",
        rows_read=tally.rows,
        rows=rows,
        rows_by=rows_by,
        bad=tally.bad,
        shape=words,
        content=plan.work.content,
        columns=columns,
        unseen_keys=dict(tally.unseen.most_common()),
        duplicates=tally.duplicates() if plan.whole else None,
        near_duplicates=tally.near_duplicates() if plan.whole else None,
        goals=(),
    )
    return goals_for(found, paths or [file.path for file in ordered])


def _plan(source: Source, files: Sequence[File], sizes: Sequence[int], cache: Path, temporary: Path, read: Reading) -> _Plan:
    """The columns are told from the same rows as when a recipe is checked; what rows are about, from a look at some of them."""
    slices = source.slices(files, temporary, SLICES, SLICE_BYTES)
    schema = source.infer(slices)
    bare = Work(source=source, schema=schema, content=(), compared=(), examined=(), examined_share=0.0, twins_share=0.0)
    first = Tally(schema)
    for shard in _few(slices):
        first.add(gather(bare, shard))
    seen = first.columns(())
    content = content_of(seen)
    examined, compared = examined_of(seen, content, MOST_EXAMINED), compared_of(seen, content)
    size = sum(bytes_ * (PACKING if file.path.endswith(PACKED) or source.is_by_rows else 1) for file, bytes_ in zip(files, sizes, strict=True))
    wanted = SAMPLE_BYTES if read.rows is None else math.ceil(read.rows * first.bytes / max(first.rows, 1))
    whole = read.full or size <= (SMALL_BYTES if read.rows is None else wanted)
    shards = _all(source, files, cache) if whole else _sample(source, files, temporary, wanted)
    length = sum(shard.stop - shard.start for shard in shards)  # of Parquet rows, else bytes
    rows = max(1.0, length if source.is_by_rows else first.rows * length / max(first.bytes, 1))
    lengths = {column.name: column.characters.mean or 0.0 if column.characters is not None else 0.0 for column in seen}
    looked = max(1.0, sum(lengths[name] for name in examined))
    work = Work(
        source=source,
        schema=schema,
        content=content,
        compared=compared,
        examined=examined,
        examined_share=min(1.0, EXAMINED / rows, EXAMINED_BYTES / (rows * looked)),
        twins_share=min(1.0, MOST_ROWS / rows, MOST_BYTES / (rows * max(1.0, sum(lengths[name] for name in compared)))) if whole else 0.0,
    )
    return _Plan(work=work, shards=shards, whole=whole, bytes=size)


def _few(slices: Sequence[Shard]) -> Sequence[Shard]:
    return slices if len(slices) <= 8 else [slices[index * len(slices) // 8] for index in range(8)]


def _all(source: Source, files: Sequence[File], cache: Path) -> list[Shard]:
    return source.shards(files, cache, SHARD_ROWS_BYTES if source.is_by_rows else SHARD_BYTES)


def _sample(source: Source, files: Sequence[File], temporary: Path, wanted: int) -> list[Shard]:
    count = max(1, min(SAMPLE_SLICES, wanted // LEAST_SLICE))
    return source.slices(files, temporary, count, max(LEAST_SLICE, wanted // max(count, min(len(files), MOST_SLICED))))


def _parts(plan: _Plan, workers: int, progress: Report | None) -> Iterator[Part]:
    shards = plan.shards
    with Executor(workers if plan.whole else 1, threads=plan.bytes <= THREADED_BYTES) as executor:
        for done, part in enumerate(executor.map(partial(gather, plan.work), shards), 1):
            yield part
            if progress is not None:
                progress(Progress(phase="reading", done=done, total=len(shards)))


def _rows(name: str, files: Sequence[File], sizes: Sequence[int], tally: Tally, whole: bool) -> tuple[int | None, RowsBy]:
    if whole:
        return tally.rows, "read"
    if name == "parquet":
        import pyarrow.parquet as pq

        return sum(pq.read_metadata(file.path).num_rows for file in files), "told by the file"
    if any(file.path.endswith(PACKED) for file in files):
        return None, "unknown"
    if name in ("jsonl", "text") and sum(sizes) <= COUNTED_BYTES:
        return sum(_lines(Path(file.path)) for file in files), "lines counted"
    return round(tally.rows * sum(sizes) / max(tally.bytes, 1)), "estimated"


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        count, last = 0, b"\n"
        while page := file.read(PAGE):
            count += page.count(b"\n")
            last = page[-1:]
        return count + (last != b"\n")
