"""What a later message makes of a recipe: edits of what is there, an order, a question; and what a planner's turn holds."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from agents.rules.turns import RulesPlanner, read_order
from agents.turns import Situation, Turn
from workflows.edits import Set, applied, told
from workflows.recipe import Recipe

GROUPS = YAML(typ="safe").load(Path(__file__).with_name("followups.yaml").read_text(encoding="utf-8"))
SAID = [
    pytest.param(group, message, wanted, id=re.sub(r"\W+", "-", message)[:40], marks=[pytest.mark.slow] * (turn % 3 > 0))
    for group in GROUPS
    for turn, (message, wanted) in enumerate(group["says"].items())
]
Say = Callable[..., Turn]
FIRST: dict[tuple[str, str], Turn] = {}  # a goal is planned once for all that is said to it


@pytest.fixture
def say(data: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Says messages one after the other, each to what the one before left; the last turn is what comes back."""
    monkeypatch.chdir(data)
    cache = tmp_path_factory.getbasetemp() / "cache"

    def talk(name: str, *messages: str, kept: dict[str, tuple[int, int | None]] | None = None) -> Turn:
        situation = Situation(message="", inputs={name: f"{name}.jsonl"}, output="OUT.jsonl", cache=cache, kept=kept or {})
        turn = Turn(kind="tell")
        for message in messages:
            situation = Situation(**{**vars(situation), "message": message})
            known = (name, message) if situation.recipe is None and not situation.question else None
            turn = FIRST.get(known) or RulesPlanner().turn(situation) if known else RulesPlanner().turn(situation)
            if known:
                FIRST[known] = turn
            changed = turn.kind == "change"
            after = {"recipe": turn.recipe, "clauses": turn.clauses, "unclear": turn.unclear} if changed else {}
            said = (*situation.said, turn.said or message) if changed and turn.counts else situation.said
            situation = Situation(**{**vars(situation), **after, "said": said, "question": turn.message if turn.kind == "ask" else ""})
        return turn

    yield talk


def shown(turn: Turn) -> str:
    """A turn in one line, as the table has it."""
    then = f" then {turn.then}" if turn.then else ""
    if turn.kind == "order":
        return " ".join(part for part in ("order", turn.order, turn.of) if part) + then
    if turn.kind != "change":
        return turn.kind
    edits = told(edit for edit in turn.edits if not (isinstance(edit, Set) and edit.key == "why"))
    return "; ".join(edit for edit in edits if not edit.startswith("goal:")) + then


@pytest.mark.parametrize(("group", "message", "wanted"), SAID)
def test_a_follow_up_comes_to_what_it_says(group: dict[str, str], message: str, wanted: str, say: Say) -> None:
    assert shown(say(group["input"], group["goal"], message)) == wanted


def test_the_first_message_is_a_goal_and_its_edits_make_the_recipe(say: Say) -> None:
    turn = say("messages", "Keep rows with at least 10 words.")
    assert turn.kind == "change"
    assert turn.recipe is not None
    made = applied(Recipe(name="recipe", sources={}, outputs={}), turn.edits)
    assert (made.steps, made.outputs, made.goal) == (turn.recipe.steps, turn.recipe.outputs, "Keep rows with at least 10 words.")


def test_an_addition_keeps_what_was_edited_before(say: Say) -> None:
    turn = say(
        "messages", "Keep rows with at least 10 words and remove exact duplicates.", "make it 25", "drop the dedupe", "also drop rows with urls"
    )
    assert turn.recipe is not None
    assert [(step.id, step.params.get("at_least")) for step in turn.recipe.steps] == [("long_enough", 25), ("without_match", None)]


def test_a_clause_of_a_step_that_is_gone_says_so(say: Say) -> None:
    turn = say("messages", "Keep rows with at least 10 words and remove exact duplicates.", "drop the dedupe", "stricter")
    assert [(clause.text, clause.steps) for clause in turn.clauses] == [
        ("Keep rows with at least 10 words", ("long_enough",)),
        ("remove exact duplicates", ("once",)),
        ("drop the dedupe", ()),
        ("stricter", ("long_enough",)),
    ]
    assert "taken back by 'drop the dedupe'" in turn.clauses[1].evidence


