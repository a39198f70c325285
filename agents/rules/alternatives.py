"""Puts several tests of a row into one: `fewer than 5 words unless labelled spam`, `in German or longer than 50 words`.

Filters in a row mean `and`. For `or` and `unless` each measure becomes a column first, and one condition looks at all of them.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from tools.cards import summaries

from . import emptiness
from .clauses import Phrase, Side, phrase_of
from .sql import between_bounds, text_literal
from .wishes import CHEAP, Scene, Wish

_UNLESS = re.compile(
    r"\s*,?\s*\b(?:unless|except (?:when|if|where|for those|those|the ones|ones)|but not (?:when|if|where|those|the ones)|"
    r"other than (?:those|the ones))\b\s*"
    r"(?:that |which |they |they're |these |it )?"
)
ALL = re.compile(
    r"(?:please |just )*(?:keep |take |i want |we want |retain |leave )?(?:everything|all|all of (?:it|them)|"
    r"every (?:single )?\w+|(?:all )?(?:the )?rows|all (?:the )?[a-z]+s)"
)
_TESTED = {"words": "words", "characters": "characters", "matches": "matches", "contains_words": "listed_words"}


def apart(phrase: Phrase) -> tuple[Phrase, Phrase] | None:
    """(the rule, its exception), where a clause has one; the exception says what stays where the rule drops, and goes where it keeps."""
    match = _UNLESS.search(phrase.lower)
    if match is None or phrase.side not in ("keep", "drop") or not phrase.text[: match.start()].strip() or not phrase.text[match.end() :].strip():
        return None
    other: Side = "keep" if phrase.side == "drop" else "drop"
    return phrase_of(phrase.text[: match.start()], phrase.side), phrase_of(phrase.text[match.end() :], other)


def says_or(phrase: Phrase, wishes: Sequence[Wish]) -> bool:
    """Whether rows that pass one of these filters are meant to stay."""
    filters = sorted((wish for wish in wishes if wish.filters and wish.span != (0, 0)), key=lambda wish: wish.span)
    if phrase.side != "keep" or len(filters) < 2 or len(filters) != len(wishes):
        return False
    gaps = [phrase.lower[one.span[1] : other.span[0]] for one, other in itertools.pairwise(filters)]
    return all(re.search(r"\bor\b", gap) and not re.search(r"\band\b", gap) for gap in gaps)


def either(wishes: Sequence[Wish], scene: Scene, joint: str = "or") -> list[Wish] | None:
    """One condition that holds where any of these filters lets a row through; none where one of them cannot be put so."""
    found: list[tuple[list[Wish], str, dict[str, str | list[str]]]] = []
    used: dict[str, str] = {}
    for wish in wishes:
        one = _condition(wish, scene, used)
        if one is None:
            return None
        found.append(one)
    measures = [measure for made, _, _ in found for measure in made]
    where = f" {joint} ".join(f"({sql})" if re.search(r"\b(?:and|or)\b", sql) else sql for _, sql, _ in found)
    stage = max([CHEAP, *(wish.stage for wish in wishes)])
    condition = Wish(
        op="field",
        id="chosen_rows",
        stage=stage,
        params={"where": where},
        on={name: column for _, _, bound in found for name, column in bound.items()} or None,
        filters=True,
        span=(min(wish.span[0] for wish in wishes), max(wish.span[1] for wish in wishes)),
        evidence=f"field: {where}, from " + " / ".join(wish.evidence for wish in wishes),
    )
    return [*(replace(measure, stage=stage) for measure in measures), condition]


def _condition(wish: Wish, scene: Scene, used: dict[str, str]) -> tuple[list[Wish], str, dict[str, str | list[str]]] | None:
    if wish.op == "field":
        sql = str(wish.params["where"])
        return [], sql if wish.port == "kept" else f"not coalesce({sql}, false)", {}
    if wish.op == "is_empty" and isinstance(wish.on, str):
        column = scene.main.column(wish.on)
        return ([], emptiness.of_column(column, wish.params.get("keep") != "empty", 0, 0).sql, {}) if column else None
    bounds = {name: value for name, value in wish.params.items() if name in ("at_least", "at_most")}
    measure = "language" if wish.op == "language" else _TESTED.get(wish.op) or (wish.op if wish.op in summaries()[wish.op].adds else None)
    if measure is None or not (bounds or wish.op == "language"):
        return None
    rest = {key: value for key, value in wish.params.items() if key not in (*bounds, "languages")}
    same = f"{wish.op} {wish.on} {sorted(rest.items())}"
    name = used.get(same) or next(name for name in (measure, *(f"{measure}_{number}" for number in range(2, 99))) if name not in used.values())
    known = same in used
    used[same] = name
    if wish.op == "language":
        languages = wish.params["languages"]
        listed = ", ".join(text_literal(str(code)) for code in (languages if isinstance(languages, list) else []))
        sql = f"{name} in ({listed})"
    else:
        sql = between_bounds(name, bounds)
    sql = sql if wish.port == "kept" else f"not coalesce({sql}, false)"
    step = f"measured_{name}"
    made = replace(wish, id=step, params=rest, port="kept", filters=False, evidence=f"{wish.op}: measured for the condition")
    return [] if known else [made], sql, {name: f"{step}.{measure}"}
