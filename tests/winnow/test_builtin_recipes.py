"""`builtin/NAME` on one's own data: found, shown, previewed, run, replayed, with columns under other names."""

import json
from pathlib import Path

import pytest

from tests.winnow.conftest import RECIPE, Call
from tools.errors import RecipeError
from winnow import Recipe
from winnow.answer import BadUsage
from winnow.edits import Edits, with_columns
from workflows import builtin_recipes
from workflows.builtin_recipes import reads
from workflows.loader import load

ROWS = [
    {"question": "What is the capital of France?", "output": "Paris.", "id": 1},
    {"question": "What is the capital of Spain?", "output": "Madrid.", "id": 2},
    {"question": "What is the capital of Spain?", "output": "It is Madrid.", "id": 3},
    {"question": "What is the capital of Italy?", "output": "", "id": 4},
]
RUN = ("run", "builtin/instructions", "--input", "tasks.jsonl", "--output", "clean.jsonl")
NAMED = ("--column", "instruction=question")


@pytest.fixture(autouse=True)
def tasks(folder: Path) -> Path:
    path = folder / "tasks.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def written(folder: Path) -> list[int]:
    return [json.loads(line)["id"] for line in (folder / "clean.jsonl").read_text().splitlines()]


def test_they_are_listed_with_what_they_read(call: Call):
    said = call("recipes", "--builtin", "--json")
    listed = {one["name"]: one for one in json.loads(said.out)}
    assert set(listed) == set(builtin_recipes.names())
    assert listed["builtin/preferences"]["reads"] == ["chosen", "rejected"]
    assert all(one["goal"] for one in listed.values())
    assert "builtin/web" in call("recipes", "--builtin").out
    assert "`winnow recipes --builtin`" in call("recipes").err


@pytest.mark.parametrize("name", builtin_recipes.names())
def test_each_is_shown_as_a_file_that_can_be_edited_and_saved(call: Call, folder: Path, name: str):
    text = call("show", name).out
    assert text.startswith("# ")
    source, column = next(iter(load(text).recipe.sources)), reads(load(text).recipe)
    (folder / "mine.yaml").write_text(text)
    turn = {"from": "gpt", "value": "x"}
    row = {one: ([turn] if one == "conversations" else turn) if "conversations" in column else "x" for one in column}
    (folder / "mine.jsonl").write_text(json.dumps(row) + "\n")
    said = call("save", "mine.yaml", "--input", f"{source}=mine.jsonl")
    assert (said.code, said.out) == (0, f"{name.removeprefix('builtin/')}@1\n")


@pytest.mark.parametrize("name", builtin_recipes.names())
def test_without_data_it_says_what_to_give(call: Call, name: str):
    said = call("run", name)
    assert said.code == 2
    assert len(said.err.splitlines()) == 1
    assert f"{name} comes without data; give --input PATH, rows with the column" in said.err
    assert "--output PATH" in said.err
    assert "--output" not in call("preview", name).err


def test_an_output_is_asked_for_before_anything_is_read(call: Call, folder: Path):
    said = call("run", "builtin/instructions", "--input", "tasks.jsonl", "--yes")
    assert (said.code, "give --output PATH" in said.err) == (2, True)
    assert call("run", "builtin/instructions", "--input", "tasks.jsonl", *NAMED, "--dry-run").code == 0
    assert not (folder / ".winnow" / "runs").exists()


def test_a_column_of_another_name_is_named_in_the_error_and_taken_when_told(call: Call, folder: Path):
    said = call(*RUN, "--yes")
    assert said.code == 1
    assert "no column 'instruction'; there are question, output, id" in said.err
    assert "`--column instruction=NAME`" in said.err
    assert call("preview", "builtin/instructions", "--input", "tasks.jsonl", *NAMED).code == 0
    said = call(*RUN, *NAMED, "--yes", "--json")
    assert (said.code, said.json["recipe"], said.json["rows_out"]) == (0, "builtin/instructions", 2)
    assert written(folder) == [1, 2]
    assert json.loads((folder / "clean.jsonl").read_text().splitlines()[0])["instruction"] == ROWS[0]["question"]


def test_a_name_that_is_nearly_right_leads_to_the_same_mend(call: Call, folder: Path):
    (folder / "tasks.jsonl").write_text((folder / "tasks.jsonl").read_text().replace("question", "instructions"))
    said = call(*RUN, "--yes")
    assert "no column 'instruction'; did you mean 'instructions'?" in said.err
    assert "`--column instruction=NAME`" in said.err


