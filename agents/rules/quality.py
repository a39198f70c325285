"""Reads the names of published rules: Gopher's, C4's, lines that end as sentences do, Unicode's normal forms."""

import re

from tools.cards import summaries

from .clauses import Phrase
from .columns import text_of
from .generic import bounds_of
from .wishes import CHEAP, FIX, Scene, Wish

_WORDS = r"(?:quality|rules?|filter\w*|heuristics?|criteria|thresholds?|style|clean\w*)"
_OF = rf"\b{_WORDS}\s+(?:of|from)\s+(?:the\s+)?"
_ITS = rf"(?:'s|-style| style)?(?:\s+(?:\w+\s+)?|(?:,|\s+and)\s+(?:\w+\s+){{1,2}}){_WORDS}\b"  # `C4 rules`, `C4 and FineWeb rules`
SETS = {
    "gopher_repetition": re.compile(r"\bgopher\b[^.;]{0,30}\brepetitions?\b|\brepetitions?\b[^.;]{0,20}\b(?:of|from)\s+gopher\b"),
    "gopher_quality": re.compile(rf"\bgopher(?:'s|-style| style)?\b(?!\s+repetition)|\bmassive ?text\b[^.;]{{0,20}}\b{_WORDS}\b"),
    "c4_quality": re.compile(rf"\bc4{_ITS}|{_OF}c4\b"),
    "fineweb_quality": re.compile(rf"\bfine-?web{_ITS}|{_OF}fine-?web\b"),
}
_LINE_ENDS = re.compile(r"\blines?\b[^.;]{0,20}\bend(?:s|ing)?\b[^.;]{0,20}\b(?:punctuation|full stops?|periods?|marks?)\b")
_FORM = re.compile(r"\bnfk?[cd]\b")


def read(phrase: Phrase, scene: Scene) -> list[Wish]:
    """A filter for each set of rules that the clause names."""
    column = text_of(phrase, scene.main)
    if column is None:
        return []
    form = _FORM.search(phrase.lower)
    if form:
        params: dict[str, object] = {} if form[0] == "nfc" else {"form": form[0].upper()}
        span = (0, len(phrase.lower))
        evidence = f"normalise_unicode of {column.name}: {form[0].upper()}"
        return [Wish(op="normalise_unicode", id="normal_form", stage=FIX, params=params, on=column.name, span=span, evidence=evidence)]
    return _line_ends(phrase, column.name) or [
        Wish(
            op=name,
            id=name,
            stage=CHEAP,
            on=column.name,
            filters=True,
            span=match.span(),
            evidence=f"{name} on {column.name} with the published bounds, from {match[0]!r}",
        )
        for name, pattern in SETS.items()
        if (match := pattern.search(phrase.lower))
    ]


def _line_ends(phrase: Phrase, column: str) -> list[Wish]:
    params = bounds_of(phrase, summaries()["line_end_punctuation_share"]) if _LINE_ENDS.search(phrase.lower) else {}
    if not params:
        return []
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return [
        Wish(
            op="line_end_punctuation_share",
            id="whole_sentences",
            stage=CHEAP,
            params=params,
            on=column,
            filters=True,
            span=(0, len(phrase.lower)),
            evidence=f"line_end_punctuation_share of {column}: {shown}",
        )
    ]
