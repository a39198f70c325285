"""What a conversation does by itself when it is told to: look, take back, keep. Each answers on stderr."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.conversation.nodes import chosen_of
from agents.conversation.state import State, Version, version_of
from agents.conversation.talk import Conversation
from agents.turns import Order
from tools.errors import RecipeError
from tools.names import nearest
from workflows import diff, inquiry, runs, trail
from workflows.chosen import Chosen
from workflows.loader import load
from workflows.recipe import Recipe
from workflows.store import Store

from .. import review, show
from ..render import one_line, say, table

HELP = """\
  say what rows you want, or what to change: “stricter”, “keep the German ones too”, “only 500”, “use the column body”
  run                 run it (that is your yes)         undo, redo          take the last message back, or forward
  show [STEP]         the recipe, or one of its steps   diff                what the last message changed
  why ROW             one row's whole path              compare             the last version beside this one, on the same sample
  save [as NAME]      keep this version in the store    approve             say yes to it without running it
  write an operator that …   where none fits: a model writes it, you look at it, `accept` takes it
  history             all versions of this talk         quit                leave; `winnow chat --resume last` goes on"""


def show_recipe(talk: Conversation, of: str) -> None:
    """The recipe as its file would hold it, or one step of it with its operator's doc."""
    recipe = _recipe(talk.state)
    if not of:
        say(_version(talk.state).recipe)
        return
    step = next((one for one in recipe.steps if of in (one.id, one.op.partition("@")[0])), None)
    if step is None:
        known = [one.id for one in recipe.steps]
        raise RecipeError(f"there is no step {of!r}{nearest(of, known)}; there are {', '.join(known) or 'none'}")
    from tools.cards import summaries

    name = step.op.partition("@")[0]
    say(f"  {step.id}  {step.op}   {step.why or ''}".rstrip())
    say(f"  {summaries()[name].doc}" if name in summaries() else "")
    for key, value in (("from", step.rows), ("on", step.on), ("with", step.params)):
        if value not in (None, {}):
            say(f"  {key:<5} {one_line(value, 200)}")
    seen = next((one for one in (talk.state.get("preview") or {}).get("steps", ()) if one["id"] == step.id), None)
    for one in seen["examples"] if seen else ():
        say(f"  drops, for one ({one['reason']}): " + ", ".join(f"{name}: {one_line(value, 80)}" for name, value in one["before"].items()))


def show_change(talk: Conversation, of: str) -> None:
    """The lines of the recipe that the last message changed."""
    state = talk.state
    after, before = _version(state), _before(state)
    if before is None:
        raise RecipeError("this is the first version: there is nothing to compare it with")
    for line in diff.lines(load(before.recipe).recipe, load(after.recipe).recipe, (f"version {state['at']}", f"version {state['at'] + 1}")):
        say(f"  {line}")


def compare(talk: Conversation, of: str) -> None:
    """Rows after each step in both versions; both were tried on the same sample, drawn by the same seed."""
    state = talk.state
    before = _before(state)
    if before is None:
        raise RecipeError("this is the first version: there is nothing to compare it with")
    one, other = (talk.tried(version) for version in (before, _version(state)))
    left, right = ({step.id: step for step in seen.steps} for seen in (one, other))
    rows = [
        (step, left[step].rows_out if step in left else "–", right[step].rows_out if step in right else "–")
        for step in dict.fromkeys((*left, *right))
    ]
    table(("step", f"version {state['at']}", f"version {state['at'] + 1}"), rows, right=("before", "after"), title="Rows expected after", stderr=True)


def why(talk: Conversation, of: str) -> None:
    """One row's way through the last run; before any, through a run aside of an input that is small enough to be tried whole."""
    state = talk.state
    if not of:
        raise RecipeError("which row? Say its line, as in `why 17`, or FILE:LINE")
    store = talk.kit.store
    run = state.get("run")
    if run and not state.get("failure"):
        _path(store, run, of)
        return
    seen = state.get("preview")
    if seen is None or seen["by"] != "whole":
        raise RecipeError(f"row {of!r}: nothing was run yet and the input is too large to be tried whole; `run` first, then ask again")
    chosen = chosen_of(_version(state), state, talk.kit)
    with TemporaryDirectory(prefix="winnow-why-") as folder:
        aside = Store(Path(folder))
        done = runs.start(aside, chosen, approved_by="nobody: tried aside", is_aside=True, workers=1, cache=store.cache)
        _path(aside, done.manifest.run, of)


