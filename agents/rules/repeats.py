"""Reads wishes to cut lines, paragraphs or passages that stand in several texts, and to keep one row per web address."""

import re

from . import slots
from .clauses import Phrase
from .columns import mentions, text_of
from .duplicates import best, wants_longest
from .profile import Column, Table
from .wishes import DEDUPE, Scene, Wish

_ROWS = r"(?:documents?|docs?|texts?|rows?|pages?|articles?|files?|posts?|entries|entry|records?|examples?|samples?|sites?|stories|messages?)"
_PIECES = {
    "line_dedup": re.compile(
        r"\b(?:lines?|(?:page |running )?(?:headers?|footers?)|menus?|(?:cookie |copyright |legal )?(?:notices?|banners?)|boilerplate)\b"
    ),
    "paragraph_dedup": re.compile(r"\bparagraphs?\b"),
    "substring_dedup": re.compile(
        r"\b(?:passages?|sub-?strings?|spans?|stretch(?:es)?|runs? of \w+ words|blocks? of text|chunks? of text|excerpts?)\b"
    ),
}
_NAMED = {
    "line_dedup": re.compile(r"\bline[- ]?(?:level|wise)?[- ]de-?dup\w*|\bde-?dup\w* (?:the |all )?(?:by |on |at )?(?:the )?lines?\b"),
    "paragraph_dedup": re.compile(r"\bparagraph[- ]?(?:level|wise)?[- ]de-?dup\w*|\bde-?dup\w* (?:the |all )?(?:by |on |at )?(?:the )?paragraphs?\b"),
    "substring_dedup": re.compile(
        r"\b(?:exact )?sub-?string[- ]?(?:level)?[- ]de-?dup\w*|\bsuffix[- ]arrays?\b|\bde-?dup\w* (?:the |all )?(?:sub-?strings?|passages?)\b"
    ),
}
_ELSEWHERE = re.compile(
    rf"\b(?:across|between|throughout|among(?:st)?)\b[^.;]{{0,30}}\b(?:{_ROWS}|corpus|data ?set|collection|data)\b|"
    rf"\b(?:in|on|by|of|from|with)\s+(?:(?:at least|more than|over|exactly)\s+)?(?:\w+\s+)?(?:several|many|multiple|different|other|another|one|two|"
    rf"three|\d+|most|every|all|each|ten|five|a lot of|a different|an earlier|earlier)(?:\s+(?:or more|different|other|of the|the))*\s+{_ROWS}\b|"
    r"\b(?:elsewhere|somewhere else|in another|everywhere|over and over|again and again|earlier in the (?:data|corpus|input))\b|"
    r"\b(?:on|of|in|at)\s+(?:every|each|all the)\s+(?:single\s+)?\w+|"
    r"\b(?:more than once|twice|several times|again|repeatedly)\b[^.;]{0,20}\b"
    r"(?:in|across) the (?:whole |entire )?(?:data|corpus|data ?set|collection|file|input)\b"
)
_AGAIN = re.compile(
    r"\b(?:repeat\w*|recur\w*|duplicat\w*|de-?dup\w*|occur\w*|appear\w*|stand\w*|show\w* up|come\w* up|turn\w* up|found|shared?|seen|same|common|"
    r"copied|identical|once|is on|are on|is in|are in)\b"
)
_WHOLE_ROWS = re.compile(rf"\b{_ROWS}\s+(?:\w+\s+)?(?:with|that|which|whose|where|having|containing|of which|in which|made of|full of)\b")
NONE_STAYS = re.compile(
    r"\b(?:every (?:copy|occurrence|instance)|all (?:the |their |of their |of the )?(?:copies|occurrences|instances)|"
    r"altogether|completely|entirely|boilerplate)\b"
)
_TEXTS = re.compile(rf"\b(at least|more than|over)\s+(\w+)\s+(?:different\s+|other\s+)?{_ROWS}\b|\b(\w+)\s+or\s+more\s+(?:different\s+)?{_ROWS}\b")
_WORDS = re.compile(r"\b(more than|over|longer than)?\s*\b(\d[\d,]*|[a-z]+)\s*\+?[ -](?:or more[ -])?(?:words?|tokens?)\b")
_ADDRESS = re.compile(r"\b(?:urls?|uris?|links?|hyperlinks?|web ?addresses|web ?address|permalinks?)\b")
_ADDRESS_NAME = re.compile(r"(?:^|[_\s-])(?:url|uri|link|href|permalink|webaddress|web_address)s?(?:$|[_\s-])", re.IGNORECASE)
_ONE_EACH = re.compile(
    r"\b(?:one|single|a single)\s+[a-z]+\s+(?:per|for each|for every|of each|from each|from every)\b|\bunique\b|\bdistinct\b|\bde-?dup\w*|"
    r"\bduplicat\w*|\bsame\b|\brepeat\w*|\b(?:only|just) once\b|\btwice\b|\bmore than once\b|\bno two\b"
)


