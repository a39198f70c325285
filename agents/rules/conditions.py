"""Reads what must hold for a row: `category is closed_qa and input is not empty`, `year after 2010`, `A and B differ`."""

import re
from dataclasses import replace
from itertools import pairwise

from . import emptiness, slots, values
from .clauses import Phrase
from .columns import Mention, mentions
from .emptiness import BE
from .profile import Column, Table
from .sql import Condition, between, name_of, shown
from .wishes import CHEAP, Scene, Trouble, Wish

_COMPARED = re.compile(rf"^(?:'s)?(?:\s+(?:of|that|which|score|value|column|field|number))*{BE}(?:\s+(?:of|an?|the|set to))*\s*$")
_SAME = re.compile(
    r"^\s*(?P<no>(?:is|are)?\s*(?:not|n't)\s+|does not |doesn't |do not |don't |"
    r"(?:must|should|may|can) (?:not|never) (?:just |simply )?)?(?:is |are |equals?|=|"
    r"==)?\s*(?:the same as|identical to|equals?(?: to)?|equal to|=|==|match(?:es)?|differs? from|different from|!=|<>|"
    r"repeats?|just repeats?|copies)\s+(?:the |its )?$"
)
_BOTH = re.compile(r"^\s*(?:are|is)?\s*(?P<no>not\s+|n't\s+)?(?:really\s+)?(?P<what>differ(?:ent|s)?|the same|identical|equal|alike)\b")
_LONGER = re.compile(r"\s*(?:is |are )?(?P<no>not |n't )?(?P<how>longer|shorter) than (?:the |its |their )?")
_TIMES = re.compile(
    rf"\s*(?:(?:should |must |has to |have to |may )?(?:is |are |be )?)"
    r"(?P<no>not |n't )?(?P<how>at least |no less than |at most |no more than |more than |over |less than |"
    r"under |exactly |about )?"
    rf"(?P<factor>twice|double|thrice|triple|half|a third|a quarter|(?P<n>{slots.NUMBER}) ?(?:times|x|×))\s+"
    rf"(?:as (?P<kind>long|short|large|big|high|many|much)"
    rf" as|the (?:length|size) of|(?:the )?)\s*(?:the |its |their |that of |the length of )*"
)  # `at least twice as long as`
FACTORS = {"twice": 2.0, "double": 2.0, "thrice": 3.0, "triple": 3.0, "half": 0.5, "a third": 1 / 3, "a quarter": 0.25}
_EQUALS = re.compile(r"(\"[^\"]+\"|\w+) (?:= '|in \()")
_ANY_CASE = re.compile(
    r"\b(?:ignor\w+|regardless of|no matter the) (?:the )?(?:upper |lower )?case\b|\bcase[- ]insensitiv\w*|\bcase does(?:n't| not) matter\b"
)
_TRUE = re.compile(
    rf"^(?:\s*(?:columns?|flag))?{BE}(?:\s*(?:marks?|marked|says|set|equals?|=|==|to|as|equal to|"
    rf"flags?))*(?P<no>\s*(?:not|n't|never)\b)?(?:\s*(?:marks?|as))*\s*(?P<what>true|false|yes|no|set|1|0)\b"
)
_TEST = re.compile(
    r"\b(?:where|whose|with|having|by|if)\s+(?:an?\s+|the\s+|their\s+)?(?P<name>[a-z]\w*)\s+(?:value\s+)?(?:is|are|equals?|"
    r"=|==|!=|<|>|>=|<=|above|over|below|under|greater|less|higher|lower|at least|at most|more than|of at least|of at most|"
    r"equal to|after|before)\b"
)
_RANKED_BY = re.compile(
    r"\b(?:top|best|bottom|worst|highest|lowest|sort\w*|order\w*|rank\w*|most|least)\b[^.;]*\b(?:by|according to|on)\s+(?:the\s+|their\s+|column\s+)*"
    r"(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b"
)
_NO = (
    "it they there this that text texts length size row rows word words character characters number count value all everything one each which "
    "answer answers output question at no not more less fewer between"
)
NO_COLUMNS = frozenset(_NO.split())


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """One filter for all conditions of a clause, joined as it joins them; whether a column is empty has an operator of its own."""
    if phrase.side not in ("keep", "drop") or re.search(r"\b(?:columns|split)\b(?!\s+(?:is|are|whose|where))", phrase.lower):
        return []
    found = conditions(phrase, scene)
    if not found:
        return []
    span = (found[0].start, found[-1].end)
    said = phrase.text[span[0] : span[1]].strip()
    drop = phrase.side == "drop"
    union = all(_is_union(phrase, left, right, drop) for left, right in pairwise(found))
    if all(one.empty for one in found) and (len(found) == 1 or union == drop):
        return [emptiness.wish(one, drop, span, said) for one in found]
    joined = _joined(phrase, found, drop)
    expression = (found[0].other if drop else found[0].sql) if len(found) == 1 else f"not ({joined})" if drop else joined
    return [
        Wish(
            op="field",
            id="chosen_rows",
            stage=CHEAP,
            params={"where": expression},
            filters=True,
            span=span,
            evidence=f"field: {expression} from {said!r}",
        )
    ]


