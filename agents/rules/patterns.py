"""Finds what a clause names to be taken out of a text or replaced, as patterns or as operators of their own."""

import re
from dataclasses import dataclass

from .clauses import Atom, Phrase
from .columns import nearest
from .wishes import Scene


@dataclass(frozen=True)
class Piece:
    """A named piece of text: how people say it, its RE2 pattern, and the operator that knows it better, if one does."""

    words: str
    pattern: str
    what: str
    op: str = ""


@dataclass(frozen=True)
class Found:
    """What stands in a clause from `start` to `end`."""

    pattern: str
    what: str
    start: int
    end: int
    op: str = ""


# named pieces of text, as RE2 patterns
PIECES: tuple[Piece, ...] = (
    Piece(r"\burls?\b|\blinks?\b|\bweb ?addresses\b|\bhyperlinks\b", r"(?:https?://|www\.)[^\s<>\"')\]]+", "web addresses", "remove_urls"),
    Piece(r"\bhtml comments?\b", r"(?s)<!--.*?-->", "HTML comments"),
    Piece(r"\bcode (?:blocks?|fences?)\b|\bfenced code\b", r"(?s)```.*?(?:```|\z)", "fenced code"),
    Piece(r"\bhash ?tags?\b", r"#\w+", "hashtags"),
    Piece(r"(?:\buser ?|@-?)?\bmentions\b|\b(?:user|twitter) ?(?:names?|handles?)\b|\bhandles\b", r"@\w+", "@mentions"),
    Piece(
        r"\bemojis?\b|\bemoticons?\b|\bpictogra(?:m|ph)s?\b|\bsmileys?\b|\bsmilies\b",
        r"[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}\x{FE0F}\x{200D}\x{2B50}\x{2B55}]",
        "emoji",
        "strip_emoji",
    ),
    Piece(
        r"\b(?:wiki\w* |numeric |numbered )?(?:citations?|reference (?:marks?|numbers?)|footnote (?:marks?|numbers?))\b",
        r"\[\d+(?:\s*[,–-]\s*\d+)*\]",
        "citations such as [12]",
    ),
    Piece(
        r"\bcontrol characters?\b|\bzero[- ]width\b", r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{7F}\x{200B}-\x{200D}\x{FEFF}]", "control characters"
    ),
    Piece(r"\bdigits\b|\b(?:every|each|any) digit\b|\b(?:all|the) numbers\b", r"\d+", "digits"),
    Piece(r"\btime ?stamps?\b", r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?", "timestamps"),
    Piece(r"\btrailing (?:white ?space|spaces|blanks)\b", r"(?m)[ \t]+$", "blanks at the ends of lines"),
    Piece(r"\bquot(?:ation|e) marks\b", r"[\"“”„«»]", "quotation marks"),
)
CUTS = re.compile(
    r"\b(?:everything|all|the (?:text|part|rest)|what (?:comes|stands|is))\s+(?:that\s+)?(?:comes\s+|stands\s+|"
    r"is\s+)?(?P<side>from|after|behind|following|before|up to|in front of|preceding)\s+(?:the\s+)?$"
)


def _cut(phrase: Phrase, scene: Scene) -> Found | None:
    """`everything from #### on`, `all before ---`."""
    for atom in phrase.atoms:
        match = CUTS.search(phrase.lower[: atom.start]) if nearest(atom.value, scene.main) is None else None
        if match:
            mark = re.escape(atom.value)
            before = match["side"] in ("before", "up to", "in front of", "preceding")
            pattern = rf"(?s)\A.*?{mark}\s*" if before else rf"(?s)\s*{mark}.*\z"
            return Found(pattern, f"everything {match['side']} {atom.value!r}", match.start(), atom.end)
    return None


def patterns_of(phrase: Phrase, scene: Scene, stop: int) -> list[Found]:
    """What a clause names before `stop`: a part of the text, a regular expression, named pieces, or a piece as it stands."""
    cut = _cut(phrase, scene)
    if cut:
        return [cut]
    for atom in phrase.atoms:
        if atom.kind == "regex" or (
            atom.kind == "quoted" and re.search(r"\b(?:regex|regexp|regular expression|pattern|match(?:es|ing)?)\s*$", phrase.lower[: atom.start])
        ):
            return [Found(atom.value, f"what matches {atom.value!r}", atom.start, atom.end)]
    named = [(piece, match) for piece in PIECES if (match := re.search(piece.words, phrase.lower[:stop]))]
    if named:
        own = [Found(piece.pattern, piece.what, *match.span(), piece.op) for piece, match in named if piece.op]
        return sorted([*own, *_joined([one for one in named if not one[0].op])], key=lambda one: one.start)
    for atom in phrase.atoms:
        if atom.start > stop or nearest(atom.value, scene.main) is not None or re.search(r"\b(?:columns?|fields?)\s+$", phrase.lower[: atom.start]):
            continue
        if atom.kind == "delimited":
            return [Found(_delimited(phrase, atom), f"pieces such as {atom.value!r}", atom.start, atom.end)]
        if atom.kind == "quoted":
            example = re.search(r"\b(?:like|such as|e\.g\.?,?|as in|of the (?:form|kind))\s*$", phrase.lower[: atom.start])
            closed = atom.value[:1] + atom.value[-1:] in ("[]", "<>", "{}", "()") and len(atom.value) > 2
            return [Found(_delimited(phrase, atom) if example or closed else re.escape(atom.value), f"{atom.value!r}", atom.start, atom.end)]
    return []


def _joined(named: list[tuple[Piece, re.Match[str]]]) -> list[Found]:
    """One pattern for all pieces that have no operator of their own."""
    if not named:
        return []
    patterns = [piece.pattern for piece, _ in named]
    pattern = patterns[0] if len(patterns) == 1 else "|".join(f"(?:{one})" for one in patterns)
    spans = [match.span() for _, match in named]
    return [Found(pattern, ", ".join(piece.what for piece, _ in named), min(start for start, _ in spans), max(end for _, end in spans))]


def _delimited(phrase: Phrase, atom: Atom) -> str:
    """A pattern from one example: its signs at both ends, anything short between; digits where it holds only digits."""
    left = re.match(r"[<\[{(]+", atom.value) or re.match(r"[^\w\s.]+", atom.value)
    right = re.search(r"[>\]})]+$", atom.value) or re.search(r"[^\w\s.]+$", atom.value)
    if not left or not right or left.end() >= len(atom.value):
        return re.escape(atom.value)
    inside = atom.value[left.end() : right.start()]
    if "..." in atom.value or "…" in atom.value or not re.fullmatch(r"[\d,\s–-]+", inside):
        closing = re.escape(right[0][0])
        return (
            f"{re.escape(left[0])}[^{closing}\\n]*{re.escape(right[0])}"
            if len(right[0]) == 1
            else f"{re.escape(left[0])}[^\\n]*?{re.escape(right[0])}"
        )
    return f"{re.escape(left[0])}[\\d,\\s–-]+{re.escape(right[0])}"
