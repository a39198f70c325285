"""Reads whether a column must be empty: `empty outputs`, `input is not blank`, `without a title`."""

import re

from .clauses import Phrase
from .columns import Mention, called
from .profile import Column
from .sql import Condition, name_of
from .wishes import CHEAP, Scene, Wish

_NOT = r"(?P<no>\s*(?:not|n't|never)\b)?"
BE = r"(?:\s*(?:is|are|was|were|be|being|must be|should be|has to be|have to be|has|have|isn't|aren't|doesn't|does|value|values)\b)?"
_EMPTY = re.compile(
    rf"^(?P<be>{BE}){_NOT}\s*(?:both\s+|all\s+|either\s+|set to\s+|an?\s+)?(?P<what>empty|blank|missing|null|absent|unset|filled(?: in)?|present|"
    rf"non-?empty|non-?null|there)\b"
)
_EMPTY_BEFORE = re.compile(
    r"(?P<what>\b(?:empty|blank|missing|null|non-?empty|non-?blank|filled|without|lack(?:s|ing)?|(?:has|having|with) no|"
    r"have no)(?:(?:,?\s+(?:or|and)\s+|,\s+)[\w-]+){0,3})\s+(?:value\s+(?:in|for)\s+)?(?:an?\s+|any\s+|the\s+)?$"
)


def wish(one: Condition, drop: bool, span: tuple[int, int], said: str) -> Wish:
    """The filter for one such test."""
    keep_filled = one.filled != drop
    params = {} if keep_filled else {"keep": "empty"}
    return Wish(
        op="is_empty",
        id=f"{'has' if keep_filled else 'no'}_{one.empty}",
        stage=CHEAP,
        params=params,
        on=one.empty,
        filters=True,
        span=span,
        evidence=f"is_empty: rows with {'text' if keep_filled else 'nothing'} in {one.empty} stay, from {said!r}",
    )


def of_mention(phrase: Phrase, mention: Mention) -> Condition | None:
    """`output is empty`, `an empty output`."""
    after = _EMPTY.match(phrase.lower[mention.end :])
    before = _EMPTY_BEFORE.search(phrase.lower[: mention.start])
    if after:
        filled = after["what"].startswith(("filled", "present", "non", "there")) != (bool(after["no"]) or "n't" in (after["be"] or ""))
        return of_column(mention.column, filled, mention.start, mention.end + after.end())
    if before:
        what = before["what"]
        if re.match(r"(?:without|\w+ no|lack\w*)\b", what):
            if mention.column.kind not in ("text", "nested") or re.match(
                r"\s+(?:longer|shorter|over|under|with|that|which|in)\b", phrase.lower[mention.end :]
            ):
                return None
            return of_column(mention.column, False, before.start(), mention.end, noun=True)
        filled = what.startswith(("non", "filled"))
        inverted = re.search(r"\b(?:no|not|without|never)\s+(?:an?\s+|any\s+|the\s+)?$", phrase.lower[: before.start()])
        leads = inverted is not None and phrase.lower[: inverted.start()].strip() == ""
        return of_column(mention.column, filled != (bool(inverted) and not leads), before.start(), mention.end, noun=True)
    return None


def of_noun(phrase: Phrase, scene: Scene, named: list[Mention]) -> Condition | None:
    """`empty answers` where the column is called something else; `empty rows` where there is one text."""
    match = re.search(
        r"\b(?P<non>non-?)?(?:empty|blank|missing)\b(?P<more>(?:(?:,?\s+(?:or|and)\s+|,\s+)[\w-]+){0,3})\s+(?P<noun>[a-z]+)\b|"
        r"\b(?P<noun2>[a-z]+)\s+(?:is|are)\s+(?P<no>not\s+)?(?:empty|blank|missing)\b",
        phrase.lower,
    )
    if not match or any(mention.start < match.end() and match.start() < mention.end for mention in named):
        return None
    if re.match(r"lines?|columns?|paragraphs?|values?|cells?|spaces?", match["noun"] or match["noun2"]):
        return None
    column = called(phrase, scene.main) or scene.main.text
    if column is None:
        return None
    inverted = re.search(r"\b(?:not|without|never)\s+(?:an?\s+|any\s+)?$", phrase.lower[: match.start()])
    leads = inverted is not None and phrase.lower[: inverted.start()].strip() == ""
    word = re.search(r"\b(?:non-?)?(?:empty|blank|missing)\b", match[0])
    start = match.start() + (word.start() if word else 0)
    return of_column(
        column, bool(match["non"] or match["no"]) != (bool(inverted) and not leads), start, start + len(word[0] if word else match[0]), noun=True
    )


def of_column(column: Column, filled: bool, start: int, end: int, noun: bool = False) -> Condition:
    """The test whether a column is filled, or empty."""
    name = name_of(column)
    if column.kind == "text":
        yes, no = f"trim(coalesce({name}, '')) = ''", f"trim(coalesce({name}, '')) <> ''"
    else:
        yes, no = f"{name} is null", f"{name} is not null"
    return Condition(no if filled else yes, yes if filled else no, start, end, column.name if column.kind == "text" else "", filled, noun)
