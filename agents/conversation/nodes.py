"""The nodes of the graph. Each is a plain function of the state and the kit; what it did is in the state that it gives back."""

import json
import os.path
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, TypeAlias

from sandbox.gateway.errors import GatewayError
from tools.errors import RecipeError, WinnowError
from workflows import runs
from workflows.chosen import Chosen, Refused, from_draft
from workflows.edits import Add, applied, told
from workflows.engine.preview import Preview
from workflows.loader import load
from workflows.planned import Planned
from workflows.recipe import Recipe
from workflows.store import Store
from workflows.text import dump

from ..author.author import Author, Authored, accepted
from ..critique import Tried, touched, tried
from ..draft import Clause
from ..llm.answers import Unfit
from ..turns import Planner, Situation, Turn
from .state import State, Version, logged, version_of

MOST_TRIES = 3
MOST_SHOWN = 400  # characters of a row's value
Next: TypeAlias = Literal["plan", "validate", "preview", "critique", "review", "run", "report", "__end__"]
Step: TypeAlias = tuple[Next, State]  # where to go, and what has changed


@dataclass(kw_only=True)
class Kit:
    """What the nodes work with. None of it is remembered: whoever takes a conversation up again brings its own."""

    planner: Planner
    store: Store
    approve: Callable[[Chosen, Tried, Mapping[str, Any]], str]  # who said yes; raises Refused
    author: Author | None = None  # where there is a model to write operators
    progress: runs.Report | None = None
    workers: int | None = None
    command: tuple[str, ...] = ()
    seen: dict[str, Tried] = field(default_factory=dict)  # by lock: what this process tried out already


def plan(state: State, kit: Kit) -> Step:
    """Ask the planner what to make of the message."""
    situation = situation_of(state, kit)
    if state.get("wish"):
        return written(state, situation, kit)
    try:
        turn = agreed(state, situation, kit) if state.get("decision", {}).get("action") == "accept" else kit.planner.turn(situation)
    except WinnowError as error:  # an input that cannot be read, for one
        turn = Turn(kind="refuse", message=str(error), counts=False)
    answered = _answered(state, turn)
    if turn.kind != "change" or turn.recipe is None:
        question = turn.message if turn.kind == "ask" else ""
        return "review", {**answered, "question": question, "draft": None, "findings": [], "tries": 0}
    said = (*situation.said, turn.said or situation.message) if turn.counts else situation.said
    version = version_of(state)
    draft = Version(
        recipe=dump(turn.recipe),
        said=said,
        clauses=turn.clauses,
        unclear=turn.unclear,
        suggestions=turn.suggestions,
        changes=tuple(told(turn.edits)),
        changed=tuple(sorted({*(version.changed if version else ()), *(touched(turn.edits) if version else ())})),
        planner=turn.planner,
        note=turn.note,
        model=turn.model,
        prompt=turn.prompt,
    )
    return "validate", {**answered, "question": "", "proposal": None, "draft": draft.as_json()}


def situation_of(state: State, kit: Kit) -> Situation:
    """All that a planner may know."""
    version = version_of(state)
    return Situation(
        message=state["message"],
        inputs=state["inputs"],
        output=state["output"],
        cache=kit.store.cache,
        seed=state["seed"],
        said=version.said if version else (),
        recipe=load(version.recipe).recipe if version else None,
        clauses=version.clauses if version else (),
        unclear=version.unclear if version else (),
        question=state.get("question", ""),
        findings=tuple(state.get("findings", ())),
        kept=_kept(state),
        run=state.get("run"),
    )


def written(state: State, situation: Situation, kit: Kit) -> Step:
    """An operator where none fits, for the person to look at. Asked again after a kill, the replies lie in the cache."""
    wish = state["wish"]
    try:
        if kit.author is None:
            raise RecipeError("there is no model to write an operator; name one with --model, or write a file and `winnow operators vet` it")
        made = kit.author.write(wish, situation)
        message = f"{made.told(kit.store.project)}\n`accept` writes {made.place} and adds it as a step; nothing of it is used before."
        turn, proposal = Turn(kind="tell", message=message, planner="author", counts=False), {"wish": wish, **made.as_json()}
    except (WinnowError, GatewayError, Unfit) as error:
        turn, proposal = Turn(kind="refuse", message=f"no operator could be written for {wish!r}: {error}", planner="author", counts=False), None
    return "review", {**_answered(state, turn), "wish": "", "proposal": proposal, "draft": None, "findings": [], "tries": 0}