def test_a_changed_step_says_why_it_is_as_it_is(say: Say) -> None:
    turn = say("messages", "Keep rows with at least 10 words.", "make it 25")
    assert turn.recipe is not None
    assert turn.recipe.steps[0].why == "Keep rows with at least 10 words; make it 25"
    assert turn.message == "long_enough.at_least 10 → 25"
    assert not turn.counts


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        (("drop too short messages", "5"), "words at_least 5"),
        (("Drop messages that are too long.", "about 40"), "words at_most 40"),
        (("hello there", "keep ham only"), "field where label = 'ham'"),
        (("sort by `scor`", "text"), "sort"),
        (("Keep ham.", "use the column body", "label"), "field where label = 'ham'"),
        (("Keep ham.", "keep spam", "the second"), "field where label = 'spam'"),
        (("Keep ham.", "keep spam", "yes"), "field where label in ('ham', 'spam')"),
        (("Keep ham.", "keep spam", "I don't care"), "field where label = 'ham'"),
    ],
)
def test_an_answer_completes_what_was_asked_about(messages: tuple[str, ...], wanted: str, say: Say) -> None:
    recipe = say("messages", *messages).recipe
    assert recipe is not None
    assert [" ".join([step.op.partition("@")[0], *(f"{key} {value}" for key, value in step.params.items())]) for step in recipe.steps] == [wanted]


def test_what_is_not_understood_leaves_the_recipe_and_says_what_could_be_meant(say: Say) -> None:
    turn = say("messages", "Keep ham.", "frobnicate the words")
    assert (turn.kind, turn.counts, turn.unclear) == ("ask", False, ("frobnicate the words",))
    assert "'frobnicate the words': not understood; nearest operators: " in turn.message
    assert turn.recipe is not None
    assert len(turn.recipe.steps) == 1


def test_a_number_of_one_step_of_two_is_asked_for_with_the_words_to_say(say: Say) -> None:
    turn = say("books", "Keep books from 1995 on with at least 2 stars.", "make it 40")
    assert turn.kind == "ask"
    assert turn.suggestions == ("year 40", "stars 40")


def test_a_goal_beyond_winnow_is_refused_and_the_recipe_stays(say: Say) -> None:
    turn = say("messages", "Keep ham.", "also send the rows to https://example.com")
    assert turn.kind == "refuse"
    assert turn.recipe is not None


def test_a_similarity_takes_what_it_is_searched_with_along(say: Say) -> None:
    turn = say("messages", "Remove near duplicates.", "stricter")
    assert turn.recipe is not None
    assert turn.recipe.steps[0].params == {"similarity": 0.75, "reach": 0.75}


def test_a_step_at_its_end_is_said_to_be(say: Say) -> None:
    turn = say("messages", "Drop rows with urls.", "stricter")
    assert turn.kind == "ask"
    assert "no step has a bound that could be stricter" in turn.message


def test_a_revert_takes_a_number_back_to_what_was_said(say: Say) -> None:
    turn = say("messages", "Keep rows with at least 10 words.", "make it 25", "drop rows with urls", "revert the threshold of the length filter")
    assert shown(turn) == "set long_enough.at_least to 10"


def test_questions_about_the_sample_are_answered(say: Say) -> None:
    kept: dict[str, tuple[int, int | None]] = {"long_enough": (60, 20), "once": (20, 19)}
    goal = "Keep rows with at least 10 words and remove exact duplicates."
    assert "long_enough lets 20 of 60 through" in say("messages", goal, "why so few rows?", kept=kept).message
    assert "once 19 of 20" in say("messages", goal, "how many rows are left?", kept=kept).message


def test_findings_are_told_and_not_tried_again(say: Say, data: Path, tmp_path: Path) -> None:
    first = say("messages", "Keep ham.")
    situation = Situation(
        message="keep spam too",
        inputs={"messages": "messages.jsonl"},
        output="OUT.jsonl",
        cache=tmp_path,
        recipe=first.recipe,
        findings=("no jail here",),
    )
    assert "no jail here" in RulesPlanner().turn(situation).message


def test_an_order_needs_no_recipe(tmp_path: Path) -> None:
    situation = Situation(message="run", inputs={}, output=None, cache=tmp_path)
    assert [read_order(text, situation) is not None for text in ("run", "/help", "quit", "undo", "keep ham", "drop the run column")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_the_same_message_makes_the_same_turn(say: Say) -> None:
    messages = ("Keep rows with at least 10 words.", "stricter", "drop rows with urls", "only 5")
    assert say("messages", *messages) == say("messages", *messages)


def test_an_addition_moves_no_step_that_was_there(say: Say) -> None:
    goal = "Keep rows with at least 10 words in English, mask e-mails, remove exact duplicates and take 20 rows."
    before, after = say("messages", goal).recipe, say("messages", goal, "drop rows with digits, then shuffle").recipe
    assert before is not None
    assert after is not None
    assert [step.id for step in after.steps if step.id in {one.id for one in before.steps}] == [step.id for step in before.steps]
    assert [step.id for step in after.steps][-1] == "shuffled"


def test_a_message_as_long_as_a_book_is_no_order(tmp_path: Path) -> None:
    assert read_order("undo " * 5000, Situation(message="", inputs={}, output=None, cache=tmp_path)) is None
