"""What stands for a stranger's operator in our processes: its parameters and card are data here, its methods are asked of a cell."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, Self, TypeAlias

import pyarrow as pa
from pydantic import PrivateAttr, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from tools.contract import Desk, Operator, Repeats, Rule, Types
from tools.errors import ContractError, RecipeError, RowError

from ..engine.call import one_batch
from ..engine.desk import BatchDesk
from .asking import Answer, Died, ask
from .described import Described, plain, types_of
from .file import Called, File
from .rules import rule_of

ROW_BY_ROW = ("measure", "rewrite", "expand", "note", "order")  # a row that ends its cell is looked for
DECIDING = ("quota",)  # methods that read bounds; the rule is asked for with the parameters
Batch: TypeAlias = pa.RecordBatch | pa.Table
MOST_ROWS, MOST_SECONDS = 100, 900.0  # that end their cell, and to find them: then the run stops
_blame: "dict[Stranger, Blame]" = {}
_forgives: ContextVar[bool] = ContextVar("forgives", default=True)


@dataclass(frozen=True)
class Stranger:
    """An operator of a file, and what was found of it."""

    file: File
    name: str
    described: Described = field(compare=False)

    @property
    def called(self) -> str:
        """As a recipe names it, in full."""
        return str(Called(self.file.place, self.name))


@dataclass
class Blame:
    """Rows of this process that ended the operator's cell, and how long it took to find them."""

    rows: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Facts:
    """What hangs on an operator's parameters alone."""

    params: dict[str, object]
    rule: Rule
    ports: tuple[str, ...]
    numbers: tuple[str, ...]
    repeats: Repeats
    reads: Types
    against: Types


class Woven(type(Operator)):  # type: ignore[misc]
    """Classes made from what a file says; they travel between our processes as that, not by the name of a module."""


class Strange(Operator, metaclass=Woven):
    """Base of all that stand for operators of strangers."""

    stranger: ClassVar[Stranger]
    source_digest: ClassVar[str]
    _step: str = PrivateAttr("")

    @model_validator(mode="before")
    @classmethod
    def _validated_inside(cls, data: Any) -> Any:
        """Parameters are judged in the cell, by the class itself."""
        return made(cls.stranger, _as_json(data)).params if isinstance(data, dict) else data

    @property
    def inside(self) -> "Inside":
        """The operator in its cell."""
        return Inside(self, self._step)

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
        """The schema of its parameters as the file's own class has it."""
        params = cls.stranger.described.said.params
        return {"properties": {name: one.schema_ for name, one in params.items()}, "required": [name for name, one in params.items() if one.required]}

    def within(self, step: str) -> Self:
        """Messages name this step."""
        self._step = step
        return self


@dataclass(frozen=True)
class Inside:
    """The operator itself, in the cell."""

    operator: Strange
    step: str

    def __str__(self) -> str:
        return f"{f'step {self.step!r}: ' if self.step else ''}operator {self.operator.stranger.called}"

    @property
    def facts(self) -> Facts:
        return made(self.operator.stranger, _as_json(self.operator.model_dump(mode="json")))

    def adds(self, given: Types) -> Types:
        """Raises RecipeError where its rule does not fit what it says that it adds."""
        batch = pa.RecordBatch.from_arrays([pa.array([], kind) for kind in given.values()], list(given))
        _, types = self._ask("adds", {"params": self._params("adds")}, [batch], "adds")
        if len(types) != 1:
            raise ContractError(f"{self}, adds: gave no types")
        return types_of(types[0], str(self))

    def ask(
        self,
        method: str,
        arguments: Sequence[Batch | None],
        desk: Desk | None = None,
        evidence: pa.RecordBatch | None = None,
        columns: Sequence[str] | None = None,
    ) -> Answer:
        """Let it do its work in a cell."""
        try:
            return self._work(method, arguments, desk, evidence, columns)
        except Died as died:
            batch = arguments[0] if method in ROW_BY_ROW else None
            if not isinstance(batch, pa.RecordBatch) or len(arguments) > 1 or not _forgives.get():
                raise
            raise self._blamed(method, batch, desk, died) from None

    def _params(self, method: str) -> dict[str, object]:
        """Less the bounds but where rows are chosen: so a bound can show in nothing that is computed and kept."""
        return (self.operator if method in DECIDING else self.operator.undecided()).model_dump(mode="json")

    def _ask(self, function: str, order: Mapping[str, object], batches: Sequence[pa.RecordBatch], doing: str) -> Answer:
        stranger = self.operator.stranger
        return ask(function, stranger.file, stranger.name, order, batches, doing=doing, step=self.step)

    def _work(
        self,
        method: str,
        arguments: Sequence[Batch | None],
        desk: Desk | None,
        evidence: pa.RecordBatch | None = None,
        columns: Sequence[str] | None = None,
    ) -> Answer:
        sent = [one_batch(one) if isinstance(one, pa.Table) else one for one in arguments if one is not None]
        kinds = [None if one is None else "table" if isinstance(one, pa.Table) else "batch" for one in arguments]
        lent, more = self._lent(desk, evidence)
        order = {"method": method, "params": self._params(method), "arguments": kinds, "columns": columns, "desk": lent}
        return self._ask("work", order, [*sent, *more], method)

    def _lent(self, desk: Desk | None, evidence: pa.RecordBatch | None) -> tuple[dict[str, object] | None, list[pa.RecordBatch]]:
        if desk is None:
            return None, []
        assert isinstance(desk, BatchDesk)
        card, sent = self.operator.card, list[pa.RecordBatch]()

        def put(batch: pa.RecordBatch | None) -> int | None:
            if batch is not None:
                sent.append(batch)
            return None if batch is None else len(sent) - 1

        return {
            "salt": desk.salt() if card.seeded else None,
            "source": desk.source if card.by_source else "",
            "drawn": put(pa.record_batch({"drawn": desk.draw()}) if card.seeded and desk.has_rows else None),
            "state": put(one_batch(desk.state) if desk.state.num_columns else None),
            "evidence": put(evidence),
        }, sent

    def _blamed(self, method: str, batch: pa.RecordBatch, desk: Desk | None, died: Died) -> Exception:
        """A row that ends its cell all alone is refused like one that the operator cannot process, whatever rows came with it; it is found
        by halves. What no row can be blamed for, and too many of them, is the operator's fault."""
        began, blame = time.monotonic(), _blame.setdefault(self.operator.stranger, Blame())

        def dies(start: int, stop: int) -> Died | None:
            try:
                self._work(method, [batch.slice(start, stop - start)], desk.part(start, stop) if isinstance(desk, BatchDesk) else desk)
            except Died as error:
                return error
            except RowError:
                pass
            return None

        if dies(0, 0) is not None or blame.rows >= MOST_ROWS or blame.seconds > MOST_SECONDS:
            return died
        low, high, last = 0, len(batch), died
        while high - low > 1:
            middle = (low + high) // 2
            if (found := dies(low, middle)) is not None:
                high, last = middle, found
            elif (found := dies(middle, high)) is not None:
                low, last = middle, found
            else:
                return ContractError(f"{died}; halves of the batch get through: let its card say a smaller rows_per_batch than {len(batch)}")
        blame.rows, blame.seconds = blame.rows + 1, blame.seconds + time.monotonic() - began
        return RowError(low, str(last))


