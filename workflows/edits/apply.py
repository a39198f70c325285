"""Carries out edits on a recipe; what they come to is for the checker to say."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from tools.errors import RecipeError
from tools.names import nearest

from ..recipe import Recipe, Step
from .edges import against, edges, in_running_order, joined, listed, main, relinked, renamed, replaced
from .kinds import Add, Check, Connect, Edit, Head, Move, Output, Remove, Rename, Set, Source

KEYS: Mapping[str, str] = {"on": "on", "as": "rename", "nulls": "nulls", "keep_measures": "keep_measures", "why": "why", "op": "op"}


def applied(recipe: Recipe, edits: Iterable[Edit]) -> Recipe:
    """The recipe so changed, its steps in running order. Raises RecipeError for an edit of what is not there; names that edges and
    columns mean are left to the checker, since a later edit may bring them."""
    for edit in edits:
        recipe = _APPLY[type(edit)](recipe, edit)
    return recipe.model_copy(update={"steps": in_running_order(recipe.steps), "version": None})


def step_of(recipe: Recipe, name: str) -> Step:
    """The step of this name. Raises RecipeError that names the nearest."""
    for step in recipe.steps:
        if step.id == name:
            return step
    known = [step.id for step in recipe.steps]
    raise RecipeError(f"recipe {recipe.name!r} has no step {name!r}{nearest(name, known)}; it has {', '.join(known) or 'none'}")


def _add(recipe: Recipe, edit: Add) -> Recipe:
    taken = {step.id for step in recipe.steps} | set(recipe.sources)
    if edit.step.id in taken:
        raise RecipeError(f"step {edit.step.id!r}: the name is taken; give it another")
    rows = main(edit.step.rows)
    if not edit.takes_over:
        return _with(recipe, [*recipe.steps, edit.step])
    tied = relinked(recipe, rows, edit.step.id)
    names = {edge.partition(".")[0] for edge in listed(rows)}
    place = max((number for number, step in enumerate(tied.steps, 1) if step.id in names), default=0)
    return _with(tied, [*tied.steps[:place], edit.step, *tied.steps[place:]])


def _remove(recipe: Recipe, edit: Remove) -> Recipe:
    gone = step_of(recipe, edit.step)
    return _with(_bypassed(recipe, gone), [step for step in _bypassed(recipe, gone).steps if step.id != gone.id])


def _bypassed(recipe: Recipe, gone: Step) -> Recipe:
    """Whoever read this step reads what it reads."""
    before = main(gone.rows)
    tied = relinked(recipe, [gone.id, f"{gone.id}.dropped"], before)  # who took all its rows, by both ports
    tied = relinked(relinked(tied, f"{gone.id}.kept", before), gone.id, before)
    steps = [
        step.model_copy(update={"rows": joined(main(step.rows), replaced(looked_up, gone.id, before))})
        if (looked_up := against(step.rows)) is not None
        else step
        for step in tied.steps
    ]
    tied = _with(tied, steps)
    read = next((edge for edge in edges(tied) if edge.startswith(f"{gone.id}.")), None)
    if read:
        raise RecipeError(f"step {gone.id!r}: its port {read!r} is read, which nothing else has; first connect its reader elsewhere, or remove it")
    return tied


def _move(recipe: Recipe, edit: Move) -> Recipe:
    moved = step_of(recipe, edit.step)
    if edit.after.partition(".")[0] == moved.id:
        raise RecipeError(f"step {moved.id!r} cannot come after itself; name another step or a source")
    bare = _remove(recipe, Remove(step=edit.step))
    return _add(bare, Add(step=moved.model_copy(update={"rows": joined(edit.after, against(moved.rows))})))


def _set(recipe: Recipe, edit: Set) -> Recipe:
    step = step_of(recipe, edit.step)
    key, _, part = edit.key.partition(".")
    if key == "with" and part:
        value = edit.value
        params = {name: one for name, one in step.params.items() if name != part} | ({part: value} if edit.off or value is not None else {})
        return _replaced(recipe, step, {"with": params})
    if key not in KEYS or (part and key not in ("on", "as")):
        known = ["with.PARAMETER", *KEYS]
        raise RecipeError(f"step {step.id!r}: no key {edit.key!r}{nearest(edit.key, known)}; keys are {', '.join(known)}")
    value = edit.value
    if edit.off:
        raise RecipeError(f"step {step.id!r}: {edit.key!r} cannot be switched off; only a parameter can, as in 'with.at_least'")
    if part:
        bound = getattr(step, KEYS[key])
        kept = {name: one for name, one in (bound if isinstance(bound, dict) else {}).items() if name != part}
        value = kept | ({} if value is None else {part: value}) or None
    if value is None and key == "keep_measures":
        value = False
    return _replaced(recipe, step, {key: value})


def _connect(recipe: Recipe, edit: Connect) -> Recipe:
    step = step_of(recipe, edit.step)
    if edit.to == "rows":
        if edit.rows is None:
            raise RecipeError(f"step {step.id!r}: it must read rows from somewhere; name a step or a source, or remove the step")
        return _replaced(recipe, step, {"from": joined(edit.rows, against(step.rows))})
    return _replaced(recipe, step, {"from": joined(main(step.rows), edit.rows)})


def _rename(recipe: Recipe, edit: Rename) -> Recipe:
    step = step_of(recipe, edit.step)
    if edit.name in {one.id for one in recipe.steps} | set(recipe.sources):
        raise RecipeError(f"step {step.id!r}: the name {edit.name!r} is taken; give it another")

    def columns(on: object) -> object:
        """`STEP.measure` follows."""
        if isinstance(on, str):
            return f"{edit.name}.{on.partition('.')[2]}" if on.startswith(f"{step.id}.") else on
        if isinstance(on, list):
            return [columns(one) for one in on]
        return {name: columns(one) for name, one in on.items()} if isinstance(on, dict) else on

    steps = [
        one.model_copy(
            update={"id": edit.name if one.id == step.id else one.id, "rows": renamed(one.rows, step.id, edit.name), "on": columns(one.on)}
        )
        for one in recipe.steps
    ]
    outputs = {name: spec.model_copy(update={"rows": renamed(spec.rows, step.id, edit.name)}) for name, spec in recipe.outputs.items()}
    checks = [re.sub(rf"(?<=\()\s*{re.escape(step.id)}(?=[\s,.)])", edit.name, text) for text in recipe.checks]
    return recipe.model_copy(update={"steps": steps, "outputs": outputs, "checks": checks})


def _source(recipe: Recipe, edit: Source) -> Recipe:
    return recipe.model_copy(update={"sources": _put(recipe.sources, edit.name, edit.spec, "source")})


def _output(recipe: Recipe, edit: Output) -> Recipe:
    return recipe.model_copy(update={"outputs": _put(recipe.outputs, edit.name, edit.spec, "output")})


def _check(recipe: Recipe, edit: Check) -> Recipe:
    if edit.gone and edit.text not in recipe.checks:
        raise RecipeError(f"recipe {recipe.name!r} has no check {edit.text!r}{nearest(edit.text, recipe.checks)}")
    rest = [text for text in recipe.checks if text != edit.text]
    return recipe.model_copy(update={"checks": rest if edit.gone else [*rest, edit.text]})


def _head(recipe: Recipe, edit: Head) -> Recipe:
    return recipe.model_copy(update={key: value or None if key == "goal" else value for key, value in edit if key != "do" and value is not None})


def _put(known: Mapping[str, Any], name: str, spec: object, what: str) -> dict[str, Any]:
    if spec is None and name not in known:
        raise RecipeError(f"no {what} {name!r}{nearest(name, known)}; there are {', '.join(known) or 'none'}")
    rest = {one: value for one, value in known.items() if one != name or spec is not None}
    return rest if spec is None else {**rest, name: spec}


def _replaced(recipe: Recipe, step: Step, keys: Mapping[str, object]) -> Recipe:
    try:
        made = Step.model_validate(step.model_dump(by_alias=True) | dict(keys))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise RecipeError(f"step {step.id!r}: {next(iter(keys))!r} is {str(first['input'])[:60]!r}: {first['msg']}") from None
    return _with(recipe, [made if one.id == step.id else one for one in recipe.steps])


def _with(recipe: Recipe, steps: list[Step]) -> Recipe:
    return recipe.model_copy(update={"steps": steps})


_APPLY: Mapping[type, Callable[[Recipe, Any], Recipe]] = {
    Add: _add,
    Remove: _remove,
    Move: _move,
    Set: _set,
    Connect: _connect,
    Rename: _rename,
    Source: _source,
    Output: _output,
    Check: _check,
    Head: _head,
}
