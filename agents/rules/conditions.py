"""Reads what a column must be: `category is closed_qa and input is not empty`, `year after 2010`, `labelled spam`."""

import re
from dataclasses import dataclass

from . import slots
from .clauses import Phrase
from .columns import Mention, called, mentions
from .profile import Column, Table
from .wishes import CHEAP, Scene, Trouble, Wish

_NOT = r"(?P<no>\s*(?:not|n't|never)\b)?"
_BE = r"(?:\s*(?:is|are|was|were|be|being|must be|should be|has to be|have to be|has|have|isn't|aren't|doesn't|does|value|values)\b)?"
_EMPTY = re.compile(
    rf"^(?P<be>{_BE}){_NOT}\s*(?:set to\s+|an?\s+)?(?P<what>empty|blank|missing|null|absent|unset|filled(?: in)?|present|non-?empty|non-?null|there)\b"
)
_EMPTY_BEFORE = re.compile(
    r"(?P<what>\b(?:empty|blank|missing|null|non-?empty|non-?blank|filled|without|no|lack(?:s|ing)?|has no|have no)(?:(?:,?\s+(?:or|and)\s+|,\s+)[\w-]+){0,3})\s+(?:value\s+(?:in|for)\s+)?(?:an?\s+|any\s+|the\s+)?$"
)
_COMPARED = re.compile(rf"^(?:'s)?(?:\s+(?:of|that|which|score|value|column|field|number))*{_BE}(?:\s+(?:of|an?|the|set to))*\s*$")
_EQUAL = re.compile(
    r"^(?:\s+(?:columns?|field|value|values))?\s*(?P<no>!=|<>|\b(?:is not|are not|isn't|aren't|not equal(?:s)? to|does not equal|doesn't equal|differs from|other than|is anything but|not)\b)?"
    r"\s*(?P<eq>==?|:|\b(?:equal to|is|are|equals?|be|being|set to|says|reads|must be|should be|in|of|was|named|called)\b)?\s*(?P<many>\b(?:one of|either|any of|among|in)\b)?\s*(?:\bequal to\b|\bthe value\b|\bset to\b|\bone of\b|\beither\b)?\s*[(:]?\s*"
)
_SAME = re.compile(
    r"^\s*(?P<no>(?:is|are)?\s*(?:not|n't)\s+|does not |doesn't |do not |don't )?(?:is |are |equals?|=|==)?\s*(?:the same as|identical to|equals?(?: to)?|equal to|=|==|match(?:es)?|differs? from|different from|!=|<>|repeats?|just repeats?|copies)\s+(?:the |its )?$"
)
_LABELLED = r"(?:labell?ed|marked|tagged|classified|annotated|flagged|categori[sz]ed|rated)(?:\s+(?:as|with))?"
FEW_WORDS = frozenset(
    "the and for not all any with text data row rows train test news none yes other true false good bad new old input output only from one two no on in a of".split()
)
_TRUE = re.compile(
    rf"^(?:\s*(?:columns?|flag))?{_BE}(?:\s*(?:marks?|marked|says|set|equals?|=|==|to|as|equal to|flags?))*{_NOT}(?:\s*(?:marks?|as))*\s*(?P<what>true|false|yes|no|set|1|0)\b"
)


@dataclass(frozen=True)
class Condition:
    """One test of a row; `sql` says it plainly, `other` its opposite, both true or false for missing values too."""

    sql: str
    other: str
    start: int
    end: int
    empty: str = ""  # the column, where the test is whether it is empty
    filled: bool = False


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
    if all(one.empty for one in found) and (len(found) == 1 or drop):
        return [_is_empty(one, drop, span, said) for one in found]
    joined = _joined(phrase, found, drop)
    expression = (found[0].other if drop else found[0].sql) if len(found) == 1 else f"not ({joined})" if drop else joined
    return [Wish(op="field", id="chosen_rows", stage=CHEAP, params={"where": expression}, filters=True, span=span,
                 evidence=f"field: {expression} from {said!r}")]  # fmt: skip


def conditions(phrase: Phrase, scene: Scene) -> list[Condition]:
    """All conditions of a clause, left to right."""
    found: list[Condition] = []
    named = mentions(phrase, scene.main)
    for place, mention in enumerate(named):
        following = named[place + 1] if place + 1 < len(named) else None
        one = (
            _same(phrase, mention, following)
            or _emptiness(phrase, mention)
            or _flag(phrase, mention)
            or _number(phrase, mention)
            or _value(phrase, mention)
        )
        if one and not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    found += [one for one in (_year(phrase, scene, found), _called_empty(phrase, scene, named), _labels(phrase, scene, found)) if one]
    return sorted(found, key=lambda one: one.start)