def read(phrase: Phrase, scene: Scene) -> list[Wish]:
    """The whole clause is read, so that nothing in it is taken for a bound on rows or for equal rows."""
    return _pieces(phrase, scene) or _addresses(phrase, scene)


def in_texts(lower: str) -> bool:
    """Whether the clause speaks of what stands in several texts."""
    return bool(_ELSEWHERE.search(lower) and _AGAIN.search(lower))


def _pieces(phrase: Phrase, scene: Scene) -> list[Wish]:
    op = _piece(phrase.lower)
    column = text_of(phrase, scene.main)
    if op is None or column is None:
        return []
    params = _passage(phrase.lower) if op == "substring_dedup" else _where(phrase.lower)
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    ids = {"line_dedup": "no_repeated_lines", "paragraph_dedup": "no_repeated_paragraphs", "substring_dedup": "no_repeated_passages"}
    return [
        Wish(
            op=op,
            id=ids[op],
            stage=DEDUPE,
            params=params,
            on=column.name,
            span=(0, len(phrase.text)),
            evidence=f"{op} on {column.name}{': ' + shown if shown else ''}, from {phrase.text!r}",
        )
    ]


def _piece(lower: str) -> str | None:
    """The operator for the pieces of texts that the clause says are to go; none where it speaks of rows, or of one text."""
    named = next((op for op, pattern in _NAMED.items() if pattern.search(lower)), None)
    if named:
        return named
    found = [(match.start(), op) for op, pattern in _PIECES.items() if (match := pattern.search(lower))]
    if not found or not _ELSEWHERE.search(lower) or not _AGAIN.search(lower):
        return None
    at, op = min(found)
    rows = _WHOLE_ROWS.search(lower)
    return None if rows and rows.start() < at else op


def _where(lower: str) -> dict[str, object]:
    """In how many texts a line must stand, whether one copy stays, and how long it must be."""
    params: dict[str, object] = {}
    found = _TEXTS.search(lower)
    if found:
        word = found[2] or found[3]
        if word.replace(",", "").isdigit() or word in slots.WORDS:
            count = int(slots.value(word)[0]) + (found[1] in ("more than", "over"))
            params |= {"seen_at_least": count} if count != 2 else {}
    for bound in slots.bounds(lower):
        unit = slots.unit(lower, bound)
        low = bound.whole()[0]
        if unit in ("words", "characters") and low is not None:
            params |= {"shortest": low} | ({"counted_in": unit} if unit == "words" else {})
    return params | ({"keep": "none"} if NONE_STAYS.search(lower) else {})


def _passage(lower: str) -> dict[str, object]:
    for match in _WORDS.finditer(lower):
        word = match[2].replace(",", "")
        if word.isdigit() or word in slots.WORDS:
            count = int(slots.value(word)[0]) + bool(match[1])
            return {"words": count} if count != 50 else {}
    return {}


def _addresses(phrase: Phrase, scene: Scene) -> list[Wish]:
    column = _address(phrase, scene.main)
    if column is None or not _ONE_EACH.search(phrase.lower) or re.search(r"\bexact(?:ly)?\b|\bidentical\b|\bcolumns?\b|\bfields?\b", phrase.lower):
        return []
    params: dict[str, object] = {}
    on: str | dict[str, str | list[str]] = column.name
    number, text = best(scene), scene.main.text
    if number:
        params, on = {"keep": "best"}, {"url": column.name, "by": number}
    elif wants_longest(scene) and text is not None and text.name != column.name:
        params, on = {"keep": "longest"}, {"url": column.name, "text": text.name}
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return [
        Wish(
            op="url_dedup",
            id="one_per_url",
            stage=DEDUPE,
            params=params,
            on=on,
            filters=True,
            span=(0, len(phrase.text)),
            evidence=f"url_dedup by {column.name}{': ' + shown if shown else ''}, from {phrase.text!r}",
        )
    ]


def _address(phrase: Phrase, table: Table) -> Column | None:
    """The column of addresses that the clause speaks of; one with other columns beside it is no matter of addresses alone."""
    if not _ADDRESS.search(phrase.lower):
        return None
    others = [one for one in mentions(phrase, table) if one.sure and not _ADDRESS_NAME.search(one.column.name)]
    found = [column for column in table.columns if column.kind == "text" and _ADDRESS_NAME.search(column.name)]
    said = [column for column in found if column.name.lower() in phrase.lower]
    return None if others or not found else (said or found)[0]
