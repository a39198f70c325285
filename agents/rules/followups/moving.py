"""Reads another place or name for a step: `do the dedupe first`, `the sample before the language filter`, `call it unique`."""

import re

from workflows.edits import Head, Move, Rename
from workflows.edits.edges import listed, main
from workflows.recipe import Step

from .outcome import Change, Doubt, Now, port_of
from .removing import names_a_step
from .said import Said
from .steps import shown, spoken

_FIRST = re.compile(
    r"(?:(?:do|run|put|move|make|apply|have|start with|begin with|bring)\s+)?(?P<what>.+?)(?:\s+(?:step|filter))?\s+(?:come |go |to |at |be "
    r"|run |goes |comes )*(?:the )?(?P<where>first|at the (?:start|beginning|top)|to the (?:start|beginning|top|front)|last|at the (?:very "
    r")?end|to the (?:very )?end|start|front|up front|before (?:everything|all|anything)(?: else)?|after everything(?: else)?)"
    r"|(?:start|begin) with\s+(?P<start>.+)"
)
_SIDE = re.compile(
    r"(?:(?:do|run|put|move|make|apply|have)\s+)?(?P<what>.+?)\s+(?:come |go |to |should come |should be |right |directly |"
    r"just |goes |comes )*(?P<side>before|after|behind|ahead of|in front of|prior to)\s+(?P<other>.+)"
)
_SWAP = re.compile(
    r"(?:swap|switch|exchange|reverse)\s+(?P<one>.+?)\s+(?:and|with)\s+(?P<other>.+)|(?P<first>.+?)\s+first,?\s*(?:and "
    r")?then\s+(?P<then>.+)"
)
_NAME = re.compile(
    r"(?:call|name|rename)\s+(?P<what>.+?)\s+(?:to|as|into|by)?\s*(?P<name>[\ue000]+|[\w-]+)|"
    r"rename\s+(?P<what2>.+?)\s+to\s+(?P<name2>[\ue000]+|[\w-]+)"
)
_RECIPE = re.compile(r"(?:it|this|that|the (?:recipe|plan|pipeline|thing)|this (?:recipe|plan)|recipe)")
_STEP_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LAST = ("last", "end", "after")


def read(said: Said, now: Now) -> Change | Doubt | None:
    """Such a message, where it names steps that are there."""
    lower = said.lower.strip(" .!?")
    swap = _SWAP.fullmatch(lower)
    if swap:
        one, other = [*swap.groupdict().values()][:2] if swap["one"] else [*swap.groupdict().values()][2:]
        first, second = spoken(one or "", now.recipe), spoken(other or "", now.recipe)
        if len(first) == 1 and len(second) == 1:
            return _in_order(first[0], second[0], now, always=bool(swap["one"]))
    side = _SIDE.fullmatch(lower)
    if side:
        moved, other_steps = spoken(side["what"], now.recipe), spoken(side["other"], now.recipe)
        if len(moved) == 1 and len(other_steps) == 1:
            before = side["side"] not in ("after", "behind")
            return _beside(moved[0], other_steps[0], before, now)
        if moved and other_steps:
            several = moved if len(moved) > 1 else other_steps
            return Doubt(f"which of {shown(several)}", tuple(_placed(side, moved[0], other_steps[0], one) for one in several[:3]))
        lacks = [name for name, found in ((side["what"], moved), (side["other"], other_steps)) if not found and names_a_step(name)]
        if lacks and (moved or other_steps):
            return Doubt(f"the recipe has no step for {lacks[0]!r}; it has {shown(now.recipe.steps)}")
    place = _FIRST.fullmatch(lower)
    if place:
        found = spoken(place["start"] or place["what"], now.recipe)
        if len(found) == 1:
            where = place["where"] or "first"
            return _at_end(found[0], now) if any(word in where.split() for word in _LAST) else _at_start(found[0], now)
        if len(found) > 1:
            return Doubt(f"which of {shown(found)}", tuple(f"{step.id} {place['where'] or 'first'}" for step in found[:3]))
    return _named(lower, said, now)