_TEST = re.compile(
    r"\b(?:where|whose|with|having|by|if)\s+(?:an?\s+|the\s+|their\s+)?(?P<name>[a-z]\w*)\s+(?:value\s+)?(?:is|are|equals?|=|==|!=|<|>|>=|<=|above|over|below|under|greater|less|higher|lower|at least|at most|more than|of at least|of at most|equal to|after|before)\b"
)
NO_COLUMNS = frozenset(
    "it they there this that text texts length size row rows word words character characters number count value all everything one each which answer answers output question at no not more less fewer between".split()
)


def unknown_column(phrase: Phrase, table: Table) -> str | None:
    """What a condition calls a column and the data does not have."""
    match = _TEST.search(phrase.lower)
    if match is None or match["name"] in NO_COLUMNS or mentions(phrase, table):
        return None
    return phrase.text[match.start("name") : match.end("name")]


def name_of(column: Column) -> str:
    """A column as an expression writes it."""
    return f'"{column.name}"' if not re.fullmatch(r"[a-z_][a-z0-9_]*", column.name) or column.name in RESERVED else column.name


RESERVED = frozenset(
    "select from where order group by limit table column user end case when then else and or not in is null as on desc asc all any".split()
)


def text_literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _is_empty(one: Condition, drop: bool, span: tuple[int, int], said: str) -> Wish:
    keep_filled = one.filled != drop
    params = {} if keep_filled else {"keep": "empty"}
    return Wish(op="is_empty", id=f"{'has' if keep_filled else 'no'}_{one.empty}", stage=CHEAP, params=params, on=one.empty, filters=True, span=span,
                evidence=f"is_empty: rows with {'text' if keep_filled else 'nothing'} in {one.empty} stay, from {said!r}")  # fmt: skip


def _joined(phrase: Phrase, found: list[Condition], drop: bool) -> str:
    joined = found[0].sql
    for left, right in zip(found, found[1:], strict=False):
        between = phrase.lower[left.end : right.start]
        union = " or " in f" {between} " or (drop and bool(re.search(r"\band\b.*\b(?:rows?|those|ones|with|without|whose|where)\b|,", between)))
        joined = f"{joined} {'or' if union else 'and'} {right.sql}"
    return joined


def _emptiness(phrase: Phrase, mention: Mention) -> Condition | None:
    after = _EMPTY.match(phrase.lower[mention.end :])
    before = _EMPTY_BEFORE.search(phrase.lower[: mention.start])
    if after:
        filled = after["what"].startswith(("filled", "present", "non", "there")) != (bool(after["no"]) or "n't" in (after["be"] or ""))
        return _empty(mention.column, filled, mention.start, mention.end + after.end())
    if before:
        what = before["what"]
        if re.match(r"(?:without|no|has no|have no|lack\w*)\b", what):
            if mention.column.kind not in ("text", "nested") or re.match(
                r"\s+(?:longer|shorter|over|under|with|that|which|in)\b", phrase.lower[mention.end :]
            ):
                return None
            return _empty(mention.column, False, before.start(), mention.end)
        filled = what.startswith(("non", "filled"))
        inverted = re.search(r"\b(?:no|not|without|never)\s+(?:an?\s+|any\s+|the\s+)?$", phrase.lower[: before.start()])
        leads = inverted is not None and phrase.lower[: inverted.start()].strip() == ""
        return _empty(mention.column, filled != (bool(inverted) and not leads), before.start(), mention.end)
    return None


