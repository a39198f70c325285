"""Reads which columns are to be looked up in another input."""

import re

from .clauses import Phrase, split
from .columns import mentions, named
from .wishes import JOIN, Scene, Trouble, Wish

_JOIN = re.compile(
    r"\bjoin\b|\bmerge\b[^.;]{0,60}\b(?:on|by|using|via)\b|\blook\w*[ -]?up\b|\bcombine\b[^.;]{0,60}\b(?:on|by|using)\b|"
    r"\benrich\b|\battach\b[^.;]{0,40}\bfrom\b|\bmatch\w*\b[^.;]{0,40}\bfrom the (?:second|other)\b"
)
_BRINGS = re.compile(
    r"(?:please |then |and |now |first )*(?:put|add|bring|attach|copy|carry|paste|take|stick|pull|get|map|append|hang|tack)\b[^.;,]*\bfrom\b[^.;,]*$"
)


def needed(phrase: Phrase, scene: Scene) -> list[Wish]:
    """The join that a clause needs which names a column of another input only, and orders no join itself."""
    if _JOIN.search(phrase.lower) or not phrase.side:
        return []
    for other in scene.references:
        theirs = [name for name in named(phrase, other) if scene.main.column(name) is None]
        keys = [column.name for column in scene.main.columns if column.is_key and (same := other.column(column.name)) and same.is_key]
        if theirs and keys and any(mention.sure for mention in mentions(phrase, other) if mention.column.name in theirs):
            evidence = f"join_on {keys[0]}: {', '.join(theirs)} stands in {other.name} only"
            return [
                Wish(op="join_on", id="joined", stage=JOIN, params={"columns": theirs}, on={"key": keys[0]}, against=other.name, evidence=evidence)
            ]
    return []


def brings(phrase: Phrase) -> bool:
    """`put A from B onto the rows`: the clause asks for the join alone."""
    return bool(_BRINGS.match(phrase.lower))


def read_join(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Columns of a second input, looked up by a key both have."""
    if (
        not _JOIN.search(phrase.lower)
        or re.search(r"\bseparated by\b|\binto (?:one|a|an?other) (?:single |new )?(?:column|text|field)\b", phrase.lower)
        or re.search(r"\bjoin\w*\s+(?:the\s+)?(?:lines|words|texts?|columns?)\b", phrase.lower)
    ):
        return []
    if not scene.references:
        return Trouble("ask", f"{phrase.text!r}: with which file? Give the second one as a further --input.")
    other = next((table for table in scene.references if re.search(rf"\b{re.escape(table.name.lower())}\b", phrase.lower)), scene.references[0])
    both = [name for name in scene.main.names if name in other.names]
    said = (
        [name for name in named(phrase, scene.main) if name in both]
        or [column.name for column in scene.main.columns if column.name in both and column.is_key]
        or both
    )
    if not said:
        return Trouble(
            "ask",
            f"{phrase.text!r}: by which key? {scene.main.name!r} has {', '.join(scene.main.names)}; {other.name!r} has {', '.join(other.names)}.",
        )
    key = said[0]
    new = [name for name in other.names if name not in scene.main.names]
    asked = {name for clause in split(scene.goal) for name in named(clause, other)}
    added = [name for name in new if name in asked] or new
    if not added:
        return Trouble("ask", f"{phrase.text!r}: {other.name!r} has no column that {scene.main.name!r} lacks.")
    return [
        Wish(
            op="join_on",
            id="joined",
            stage=JOIN,
            params={"columns": added},
            on={"key": key},
            against=other.name,
            span=(0, len(phrase.lower)),
            evidence=f"join_on {key}: {', '.join(added)} come from {other.name}",
        )
    ]
