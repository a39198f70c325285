"""Reads wishes for the order of the rows: sorted by a column, or shuffled."""

import re
from dataclasses import replace

from .choosing import count_of
from .clauses import Phrase, split
from .columns import Mention, called, mentions, text_of
from .profile import Column
from .slots import shares
from .wishes import SELECT, Scene, Trouble, Wish

_SORTS = re.compile(
    r"\b(?:sort|order|rank|arrange)(?:ed|ing)?\b[^.;]{0,30}\b(?:by|on|from|alphabetically)\b|\b(?:in )?(?:alphabetical|chronological|"
    r"ascending|descending) order\b|\balphabetically\b|\bby (?:ascending|descending)\b"
)
_FALLS = re.compile(
    r"\bdescending\b|\bdesc\b|\bfalling\b|\bdecreasing\b|\breverse\w*\b|\bfrom (?:(?:the )?(?:high|large|new|big|long|hard|"
    r"difficult|best|most)\w*|z) to\b|\b(?:hard|difficult|long)\w* to (?:easy|short|simple)\w*|"
    r"\b(?:highest|largest|newest|latest|biggest|best|most|longest|greatest)(?: \w+)? (?:first|on top|at the top)\b"
)
_EASE = re.compile(r"(?:^|[^a-z])(?:easi|easy|ease|simpl|readab)", re.I)
_HARDNESS = re.compile(
    r"\b(?:from )?(?P<hard_first>(?:the )?(?:hard|difficult|complex)\w* to (?:the )?(?:easy|easi|simpl)\w*|(?:hardest|most difficult) first)|"
    r"\b(?:from )?(?:the )?(?:easy|easi|simpl)\w* to (?:the )?(?:hard|difficult|complex)\w*|\b(?:easiest|simplest) first"
)
_LENGTH = re.compile(r"\b(?:length|word count|number of (?:words|char(?:acter)?s|letters)|longest|shortest)\b")
_STANDS_FOR = re.compile(r"\b(?:as|is|are|means?|counts? as|stands? for|instead of|serves? as|use|take)\b")
_NEXT = re.compile(
    r"\s*(?:\(?(?:ascending|descending|asc|desc|rising|falling|(?:newest|latest|oldest|highest|lowest|largest|smallest|best) first)\)?)?\s*"
    r"(?:,|;|and|then|and then|,\s*then|,\s*and)\s*(?:then\s+)?(?:by\s+)?(?:the\s+)?"
)
_SHUFFLES = re.compile(
    r"\bshuffl\w+|\brandom(?:i[sz]ed?)? order\b|\brandomi[sz]e (?:the )?(?:order|rows)\b|\bpermut\w+|\bmix up the (?:rows|order)|"
    r"\bin (?:a )?random order\b"
)


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """All rows in another order."""
    shuffled = _SHUFFLES.search(phrase.lower)
    if shuffled and not count_of(phrase) and not shares(phrase.lower):
        return [Wish(op="shuffle", id="shuffled", stage=SELECT, span=shuffled.span(), evidence=f"shuffle: all rows, from {shuffled[0]!r}")]
    said = _SORTS.search(phrase.lower)
    if not said or phrase.side == "drop":
        return []
    falls = _FALLS.search(phrase.lower)
    named = _columns(phrase, scene, said.start())
    hardness = _HARDNESS.search(phrase.lower)
    if hardness and len(named) < 2 and not (not named and _LENGTH.search(scene.goal.lower())):
        return _by_hardness(phrase, scene, [one.column for one in named], bool(hardness["hard_first"]))
    if not named and _LENGTH.search(phrase.lower):
        return _by_length(phrase, scene, bool(falls))
    told = next((other for other in split(scene.goal) if other.text != phrase.text and _LENGTH.search(other.lower)), None)
    if not named and told:
        return _by_length(replace(told, side="do"), scene, bool(falls), span=(0, len(phrase.lower)))
    if not named:
        return Trouble("ask", f"{phrase.text!r}: sorted by which column? The data has {', '.join(scene.main.names)}.")
    ends = [*(mention.start for mention in named[1:]), len(phrase.lower)]
    pieces = [phrase.lower[mention.end : end] for mention, end in zip(named, ends, strict=True)]
    if len(named) > 1 and _FALLS.search(phrase.lower[: named[0].start]):
        pieces[0] += " descending"
    wishes = [
        _by(phrase, mention.column, bool(falls) if len(named) == 1 else bool(_FALLS.search(piece)))
        for mention, piece in zip(named, pieces, strict=True)
    ]
    return wishes[::-1]  # a sort keeps the order of equal values: the column that counts most comes last