def agreed(state: State, situation: Situation, kit: Kit) -> Turn:
    """The person takes the operator that was written: a step of the recipe, its file in the project. Raises RecipeError."""
    proposal = state.get("proposal")
    if proposal is None or situation.recipe is None:
        what = "no operator was written yet" if proposal is None else "there is no recipe yet that it could be a step of"
        raise RecipeError(f"{what}; say what rows you want, then `write an operator that ...`")
    wish = str(proposal["wish"])
    edits = tuple(accepted(Authored.of(proposal), wish, situation.recipe, kit.store.project))
    clauses = (
        *situation.clauses,
        Clause(text=wish, steps=tuple(edit.step.id for edit in edits if isinstance(edit, Add)), evidence=proposal["place"]),
    )
    recipe = applied(situation.recipe, edits)
    return Turn(kind="change", message="; ".join(told(edits)), recipe=recipe, edits=edits, clauses=clauses, unclear=situation.unclear, counts=False)


def validate(state: State, kit: Kit) -> Step:
    """The checker's word on the draft; what does not hold goes back to the planner, a few times."""
    draft = state["draft"]
    assert draft is not None
    try:
        chosen_of(Version.of(draft), state, kit)
    except RecipeError as error:
        return _back(state, str(error).splitlines())
    versions = [*state.get("versions", [])[: state.get("at", -1) + 1], draft]
    return "preview", {"versions": versions, "at": len(versions) - 1, "draft": None, "preview": None, "evidence": [], "failure": "", "run": None}


def try_out(state: State, kit: Kit) -> Step:
    """The version that holds, on a sample of the person's rows."""
    version = version_of(state)
    assert version is not None
    try:
        seen = tried_of(version, state, kit)
    except WinnowError as error:
        if state.get("turn", {}).get("kind") == "change" and state.get("at", -1) >= 0 and _may_mend(state):
            return _back(state, str(error).splitlines(), _without_last(state))
        return "review", {"preview": None, "evidence": [], "failure": str(error)}
    return "critique", {"preview": as_json(seen.preview), "evidence": [asdict(one) for one in seen.evidence], "failure": ""}


def critique(state: State, kit: Kit) -> Step:
    """What the sample's output says of each clause; one that fails sends the plan back."""
    failing = [f"{one['clause']!r}: {one['says']}" for one in state["evidence"] if one["verdict"] == "fails"]
    if failing and _may_mend(state):
        return _back(state, failing, _without_last(state))
    return "review", {"findings": [], "tries": 0}


def route(state: State, decision: Mapping[str, Any]) -> Step:
    """What a person's answer in `review` leads to."""
    log = logged(state, "you", str(decision.get("message") or ""))
    match decision["action"]:
        case "say":
            return "plan", {"message": str(decision["message"]), "log": log, "findings": [], "tries": 0, "decision": {}}
        case "write":
            return "plan", {"message": str(decision["message"]), "wish": str(decision["wish"]), "log": log, "decision": {}}
        case "accept":
            return "plan", {"message": str(decision["message"]), "log": log, "findings": [], "tries": 0, "decision": dict(decision)}
        case "go_to":  # undo and redo
            at = int(decision["at"])
            told: State = {"at": at, "preview": None, "evidence": [], "question": "", "failure": "", "run": None, "log": log}
            return ("preview" if at >= 0 else "review"), told
        case "approve":
            return "run", {"decision": dict(decision), "run": str(decision["run"]), "log": log, "failure": ""}
        case _:
            return "__end__", {"log": log}


def run(state: State, kit: Kit) -> Step:
    """Run what was approved. Entered again after a kill, it goes on with the same run."""
    version, name = version_of(state), state["run"]
    assert version is not None
    assert name is not None
    try:
        if (kit.store.runs / name / "manifest.json").exists():
            if runs.manifest_of(kit.store, name).status != "done":
                runs.resume(
                    kit.store, name, workers=kit.workers, trusted=True, overwrite=bool(state["decision"].get("overwrite")), progress=kit.progress
                )
            return "report", {"failure": ""}
        _run_anew(version, name, state, kit)
    except Refused as error:
        return "review", {"failure": str(error), "run": None, "decision": {**state["decision"], "refused": True}}
    except WinnowError as error:
        return "report", {"failure": str(error)}
    return "report", {"failure": ""}


def report(state: State, kit: Kit) -> Step:
    """What came of the run, for those who read the conversation later."""
    text = state.get("failure") or ""
    if not text:
        books = runs.manifest_of(kit.store, str(state["run"])).result
        text = "the run did not end" if books is None else f"run {state['run']}: {books.rows_in:,} rows in, {books.rows_out:,} out"
    return "review", {"log": logged(state, "winnow", text), "findings": [], "tries": 0}


