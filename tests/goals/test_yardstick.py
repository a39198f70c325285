"""The planner's yardstick: two hundred goals in other words than the public ones, judged by the rows that come out."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.goals import runner

CASES = runner.cases()
# the suite plays every second one, the drill the others
PLAYED = [pytest.param(case, id=f"{case['id']}-{turn}", marks=[pytest.mark.slow] * (turn % 2)) for turn, case in enumerate(CASES)]


@pytest.mark.parametrize("case", PLAYED)
def test_a_goal_becomes_the_rows_it_asks_for(case: dict[str, object]) -> None:
    if not (runner.ROOT / "shared/data").exists():
        pytest.skip(f"no data at {runner.ROOT / 'shared/data'}: the goals were NOT played")
    with tempfile.TemporaryDirectory() as folder:
        found = runner.play(case, Path(folder))
    assert found.ok, f"{case['goal']!r}: {found.note}{', and nothing was called unclear' * found.confident}"


def test_all_goals_are_there() -> None:
    assert Counter(case["level"] for case in CASES) == {"easy": 92, "medium": 101, "hard": 48}


def test_a_wrong_result_fails_its_check() -> None:
    """The checks would be worth nothing if rows untouched passed them."""
    if not (runner.ROOT / "shared/data").exists():
        pytest.skip(f"no data at {runner.ROOT / 'shared/data'}: the checks were NOT tried")
    case = runner.cases("g03")[0]
    rows = {spec["name"]: runner.rows_of(spec) for spec in case["inputs"]}
    assert list(runner.faults(case, rows, [(Path("OUT.jsonl"), rows["comments"])])) == ["none too short"]
