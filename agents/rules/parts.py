"""Reads a clause part by part where one reader took all of it for its own while another part asks for a step that is not there."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from .clauses import Phrase, phrase_of, side_of
from .wishes import Reading

_THEN = r"\s*[,;]?\s+(?:and\s+)?then\s+"
_BETWEEN = re.compile(rf"(?P<then>{_THEN})|\s*[,;]\s+(?:(?:and|but|plus)\s+)?|\s+(?:and|plus|&)\s+")
_LEAD = re.compile(
    r"(?:(?:please|also|then|just|only)\s+)*(?P<lead>[a-z]+(?:\s+(?:out|off|away)\b)?(?:\s+(?:all\s+)?rows?\s+(?:where|whose|in which)\b)?)\s"
)
_DONE = re.compile(
    r"(?:all |the |any )*[\w-]+(?: [\w-]+){0,2} (?:off|out|away|gone|(?!need|indeed)[a-z]{3,}ed)|(?:[\w-]+ )?[a-z-]*[a-rt-z] only|"
    r"(?:at (?:least|most)|under|over|(?:more|fewer|less) than) \d[\d,]* (?:words|characters|tokens)|\d[\d,]* random [a-z]+|random \d[\d,]*"
)
_GONE = re.compile(r"(?P<what>[\w-]+(?: [\w-]+){0,2}) (?:off|out|away|gone|removed|stripped)\W*$", re.I)
_COLUMNS = re.compile(r"\b(?:columns?|fields?)\W*$")  # `the url and encoding columns`: names, whatever else they mean
_WHOLE = re.compile(r"\b(?:if|when|unless|except|either|or|between|both|same|instead|depending|whichever|whatever)\b")
# what a part names by chance when it stands alone: a size, a column or a word that belongs to the step beside it
_CHANCE = (
    "random_sample first_n top_k bottom_k balance stratified_sample field select_columns drop_columns is_empty derive rename matches "
    "contains_words sort quantile threshold cast join_on join_all mix replace words characters exact_dedup chat_loss fill_missing "
    "tokens lines sentences paragraphs alphabetic_share stop_words"
)
_BY_CHANCE = frozenset(_CHANCE.split())
Read = Callable[[Phrase], Reading]


@dataclass(frozen=True)
class Piece:
    """A part of a clause; `own` where it cannot be but an order of its own: behind `then`, or `urls gone`."""

    start: int
    end: int
    then: bool
    own: bool


def by_parts(reading: Reading, read: Read) -> list[Reading]:
    """The readings of the parts, where these ask for more than the clause gave as a whole; else that of the clause."""
    pieces = _pieces(reading.phrase)
    unread = reading.trouble is not None and reading.trouble.status == "unclear"
    if len(pieces) < 2 or not (reading.wishes or unread) or _WHOLE.search(reading.phrase.lower):
        return [reading]
    if _COLUMNS.search(reading.phrase.lower) and _ops([reading]) <= {"drop_columns", "select_columns"}:
        return [reading]
    found, sure, left = _read_pieces(reading.phrase, pieces, read)
    whole, parts = _ops([reading]), _ops(found)
    more = parts - whole
    if more and not (more - _ops(sure)) & _BY_CHANCE and whole <= parts:
        return found
    return [replace(reading, unread=left if reading.wishes else ())]


def _pieces(phrase: Phrase) -> list[Piece]:
    lower = phrase.lower
    cuts = [cut for cut in _BETWEEN.finditer(lower) if lower.count("(", 0, cut.start()) == lower.count(")", 0, cut.start())]
    starts = [(0, False), *((cut.end(), bool(cut["then"])) for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(lower)]
    places = [(start, end, then) for (start, then), end in zip(starts, ends, strict=True) if lower[start:end].strip()]
    first = len(places) > 1 and places[1][2]  # `simplified characters, then ...`
    own = [then or (first and start == 0) or bool(_DONE.fullmatch(lower[start:end].strip(" .!"))) for start, end, then in places]
    return [Piece(start, end, then, alone) for (start, end, then), alone in zip(places, own, strict=True)]


def _read_pieces(whole: Phrase, pieces: list[Piece], read: Read) -> tuple[list[Reading], list[Reading], tuple[str, ...]]:
    """One reading for each part, a part that says nothing new going on with the one before it; which are orders; and orders without a step."""
    found: list[Reading] = []
    sure, unread = [], []
    start = 0
    for piece in pieces:
        one = _alone(piece, whole, read)
        if found and not piece.own and (not one.wishes or _ops([one]) == _ops(found[-1:])):  # `addresses and phones` are one step
            found[-1] = read(phrase_of(whole.text[start : piece.end], found[-1].phrase.side))
            continue
        start = piece.start
        found.append(one)
        sure += [one] if piece.own else []
        if piece.own and not one.wishes and not one.says:
            unread.append(whole.text[piece.start : piece.end].strip())
    return found, sure, tuple(unread)


def _alone(piece: Piece, whole: Phrase, read: Read) -> Reading:
    """A part as it stands, or else behind the verb that the clause begins with; what is behind `then` has its own way to point."""
    text = whole.text[piece.start : piece.end].strip()
    phrase = phrase_of(text, side_of(text.lower()) or ("do" if piece.then else whole.side))
    first = read(phrase) if not _GONE.match(text) else _gone(text, phrase, read)
    lead = _LEAD.match(whole.lower)
    if first.wishes or piece.then or piece.start == 0:
        return first
    bare = read(phrase_of(text, "")) if phrase.side == "drop" and not side_of(text.lower()) else first
    if bare.wishes or lead is None:
        return bare
    again = read(phrase_of(f"{lead['lead']} {text}", whole.side))
    return _shifted(again, phrase, len(lead["lead"]) + 1) if again.wishes else first


def _gone(text: str, phrase: Phrase, read: Read) -> Reading:
    """`urls gone`: what is to be taken out."""
    taken = _GONE.match(text)
    again = read(phrase_of(f"remove {taken['what']}", "drop")) if taken else Reading(phrase)
    return _shifted(again, phrase, len("remove "))


def _shifted(reading: Reading, phrase: Phrase, by: int) -> Reading:
    """The reading as one of the phrase that is shorter by its verb."""
    spans = [(max(start - by, 0), max(min(end - by, len(phrase.text)), 0)) for start, end in (wish.span for wish in reading.wishes)]
    return replace(reading, phrase=phrase, wishes=[replace(wish, span=span) for wish, span in zip(reading.wishes, spans, strict=True)])


def _ops(readings: Iterable[Reading]) -> set[str]:
    return {wish.op for one in readings for wish in one.wishes}
