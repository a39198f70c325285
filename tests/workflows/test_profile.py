"""What a profile tells of files: counts, repeats, bad records, languages, and goals that the planner understands."""

import datetime
import gzip
import json
import random
import shlex
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agents import plan
from tests.tools.real_data import FOLDER
from tools.dedupe.shingles import mixed
from workflows.inputs import find, source_for
from workflows.profile import DataSet, profile, survey
from workflows.profile.columns import spread
from workflows.profile.duplicates import SIMILAR, draw, estimate, row_keys, together
from workflows.profile.gather import Work, gather
from workflows.profile.keys import KeyTally, keys_of
from workflows.profile.tally import Tally

LETTERS = "eeeeaaaattooiinnsshhrrddllcumwfgypbvk"


def lines(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))
    return path


def look(*paths: Path | str, **options: object) -> DataSet:
    (found,) = profile([str(path) for path in paths], Path.cwd(), Path(paths[0]).parent / "cache", **options).sets  # type: ignore[arg-type]
    return found


def prose(drawn: random.Random, words: int) -> str:
    """Words about as long as in English."""
    return " ".join("".join(drawn.choices(LETTERS, k=drawn.randrange(2, 9))) for _ in range(words))


def families(count: int) -> tuple[list[str], float]:
    """Texts, a third of which are an earlier one with one word changed, and that share."""
    drawn = random.Random(7)
    texts: list[str] = []
    for _ in range(count):
        text = prose(drawn, 120).split()
        texts.append(" ".join(text))
        if drawn.random() < 0.5:
            text[drawn.randrange(120)] = "changed"
            texts.append(" ".join(text))
    drawn.shuffle(texts)
    return texts, (len(texts) - count) / len(texts)


def test_columns_are_counted(tmp_path: Path):
    rows = [
        {"id": f"a{n}", "label": "x" if n % 4 else "y", "score": n / 2, "text": None if n == 3 else " " if n == 4 else f"one two {n}"}
        for n in range(100)
    ]
    found = look(lines(tmp_path / "a.jsonl", rows))
    assert (found.read, found.rows, found.rows_by, found.bad) == ("all", 100, "read", 0)
    columns = {column.name: column for column in found.columns}
    text, label, score = columns["text"], columns["label"], columns["score"]
    assert (text.nulls, text.empties, text.distinct, text.distinct_exact) == (1, 1, 99, True)
    assert text.characters is not None
    assert (text.characters.least, text.characters.largest) == (1, 10)
    assert [(value.value, value.rows) for value in label.top] == [("x", 75), ("y", 25)]
    assert score.numbers is not None
    assert (score.numbers.least, score.numbers.mean, score.numbers.largest) == (0.0, 24.75, 49.5)
    assert score.numbers.quantiles["50%"] == 24.5
    assert sum(count for _, _, count in score.numbers.histogram) == 100
    assert columns["id"].role.startswith("id")
    assert label.role == "label: 2 values"
    assert found.content == ("text",)


def test_where_files_are_cut_changes_nothing(tmp_path: Path):
    texts, _ = families(300)
    path = lines(tmp_path / "a.jsonl", [{"n": number, "text": text} for number, text in enumerate(texts)])
    files = find(str(path), tmp_path, True)
    source = source_for(files, None, {})
    told = []
    for shard_bytes in (1 << 24, 30_000):
        shards = source.shards(files, tmp_path / "cache", shard_bytes)
        work = Work(
            source=source,
            schema=source.infer(shards),
            content=("text",),
            compared=("text",),
            examined=("text",),
            examined_share=0.2,
            twins_share=0.5,
        )
        tally = Tally(work.schema)
        for shard in shards:
            tally.add(gather(work, shard))
        told.append((len(shards) > 1, tally.columns(("text",)), tally.duplicates(), tally.near_duplicates()))
    (one, *whole), (many, *cut) = told
    assert (one, many) == (False, True)
    assert whole == cut


