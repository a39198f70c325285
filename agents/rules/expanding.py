"""Reads wishes for new rows out of each: chunks, sentences, sections, items of a list."""

import re
from dataclasses import replace

import pyarrow as pa

from . import slots
from .clauses import Phrase, split
from .columns import mentions, text_of
from .profile import Column
from .truncating import measured, shortens
from .wishes import CUT, DEDUPE, NEAR, Reading, Scene, Trouble, Wish

_CHUNK = re.compile(
    r"\b(?:chunk\w*|passages?|segments?|pieces|snippets|windows?)\b|"
    r"\b(?:parts|blocks|groups)(?= of (?:at most |up to |about )?[\w,]+ (?:words|sentences|paragraphs|lines|tokens|characters))"
)
_SPLITS = re.compile(r"\b(?:split\w*|chunk\w*|cut\w*|break\w*|divid\w+|into|turn\w*|mak\w+|slic\w+|segment\w*|separat\w+|explod\w+)\b")
_ROW = r"(?:row|line|record|example|entry)"
_EACH_ROW = re.compile(
    rf"\b(?:one|a|single|own|separate|new|each)\s+{_ROW}\s+(?:per|for each|for every|each|a|(?:out )?of (?:each|every)|from (?:each|every))\s+"
    r"(?:single\s+)?(?P<a>[a-z]+)\b|"
    rf"\b(?:one|a|each|every|single)\s+(?P<b>[a-z]+)\s+(?:(?:should|must|shall|will|is to|has to)\s+)?(?:per|a|each|in|on|into|as|to|gets?|"
    rf"becomes?|be|is)\s+"
    rf"(?:(?:a|an|its|one|each|own|separate|single|new)\s+)*{_ROW}\b"
)
_AS_ROWS = re.compile(
    r"\b(?P<what>sentences|paragraphs|lines|sections|chapters)\s+(?:as|into|in)\s+(?:separate\s+|single\s+|individual\s+|(?:their\s+)?own\s+)*rows\b"
)
_INTO = re.compile(
    r"\b(?:split\w*|cut\w*|break\w*|divid\w+|segment\w*|separat\w+|tokeni[sz]\w+)\b[^.;]{0,50}\b(?:in ?to|by|per|at the)\s+"
    r"(?:(?:the|their|its|single|individual|separate|whole|every|each)\s+)*(?P<what>sentences?|paragraphs?|lines?|sections?|headings?|"
    r"headers?|chapters?)\b"
    r"(?!\s+boundar)|\b(?P<tokenize>sentence)[ -](?:split\w*|tokeni[sz]\w*|segment\w*)"
)
_HEADINGS = re.compile(
    r"\b(?:at|by|on|along|per|after|before|follow\w*|respect\w*|for each|for every|each|every|into|one)\s+(?:(?:the|their|its|each|every|"
    r"markdown|html|"
    r"section|level[ -]\w+|second-level|top-level|h[1-6]|new|own|separate|single|one|of)\s+)*(?:headings?|headers?|sections?|chapters?|"
    r"titles? lines)\b"
)
_LEVEL = re.compile(r"\b(?:level|h|down to level|up to level)[ -]?(?P<level>[1-6])\b|(?P<marks>(?<!\S)\#{1,6}(?!\S))")
_INDEXES = re.compile(r"\b(?:embedding model|retrieval|rag\b|vector (?:store|database|search|index)|index these|semantic search|context window)")
_READS_AT_MOST = re.compile(r"\b(?:reads?|takes?|accepts?|handles?|sees?|limit\w*|context|maximum|at most|no more than|up to|fit\w*)\b")
_SHARED_BEFORE = re.compile(r"\b(?:shar\w+|repeat\w*|overlap\w*|in common)\s+(?:of\s+|by\s+|with\s+|about\s+|the last\s+)*$")
_SHARED_BEHIND = re.compile(
    r"[\s-]*(?:%|percent)?\s*(?:words?|tokens?|characters?|chars|sentences?|lines?)?\s*(?:of\s+)?overlap|"
    r"[\s-]*(?:words?|tokens?|characters?|chars|sentences?)\s+(?:in common|shared|repeated|should overlap|overlapping)"
)
_CHUNKS_OF = re.compile(
    r"\b(?:chunk\w*|pieces|passages?|segments?|windows?|parts)\s+(?:of|with)\s+(?:at most|up to|about|around|no more than|max\w*)?\s*$"
)
_AT_ENDS = re.compile(
    r"\b(?:at|on|along|between|respect\w*|(?:not|never|n't) (?:cut|break|split)\w*(?: (?:in the middle of|within|inside|through|across))?|"
    r"without (?:cutting|breaking|"
    r"splitting)|whole|full|"
    r"complete)\s+(?:the\s+|an?\s+|up\s+)*(?P<what>sentence|paragraph)"
)
_MADE = re.compile(r"\b(?:sentences?|chunks?|passages?|pieces?|segments?|sections?|paragraphs?|windows?|snippets?|items?)\b")
_THEM = re.compile(r"\b(?:ones|those|them|entries|elements)\b")
_NEVER_CUT = re.compile(
    r"(?:but |and |please |it |they |they're |you )*(?:never|not|don't|do not|must not|mustn't|without|should not|"
    r"shouldn't)\s+(?:be\s+)?(?:cut|split|break|tear)\w*\s+"
    r"(?:up\s+|apart\s+|in the middle of\s+|within\s+|inside\s+|through\s+|across\s+)*(?:any |a |an |the |single )*(?:sentence|paragraph|"
    r"word)s?(?: apart| in two| in half)?"
)
_PLACES = re.compile(r"\b(?:offsets?|positions? in the (?:text|document)|start and (?:stop|end))\b")
_EXPLODE = re.compile(r"\b(?:explod\w+|unroll\w*|unlist\w*)\b")
_ITEMS = re.compile(
    r"\b(?:row|line|record)s?\s+(?:per|for each|for every|each)\s+(?:single\s+)?(?P<a>[a-z]\w*)(?:\s+(?:of|in)\s+(?:the\s+)?(?P<of>[a-z]\w*))?|"
    r"\b(?:each|every|all|the)\s+(?:items?|elements?|entries|values?)\s+(?:of|in|from)\b[^.;]*\b(?:rows?|line)\b|"
    r"\b(?P<each>one|a|its own|separate)\s+rows?\s+each\b|"
    r"\b(?P<b>[a-z]\w*)\s+(?:column\s+|list\s+)?into\s+(?:separate\s+|single\s+|individual\s+|their own\s+|own\s+|several\s+)*rows\b"
)
_BY_SIGN = re.compile(
    r"\b(?:by|at|on|with|separated by|delimited by)\s+(?:the\s+|each\s+|every\s+|a\s+)?(?P<sign>comma|semicolon|pipe|slash|space|newline|"
    r"tab|colon)s?\b"
)
SIGNS = {"comma": ",", "semicolon": ";", "pipe": "|", "slash": "/", "space": " ", "newline": "\n", "tab": "\t", "colon": ":"}
LONG = 80  # characters on average of a text worth cutting


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """New rows, whichever a clause asks for."""
    return _items(phrase, scene) or _sentences(phrase, scene) or _chunks(phrase, scene)


