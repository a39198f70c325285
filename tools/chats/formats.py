"""Which columns each format has, and the conversations that stand in them."""

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Literal

import pyarrow as pa
from pydantic import Field

from tools.contract import ANY, Operator, Types
from tools.errors import RecipeError, RowError

from .reading import KNOWN, WHAT, WHO, Unreadable, is_transcript, said_by, transcript, turns_of
from .talk import ASSISTANT, SYSTEM, USER, Talk, Turn

Format = Literal["alpaca", "messages", "sharegpt", "prompt_completion", "preference", "transcript"]
Asked = Literal["prompt", "conversations", "messages", "instruction", "sides"]
LISTS = {"messages": "messages", "sharegpt": "conversations"}
TEXT = pa.string()


class OfChats(Operator):
    """What all operators on conversations share: the format that they read."""

    made_of: Format = Field(default="messages", description="The format of the rows.")
    asked_in: Asked = Field(
        default="prompt",
        description="Of preference pairs: the column with what came before the answers; sides: there is none. Sides that are whole conversations "
        "tell it themselves.",
    )
    has_input: bool | None = Field(default=None, description="Whether a column `input` goes below the instruction; by default alpaca has one.")
    has_history: bool = Field(default=False, description="Whether a column `history` holds earlier pairs of instruction and output.")
    has_system: bool = Field(default=False, description="Whether a column `system` holds what comes first, where it is not blank.")
    system: str | None = Field(default=None, min_length=1, description="A first turn of the system for conversations that have none.")

    def reads(self) -> Types:
        found: dict[str, pa.DataType] = dict(self._columns())
        if self._with_input:
            found["input"] = TEXT
        return found | ({"system": TEXT} if self.has_system else {}) | ({"history": ANY} if self.has_history else {})

    def _columns(self) -> Types:
        if self.made_of in LISTS:
            return {LISTS[self.made_of]: ANY}
        if self.made_of == "alpaca":
            return {"instruction": TEXT, "output": TEXT}
        if self.made_of == "transcript":
            return {"text": TEXT}
        if self.made_of == "prompt_completion":
            return {"prompt": ANY, "completion": ANY}
        return ({} if self.asked_in == "sides" else {self.asked_in: ANY}) | {"chosen": ANY, "rejected": ANY}

    @property
    def _with_input(self) -> bool:
        return self.made_of == "alpaca" if self.has_input is None else self.has_input

    def talks(self, batch: pa.RecordBatch) -> list[Talk | None]:
        """The conversation of each row; none where a column it is made of is null. Raises RowError for a row that holds none."""
        columns = {name: batch[name].to_pylist() for name in self.reads()}
        read = self._reader()
        found: list[Talk | None] = []
        for row, values in enumerate(zip(*columns.values(), strict=True)):
            cells = dict(zip(columns, values, strict=True))
            try:
                talk = None if any(cells[name] is None for name in self._columns()) else read(cells)
            except Unreadable as error:
                raise RowError(row, f"{', '.join(self._columns())} as {self.made_of}: {error}") from None
            found.append(talk if talk is None else _led(_led(talk, cells.get("system")), self.system))
        return found

    def check(self, given: Types) -> None:
        """Raises RecipeError where a column that is read can hold no turns."""
        for name in self._columns():
            if self.made_of in LISTS and name in given:
                checked(name, given[name])

    def keys(self, given: Types) -> Types:
        """What else than text the turns carry, where the columns agree; those of JSON text tell nothing."""
        return keys_of([given[name] for name in self._columns() if name in given])

    def _reader(self) -> Callable[[dict[str, object]], Talk]:
        if self.made_of in LISTS:
            return lambda cells: Talk(turns_of(cells[LISTS[self.made_of]]))
        if self.made_of == "transcript":
            return lambda cells: Talk(transcript(str(cells["text"])))
        if self.made_of == "alpaca":
            return self._alpaca
        return self._completion if self.made_of == "prompt_completion" else self._preference

    def _alpaca(self, cells: dict[str, object]) -> Talk:
        before = self._history(cells)
        asked = Turn(USER, _below(str(cells["instruction"]), cells.get("input")))
        return Talk([*before, asked, Turn(ASSISTANT, str(cells["output"]))], len(before) + 1)

    def _completion(self, cells: dict[str, object]) -> Talk:
        asked, spoken = _prompt(cells["prompt"], cells.get("input"))
        before = [*self._history(cells), *asked]
        return Talk([*before, *_answer(cells["completion"], spoken)], len(before))

    def _preference(self, cells: dict[str, object]) -> Talk:
        asked, spoken = ([], False) if self.asked_in == "sides" else _prompt(cells[self.asked_in], cells.get("input"))
        chosen, rejected = (_answer(cells[side], spoken) if asked else _side(cells[side]) for side in ("chosen", "rejected"))
        is_whole = all(side and side[0].who in (USER, SYSTEM) for side in (chosen, rejected))
        before = _shared(chosen, rejected) if is_whole or not asked else [*self._history(cells), *asked]
        return Talk([*before, *_behind(chosen, before)], len(before), _behind(rejected, before))

    def _history(self, cells: dict[str, object]) -> list[Turn]:
        pairs = cells.get("history") or []
        if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise Unreadable("history is no list of pairs")
        return [Turn(who, said) for pair in pairs for who, said in zip((USER, ASSISTANT), pair, strict=True)]


