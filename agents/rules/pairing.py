"""Reads wishes for preference pairs out of scored answers."""

import re

import pyarrow as pa

from . import slots
from .clauses import Phrase
from .columns import mentions
from .expanding import is_list, new_rows
from .profile import Column, Table
from .wishes import FORMAT, Scene, Trouble, Wish

_PAIR = re.compile(
    r"\b(?:preference|dpo|chosen[ /-]+(?:and[ -])?rejected|comparison|ranking)\s+(?:pairs?|data\w*|examples?)\b|\bpair\w*\b[^.;]*\b(?:best|"
    r"worst|better|answers?|"
    r"responses?|score\w*)\b|\b(?:best|highest\w*)\b[^.;]{0,30}\b(?:against|versus|vs\.?|with|over|and)\b[^.;]{0,30}\b(?:worst|lowest\w*|"
    r"rest|others?)\b|"
    r"\bchosen\b[^.;]{0,30}\brejected\b"
)
_SCORED = re.compile(
    r"\b(?:best|worst|good|bad|top|highest|lowest|better|worse|scores?|scored|ratings?|rated|ranked|stars|votes?|judg\w+|grade[ds]?)\b"
)
_OTHERS = re.compile(
    r"\b(?:each|every|all|any)(?: of)?(?: the)? (?:others?|other|rest|worse|lower)\b|\bthe (?:rest|others)\b|\bagainst (?:the )?rest\b"
)
_ALL = re.compile(r"\b(?:all|every)(?: possible)? (?:pairs?|combinations?)\b|\beach (?:answer|response) (?:against|with) (?:each|every)\b")
_MARGIN = re.compile(r"\b(?:margin|differ\w*|apart|gap|points?|better)\b")
_SCORE_NAME = re.compile(r"score|rating|rated|stars|reward|grade|votes?|preference|quality|rank", re.IGNORECASE)


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Preference pairs from scored answers: lists in one row, or rows of one prompt."""
    table, lower = scene.main, phrase.lower
    if not _PAIR.search(lower) or not _SCORED.search(lower) or phrase.side == "drop" or table.column("chosen") is not None:
        return []
    params: dict[str, object] = {"pairs": "all"} if _ALL.search(lower) else {"pairs": "best_others"} if _OTHERS.search(lower) else {}
    bound = next((one for one in slots.bounds(lower) if one.low is not None and _MARGIN.search(lower)), None)
    params |= {"margin": float(bound.low)} if bound and bound.low else {}
    fields = _record_fields(table)
    answers, scores = _list_of(table, pa.types.is_string), _list_of(table, lambda kind: pa.types.is_integer(kind) or pa.types.is_floating(kind))
    if fields:
        params |= {"answer_field": fields[1], "score_field": fields[2]}
        return new_rows("pair_up", "pairs", FORMAT, params, {"answers": fields[0]}, phrase, f"pair_up {fields[0]}")
    if answers and scores:
        evidence = f"pair_up {answers.name} by {scores.name}"
        return new_rows("pair_up", "pairs", FORMAT, params, {"answers": answers.name, "scores": scores.name}, phrase, evidence)
    return _row_pairs(phrase, table, params)


def _row_pairs(phrase: Phrase, table: Table, params: dict[str, object]) -> list[Wish] | Trouble:
    named = [one.column for one in mentions(phrase, table)]
    answer = next((column for name in ("response", "answer", "output", "completion", "reply", "text") if (column := table.column(name))), None)
    score = next((column for column in named if column.is_number), None) or next(
        (column for column in table.columns if column.is_number and _SCORE_NAME.search(column.name)), None
    )
    others = [column for column in named if column not in (answer, score) and column.kind in ("text", "number")]
    usual = ("prompt", "instruction", "question", "query", "input")
    key = next(iter(others), None) or next((column for name in usual if (column := table.column(name)) and column is not answer), None)
    if answer is None or score is None or key is None:
        return Trouble(
            "ask",
            f"{phrase.text!r}: pairs are made of a list of answers with a list of their scores, or of rows with a prompt, an answer and a score; the "
            f"data has {', '.join(table.names)}. Which columns are these?",
        )
    if params.get("pairs") == "all":
        return Trouble("ask", f"{phrase.text!r}: of answers in rows of their own pairs are the best against the worst, or against all others. Which?")
    on = {"key": key.name, "answer": answer.name, "score": score.name}
    evidence = f"pair_up_rows: {answer.name} of the same {key.name} by {score.name}"
    return new_rows("pair_up_rows", "pairs", FORMAT, params, on, phrase, evidence)


def _list_of(table: Table, fits: object) -> Column | None:
    return next((column for column in table.columns if is_list(column) and fits(column.type.value_type)), None)  # type: ignore[operator]


def _record_fields(table: Table) -> tuple[str, str, str] | None:
    """A list of records with one text and a score in each: its column and the two fields."""
    for column in table.columns:
        inner = column.type.value_type if is_list(column) else None
        if inner is None or not pa.types.is_struct(inner):
            continue
        texts = [field.name for field in inner if pa.types.is_string(field.type)]
        numbers = [field.name for field in inner if pa.types.is_integer(field.type) or pa.types.is_floating(field.type)]
        scores = [name for name in numbers if _SCORE_NAME.search(name)] or numbers[:1]
        usual = [name for name in texts if re.fullmatch(r"(?:answer|response|text|output|completion|content|reply)s?", name, re.IGNORECASE)] or texts
        if usual and scores:
            return column.name, usual[0], scores[0]
    return None
