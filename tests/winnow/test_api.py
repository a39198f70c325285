"""The Python door gives the same as the command line."""

from pathlib import Path

import pytest

import winnow
from tests.winnow.conftest import RECIPE, Call
from tools.catalogue import OPERATORS, operator
from tools.errors import RecipeError
from winnow import Recipe, Refused, operators, run
from winnow.operators import ExactDedup, Words


def built() -> Recipe:
    made = Recipe(name="long-ones", goal="long ones").source("chat.jsonl", name="chat")
    return made.step(Words(at_least=3), id="long_enough", on="text").step(ExactDedup(), id="once", on="text").output("out.jsonl", name="train")


def test_a_recipe_made_in_python_is_the_one_that_a_person_would_have_typed(folder: Path):
    assert built().text == RECIPE
    assert built().save(folder / "same.yaml").read_text() == RECIPE


def test_steps_of_one_operator_get_names_of_their_own():
    made = Recipe().source("a.jsonl").step(Words(at_least=1)).step(Words(at_most=9))
    assert [(step.id, step.rows) for step in made.steps] == [("words", "rows"), ("words_2", "words")]


def test_a_step_without_rows_to_take_is_an_error():
    with pytest.raises(RecipeError, match="say `rows=`"):
        Recipe().step(Words())


def test_rows_come_back_as_tables(folder: Path):
    done = run(built(), output="out.parquet", yes=True)
    assert done.books.rows_out == 4
    assert done.arrow()["id"].to_pylist() == [1, 3, 5, 6]
    assert done.duckdb().aggregate("count(*)").fetchall() == [(4,)]
    with pytest.raises(RecipeError, match="no output 'test'; there are train"):
        done.arrow("test")


@pytest.mark.parametrize("output", ["out.parquet", "out.csv.gz"])
def test_rows_are_the_same_in_every_form_and_from_every_format(folder: Path, output: str):
    done = run(built(), output=output, yes=True)
    rows = done.arrow().to_pylist()
    assert [row["id"] for row in rows] == [1, 3, 5, 6]
    assert done.pandas().to_dict("records") == rows
    assert done.polars().to_dicts() == rows
    assert done.dataset().to_list() == rows
    assert done.duckdb().fetchall() == [tuple(row.values()) for row in rows]
    assert [row for batch in done.batches() for row in batch.to_pylist()] == rows


def test_batches_are_small_and_read_as_they_are_asked_for(folder: Path):
    (folder / "chat.jsonl").write_text("".join(f'{{"id": {n}, "text": "a b {n}"}}\n' for n in range(20_000)))
    done = run(built(), yes=True)
    batches = done.batches()
    assert next(batches).num_rows == 8192
    assert sum(batch.num_rows for batch in batches) == 20_000 - 8192


def test_what_became_of_a_row_is_told_by_row_number_place_and_line(folder: Path):
    done = run(built(), yes=True)
    (gone,) = done.rows(step="long_enough", dropped=True).to_pylist()
    assert (gone["line"], gone["measure"], gone["value"]) == (1, "words", 1.0)
    ways = [done.why(row) for row in (gone, gone["row"], (gone["row"], 0), "chat.jsonl:1", 1)]
    assert all(way == ways[0] for way in ways)
    assert (ways[0].state, ways[0].record["text"], ways[0].steps[-1].bounds) == ("dropped", "one", {"words": "at least 3"})
    assert done.ledger().num_rows == 7
    assert done.measures("long_enough")["words"].to_pylist() == [1, 3, 3, 4, 4, 3, 3]
    assert done.report.exists()


def test_two_runs_are_compared_row_by_row(folder: Path, call: Call):
    one = run(built(), yes=True)
    two = run(built().set("long_enough", at_least=4), output="two.jsonl", yes=True)
    found = one.compare(two)
    assert found.changes == ("step 'long_enough': with.at_least 3 → 4",)
    assert (found.same, dict(found.counts)) == (3, {("kept", "dropped"): 3, ("merged", "dropped"): 1})
    with pytest.raises(RecipeError, match="had other input"):
        one.compare(run(built(), [{"text": "a b c"}], "three.jsonl", yes=True))


def test_a_run_is_found_again_and_done_again(folder: Path):
    done = run(built(), yes=True)
    assert winnow.result().run == winnow.result(done.run[:-2]).run == done.run
    again = winnow.replay(verify=True)
    assert again.same
    assert again.of == done.run
    assert again.result.arrow() == done.arrow()


def test_a_run_that_failed_is_taken_up(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("workflows.runs.execute", full)
        with pytest.raises(OSError, match="no space left"):
            built().run(yes=True)
    with pytest.raises(RecipeError, match=r"never came to its end; `winnow\.resume"):
        winnow.result()
    assert winnow.resume().arrow()["id"].to_pylist() == [1, 3, 5, 6]


def test_mends_are_said_in_words_of_python(folder: Path):
    with pytest.raises(Refused, match=r"look at its `preview\(\)`, then give `yes=True`"):
        built().run()
    done = built().run(yes=True)
    with pytest.raises(RecipeError, match="give another path, or `overwrite=True`"):
        built().run(yes=True)
    with pytest.raises(RecipeError, match=rf"it is done; `winnow\.replay\('{done.run}'\)` does it again"):
        winnow.resume()
    with pytest.raises(RecipeError, match="no recipe 'nothing'"):
        run("nothing")


def test_a_preview_has_all_that_the_engine_says_and_writes_nothing(folder: Path):
    seen = built().preview()
    assert [(step.id, step.rows_in, step.unknown) for step in seen.steps] == [("long_enough", 7, False), ("once", 6, False)]
    assert [(step.rows_out, step.rows_low, step.rows_high) for step in seen.steps] == [(6, 6, 6), (4, 4, 4)]
    assert seen.by == "whole"
    assert not (folder / "out.jsonl").exists()


def test_what_a_notebook_shows_is_escaped(folder: Path):
    evil = "<script>alert(1)</script> a b"
    done = built().run([{"text": evil}, {"text": "x"}], yes=True)
    other = built().set("long_enough", at_least=99).run([{"text": evil}, {"text": "x"}], "o.jsonl", yes=True)
    plan = winnow.plan("Keep rows with at least 3 words.", {evil: "chat.jsonl"})
    shown = [one._repr_html_() for one in (plan, built().preview(), done, done.why(0), done.compare(other), winnow.profile([{"text": evil}]))]
    assert not [html for html in shown if "<script" in html]
    assert "&lt;script&gt;" in shown[3]


def test_every_operator_of_a_step_has_a_name_for_programs():
    steps = {name for name, place in OPERATORS.items() if not place.startswith("tools.formats.")}
    assert {getattr(operators, name) for name in dir(operators)} == {operator(name) for name in steps}
    with pytest.raises(AttributeError, match="no operator 'words'; it is called 'Words' here"):
        operators.words  # type: ignore[attr-defined]  # noqa: B018


def test_the_door_offers_what_it_names():
    assert [name for name in winnow.__all__ if getattr(winnow, name, None) is None] == []
    assert set(winnow.__all__) <= set(dir(winnow))
