"""Reads a clause part by part where one reader took all of it for its own while another part asks for a step that is not there."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from .clauses import Phrase, phrase_of, side_of
from .wishes import Reading

_THEN = r"\s*[,;]?\s+(?:and\s+)?then\s+"
_BETWEEN = re.compile(rf"(?P<then>{_THEN})|\s*[,;]\s+(?:(?:and|but|plus)\s+)?|\s+(?:and|plus|&)\s+")
_LEAD = re.compile(r"(?:(?:please|also|then|just|only)\s+)*(?P<lead>[a-z]+(?:\s+(?:out|off|away)\b)?(?:\s+(?:all\s+)?rows?\s+(?:where|whose|in which)\b)?)\s")
_DONE = re.compile(r"(?:all |the |any )*[\w-]+(?: [\w-]+){0,2} (?:off|out|away|gone|(?!need|indeed)[a-z]{3,}ed)")
_WHOLE = re.compile(r"\b(?:if|when|unless|except|either|or|between|both|same|instead|depending|whichever|whatever)\b")
# what a part names by chance when it stands alone: a size, a column or a word that belongs to the step beside it
_BY_CHANCE = frozenset(
    "random_sample first_n top_k bottom_k balance stratified_sample field select_columns drop_columns is_empty derive rename matches "
    "contains_words sort quantile threshold cast join_on join_all mix replace words characters exact_dedup chat_loss fill_missing "
    "tokens lines sentences paragraphs".split()
)
Read = Callable[[Phrase], Reading]


def by_parts(reading: Reading, read: Read) -> list[Reading]:
    """The readings of the parts, where these ask for more than the clause gave as a whole; else that of the clause."""
    pieces = _pieces(reading.phrase)
    if len(pieces) < 2 or not reading.wishes or _WHOLE.search(reading.phrase.lower):
        return [reading]
    found = _read_pieces(reading.phrase, pieces, read)
    whole, parts = _ops([reading]), _ops(found)
    more = parts - whole
    if more and not more & _BY_CHANCE and whole <= parts:
        return found
    left = tuple(one.phrase.text for (_, own), one in zip(pieces, found, strict=False) if own and not one.wishes and not one.says)
    return [replace(reading, unread=left)]


def _pieces(phrase: Phrase) -> list[tuple[str, bool]]:
    """Each part, and whether it cannot be but an order of its own: behind `then`, or `urls gone`."""
    lower = phrase.lower
    cuts = [cut for cut in _BETWEEN.finditer(lower) if lower.count("(", 0, cut.start()) == lower.count(")", 0, cut.start())]
    starts = [(0, False), *((cut.end(), bool(cut["then"])) for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(lower)]
    places = [(start, end, then) for (start, then), end in zip(starts, ends, strict=True) if lower[start:end].strip()]
    return [(phrase.text[start:end].strip(), then or bool(_DONE.fullmatch(lower[start:end].strip(" .!")))) for start, end, then in places]


def _read_pieces(whole: Phrase, pieces: list[tuple[str, bool]], read: Read) -> list[Reading]:
    """One reading for each part; a part that says nothing alone goes on with the one before it."""
    found: list[Reading] = []
    for text, own in pieces:
        one = _alone(text, whole, read)
        if found and not one.wishes and not own:
            joined = whole.text[whole.text.index(found[-1].phrase.text) :] if found[-1].phrase.text in whole.text else found[-1].phrase.text
            end = joined.index(text) + len(text) if text in joined else len(joined)
            found[-1] = read(phrase_of(joined[:end], found[-1].phrase.side))
        else:
            found.append(one)
    return found


def _alone(text: str, whole: Phrase, read: Read) -> Reading:
    """A part as it stands, or else behind the verb that the clause begins with."""
    first = read(phrase_of(text, side_of(text.lower()) or whole.side))
    lead = _LEAD.match(whole.lower)
    if first.wishes or lead is None or whole.text.startswith(text):
        return first
    again = read(phrase_of(f"{lead['lead']} {text}", whole.side))
    return again if again.wishes else first


def _ops(readings: Iterable[Reading]) -> set[str]:
    return {wish.op for one in readings for wish in one.wishes}
