"""Reads what a model answered. It holds to the schema where a server made it; else to what people mean by it, or faults say where it does not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from tools.cards import Summary
from workflows.recipe import Step

from . import portable
from .schema import BUILT_IN, FILES, FILLED_IN

MOST_STEPS = 40
MOST_EDITS = 40
NEAREST = 5
TEXT_OF = {"ask": "question", "refuse": "missing", "tell": "text"}


@dataclass(frozen=True)
class Fault:
    """One thing that will not do, as it is told to the model."""

    path: str
    message: str
    allowed: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" + (f" (allowed: {self.allowed})" if self.allowed else "")


class Unfit(Exception):
    """An answer that no recipe can be made of."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class Claim:
    """A part of the goal and the steps that the model says answer it."""

    text: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class OutputSaid:
    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True)
class PlanSaid:
    steps: tuple[Step, ...]
    outputs: tuple[OutputSaid, ...] = ()


@dataclass(frozen=True)
class EditsSaid:
    """Edits as JSON, their steps read."""

    edits: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class WordsSaid:
    kind: Literal["ask", "refuse", "tell"]
    text: str


Said: TypeAlias = PlanSaid | EditsSaid | WordsSaid


@dataclass(frozen=True)
class Reader:
    """What an answer may speak of: operators by their cards, files that the person named."""

    cards: Mapping[str, Summary]
    files: tuple[str, ...] = ()

    def read(self, data: Mapping[str, Any]) -> tuple[tuple[Claim, ...], Said]:
        """The parts of the goal and the answer. Raises Unfit."""
        answer = data.get("answer", data)
        if not isinstance(answer, Mapping):
            raise Unfit(Fault("answer", "is no object", "an object with `kind`"))
        kind: Any = answer.get("kind") or ("plan" if "steps" in answer else "edits" if "edits" in answer else None)
        claims = tuple(_claims(data.get("clauses")))
        if kind == "plan":
            return claims, self._plan(answer)
        if kind == "edits":
            return claims, EditsSaid(tuple(self._edit(one, f"edits.{number}") for number, one in enumerate(_objects(answer, "edits", MOST_EDITS))))
        if kind in ("ask", "refuse", "tell"):
            return claims, WordsSaid(kind, _text(answer.get(TEXT_OF[kind])))
        raise Unfit(Fault("answer.kind", f"{str(kind)[:40]!r} is no kind of answer", "plan, ask or refuse"))

    def choice(self, data: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...] | WordsSaid:
        """The first answer of a small model: operators for parts of the goal. Raises Unfit."""
        answer = data.get("answer", data)
        if not isinstance(answer, Mapping):
            raise Unfit(Fault("answer", "is no object"))
        kind = answer.get("kind")
        if kind in ("ask", "refuse"):
            return WordsSaid(kind, _text(answer.get(TEXT_OF[kind])))
        found = []
        for number, one in enumerate(_objects(answer, "clauses", MOST_STEPS)):
            names = tuple(dict.fromkeys(map(str, _list(one.get("operators")))))
            for name in names:
                self._card(name, f"clauses.{number}.operators")
            found.append((_text(one.get("text")), names))
        return tuple(found)

    def step(self, given: Mapping[str, Any], path: str) -> Step:
        """One step. Raises Unfit."""
        card = self._card(given.get("op"), f"{path}.op")
        rows: Any = _edges(given.get("from"))
        looked_up = _edges(given.get("against"))
        made = {
            "id": _text(given.get("id")) or card.name,
            "op": f"{card.name}@{card.version}",
            "from": {"rows": rows, "against": looked_up} if looked_up else rows,
            "on": _on(given.get("on"), card),
            "with": self._params(given.get("with"), card, path),
            "as": _as(given.get("as"), card),
        }
        try:
            return Step.model_validate(made)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
            raise Unfit(*(Fault(f"{path}.{'.'.join(map(str, one['loc']))}"[:80], one["msg"]) for one in faults)) from None

    def _plan(self, answer: Mapping[str, Any]) -> PlanSaid:
        steps, faults = [], list[Fault]()
        for number, one in enumerate(_objects(answer, "steps", MOST_STEPS)):
            try:
                steps.append(self.step(one, f"steps.{number}"))
            except Unfit as unfit:
                faults += unfit.faults
        if faults:
            raise Unfit(*faults)
        return PlanSaid(tuple(steps), tuple(_outputs(answer)))

    def _edit(self, given: Mapping[str, Any], path: str) -> Mapping[str, Any]:
        if given.get("do") != "add":
            return given
        step = given.get("step")
        if not isinstance(step, Mapping):
            raise Unfit(Fault(f"{path}.step", "is no step", "an object with id, op, from, on, with, as"))
        return {"do": "add", "step": self.step(step, f"{path}.step")}

    def _card(self, given: object, path: str) -> Summary:
        name = str(given).partition("@")[0]
        if name not in self.cards:
            near = get_close_matches(name, self.cards, n=NEAREST, cutoff=0.4) or sorted(self.cards)[:NEAREST]
            raise Unfit(Fault(path, f"no operator {name[:60]!r} is offered", ", ".join(near)))
        return self.cards[name]

    def _params(self, given: object, card: Summary, path: str) -> dict[str, object]:
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            raise Unfit(Fault(f"{path}.with", "is no object", ", ".join(card.params)))
        params = {}
        for name, value in given.items():
            if value is None or name in FILLED_IN:
                continue
            if name in FILES and name in card.params and value not in (BUILT_IN, *self.files):
                known = ", ".join((BUILT_IN, *self.files))
                raise Unfit(Fault(f"{path}.with.{name}", "names a file that the person did not name", known))
            params[str(name)] = portable.read(value, card.params.get(name, {}))
        return params


