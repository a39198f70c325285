"""What a person sees after each message, all of it on stderr."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from agents.conversation.state import State, Version, version_of
from agents.evidence.verifier import NO_CHECK
from workflows.loader import load

from .. import show
from ..render import one_line, say
from . import funnel

MOST_OFFERS = 3
WORDS = {"ask": "question: ", "refuse": "cannot: ", "change": "", "tell": ""}


def turn(state: State) -> None:
    """What was said, what has changed, how the goal was read, what the recipe would do."""
    answered = state.get("turn", {})
    if answered.get("note"):
        say(f"note: {one_line(answered['note'], 300)}")
    if answered.get("message"):
        for line in str(answered["message"]).splitlines():
            say(f"{WORDS[answered['kind']]}{line}")
    if answered.get("kind") == "tell":
        return
    version = version_of(state)
    if version is None or answered.get("kind") != "change":
        return
    if state["at"] and not answered.get("message"):
        for change in version.changes:
            say(f"  ± {one_line(change, 200)}")
    recipe(state, since=Version.of(state["versions"][state["at"] - 1]) if state["at"] else None)


def recipe(state: State, since: Version | None = None) -> None:
    """The version that holds: clauses with their evidence, the funnel, what a run takes. `since`: what was said of that version is not said again."""
    version = version_of(state)
    if version is None:
        say("  there is no recipe yet: say what shall be done with the rows")
        return
    found = load(version.recipe).recipe
    known = [step.id for step in found.steps]
    clauses([{"text": one.text, "steps": one.steps} for one in version.clauses], state.get("evidence", []), known)
    for part in version.unclear:
        say(f"  not understood: {one_line(part)}")
    say()
    for line in funnel.lines(found, state.get("preview")):
        say(line)
    say()
    before = {step.id: step for step in load(since.recipe).recipe.steps} if since else {}
    _costs(state, [step.id for step in found.steps if step != before.get(step.id)])
    for offer in version.suggestions[:MOST_OFFERS]:
        if since is None or offer not in since.suggestions:
            say(f"  could be added: {one_line(offer, 240)}")


def clauses(read: Sequence[Mapping[str, Any]], evidence: Sequence[Mapping[str, Any]], known: Sequence[str]) -> None:
    """`✓ at least 5 words → long_enough: 0 of 812 rows have fewer`."""
    by_text = {one["clause"]: one for one in evidence}
    for one in read:
        steps = [step for step in one["steps"] if step in known]
        if not steps and one["text"] not in by_text:
            continue
        found = by_text.get(one["text"])
        mark = show.MARKS[found["verdict"]] if found else "·"
        says = f": {one_line(found['says'], 160)}" if found and found["says"] and found["says"] != NO_CHECK else ""
        say(f"  {mark} {one_line(one['text'])} → {', '.join(steps) or 'nothing'}{says}")
    for text, found in by_text.items():
        if text not in {one["text"] for one in read}:
            say(f"  {show.MARKS[found['verdict']]} {one_line(text)}: {one_line(found['says'], 160)}")


def _costs(state: State, fresh: Collection[str]) -> None:
    """What a run takes, and of fresh steps a row that they drop."""
    seen = state.get("preview")
    if state.get("failure"):
        say(f"error: {state['failure']}")
    if seen is None:
        return
    from workflows.engine.cost import Cost

    how = "the whole input" if seen["by"] == "whole" else f"{seen['rows']:,} rows drawn over all of it"
    say(f"  tried on {how}; a run takes {show.cost(Cost(**seen['cost']))}")
    for step in seen["steps"]:
        for one in step["examples"][:1] if step["id"] in fresh else ():
            values = ", ".join(f"{name}: {one_line(value, 60)}" for name, value in one["before"].items())
            say(f"  {step['id']} drops, for one ({one['reason']}): {values}")
    if state.get("tokens"):
        say(f"  spent so far: {state['tokens']:,} tokens" + (f", {state['cost']:.4f} of money" if state.get("cost") else ""))