def save(talk: Conversation, of: str) -> None:
    """Keep the version that holds in the store."""
    saved = review.save(_chosen(talk, of), talk.kit.store)
    say(f"  saved as {saved.name}; `winnow show {saved.name}` shows it")


def approve(talk: Conversation, of: str) -> None:
    """A person's yes without a run."""
    from workflows.report.predicted import prediction
    from workflows.trust import State as Believed

    saved = review.save(_chosen(talk, of), talk.kit.store)
    review.face_unvetted(saved.name, saved.lock)
    seen = prediction(talk.tried(_version(talk.state))).model_dump_json()
    Believed().approve(saved.lock.digest, seen, review.person(), "in a conversation")
    say(f"  approved {saved.name}; `winnow run {saved.name}` runs it")


def history(talk: Conversation, of: str) -> None:
    """All versions of this conversation, the one that holds marked."""
    state = talk.state
    for number, (data, message) in enumerate(zip(state.get("versions", []), _messages(state), strict=True)):
        mark = "→" if number == state.get("at") else " "
        say(f"  {mark} {number + 1}  {one_line(message, 80)}   ({len(load(data['recipe']).recipe.steps)} steps)")
    if not state.get("versions"):
        say("  nothing was planned yet")


def _messages(state: State) -> list[str]:
    """Of each version the message that made it: one that changed a step is no part of what was asked for, and stands with the clauses."""
    found: list[str] = []
    before: tuple[str, ...] = ()
    for data in state.get("versions", []):
        version = Version.of(data)
        grew = version.said != before
        found.append(version.said[-1] if grew and version.said else version.clauses[-1].text if version.clauses else "")
        before = version.said
    return found


def help_(talk: Conversation, of: str) -> None:
    say(HELP)


def step_back(talk: Conversation, of: str) -> State:
    """Undo one message, so many, all, all after a version of the history (`vN`), or all since a step came in."""
    state = talk.state
    at = state.get("at", -1)
    to = _back_to(of, state)
    gone = _messages(state)[to + 1 : at + 1]
    moved = talk.go_to(to)
    say(f"taken back: {'; '.join(one_line(message, 80) for message in gone)}")
    return moved


def _back_to(of: str, state: State) -> int:
    """Which version is to hold; below -1: there is nothing to take back."""
    at = state.get("at", -1)
    if not of or of.isdecimal():
        return max(at - int(of or 1), -1) if at >= 0 else -2
    if of == "all":
        return -1 if at >= 0 else -2
    if of[:1] == "v" and of[1:].isdecimal():
        if not 1 <= int(of[1:]) <= len(state.get("versions", [])):
            raise RecipeError(f"there is no version {of[1:]}; `history` lists them")
        return int(of[1:]) - 1
    recipes = [load(one["recipe"]).recipe for one in state.get("versions", [])[: at + 1]]
    without = [number for number, recipe in enumerate(recipes) if of not in {step.id for step in recipe.steps}]
    return without[-1] if without else -1


def step_forward(talk: Conversation, of: str) -> State:
    return talk.go_to(talk.state.get("at", -1) + 1)


LOOKS: Mapping[Order, Callable[[Conversation, str], None]] = {
    "show": show_recipe,
    "why": why,
    "diff": show_change,
    "compare": compare,
    "save": save,
    "approve": approve,
    "history": history,
    "help": help_,
}
MOVES: Mapping[Order, Callable[[Conversation, str], State]] = {"undo": step_back, "redo": step_forward}


def look(talk: Conversation, order: Order, of: str) -> None:
    LOOKS[order](talk, of)


def _path(store: Store, run: str, of: str) -> None:
    folder = runs.find(store, run)
    name = inquiry.find(folder, of)
    show.trace(trail.trail(store, folder, name.row, name.part), to_stderr=True)


def _chosen(talk: Conversation, name: str) -> Chosen:
    version = _version(talk.state)
    if name:
        from workflows.text import dump

        version = Version.of({**version.as_json(), "recipe": dump(_recipe(talk.state).model_copy(update={"name": name}))})
    return chosen_of(version, talk.state, talk.kit)


def _version(state: State) -> Version:
    version = version_of(state)
    if version is None:
        raise RecipeError("there is no recipe yet: say what shall be done with the rows")
    return version


def _before(state: State) -> Version | None:
    return Version.of(state["versions"][state["at"] - 1]) if state.get("at", -1) > 0 else None


def _recipe(state: State) -> Recipe:
    return load(_version(state).recipe).recipe
