"""Reads a budget: so many tokens, words or characters for all rows together."""

import re
from dataclasses import replace

from . import slots
from .clauses import Phrase
from .columns import mentions, text_of
from .profile import Column
from .wishes import SELECT, Columns, Scene, Wish

CHARACTERS_A_TOKEN = 4  # what English costs with the tokenizers of today
_UNITS = {"token": "tokens", "word": "words", "character": "characters", "char": "characters"}
_TOTAL = re.compile(r"\bin total\b|\baltogether\b|\boverall\b|\bbudget\b|\btotal(?:ling)?\b|\bcombined\b|\bin all\b|\bin sum\b|\badd\w* up to\b")
_BEST = re.compile(
    r"\b(?P<high>highest|best|largest|biggest|most|top|newest|latest)\b(?:[^.;,]{0,30})\b(?:first|come first|preferred)\b|"
    r"\b(?:by|prefer(?:ring)?|favou?r(?:ing)?|ranked by|with the)\s+(?:the\s+)?(?P<high2>highest|best|largest|top)\b"
)
_LOWEST = re.compile(
    r"\b(?:lowest|worst|smallest|shortest|oldest|earliest|least|fewest)\b[^.;,]{0,30}\b(?:first|preferred)\b|\bprefer\w*\s+(?:the\s+)?(?:short|low|small|old)\w*"
)
_LONGEST = re.compile(r"\blongest\b[^.;,]{0,30}\b(?:first|preferred)\b|\bprefer\w*\s+(?:the\s+)?long\w*")
_COUNTED = re.compile(r"(?:^|_)(?:n|num|number|count)?_?(?:of_)?tokens?(?:_count|_len|_length)?$|^token_?(?:count|s|length)$")


def read(phrase: Phrase, scene: Scene) -> list[Wish]:
    """Rows at random until the budget is spent, the best first where a score is named is for `top_k` to say."""
    if not _TOTAL.search(phrase.lower) or phrase.side == "drop":
        return []
    for number in slots.numbers(phrase.lower):
        unit = re.match(r"[\s-]*(token|word|char(?:acter)?)s?\b", phrase.lower[number.end :])
        if unit and not number.share and number.value >= 1:
            lacks = "a budget that takes the lowest first" if _LOWEST.search(phrase.lower) else ""
            return [replace(wish, lacks=lacks) if wish.op == "token_budget" else wish for wish in _wishes(phrase, scene, number, _UNITS[unit[1]])]
    return []


def _wishes(phrase: Phrase, scene: Scene, number: slots.Number, unit: str) -> list[Wish]:
    counted = next((column for column in scene.main.columns if column.is_number and _COUNTED.search(column.name.lower())), None)
    span = (0, len(phrase.lower))
    best = _best(phrase, scene)
    if unit == "tokens" and counted:
        return [_taken(number.value, counted.name, f"the column {counted.name}", span, best)]
    column = _measured(phrase, scene, number)
    if column is None:
        return []
    measure = "characters" if unit == "tokens" else unit
    budget = number.value * (CHARACTERS_A_TOKEN if unit == "tokens" else 1)
    how = f"{CHARACTERS_A_TOKEN} characters of {column.name} taken as a token" if unit == "tokens" else f"{measure} of {column.name}"
    return [
        Wish(op=measure, id="lengths", stage=SELECT, on=column.name, span=span, evidence=f"{measure}: what the budget counts"),
        _taken(budget, f"lengths.{measure}", how, span, best or (f"lengths.{measure}" if _LONGEST.search(phrase.lower) else "")),
    ]


def _measured(phrase: Phrase, scene: Scene, number: slots.Number) -> Column | None:
    """The column in `20k words of responses`, else the text of the rows."""
    of = re.match(r"[\s-]*[a-z]+s?\s+(?:of|in|worth of)\s+(?:the\s+|all\s+|their\s+)*", phrase.lower[number.end :])
    at = number.end + of.end() if of else -1
    named = [one.column for one in mentions(phrase, scene.main) if one.start == at and one.column.kind == "text"]
    return next(iter(named), None) or text_of(phrase, scene.main)


def _best(phrase: Phrase, scene: Scene) -> str:
    """The number column whose largest values come first; empty where the rows may be any."""
    said = _BEST.search(phrase.lower)
    named = [one.column.name for one in mentions(phrase, scene.main) if one.column.kind == "number"]
    return named[0] if said and named else ""


def _taken(budget: float, weight: str, how: str, span: tuple[int, int], best: str = "") -> Wish:
    on: Columns = {"weight": weight, "by": best} if best else {"weight": weight}
    return Wish(
        op="token_budget",
        id="within_budget",
        stage=SELECT,
        params={"budget": float(budget)} | ({"take": "best"} if best else {}),
        on=on,
        span=span,
        evidence=f"token_budget: {f'the highest {best} first' if best else 'rows at random'} up to {budget:g}, {how}",
    )
