"""What a model may answer: schemas made from the cards of the operators that it is offered."""

from collections.abc import Collection, Iterable

from tools.cards import Summary

from .portable import FLAG, NULL, NUMBER, TEXT, TEXTS, Schema, any_of, closed, const, listed, one_of, parameter

FILES = ("tokenizer",)  # parameters that hold the path of a file: one that the person wrote, or none
FILLED_IN = ("digest",)  # parameters that winnow fills in itself
BUILT_IN = "bytes"  # what stands for a tokenizer without a file

EDGES: Schema = {"$ref": "#/$defs/edges"}
ON: Schema = {"$ref": "#/$defs/on"}
AS: Schema = {"$ref": "#/$defs/as"}
STEP: Schema = {"$ref": "#/$defs/step"}
CLAUSES = listed(closed({"text": TEXT, "steps": TEXTS}))
ASK = closed({"kind": const("ask"), "question": TEXT})
REFUSE = closed({"kind": const("refuse"), "missing": TEXT})
TELL = closed({"kind": const("tell"), "text": TEXT})
OUTPUTS = listed(closed({"name": TEXT, "from": EDGES, "columns": any_of([TEXTS, NULL])}))
VALUE = any_of([TEXT, NUMBER, FLAG, TEXTS, NULL])


def of_plan(cards: Collection[Summary], files: Iterable[str] = ()) -> Schema:
    """Parts of the goal, then a plan, a question or a refusal."""
    return _root({"clauses": CLAUSES, "answer": any_of([_plan(), ASK, REFUSE])}, cards, files)


def of_change(cards: Collection[Summary], files: Iterable[str] = ()) -> Schema:
    """What a follow-up may be: edits, a whole plan, a question, a refusal, or words."""
    edits = closed({"kind": const("edits"), "edits": listed(any_of(_edits()))})
    return _root({"clauses": CLAUSES, "answer": any_of([edits, _plan(), ASK, REFUSE, TELL])}, cards, files)


def of_choice(names: Iterable[str]) -> Schema:
    """The first call to a small model: only which operators, for which part of the goal."""
    chosen = listed(closed({"text": TEXT, "operators": listed(one_of(names))}))
    return closed({"answer": any_of([closed({"kind": const("operators"), "clauses": chosen}), ASK, REFUSE])})


def of_filling(card: Summary, files: Iterable[str] = ()) -> Schema:
    """The second call to a small model: one operator's columns and parameters."""
    return {**closed(_work(card, files)), "$defs": {name: _DEFS[name] for name in ("edges", "on", "as")}}


_DEFS: dict[str, Schema] = {
    "edges": TEXTS,
    "on": listed(closed({"reads": TEXT, "columns": TEXTS})),
    "as": listed(closed({"adds": TEXT, "column": TEXT})),
}


def _root(properties: dict[str, Schema], cards: Iterable[Summary], files: Iterable[str]) -> Schema:
    return {**closed(properties), "$defs": {**_DEFS, "step": any_of([_step(card, tuple(files)) for card in cards])}}


def _plan() -> Schema:
    return closed({"kind": const("plan"), "steps": listed(STEP), "outputs": OUTPUTS})


def _step(card: Summary, files: Iterable[str]) -> Schema:
    return closed({"id": TEXT, "op": const(card.name), "from": EDGES, **_work(card, files)})


def _work(card: Summary, files: Iterable[str]) -> dict[str, Schema]:
    looked_up = {"against": EDGES} if card.against or card.needs_against else {}
    return {**looked_up, "on": ON, "with": closed(_parameters(card, tuple(files))), "as": AS}


def _parameters(card: Summary, files: tuple[str, ...]) -> dict[str, Schema]:
    made = {}
    for name, given in card.params.items():
        if name in FILLED_IN:
            continue
        kind: dict[str, object] = {"type": "string", "enum": [BUILT_IN, *files]} if name in FILES else dict(given)
        made[name] = parameter(kind, required=name in card.required)
    return made


def _edits() -> list[Schema]:
    return [
        closed({"do": const("add"), "step": STEP}),
        closed({"do": const("remove"), "step": TEXT}),
        closed({"do": const("move"), "step": TEXT, "after": TEXT}),
        closed({"do": const("set"), "step": TEXT, "key": TEXT, "value": VALUE}),
        closed({"do": const("connect"), "step": TEXT, "rows": EDGES, "to": one_of(("rows", "against"))}),
        closed({"do": const("rename"), "step": TEXT, "name": TEXT}),
        closed({"do": const("output"), "name": TEXT, "from": EDGES}),
        closed({"do": const("check"), "text": TEXT, "gone": FLAG}),
    ]