def conditions(phrase: Phrase, scene: Scene) -> list[Condition]:
    """All conditions of a clause, left to right."""
    found: list[Condition] = []
    named = mentions(phrase, scene.main)
    for place, mention in enumerate(named):
        following = named[place + 1] if place + 1 < len(named) else None
        one = (
            _same(phrase, mention, following)
            or emptiness.of_mention(phrase, mention)
            or _flag(phrase, mention)
            or _number(phrase, mention)
            or values.of_mention(phrase, mention)
            or values.of_part(phrase, mention)
        )
        if one and not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    found += _shared_emptiness(phrase, named, found)
    found += [one for one in values.of_parts(phrase, scene, named) if not any(one.start < other.end and other.start < one.end for other in found)]
    found += [one for one in (_year(phrase, scene, found), emptiness.of_noun(phrase, scene, named), values.of_labels(phrase, scene, found)) if one]
    return sorted(found, key=lambda one: one.start)


def _shared_emptiness(phrase: Phrase, named: list[Mention], found: list[Condition]) -> list[Condition]:
    """`instruction or output is missing`: what is said of the last holds for those before it."""
    more: list[Condition] = []
    for mention, following in reversed(list(pairwise(named))):
        said = next((one for one in [*found, *more] if one.empty == following.column.name and one.start <= following.start), None)
        joined = re.fullmatch(r"\s*(?:,|or|and|and/or|nor|,\s*(?:or|and))\s*(?:the\s+|an?\s+)?", phrase.lower[mention.end : following.start])
        if said and joined and not any(one.start <= mention.start < one.end for one in found):
            more.append(emptiness.of_column(mention.column, said.filled, mention.start, mention.end))
    return more


def one_more(phrase: Phrase, scene: Scene) -> Condition | None:
    """The condition in `Sports as well`, `and tax too`."""
    if not re.search(r"\b(?:as well|too|also|in addition)\b[ .!]*$|^(?:also|plus|and also)\b", phrase.lower):
        return None
    return values.of_labels(phrase, scene, [])


def widened(wishes: list[Wish], more: Condition) -> list[Wish] | None:
    """The filters of a clause with one more way through."""
    name = more.sql.split(" ")[0]
    found = [wish for wish in wishes if wish.op == "field" and str(wish.params["where"]).startswith(name)]
    if not found:
        return None
    where = str(found[0].params["where"])
    goes = "distinct from" in where or "not in" in where
    wider = f"{where} and {more.other}" if goes else f"{where} or {more.sql}"
    return [replace(wish, params={"where": wider}, evidence=f"field: {wider}") if wish is found[0] else wish for wish in wishes]


def ranked_by_nothing(phrase: Phrase, scene: Scene) -> str | None:
    """`top 20 by quality_score`, where nothing is called so: to take other rows would be a guess."""
    match = _RANKED_BY.search(phrase.lower)
    if match is None or match["name"] in {name.lower() for table in scene.tables.values() for name in table.names} | {*scene.made, *scene.joined}:
        return None
    return phrase.text[slice(*match.span("name"))]