def checked(column: str, kind: pa.DataType) -> None:
    """Raises RecipeError where a type can hold no turns; text may hold them as JSON."""
    turn = kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else None
    fields = (
        {turn.field(place).name: turn.field(place).type for place in range(turn.num_fields)} if turn is not None and pa.types.is_struct(turn) else {}
    )
    who, what = next((name for name in WHO if name in fields), None), next((name for name in WHAT if name in fields), None)
    is_said = what is not None and (_is_text(fields[what]) or pa.types.is_nested(fields[what]))
    has_none = turn is not None and pa.types.is_null(turn)  # every list is empty
    if not (who and is_said and _is_text(fields[who])) and not has_none and not _is_text(kind):
        raise RecipeError(f"on: {column} is {kind}; it must be a list of turns with the texts 'role' and 'content' or 'from' and 'value'")


def keys_of(given: Sequence[pa.DataType]) -> Types:
    """What records of turns hold beside who speaks and what is said."""
    found: dict[str, pa.DataType] = {}
    clash: set[str] = set()
    for kind in given:
        turn = kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else kind
        for field in [turn.field(place) for place in range(turn.num_fields)] if pa.types.is_struct(turn) else []:
            if found.setdefault(field.name, field.type) != field.type:
                clash.add(field.name)
    return {name: kind for name, kind in found.items() if name not in clash | KNOWN and not pa.types.is_null(kind)}


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind))


def _below(text: str, extra: object) -> str:
    return f"{text}\n\n{extra}" if isinstance(extra, str) and extra.strip() else text


def _prompt(value: object, extra: object) -> tuple[list[Turn], bool]:
    """What came before an answer: a question, turns, or, which is said, a transcript that ends with the name of who answers."""
    if isinstance(value, str) and is_transcript(value) and value.rstrip().endswith("Assistant:"):
        return transcript(value.rstrip())[:-1], True
    asked = said_by(value, USER)
    return ([*asked[:-1], asked[-1]._replace(text=_below(asked[-1].text or "", extra))] if asked and extra else asked), False


def _answer(value: object, spoken: bool) -> list[Turn]:
    """An answer, as text or turns; behind a transcript it goes on where that ends."""
    if not spoken or not isinstance(value, str):
        return said_by(value, ASSISTANT)
    return transcript(value if is_transcript(value) else f"Assistant:{value if value[:1] in (' ', chr(10), '') else ' ' + value}")


def _side(value: object) -> list[Turn]:
    """An answer alone, or a whole conversation."""
    return transcript(value) if isinstance(value, str) and is_transcript(value) else said_by(value, ASSISTANT)


def _shared(chosen: Sequence[Turn], rejected: Sequence[Turn]) -> list[Turn]:
    """What both sides begin with, up to the answers: each has one, even where one side is the beginning of the other."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(chosen, rejected, strict=False))
    before = [one for one, _ in pairs]
    while before and (before[-1].who == ASSISTANT) and len(before) == min(len(chosen), len(rejected)):
        before.pop()
    return before


def _behind(side: Sequence[Turn], before: Sequence[Turn]) -> list[Turn]:
    """A side without what came before, where it repeats that."""
    return list(side[len(before) :] if before and list(side[: len(before)]) == list(before) else side)


def _led(talk: Talk, system: object) -> Talk:
    """With a first turn of the system, where there is one to say and none yet."""
    if not isinstance(system, str) or not system.strip() or (talk.turns and talk.turns[0].who == SYSTEM):
        return talk
    return talk._replace(turns=[Turn(SYSTEM, system), *talk.turns], answer=None if talk.answer is None else talk.answer + 1)