def explains(phrase: Phrase, scene: Scene) -> bool:
    """`never cut a sentence`: where another clause cuts, this says how."""
    cuts = any(other.text != phrase.text and (_CHUNK.search(other.lower) or shortens(other.lower)) for other in split(scene.goal))
    return cuts and bool(_NEVER_CUT.match(phrase.lower.strip(" .!")))


def of_pieces(readings: list[Reading]) -> list[Reading]:
    """`split into sentences, drop sentences over 40 words`: what is said of the pieces, and what comes again among them, is after the cut."""
    at = next((place for place, one in enumerate(readings) if any(wish.stage == CUT for wish in one.wishes)), len(readings))
    for one in readings[at + 1 :]:
        items = [wish.on["items"] for earlier in readings[: at + 1] for wish in earlier.wishes if wish.op == "explode" and isinstance(wish.on, dict)]
        if _MADE.search(one.phrase.lower) or (items and _THEM.search(one.phrase.lower)):
            one.wishes = [_of_items(wish, items[-1]) if items and wish.filters else replace(wish, stage=max(wish.stage, CUT)) for wish in one.wishes]
        one.wishes = [replace(wish, stage=max(wish.stage, CUT)) if wish.stage in (DEDUPE, NEAR) else wish for wish in one.wishes]
    return readings