def unknown_column(phrase: Phrase, table: Table) -> str | None:
    """What a condition calls a column and the data does not have."""
    match = _TEST.search(phrase.lower)
    if match is None or match["name"] in NO_COLUMNS or mentions(phrase, table):
        return None
    return phrase.text[match.start("name") : match.end("name")]


def _joined(phrase: Phrase, found: list[Condition], drop: bool) -> str:
    joined = found[0].sql
    for left, right in pairwise(found):
        joined = f"{joined} {'or' if _is_union(phrase, left, right, drop) else 'and'} {right.sql}"
    return joined


def _is_union(phrase: Phrase, left: Condition, right: Condition, drop: bool) -> bool:
    """Whether one of two tests is enough: `or`; or, where rows go, two kinds of rows set side by side."""
    between = phrase.lower[left.end : right.start]
    if (same := _EQUALS.match(left.sql)) and (other := _EQUALS.match(right.sql)) and same[1] == other[1]:
        return True  # one value cannot equal both
    beside = right.noun or bool(re.search(r"\band\b.*\b(?:rows?|those|ones|with|without|whose|where)\b|,", between))
    return bool(re.search(r"\bn?or\b", between)) or (drop and beside)


def _flag(phrase: Phrase, mention: Mention) -> Condition | None:
    if mention.column.kind != "flag":
        return None
    name, tail = name_of(mention.column), phrase.lower[mention.end :]
    match = _TRUE.match(tail)
    if match:
        true = (match["what"] in ("true", "yes", "set", "1")) != bool(match["no"])
        end = mention.end + match.end()
    else:
        true, end = not re.search(r"\b(?:not|non-?|isn't|aren't)\s*$", phrase.lower[: mention.start]), mention.end
    yes, no = f"{name}", f"not coalesce({name}, false)"
    return Condition(yes if true else no, no if true else yes, mention.start, end)


def _number(phrase: Phrase, mention: Mention) -> Condition | None:
    if not mention.column.is_number:
        return None
    name = _as_number(mention.column)
    for bound in slots.bounds(phrase.lower):
        if bound.start >= mention.end and _COMPARED.match(phrase.lower[mention.end : bound.start]) and not slots.unit(phrase.lower, bound):
            return between(name, bound, mention.start, bound.end)
        if bound.end <= mention.start and re.fullmatch(r"\s*(?:an?|the|in|for|on|of)?\s*(?:the)?\s*", phrase.lower[bound.end : mention.start]):
            return between(name, bound, bound.start, mention.end)
    equal = values.EQUAL.match(phrase.lower[mention.end :])
    at = mention.end + (equal.end() if equal else 0)
    number = next((number for number in slots.numbers(phrase.lower) if number.start == at), None)
    if number is None:
        return None
    listed, end = [shown(number.value)], number.end
    while more := next(
        (
            one
            for one in slots.numbers(phrase.lower)
            if one.start >= end and re.fullmatch(r"\s*(?:,|or|and|,\s*or)\s*", phrase.lower[end : one.start])
        ),
        None,
    ):
        listed, end = [*listed, shown(more.value)], more.end
    number = slots.Number(number.value, number.start, end)
    if len(listed) > 1:
        yes, no = f"{name} in ({', '.join(listed)})", f"coalesce({name} not in ({', '.join(listed)}), true)"
    else:
        yes, no = f"{name} = {listed[0]}", f"{name} is distinct from {listed[0]}"
    inverse = bool(equal and equal["no"])
    return Condition(no if inverse else yes, yes if inverse else no, mention.start, number.end)