def _called_empty(phrase: Phrase, scene: Scene, named: list[Mention]) -> Condition | None:
    """`empty answers` where the column is called something else; `empty rows` where there is one text."""
    match = re.search(
        r"\b(?P<non>non-?)?(?:empty|blank|missing)\b(?P<more>(?:(?:,?\s+(?:or|and)\s+|,\s+)[\w-]+){0,3})\s+(?P<noun>[a-z]+)\b|\b(?P<noun2>[a-z]+)\s+(?:is|are)\s+(?P<no>not\s+)?(?:empty|blank|missing)\b",
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
    return _empty(column, bool(match["non"] or match["no"]) != (bool(inverted) and not leads), start, start + len(word[0] if word else match[0]))


def _empty(column: Column, filled: bool, start: int, end: int) -> Condition:
    name = name_of(column)
    if column.kind == "text":
        yes, no = f"trim(coalesce({name}, '')) = ''", f"trim(coalesce({name}, '')) <> ''"
    else:
        yes, no = f"{name} is null", f"{name} is not null"
    return Condition(no if filled else yes, yes if filled else no, start, end, column.name if column.kind == "text" else "", filled)


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
    if mention.column.kind != "number":
        return None
    name = name_of(mention.column)
    for bound in slots.bounds(phrase.lower):
        if bound.start >= mention.end and _COMPARED.match(phrase.lower[mention.end : bound.start]) and not slots.unit(phrase.lower, bound):
            return _between(name, bound, mention.start, bound.end)
        if bound.end <= mention.start and re.fullmatch(r"\s*(?:an?|the|in|for|on|of)?\s*(?:the)?\s*", phrase.lower[bound.end : mention.start]):
            return _between(name, bound, bound.start, mention.end)
    equal = _EQUAL.match(phrase.lower[mention.end :])
    at = mention.end + (equal.end() if equal else 0)
    number = next((number for number in slots.numbers(phrase.lower) if number.start == at), None)
    if number is None:
        return None
    value = _shown(number.value)
    yes, no = f"{name} = {value}", f"{name} is distinct from {value}"
    inverse = bool(equal and equal["no"])
    return Condition(no if inverse else yes, yes if inverse else no, mention.start, number.end)


def _year(phrase: Phrase, scene: Scene, found: list[Condition]) -> Condition | None:
    """`published after 2005` where a column holds years."""
    column = next((column for column in scene.main.columns if column.kind == "number" and re.search(r"(?:^|_)years?(?:_|$)|^yr$", column.name.lower())), None)
    for bound in slots.bounds(phrase.lower) if column else []:
        said = re.match(r"(?:after|before|since|until|from|between|later than|earlier than|newer than|older than|past)\b", phrase.lower[bound.start :])
        is_year = all(value is None or (1000 <= value <= 2200 and value == int(value)) for value in (bound.low, bound.high))
        if column and said and is_year and not any(bound.start < one.end and one.start < bound.end for one in found):
            return _between(name_of(column), bound, bound.start, bound.end)
    return None


def _between(name: str, bound: slots.Bounds, start: int, end: int) -> Condition:
    sides = []
    if bound.low is not None:
        sides.append(f"{name} {'>' if bound.low_open else '>='} {_shown(bound.low)}")
    if bound.high is not None:
        sides.append(f"{name} {'<' if bound.high_open else '<='} {_shown(bound.high)}")
    sql = f"{name} = {_shown(bound.low)}" if bound.low is not None and bound.low == bound.high else " and ".join(sides)
    return Condition(f"({sql})" if len(sides) > 1 and " and " in sql else sql, f"not coalesce({sql}, false)", start, end)


def _value(phrase: Phrase, mention: Mention) -> Condition | None:
    """`category is closed_qa`, `lang = de or fr`, `part equal to 'train'`."""
    if mention.column.kind not in ("text", "number"):
        return None
    equal = _EQUAL.match(phrase.lower[mention.end :])
    if not equal or not (equal["eq"] or equal["no"] or equal["many"]) or equal["eq"] == "of" and not mention.column.labels:
        return None
    values, end = _values(phrase, mention.column, mention.end + equal.end(), bool(equal["many"] or equal["eq"] == "in"))
    if not values:
        return None
    name, inverse = name_of(mention.column), bool(equal["no"])
    if len(values) == 1:
        yes, no = f"{name} = {text_literal(values[0])}", f"{name} is distinct from {text_literal(values[0])}"
    else:
        listed = ", ".join(text_literal(value) for value in values)
        yes, no = f"{name} in ({listed})", f"coalesce({name} not in ({listed}), true)"
    return Condition(no if inverse else yes, yes if inverse else no, mention.start, end)


def _values(phrase: Phrase, column: Column, at: int, listed: bool) -> tuple[list[str], int]:
    values: list[str] = []
    while True:
        value, end = _one_value(phrase, column, at, known_only=bool(values) and not listed)
        if value is None:
            return values, at if not values else last
        values.append(value)
        last = end
        more = re.match(r"\s*(?:,\s*(?:or|and)?|\bor\b|/|\band\b|\bnor\b)\s*(?:the\s+|an?\s+)?", phrase.lower[end:])
        if not more:
            return values, last
        at = end + more.end()


def _one_value(phrase: Phrase, column: Column, at: int, known_only: bool) -> tuple[str | None, int]:
    atom = next((atom for atom in phrase.atoms if atom.start == at), None)
    if atom:
        return next((label for label in column.labels if label.lower() == atom.value.lower()), atom.value), atom.end
    for label in sorted(column.labels, key=len, reverse=True):
        form = r"[ _-]?".join(re.escape(part) for part in re.split(r"[ _-]+", label.lower()))
        match = re.match(rf"{form}(?:s|es)?(?![\w-])", phrase.lower[at:]) if label else None
        if match:
            return label, at + match.end()
    if known_only:
        return None, at
    match = re.match(r"[\w.+#/-]*\w", phrase.text[at:])
    if not match or match[0].lower() in FEW_WORDS - {
        "train",
        "test",
        "true",
        "false",
        "yes",
        "no",
        "good",
        "bad",
        "none",
        "news",
        "new",
        "old",
        "other",
    }:
        return None, at
    if re.match(
        r"(?:not|more|less|longer|shorter|at|over|under|above|below|between|valid|empty|written|in|a|an|the|too|very|only|also|same|unique|missing|about)$",
        match[0].lower(),
    ):
        return None, at
    return match[0], at + match.end()


def _same(phrase: Phrase, one: Mention, other: Mention | None) -> Condition | None:
    if other is None:
        return None
    match = _SAME.match(phrase.lower[one.end : other.start])
    if not match:
        return None
    left, right = name_of(one.column), name_of(other.column)
    yes, no = f"trim({left}) is not distinct from trim({right})", f"trim({left}) is distinct from trim({right})"
    if one.column.kind != "text":
        yes, no = yes.replace("trim(", "(").replace(")", ")"), no.replace("trim(", "(")
    inverse = bool(match["no"]) != bool(re.search(r"differ|!=|<>", match[0]))
    return Condition(no if inverse else yes, yes if inverse else no, one.start, other.end)


def _labels(phrase: Phrase, scene: Scene, found: list[Condition]) -> Condition | None:
    """A value of a label column in the clause itself: `spam messages`, `labelled spam`, `the Sports articles`."""
    best: tuple[int, Column, list[tuple[str, int, int]]] | None = None
    for column in scene.main.columns:
        hits = [hit for hit in _label_hits(phrase, column) if not any(hit[1] < one.end and one.start < hit[2] for one in found)]
        weight = sum(end - start for _, start, end in hits)
        if hits and (best is None or weight > best[0]):
            best = (weight, column, hits)
    if best is None or re.search(r"\bbalanced?\b|\bstratif|\bsplit\b|\bsame number\b", phrase.lower):
        return None
    _, column, hits = best
    labels = list(dict.fromkeys(label for label, _, _ in hits))
    negated = re.search(
        rf"\b(?:not|non-?|isn't|aren't|other than|except(?: for)?|no)\s*(?:{_LABELLED}\s+)?(?:the\s+|as\s+|an?\s+)?$", phrase.lower[: hits[0][1]]
    )
    leads = negated is not None and phrase.lower[: negated.start()].strip() == "" and phrase.side == "drop"
    inverse = negated is not None and not leads
    name = name_of(column)
    listed = ", ".join(text_literal(label) for label in labels)
    yes = f"{name} = {listed}" if len(labels) == 1 else f"{name} in ({listed})"
    no = f"{name} is distinct from {listed}" if len(labels) == 1 else f"coalesce({name} not in ({listed}), true)"
    return Condition(no if inverse else yes, yes if inverse else no, hits[0][1], hits[-1][2])


def _label_hits(phrase: Phrase, column: Column) -> list[tuple[str, int, int]]:
    hits: list[tuple[str, int, int]] = []
    for label in sorted(column.labels, key=len, reverse=True):
        if len(label) < 3 or label.lower() in FEW_WORDS or not label[0].isalnum():
            continue
        form = r"[ _-]?".join(re.escape(part) for part in re.split(r"[ _-]+", label.lower()) if part)
        for match in re.finditer(rf"(?<![\w-]){form}(?:s|es)?(?![\w])", phrase.lower):
            said = re.search(rf"{_LABELLED}\s+(?:the\s+)?$", phrase.lower[: match.start()]) or re.match(
                rf"[\s-]+{_LABELLED}\b", phrase.lower[match.end() :]
            )
            noun = re.match(r"\s+(?:[a-z]+s\b|ones?\b|data\b|content\b|spam\b)|\s*(?:,|\bor\b|\band\b|$)", phrase.lower[match.end() :])
            if (said or noun) and not any(match.start() < end and start < match.end() for _, start, end in hits):
                hits.append((label, match.start(), match.end()))
    return sorted(hits, key=lambda hit: hit[1])


def _shown(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)