@pytest.mark.parametrize("threaded", [0, 1 << 28])
def test_threads_and_processes_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threaded: int):
    monkeypatch.setattr("workflows.profile.survey.THREADED_BYTES", threaded)
    for name in "abcde":
        lines(tmp_path / f"{name}.jsonl", [{"text": f"row {number} of {name if number % 2 else 'all'}"} for number in range(50)])
    assert look(tmp_path, workers=2) == look(tmp_path, workers=1)
    assert look(tmp_path).duplicates.share == pytest.approx(100 / 250)  # type: ignore[union-attr]


def test_few_keys_are_exact_and_many_are_estimated():
    hashes = mixed(np.arange(100_000, dtype=np.uint64))
    exact, rough = KeyTally(1 << 20), KeyTally(4096)
    for part in np.array_split(np.concatenate((hashes, hashes[:25_000])), 9):
        exact.add(keys_of(part, 1 << 20))
        rough.add(keys_of(part, 4096))
    assert (exact.keys.distinct, exact.keys.is_exact, exact.keys.repeated_share) == (100_000, True, 0.2)
    assert not rough.keys.is_exact
    assert len(rough.keys.hashes) <= 4096
    assert rough.keys.distinct == pytest.approx(100_000, rel=0.08)
    assert rough.keys.repeated_share == pytest.approx(0.2, abs=0.03)


def test_a_row_has_the_same_key_among_any_neighbours():
    drawn = random.Random(1)
    texts = ["", "short", "日本語の文章は空白なしで書かれる。" * 9, *(prose(drawn, drawn.randrange(1, 900)) for _ in range(200))]
    together_ = row_keys(pa.array(texts, pa.string()))
    apart = np.concatenate([row_keys(pa.array([text], pa.string())) for text in texts])
    assert (together_ == apart).mean() > 0.99  # a gram that two pieces share may be lost
    assert row_keys(pa.array(["One Two three four five six"]))[0] == row_keys(pa.array(["one two THREE four five six"]))[0]


def test_near_duplicates_are_estimated_from_all_rows_or_by_key():
    texts, true = families(2000)
    array = pa.array(texts, pa.string())
    whole = estimate(draw(array, 1.0))
    assert whole is not None
    assert whole.share == pytest.approx(true, abs=0.01)
    assert whole.low == whole.high == whole.share
    by_key = estimate(together([draw(array.slice(start, 500), 0.3) for start in range(0, len(texts), 500)]))
    assert by_key is not None
    assert by_key.rows_compared < 0.4 * len(texts)
    assert by_key.share == pytest.approx(true, abs=0.04)
    assert by_key.low < by_key.share < by_key.high
    assert by_key.similarity == SIMILAR


def test_texts_without_near_duplicates_have_none():
    drawn = random.Random(3)
    found = estimate(draw(pa.array([prose(drawn, 60) for _ in range(800)], pa.string()), 1.0))
    assert found is not None
    assert found.share == 0
    assert estimate(draw(pa.array(["", " ?! "], pa.string()), 1.0)) is None


def test_families_of_real_pages_are_seen(tmp_path: Path):
    path = FOLDER / "docs_near_dup/powershell_reference.jsonl.zst"
    if not path.exists():
        pytest.skip(f"no data at {path}")
    (found,) = profile([str(path)], tmp_path, tmp_path / "cache").sets
    assert found.near_duplicates is not None
    assert found.duplicates is not None
    assert found.near_duplicates.low < 1393 / 1925 < found.near_duplicates.high  # what minhash_dedup merges
    assert found.near_duplicates.share == pytest.approx(1393 / 1925, abs=0.05)
    assert found.duplicates.share < 0.01


