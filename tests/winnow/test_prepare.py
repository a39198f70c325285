"""`prepare` and `plan`, with a planner of five lines: what is asked, refused, saved and run."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from agents.draft import Clause, Draft
from tests.winnow.conftest import Call
from winnow import review
from workflows.recipe import Recipe

Planner = Callable[..., Draft]
GOAL = ("prepare", "no duplicates", "--input", "chat.jsonl", "--output", "out.jsonl")
CLAUSE = Clause(text="no duplicates", steps=("once",), evidence="'duplicates' → exact_dedup")


def draft(goal: str, inputs: Mapping[str, str], output: str | None, *, cache: Path, seed: int = 0) -> Draft:
    (name, path), *_ = inputs.items()
    recipe = {
        "name": "unique-rows",
        "goal": goal,
        "seed": seed,
        "sources": {name: {"path": path}},
        "steps": [{"id": "once", "op": "exact_dedup@1", "from": name, "on": "text"}],
        "outputs": {"rows": {"from": "once", "path": output or "out.jsonl"}},
    }
    return Draft(status="draft", recipe=Recipe.model_validate(recipe, by_alias=True), clauses=(CLAUSE,), unclear=("and nicely",))


@pytest.fixture(autouse=True)
def planner(monkeypatch: pytest.MonkeyPatch) -> Callable[[Planner], None]:
    def use(made: Planner) -> None:
        monkeypatch.setattr("agents.plan", made, raising=False)

    use(draft)
    return use


def test_a_goal_becomes_rows_a_stored_version_and_one_object(call: Call, folder: Path):
    said = call(*GOAL, "--yes", "--json", "--seed", "7")
    assert said.code == 0
    found = said.json
    assert (found["status"], found["planner"], found["unclear"]) == ("done", "rules", ["and nicely"])
    (clause,) = found["clauses"]
    assert (clause["text"], clause["steps"], clause["evidence"]) == ("no duplicates", ["once"], "'duplicates' → exact_dedup")
    assert (found["rows_in"], found["rows_out"], found["states"]) == (7, 5, {"kept": 5, "merged": 2})
    assert found["recipe"] == "unique-rows@1"
    assert len((folder / "out.jsonl").read_text().splitlines()) == 5
    shown = call("show", "unique-rows@1").out
    assert "path: chat.jsonl" in shown
    assert "seed: 7" in shown
    assert json.loads(call("history", "unique-rows", "--json").out)[0]["approved_by"] == "policy"


def test_the_stored_version_runs_again_on_its_own(call: Call):
    call(*GOAL, "--yes")
    said = call("run", "unique-rows", "--overwrite")
    assert said.code == 0
    assert "taking unique-rows@1" in said.err
    assert (
        call("prepare", "no duplicates", "--input", "chat.jsonl", "--output", "out.jsonl", "--yes", "--overwrite", "--json").json["recipe"]
        == "unique-rows@1"
    )


def test_a_person_sees_clauses_steps_preview_result_and_what_to_try_next(call: Call):
    said = call(*GOAL, "--yes")
    assert "no duplicates → once   ('duplicates' → exact_dedup)" in said.err
    assert "not understood: and nicely" in said.err
    assert "Preview on 7 rows, the whole input" in said.err
    assert "7 rows in, 5 out" in said.out
    assert "merged 2" in said.out
    run = said.out.rpartition("run     ")[2].strip()
    for command in (f"winnow rows {run} --dropped", f"winnow replay {run} --verify"):
        assert command in said.err
        assert call(*command.split()[1:]).code == 0


def test_without_a_yes_nothing_is_written(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch):
    before = sorted(folder.rglob("*.yaml"))
    said = call(*GOAL, "--json")
    assert (said.code, said.json["status"]) == (3, "refuse")
    assert said.json["clauses"]
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(review, "ask", lambda _: False)
    said = call(*GOAL)
    assert said.code == 3
    assert "not approved; nothing was written" in said.err
    assert not (folder / "out.jsonl").exists()
    assert sorted(folder.rglob("*.yaml")) == before
    assert not (folder / ".winnow" / "runs").exists()


def test_a_yes_at_the_terminal_is_remembered_under_the_persons_name(call: Call, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(review, "ask", lambda question: not asked.append(question))
    assert call(*GOAL).code == 0
    assert call("run", "unique-rows", "--overwrite").code == 0
    assert asked == ["Run unique-rows?"]
    assert json.loads(call("history", "unique-rows", "--json").out)[0]["approved_by"] == review.person()


@pytest.mark.parametrize("status", ["ask", "refuse"])
def test_a_question_and_a_refusal_are_code_three_and_write_nothing(call: Call, folder: Path, planner: Callable[[Planner], None], status: str):
    planner(lambda *_, **__: Draft(status=status, message="Which column?", unclear=("the good ones",)))
    said = call(*GOAL, "--yes", "--json")
    assert said.code == 3
    assert (said.json["status"], said.json["message"], said.json["unclear"]) == (status, "Which column?", ["the good ones"])
    assert "Which column?" in said.err
    assert sorted(path.name for path in folder.iterdir()) == [".winnow", "chat.jsonl", "recipe.yaml"]


def test_a_run_that_fails_after_planning_still_tells_the_plan(call: Call, folder: Path):
    (folder / "out.jsonl").write_text("mine")
    said = call(*GOAL, "--yes", "--json")
    assert (said.code, said.json["status"]) == (1, "failed")
    assert "exists" in str(said.json["message"])
    assert said.json["clauses"]
    assert call("recipes", "--json").out == "[]\n"


def test_a_plan_is_saved_but_not_approved(call: Call, folder: Path):
    said = call("plan", "no duplicates", "--input", "chat.jsonl", "--json", "--name", "mine")
    assert said.code == 0
    assert said.json["recipe"] == "mine@1"
    assert said.json["preview"]["steps"][0]["id"] == "once"
    assert call("run", "mine", "--output", "x.jsonl").code == 3
    assert call("run", "mine", "--output", "x.jsonl", "--yes").code == 0


def test_rows_can_go_to_stdout(call: Call, folder: Path):
    said = call("prepare", "no duplicates", "--input", "chat.jsonl", "--output", "-", "--yes")
    assert [json.loads(line)["id"] for line in said.out.splitlines()] == [0, 1, 3, 5, 6]
    assert "7 rows in, 5 out" in said.err


def test_input_outside_the_project_is_granted_by_being_typed(call: Call, folder: Path, tmp_path: Path):
    (folder / "chat.jsonl").rename(tmp_path / "chat.jsonl")
    assert call("prepare", "no duplicates", "--input", "../chat.jsonl", "--output", "../out.jsonl", "--yes").code == 0
    said = call("run", "unique-rows", "--overwrite")
    assert said.code == 1
    assert "--input chat=PATH" in said.err
    assert call("run", "unique-rows", "--input", "../chat.jsonl", "--output", "../out.jsonl", "--overwrite").code == 0


def test_what_the_data_would_profit_from_is_offered_after_the_clauses(call: Call, planner: Callable[[Planner], None]):
    planner(lambda *given, **named: replace(draft(*given, **named), suggestions=("9% of rows are exact repeats: add “remove exact duplicates”",)))
    said = call(*GOAL, "--yes")
    assert "could be added: 9% of rows are exact repeats: add “remove exact duplicates”" in said.err
    assert call(*GOAL, "--yes", "--overwrite", "--json").json["suggestions"] == ["9% of rows are exact repeats: add “remove exact duplicates”"]


def wrong(steps: list[dict[str, object]]) -> Planner:
    """A planner whose recipe has these steps, whatever the goal."""

    def made(goal: str, inputs: Mapping[str, str], output: str | None, *, cache: Path, seed: int = 0) -> Draft:
        plain = draft(goal, inputs, output, cache=cache, seed=seed)
        assert plain.recipe is not None
        (name,) = inputs
        chain = Recipe.model_validate(
            plain.recipe.model_dump(by_alias=True) | {"steps": [{"id": "once", "from": name, **step} for step in steps]}, by_alias=True
        )
        return replace(plain, recipe=chain, clauses=(Clause(text=goal, steps=("once",)),), unclear=())

    return made


@pytest.mark.parametrize(
    ("goal", "step", "told"),
    [
        ("Keep texts with at least 3 words.", {"op": "words@1", "on": "text", "with": {"at_most": 3}}, "with at least 3 words': 1 of "),
        ("Keep texts with at least 3 words.", {"op": "words@1", "on": "text", "with": {"at_least": 99}}, "no row of the input reaches an output"),
    ],
)
def test_yes_runs_no_plan_that_the_sample_speaks_against(
    goal: str, step: dict[str, object], told: str, call: Call, folder: Path, planner: Callable[[Planner], None]
):
    planner(wrong([step]))
    said = call("prepare", goal, "--input", "chat.jsonl", "--output", "out.jsonl", "--yes", "--json")
    assert (said.code, said.json["status"]) == (3, "refuse")
    assert told in str(said.json["message"])
    assert not (folder / "out.jsonl").exists()