def _by(phrase: Phrase, column: Column, falls: bool) -> Wish:
    params: dict[str, object] = {"descending": True} if falls else {}
    params |= {"compare": "number"} if column.numeric else {}
    evidence = f"sort: by {column.name}, {'falling' if falls else 'rising'}"
    return Wish(op="sort", id="sorted", stage=SELECT, params=params, on=column.name, span=(0, len(phrase.lower)), evidence=evidence)


def _by_hardness(phrase: Phrase, scene: Scene, named: list[Column], hard_first: bool) -> list[Wish] | Trouble:
    """`from easy to hard`: rising, but falling where the column says how easy a row is; the column is one that the goal names anywhere."""
    elsewhere = [mention.column for other in split(scene.goal) for mention in mentions(other, scene.main) if mention.column.is_number]
    column = next(iter(named or elsewhere), None)
    if column is None:
        return Trouble("ask", f"{phrase.text!r}: sorted by which column? The data has {', '.join(scene.main.names)}.")
    is_ease = bool(_EASE.search(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column.name)))
    made = _by(phrase, column, hard_first != is_ease)
    return [replace(made, evidence=f"{made.evidence}, a large {column.name} is {'easy' if is_ease else 'hard'}")]


def explains(phrase: Phrase, scene: Scene) -> bool:
    """`take the number of words as difficulty`: only says what another clause sorts by."""
    sorts = any(_SORTS.search(other.lower) for other in split(scene.goal) if other.text != phrase.text)
    return sorts and not _SORTS.search(phrase.lower) and bool(_LENGTH.search(phrase.lower)) and bool(_STANDS_FOR.search(phrase.lower))


def _by_length(phrase: Phrase, scene: Scene, falls: bool, span: tuple[int, int] | None = None) -> list[Wish] | Trouble:
    measure = "characters" if re.search(r"\b(?:char(?:acter)?s?|letters)\b", phrase.lower) else "words"
    column = text_of(phrase, scene.main)
    span = span or (0, len(phrase.lower))
    evidence = f"{measure}: what the rows are sorted by"
    return [
        Wish(op=measure, id="lengths", stage=SELECT, on=column.name if column else None, span=span, evidence=evidence),
        Wish(
            op="sort",
            id="sorted",
            stage=SELECT,
            params={"descending": True} if falls else {},
            on=f"lengths.{measure}",
            span=span,
            evidence=f"sort: by length in {measure}, {'falling' if falls else 'rising'}",
        ),
    ]


def _columns(phrase: Phrase, scene: Scene, after: int) -> list[Mention]:
    """The columns behind `by`, side by side, else the first one named; a length is none."""
    found = [mention for mention in mentions(phrase, scene.main) if mention.column.kind != "nested"]
    if _LENGTH.search(phrase.lower) and not any(mention.sure and mention.column.is_number for mention in found):
        return []
    at = next(
        (
            place
            for place, mention in enumerate(found)
            if mention.start > after and re.search(r"\b(?:by|on|according to)\s+(?:the\s+|their\s+|column\s+)*$", phrase.lower[: mention.start])
        ),
        next((place for place, mention in enumerate(found) if mention.column.is_number), 0),
    )
    chosen = found[at : at + 1]
    for mention in found[at + 1 :]:
        if not _NEXT.fullmatch(phrase.lower[chosen[-1].end : mention.start]):
            break
        chosen.append(mention)
    other = None if chosen else called(phrase, scene.main, ("text", "number"))
    return [Mention(other, 0, 0, False)] if other else chosen
