"""The evidence over all goals and over a thousand plans made wrong: a right plan never fails, of wrong ones most do."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from agents.draft import Draft
from agents.evidence import verify
from tests.goals import mutants, runner, tried
from workflows.engine.sample_rows import SampleRows

pytestmark = pytest.mark.slow
LEAST_TOLD, LEAST_CAUGHT = 0.55, 0.6


@pytest.fixture(scope="module", autouse=True)
def has_data() -> None:
    if not tried.DEV.exists():
        pytest.skip(f"no goals at {tried.DEV}: the drill was NOT run")


def played() -> Iterator[tuple[Mapping[str, object], Draft, SampleRows, dict[str, str], str, Path]]:
    for case in tried.cases():
        if "run" in case.wanted and not case.turns:
            with tempfile.TemporaryDirectory() as name:
                draft, inputs, output = tried.drafted(case, Path(name))
                sample = tried.sampled(draft.recipe, inputs, output, Path(name)) if draft.status == "draft" and draft.recipe else None
                if sample is not None:
                    yield case, draft, sample, inputs, output, Path(name)


def test_right_plans_fail_nowhere_and_most_clauses_are_told() -> None:
    verdicts = Counter[str]()
    failing = []
    for case, draft, sample, *_ in played():
        found = verify(case.goal, draft, sample)
        verdicts.update(one.verdict for one in found)
        failing += [f"{case.id}: {one.clause}: {one.says}" for one in found if one.verdict == "fails"]
    assert failing == [], dict(verdicts)
    assert verdicts["holds"] > LEAST_TOLD * verdicts.total()


def test_most_plans_made_wrong_are_seen() -> None:
    counted, caught = Counter[str](), Counter[str]()
    for case, draft, sample, inputs, output, folder in played():
        columns = {field.name: field.type for one in sample.inputs.values() for field in one.table.schema}
        assert draft.recipe is not None
        for mutant in mutants.mutants(draft.recipe, columns):
            rows = tried.sampled(mutant.recipe, inputs, output, folder)
            if rows is not None and mutants.differs(sample, rows):
                counted[mutant.kind] += 1
                caught[mutant.kind] += any(one.verdict == "fails" for one in verify(case.goal, tried.with_recipe(draft, mutant.recipe), rows))
    assert counted.total() > 200
    assert caught.total() > LEAST_CAUGHT * counted.total(), {kind: f"{caught[kind]} of {counted[kind]}" for kind in counted}


def test_the_goals_are_all_there() -> None:
    assert len(tried.cases()) == len(runner.goals()) + 40 - len(tried.UNREAD)
