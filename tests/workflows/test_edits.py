"""Typed edits: each does what its name says, keeps the line unbroken, and two recipes are always some edits apart."""

from itertools import permutations, product
from pathlib import Path

import pytest

from tests.winnow.conftest import RECIPE
from tools.errors import RecipeError
from workflows.edits import Add, Check, Connect, Head, Move, Output, Remove, Rename, Set, applied, between, parse, told
from workflows.loader import load
from workflows.recipe import OutputSpec, Recipe, SourceSpec, Step
from workflows.text import dump


def step(name: str, rows: object, op: str = "words@1", **params: object) -> Step:
    return Step.model_validate({"id": name, "op": op, "from": rows, "on": "text", "with": params})


def recipe(*steps: Step, output: object = "c", rest: object = None) -> Recipe:
    outputs = {"out": OutputSpec.model_validate({"from": output, "path": "o.jsonl"})}
    if rest:
        outputs["rest"] = OutputSpec.model_validate({"from": rest, "path": "r.jsonl"})
    return Recipe(name="r", sources={"s": SourceSpec(path="s.jsonl"), "t": SourceSpec(path="t.jsonl")}, steps=list(steps), outputs=outputs)


LINE = recipe(step("a", "s"), step("b", "a"), step("c", "b"))


def edges(given: Recipe) -> list[tuple[str, object]]:
    return [(one.id, one.rows) for one in given.steps] + [(name, spec.rows) for name, spec in given.outputs.items()]


def test_a_step_that_takes_over_stands_between() -> None:
    made = applied(LINE, [Add(step=step("n", "a"))])
    assert edges(made) == [("a", "s"), ("n", "a"), ("b", "n"), ("c", "b"), ("out", "c")]


def test_a_step_that_takes_nothing_over_is_a_branch() -> None:
    made = applied(LINE, [Add(step=step("n", "a"), takes_over=False)])
    assert ("b", "a") in edges(made)
    assert ("n", "a") in edges(made)


def test_a_step_taken_out_leaves_its_readers_what_it_read() -> None:
    both = recipe(step("a", "s"), step("b", ["a", "a.dropped"]), step("c", {"rows": "b", "against": "a"}))
    assert edges(applied(both, [Remove(step="a")])) == [("b", "s"), ("c", {"rows": "b", "against": "s"}), ("out", "c")]
    assert edges(applied(both, [Remove(step="b")])) == [("a", "s"), ("c", {"rows": ["a", "a.dropped"], "against": "a"}), ("out", "c")]


def test_a_step_whose_port_is_read_stays() -> None:
    with pytest.raises(RecipeError, match=r"its port 'a\.dropped' is read"):
        applied(recipe(step("a", "s"), output="a", rest="a.dropped"), [Remove(step="a")])


def test_a_moved_step_joins_its_old_neighbours() -> None:
    assert edges(applied(LINE, [Move(step="c", after="s")])) == [("c", "s"), ("a", "c"), ("b", "a"), ("out", "b")]
    with pytest.raises(RecipeError, match="cannot come after itself"):
        applied(LINE, [Move(step="c", after="c")])


def test_a_key_is_set_and_put_back() -> None:
    made = applied(
        LINE, [Set(step="a", key="with.at_least", value=5), Set(step="a", key="on", value="body"), Set(step="a", key="nulls", value="drop")]
    )
    assert (made.steps[0].params, made.steps[0].on, made.steps[0].nulls) == ({"at_least": 5}, "body", "drop")
    back = applied(made, [Set(step="a", key="with.at_least"), Set(step="a", key="on", value="text"), Set(step="a", key="nulls")])
    assert back.steps == LINE.steps


