"""Shards: the same rows whatever the compression and the shard size; damage is named; cuts are remembered."""

import gzip
import json
import os
import random

import pyarrow as pa
import pytest
import xxhash
import zstandard
from format_files import PACK
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import RecipeError
from tools.formats import compression, splitting
from tools.formats.csv import Csv
from tools.formats.json_array import JsonArray
from tools.formats.jsonl import Jsonl
from tools.formats.line_cuts import line_cuts
from tools.formats.text import Text
from tools.storage import File

LINES = [json.dumps({"id": index, "text": 'é{}[]"\\\n' * (index % 20), "tags": ["a", index]}, ensure_ascii=index % 2 == 0) for index in range(160)]
LINES[7] = "not json"
LINES[9] = "  "
JSONL = "\r\n".join(LINES).encode()
CSV = ("id,text\n" + "".join(f'{index},"a ""quoted""\n\r\n{"é," * (index % 40)}"\r\n' for index in range(300)) + "bad\n\n7,x").encode()
ARRAY = json.dumps([json.loads(line) for index, line in enumerate(LINES) if index not in (7, 9)], indent=1, ensure_ascii=False).encode()
PARAGRAPHS = ("\n \t\nfirst\n" + "".join(f"  a {index}\n b\r\n\r\n\n" + "\n" * (index % 3) for index in range(900)) + "last").encode()
CASES = {
    "jsonl": (Jsonl(), JSONL, 158),
    "csv": (Csv(), CSV, 301),
    "array": (JsonArray(), ARRAY, 158),
    "concatenated": (JsonArray(), b"\xef\xbb\xbf\n" + b" ".join(line.encode() for line in LINES if line.startswith("{")), 158),
    "lines": (Text(), JSONL, 160),
    "paragraphs": (Text(records="paragraph"), PARAGRAPHS, 901),
}


@pytest.mark.parametrize("name", CASES)
def test_compression_and_shard_size_do_not_show(name, reader):
    source, data, count = CASES[name]
    plain = reader.read(source, reader.file(data, "a"))
    assert len(plain.rows) == count
    assert len({place[1] for place in plain.places}) == count
    schema = plain.loaded[0].table.schema
    for packing in PACK:
        file = reader.file(data, "a", packing)
        for size in (1000, 7777):
            out = reader.read(source, file, size, schema=schema)
            assert (out.rows, out.places, out.bad) == (plain.rows, plain.places, plain.bad)
            assert [shard.start for shard in out.shards] == [0, *(shard.stop for shard in out.shards[:-1])]
            assert out.shards[-1].stop == len(data)
            assert len(out.shards) > 1 or size > 7777
    cuts = [[(s.start, s.stop, s.digest) for s in source.shards([reader.file(data, "a", packing)], reader.cache, 1000)] for packing in PACK]
    assert all(one == cuts[0] for one in cuts)


@given(st.lists(st.sampled_from([b"", b"x", b"1234567", b"12345678", b"y" * 40]), max_size=30), st.booleans(), st.sampled_from([None, 1, 3]))
def test_plain_files_of_lines_are_cut_as_one_pass_cuts_them(tmp_path_factory, lines, ends, limit):
    path = tmp_path_factory.mktemp("cut") / "a"
    path.write_bytes(b"\n".join(lines) + (b"\n" if ends else b""))
    layout = splitting.Layout("lines", splitting.Lines, 8, limit)
    assert list(line_cuts(str(path), 8, limit)) == list(splitting._cuts(str(path), layout, None))


