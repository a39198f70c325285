"""Reads wishes that look at groups of rows: the same number of each class, a sample in proportion, so many of each."""

import re
from itertools import pairwise

from . import choosing, slots
from .choosing import ROW_NOUNS, SPLITS, count_of
from .clauses import Phrase
from .clauses import split as clauses
from .columns import called, mentions
from .profile import Column
from .wishes import SELECT, Scene, Trouble, Wish

_EACH = r"(?:per|(?:of|from|for|in|out of)\s+(?:each|every|all)(?:\s+of)?(?:\s+the)?|each|every)"
_BALANCE = re.compile(
    r"\bbalanc(?:e|ed|ing)\b|\b(?:same|equal) (?:number|amount|count|share)s?\b|\bequally (?:many|sized|represented|often|frequent|common)\b|"
    r"\bas many\b[^.;]{0,30}\bas\b|\beven(?:ly)? (?:split|distributed|distribution|spread)\b|\bclass imbalance\b|\bimbalanced?\b|"
    r"\b(?:more|less) (?:frequent|often|common|numerous)\b[^.;]{0,20}\bthan\b|\bmajority\b|\bone[- ]sided\b|\boutnumber\w*|"
    r"\b(?:under|down)-?sampl\w+ (?:the )?(?:majority|larger|largest|bigger|frequent)\b|\bequal(?:ly)? (?:class|label)\w*\b"
)
_STRATA = re.compile(
    r"\b(?:proportions?|ratios?|distributions?|shares?|mix)\b[^.;]{0,60}\b(?:stays?|remains?|kept|unchanged|preserved|the same|intact|hold)\b|"
    r"\bstratif\w+|\b(?:same|original|current) (?:\w+ )?(?:proportions?|distribution|ratios?|mix)\b|\bproportion(?:al|ally|ate|ately)\b|"
    r"\b(?:keep(?:ing)?|preserv\w+|retain\w*|maintain\w*)\s+(?:the\s+)?(?:\w+ )?(?:proportions?|distribution|ratios?)\b|\bin proportion\b"
)
_UNEVEN = re.compile(r"\bthan$|\bmajority$|\boutnumber|\bimbalance|\bone[- ]sided")
_BEST = re.compile(
    r"\b(?:top|best|highest|lowest|worst|longest|shortest|largest|smallest|newest|latest|oldest|first|last|bottom)\b(?!\s+(?:of all|and foremost))"
)
_AT_MOST = re.compile(
    r"\b(?:limit|cap|restrict|reduce)\w*\s+(?:each|every|all)\s+(?P<one>[\w\ue000-]+)\s+(?:to|at)\s+(?:at most\s+)?$|"
    r"\b(?:never|not?)\s+(?:more than|over)\s+$|"
    r"\bno\s+(?P<none>[\w\ue000-]+)\s+(?:(?:may|should|must|can|shall|is to)\s+)?(?:have|has|hold|with)\s+(?:more than|over)\s+$"
)
_APIECE = re.compile(rf"\s*(?:{ROW_NOUNS}\s+)?(?:each|apiece|a piece|of each|per (?:class|group|value|label|kind))[ .!,;)]*(?:please)?$")
_UNKNOWN = re.compile(
    r"\b(?:by|per|across|for (?:each|every)|of (?:each|every)|from (?:each|every))\s+(?:the\s+|their\s+|its\s+)?(?P<what>[a-z][a-z_]+)\b"
)
_ANY_LABEL = re.compile(
    r"(?:class|label|categor|group|kind|type|topic|target|value|one|column|it|them|row|us|re|over|under|down|up|sampl|tak|drop|remov|random|chance|"
    r"hav|keep|throw|cut|discard|trim|delet|limit|cap|reduc|lett|mak|pick|select|each|means|about|max|at)"
)
_BEHIND = re.compile(rf"\b(?:by|{_EACH}|across|over|between|among)\s+(?:the\s+|column\s+|different\s+|their\s+)*$")


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A sample that looks at the groups of a column."""
    if SPLITS.search(phrase.lower):
        return []
    strata, balance = _STRATA.search(phrase.lower), _BALANCE.search(phrase.lower)
    each, share = None if strata else _of_each(phrase, scene), _share_of_each(phrase, scene)
    if not (strata or balance or each or share or _ranks_each(phrase, scene)) or (
        phrase.side == "drop" and not (balance and _UNEVEN.search(balance[0])) and not (each and _AT_MOST.search(phrase.lower[: each.start]))
    ):
        return []
    if _BEST.search(phrase.lower) and (each or _ranks_each(phrase, scene)):
        return Trouble(
            "refuse", f"{phrase.text!r}: winnow has no operator yet that takes the best rows of each group; it takes rows of each at random."
        )
    column = _column(phrase, scene)
    if column is None:
        known = ", ".join(column.name for column in scene.main.columns if column.labels) or ", ".join(scene.main.names)
        return Trouble("ask", f"{phrase.text!r}: groups of which column? The data has {known}.")
    count, said = count_of(phrase), next(iter(slots.shares(phrase.lower)), None)
    lacks = "groups by several columns at once" if _several(phrase, scene) else ""
    if strata or share:
        return _stratified(phrase, scene, column, count, share or said, lacks)
    if said:
        return Trouble("ask", f"{phrase.text!r}: how many rows shall there be? A share of the rows cannot be the same number of each {column.name}.")
    number = each or count
    params: dict[str, object] = {"rows_each" if each else "rows": int(number.value)} if number else _elsewhere(phrase, scene, ("rows",))
    shown = ", ".join(f"{name}={value}" for name, value in params.items()) or "as many of each as the smallest has"
    return [
        Wish(
            op="balance",
            id="balanced",
            stage=SELECT,
            params=params,
            on=column.name,
            span=(0, len(phrase.lower)),
            lacks=lacks,
            evidence=f"balance by {column.name}: {shown}, from {_shown(phrase, balance or each)!r}",
        )
    ]


def _stratified(
    phrase: Phrase, scene: Scene, column: Column, count: slots.Number | None, share: slots.Number | None, lacks: str
) -> list[Wish] | Trouble:
    params: dict[str, object] = {"rows": int(count.value)} if count else {}
    params = {"share": round(share.value, 6)} if share else params or _elsewhere(phrase, scene, ("rows", "share"))
    if not params and any(SPLITS.search(other.lower) for other in clauses(scene.goal)):
        return Trouble("unclear", "no operator splits so that each part has the same shares of every class")
    if not params:
        return Trouble("ask", f"{phrase.text!r}: how many rows, or which share of them?")
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return [
        Wish(
            op="stratified_sample",
            id="strata",
            stage=SELECT,
            params=params,
            on=column.name,
            span=(0, len(phrase.lower)),
            lacks=lacks,
            evidence=f"stratified_sample by {column.name}: {shown}",
        )
    ]


def _elsewhere(phrase: Phrase, scene: Scene, sizes: tuple[str, ...]) -> dict[str, object]:
    """The size of the sample that another clause of the goal asks for."""
    for other in clauses(scene.goal):
        wishes = choosing.read(other, scene) if other.text != phrase.text else []
        for wish in wishes if isinstance(wishes, list) else ():
            if wish.op == "random_sample" and wish.params.keys() <= set(sizes):
                return dict(wish.params)
    return {}


def _of_each(phrase: Phrase, scene: Scene) -> slots.Number | None:
    """The number in `at most 50 rows per topic`; one row of each is a matter of duplicates."""
    for number in slots.numbers(phrase.lower):
        if number.share or number.value < 2 or number.value != int(number.value):
            continue
        tail = re.match(rf"\s+(?:{ROW_NOUNS}\s+|[a-z-]+s\s+|random\s+){{0,3}}?{_EACH}\s+(?P<what>[\w\ue000-]+)", phrase.lower[number.end :])
        if tail and slots.unit(phrase.lower, number):
            continue  # `at least 3 sentences per text` is a length
        most = _AT_MOST.search(phrase.lower[: number.start])
        first = re.match(
            r"(?:for|from|in|of|out of|per|within)\s+(?:each|every|any)\s+(?:of the\s+|single\s+|different\s+)*[\w\ue000]+", phrase.lower
        )
        apiece = _APIECE.match(phrase.lower[number.end :]) if _BALANCE.search(phrase.lower) or mentions(phrase, scene.main) else None
        tail = tail or apiece or (first if first and first.end() <= number.start and mentions(phrase, scene.main) else None)
        if (tail or (most and mentions(phrase, scene.main))) and _column(phrase, scene) is not None:
            return number
    return None


def _ranks_each(phrase: Phrase, scene: Scene) -> bool:
    """`the top 3 by stars in each genre`: more than one, the best of each group."""
    number = count_of(phrase)
    labelled = [mention for mention in mentions(phrase, scene.main) if mention.column.labels or mention.column.kind == "flag"]
    each = any(re.search(rf"\b{_EACH}\s+$", phrase.lower[: mention.start]) for mention in labelled)
    return bool(number and number.value > 1 and _BEST.search(phrase.lower) and each)


def _share_of_each(phrase: Phrase, scene: Scene) -> slots.Number | None:
    """The share in `10% of each topic`."""
    for share in slots.shares(phrase.lower):
        if re.match(rf"\s+(?:of\s+the\s+{ROW_NOUNS}\s+)?{_EACH}\s+[\w\ue000-]+", phrase.lower[share.end :]) and _column(phrase, scene) is not None:
            return share
    return None


def _several(phrase: Phrase, scene: Scene) -> bool:
    """Whether two columns are named side by side: `by genre and language`."""
    found = [mention for mention in mentions(phrase, scene.main) if mention.column.labels or mention.column.kind == "flag"]
    return any(
        re.fullmatch(r"\s*(?:,|and|&|\+|/|,\s*and|x)\s*(?:by\s+)?(?:the\s+)?", phrase.lower[one.end : other.start]) for one, other in pairwise(found)
    )


def _column(phrase: Phrase, scene: Scene) -> Column | None:
    """The column behind `by` or `per`, else the one named, called by another word, or the only one that holds labels."""
    found = [mention for mention in mentions(phrase, scene.main) if mention.column.kind != "nested"]
    behind = [mention for mention in found if _BEHIND.search(phrase.lower[: mention.start])]
    labelled = [mention for mention in found if mention.column.labels or mention.column.kind == "flag"]
    if behind or labelled:
        return (behind or labelled)[0].column
    other = called(phrase, scene.main)
    if other is not None and other.labels:
        return other
    with_labels = [column for column in scene.main.columns if len(column.labels) > 1]
    unknown = _UNKNOWN.search(phrase.lower)
    if unknown and not _ANY_LABEL.match(unknown["what"]) and not any(_is_meant(phrase, column) for column in with_labels):
        return None
    if len(with_labels) == 1 and _BALANCE.search(phrase.lower):
        return with_labels[0]
    return next(iter([column for column in with_labels if _is_meant(phrase, column)]), None) or (
        with_labels[0] if len(with_labels) == 1 and re.search(r"\b(?:class(?:es)?|labels?|categor\w+|groups?)\b", phrase.lower) else None
    )


def _is_meant(phrase: Phrase, column: Column) -> bool:
    """Two of its labels are named, or its name is short for a word, as `lang` for language."""
    named = [label for label in column.labels if re.search(rf"(?<!\w){re.escape(label.lower())}(?!\w)", phrase.lower)]
    named = named or [label for label in column.labels if len(label) > 2 and re.search(rf"\b{re.escape(label.lower())}[a-z]*\b", phrase.lower)]
    short = column.name.lower()
    return len(named) > 1 or (len(short) >= 4 and bool(re.search(rf"\b{re.escape(short)}[a-z]+\b", phrase.lower)))


def _shown(phrase: Phrase, found: re.Match[str] | slots.Number | None) -> str:
    start, end = (found.start, found.end) if isinstance(found, slots.Number) else found.span() if found else (0, 0)
    return phrase.text[start:end]