def test_a_parameter_is_switched_off_and_that_is_not_its_default() -> None:
    made = applied(LINE, [Set(step="a", key="with.at_least", off=True)])
    assert made.steps[0].params == {"at_least": None}
    assert told(between(LINE, made)) == ["set a.at_least to none"]
    assert applied(LINE, between(LINE, made)).steps == made.steps
    assert applied(made, between(made, LINE)).steps == LINE.steps


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Set(step="aa", key="why", value="x"), "no step 'aa'; did you mean 'a'"),
        (Set(step="a", key="whith.at_least", value=1), "no key 'whith.at_least'"),
        (Set(step="a", key="nulls", value="maybe"), "'nulls' is 'maybe'"),
        (Set(step="a", key="nulls", off=True), "only a parameter can"),
        (Remove(step="d"), "no step 'd'.*it has a, b, c"),
        (Add(step=step("s", "a")), "name is taken"),
        (Rename(step="a", name="b"), "name 'b' is taken"),
        (Connect(step="a"), "must read rows from somewhere"),
        (Output(name="oot", spec=None), "no output 'oot'; did you mean 'out'"),
        (Check(text="rows(a) > 1", gone=True), "has no check"),
    ],
)
def test_an_edit_of_what_is_not_there_says_so(edit: object, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        applied(LINE, [edit])  # type: ignore[list-item]


def test_a_new_name_goes_wherever_the_old_one_was() -> None:
    measured = step("b", "a").model_copy(update={"on": {"value": "a.words"}})
    given = recipe(step("a", "s"), measured, step("c", ["b", "a.dropped"])).model_copy(update={"checks": ["rows(a) >= 2", "share(c) < 1"]})
    made = applied(given, [Rename(step="a", name="long")])
    assert made.steps[1].on == {"value": "long.words"}
    assert made.steps[2].rows == ["b", "long.dropped"]
    assert made.checks == ["rows(long) >= 2", "share(c) < 1"]


def test_edits_cross_as_json_and_say_what_they_do() -> None:
    edits = [Add(step=step("n", "a")), Set(step="a", key="with.at_least", value=5), Head(seed=3)]
    again = parse([edit.model_dump(mode="json", by_alias=True) for edit in edits])
    assert again == edits
    assert told(again) == ["add n (words@1) after a", "set a.at_least to 5", "seed: 3"]
    with pytest.raises(RecipeError, match="an edit is a mapping"):
        parse([{"do": "explode"}])


VARIANTS = [
    LINE,
    recipe(step("c", "s"), output="c"),
    recipe(step("c", "s"), step("b", "c"), step("a", "b"), output="a"),
    recipe(step("a", "s"), step("c", {"rows": "a", "against": "t"}, "decontaminate@1"), output="c", rest="a.dropped"),
    recipe(step("a", "s", at_least=3), step("b", "t"), step("c", ["a", "b"]), output="c", rest="c.dropped"),
    recipe(step("b", "s", "chars@1"), step("d", ["b", "b.dropped"], at_most=4), output="d", rest=["b.dropped"]),
    recipe(output="s").model_copy(update={"checks": ["rows(s) > 2"], "goal": "other", "seed": 9}),
]


@pytest.mark.parametrize(("before", "after"), list(permutations(VARIANTS, 2)))
def test_any_two_recipes_are_some_edits_apart(before: Recipe, after: Recipe) -> None:
    made = applied(before, between(before, after))
    assert {one.id: one for one in made.steps} == {one.id: one for one in after.steps}
    assert made.model_copy(update={"steps": []}) == after.model_copy(update={"steps": []})


def test_equal_recipes_are_no_edits_apart() -> None:
    assert [between(one, other) for one, other in product(VARIANTS, VARIANTS) if one is other] == [[]] * len(VARIANTS)


def test_what_was_edited_is_written_as_a_person_would(tmp_path: Path) -> None:
    text = dump(applied(load(RECIPE).recipe, [Set(step="long_enough", key="with.at_least", value=9)]))
    assert [line for line in text.splitlines() if line not in RECIPE.splitlines()] == ["    with: {at_least: 9}"]