def test_a_record_belongs_to_the_shard_where_its_first_byte_lies(reader):
    out = reader.data(Jsonl(), JSONL, shard_bytes=1000)
    for shard, loaded in zip(out.shards, out.loaded, strict=True):
        assert {offset // 1000 for offset in loaded.offset.to_pylist()} <= {shard.start // 1000}


def test_every_record_is_found_again_in_the_raw_bytes(reader):
    out = reader.data(Jsonl(), JSONL, shard_bytes=5000)
    found = []
    for shard, loaded in zip(out.shards, out.loaded, strict=True):
        for offset, length in zip(loaded.offset.to_pylist(), loaded.length.to_pylist(), strict=True):
            found.append(loaded.raw.to_pybytes()[offset - shard.start :][:length].decode())
    assert found == [line for index, line in enumerate(LINES) if index not in (7, 9)]


def test_digests_are_of_the_bytes(reader):
    for packing in ("", ".gz"):
        for shard in Jsonl().shards([reader.file(JSONL, "a", packing)], reader.cache, 5000):
            assert shard.digest == xxhash.xxh3_128_hexdigest(JSONL[shard.start : shard.stop])


def test_cuts_are_remembered_until_the_file_changes(reader, monkeypatch):
    for packing in ("", ".zst"):
        file = reader.file(JSONL, "a", packing)
        before = Jsonl().shards([file], reader.cache, 5000)
        with monkeypatch.context() as patch:
            patch.setattr("tools.formats.splitting.chunks", lambda path: pytest.fail("read again"))
            assert Jsonl().shards([file], reader.cache, 5000) == before
        changed = reader.file(JSONL.replace(b"id", b"ID"), "a", packing)
        os.utime(changed.path, ns=(1, 1))
        assert [one.digest for one in Jsonl().shards([changed], reader.cache, 5000)] != [one.digest for one in before]


def test_lost_pieces_are_made_again(reader):
    file = reader.file(JSONL, "a", ".gz")
    before = Jsonl().shards([file], reader.cache, 5000)
    os.unlink(before[1].path)
    assert Jsonl().shards([file], reader.cache, 5000) == before
    assert os.path.getsize(before[1].path) == before[1].stop - before[1].start


def test_members_and_frames_are_read_on(reader):
    half = len(JSONL) // 2
    plain = reader.data(Jsonl(), JSONL)
    for packing in (".gz", ".zst", ".bz2", ".xz"):
        path = reader.folder / f"a{packing}"
        path.write_bytes(PACK[packing](JSONL[:half]) + PACK[packing](b"") + PACK[packing](JSONL[half:]))
        assert reader.read(Jsonl(), File(path=str(path), inside="a")).rows == plain.rows


@pytest.mark.parametrize("packing", [".gz", ".zst", ".bz2", ".xz"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_of_a_truncated_file_all_rows_before_the_cut_are_kept(packing, share, reader):
    data = _numbered()
    packed = PACK[packing](data)
    path = reader.folder / f"a{packing}"
    path.write_bytes(packed[: int(len(packed) * share)])
    out = reader.read(Jsonl(), File(path=str(path), inside="a"), 100_000)
    count = len(out.rows)
    assert [row["n"] for row in out.rows] == list(range(count))
    assert packing == ".bz2" or count > share * 18_000 - 6000
    assert out.shards[-1].damaged
    assert not any(shard.damaged for shard in out.shards[:-1])
    assert len(out.bad) <= 1
    assert all("damaged" in reason and "ends early" in reason for _, _, _, reason, _, _ in out.bad)
    end = out.bad[0][1] + len(out.bad[0][4]) if out.bad else out.shards[-1].stop
    assert end == out.shards[-1].stop


@pytest.mark.parametrize("packing", [".gz", ".zst", ".bz2", ".xz"])
def test_corrupt_bytes_in_the_middle_are_damage_not_a_crash(packing, reader):
    data = _numbered()
    packed = bytearray(PACK[packing](data))
    packed[len(packed) // 2] ^= 0xFF
    packed[len(packed) // 2 + 1 : len(packed) // 2 + 400] = bytes(399)
    path = reader.folder / f"a{packing}"
    path.write_bytes(packed)
    schema = pa.schema([("n", pa.int64()), ("x", pa.string())])
    out = reader.read(Jsonl(), File(path=str(path), inside="a"), 100_000, schema=schema)
    rows = [row["n"] for row in out.rows]
    assert rows[:5000] == list(range(5000)) or packing in (".bz2", ".xz")  # those are decoded by large blocks
    assert out.shards[-1].damaged


def _numbered():
    chance = random.Random(3)
    return b"".join(json.dumps({"n": index, "x": chance.randbytes(20).hex()}).encode() + b"\n" for index in range(20_000))


def test_what_is_not_compressed_is_damage_with_no_rows(reader):
    path = reader.folder / "a.gz"
    path.write_bytes(b"plain text\n")
    out = reader.read(Text(), File(path=str(path), inside="a"))
    assert out.rows == []
    assert "gz data is damaged" in out.shards[0].damaged


def test_bombs_are_refused(reader, monkeypatch):
    monkeypatch.setattr(compression, "BOMB_BYTES", 1 << 22)
    for packing in (".gz", ".zst", ".bz2", ".xz"):
        path = reader.folder / f"a.jsonl{packing}"
        path.write_bytes(PACK[packing](bytes(1 << 25)))
        if packing == ".gz":  # deflate gives 1,032 at most
            monkeypatch.setattr(compression, "BOMB_RATIO", 900)
        with pytest.raises(RecipeError, match=r"a\.jsonl.*bomb"):
            Jsonl().shards([File(path=str(path), inside="a.jsonl")], reader.cache)


def test_a_missing_file_is_named(reader):
    with pytest.raises(RecipeError, match=r"nothing\.jsonl"):
        Jsonl().shards([File(path=str(reader.folder / "nothing.jsonl"), inside="x")], reader.cache)


@pytest.mark.parametrize("name", CASES)
def test_slices_are_spread_and_hold_whole_records(name, reader):
    source, data, _ = CASES[name]
    many = data if name in ("array",) else (data + b"\n") * 40
    file = reader.file(many, "a")
    slices = source.slices([file], reader.cache, 4, 4000)
    assert 1 <= len(slices) <= 5
    assert sum(one.stop - one.start for one in slices) < 60_000
    whole = reader.read(source, file)
    places = {place[1] for place in whole.places} | {one[1] for one in whole.bad}
    for one in slices:
        loaded = source.load(one, whole.loaded[0].table.schema)
        assert len(loaded.offset)
        assert set(loaded.offset.to_pylist()) <= places


def test_small_input_comes_back_whole(reader):
    for packing in PACK:
        file = reader.file(JSONL, "a", packing)
        slices = Jsonl().slices([file], reader.cache, 64, 1 << 16)
        assert [slices[0].start, slices[-1].stop] == [0, len(JSONL)]


def test_files_are_numbered_by_their_names_inside(reader):
    files = [reader.file(b'{"a":1}\n', "b"), reader.file(b'{"a":2}\n', "a", ".gz")]
    assert [(one.file, one.inside) for one in Jsonl().shards(files, reader.cache)] == [(0, "a"), (1, "b")]


def test_empty_files_have_no_rows(reader):
    for source in (Jsonl(), Csv(), JsonArray(), Text(), Text(records="paragraph")):
        for packing in PACK:
            out = reader.read(source, reader.file(b"", "a", packing))
            assert (out.rows, out.bad) == ([], [])


def test_a_file_that_changes_while_it_is_read_is_refused(reader, monkeypatch):
    file = reader.file(JSONL, "a")
    inner = compression.chunks

    def changing(path):
        yield from inner(path)
        with open(path, "ab") as stream:
            stream.write(b"{}\n")

    def changing_lines(path, *layout):
        yield from line_cuts(path, *layout)
        with open(path, "ab") as stream:
            stream.write(b"{}\n")

    monkeypatch.setattr("tools.formats.splitting.chunks", changing)
    monkeypatch.setattr("tools.formats.splitting.line_cuts", changing_lines)
    for source in (Jsonl(), Csv()):
        with pytest.raises(RecipeError, match="changed while it was read"):
            source.shards([file], reader.cache)


def test_gzip_and_zstd_files_of_other_programs_are_read(reader):
    path = reader.folder / "a.gz"
    path.write_bytes(gzip.compress(b'{"a":1}\n') + bytes(512))  # padded, as tape archives are
    assert reader.read(Jsonl(), File(path=str(path), inside="a")).rows == [{"a": 1}]
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
    path = reader.folder / "a.zst"
    path.write_bytes(skippable + zstandard.ZstdCompressor(write_content_size=False).compress(b'{"a":1}\n') + skippable)
    assert reader.read(Jsonl(), File(path=str(path), inside="a")).rows == [{"a": 1}]