def test_bad_records_are_told_with_reason_and_line(tmp_path: Path):
    rows = ['{"text": "ok"}\n', "no json\n", '{"text": "fine"}\n', "[1]\n", "[2]\n"]
    found = look(lines(tmp_path / "a.jsonl", rows))
    assert (found.rows, found.bad) == (2, 3)
    troubles = {(one.reason, one.records, one.place) for one in found.files[0].troubles}
    assert troubles == {("not a JSON object", 2, "line 4"), ("not JSON: Expecting value", 1, "line 2")}


def test_keys_that_the_sample_did_not_show_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(survey, "SLICES", 1)
    monkeypatch.setattr(survey, "SLICE_BYTES", 200)
    rows = [*({"text": "a text of some length"} for _ in range(500)), {"text": "late", "extra": 1}, {"text": "later", "extra": 2}]
    found = look(lines(tmp_path / "a.jsonl", rows))
    assert found.unseen_keys == {"extra": 2}


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.jsonl.gz", "empty.txt", "empty.csv"])
def test_an_empty_file_has_no_rows(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(gzip.compress(b"") if name.endswith("gz") else b"")
    found = look(tmp_path / name)
    assert (found.rows, found.rows_read, found.bad, found.goals) == (0, 0, 0, ())


def test_noise_is_bad_records_and_no_fault(tmp_path: Path):
    (tmp_path / "a.jsonl").write_bytes(random.Random(5).randbytes(5000))
    found = look(tmp_path / "a.jsonl")
    assert found.rows == 0
    assert found.bad > 0


def test_types_of_parquet_are_all_told(tmp_path: Path):
    day = datetime.date(2024, 2, 3)
    table = pa.table(
        {
            "score": [float("nan"), float("inf"), 1.0, 2.0],
            "price": [Decimal("1.50")] * 4,
            "day": [day] * 4,
            "took": [datetime.timedelta(seconds=n) for n in range(4)],
            "tags": [["a"], [], None, ["a", "b"]],
            "inner": [{"a": 1}] * 4,
            "raw": [b"\x00\xff"] * 4,
            "none": pa.nulls(4),
            "big": pa.array([2**64 - 1 - n for n in range(4)], pa.uint64()),
            "said": pa.array(["x", "y"] * 2).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    found = look(tmp_path / "a.parquet")
    columns = {column.name: column for column in found.columns}
    assert found.rows == 4
    assert {name: column.kind for name, column in columns.items()} == {
        "score": "number", "price": "number", "day": "time", "took": "time", "tags": "nested",
        "inner": "nested", "raw": "bytes", "none": "text", "big": "number", "said": "text",
    }  # fmt: skip
    score, tags, when = columns["score"].numbers, columns["tags"], columns["day"].numbers
    assert score is not None
    assert (score.least, score.mean, score.largest) == (1.0, 1.5, 2.0)
    assert (tags.nulls, tags.empties) == (1, 1)
    assert when is not None
    assert when.least == "2024-02-03"
    json.dumps(profile([str(tmp_path / "a.parquet")], tmp_path, tmp_path).as_json(), allow_nan=False)


def test_csv_and_compressed_files_are_read(tmp_path: Path):
    (tmp_path / "a.csv").write_text('id,text\n1,"two\nlines"\n2,x\n3\n')
    found = look(tmp_path / "a.csv")
    assert (found.format, found.rows, found.bad, found.files[0].troubles[0].place) == ("csv", 2, 1, "line 5")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"a": 1}\n' * 1000))
    assert look(tmp_path / "b.jsonl.gz").rows == 1000


def test_formats_are_told_apart(tmp_path: Path):
    lines(tmp_path / "a.jsonl", [{"a": 1}])
    (tmp_path / "b.csv").write_text("a\n1\n2\n")
    found = profile([str(tmp_path)], tmp_path, tmp_path / ".cache").sets
    assert {one.format: one.rows for one in found} == {"jsonl": 1, "csv": 2}


def test_large_input_is_sampled_over_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(survey, "SMALL_BYTES", 0)
    monkeypatch.setattr(survey, "SAMPLE_BYTES", 64 << 10)
    path = lines(tmp_path / "a.jsonl", [{"n": number, "text": f"the text of row {number}, which says little"} for number in range(20_000)])
    found = look(path)
    assert (found.read, found.rows, found.rows_by) == ("sample", 20_000, "lines counted")
    assert 500 < found.rows_read < 4000
    assert found.duplicates is None
    assert found.near_duplicates is None
    numbers = found.columns[0].numbers
    assert numbers is not None
    assert numbers.quantiles["50%"] == pytest.approx(10_000, rel=0.2)
    whole = look(path, full=True)
    assert (whole.read, whole.rows_read, whole.duplicates.share) == ("all", 20_000, 0.0)  # type: ignore[union-attr]


def test_rows_ask_for_a_sample_of_small_input_too(tmp_path: Path):
    path = lines(tmp_path / "a.jsonl", [{"text": f"the text of row {number}, which says little"} for number in range(20_000)])
    found = look(path, rows=1000)
    assert found.read == "sample"
    assert 500 < found.rows_read < 2500


def test_languages_and_personal_data_are_told(tmp_path: Path):
    german = "Das Wetter ist heute sehr schön, wir gehen in den Park."
    english = "The weather is very nice today, write to ann.lee@example.com about the park."
    found = look(lines(tmp_path / "a.jsonl", [{"text": f"{german} {n}" if n % 4 == 0 else f"{english} {n}"} for n in range(200)]))
    column = found.columns[0]
    assert column.languages == pytest.approx({"en": 0.75, "de": 0.25}, abs=0.02)
    assert column.personal is not None
    assert column.personal.kinds == {"email": 0.75}
    assert column.words is not None
    assert column.words.least == 12


def test_examples_carry_no_control_characters(tmp_path: Path):
    found = look(lines(tmp_path / "a.jsonl", [{"text": "\x1b[31mred \u202e evil\n" + "long " * 900}]))
    (example,) = found.columns[0].examples
    assert example.isprintable()
    assert len(example) <= 240


def test_bars_hold_all_numbers():
    numbers = np.concatenate((np.arange(1000) % 7, [5000.0])).astype(np.float64)
    told = spread(numbers, 0.0, 3.0, 5000.0)
    assert sum(rows for _, _, rows in told.histogram) == 1001
    assert all(low == int(low) for low, _, _ in told.histogram)
    assert spread(np.full(5, 2.0), 2, 2.0, 2).histogram == ((2.0, 2.0, 5),)


@pytest.mark.parametrize(
    "name", ["spam/sms_spam", "alpaca/alpaca", "pii/presidio_synth_v2", "langid/lingua_short", "hh_rlhf/harmless_base_test", "gsm8k/train"]
)
def test_goals_are_understood_by_the_planner(tmp_path: Path, name: str):
    path = FOLDER / f"{name}.jsonl.zst"
    if not path.exists():
        pytest.skip(f"no data at {path}")
    (found,) = profile([str(path)], tmp_path, tmp_path / "cache").sets
    assert 2 <= len(found.goals) <= 4
    for goal in found.goals:
        draft = plan(goal.goal, {"rows": str(path)}, str(tmp_path / "out.jsonl"), cache=tmp_path / "cache")
        assert (draft.status, draft.unclear) == ("draft", ()), goal.goal


def test_a_command_is_safe_to_paste(tmp_path: Path):
    folder = tmp_path / "a $(touch x) 'b'"
    folder.mkdir()
    path = lines(folder / "c.jsonl", [{"$(touch y)": f"some text of a row that is long enough {n // 2}"} for n in range(20)])
    for goal in look(path).goals:
        words = shlex.split(goal.command)
        assert words[:3] == ["winnow", "prepare", goal.goal]
        assert words[4] == str(path)
        assert "touch y" not in goal.command
