"""Puts the steps of one recipe behind those of another: before what picks and lays out rows, unless they do that themselves."""

from tools.cards import summaries
from workflows.edits import Add, Edit, Source
from workflows.edits.edges import against, joined, listed, main
from workflows.recipe import Recipe, Step

LATE = ("select", "format")
LATE_OPS = ("split", "shuffle", "sort")


def attached(small: Recipe, recipe: Recipe, *, at_end: bool = False) -> tuple[list[Edit], dict[str, str]] | str:
    """The edits that bring the steps of `small` into `recipe`, and what those steps are called there; or why that cannot be."""
    ends = {edge for spec in recipe.outputs.values() for edge in listed(spec.rows)}
    if len(small.outputs) != 1 or len(recipe.outputs) > 1:
        return "the recipe writes several files; say which of them, or change a step by its name"
    if len(ends) != 1:
        return "the rows of several steps are written; say behind which step it shall stand"
    end = next(iter(ends))
    names = _names(small, recipe)
    place = _before_split(end, recipe) if at_end or _is_late(small.steps[0]) else _before_late(end, recipe)
    edits: list[Edit] = [Source(name=name, spec=spec) for name, spec in small.sources.items() if name not in recipe.sources]
    ports = {edge for spec in small.outputs.values() for edge in listed(spec.rows)}
    last = small.steps[-1].id
    if ports - {last, f"{last}.dropped"}:
        return "it would write more than one kind of rows"
    here = place
    simple = all("." not in edge for step in small.steps for edge in listed(main(step.rows)))
    for step in small.steps:
        if simple and place != end and _is_late(step):  # `drop X, then shuffle`: each where it belongs
            here = place = _before_split(end, recipe)
        edits.append(Add(step=_moved(step, here, names, small)))
        here = names[step.id]
    if ports == {f"{last}.dropped"}:
        edits += _by_dropped(names[last], recipe, place)
    return edits, names


def _names(small: Recipe, recipe: Recipe) -> dict[str, str]:
    taken = {step.id for step in recipe.steps} | set(recipe.sources) | set(recipe.outputs)
    names: dict[str, str] = {}
    for step in small.steps:
        free = next(name for number in range(1, 1000) if (name := step.id if number == 1 else f"{step.id}_{number}") not in taken)
        names[step.id] = free
        taken.add(free)
    return names


def _moved(step: Step, here: str, names: dict[str, str], small: Recipe) -> Step:
    """The step as it stands there. Of its inputs only those that it looks up keep their names."""
    edges = listed(main(step.rows))
    ports = [f"{here}.{edge.partition('.')[2]}" if "." in edge and edge.partition(".")[0] in names else here for edge in edges]
    rows = ports[0] if len(ports) == 1 else list(dict.fromkeys(ports))
    on = step.on
    if isinstance(on, str):
        on = _column(on, names)
    elif isinstance(on, list):
        on = [_column(one, names) for one in on]
    elif isinstance(on, dict):
        on = {key: _column(one, names) if isinstance(one, str) else [_column(name, names) for name in one] for key, one in on.items()}
    return step.model_copy(update={"id": names[step.id], "rows": joined(rows, against(step.rows)), "on": on})


def _column(name: str, names: dict[str, str]) -> str:
    step, dot, measure = name.partition(".")
    return f"{names[step]}.{measure}" if dot and step in names else name


def _before_late(end: str, recipe: Recipe) -> str:
    """Where rows come out before those steps at the end that pick or lay out."""
    steps = {step.id: step for step in recipe.steps}
    here = end
    while (step := steps.get(here)) is not None and _is_late(step):
        edges = listed(main(step.rows))
        if len(edges) != 1 or "." in edges[0]:
            return here
        here = edges[0]
    return here


def _before_split(end: str, recipe: Recipe) -> str:
    """A split has no port that all rows go on by: what comes last comes before it."""
    step = next((one for one in recipe.steps if one.id == end), None)
    edges = listed(main(step.rows)) if step and step.op.startswith("split@") else []
    return edges[0] if len(edges) == 1 else end


def _is_late(step: Step) -> bool:
    op = step.op.partition("@")[0]
    known = summaries().get(op)
    return known is not None and (known.stage in LATE or op in LATE_OPS) and op not in ("threshold", "quantile")


def _by_dropped(last: str, recipe: Recipe, place: str) -> list[Edit]:
    """Whoever reads the last new step reads its other port."""
    from workflows.edits import Connect, Output

    edits: list[Edit] = []
    for step in recipe.steps:
        if place in listed(main(step.rows)):
            edits.append(Connect(step=step.id, rows=f"{last}.dropped"))
    for name, spec in recipe.outputs.items():
        if place in listed(spec.rows):
            edits.append(Output(name=name, spec=spec.model_copy(update={"rows": f"{last}.dropped"})))
    return edits
