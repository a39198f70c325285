"""The steps of a recipe by name: operators made from their parameters, edges found, a running order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from tools.catalogue import OPERATORS, operator
from tools.contract import Cut, Expand, Layout, Operator, Rewrite, Survey, Synthesize
from tools.errors import RecipeError, WinnowError
from tools.names import nearest
from tools.storage import Sink, Source

from . import tokenizer_files
from .extras import is_missing
from .findings import Findings, Spot
from .graph import Edge
from .parameters import make, problems, too_large
from .recipe import Recipe, Step
from .strangers.believed import is_vetted
from .strangers.file import is_file
from .strangers.shelf import Shelf

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
INPUTS = ("rows", "against")


@dataclass(frozen=True)
class Named:
    """A step whose names are looked up; `made` and `operator` are None where that failed."""

    step: Step
    spot: Spot
    made: type[Operator] | None
    operator: Operator | None
    rows: tuple[Edge, ...] = ()
    against: tuple[Edge, ...] = ()

    @property
    def op(self) -> str:
        """The operator's name without its version, of one in a file with its class."""
        if self.made is None or not is_file(self.step.op):
            return self.step.op.partition("@")[0]
        from .strangers.strange import Strange

        assert issubclass(self.made, Strange)
        return self.made.stranger.called

    @property
    def ports(self) -> tuple[str, ...] | None:
        """Ports by which rows can leave; None: not known."""
        if self.made is None:
            return None
        if issubclass(self.made, Rewrite | Cut | Layout | Expand | Synthesize | Survey):
            return ("kept", "dropped") if self.step.nulls == "drop" else ("kept",)
        return self.made.card.ports if self.operator is None else self.operator.ports()


class Names:
    """Sources and steps by name, and the edges that they can be read by."""

    def __init__(self, recipe: Recipe, findings: Findings, shelf: Shelf) -> None:
        self.sources = set(recipe.sources)
        self.steps: dict[str, Named] = {}
        self.has_lost_edges = False  # then a step that nothing reads may be meant by a misspelt name
        for name in recipe.sources:
            check_name(name, findings.at("source", name))
        for index, step in enumerate(recipe.steps):
            spot = findings.at("step", step.id, index)
            check_name(step.id, spot)
            if step.id in self.steps or step.id in self.sources:
                spot.error("id", step.id, f"the name {step.id!r} is taken", "give every step and source a name of its own")
                continue
            self.steps[step.id] = _named(step, spot, shelf)
        for name, named in self.steps.items():
            rows, against = self._inputs(named)
            self.steps[name] = replace(named, rows=rows, against=against)

    def edges(self, given: str | Sequence[str], spot: Spot, key: str, *, every_port: bool = False) -> tuple[Edge, ...]:
        """`every_port`: a step without the port `kept` means all its ports, as an output may read them."""
        texts = [given] if isinstance(given, str) else list(given)
        if not texts:
            spot.error(key, given, "reads from nothing", "name a source or a step")
        return tuple(edge for text in texts for edge in self._edge(text, spot, key, every_port))

    def _edge(self, text: str, spot: Spot, key: str, every_port: bool) -> list[Edge]:
        name, dot, port = text.partition(".")
        if name in self.sources:
            if dot:
                self.has_lost_edges = True
                spot.error(key, text, f"source {name!r} has no port {port!r}", f"write {name!r}")
                return []
            return [Edge(step=name)]
        if name not in self.steps:
            self.has_lost_edges = True
            mend = nearest(name, [*self.sources, *self.steps]) or f"; there are {', '.join([*sorted(self.sources), *self.steps])}"
            spot.error(key, text, f"reads from {name!r}, which is no source or step", mend)
            return []
        return self._ported(self.steps[name], port if dot else None, text, spot, key, every_port)

    def _ported(self, named: Named, port: str | None, text: str, spot: Spot, key: str, every_port: bool) -> list[Edge]:
        name, ports = named.step.id, named.ports
        if ports is None or (port or "kept") in ports:
            return [Edge(step=name, port=port or "kept")]
        if port is None and every_port:
            return [Edge(step=name, port=one) for one in ports]
        self.has_lost_edges = True
        if port is None:
            spot.error(key, text, f"step {name!r} has the ports {', '.join(ports)}", f"say which, as in {f'{name}.{ports[0]}'!r}")
        else:
            spot.error(key, text, f"step {name!r} has no port {port!r}", nearest(port, ports) or f"; its ports are {', '.join(ports)}")
        return []

    def _inputs(self, named: Named) -> tuple[tuple[Edge, ...], tuple[Edge, ...]]:
        given, spot = named.step.rows, named.spot
        by_name = given if isinstance(given, dict) else {"rows": given}
        for key in by_name:
            if key not in INPUTS:
                spot.error(f"from.{key}", key, f"no input {key!r}", nearest(key, INPUTS) or "; inputs are rows and against")
        if "rows" not in by_name:
            spot.error("from", given, "the input 'rows' is missing", "write `from: {rows: STEP, against: SOURCE}`")
        found = {key: self.edges(by_name[key], spot, f"from.{key}" if isinstance(given, dict) else "from") for key in INPUTS if key in by_name}
        self._check_against(named, "against" in by_name)
        return found.get("rows", ()), found.get("against", ())

    def _check_against(self, named: Named, is_given: bool) -> None:
        if named.operator is None:
            return
        takes = bool(named.operator.against() or named.operator.card.against)
        if is_given and not takes:
            named.spot.error("from.against", named.step.op, f"operator {named.step.op!r} takes no input 'against'", "write `from: STEP`")
        if not is_given and named.operator.card.needs_against:
            said = f"operator {named.step.op!r} needs the rows to compare with"
            named.spot.error("from", named.step.rows, said, "write `from: {rows: STEP, against: SOURCE}`")