def chosen_of(version: Version, state: State, kit: Kit) -> Chosen:
    """The version checked against its inputs, with how it came about. Raises RecipeError with every finding."""
    recipe = load(version.recipe).recipe
    chosen = from_draft(recipe, kit.store, state["inputs"], _place(recipe, state["output"]))
    made = {"model": version.model, "prompt": version.prompt, "note": version.note}
    return replace(chosen, plan=Planned.of(version.planner, recipe.goal or "", version.clauses, version.unclear, version.suggestions, **made))


def _place(recipe: Recipe, given: str | None) -> str | None:
    """Where the person said that rows go, or beside it, under a name that was said since."""
    if given is None or len(recipe.outputs) != 1:
        return given
    moved = os.path.join(os.path.dirname(given), next(iter(recipe.outputs.values())).path)
    return moved if os.path.dirname(moved) == os.path.dirname(given) else given


def _run_anew(version: Version, name: str, state: State, kit: Kit) -> None:
    chosen = chosen_of(version, state, kit)
    runs.refuse_existing(chosen.graph, bool(state["decision"].get("overwrite")))
    approved_by = kit.approve(chosen, tried_of(version, state, kit), state["decision"])
    number = kit.store.save(chosen.recipe, chosen.lock, chosen.plan, chosen.files)
    stored = kit.store.load(chosen.recipe.name, number)
    chosen = replace(chosen, recipe=stored.recipe, text=stored.text, version=number)
    runs.start(
        kit.store,
        chosen,
        approved_by=approved_by,
        name=name,
        workers=kit.workers,
        overwrite=bool(state["decision"].get("overwrite")),
        command=kit.command,
        progress=kit.progress,
    )


def as_json(seen: Preview) -> dict[str, Any]:
    """A preview as plain data, long texts of rows cut."""
    whole: dict[str, Any] = json.loads(json.dumps(asdict(seen), default=str))
    for step in whole["steps"]:
        for one in step["examples"]:
            for side in ("before", "after"):
                one[side] = {name: _cut(value) for name, value in one[side].items()}
    return whole


def tried_of(version: Version, state: State, kit: Kit) -> Tried:
    """The sample, tried once in this process."""
    chosen = chosen_of(version, state, kit)
    found = kit.seen.get(chosen.lock.digest)
    if found is None:
        goal = "\n\n".join(version.said)
        found = tried(chosen, goal, version.clauses, kit.store.cache, changed=version.changed, workers=kit.workers)
        kit.seen[chosen.lock.digest] = found
    return found


def _answered(state: State, turn: Turn) -> State:
    """What the planner said, for the log and for whoever shows it."""
    shown = {"kind": turn.kind, "message": turn.message, "planner": turn.planner, "note": turn.note, "changes": told(turn.edits), "then": turn.then}
    shown |= {"unclear": list(turn.unclear), "suggestions": list(turn.suggestions)}
    return {
        "turn": shown,
        "log": logged(state, "winnow", turn.message),
        "tokens": state.get("tokens", 0) + turn.tokens,
        "cost": state.get("cost", 0.0) + turn.cost,
    }


def _back(state: State, findings: list[str], also: State | None = None) -> Step:
    """To the planner with what is wrong, while it may mend it; else to the person, with what held before."""
    if _may_mend(state):
        return "plan", {**(also or {}), "draft": None, "findings": findings[:10], "tries": state.get("tries", 0) + 1}
    turn = {**state["turn"], "kind": "ask", "message": "The change does not hold: " + "; ".join(findings[:5])}
    return "review", {"draft": None, "findings": [], "tries": 0, "turn": turn, "log": logged(state, "winnow", turn["message"])}


def _may_mend(state: State) -> bool:
    """Rules answer the same message the same way each time."""
    return state["turn"]["planner"] != "rules" and state.get("tries", 0) + 1 < MOST_TRIES


def _without_last(state: State) -> State:
    """As before the version that does not hold was added."""
    versions = state["versions"][:-1]
    return {"versions": versions, "at": len(versions) - 1, "preview": None, "evidence": []}


def _cut(value: object) -> object:
    text = value if isinstance(value, str) else json.dumps(value)
    return value if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"


def _kept(state: State) -> dict[str, tuple[int, int | None]]:
    steps = (state.get("preview") or {}).get("steps", ())
    return {one["id"]: (one["rows_in"], None if one["share"] is None else round(one["rows_in"] * one["share"])) for one in steps}
