"""How a plan came about is still known when its recipe is shown, run, replayed or listed."""

import json
from pathlib import Path

from tests.winnow.conftest import Call
from winnow import api
from workflows.loader import load

GOAL = "texts of at least 3 words, no duplicates"


def manifests(folder: Path) -> list[dict[str, object]]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob(".winnow/runs/*/manifest.json"))]


def planned(folder: Path, call: Call) -> str:
    assert call("plan", GOAL, "--input", "chat.jsonl", "--name", "long").code == 0
    return "long"


def test_show_prints_the_recipe_alone_and_tells_the_clauses_beside_it(folder: Path, call: Call):
    name = planned(folder, call)
    said = call("show", name)
    assert load(said.out).recipe.goal == GOAL
    assert "The rules planner read the goal so:" in said.err
    assert "texts of at least 3 words → long_enough" in said.err
    plan = call("show", f"{name}@1", "--json").json["plan"]
    assert isinstance(plan, dict)
    assert [clause["text"] for clause in plan["clauses"]] == ["texts of at least 3 words", "no duplicates"]


def test_a_version_saved_by_hand_has_no_record(folder: Path, call: Call):
    assert call("save", "recipe.yaml").code == 0
    said = call("show", "long-ones")
    assert (said.err, call("show", "long-ones", "--json").json["plan"]) == ("", None)
    assert call("show", "recipe.yaml", "--json").json["plan"] is None


def test_a_step_that_is_gone_since_is_said_to_be(folder: Path, call: Call):
    planned(folder, call)
    path = folder / ".winnow/recipes/long/v1.plan.json"
    told = json.loads(path.read_text())
    told["clauses"][0]["steps"] = ["gone\u202e"]
    path.write_text(json.dumps(told))
    said = call("show", "long")
    assert said.code == 0
    assert "→ gone (not in the recipe any more)" in said.err


def test_a_planted_record_stops_a_run_with_a_word_and_nothing_else(folder: Path, call: Call):
    planned(folder, call)
    (folder / ".winnow/recipes/long/v1.plan.json").write_text("\x1b[31m")
    said = call("run", "long", "--yes", "--output", "out.jsonl")
    assert said.code == 1
    assert "v1.plan.json: not the record of a plan" in said.err
    assert not (folder / "out.jsonl").exists()


def test_history_tells_who_planned_a_version(folder: Path, call: Call):
    planned(folder, call)
    call("save", "recipe.yaml")
    assert '"planned_by": "rules"' in call("history", "long", "--json").out
    assert '"planned_by": null' in call("history", "long-ones", "--json").out


def test_every_way_to_run_a_plan_keeps_its_record(folder: Path, call: Call):
    planned(folder, call)
    assert call("run", "long", "--yes", "--output", "1.jsonl").code == 0
    assert call("replay", "last").code == 0
    assert call("prepare", GOAL, "--input", "chat.jsonl", "--output", "2.jsonl", "--yes").code == 0
    (folder / "said.txt").write_text("texts of at least 3 words\nno duplicates\nrun\n")
    assert call("chat", "--script", "said.txt", "--input", "chat.jsonl", "--output", "3.jsonl").code == 0
    api.plan(GOAL, "chat.jsonl", "4.jsonl").run(yes=True)
    found = [one["plan"] for one in manifests(folder)]
    assert len(found) == 5
    assert all(isinstance(one, dict) and len(one["clauses"]) == 2 for one in found)
    pages = [path.read_text() for path in folder.glob(".winnow/runs/*/report.html")]
    for page in pages:
        assert "How the goal was read" in page
        assert "The goal was another" not in page
    assert call("run", "recipe.yaml", "--yes", "--output", "5.jsonl").code == 0
    assert [one["plan"] for one in manifests(folder)].count(None) == 1
