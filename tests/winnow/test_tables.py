"""Rows in memory are an input like any other: the same whatever holds them, found again, refused by name where they fit nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import winnow
from tests.winnow.conftest import TEXTS
from winnow import Recipe, WinnowError
from winnow.operators import ExactDedup, Words

ROWS = [{"id": number, "text": text} for number, text in enumerate(TEXTS)]
KEPT = [1, 3, 5, 6]


def recipe() -> Recipe:
    return (
        Recipe(name="long-ones")
        .source("none.jsonl", name="chat")
        .step(Words(at_least=3), on="text")
        .step(ExactDedup(), on="text")
        .output("o.parquet")
    )


def frames() -> Mapping[str, Callable[[], Any]]:
    def pandas() -> Any:
        import pandas

        return pandas.DataFrame(ROWS, index=[7] * len(ROWS))

    def polars() -> Any:
        import polars

        return polars.LazyFrame(ROWS)

    def datasets() -> Any:
        import datasets

        return datasets.Dataset.from_list(ROWS[::-1]).select(range(len(ROWS) - 1, -1, -1))  # rows by index, as after a shuffle

    def duckdb() -> Any:
        import duckdb

        return duckdb.connect().from_arrow(pa.Table.from_pylist(ROWS))

    return {
        "arrow": lambda: pa.Table.from_pylist(ROWS),
        "reader": lambda: pa.Table.from_pylist(ROWS).to_reader(),
        "dicts": lambda: ROWS,
        "pandas": pandas,
        "polars": polars,
        "datasets": datasets,
        "duckdb": duckdb,
    }


@pytest.mark.parametrize("kind", frames())
def test_rows_give_the_same_whatever_holds_them(folder: Path, kind: str) -> None:
    done = recipe().run(frames()[kind](), yes=True)
    assert done.arrow().column_names == ["id", "text"]
    assert done.arrow()["id"].to_pylist() == KEPT


def test_the_same_rows_are_the_same_file_and_a_replay_finds_them(folder: Path) -> None:
    one, two = (recipe().run(pa.Table.from_pylist(ROWS).replace_schema_metadata({"made": made}), yes=True, overwrite=True) for made in ("1", "2"))
    assert one.manifest.files == two.manifest.files
    assert two.replay(verify=True).same
    changed = recipe().run([*ROWS, {"id": 9, "text": "one more row"}], yes=True, overwrite=True)
    assert changed.manifest.files[0].digest != one.manifest.files[0].digest


def test_dicts_need_not_have_the_same_keys(folder: Path) -> None:
    done = recipe().run([{"text": "a b c"}, {"text": "d e f", "more": [1]}], yes=True)
    assert done.arrow().to_pylist() == [{"text": "a b c", "more": None}, {"text": "d e f", "more": [1]}]


def test_a_frame_is_planned_over(folder: Path) -> None:
    plan = winnow.plan("Keep rows with at least 3 words.", {"chat": pa.Table.from_pylist(ROWS)}, "long.jsonl")
    assert [step.op for step in plan.steps] == ["words@1"]
    assert plan.run(yes=True).books.rows_out == 6
    assert winnow.plan("Keep rows with at least 3 words.", {"../../up": ROWS}).inputs["../../up"].startswith(str(folder / ".winnow" / "cache"))
    assert winnow.profile(ROWS).sets[0].rows == len(ROWS)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (3, "input 'chat' is of the type int; give a path, a list of paths, an Arrow table"),
        ([1, 2], "is of the type list"),
        ([], "holds neither paths nor rows"),
        ([{"a": 1}, {"a": "x"}], "column 'a' holds values of several kinds"),
        ({"chatt": ROWS}, "input 'chatt' is no source of this recipe; did you mean 'chat'"),
        ("gone.jsonl", "no file"),
    ],
)
def test_what_fits_nothing_is_refused_by_name(folder: Path, given: Any, said: str) -> None:
    with pytest.raises(WinnowError, match=said):
        recipe().run(given, yes=True)
    assert not list(Path(".winnow").glob("cache/tables/*.part"))


def test_one_input_for_several_sources_must_say_which(folder: Path) -> None:
    with pytest.raises(WinnowError, match=r"2 sources; say which one is meant: inputs=\{'chat'"):
        recipe().source("more.jsonl", name="more").run(ROWS, yes=True)