def _year(phrase: Phrase, scene: Scene, found: list[Condition]) -> Condition | None:
    """`published after 2005` where a column holds years."""
    column = next(
        (column for column in scene.main.columns if column.is_number and re.search(r"(?<![a-z])years?(?![a-z])|^yr$", column.name.lower())),
        None,
    )
    for bound in slots.bounds(phrase.lower) if column else []:
        said = re.match(
            r"(?:after|before|since|until|from|between|later than|earlier than|newer than|older than|past)\b", phrase.lower[bound.start :]
        )
        is_year = all(value is None or (1000 <= value <= 2200 and value == int(value)) for value in (bound.low, bound.high))
        if column and said and is_year and not any(bound.start < one.end and one.start < bound.end for one in found):
            return between(_as_number(column), bound, bound.start, bound.end)
    return None


def _as_number(column: Column) -> str:
    return name_of(column) if column.kind == "number" else f"try_cast({name_of(column)} as double)"


def _same(phrase: Phrase, one: Mention, other: Mention | None) -> Condition | None:
    if other is None:
        return None
    if re.fullmatch(r"\s*(?:and|&|,)\s*(?:the\s+)?", phrase.lower[one.end : other.start]):
        return _both(one, other, _BOTH.match(phrase.lower[other.end :]))
    longer = _LONGER.fullmatch(phrase.lower[one.end : other.start])
    if longer:
        left, right = f"length({name_of(one.column)})", f"length({name_of(other.column)})"
        yes = f"{left} {'>' if longer['how'] == 'longer' else '<'} {right}"
        no = f"not coalesce({yes}, false)"
        return Condition(no if longer["no"] else yes, yes if longer["no"] else no, one.start, other.end)
    times = _times(phrase, one, other)
    if times:
        return times
    match = _SAME.match(phrase.lower[one.end : other.start])
    if not match:
        return None
    inverse = bool(match["no"]) != bool(re.search(r"differ|!=|<>", match[0]))
    return _compared(one, other, inverse, other.end, bool(_ANY_CASE.search(phrase.lower)))


def compares_lengths(phrase: Phrase, scene: Scene) -> bool:
    """Whether the clause sets two columns, both called by their names, against each other by length."""
    every = mentions(phrase, scene.main)
    between = [phrase.lower[one.end : other.start] for one, other in pairwise(every)]
    return any(_TIMES.fullmatch(words) or _LONGER.fullmatch(words) for words in between)


def _times(phrase: Phrase, one: Mention, other: Mention) -> Condition | None:
    """`A is at least twice as long as B`, or three times B where both are numbers."""
    match = _TIMES.fullmatch(phrase.lower[one.end : other.start])
    numbers = one.column.is_number and other.column.is_number
    if match is None or not (numbers or (one.column.kind == other.column.kind == "text")):
        return None
    factor = FACTORS.get(match["factor"]) or slots.value(match["n"])[0]
    sides = [_as_number(side.column) if numbers else f"length({name_of(side.column)})" for side in (one, other)]
    how = (match["how"] or "at least").strip()
    sign = ">=" if how in ("at least", "no less than", "about") else "<=" if how in ("at most", "no more than") else ""
    sign = sign or (">" if how in ("more than", "over") else "<" if how in ("less than", "under") else "=")
    sign = "<=" if match["how"] is None and (factor < 1 or match["kind"] == "short") else sign
    yes = f"{sides[0]} {sign} {factor:g} * {sides[1]}"
    no = f"not coalesce({yes}, false)"
    return Condition(no if match["no"] else yes, yes if match["no"] else no, one.start, other.end)


def _both(one: Mention, other: Mention, match: re.Match[str] | None) -> Condition | None:
    """`A and B differ`."""
    if match is None:
        return None
    inverse = match["what"].startswith("differ") != bool(match["no"])
    return _compared(one, other, inverse, other.end + match.end(), bool(_ANY_CASE.search(match.string)))


def _compared(one: Mention, other: Mention, inverse: bool, end: int, any_case: bool = False) -> Condition:
    left, right = name_of(one.column), name_of(other.column)
    left, right = (f"lower({left})", f"lower({right})") if any_case else (left, right)
    yes, no = f"trim({left}) is not distinct from trim({right})", f"trim({left}) is distinct from trim({right})"
    if one.column.kind != "text":
        yes, no = yes.replace("trim(", "("), no.replace("trim(", "(")
    return Condition(no if inverse else yes, yes if inverse else no, one.start, end)
