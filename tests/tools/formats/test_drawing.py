"""Windows drawn at random: whole records, at their own places, every record with the same chance, and all of a small input."""

import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tools.formats import drawing, parquet_drawing
from tools.formats.csv import Csv
from tools.formats.json_array import JsonArray
from tools.formats.jsonl import Jsonl
from tools.formats.parquet import Parquet
from tools.formats.text import Text
from tools.storage import File

ROWS = [{"n": number, "text": "x" * random.Random(number).randrange(5, 200)} for number in range(6000)]


def lines() -> bytes:
    return "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def table() -> bytes:
    return b"n,text\n" + "".join(f"{row['n']},{row['text']}\n" for row in ROWS).encode()


CASES = {
    "jsonl": (Jsonl(), lines(), ""),
    "jsonl.gz": (Jsonl(), lines(), ".gz"),
    "csv": (Csv(), table(), ""),
    "csv.zst": (Csv(), table(), ".zst"),
    "json": (JsonArray(), json.dumps(ROWS).encode(), ""),
    "text": (Text(), "".join(f"{row['n']} {row['text']}\n" for row in ROWS).encode(), ""),
}


def loaded(source, drawn, schema):
    return [(shard, source.load(shard, schema)) for shard in drawn.shards]


@pytest.mark.parametrize("name", CASES)
def test_drawn_windows_hold_whole_records_at_their_own_places(name, reader):
    source, data, packing = CASES[name]
    file = reader.file(data, "a", packing)
    whole = reader.read(source, file)
    known = dict(zip([place[1] for place in whole.places], whole.rows, strict=True))
    drawn = source.draw([file], reader.cache, 20, 1000, seed=3)
    assert not drawn.whole
    assert 10 <= len(drawn.shards) <= 20
    assert drawn.drawn == 20
    seen = [
        (offset, row)
        for _, one in loaded(source, drawn, whole.loaded[0].table.schema)
        for offset, row in zip(one.offset.to_pylist(), one.table.to_pylist(), strict=True)
    ]
    assert len(seen) > 50
    assert len({offset for offset, _ in seen}) == len(seen)
    assert all(known[offset] == row for offset, row in seen)


@pytest.mark.parametrize("name", CASES)
def test_a_small_input_is_given_whole(name, reader):
    source, data, packing = CASES[name]
    drawn = source.draw([reader.file(data, "a", packing)], reader.cache, 64, 1 << 20, seed=0)
    assert drawn.whole
    assert drawn.total == sum(shard.stop - shard.start for shard in drawn.shards)


def test_another_seed_draws_other_windows_and_the_same_seed_the_same(reader):
    file = reader.file(lines(), "a")
    one, again, other = (Jsonl().draw([file], reader.cache, 20, 1000, seed) for seed in (1, 1, 2))
    assert one == again
    assert one.shards != other.shards


def test_every_record_has_the_same_chance_however_long_it_and_its_neighbours_are(reader):
    rows = [{"n": number, "text": "x" * (2000 if number % 10 == 0 else 20)} for number in range(4000)]
    file = reader.file("".join(json.dumps(row) + "\n" for row in rows).encode(), "a")
    schema = pa.schema([("n", pa.int64()), ("text", pa.string())])
    after_long = total = 0
    for seed in range(40):
        for _, one in loaded(Jsonl(), Jsonl().draw([file], reader.cache, 40, 1500, seed), schema):
            numbers = one.table["n"].to_pylist()
            total += len(numbers)
            after_long += sum(number % 10 == 1 for number in numbers)
    assert total > 8000
    assert 0.09 < after_long / total < 0.11


def test_the_records_of_plain_lines_are_counted(reader):
    assert Jsonl().draw([reader.file(lines(), "a")], reader.cache, 20, 1000, 0).records == len(ROWS)
    assert Jsonl().draw([reader.file(lines()[:-1], "b")], reader.cache, 20, 1000, 0).records == len(ROWS)
    assert Csv().draw([reader.file(table(), "c")], reader.cache, 20, 1000, 0).records is None


def test_windows_are_drawn_over_all_files_by_their_size(reader):
    files = [reader.file(lines(), "a"), reader.file(lines()[: len(lines()) // 10], "b")]
    numbers = [shard.file for seed in range(10) for shard in Jsonl().draw(files, reader.cache, 22, 1000, seed).shards]
    assert 0.04 < numbers.count(1) / len(numbers) < 0.15


def test_of_a_large_packed_file_only_the_head_is_drawn_from(reader, monkeypatch):
    monkeypatch.setattr(drawing, "DECODED_BYTES", 100)
    drawn = Jsonl().draw([reader.file(lines(), "a", ".gz")], reader.cache, 5, 1000, 0)
    assert drawn.heads == ("a",)
    assert drawn.shards[0].start == 0


def test_of_many_shards_some_are_searched_and_several_windows_drawn_from_each(reader, monkeypatch):
    monkeypatch.setattr(drawing, "SHARD_BYTES", 10_000)
    monkeypatch.setattr(drawing, "MOST_SHARDS", 4)
    drawn = Csv().draw([reader.file(table(), "a")], reader.cache, 20, 1000, 0)
    assert drawn.drawn == 4
    assert len(set(drawn.clusters)) == 4
    assert len(drawn.shards) > 10


def parquet(reader, rows_a_group: int = 1000) -> File:
    path = reader.folder / "a.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS), path, row_group_size=rows_a_group)
    return File(path=str(path), inside="a.parquet")


def test_rows_of_parquet_keep_their_numbers(reader):
    file, source = parquet(reader), Parquet()
    drawn = source.draw([file], reader.cache, 20, 1000, seed=3)
    assert drawn.records == drawn.total == len(ROWS)
    schema = source.infer(drawn.shards)
    seen = [(o, n) for _, one in loaded(source, drawn, schema) for o, n in zip(one.offset.to_pylist(), one.table["n"].to_pylist(), strict=True)]
    assert len(seen) > 50
    assert all(offset == number for offset, number in seen)
    assert len({offset // 1000 for offset, _ in seen}) == 6


def test_of_many_row_groups_some_are_decoded(reader, monkeypatch):
    monkeypatch.setattr(parquet_drawing, "DECODED_BYTES", 1000)
    monkeypatch.setattr(parquet_drawing, "LEAST_GROUPS", 3)
    drawn = Parquet().draw([parquet(reader, 100)], reader.cache, 30, 500, seed=3)
    assert len(set(drawn.clusters)) == 3
    assert len({shard.start // 100 for shard in drawn.shards}) == 3


def test_small_parquet_is_given_whole(reader):
    assert Parquet().draw([parquet(reader)], reader.cache, 64, 1 << 20, 0).whole
