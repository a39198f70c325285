"""Reads which values a column must have: `category is closed_qa`, `lang = de or fr`, `labelled spam`."""

import re

from .clauses import Phrase, goes
from .columns import Mention
from .profile import Column
from .sql import Condition, name_of, text_literal
from .wishes import Scene

EQUAL = re.compile(
    r"^(?:\s+(?:columns?|field|value|values))?\s*(?P<no>!=|<>|\b(?:is not|are not|isn't|aren't|not equal(?:s)? to|"
    r"does not equal|doesn't equal|differs from|other than|is anything but|not)\b)?"
    r"\s*(?P<eq>==?|:|\b(?:equal to|is|are|equals?|be|being|set to|says|reads|must be|should be|in|of|was|named|"
    r"called)\b)?\s*(?P<many>\b(?:one of|either|neither|any of|among|in)\b)?\s*(?:\bequal to\b|\bthe value\b|\bset to\b|"
    r"\bone of\b|\beither\b)?\s*[(:]?\s*"
)
_LABELLED = r"(?:labell?ed|marked|tagged|classified|annotated|flagged|categori[sz]ed|rated)(?:\s+(?:as|with))?"
_FEW = (
    "the and for not all any with text data row rows train test news none yes other true false good bad new old input "
    "output only from one two no on in a of"
)
FEW_WORDS = frozenset(_FEW.split())  # too common to mean a label without more words about it


def of_mention(phrase: Phrase, mention: Mention) -> Condition | None:
    """`category is closed_qa`, `lang = de or fr`, `part equal to 'train'`."""
    if mention.column.kind not in ("text", "number"):
        return None
    equal = EQUAL.match(phrase.lower[mention.end :])
    if not equal or (equal["eq"] == "of" and not mention.column.labels):
        return None
    at = mention.end + equal.end()
    if not (equal["eq"] or equal["no"] or equal["many"]) and not _stands_bare(phrase, mention, at):
        return None
    values, end = _values(phrase, mention.column, at, bool(equal["many"] or equal["eq"] == "in"))
    if not values or not (mention.column.labels or _is_odd(phrase, values[0], at)):
        return None
    name, inverse = name_of(mention.column), bool(equal["no"]) != (equal["many"] == "neither")
    if not equal["no"] and goes(phrase, mention.start) != (phrase.side == "drop"):
        inverse = not inverse
    if len(values) == 1:
        yes, no = f"{name} = {text_literal(values[0])}", f"{name} is distinct from {text_literal(values[0])}"
    else:
        listed = ", ".join(text_literal(value) for value in values)
        yes, no = f"{name} in ({listed})", f"coalesce({name} not in ({listed}), true)"
    return Condition(no if inverse else yes, yes if inverse else no, mention.start, end)


def _is_odd(phrase: Phrase, value: str, at: int) -> bool:
    """A value that nobody writes by chance: quoted, a number, or not a plain word."""
    return any(atom.start == at for atom in phrase.atoms) or not value.isalpha() or value != value.lower()


def of_part(phrase: Phrase, mention: Mention) -> Condition | None:
    """`the validation part`: a part by name right before the column that tells parts, seen in the sample or not."""
    match = re.search(r"\b(?P<value>train(?:ing)?|valid(?:ation)?|dev|test|eval(?:uation)?)\s+$", phrase.lower[: mention.start])
    if not match or mention.column.kind != "text" or mention.column.mean_length > 20:
        return None
    name, value = name_of(mention.column), text_literal(match["value"])
    return Condition(f"{name} = {value}", f"{name} is distinct from {value}", match.start(), mention.end)


def of_labels(phrase: Phrase, scene: Scene, found: list[Condition]) -> Condition | None:
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
    inverse = goes(phrase, hits[0][1]) != (phrase.side == "drop")
    name = name_of(column)
    listed = ", ".join(text_literal(label) for label in labels)
    yes = f"{name} = {listed}" if len(labels) == 1 else f"{name} in ({listed})"
    no = f"{name} is distinct from {listed}" if len(labels) == 1 else f"coalesce({name} not in ({listed}), true)"
    return Condition(no if inverse else yes, yes if inverse else no, hits[0][1], hits[-1][2])


def of_parts(phrase: Phrase, scene: Scene, named: list[Mention]) -> list[Condition]:
    """`decision yes` for a column `final_decision`: a word of its name that no other column has, with one of its values behind it."""
    found = []
    for column in scene.main.columns:
        for part in re.split(r"[^a-z0-9]+", column.name.lower()) if column.labels else ():
            others = [one for one in scene.main.names if one != column.name and part in one.lower()]
            for match in re.finditer(rf"\b{re.escape(part)}\b", phrase.lower) if len(part) > 3 and part != column.name.lower() and not others else ():
                if any(one.start <= match.start() < one.end for one in named):
                    continue
                one = of_mention(phrase, Mention(column, match.start(), match.end(), False))
                if one and any(text_literal(label) in one.sql for label in column.labels):
                    found.append(one)
    return found


def _stands_bare(phrase: Phrase, mention: Mention, at: int) -> bool:
    """`version 7.5`, `with label ham`: the value follows its column without a verb."""
    if not mention.column.labels and mention.column.kind == "text":
        return False
    tail = phrase.text[at:]
    known = any(re.match(rf"{re.escape(label)}(?![\w-])", tail, re.I) for label in mention.column.labels if label)
    with_column = re.search(
        r"\b(?:with|whose|where|of|has|have|having|only|column|from|in)\s+(?:the\s+|a\s+)?(?:column\s+)?$", phrase.lower[: mention.start]
    )
    quoted = any(atom.start == at and atom.kind == "quoted" for atom in phrase.atoms)
    return known or quoted or bool(re.match(r"\d|\w*_\w+\b", tail) and with_column)


def _values(phrase: Phrase, column: Column, at: int, listed: bool) -> tuple[list[str], int]:
    values: list[str] = []
    last = at
    while True:
        value, end = _one_value(phrase, column, at, known_only=bool(values) and not listed)
        if value is None:
            return values, last
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
        r"(?:not|more|less|longer|shorter|at|over|under|above|below|between|valid|empty|written|in|a|an|the|too|very|only|also|"
        r"same|unique|missing|about)$",
        match[0].lower(),
    ):
        return None, at
    return match[0], at + match.end()


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
            own = re.match(rf"\s+{re.escape(column.name.lower())}s?\b", phrase.lower[match.end() :])
            noun = re.match(
                r"\s+(?:[a-z]+s\b|ones?\b|as well\b|too\b|data\b|content\b|spam\b|only\b|pls\b|plz\b|please\b)|\s*(?:,|\bor\b|\band\b|$)",
                phrase.lower[match.end() :],
            )
            if (said or noun or own) and not any(match.start() < end and start < match.end() for _, start, end in hits):
                hits.append((label, match.start(), match.end()))
    return sorted(hits, key=lambda hit: hit[1])
