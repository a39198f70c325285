"""Make preference pairs of scored answers: a better one that is chosen, a worse one that is rejected."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import ANY, Card, Columns, Desk, Example, Expand, Learner, Types
from tools.errors import RecipeError

from .born import children

Scored = tuple[float, str]
PAIR: Types = {"chosen": pa.string(), "rejected": pa.string(), "margin": pa.float64()}


class PairUp(Expand):
    """Make preference pairs of the answers in a row: a list of texts, and a list of their scores beside it or in the same records.

    Of equal scores no pair is made, of equal answers neither; rows without a pair end here. Of several best or worst answers the first counts.
    """

    pairs: Literal["best_worst", "best_others", "all"] = Field(
        default="best_worst", description="The best against the worst, against each other one, or every answer against each worse one."
    )
    margin: float = Field(default=0.0, ge=0, description="Least difference of scores; equal ones never make a pair.")
    answer_field: str = Field(default="", description="Where the answers are records: the field with the text.")
    score_field: str = Field(default="", description="Where the answers are records: the field with the score.")

    card: ClassVar[Card] = Card(
        stage="format",
        reads={"answers": ANY, "scores": ANY},
        adds=PAIR,
        exact=True,
        micros_per_row=5.0,
        aliases=(
            "make preference pairs",
            "best against worst answer",
            "chosen and rejected from scores",
            "pairs for DPO from ranked answers",
            "best of n against the rest",
            "turn ratings into preferences",
            "pair up answers",
        ),
        not_for=("answers that stand in rows of their own: use pair_up_rows", "writing pairs in a trainer's format: the chat formats"),
        examples=(
            Example(
                given={"answers": [["a", "b", "c"], ["a", "b"]], "scores": [[1, 3, 2], [5, 5]]},
                gives={"chosen": ["b"], "rejected": ["a"], "margin": [2.0]},
                drops={1: "childless"},
                parents=((0,),),
            ),
            Example(
                params={"pairs": "all", "margin": 2.0},
                given={"answers": [["a", "b", "c"]], "scores": [[1, 3, 4.5]]},
                gives={"chosen": ["c", "b"], "rejected": ["a", "a"], "margin": [3.5, 2.0]},
            ),
            Example(
                params={"answer_field": "text", "score_field": "stars", "pairs": "best_others"},
                given={"answers": [[{"text": "a", "stars": 1}, {"text": "b", "stars": 2}, {"text": "c", "stars": None}]]},
                gives={"chosen": ["b"], "rejected": ["a"], "margin": [1.0]},
            ),
        ),
    )

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if bool(self.answer_field) != bool(self.score_field):
            raise ValueError("answer_field and score_field go together: the two fields of the records in the list")
        return self

    def reads(self) -> Types:
        return {"answers": ANY} if self.answer_field else self.card.reads

    def adds(self, given: Types) -> Types:
        answers = given.get("answers", ANY)
        if self.answer_field:
            _must_hold(answers, (self.answer_field, self.score_field))
        else:
            _must_list(answers, "answers", "texts", (pa.types.is_string, pa.types.is_null))
            _must_list(given.get("scores", ANY), "scores", "numbers", (pa.types.is_integer, pa.types.is_floating, pa.types.is_null))
        return PAIR

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        found, rows = list[tuple[str, str, float]](), list[int]()
        for row, answers in enumerate(self._scored(batch)):
            made = list(self._pairs(answers))
            found += made
            rows += [row] * len(made)
        columns = {name: pa.array([pair[turn] for pair in found], kind) for turn, (name, kind) in enumerate(PAIR.items())}
        return columns, children(np.array(rows, np.int64))[1]

    def _scored(self, batch: pa.RecordBatch) -> Iterator[list[Scored]]:
        """The answers of each row, best first; those without text or score are left out."""
        for row in batch.to_pylist():
            if self.answer_field:
                own = [(one[self.score_field], one[self.answer_field]) for one in row["answers"] if one is not None]
            else:
                own = list(zip(row["scores"], row["answers"], strict=False))
            yield sorted(((float(s), a) for s, a in own if s is not None and a is not None and s == s), key=lambda one: -one[0])

    def _pairs(self, answers: Sequence[Scored]) -> Iterator[tuple[str, str, float]]:
        if not answers:
            return
        worst = next(one for one in answers if one[0] == answers[-1][0])
        firsts = answers if self.pairs == "all" else answers[:1]
        for place, (score, chosen) in enumerate(firsts):
            for lower, rejected in [worst] if self.pairs == "best_worst" else answers[place + 1 :]:
                if score > lower and score - lower >= self.margin and chosen != rejected:
                    yield chosen, rejected, score - lower


class PairUpRows(Learner, Expand):
    """Make preference pairs of answers that stand in rows of their own: rows of one `key`, the prompt, compete by `score`.

    The row of the rejected answer becomes the pair; of its other columns those stay. Of rows with the same score the first counts, equal
    scores and equal answers make no pair, and rows that are in none end here. The best answer of each key is held in memory.
    """

    pairs: Literal["best_worst", "best_others"] = Field(default="best_worst", description="The best against the worst, or against each other one.")
    margin: float = Field(default=0.0, ge=0, description="Least difference of scores; equal ones never make a pair.")

    card: ClassVar[Card] = Card(
        stage="format",
        reads={"key": ANY, "answer": pa.string(), "score": pa.float64()},
        adds=PAIR,
        exact=True,
        seeded=True,
        state_bytes=2 << 30,
        micros_per_row=2.0,
        proof="247 pairs of 251 instructions with 1,624 answers in self_instruct, each the best against the worst (2026-11-28)",
        aliases=(
            "preference pairs from rows",
            "best against worst answer of each prompt",
            "pair answers to the same prompt",
            "chosen and rejected per question",
            "compare the answers of the models to each question",
            "rank answers per prompt into pairs",
        ),
        not_for=("answers in a list in one row: use pair_up", "one best row per group: use exact_dedup with keep: best"),
        examples=(
            Example(
                given={"key": ["p", "q", "p", "p"], "answer": ["a", "b", "c", "d"], "score": [1, 5, 3, 2]},
                gives={"chosen": ["c"], "rejected": ["a"], "margin": [2.0], "key": ["p"]},
                drops={1: "childless", 2: "childless", 3: "childless"},
                parents=((0,),),
            ),
            Example(
                params={"pairs": "best_others"},
                given={"key": [1, 1, 1], "answer": ["a", "b", "c"], "score": [1, 3, 2]},
                gives={"chosen": ["b", "b"], "rejected": ["a", "c"], "margin": [2.0, 1.0]},
            ),
        ),
    )

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        score = batch["score"]
        row = desk.draw() if len(batch) else pa.array([], pa.uint64())
        columns = {"key": desk.digest(batch["key"]).cast(pa.binary()), "best": score, "answer": batch["answer"], "worst": score, "row": row}
        table = pa.table(columns)
        return _settled(table.filter(pc.is_finite(table["best"])))

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        return _settled(pa.concat_tables([one, other]))

    def expand(self, batch: pa.RecordBatch, desk: Desk) -> tuple[Columns, pa.Array]:
        state = desk.state
        at = pc.index_in(desk.digest(batch["key"]).cast(pa.binary()), value_set=state["key"].combine_chunks())
        known = state.take(at).combine_chunks()
        margin = pc.subtract(known["best"], batch["score"])
        makes = pc.and_(pc.and_(pc.greater(margin, 0.0), pc.greater_equal(margin, self.margin)), pc.not_equal(known["answer"], batch["answer"]))
        if self.pairs == "best_worst":
            makes = pc.and_(makes, pc.equal(known["row"], desk.draw()))
        rows = np.flatnonzero(pc.fill_null(makes, False).to_numpy())
        columns = {"chosen": known["answer"], "rejected": batch["answer"], "margin": margin}
        return {name: _taken(values, rows) for name, values in columns.items()}, children(rows)[1]


def _settled(rows: pa.Table) -> pa.Table:
    """One row a key: its best score and that answer, its worst score and the draw of that row; of equal ones the first."""
    if not len(rows):
        return rows
    codes = rows["key"].combine_chunks().dictionary_encode().indices.to_numpy()
    best, worst = (rows[name].to_numpy() for name in ("best", "worst"))
    turn = np.arange(len(codes))
    highest, lowest = np.lexsort((turn, -best, codes)), np.lexsort((turn, worst, codes))
    heads = np.flatnonzero(np.append(True, codes[highest][1:] != codes[highest][:-1]))
    tops, lows = pa.array(highest[heads]), pa.array(lowest[heads])
    return pa.table({name: rows[name].take(lows if name in ("worst", "row") else tops) for name in rows.column_names}).combine_chunks()


def _taken(values: pa.Array | pa.ChunkedArray, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    found = values.take(pa.array(rows))
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _must_list(kind: pa.DataType, name: str, what: str, fits: Sequence[object]) -> None:
    inner = kind.value_type if kind != ANY and hasattr(kind, "value_type") else None
    if kind != ANY and (inner is None or not any(fit(inner) for fit in fits)):  # type: ignore[operator]
        raise RecipeError(f"on: {name} is {kind}; it must be a list of {what}, or of records with `answer_field` and `score_field`")


def _must_hold(kind: pa.DataType, fields: Sequence[str]) -> None:
    inner = kind.value_type if kind != ANY and hasattr(kind, "value_type") else None
    names = [field.name for field in inner] if inner is not None and pa.types.is_struct(inner) else []
    if kind != ANY and not set(fields) <= set(names):
        raise RecipeError(f"on: answers is {kind}; it must be a list of records with the fields {', '.join(map(repr, fields))}")
