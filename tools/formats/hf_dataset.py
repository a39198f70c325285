"""A Hugging Face data set on disk: what `save_to_disk` wrote, or a folder as the Hub holds it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from tools.catalogue import operator
from tools.contract import Card
from tools.errors import RecipeError
from tools.storage import SHARD_BYTES, Drawn, File, Loaded, Shard, Source

_READERS = {
    ".parquet": "parquet", ".arrow": "arrow", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv", ".txt": "text",
}  # fmt: skip


class HfDataset(Source):
    """Read a Hugging Face data set: a folder made by `save_to_disk`, or one as the Hub holds it, a README.md beside Parquet or JSON Lines.
    Where it has several splits, all are read, and a column says which one each row is of."""

    split: str | None = Field(default=None, description="The only split to read.")
    split_column: str = Field(default="split", description="Column that holds the split where there are several; empty: none.")

    is_by_rows: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        stage="read",
        exact=True,
        aliases=("hugging face dataset", "huggingface dataset", "save_to_disk", "datasets folder", "dataset dict"),
        examples=(),
    )

    def picks(self, files: Sequence[File]) -> Sequence[File]:
        if self.split is None:
            return files
        found = [file for file in files if split_of(file.inside) == self.split]
        if not found:
            raise RecipeError(f"there is no split {self.split!r}; the splits are {', '.join(sorted({split_of(file.inside) for file in files}))}")
        return found

    def shards(self, files: Sequence[File], cache: Path, shard_bytes: int = SHARD_BYTES) -> list[Shard]:
        return [_told(shard) for shard in _reader(files).shards(files, cache, shard_bytes)]

    def slices(self, files: Sequence[File], cache: Path, count: int, slice_bytes: int) -> list[Shard]:
        return [_told(shard) for shard in _reader(files).slices(files, cache, count, slice_bytes)]

    def draw(self, files: Sequence[File], cache: Path, count: int, window: int, seed: int) -> Drawn:
        drawn = _reader(files).draw(files, cache, count, window, seed)
        return replace(drawn, shards=tuple(map(_told, drawn.shards)))

    def infer(self, shards: Sequence[Shard]) -> pa.Schema:
        if not shards:
            return pa.schema([])
        schema = _source(shards[0].inside, shards[0].path).infer(shards)
        splits = {split_of(shard.inside) for shard in shards}
        if self.split_column and len(splits) > 1 and self.split_column not in schema.names:
            schema = schema.append(pa.field(self.split_column, pa.string(), nullable=False))  # columns of files can always be null
        return schema

    def load(self, shard: Shard, schema: pa.Schema, columns: Sequence[str] | None = None) -> Loaded:
        added = self.split_column if self.split_column in schema.names and not schema.field(self.split_column).nullable else None
        own = pa.schema([one for one in schema if one.name != added])
        asked = None if columns is None else [name for name in columns if name != added]
        loaded = _source(shard.inside, shard.path).load(shard, own, asked)
        table = loaded.table
        if added is not None and (columns is None or added in columns):
            table = table.append_column(schema.field(added), pa.array([split_of(shard.inside)] * len(loaded.offset), pa.string()))
            wanted = schema.names if columns is None else columns
            table = table.select([*(name for name in wanted if name in table.column_names), *(set(table.column_names) - set(wanted))])
        return replace(loaded, table=table, raw=None, length=None)  # the split is a value too, which no record holds


def split_of(inside: str) -> str:
    """The split that a file belongs to: the folder it lies in."""
    return PurePosixPath(inside).parent.name


def _told(shard: Shard) -> Shard:
    """The split belongs to what the shard holds."""
    import xxhash

    return replace(shard, digest=xxhash.xxh3_128_hexdigest(f"{split_of(shard.inside)}\0{shard.digest}".encode()))


def _reader(files: Sequence[File]) -> Source:
    known = {type(source).__name__: (source, file) for file in files for source in [_source(file.inside, file.path)]}
    if len(known) > 1:
        (_, one), (_, other) = list(known.values())[:2]
        raise RecipeError(f"the data set holds files of two formats, {one.path!r} and {other.path!r}; name those of one")
    return next(iter(known.values()))[0] if known else _made("parquet")


def _source(inside: str, path: str) -> Source:
    name = _READERS.get(PurePosixPath(inside).suffix.lower())
    if name is None:
        with open(path, "rb") as file:
            name = "parquet" if file.read(4) == b"PAR1" else "arrow"
    return _made(name)


@lru_cache
def _made(name: str) -> Source:
    made = operator(name)()
    assert isinstance(made, Source)
    return made
