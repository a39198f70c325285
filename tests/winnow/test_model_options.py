"""`--model` and `--budget`: a plan made with a model, what it did cost, and who stood in for it."""

import json
from pathlib import Path

import pytest

from tests.agents.scripted import plan, step
from tests.endpoint.server import Server
from tests.winnow.conftest import Call
from winnow import options
from winnow.answer import BadUsage

pytest.importorskip("openai")

GOAL = "at least 3 words, no duplicates"
ASK = ("plan", GOAL, "--input", "chat.jsonl", "--name", "mine")
ANSWER = plan(
    {"at least 3 words": ["long"], "no duplicates": ["once"]},
    step("long", "words", {"text": "text"}, at_least=3),
    step("once", "exact_dedup", {"text": "text"}),
)


@pytest.fixture
def models(folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """One model, `local/one`, that the test server speaks for."""
    place = folder.parent / "models.toml"
    place.write_text(f'["local/one"]\nurl = "{server.url}"\nmodel = "m"\ncontext_tokens = 64000\nprice_in = 1.0\n')
    monkeypatch.setenv("WINNOW_MODELS", str(place))
    return server


def test_a_model_plans_and_the_plan_says_which_and_what_it_cost(call: Call, models: Server):
    models.say(json.dumps(ANSWER))
    said = call(*ASK, "--model", "local/one", "--json")
    found = said.json
    assert (said.code, found["planner"], found["model"], found["note"]) == (0, "llm", "local/one", "")
    assert isinstance(found["tokens"], int) and found["tokens"] > 1000
    assert found["cost"] == pytest.approx(found["tokens"] / 1e6, rel=0.2)
    assert f"asked local/one: {found['tokens']:,} tokens" in said.err
    (record,) = json.loads(call("history", "mine", "--json").out)
    assert record["planned_by"] == "llm"
    assert "The llm planner, asking local/one, read the goal so:" in call("show", "mine").err
    assert len(call("show", "mine", "--json").json["plan"]["prompt"]) == 64
    again = call(*ASK, "--planner", "llm", "--json")  # the only model there is, and its answer lies in the cache
    assert (again.json["planner"], again.json["tokens"], len(models.asked)) == ("llm", 0, 1)


def test_what_the_budget_does_not_hold_is_not_asked(call: Call, models: Server):
    said = call(*ASK, "--model", "local/one", "--budget", "1000", "--json")
    assert (said.code, said.json["planner"], models.asked) == (0, "rules", [])
    assert "stands in for the model 'local/one': Spent" in str(said.json["note"]) and str(said.json["note"]) in said.err
    alone = call(*ASK, "--planner", "llm", "--budget", "0.0001", "--json")
    assert (alone.code, alone.json["status"]) == (3, "refuse") and "Spent" in str(alone.json["message"])


def test_what_leaves_the_machine_is_said_and_values_can_stay(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch):
    place = folder / "far.toml"
    place.write_text('[far]\nurl = "https://models.invalid/v1"\nmodel = "m"\ntimeout_seconds = 0.1\n')
    monkeypatch.setenv("WINNOW_MODELS", str(place))
    said = call(*ASK, "--model", "far", "--budget", "10", "--json")
    assert said.code == 0 and "far is at models.invalid: your words, columns with their types and counts, up to 20 values" in said.err
    assert "values" not in call(*ASK, "--model", "far", "--budget", "10", "--no-values", "--json").err


def test_models_that_are_not_there_are_bad_usage(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WINNOW_MODELS", str(folder / "none.toml"))
    assert call(*ASK, "--model", "local/one").code == 2
    said = call(*ASK, "--planner", "llm")
    assert said.code == 2 and "there are none" in said.err
    assert call(*ASK, "--planner", "rules", "--model", "local/one").code == 0


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        (None, (None, None)),
        ("50000", (50_000, None)),
        ("50k", (50_000, None)),
        ("2M", (2_000_000, None)),
        ("0.50", (None, 0.5)),
        ("$3", (None, 3.0)),
        ("50k, 0.50", (50_000, 0.5)),
    ],
)
def test_budgets_are_tokens_or_money(text, budget):
    assert options.budget_of(text) == budget


@pytest.mark.parametrize("text", ["", "much", "-5", "1e9", "5 apples"])
def test_what_is_no_budget_is_said(text):
    with pytest.raises(BadUsage, match="--budget"):
        options.budget_of(text)
