"""Commands that look at rows, recipes, operators and the house."""

import json
import os
from pathlib import Path

import pytest

from tests.winnow.conftest import RECIPE, Call


def test_why_tells_a_row_by_line_and_by_number(call: Call):
    call("run", "recipe.yaml", "--yes")
    said = call("why", "last", "chat.jsonl:1")
    assert said.code == 0
    assert "row 0   chat.jsonl:1   dropped" in said.out
    assert "words = 1   (wanted at least 3)" in said.out
    assert call("why", "last", "1").out == said.out == call("why", "last", "0").out
    assert call("why", "last", "chat.jsonl:3").out.count("merged into row") == 1
    assert json.loads(call("why", "last", "chat.jsonl:4", "--json").out)["state"] == "kept"


def test_a_row_that_is_not_there_is_an_error(call: Call):
    call("run", "recipe.yaml", "--yes")
    assert call("why", "last", "chat.jsonl:99").code == 1
    assert call("why", "20990101", "1").code == 1


def test_rows_of_a_terminal_are_disarmed(call: Call):
    call("run", "recipe.yaml", "--yes")
    said = call("why", "last", "chat.jsonl:6")
    assert "[31mred evil row" in said.out
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out
    found = call("why", "last", "chat.jsonl:6", "--json").out
    assert "\x1b" not in found
    assert "\u202e" not in found
    assert json.loads(found)["record"]["text"] == "\x1b[31mred \u202eevil row"


def test_rows_are_listed_by_step_state_and_reason(call: Call):
    call("run", "recipe.yaml", "--yes")
    states = lambda *more: [row["state"] for row in json.loads(call("rows", "last", "--json", *more).out)]  # noqa: E731
    assert states() == ["dropped", "kept", "merged", "kept", "merged", "kept", "kept"]
    assert states("--dropped") == ["dropped", "merged", "merged"]
    assert states("--step", "once") == ["merged", "merged"]
    assert states("--reason", "words") == ["dropped"]
    assert states("--state", "kept", "--limit", "2") == ["kept", "kept"]
    shown = call("rows", "last", "--dropped", "--limit", "1")
    assert "chat.jsonl:1" in shown.out
    assert "more rows follow" in shown.err


def test_a_preview_of_a_small_input_is_exact_and_writes_nothing(call: Call, folder: Path):
    said = call("preview", "recipe.yaml")
    assert said.code == 0
    assert "the whole input" in said.out
    assert "85.7%" in said.out
    assert "a run takes about" in said.out
    assert not (folder / "out.jsonl").exists()