def test_a_column_that_the_recipe_may_miss_is_taken_too(call: Call, folder: Path):
    rows = [
        {"instruction": "Name the capital.", "context": country, "output": "x", "id": n} for n, country in enumerate(("Spain", "Italy", "Noinput"))
    ]
    (folder / "tasks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert call(*RUN, "--column", "input=context", "--yes").code == 0
    assert [json.loads(line)["input"] for line in (folder / "clean.jsonl").read_text().splitlines()] == ["Spain", "Italy", ""]


@pytest.mark.parametrize("columns", [["question"], ["=a"], ["a="], ["a=b", "a=c"], ["a=b", "c=b"]])
def test_a_column_that_is_no_pair_or_named_twice_is_bad_usage(columns: list[str]):
    with pytest.raises(BadUsage, match="--column"):
        with_columns(Recipe().source("rows.jsonl").output("out.jsonl"), columns)


def test_renaming_comes_after_the_limit_and_before_all_steps():
    recipe = load(builtin_recipes.text_of("builtin/rag")).recipe
    steps = Edits(columns=["text=body"], limit=5).of(recipe).steps
    assert [(step.id, step.rows) for step in steps[:3]] == [
        ("first_of_documents", "documents"),
        ("columns_of_documents", "first_of_documents"),
        ("no_front_matter", "columns_of_documents"),
    ]


def test_nothing_is_approved_silently_and_one_yes_holds_for_the_same_columns(call: Call):
    assert call(*RUN, *NAMED).code == 3
    assert call(*RUN, *NAMED, "--yes").code == 0
    assert call(*RUN, *NAMED, "--overwrite").code == 0
    assert call(*RUN, *NAMED, "--overwrite", "--set", "not_looping.at_most=0.1").code == 3


def test_its_runs_are_replayed_explained_reported_and_compared(call: Call, folder: Path):
    (folder / "tasks.jsonl").write_text((folder / "tasks.jsonl").read_text().replace("question", "instruction"))
    run = str(call(*RUN, "--yes", "--json").json["run"])
    manifest = folder / ".winnow" / "runs" / run / "manifest.json"
    assert json.loads(manifest.read_text())["recipe"] == "builtin/instructions"
    assert json.loads(manifest.read_text())["text"] == builtin_recipes.text_of("builtin/instructions")
    said = call("replay", "last", "--verify", "--json")
    assert (said.code, said.json["replay"]["same"], said.json["recipe"]) == (0, True, "builtin/instructions")
    assert "once" in call("why", run, "tasks.jsonl:3").out
    assert call("report", run).code == 0
    assert "builtin/instructions" in call("runs").out
    assert call(*RUN, "--yes", "--overwrite", "--set", "answered.keep=all", "--json").code == 0
    said = call("diff", "builtin/instructions", "last", "--json")
    assert said.json["rows"]["changed"] == [{"before": "dropped", "after": "kept", "rows": 1}]


def test_a_run_that_broke_off_is_resumed(call: Call, folder: Path):
    run = str(call(*RUN, *NAMED, "--yes", "--json").json["run"])
    place = folder / ".winnow" / "runs" / run / "manifest.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | {"status": "running", "result": None, "finished": None}))
    (folder / "clean.jsonl").unlink()
    assert call("resume", run, "--json").json["recipe"] == "builtin/instructions"
    assert written(folder) == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "builtin/instruction"), "no recipe 'builtin/instruction'; did you mean 'builtin/instructions'?"),
        (("show", "builtin/nothing"), "`winnow recipes --builtin` lists them"),
        (("run", "builtin/rag@1", "--yes"), "has no versions of its own, it comes with winnow; give 'builtin/rag'"),
        (("approve", "builtin/rag"), "comes with winnow and is not stored here; `winnow show builtin/rag > mine.yaml`"),
        (("history", "builtin/rag"), "comes with winnow and is not stored here"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(call: Call, arguments: tuple[str, ...], said: str):
    found = call(*arguments)
    assert (found.code, len(found.err.splitlines())) == (2, 1)
    assert said in found.err


def test_a_recipe_file_in_a_folder_of_that_name_is_a_file(call: Call, folder: Path):
    (folder / "builtin").mkdir()
    (folder / "builtin" / "web.yaml").write_text(RECIPE)
    assert call("show", "builtin/web.yaml").out == RECIPE


def test_python_runs_them_by_name(folder: Path):
    import winnow

    (folder / "tasks.jsonl").write_text((folder / "tasks.jsonl").read_text().replace("question", "instruction"))
    done = winnow.run("builtin/instructions", inputs={"tasks": "tasks.jsonl"}, output="clean.jsonl", yes=True)
    assert done.arrow()["id"].to_pylist() == [1, 2]
    with pytest.raises(RecipeError, match="give `output=PATH`"):
        winnow.run("builtin/instructions", inputs={"tasks": "tasks.jsonl"}, yes=True)
