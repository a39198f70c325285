"""The record of how a plan came about: kept with the version, believed by nobody."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.workflows.test_store import made
from tools.errors import RecipeError
from workflows import planned
from workflows.planned import Planned, PlannedClause, parse
from workflows.store import FOLDER, Store


@dataclass(frozen=True)
class Reading:
    text: str
    steps: tuple[str, ...] = ()
    evidence: str = ""


PLAN = Planned.of("rules", "at least one", [Reading("at least one", ("a",), "words: at_least 1")], ["and more"], ["drop duplicates"])


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(folder / FOLDER)


@pytest.mark.usefixtures("small_operators")
def test_a_plan_lies_beside_its_version_and_never_changes(store: Store, folder: Path):
    assert store.save(*made(folder, 1), PLAN) == 1
    assert store.save(*made(folder, 2)) == 2
    path = store.home / "recipes/test/v1.plan.json"
    before = path.read_bytes()
    assert store.save(*made(folder, 2), PLAN) == 2, "what has not changed is no new version"
    assert [store.load("test", version).plan for version in (1, 2)] == [PLAN, None]
    assert path.read_bytes() == before
    assert {one.name for one in path.parent.glob("*.plan.json")} == {"v1.plan.json"}


@pytest.mark.usefixtures("small_operators")
@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("{", "EOF while parsing"),
        ("[]", "not the record of a plan"),
        ("[" * 100_000, "not the record of a plan"),
        ('{"planner": "x", "goal": "y", "approved_by": "me"}', "'approved_by': Extra inputs"),
        ('{"planner": "x", "goal": "y", "clauses": [{"text": 1}]}', "'clauses.0.text'"),
        (json.dumps({"planner": "x", "goal": "y", "unclear": ["z"] * 101}), "at most 100 items"),
        (json.dumps({"planner": "x", "goal": "y" * 20_001}), "at most 20000 characters"),
        (json.dumps({"planner": "x", "goal": "y", "k" * 10_000: 1}), "k" * planned.MOST_TOLD + "'"),
        ("\ud800", "cannot be read"),
    ],
)
def test_a_planted_record_is_refused_by_its_name(store: Store, folder: Path, planted: str, said: str):
    store.save(*made(folder), PLAN)
    path = store.home / "recipes/test/v1.plan.json"
    path.write_bytes(planted.encode("utf-8", "surrogatepass"))
    with pytest.raises(RecipeError, match="delete it, the recipe runs without") as refused:
        store.load("test")
    assert str(path) in str(refused.value)
    assert said in str(refused.value)
    assert len(str(refused.value)) < 600
    path.unlink()
    assert store.load("test").plan is None


@pytest.mark.usefixtures("small_operators")
def test_a_record_of_a_hundred_megabytes_is_not_read(store: Store, folder: Path):
    store.save(*made(folder), PLAN)
    with (store.home / "recipes/test/v1.plan.json").open("wb") as file:
        file.truncate(100 << 20)
    with pytest.raises(RecipeError, match=r"v1.plan.json: larger than 8,388,608 bytes; delete it"):
        store.load("test")


def test_the_longest_record_can_be_read_again():
    worst = "\x01" * 30_000
    reading = Reading(worst, (worst,) * 500, worst)
    full = Planned.of(worst, worst, [reading] * 500, [worst] * 500, [worst] * 500)
    assert len(full.file_text().encode()) <= planned.MOST_BYTES
    assert parse(full.file_text(), "here") == full
    assert len(full.clauses) == planned.MOST_PARTS
    assert full.clauses[0].text.endswith("…")


def test_what_no_file_can_hold_is_replaced():
    odd = Planned.of("rules", "caf\udce9", [Reading("a\ud800b", ("s",))])
    assert parse(odd.file_text(), "here") == odd
    assert (odd.goal, odd.clauses) == ("caf?", (PlannedClause(text="a?b", steps=("s",)),))
