"""Broken input: whatever is cut, flipped or spliced, nothing crashes and nothing is lost: lines in = rows + quarantined."""

import json
import random
from itertools import pairwise

import pyarrow as pa
import pytest

from tools.errors import RecipeError
from tools.formats.csv import Csv
from tools.formats.json_array import JsonArray
from tools.formats.jsonl import Jsonl
from tools.formats.text import Text
from tools.storage import File, Shard

ROWS = [{"id": index, "text": f'a "quoted", {{line}} é{index}\n', "nested": {"a": [index, None]}} for index in range(60)]
GOOD = {
    "jsonl": (Jsonl(), "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode()),
    "array": (JsonArray(), json.dumps(ROWS).encode()),
    "csv": (Csv(), ("id,text\n" + "".join(f'{row["id"]},"{row["text"]}"\n'.replace('a "quoted"', 'a ""quoted""') for row in ROWS)).encode()),
    "text": (Text(), "\n".join(row["text"] for row in ROWS).encode()),
}


def _mutated(data: bytes, chance: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(broken) or 1)
        kind = chance.randrange(5)
        if kind == 0:
            del broken[at : at + chance.randint(1, 30)]
        elif kind == 1:
            broken[at : at + 1] = chance.choice(
                [b'"', b"\\", b"\n", b"\r", b"{", b"}", b"[", b"]", b",", b"\0", b"\xff", b"\xef\xbb\xbf", b"NaN", b"-0"]
            )
        elif kind == 2 and broken:
            broken[at % len(broken)] ^= 1 << chance.randrange(8)
        elif kind == 3:
            broken[at:at] = broken[chance.randrange(len(broken) or 1) :][: chance.randint(1, 50)]
        else:
            del broken[max(at, len(broken) // 2) :]
    return bytes(broken)


@pytest.mark.parametrize("name", GOOD)
def test_mutated_files(name, reader):
    source, data = GOOD[name]
    file = reader.file(data, "a")
    schema = source.infer(source.slices([file], reader.cache, 8, 1 << 16))
    chance = random.Random(7)
    for _ in range(400):
        broken = _mutated(data, chance)
        shard = _shard(reader, broken if name != "csv" else data[:8] + broken[8:])  # another header is another file
        whole = source.load(shard, schema)
        _check_places(reader.folder.joinpath("broken").read_bytes(), whole)
        projected = source.load(shard, schema, schema.names[:1])
        assert projected.offset.equals(whole.offset)
        if name in ("jsonl", "text"):
            lines = [line for line in broken.split(b"\n") if name == "text" or line.strip(b" \t\r")]
            lines = lines[:-1] if name == "text" and not lines[-1] else lines
            assert len(whole.offset) + len(whole.bad) == len([line for line in lines if line not in (b"\xef\xbb\xbf",)])


def _shard(reader, data: bytes):
    path = reader.folder / "broken"
    path.write_bytes(data)
    return Shard(path=str(path), inside="broken", file=0, start=0, stop=len(data))


def _check_places(data: bytes, loaded) -> None:
    """Rows and quarantined records lie apart, each with its own bytes."""
    ends = [(bad.offset, bad.offset + bad.length) for bad in loaded.bad]
    assert all(data[start:stop] == bad.raw for (start, stop), bad in zip(ends, loaded.bad, strict=True))
    lengths = loaded.length.to_pylist() if loaded.length is not None else [0] * len(loaded.offset)
    spans = sorted([*ends, *((at, at + length) for at, length in zip(loaded.offset.to_pylist(), lengths, strict=True))])
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert loaded.table.num_rows == len(loaded.offset) == len(loaded.line)
    loaded.table.validate(full=True)


def test_mutated_files_keep_their_schema(reader):
    chance = random.Random(9)
    for name, (source, data) in GOOD.items():
        for turn in range(40):
            path = reader.folder / f"{name}{turn}"
            path.write_bytes(_mutated(data, chance))
            try:
                out = reader.read(source, File(path=str(path), inside=name), 500)
            except RecipeError as error:
                assert "header" in str(error)
            else:
                assert all(isinstance(loaded.table, pa.Table) for loaded in out.loaded)
