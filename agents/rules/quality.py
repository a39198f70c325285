"""Reads the names of published sets of rules: Gopher's, C4's."""

import re

from .clauses import Phrase
from .columns import text_of
from .wishes import CHEAP, Scene, Wish

_WORDS = r"(?:quality|rules?|filter\w*|heuristics?|criteria|thresholds?|style|clean\w*)"
SETS = {
    "gopher_quality": re.compile(rf"\bgopher(?:'s|-style| style)?\b|\bmassive ?text\b[^.;]{{0,20}}\b{_WORDS}\b"),
    "c4_quality": re.compile(rf"\bc4(?:'s|-style| style)?\s+(?:\w+\s+)?{_WORDS}\b|\b{_WORDS}\s+(?:of|from)\s+(?:the\s+)?c4\b"),
}


def read(phrase: Phrase, scene: Scene) -> list[Wish]:
    """A filter for each set of rules that the clause names."""
    column = text_of(phrase, scene.main)
    if column is None:
        return []
    return [
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