def test_a_preview_of_a_large_input_shows_intervals_and_what_needs_all_rows(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workflows.engine.sample.WHOLE_BYTES", 0)
    rows = [json.dumps({"text": f"word {number} " * (number % 7)}) for number in range(60_000)]
    (folder / "chat.jsonl").write_text("\n".join(rows))
    said = call("preview", "recipe.yaml", "--rows", "500", "--sample")
    assert "drawn from about 60,000" in said.out
    assert "% (" in said.out
    assert "needs all rows" in said.out
    assert "at most" in said.out
    assert "--all-rows" in said.out
    assert "needs all rows" not in call("preview", "recipe.yaml", "--rows", "500", "--all-rows").out


def test_a_preview_tells_what_a_terabyte_would_take(call: Call, folder: Path):
    said = call("preview", "recipe.yaml", "--over", "1TB")
    assert "over 1.0 TB of such data" in said.out
    told = call("preview", "recipe.yaml", "--over", "2 GB", "--json").json["over"]
    assert told["bytes"] == 2e9
    assert call("preview", "recipe.yaml", "--over", "much").code == 2


def test_versions_have_a_history_and_differ_in_lines_and_rows(call: Call, folder: Path):
    call("save", "recipe.yaml")
    call("run", "long-ones@1", "--yes", "--output", "one.jsonl")
    (folder / "recipe.yaml").write_text(RECIPE.replace("at_least: 3", "at_least: 4"))
    call("save", "recipe.yaml")
    found = json.loads(call("history", "long-ones", "--json").out)
    assert [(one["version"], one["approved_by"], one["runs"]) for one in found] == [(2, None, 0), (1, "policy", 1)]
    assert json.loads(call("recipes", "--json").out) == [{"name": "long-ones", "latest": 2, "approved": 1, "goal": "long ones"}]
    said = call("diff", "long-ones@1", "long-ones@2")
    assert "+    with: {at_least: 4}" in said.out
    assert "long-ones@2 has no finished run here" in said.err
    call("run", "long-ones@2", "--yes", "--output", "two.jsonl")
    rows = json.loads(call("diff", "long-ones@1", "long-ones@2", "--json").out)["rows"]
    assert {(one["before"], one["after"]): one["rows"] for one in rows["changed"]} == {("kept", "dropped"): 3, ("merged", "dropped"): 1}
    assert rows["same"] == 3


def test_show_prints_a_recipe_that_loads_again(call: Call, folder: Path):
    call("save", "recipe.yaml")
    (folder / "again.yaml").write_text(call("show", "long-ones").out)
    assert json.loads(call("show", "again.yaml", "--json").out)["goal"] == "long ones"


def test_fmt_keeps_what_is_well_written_and_never_loses_a_comment_unasked(call: Call, folder: Path):
    assert "as it should be" in call("fmt", "recipe.yaml").err
    path = folder / "odd.yaml"
    odd = "# mine\n" + RECIPE.replace("goal: long ones\n", "").replace("name: long-ones\n", "name: long-ones\ngoal: 'long ones'\n")
    path.write_text(odd)
    assert call("fmt", "odd.yaml", "--check").code == 1
    said = call("fmt", "odd.yaml")
    assert (said.code, path.read_text()) == (2, odd)
    assert "odd.yaml:1: a comment would be lost" in said.err
    assert call("fmt", "odd.yaml", "--drop-comments").code == 0
    assert path.read_text() == RECIPE


def test_operators_are_shown_with_parameters_and_phrases(call: Call):
    said = call("operators", "show", "words")
    assert "at_least" in said.out
    assert "too short" in said.out
    names = [card["name"] for card in json.loads(call("operators", "list", "--stage", "dedupe", "--json").out)]
    assert "exact_dedup" in names
    assert "words" not in names


def test_init_makes_a_store_that_git_may_keep(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch):
    sub = folder / "sub"
    sub.mkdir()
    monkeypatch.chdir(sub)
    assert call("init").code == 0
    assert "runs/" in (sub / ".winnow" / ".gitignore").read_text()
    assert "there already" in call("init").out


def test_doctor_finds_a_state_folder_that_others_can_read(call: Call):
    found = {one["name"]: one["ok"] for one in json.loads(call("doctor", "--json").out)}
    assert found["state folder"]
    assert found["room tools"]
    state = Path(os.environ["XDG_STATE_HOME"]) / "winnow"
    state.mkdir(parents=True, exist_ok=True)
    state.chmod(0o755)
    said = call("doctor", "--json")
    assert said.code == 1
    (mend,) = [one["mend"] for one in json.loads(said.out) if one["name"] == "state folder"]
    assert f"chmod 700 {state}" in mend


def test_gc_caps_the_cache_and_a_run_makes_it_anew(call: Call, folder: Path):
    call("run", "recipe.yaml", "--yes")
    before = (folder / "out.jsonl").read_bytes()
    assert (call("gc", "--most", "0", "--json").json["freed"], (folder / ".winnow" / "cache" / "shards").is_dir()) == (0, True)
    said = call("gc", "--most", "0", "--yes", "--json")
    assert said.json["freed"] > 0
    assert not [name for name, size in said.json["parts"].items() if name.startswith("cache/") and size]
    assert call("run", "recipe.yaml", "--yes", "--overwrite").code == 0
    assert (folder / "out.jsonl").read_bytes() == before