def running_order(steps: Iterable[Named]) -> tuple[list[Named], list[list[str]]]:
    """Steps after all that they read from, else in recipe order; and the steps of each cycle."""
    waiting = {named.step.id: named for named in steps}
    order: list[Named] = []
    cycles: list[list[str]] = []
    broken: set[str] = set()  # steps of cycles, and those that wait for them
    while waiting:
        ready = next((named for named in waiting.values() if not any(edge.step in waiting for edge in (*named.rows, *named.against))), None)
        if ready is None:
            cycles.append(_cycle(waiting))
            ready = waiting[cycles[-1][0]]
            broken.add(ready.step.id)
        waiting.pop(ready.step.id)
        if broken & {ready.step.id, *(edge.step for edge in (*ready.rows, *ready.against))}:
            broken.add(ready.step.id)
        else:
            order.append(ready)
    return order, cycles


def _cycle(waiting: Mapping[str, Named]) -> list[str]:
    path = [next(iter(waiting))]
    while len(set(path)) == len(path):
        named = waiting[path[-1]]
        path.append(next(edge.step for edge in (*named.rows, *named.against) if edge.step in waiting))
    return path[path.index(path[-1]) :][::-1]


def check_name(name: str, spot: Spot) -> None:
    if not NAME.fullmatch(name):
        spot.error(
            "id" if spot.part == "step" else "name", name, f"{name!r} is no name", "take letters, digits, `_` and `-`, a letter first, at most 64"
        )


def _named(step: Step, spot: Spot, shelf: Shelf) -> Named:
    if is_file(step.op):
        return _named_in_file(step, spot, shelf)
    try:
        made = operator(step.op)
    except RecipeError as error:
        bare = step.op.partition("@")[0]
        spot.refuse(
            "op", step.op, error, f"write {f'{bare}@{operator(bare).card.version}'!r}" if bare in OPERATORS else "`winnow operators list` shows them"
        )
        return Named(step, spot, None, None)
    if issubclass(made, Source | Sink):
        key = "sources" if issubclass(made, Source) else "outputs"
        spot.error("op", step.op, f"operator {step.op!r} is no step", f"say `format:` under {key}")
        return Named(step, spot, None, None)
    _check_card(made, step, spot)
    ready = _operator(made, step, spot)
    if ready is not None and (why := tokenizer_files.amiss(ready)):
        spot.error("with.tokenizer", step.params.get("tokenizer"), why, "name another tokenizer.json")
    return Named(step, spot, made, ready)


def _named_in_file(step: Step, spot: Spot, shelf: Shelf) -> Named:
    from .strangers.strange import Strange  # of use to few recipes, and long to load: models of all that a file may say

    try:
        made = shelf.operator(step.op)
        _check_card(made, step, spot)
        operator = _operator(made, step, spot)
    except WinnowError as error:  # what a stranger's code may answer with
        spot.refuse("op", step.op, error, f"`winnow operators vet {step.op.partition('@')[0]}` tries it")
        return Named(step, spot, None, None)
    if not is_vetted(made.source_digest, made.__name__):
        mend = f"`winnow operators vet {made.stranger.called}` tries it; until then it runs only after a person's yes at the terminal"
        spot.warn("op", step.op, f"operator {made.stranger.called!r} is in a file of a stranger and unvetted; it runs in the jail", mend)
    return Named(step, spot, made, operator.within(step.id) if isinstance(operator, Strange) else operator)


def _operator(made: type[Operator], step: Step, spot: Spot) -> Operator | None:
    found = too_large(step.params)
    try:
        if not found:
            return make(made, step.params)
    except ValidationError as error:
        found = problems(error, made)
    except RecipeError as error:
        spot.refuse("with", step.params, error, f"`winnow operators show {step.op}` says what it takes")
    for problem in found:
        spot.error(f"with.{problem.key}" if problem.key else "with", problem.value, problem.message, problem.mend)
    return None


def _no_jail() -> str | None:
    from . import jailing

    return jailing.refusal()


def _check_card(made: type[Operator], step: Step, spot: Spot) -> None:
    card = made.card
    if card.needs and is_missing(card.needs):
        spot.error(
            "op", step.op, f"operator {step.op!r} needs the extra {card.needs!r}, which is not installed", f"pip install 'winnow[{card.needs}]'"
        )
    if card.jailed and (refusal := _no_jail()):
        spot.error("op", step.op, f"operator {step.op!r} runs code of strangers, and {refusal}", "`winnow doctor` shows what was tried")
    for key in card.models:
        alias = step.params.get(key, made.model_fields[key].default)
        if alias:
            spot.error(f"with.{key}", alias, f"no model alias {alias!r} is configured", "choose an operator that needs no model")
