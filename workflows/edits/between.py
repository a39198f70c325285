"""The edits that make one recipe of another: what a planner that drafts anew has changed."""

from collections.abc import Iterator

from ..recipe import Recipe, Step
from .apply import KEYS, applied
from .edges import against, edges, main
from .kinds import Add, Check, Connect, Edit, Head, Output, Remove, Set, Source


def between(before: Recipe, after: Recipe) -> list[Edit]:
    """`applied(before, between(before, after))` has all that `after` has; only steps that wait for none of each other may stand in another order."""
    now, found = before, list[Edit]()

    def then(edit: Edit) -> None:
        nonlocal now
        found.append(edit)
        now = applied(now, [edit])

    for edit in _head(before, after):
        then(edit)
    for name in after.sources:
        if before.sources.get(name) != after.sources[name]:
            then(Source(name=name, spec=after.sources[name]))
    wanted = {step.id: step for step in after.steps}
    for name in [step.id for step in before.steps if step.id not in wanted or step.op != wanted[step.id].op]:
        for edit in _readers_of_ports(now, name, after):
            then(edit)
        then(Remove(step=name))
    for step in after.steps:
        if step.id not in {one.id for one in now.steps}:
            then(Add(step=step, takes_over=_takes_over(now, step)))
    for step in after.steps:
        here = next(one for one in now.steps if one.id == step.id)
        for edit in _keys(here, step):
            then(edit)
    for name in dict.fromkeys((*before.outputs, *after.outputs)):
        if now.outputs.get(name) != after.outputs.get(name):
            then(Output(name=name, spec=after.outputs.get(name)))
    for name in (one for one in before.sources if one not in after.sources):
        then(Source(name=name, spec=None))
    for text in before.checks:
        if text not in after.checks:
            then(Check(text=text, gone=True))
    for text in after.checks:
        if text not in before.checks:
            then(Check(text=text))
    return found


def _head(before: Recipe, after: Recipe) -> Iterator[Edit]:
    edit = Head(
        name=after.name if before.name != after.name else None,
        goal=after.goal or "" if before.goal != after.goal else None,
        seed=after.seed if before.seed != after.seed else None,
    )
    if edit != Head():
        yield edit


def _readers_of_ports(now: Recipe, gone: str, after: Recipe) -> Iterator[Edit]:
    """Who reads a port of a step that goes is tied to what it will read in the end."""
    if not any(edge.startswith(f"{gone}.") for edge in edges(now)):
        return
    wanted = {step.id: step for step in after.steps}
    for step in now.steps:
        if step.id in wanted and step.id != gone and step.rows != wanted[step.id].rows:
            yield from _tied(step, wanted[step.id])
    for name, spec in now.outputs.items():
        if spec != after.outputs.get(name):
            yield Output(name=name, spec=after.outputs.get(name))


def _takes_over(now: Recipe, step: Step) -> bool:
    return bool(main(step.rows)) and against(step.rows) != main(step.rows)


def _keys(here: Step, step: Step) -> Iterator[Edit]:
    yield from _tied(here, step)
    for key, name in KEYS.items():
        if getattr(here, name) != getattr(step, name):
            yield Set(step=step.id, key=key, value=getattr(step, name))
    for param in dict.fromkeys((*here.params, *step.params)):
        if param not in here.params or param not in step.params or here.params[param] != step.params[param]:
            value = step.params.get(param)
            yield Set(step=step.id, key=f"with.{param}", value=value, off=value is None and param in step.params)


def _tied(here: Step, step: Step) -> Iterator[Edit]:
    if main(here.rows) != main(step.rows):
        yield Connect(step=step.id, rows=main(step.rows))
    if against(here.rows) != against(step.rows):
        yield Connect(step=step.id, rows=against(step.rows), to="against")
