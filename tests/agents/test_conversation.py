"""The conversation graph: what is remembered, what a kill leaves, what happens once only."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.conversation import nodes
from agents.conversation.graph import WAYS, build
from agents.conversation.nodes import Kit
from agents.conversation.state import State, version_of
from agents.conversation.talk import Conversation, find, forked, known, opened
from agents.rules.turns import RulesPlanner
from agents.turns import Situation, Turn
from tools.errors import RecipeError
from workflows.loader import load
from workflows.store import Store

ROWS = ["one two three four", "one two three four", "one two", "fünf sechs sieben acht neun", "a b c d e f g h"]
NODES = ("plan", "validate", "try_out", "critique", "run", "report")


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@pytest.fixture()
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in ROWS))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture()
def connection(folder: Path) -> Iterator[sqlite3.Connection]:
    with opened(folder / ".winnow") as found:
        yield found


def kit(folder: Path, planner: object = None) -> Kit:
    return Kit(planner=planner or RulesPlanner(), store=Store(folder / ".winnow"), approve=lambda chosen, seen, how: "me", workers=1)


def talk(folder: Path, connection: sqlite3.Connection, planner: object = None) -> Conversation:
    return Conversation(kit(folder, planner), connection, "talk")


def begun(talk: Conversation, folder: Path, goal: str = "Keep rows with at least 3 words.") -> State:
    return talk.begin(goal, {"rows": str(folder / "rows.jsonl")}, str(folder / "out.jsonl"))


def operators(state: State) -> list[str]:
    version = version_of(state)
    return [step.op.partition("@")[0] for step in load(version.recipe).recipe.steps] if version else []


def test_messages_add_up_and_an_approval_runs_them(folder: Path, connection: sqlite3.Connection) -> None:
    here = talk(folder, connection)
    assert operators(begun(here, folder)) == ["words"]
    assert operators(here.say("also remove exact duplicates")) == ["words", "exact_dedup"]
    state = here.approve()
    assert (state["failure"], len((folder / "out.jsonl").read_text().splitlines())) == ("", 3)
    assert [one["who"] for one in state["log"]] == ["you", "you", "winnow", "winnow"]


def test_versions_are_gone_through_and_a_new_message_cuts_off_those_taken_back(folder: Path, connection: sqlite3.Connection) -> None:
    here = talk(folder, connection)
    begun(here, folder)
    here.say("also remove exact duplicates")
    assert operators(here.go_to(0)) == ["words"]
    assert operators(here.go_to(1)) == ["words", "exact_dedup"]
    here.go_to(0)
    state = here.say("only the first 2 rows")
    assert (operators(state)[0], len(state["versions"]), "exact_dedup" in operators(state)) == ("words", 2, False)
    assert operators(here.go_to(-1)) == []
    with pytest.raises(RecipeError, match="nothing to take back"):
        here.go_to(-2)


def test_a_question_leaves_what_held(folder: Path, connection: sqlite3.Connection) -> None:
    here = talk(folder, connection)
    begun(here, folder)
    state = here.say("keep rows where colour is red")
    assert (state["turn"]["kind"], operators(state)) == ("ask", ["words"])
    assert "colour" in state["question"]


def test_an_input_that_is_not_there_is_told(folder: Path, connection: sqlite3.Connection) -> None:
    here = talk(folder, connection)
    state = here.begin("Keep rows with at least 3 words.", {"rows": str(folder / "none.jsonl")}, str(folder / "out.jsonl"))
    assert (state["turn"]["kind"], "none.jsonl" in state["turn"]["message"]) == ("refuse", True)


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_a_kill_in_any_node_loses_nothing_and_repeats_nothing(
    node: str, late: bool, folder: Path, connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = counted(monkeypatch)
    work = getattr(nodes, node)

    def dies(state: State, given: Kit) -> nodes.Step:
        if late:
            work(state, given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(nodes, node, dies)
        first = talk(folder, connection)
        with pytest.raises(Killed):
            begun(first, folder)
            first.approve()
    with opened(folder / ".winnow") as elsewhere:
        second = talk(folder, elsewhere)
        state = second.proceed()
        if not state.get("run"):
            assert operators(state) == ["words"]
            state = second.approve()
        assert (state["failure"], len((folder / "out.jsonl").read_text().splitlines())) == ("", 4)
        assert len(list((folder / ".winnow" / "runs").iterdir())) == 1
    twice = {name for name, times in counts.items() if times > 1}
    assert twice <= ({node} if late else set())


def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    counts: dict[str, int] = dict.fromkeys(NODES, 0)

    def counting(name: str, work: Callable[[State, Kit], nodes.Step]) -> Callable[[State, Kit], nodes.Step]:
        def node(state: State, given: Kit) -> nodes.Step:
            counts[name] += 1
            return work(state, given)

        return node

    for name in NODES:
        monkeypatch.setattr(nodes, name, counting(name, getattr(nodes, name)))
    return counts


def test_a_copy_goes_its_own_way(folder: Path, connection: sqlite3.Connection) -> None:
    here = talk(folder, connection)
    begun(here, folder)
    copy = Conversation(kit(folder), connection, forked(connection, "talk"))
    copy.say("also remove exact duplicates")
    assert (operators(here.state), operators(copy.state)) == (["words"], ["words", "exact_dedup"])
    assert find(connection, "tal") == "talk"
    assert len(known(connection)) == 2
    with pytest.raises(RecipeError, match="no conversation 'tlak'; did you mean 'talk'"):
        find(connection, "tlak")


class Stubborn:
    """A planner that is not the rules: its drafts hold only from the third on."""

    def __init__(self, holds_at: int) -> None:
        self.holds_at, self.seen = holds_at, list[tuple[str, ...]]()

    def turn(self, situation: Situation) -> Turn:
        self.seen.append(situation.findings)
        made = RulesPlanner().turn(replace(situation, findings=()))
        assert made.recipe is not None
        steps = [step.model_copy(update={"on": "texxt"}) for step in made.recipe.steps]
        recipe = made.recipe if len(self.seen) >= self.holds_at else made.recipe.model_copy(update={"steps": steps})
        return Turn(kind="change", recipe=recipe, clauses=made.clauses, planner="llm")


def test_a_draft_that_does_not_hold_goes_back_with_what_is_wrong(folder: Path, connection: sqlite3.Connection) -> None:
    planner = Stubborn(3)
    state = begun(talk(folder, connection, planner), folder)
    assert operators(state) == ["words"]
    assert [bool(findings) for findings in planner.seen] == [False, True, True]
    assert "texxt" in planner.seen[1][0]


def test_a_draft_that_never_holds_is_given_up_after_three_tries(folder: Path, connection: sqlite3.Connection) -> None:
    planner = Stubborn(99)
    state = begun(talk(folder, connection, planner), folder)
    assert (len(planner.seen), operators(state), state["turn"]["kind"]) == (3, [], "ask")
    assert "texxt" in state["turn"]["message"]


class Forgetful:
    """A planner that is not the rules: its first draft lacks the filter that the goal asks for."""

    def __init__(self) -> None:
        self.seen = list[tuple[str, ...]]()

    def turn(self, situation: Situation) -> Turn:
        self.seen.append(situation.findings)
        goal = situation.message if situation.findings else "Remove exact duplicates."
        made = RulesPlanner().turn(replace(situation, message=goal, findings=()))
        return replace(made, planner="llm", said="")


def test_a_draft_that_the_sample_speaks_against_goes_back_with_what_it_says(folder: Path, connection: sqlite3.Connection) -> None:
    planner = Forgetful()
    state = begun(talk(folder, connection, planner), folder, "Keep texts with at least 3 words.")
    assert [bool(findings) for findings in planner.seen] == [False, True]
    assert "Keep texts with at least 3 words" in planner.seen[1][0]
    assert (operators(state), len(state["versions"])) == (["words"], 1)
    assert [one["verdict"] for one in state["evidence"]] == ["holds"]


def test_the_graph_has_the_ways_that_the_nodes_take(folder: Path) -> None:
    drawn = build(kit(folder), None).get_graph()
    assert {(edge.source, edge.target) for edge in drawn.edges} == {("__start__", "plan")} | {(one, to) for one, ways in WAYS.items() for to in ways}


def test_a_checkpoint_holds_plain_data_alone(folder: Path, connection: sqlite3.Connection) -> None:
    here = talk(folder, connection)
    begun(here, folder)
    here.say("also remove exact duplicates")
    assert json.loads(json.dumps(here.state)) == here.state