def _of_items(wish: Wish, column: str | list[str]) -> Wish:
    """`explode X and drop short ones`: the items are meant, which stand where the list stood."""
    evidence = re.sub(rf"\b(column|on|of) {re.escape(str(wish.on))}\b", rf"\1 {column}", wish.evidence)
    return replace(wish, stage=max(wish.stage, CUT), on=column, evidence=evidence)


def new_rows(op: str, id: str, stage: int, params: dict[str, object], on: object, phrase: Phrase, evidence: str) -> list[Wish]:
    return [Wish(op=op, id=id, stage=stage, params=params, on=on, span=(0, len(phrase.text)), evidence=evidence)]  # type: ignore[arg-type]


def _unit(phrase: Phrase) -> str:
    """`one row per paragraph`, `split into sentences`: what a row shall hold."""
    row, into, rows = _EACH_ROW.search(phrase.lower), _INTO.search(phrase.lower), _AS_ROWS.search(phrase.lower)
    if rows:
        return rows["what"]
    said = (row["a"] or row["b"] if row else "") or (into["what"] or into["tokenize"] if into else "")
    return said if said.endswith("s") else f"{said}s"


def _sentences(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A row a sentence; or a paragraph, line or section, which are chunks."""
    unit, column = _unit(phrase), text_of(phrase, scene.main, LONG / 2) or text_of(phrase, scene.main)
    if column is None or phrase.side == "drop" or (_CHUNK.search(phrase.lower) and slots.numbers(phrase.lower)):
        return []
    if unit == "sentences":
        evidence = f"split_sentences: a row for each sentence of {column.name}"
        return new_rows("split_sentences", "sentences", CUT, {}, column.name, phrase, evidence)
    if unit in ("paragraphs", "lines"):
        return new_rows("chunk", unit, CUT, {unit: 1}, column.name, phrase, f"chunk: {unit}=1 of {column.name}")
    return []


def _chunks(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Long texts cut into pieces of at most so much, at their headings, or both."""
    lower = phrase.lower
    headings = bool(_HEADINGS.search(lower) and _SPLITS.search(lower)) or _unit(phrase) in ("sections", "headings", "headers", "chapters")
    cuts = bool(_CHUNK.search(lower) and _SPLITS.search(lower)) or headings
    limit = _INDEXES.search(scene.goal.lower()) and _READS_AT_MOST.search(lower) and re.search(r"\b(?:tokens?|words?|characters?)\b", lower)
    if not (cuts or limit) or phrase.side not in ("do", "keep", ""):
        return []
    column = _parted(phrase, scene) if headings else text_of(phrase, scene.main, LONG)
    level = _LEVEL.search(lower) if headings else None
    numbers = [(number, slots.unit(lower, number)) for number in slots.numbers(lower)]
    overlap = next((number for number, _ in numbers if _is_overlap(phrase, number)), None)
    sizes = [(number, unit) for number, unit in numbers if unit and number is not overlap]
    size = next((one for one in sizes if _CHUNKS_OF.search(lower[: one[0].start])), next(iter(sizes), None)) or (
        None if headings else _told(phrase, scene)
    )
    if column is None or (size is None and not headings):
        return [] if not cuts else Trouble("ask", f"{phrase.text!r}: how long may a chunk be? Say so in words, characters, sentences or tokens.")
    if size is not None and size[1] == "turns":
        return Trouble(
            "ask", f"{phrase.text!r}: chunks are measured in words, characters, sentences, lines, paragraphs or tokens. How long may one be?"
        )
    params, note = measured(phrase, int(size[0].value), size[1]) if size else ({}, "")
    shared = int(overlap.value * (int(size[0].value) if overlap.share else 1)) if overlap and size else 0
    params |= {"overlap": shared * 2 // 3 if note else shared} if shared else {}
    ends = _AT_ENDS.search(lower) or _AT_ENDS.search(scene.goal.lower())
    params |= {"at": ends["what"]} if ends and size and size[1] in ("words", "characters", "tokens") else {}
    params |= {"headings": True} if headings else {}
    deepest = int(level["level"]) if level and level["level"] else len(level["marks"]) if level else _marks(phrase)
    params |= {"deepest": deepest} if headings and deepest else {}
    params |= {"places": True} if _PLACES.search(lower) else {}
    note += f", {overlap.value:g} of that twice" if overlap and overlap.share else ""
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return new_rows("chunk", "chunks", CUT, params, column.name, phrase, f"chunk {column.name}: {shown}{note}")


def _parted(phrase: Phrase, scene: Scene) -> Column | None:
    """The text that has headings: what is called so may be a column of its own."""
    named = [one.column for one in mentions(phrase, scene.main) if one.column.kind == "text" and one.column.mean_length >= LONG]
    return next(iter(named), scene.main.text)


def _marks(phrase: Phrase) -> int:
    """`at ##`: the level of a heading by its marks."""
    return next((len(atom.value) for atom in phrase.atoms if re.fullmatch(r"#{1,6}", atom.value)), 0)


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


def _items(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A row for each item of a list, or of a text whose items stand between signs."""
    verb, said = _EXPLODE.search(phrase.lower), _ITEMS.search(phrase.lower)
    if not verb and not said:
        return []
    lists = [column for column in scene.main.columns if is_list(column)]
    named = [one.column for one in mentions(phrase, scene.main)]
    word = next((said[name] for name in ("of", "a", "b") if said and said[name]), "")
    named += [column for column in scene.main.columns if word and column.name.lower().rstrip("s") == word.rstrip("s") and column not in named]
    own = next((column for column in named if column in lists), None)
    sign = _BY_SIGN.search(phrase.lower)
    separator = (
        SIGNS[sign["sign"]] if sign else next((atom.value for atom in phrase.atoms if len(atom.value) <= 3 and not atom.value.isalnum()), None)
    )
    text = next((column for column in named if column.kind == "text"), None)
    if own is None and text is not None and separator:
        evidence = f"explode {text.name} by {separator!r}"
        return new_rows("explode", "items", CUT, {"separator": separator}, {"items": text.name}, phrase, evidence)
    if own is None and len(lists) == 1 and (verb or re.search(r"\b(?:items?|elements?|entry|entries|lists?|arrays?|turns?)\b", phrase.lower)):
        own = lists[0]
    if own is None:
        return Trouble("ask", f"{phrase.text!r}: which column holds a list? The data has {', '.join(scene.main.names)}.") if verb else []
    keeps = re.search(r"\b(?:keep|with)\w*\b[^.;]{0,30}\b(?:empty|without (?:an? )?(?:items?|elements?|entries))\b", phrase.lower)
    params: dict[str, object] = {"keep_empty": True} if keeps else {}
    return new_rows("explode", "items", CUT, params, {"items": own.name}, phrase, f"explode: a row for each item of {own.name}")


def is_list(column: Column) -> bool:
    return bool(pa.types.is_list(column.type) or pa.types.is_large_list(column.type))
