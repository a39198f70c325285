"""Reads what rows are made of: columns looked up in another input, texts cut into chunks."""

import re

from . import slots
from .clauses import Phrase, split
from .columns import mentions, named, text_of
from .wishes import CUT, JOIN, Scene, Trouble, Wish

_CHUNK = re.compile(r"\b(?:chunk\w*|passages?|segments?|pieces|snippets|windows?)\b")
_INDEXES = re.compile(r"\b(?:embedding model|retrieval|rag\b|vector (?:store|database|search|index)|index these|semantic search|context window)")
_READS_AT_MOST = re.compile(r"\b(?:reads?|takes?|accepts?|handles?|sees?|limit\w*|context|maximum|at most|no more than|up to|fit\w*)\b")
_SHARED_BEFORE = re.compile(r"\b(?:shar\w+|repeat\w*|overlap\w*|in common)\s+(?:of\s+|by\s+|with\s+|about\s+|the last\s+)*$")
_SHARED_BEHIND = re.compile(
    r"[\s-]*(?:%|percent)?\s*(?:words?|tokens?|characters?|chars)?\s*(?:of\s+)?overlap|"
    r"[\s-]*(?:words?|tokens?|characters?|chars)\s+(?:in common|shared|repeated|should overlap|overlapping)"
)
_CHUNKS_OF = re.compile(
    r"\b(?:chunk\w*|pieces|passages?|segments?|windows?|parts)\s+(?:of|with)\s+(?:at most|up to|about|around|no more than|max\w*)?\s*$"
)
_AT_ENDS = re.compile(
    r"\b(?:at|on|along|between|respect\w*|not (?:cut|break|split)\w* (?:in the middle of|within|inside)|whole|full|complete)\s+(?:the\s+|an?\s+)?"
    r"(?P<what>sentence|paragraph)"
)
_JOIN = re.compile(
    r"\bjoin\b|\bmerge\b[^.;]{0,60}\b(?:on|by|using|via)\b|\blook\w*[ -]?up\b|\bcombine\b[^.;]{0,60}\b(?:on|by|using)\b|"
    r"\benrich\b|\battach\b[^.;]{0,40}\bfrom\b|\bmatch\w*\b[^.;]{0,40}\bfrom the (?:second|other)\b"
)
_BRINGS = re.compile(
    r"(?:please |then |and |now |first )*(?:put|add|bring|attach|copy|carry|paste|take|stick|pull|get|map|append|hang|tack)\b[^.;,]*\bfrom\b[^.;,]*$"
)
LONG = 80  # characters on average of a text worth cutting


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


def read_chunks(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Long texts cut into pieces of at most so many words."""
    cuts = (
        _CHUNK.search(phrase.lower)
        and phrase.side in ("do", "keep", "")
        and re.search(r"\b(?:split|chunk\w*|cut|break|divide|into|turn|make|slice|segment)\b", phrase.lower)
    )
    limit = (
        _INDEXES.search(scene.goal.lower())
        and _READS_AT_MOST.search(phrase.lower)
        and re.search(r"\btokens?\b|\bwords?\b|\bcharacters?\b", phrase.lower)
    )
    if not cuts and not limit:
        return []
    column = text_of(phrase, scene.main, LONG)
    numbers = [(number, slots.unit(phrase.lower, number)) for number in slots.numbers(phrase.lower)]
    overlap = next((number for number, _ in numbers if _is_overlap(phrase, number)), None)
    sizes = [(number, unit) for number, unit in numbers if unit and number is not overlap]
    size = next((one for one in sizes if _CHUNKS_OF.search(phrase.lower[: one[0].start])), next(iter(sizes), None)) or _told(phrase, scene)
    if size is None or column is None:
        return [] if not cuts else Trouble("ask", f"{phrase.text!r}: how long may a chunk be? Say so in words or characters.")
    said = f"{size[0].value:g} {size[1]}"
    most, unit, note = int(size[0].value), size[1], ""
    if unit == "tokens":
        most, unit, note = most * 2 // 3, "words", " (no tokenizer is at hand: at most two words for three tokens)"
    if unit not in ("words", "characters"):
        return Trouble("ask", f"{phrase.text!r}: chunks are measured in words or characters, not in {unit}. How long may one be?")
    params: dict[str, object] = {unit: most}
    params |= {"overlap": int(overlap.value)} if overlap else {}
    ends = _AT_ENDS.search(phrase.lower)
    params |= {"at": ends["what"]} if ends else {}
    return [
        Wish(
            op="chunk",
            id="chunks",
            stage=CUT,
            params=params,
            on=column.name,
            span=(0, len(phrase.lower)),
            evidence=f"chunk: at most {most} {unit} of {column.name} from {said!r}{note}",
        )
    ]


def _is_overlap(phrase: Phrase, number: slots.Number) -> bool:
    return bool(_SHARED_BEHIND.match(phrase.lower[number.end :]) or _SHARED_BEFORE.search(phrase.lower[: number.start]))


def _told(phrase: Phrase, scene: Scene) -> tuple[slots.Number, str] | None:
    """`my encoder takes 200 words`: the size that another clause tells."""
    for other in split(scene.goal):
        if other.text != phrase.text and _READS_AT_MOST.search(other.lower):
            for number in slots.numbers(other.lower):
                unit = slots.unit(other.lower, number)
                if unit:
                    return number, unit
    return None
