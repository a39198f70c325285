"""What a cell of the jail is asked about an operator in a file of a stranger. It is called there and nowhere else: the file may do anything."""

import json
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

import pyarrow as pa
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from tools.contract import Operator

from .answers import METHODS, Answer, answer, rule_as_json, types_as_batch
from .lent import LentDesk
from .telling import told

NAME = "stranger"  # the module that the file becomes
Order = Mapping[str, object]
Batches = Sequence[pa.RecordBatch]
MOST_PROBLEMS = 20


def describe(order: Order, batches: Batches) -> Answer:
    """The operators in the file by name, what each still lacks, and what the one that is meant says of itself."""
    found = _operators(order)
    wanted = str(order["name"]) or (next(iter(found)) if len(found) == 1 else "")
    lacking = {name: sorted(made.__abstractmethods__) + ([] if hasattr(made, "card") else ["card"]) for name, made in found.items()}
    if wanted not in found or lacking[wanted]:
        return {"operators": lacking, "told": None}, ()
    with _located(order):
        said, types = told(wanted, found[wanted])
    return {"operators": lacking, "told": said}, types


def make(order: Order, batches: Batches) -> Answer:
    """An operator made from parameters: all of them, and what hangs on them alone; or what is wrong with them."""
    made = _operators(order)[str(order["name"])]
    with _located(order):
        try:
            operator = _made(made, order["params"])
        except ValidationError as error:
            return {"problems": _problems(error)}, ()
        facts = {
            "params": operator.model_dump(mode="json"),
            "rule": rule_as_json(operator.rule()),
            "ports": list(operator.ports()),
            "numbers": list(operator.numbers()),
            "repeats": vars(operator.repeats()) if hasattr(operator, "repeats") else None,
        }
        return facts, [types_as_batch(operator.reads()), types_as_batch(operator.against())]


def adds(order: Order, batches: Batches) -> Answer:
    """The columns that it adds where it is handed columns of these types."""
    with _located(order):
        given = {field.name: field.type for field in batches[0].schema}
        return {}, [types_as_batch(_operator(order).adds(given))]


def work(order: Order, batches: Batches) -> Answer:
    """One of its methods at work. `arguments`: for each what it is, `batch`, `table` or nothing; the batches stand in their order."""
    method, left = str(order["method"]), iter(batches)
    arguments: list[object] = []
    for kind in _list(order["arguments"]):
        arguments.append(None if kind is None else next(left) if kind == "batch" else pa.Table.from_batches([next(left)]))
    if order["columns"] is not None:
        arguments.append(_list(order["columns"]))
    if order["desk"] is not None:
        lent = order["desk"]
        assert isinstance(lent, dict)
        arguments.insert(1, LentDesk(lent, list(left)))
    with _located(order):
        operator = _operator(order)
        return answer(operator, METHODS[method], getattr(operator, method), arguments)


def _operators(order: Order) -> dict[str, type[Operator]]:
    """The operators that the file itself defines, by name."""
    module = ModuleType(NAME)
    module.__dict__["__file__"] = order["place"]
    sys.modules[NAME] = module  # where classes look for what their annotations mean
    with _located(order):
        exec(compile(str(order["text"]), str(order["place"]), "exec", dont_inherit=True), module.__dict__)
    own = {name: one for name, one in vars(module).items() if isinstance(one, type) and issubclass(one, Operator) and one.__module__ == NAME}
    return {name: made for name, made in own.items() if not name.startswith("_")}


def _operator(order: Order) -> Operator:
    made, params = _operators(order)[str(order["name"])], order["params"]
    try:
        return _made(made, params)
    except ValidationError as error:  # what is asked of several bounds together does not hold where they are left out
        if any(one["loc"] for one in error.errors()):
            raise
        assert isinstance(params, dict)
        found: dict[str, Any] = {name: _field(field, params[name]) for name, field in made.model_fields.items()}
        return made.model_construct(**found)


def _field(field: FieldInfo, value: object) -> object:
    return TypeAdapter(field.rebuild_annotation()).validate_json(json.dumps(value), strict=True)


def _made(made: type[Operator], params: object) -> Operator:
    return made.model_validate_json(json.dumps(params), strict=True)


def _problems(error: ValidationError) -> list[dict[str, object]]:
    found = error.errors(include_url=False, include_context=False)[:MOST_PROBLEMS]
    return [
        {
            "type": one["type"],
            "loc": [str(part) for part in one["loc"]],
            "message": one["msg"],
            "input": to_jsonable_python(one["input"], fallback=repr),
        }
        for one in found
    ]


@contextmanager
def _located(order: Order) -> Iterator[None]:
    """An exception says in which line of the file it came about."""
    try:
        yield
    except BaseException as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(order["place"])]
        with suppress(AttributeError, TypeError):
            error.__dict__["at_line"] = lines[-1] if lines else 0
        raise


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value