def _placed(side: re.Match[str], moved: Step, other: Step, one: Step) -> str:
    """The message with the names of steps."""
    what, where = (one.id, other.id) if one.id != other.id and one.op == moved.op else (moved.id, one.id)
    return f"{what} {'after' if side['side'] in ('after', 'behind') else 'before'} {where}"


def _at_start(step: Step, now: Now) -> Change | Doubt:
    steps = {one.id for one in now.recipe.steps}
    heads = [one for one in now.recipe.steps if not any(edge.partition(".")[0] in steps for edge in listed(main(one.rows)))]
    edges = dict.fromkeys(edge for one in heads for edge in listed(main(one.rows)))
    if step in heads:
        return Change((), f"{step.id} comes first already", (step.id,))
    if len(edges) != 1 or len(heads) > 1:
        return Doubt(
            f"rows come from {', '.join(edges)}: which step shall {step.id} stand before", tuple(f"{step.id} before {one.id}" for one in heads[:2])
        )
    return Change((Move(step=step.id, after=next(iter(edges))),), f"{step.id} comes first now", (step.id,))


def _at_end(step: Step, now: Now) -> Change | Doubt:
    ends = {edge for spec in now.recipe.outputs.values() for edge in listed(spec.rows)}
    if len(ends) != 1:
        return Doubt(f"rows leave by {', '.join(sorted(ends))}: which step shall {step.id} stand behind")
    end = next(iter(ends))
    if end.partition(".")[0] == step.id:
        return Change((), f"{step.id} comes last already", (step.id,))
    return Change((Move(step=step.id, after=end),), f"{step.id} comes last now", (step.id,))


def _beside(step: Step, other: Step, before: bool, now: Now) -> Change | Doubt:
    if step.id == other.id:
        return Doubt(f"{step.id} cannot come {'before' if before else 'after'} itself")
    edges = listed(main(other.rows))
    port = port_of(other.id, now.recipe)
    after = (edges[0] if len(edges) == 1 else "") if before else (other.id if port == "kept" else f"{other.id}.{port}")
    if not after:
        return Doubt(f"{other.id} reads {', '.join(edges)}: say behind which of them {step.id} shall stand")
    word = f"{step.id} {'before' if before else 'after'} {other.id}"
    if after.partition(".")[0] == step.id or (not before and main(step.rows) == after):
        return Change((), f"{word} already", (step.id,))
    return Change((Move(step=step.id, after=after),), f"{word} now", (step.id, other.id))


def _in_order(first: Step, second: Step, now: Now, *, always: bool) -> Change | Doubt:
    order = [step.id for step in now.recipe.steps]
    if always:
        first, second = (second, first) if order.index(first.id) < order.index(second.id) else (first, second)
    if order.index(first.id) < order.index(second.id):
        return Change((), f"{first.id} comes before {second.id} already", (first.id,))
    return _beside(first, second, True, now)


def _named(lower: str, said: Said, now: Now) -> Change | Doubt | None:
    match = _NAME.fullmatch(lower)
    if match is None:
        return None
    group = "name" if match["name"] else "name2"
    what = match["what"] or match["what2"]
    atom = next((atom for atom in said.phrase.atoms if atom.start == match.start(group)), None)
    name = atom.value if atom else match[group]
    if _RECIPE.fullmatch(what):
        clean = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64]
        return Change((Head(name=clean),), f"the recipe is called {clean}")
    if re.search(r"\b(?:columns?|fields?)\b", what):
        return None
    steps = spoken(what, now.recipe)
    if len(steps) != 1:
        return Doubt(f"which of {shown(steps)} is {what!r}", tuple(f"rename {step.id} to {name}" for step in steps[:3])) if steps else None
    clean = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not _STEP_NAME.fullmatch(clean):
        return Doubt(f"{name!r} is no name of a step; take letters, digits and `_`")
    return Change((Rename(step=steps[0].id, name=clean),), f"{steps[0].id} is called {clean} now", (clean,))
