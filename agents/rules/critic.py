"""Looks back from the steps to the goal: numbers, columns and quoted words that no step uses were lost, and are said to be unclear."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from . import alternatives, slots
from .clauses import Phrase, side_of
from .columns import called, mentions
from .wishes import Scene, Wish, taken

_SEED = re.compile(r"\b(?:seed\w*|random state)\b[\s=:]*(?:of|is|to|number)?\s*$")
_OF_A_TELLING = re.compile(r"\s+(?:\w+\s+)?(?:columns|fields|languages)\b")  # `three text columns named a, b and c`
_NO_ORDER = re.compile(r"\b(?:step|point|part|file|version|chapter|number)\s+$")
_BY_COLUMN = ("balance", "stratified_sample", "exact_dedup", "minhash_dedup", "sort", "top_k", "bottom_k", "quantile")
_BY = re.compile(r"\bby\s+(?:the\s+|their\s+|its\s+|column\s+)*(?P<what>[a-z][a-z_]{2,})\b")
_NO_COLUMN = re.compile(
    r"(?:hand|random|chance|default|rows?|words?|characters?|length|number|count|size|far|name|column|value|[a-z]+ing$|all|any|each|every|exact|similar|"
    r"jaccard|near|fuzzy|meaning|content|text|hash|one|two|three|most|least|more|less|at|about|class|label|categor|group|first|last|some|ascending|descending)"
)
_RANKS = ("top_k", "bottom_k", "quantile", "sort", "k_center", "balance", "first_n", "threshold", "chunk", "pair_up", "pair_up_rows")
_SUPERLATIVE = re.compile(r"\bthe (?:longest|shortest|highest|lowest|newest|oldest|latest|largest|smallest|easiest|hardest|most recent)\b")
_SAYS_OF = re.compile(r"\b(?:without|lacking|where|whose|empty|missing|blank)\s+(?:an?\s+|any\s+|the\s+|an empty\s+)?$")
_NEW_COLUMN = re.compile(r"\b(?:a|another|an extra|a new|one more) (?:column|field) (?:called |named )?(?P<name>[a-z]\w*)")
_NO_NAMES = (
    "with",
    "that",
    "which",
    "for",
    "of",
    "in",
    "holding",
    "containing",
    "to",
    "saying",
    "from",
    "as",
    "and",
    "where",
    "is",
    "it",
    "called",
    "named",
)
_NAME = re.compile(r"(?<![\w./-])[a-z]+(?:_[a-z0-9]+)+(?![\w./-])")
_OR_VALUE = re.compile(r"\s*(?:,\s*(?:or\s+)?|or\s+|/)(?P<what>[\w-]+)\s*(?=$|[,;.)])")
_EXCLUDED = re.compile(r"\b(?!be\b|been\b|is\b|are\b|was\b|were\b|gets?\b)(?P<what>[a-z]\w+) (?:excluded|left out|put aside)\s*(?=$|[,;.)])")
_PART = re.compile(r",\s+(?P<what>(?:nor|neither|and also|also|plus|as well as|or those|and those)\b[^,;]*)")
_SPLIT = re.compile(r"train\w*|test\w*|val\w*|dev|eval\w*|part|none|true|false|unknown|other|text|question|answer|input|output|label|class")
TELLING = ("diversity", "drift", "overlap", "label_noise", "sort")  # read as the last part of a clause
FEW_LABELS = 30  # of more, a word of the goal is one by chance
SPOKEN_LABEL = 3
SPOKEN_SMALL = 3  # `one`, `two`: more often a manner of speaking than a number


def lost(phrase: Phrase, wishes: Sequence[Wish], scene: Scene, goal_wishes: Iterable[Wish]) -> tuple[str, ...]:
    """What a clause says in so many words and no step of the whole goal uses; of clauses that led to no step, names and conditions alone."""
    every = list(goal_wishes)
    said = " ".join(_texts(every)).lower()
    if not wishes:
        return tuple(dict.fromkeys([*_names(phrase, scene, said), *_conditions(phrase, scene, every)]))
    numbers = [one for wish in every for one in _numbers([wish.params])] + [float(one) for one in re.findall(r"\d+(?:\.\d+)?", said)]
    gone = [phrase.text[one.start : one.end] for one in slots.numbers(phrase.lower) if _counts(phrase, one, scene) and not _used(one, numbers)]
    gone += [atom.value for atom in phrase.atoms if atom.value not in ("->", "=>") and not _stands(atom.value, said)]
    gone += [
        mention.column.name
        for mention in mentions(phrase, scene.main)
        if mention.sure and not mention.column.name.isalpha() and not _stands(mention.column.name, said)
    ]
    gone += (
        _names(phrase, scene, said)
        + _more_values(phrase, wishes, said)
        + _conditions(phrase, scene, every)
        + _rest(phrase, wishes)
        + _labels(phrase, scene, every)
        + _superlatives(phrase, every)
    )
    gone += _by_nothing(phrase, wishes, scene, said) + _before(phrase, wishes)
    parts = alternatives.apart(phrase)
    whole = parts is not None and alternatives.ALL.fullmatch(parts[0].lower.strip())
    if parts and not whole and not any(" or " in str(wish.params.get("where", "")) for wish in wishes) and len(wishes) < 2:
        gone.append("the exception")
    return tuple(dict.fromkeys(gone))


def _before(phrase: Phrase, wishes: Sequence[Wish]) -> list[str]:
    """`balance it, then report ...`: an order before what is told, where no step has its words."""
    start = min(wish.span[0] for wish in wishes)
    head = phrase.lower[:start]
    if start == 0 or not all(wish.op in TELLING for wish in wishes) or not side_of(head):
        return []
    return [re.sub(r"(?:[\s,;:]|\b(?:and|then|but|also)\b)+$", "", phrase.text[:start])]


def _names(phrase: Phrase, scene: Scene, said: str) -> list[str]:
    """Words with an underscore are names of something, whether the rows that were looked at hold it or not."""
    known = {name.lower() for table in scene.tables.values() for name in (table.name, *table.names)}
    return [phrase.text[slice(*one.span())] for one in _NAME.finditer(phrase.lower) if one[0] not in said and one[0] not in known]


def _more_values(phrase: Phrase, wishes: Sequence[Wish], said: str) -> list[str]:
    """`system is Apache or HDFS`, where the step of that condition ends before `or`."""
    ends = [wish.span[1] for wish in wishes if wish.op == "field"]
    found = [match for end in ends if (match := _OR_VALUE.match(phrase.lower, end))]
    excluded = [match for match in _EXCLUDED.finditer(phrase.lower) if not _NO_COLUMN.match(match["what"])]
    return [phrase.text[slice(*one.span("what"))] for one in (*found, *excluded) if one["what"] not in said]


def _conditions(phrase: Phrase, scene: Scene, every: Sequence[Wish]) -> list[str]:
    """`without input`, `whose title`: a column that something is said of, where no step reads it."""
    used = " ".join(_leaves([[wish.params, wish.on, wish.rename] for wish in every])).lower()
    if any(wish.op == "cluster_balance" for wish in every):  # `without labels` says why
        used += " label"
    found = [one for one in mentions(phrase, scene.main) if _SAYS_OF.search(phrase.lower[: one.start])]
    new = [match for match in _NEW_COLUMN.finditer(phrase.lower) if match["name"] not in used and match["name"] not in _NO_NAMES]
    return [phrase.text[one.start : one.end] for one in found if one.column.name.lower() not in used] + [match["name"] for match in new]


def _rest(phrase: Phrase, wishes: Sequence[Wish]) -> list[str]:
    """`..., nor those at night`: a part of its own in which no step has its words."""
    if any(wish.span[1] - wish.span[0] >= len(phrase.lower) - 1 or wish.span == (0, 0) for wish in wishes):
        return []
    spans = [wish.span for wish in wishes]
    return [phrase.text[part.start("what") : part.end()].strip() for part in _PART.finditer(phrase.lower) if not taken(*part.span(), spans)]


def _labels(phrase: Phrase, scene: Scene, every: Sequence[Wish]) -> list[str]:
    """Values of a column that holds few of them, where the clause names one and no step does."""
    used = " ".join(_leaves([[wish.params, wish.on] for wish in every])).lower()
    few = [label for column in scene.main.columns if len(column.labels) <= FEW_LABELS for label in column.labels if len(label) >= SPOKEN_LABEL]
    few = [label for label in few if label.lower() not in {table.name.lower() for table in scene.tables.values()}]  # it names the rows
    places = [(one.start, one.end) for one in mentions(phrase, scene.main)]
    found = [(label, match) for label in few for match in re.finditer(rf"(?<![\w-]){re.escape(label.lower())}(?![\w-])", phrase.lower)]
    return [label for label, match in found if label.lower() not in used and not taken(*match.span(), places) and not _SPLIT.fullmatch(label.lower())]


def _superlatives(phrase: Phrase, every: Sequence[Wish]) -> list[str]:
    """`the longest`, where no step ranks, sorts or prefers anything."""
    ranks = any(wish.op in _RANKS or {"keep", "take"} & wish.params.keys() or "longest" in wish.evidence for wish in every)
    return [] if ranks else [match[0] for match in _SUPERLATIVE.finditer(phrase.lower)]


def _by_nothing(phrase: Phrase, wishes: Sequence[Wish], scene: Scene, said: str) -> list[str]:
    """`by the party`, where a step groups, orders or compares by a column and nothing in the data is called so."""
    if not any(wish.op in _BY_COLUMN for wish in wishes):
        return []
    named = mentions(phrase, scene.main)
    found = [
        match
        for match in _BY.finditer(phrase.lower)
        if not any(one.start <= match.start("what") < one.end for one in named) and called(phrase, scene.main, ("text", "number", "flag")) is None
    ]
    return [phrase.text[slice(*one.span("what"))] for one in found if one["what"][:5] not in said and not _NO_COLUMN.match(one["what"])]


def _counts(phrase: Phrase, number: slots.Number, scene: Scene) -> bool:
    """Whether it is a number to be used: no seed, no part of a name, no `one`."""
    before = phrase.lower[: number.start]
    if _OF_A_TELLING.match(phrase.lower, number.end):
        return False
    if _SEED.search(before) or _NO_ORDER.search(before) or (phrase.lower[number.start : number.end].isalpha() and number.value < SPOKEN_SMALL):
        return False
    return number.value != scene.seed and not any(one.start <= number.start < one.end for one in mentions(phrase, scene.main))


def _used(number: slots.Number, used: Iterable[float]) -> bool:
    """The number itself, its neighbour for an open bound, what a share leaves, tokens as words."""
    value = number.value
    forms = [value, value + 1, value - 1, 1 - value, value / 100, 1 - value / 100, (1 - value) / 2, value * 4, value * 2 // 3, round(value * 3 / 4)]
    forms = [form for form in forms if form != 0 or value in (0, 1)]  # `100 rows` are not the 0% that 100% leave
    return any(abs(form - one) < 1e-6 for form in forms for one in used)


def _stands(text: str, said: str) -> bool:
    lower = text.lower()
    return any(form in said for form in (lower, re.escape(lower), lower.replace("'", "''"), lower.strip("<>[](){}#")))


def _texts(wishes: Iterable[Wish]) -> Iterator[str]:
    for wish in wishes:
        yield from (wish.op, wish.evidence, *_leaves([wish.params, wish.on, wish.rename]))


def _leaves(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping):
            yield from _leaves([*value.keys(), *value.values()])
        elif isinstance(value, list | tuple):
            yield from _leaves(value)
        else:
            yield str(value)


def _numbers(values: Iterable[object]) -> Iterator[float]:
    for value in values:
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            yield float(value)
        elif isinstance(value, Mapping):
            yield from _numbers(value.values())
        elif isinstance(value, list | tuple):
            yield from _numbers(value)