def _claims(given: object) -> Iterable[Claim]:
    for one in _list(given):
        if isinstance(one, Mapping) and _text(one.get("text")):
            yield Claim(_text(one.get("text")), tuple(str(step) for step in _list(one.get("steps"))))


def _outputs(answer: Mapping[str, Any]) -> Iterable[OutputSaid]:
    for number, one in enumerate(_list(answer.get("outputs"))):
        if not isinstance(one, Mapping):
            raise Unfit(Fault(f"outputs.{number}", "is no object", "name, from, columns"))
        columns = one.get("columns")
        named = tuple(str(name) for name in _list(columns)) if columns else None
        yield OutputSaid(_text(one.get("name")) or "out", tuple(_listed(_edges(one.get("from")))), named)


def _objects(answer: Mapping[str, Any], key: str, most: int) -> Sequence[Mapping[str, Any]]:
    found = answer.get(key)
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Unfit(Fault(key, "is no list of objects"))
    if len(found) > most:
        raise Unfit(Fault(key, f"has {len(found)} entries", f"at most {most}"))
    return found


def _on(given: object, card: Summary) -> Any:
    """`on: body` where an operator reads one column, else by name."""
    found = _pairs(given, "reads", "columns")
    if isinstance(found, dict) and len(found) == 1 and list(found) == list(card.reads):
        return next(iter(found.values()))
    return found


def _as(given: object, card: Summary) -> Any:
    """`as: n_words` where an operator adds one column."""
    found = _pairs(given, "adds", "column")
    return next(iter(found.values())) if isinstance(found, dict) and list(found) == list(card.adds) and len(found) == 1 else found


def _pairs(given: object, key: str, value: str) -> Any:
    """A list of pairs as a mapping; also a mapping, a name or names, as models write them unasked."""
    if isinstance(given, list) and given and all(isinstance(one, Mapping) for one in given):
        return {str(one.get(key)): _plain(one.get(value)) for one in given}
    if isinstance(given, Mapping):
        return {str(name): _plain(one) for name, one in given.items()} or None
    return _plain(given) or None


def _plain(given: object) -> object:
    return given[0] if isinstance(given, list) and len(given) == 1 else given


def _edges(given: object) -> Any:
    return [] if given is None else _plain(given) if isinstance(given, list) else str(given)


def _listed(edges: Any) -> list[str]:
    return [edges] if isinstance(edges, str) else [str(one) for one in edges]


def _list(given: object) -> list[Any]:
    return given if isinstance(given, list) else []


def _text(given: object) -> str:
    return given.strip() if isinstance(given, str) else ""
