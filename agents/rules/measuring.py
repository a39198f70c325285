"""Reads measures of a text with their bounds: `more than 30% of the characters are digits`, `no lorem ipsum`, `Flesch above 60`."""

import re

from . import slots
from .clauses import Phrase, goes
from .columns import mentions, text_of
from .measure_words import MOSTLY, SAID, Said
from .wishes import CHEAP, Scene, Wish, taken

_MOSTLY = re.compile(rf"\b{MOSTLY}\b")
_PART = re.compile(
    rf"\b(?P<way>more than|over|above|at least|less than|fewer than|under|below|at most|no more than|up to)\s+"
    rf"(?P<many>two|three|four|nine)?\s*(?:an?\s+|one\s+)?(?P<part>{'|'.join(slots.PARTS)})s?\b"
)
_EASY = re.compile(
    r"\b(?P<what>easy|easily|simple|hard|difficult)\s+(?:to read|to understand|readable|english|language)\b|\b(?P<able>easily) readable\b"
)
EASY_AT_LEAST = 60.0  # plain English, by Flesch's own scale
FAR = 60  # characters between a number and what it is a number of


def read(phrase: Phrase, scene: Scene) -> list[Wish]:
    """A wish for each measure that the clause names together with a bound, or that needs none said."""
    column = text_of(phrase, scene.main)
    if column is None or phrase.side == "do":
        return []
    numbers = [
        (mention.start, mention.end) for mention in mentions(phrase, scene.main) if mention.column.is_number
    ]  # a column that is there is asked
    wishes: list[Wish] = []
    left = slots.bounds(phrase.lower) + _parts(phrase.lower)
    for said in SAID:
        match = said.words.search(phrase.lower)
        if match is None or taken(*match.span(), [*numbers, *(wish.span for wish in wishes)]):
            continue
        bound = _nearest(match, [one for one in left if _fits(said, one)])
        wish = _bounded(phrase, said, match, bound, column.name) if bound else _unsaid(phrase, said, match, column.name) if phrase.side else None
        if wish:
            wishes.append(wish)
            left = [one for one in left if one is not bound]
    return wishes or (_easy(phrase, column.name) if phrase.side else [])


def _fits(said: Said, bound: slots.Bounds) -> bool:
    ends = [end for end in (bound.low, bound.high) if end is not None]
    return bound.share or all(0 <= end <= 1 for end in ends) if said.kind == "share" else not bound.share


def _nearest(match: re.Match[str], bounds: list[slots.Bounds]) -> slots.Bounds | None:
    """The bound that stands nearest to the words, and not far."""

    def gap(bound: slots.Bounds) -> int:
        return max(bound.start - match.end(), match.start() - bound.end, 0)

    best = min(bounds, key=gap, default=None)
    return best if best is not None and gap(best) <= FAR else None


def _bounded(phrase: Phrase, said: Said, match: re.Match[str], bound: slots.Bounds, column: str) -> Wish | None:
    keep, port = bound, "kept"
    if goes(phrase, min(bound.start, match.start())):
        outside = bound.outside()
        keep, port = (outside, "kept") if outside else (bound, "dropped")
    low, high = (
        keep.whole() if said.kind in ("count", "length") and said.op not in ("mean_line_length", "mean_word_length") else (keep.low, keep.high)
    )
    params = {name: value for name, value in (("at_least", low), ("at_most", high)) if value is not None}
    span = (min(bound.start, match.start()), max(bound.end, match.end()))
    return _wish(said, {**said.params, **params}, column, span, phrase, port)


def _unsaid(phrase: Phrase, said: Said, match: re.Match[str], column: str) -> Wish | None:
    """The measure where the clause says no number."""
    if said.most is None:
        return None
    gone = goes(phrase, match.start())
    if said.kind == "count" or said.most == 0:
        params: dict[str, object] = {"at_most": 0} if gone else {"at_least": 1 if said.kind == "count" else 0.0001}
        return _wish(said, params, column, match.span(), phrase)
    mostly = _MOSTLY.search(match[0])
    most = 0.5 if mostly and not said.published else said.most
    question = "" if mostly or said.published or "caps" in match[0] or re.search(r"\bin\b", match[0]) else f"from which share on is {match[0]!r}?"
    return _wish(said, {"at_most": most} if gone else {"at_least": most}, column, match.span(), phrase, question=question)


def _wish(said: Said, params: dict[str, object], column: str, span: tuple[int, int], phrase: Phrase, port: str = "kept", question: str = "") -> Wish:
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    evidence = f"{said.op} of {column}: {shown} from {phrase.text[slice(*span)]!r}"
    return Wish(
        op=said.op, id=said.op, stage=CHEAP, params=params, on=column, port=port, filters=True, span=span, evidence=evidence, assumed=question
    )


def _parts(lower: str) -> list[slots.Bounds]:
    """`more than half`, `at least two thirds`, as bounds."""
    found = []
    for match in _PART.finditer(lower):
        share = slots.PARTS[match["part"]] * (slots.WORDS[match["many"]] if match["many"] else 1)
        low = match["way"] in ("more than", "over", "above", "at least")
        is_open = match["way"] in ("more than", "over", "above", "less than", "fewer than", "under", "below")
        found.append(
            slots.Bounds(share if low else None, None if low else share, match.start(), match.end(), low and is_open, not low and is_open, share=True)
        )
    return found


def _easy(phrase: Phrase, column: str) -> list[Wish]:
    match = _EASY.search(phrase.lower)
    if not match:
        return []
    easy = (match["what"] or match["able"]) not in ("hard", "difficult")
    params: dict[str, object] = {"at_least": EASY_AT_LEAST} if easy != goes(phrase, match.start()) else {"at_most": EASY_AT_LEAST}
    return [
        Wish(
            op="readability",
            id="readability",
            stage=CHEAP,
            params=params,
            on=column,
            filters=True,
            span=match.span(),
            evidence=f"readability of {column}: {params} from {match[0]!r}, 60 is plain English by Flesch",
        )
    ]
