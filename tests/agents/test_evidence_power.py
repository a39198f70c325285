"""The evidence sees what is wrong: a right plan fails nowhere, the same plan made wrong in one place does."""

import pytest

from agents.evidence import verify
from agents.rules.planner import plan
from tests.goals import mutants, runner, tried

WRONG = {  # silent misreads of the planner, as they are now or as they were
    "remove ham duplicates": ("messages", {"id": "once", "op": "field@1", "with": {"where": "label is distinct from 'ham'"}}),
    "sample 12 rows evenly over genres": ("books", {"id": "once", "op": "random_sample@1", "with": {"rows": 13}}),
    "mask the URLs and the e-mail addresses in url": ("sites", {"id": "once", "op": "mask_pii@1", "on": "url", "with": {"types": ["email"]}}),
}


def test_plans_made_wrong_are_seen(data, tmp_path):
    goal = "Keep the crime and poetry books. Keep books with stars of 2 or more, then sort by year, newest first, and drop the column lang"
    inputs, output = {"books": str(data / "books.jsonl")}, str(tmp_path / "OUT.jsonl")
    draft = plan(goal, inputs, output, cache=tmp_path / "cache")
    right = tried.sampled(draft.recipe, inputs, output, tmp_path)
    assert {one.verdict for one in verify(goal, draft, right)} == {"holds"}
    columns = {field.name: field.type for field in right.inputs["books"].table.schema}
    seen = []
    for one in mutants.mutants(draft.recipe, columns):
        rows = tried.sampled(one.recipe, inputs, output, tmp_path)
        if rows is not None and mutants.differs(right, rows):
            found = verify(goal, tried.with_recipe(draft, one.recipe), rows)
            seen.append((one.says, any(evidence.verdict == "fails" for evidence in found)))
    assert len(seen) > 8
    assert [says for says, caught in seen if not caught] == []


@pytest.mark.parametrize("goal", WRONG)
def test_what_a_planner_misread_in_silence_fails(goal, data, tmp_path):
    name, step = WRONG[goal]
    inputs, output = {name: str(data / f"{name}.jsonl")}, str(tmp_path / "OUT.jsonl")
    recipe = tried.one_step(name, inputs[name], step)
    rows = tried.sampled(recipe, inputs, output, tmp_path)
    assert [one.verdict for one in verify(goal, tried.draft_of(goal, recipe), rows)] == ["fails"]


def test_a_goal_of_ours_played_as_it_is_has_nothing_against_it(tmp_path):
    if not (runner.ROOT / "shared/data").exists():
        pytest.skip(f"no data at {runner.ROOT / 'shared/data'}: the goal was NOT played")
    (case,) = runner.goals("g24")
    draft, inputs, output = tried.drafted(case, tmp_path)
    found = verify(case.goal, draft, tried.sampled(draft.recipe, inputs, output, tmp_path))
    assert [one.verdict for one in found] == ["holds", "holds"]