@lru_cache(maxsize=512)
def made(stranger: Stranger, params: str) -> Facts:
    """What the operator of these parameters is. Raises pydantic's ValidationError where they will not do, and what `ask` raises."""
    told, types = ask("make", stranger.file, stranger.name, {"params": json.loads(params)}, (), doing="its parameters")
    if "problems" in told:
        raise ValidationError.from_exception_data(stranger.name, _problems(told["problems"]))
    who = stranger.called
    found, ports, numbers, repeats = (told.get(name) for name in ("params", "ports", "numbers", "repeats"))
    if not isinstance(found, dict) or len(types) != 2:
        raise ContractError(f"operator {who}: its parameters came back as something else")
    return Facts(
        params=found,
        rule=rule_of(told.get("rule"), who),
        ports=_names(ports, who) or stranger.described.card.ports,
        numbers=_names(numbers, who),
        repeats=_repeats(repeats, who),
        reads=types_of(types[0], who),
        against=types_of(types[1], who),
    )


@contextmanager
def unforgiving() -> Iterator[None]:
    """While it lasts a row that ends its cell is the operator's fault."""
    token = _forgives.set(False)
    try:
        yield
    finally:
        _forgives.reset(token)


def _as_json(data: object) -> str:
    try:
        return json.dumps(data, sort_keys=True)
    except (TypeError, ValueError) as error:
        raise ValueError(f"parameters are JSON values: {error}") from None


def _problems(told: object) -> list[InitErrorDetails]:
    found: list[InitErrorDetails] = []
    for one in told if isinstance(told, list) else []:
        kind, location, message = one.get("type"), one.get("loc"), one.get("message")
        where = tuple(plain(str(part))[:64] for part in location[:8]) if isinstance(location, list) else ()
        error = PydanticCustomError(plain(str(kind))[:64] or "wrong", plain(str(message))[:300])
        found.append(InitErrorDetails(type=error, loc=where, input=one.get("input")))
    return found or [InitErrorDetails(type=PydanticCustomError("wrong", "it will not do"), loc=(), input=None)]


def _names(told: object, who: str) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(one, str) and one and plain(one) == one and len(one) <= 255 for one in told):
        raise RecipeError(f"operator {who}: its ports or numbers are no names")
    if len(set(told)) < len(told) or len(told) > 200:
        raise RecipeError(f"operator {who}: its ports or numbers are too many, or one is named twice")
    return tuple(told)


def _repeats(told: object, who: str) -> Repeats:
    if told is None:
        return Repeats()
    documents, stays, share = (told.get(name) for name in ("documents", "first_stays", "share")) if isinstance(told, dict) else (0, 0, 0)
    if type(documents) is not int or type(stays) is not bool or not (share is None or (type(share) in (int, float) and 0 <= share <= 1)):
        raise RecipeError(f"operator {who}: what it says of repeats will not do")
    return Repeats(documents, stays, share)
