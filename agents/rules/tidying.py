"""Reads `clean` where it names no fault: rows without their text, and rows that come again."""

import re

from .clauses import Phrase
from .wishes import CHEAP, DEDUPE, Scene, Wish

_CLEAN = re.compile(
    r"\bclean(?:ed)?\s+(?:[\w-]+\s+){0,3}?(?:data\w*|files?|sets?|version|corpus|copy|rows|examples|collection|training)\b|"
    r"\b(?:clean|tidy)(?:ing)?\s+(?:up\s+)?(?:it|them|this|these|the (?:data\w*|files?|rows|corpus|set))\b|\bclean-?up\b|"
    r"\binto shape\b"
)


def read(phrase: Phrase, scene: Scene) -> list[Wish]:
    """Drop rows without the text they are about, then rows that are equal."""
    match = _CLEAN.search(phrase.lower)
    if not match or scene.main.text is None or phrase.side == "drop":
        return []
    said = phrase.text[match.start() : match.end()]
    content = list(scene.main.content)
    on = content[0] if len(content) == 1 else content
    return [
        Wish(
            op="is_empty",
            id=f"has_{scene.main.text.name}",
            stage=CHEAP,
            on=scene.main.text.name,
            filters=True,
            span=match.span(),
            evidence=f"is_empty: {said!r} names no fault, so rows without {scene.main.text.name} go",
        ),
        Wish(
            op="exact_dedup",
            id="once",
            stage=DEDUPE,
            on=on,
            filters=True,
            span=match.span(),
            evidence=f"exact_dedup by {', '.join(content)}: and rows that come again",
        ),
    ]
