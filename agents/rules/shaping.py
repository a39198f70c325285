"""Reads what rows are made of: columns to keep, drop, name, add, look up; texts cut into chunks; measures as columns."""

import re

from . import slots
from .clauses import HIDDEN, Phrase
from .columns import mentions, named, nearest, text_of
from .conditions import name_of, text_literal
from .wishes import ADD, COLUMNS, CUT, JOIN, Scene, Trouble, Wish

_COLUMN_WORD = re.compile(r"\b(?:columns?|fields?)\b")
_CHUNK = re.compile(r"\b(?:chunk\w*|passages?|segments?|pieces|snippets|windows?)\b")
_INDEXES = re.compile(r"\b(?:embedding model|retrieval|rag\b|vector (?:store|database|search|index)|index these|semantic search|context window)")
_READS_AT_MOST = re.compile(r"\b(?:reads?|takes?|accepts?|handles?|sees?|limit\w*|context|maximum|at most|no more than|up to|fit\w*)\b")
_JOIN = re.compile(
    r"\bjoin\b|\bmerge\b[^.;]{0,60}\b(?:on|by|using|via)\b|\blook\w*[ -]?up\b|\bcombine\b[^.;]{0,60}\b(?:on|by|using)\b|\benrich\b|\battach\b[^.;]{0,40}\bfrom\b|\bmatch\w*\b[^.;]{0,40}\bfrom the (?:second|other)\b"
)
_RENAME = re.compile(r"\brenam\w+\b|\bcall(?:ed)?\b[^.;]{0,40}\binstead\b|\bshould be (?:called|named)\b|\bgive\b[^.;]{0,30}\bthe name\b")
_NEW = re.compile(
    r"\b(?:columns?|fields?)\s+(?:called\s+|named\s+)?(?P<a>[\ue000]+|[a-z]\w*)\b|\b(?:a\s+|an\s+|the\s+)?(?:new\s+|extra\s+|additional\s+)(?:columns?|fields?)\s+(?:called\s+|named\s+)?(?P<b>[\ue000]+|[a-z]\w*)|"
    r"\b(?:as|into|in|to|called|named)\s+(?:an?\s+|the\s+)?(?:new\s+)?(?:columns?\s+|fields?\s+)?(?:called\s+|named\s+)?(?P<c>[\ue000]+|[a-z]\w*)(?:\s+(?:column|field))?\s*$"
)
_ADDS = re.compile(
    r"\b(?:add|create|make|put|append|compute|calculate|derive|attach|insert|include|store|write|count|measure|give|annotate|extract|save|record|note)\b"
)
_OF_LENGTH = re.compile(
    r"\b(?:number of|count of|how many|length (?:of|in)|word|character|char)\s*(?:the\s+)?(?P<unit>words?|characters?|chars|counts?|length)?|\b(?P<unit2>word|character)s?[- ]?(?:count|length|number)|\b(?:counts?|counting) (?:the )?(?P<unit3>words|characters)\b|\blength\b"
)
_LANGUAGE_OF = re.compile(r"\b(?:the\s+|its\s+|detected\s+)*language\b(?:\s+(?:code|of|each|name))*")
_PART = re.compile(
    r"\b(?:the\s+)?(?P<what>(?:only\s+)?(?:the\s+)?(?:final\s+|last\s+)?(?:number|text|part|everything|answer|value|what (?:comes|stands|is)|rest|words?|string))\s+(?:that\s+)?(?:comes?\s+|stands?\s+|is\s+|right\s+)?(?P<side>after|behind|following|before|in front of|preceding)\s*(?:the\s+)?(?:last\s+|first\s+|marker\s+|sign\s+|string\s+|separator\s+|delimiter\s+)*$"
)
LONG = 80  # characters on average of a text worth cutting
NUMBER = r"(-?[$]?\d[\d,]*(?:\.\d+)?)"


def read_join(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Columns of a second input, looked up by a key both have."""
    if not _JOIN.search(phrase.lower) or re.search(r"\bjoin\w*\s+(?:the\s+)?(?:lines|words|texts?|columns?)\b", phrase.lower):
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
    added = [name for name in other.names if name not in scene.main.names]
    if not added:
        return Trouble("ask", f"{phrase.text!r}: {other.name!r} has no column that {scene.main.name!r} lacks.")
    return [Wish(op="join_on", id="joined", stage=JOIN, params={"columns": added}, on={"key": key}, against=other.name, span=(0, len(phrase.lower)),
                 evidence=f"join_on {key}: {', '.join(added)} come from {other.name}")]  # fmt: skip


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
    overlap = next(
        (
            number
            for number, _ in numbers
            if re.match(r"[\s-]*(?:%|percent)?\s*(?:words?|tokens?|characters?|chars)?\s*(?:of\s+)?overlap", phrase.lower[number.end :])
            or re.search(r"\boverlap\w*\s+(?:of\s+|by\s+)?(?:about\s+)?$", phrase.lower[: number.start])
        ),
        None,
    )
    size = next(((number, unit) for number, unit in numbers if unit and number is not overlap), None)
    if size is None or column is None:
        return [] if not cuts else Trouble("ask", f"{phrase.text!r}: how long may a chunk be? Say so in words or characters.")
    most, unit, note = int(size[0].value), size[1], ""
    if unit == "tokens":
        most, unit, note = most * 2 // 3, "words", " (no tokenizer is at hand: at most two words for three tokens)"
    if unit not in ("words", "characters"):
        return Trouble("ask", f"{phrase.text!r}: chunks are measured in words or characters, not in {unit}. How long may one be?")
    params: dict[str, object] = {unit: most} | ({"overlap": int(overlap.value)} if overlap else {})
    return [Wish(op="chunk", id="chunks", stage=CUT, params=params, on=column.name, span=(0, len(phrase.lower)),
                 evidence=f"chunk: at most {most} {unit} of {column.name} from {phrase.text[size[0].start : size[0].end]!r}{note}")]  # fmt: skip


def read_columns(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Columns to keep, to drop, to call otherwise."""
    if _RENAME.search(phrase.lower):
        return _rename(phrase, scene)
    if not _COLUMN_WORD.search(phrase.lower):
        return []
    every = r"\ball (?:the )?(?:columns|fields)\b|\bevery column\b"
    if phrase.side == "drop":
        return _drop_columns(phrase, scene)
    if (
        re.search(every, phrase.lower)
        or re.search(r"\b(?:add|new|create|called|named)\b", phrase.lower)
        or re.search(r"\bthe columns? [a-z_]+ (?:is|are|has|must|should)\b", phrase.lower)
    ):
        return []
    names = _listed(phrase, scene)
    wants = re.search(
        r"\bonly\b|\bkeep\b|\bselect\b|\bjust\b|\bnothing but\b|\bwith (?:the |these |two |three |four )*(?:columns?|fields?)\b|\bcolumns?:|\bhas? (?:the )?columns\b|\bwant\b|\bneed\b",
        phrase.lower,
    )
    if not names or not wants or (len(names) == 1 and re.search(r"\b(?:by|in|of|from)\s+(?:the\s+)?columns?\b", phrase.lower)):
        return []
    absent = _absent(phrase, scene)
    if absent:
        return Trouble("ask", f"There is no column {absent!r}; the data has {', '.join(scene.main.names)}. Which one is meant?")
    return [
        Wish(
            op="select_columns",
            id="columns",
            stage=COLUMNS,
            params={"columns": names},
            span=(0, len(phrase.lower)),
            evidence=f"select_columns: {', '.join(names)}",
        )
    ]


def read_new_column(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A column to add: a length, the language, a part of another column, or columns put together."""
    if not _ADDS.search(phrase.lower) or phrase.side == "drop" or re.search(r"\bmessages column\b", phrase.lower):
        return []
    new = _new_name(phrase, scene)
    part = _part(phrase, scene, new)
    if part:
        return part
    column = text_of(phrase, scene.main)
    length = re.search(
        r"\b(?P<a>word|character|char|letter)s?[ -]?(?:counts?|length|numbers?)\b|\b(?:number|count|amount) of (?:the )?(?P<b>words?|characters?|chars|letters)\b|\bhow many (?P<c>words|characters|letters)\b|\blengths?\b(?: in (?P<d>words|characters))?|\bhow long\b",
        phrase.lower,
    )
    if length and column and new:
        unit = next(
            (word for word in (length["a"], length["b"], length["c"], length["d"]) if word), "characters" if "length" in length[0] else "words"
        )
        measure = "words" if unit.startswith("word") else "characters"
        return [_measured(phrase, measure, column.name, new, length.span())]
    language = _LANGUAGE_OF.search(phrase.lower)
    if language and column and new and not re.search(r"\bkeep|\bonly\b", phrase.lower):
        return [
            Wish(
                op="language",
                id="measured",
                stage=ADD,
                on=column.name,
                rename={"language": new},
                span=language.span(),
                evidence=f"language of {column.name} as column {new}",
            )
        ]
    return _put_together(phrase, scene, new)


def new_columns(phrases: list[Phrase], scene: Scene) -> tuple[str, ...]:
    """Names of columns that the goal wants made, so that they are not taken for missing ones."""
    return tuple(name for phrase in phrases if _ADDS.search(phrase.lower) and (name := _new_name(phrase, scene)))


def _measured(phrase: Phrase, measure: str, column: str, new: str, span: tuple[int, int]) -> Wish:
    return Wish(
        op=measure,
        id="measured",
        stage=ADD,
        on=column,
        rename=new,
        span=span,
        evidence=f"{measure} of {column} as column {new}, from {phrase.text[span[0] : span[1]]!r}",
    )


def _new_name(phrase: Phrase, scene: Scene) -> str | None:
    for match in _NEW.finditer(phrase.lower):
        group = next(name for name in ("a", "b", "c") if match[name])
        name = phrase.text[match.start(group) : match.end(group)]
        if HIDDEN in match[group]:
            atom = next((atom for atom in phrase.atoms if atom.start == match.start(group)), None)
            if atom is None or atom.kind != "quoted":
                continue
            name = atom.value
        if (
            name.lower()
            in ("with", "that", "which", "for", "holding", "containing", "of", "text", "it", "them", "and", "the", "to", "is", "the same", "place")
            or nearest(name, scene.main) == name
        ):
            continue
        return name
    return None


def _part(phrase: Phrase, scene: Scene, new: str | None) -> list[Wish] | Trouble:
    """What stands after or before a mark in a column."""
    atom = next(
        (atom for atom in phrase.atoms if nearest(atom.value, scene.main) is None and atom.value != new and _PART.search(phrase.lower[: atom.start])),
        None,
    )
    match = _PART.search(phrase.lower[: atom.start] if atom else phrase.lower)
    source = _source_with(phrase, scene)
    if match is None or source is None:
        return []
    seen = scene.main.column(source)
    known = atom.value if atom else next(iter(seen.marks), None) if seen else None
    if known is None:
        return Trouble("ask", f"{phrase.text!r}: {match['side']} which mark?")
    mark, end = re.escape(known).replace("\\ ", " "), atom.end if atom else match.end()
    note = "" if atom else f"; no mark is named, {known!r} stands once in every {source}"
    behind = match["side"] in ("after", "behind", "following")
    if "number" in match["what"]:
        pattern = rf"{mark}\s*{NUMBER}" if behind else rf"{NUMBER}\s*{mark}"
        value = f"regexp_extract({name_of_text(source)}, {text_literal(pattern)}, 1)"
    else:
        pattern = rf"(?s){mark}\s*(.*?)\s*$" if behind else rf"(?s)^\s*(.*?)\s*{mark}"
        value = f"regexp_extract({name_of_text(source)}, {text_literal(pattern)}, 1)"
    target = new or source
    return [Wish(op="derive", id=f"with_{_slug(target)}", stage=ADD, params={"column": target, "value": value}, span=(match.start(), end),
                 evidence=f"derive {target} = {value}, from {phrase.text[match.start() : end]!r}{note}")]  # fmt: skip


def _source_with(phrase: Phrase, scene: Scene) -> str | None:
    """The column that a mark stands in: one named here or anywhere in the goal, else the text."""
    from .clauses import split

    here = [mention.column.name for mention in mentions(phrase, scene.main) if mention.column.kind == "text"]
    if here:
        return here[-1]
    for other in split(scene.goal):
        names = [mention.column.name for mention in mentions(other, scene.main) if mention.column.kind == "text"]
        if names:
            return names[0]
    return scene.main.text.name if scene.main.text else None


def _put_together(phrase: Phrase, scene: Scene, new: str | None) -> list[Wish]:
    match = re.search(r"\b(?:join|concatenat\w+|combin\w+|merg\w+|put together|glue|consist\w+ of|made of|from)\b", phrase.lower)
    names = [name for name in named(phrase, scene.main) if name != new]
    if not match or len(names) < 2 or not new:
        return []
    separator = (
        "chr(10)"
        if re.search(r"\b(?:newline|line break|new line)\b", phrase.lower)
        else "' '"
        if re.search(r"\bspace\b", phrase.lower)
        else "chr(10) || chr(10)"
    )
    quoted = [atom.value for atom in phrase.atoms if atom.kind == "quoted" and nearest(atom.value, scene.main) is None and atom.value != new]
    separator = text_literal(quoted[0]) if quoted else separator
    value = f"concat_ws({separator}, {', '.join(name_of_text(name) for name in names)})"
    return [
        Wish(
            op="derive",
            id=f"with_{_slug(new)}",
            stage=ADD,
            params={"column": new, "value": value},
            span=match.span(),
            evidence=f"derive {new} = {value}",
        )
    ]


def _rename(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    names: dict[str, str] = {}
    sign = rf"(?:{HIDDEN}+|[A-Za-z_]\w*)"
    for match in re.finditer(rf"(?P<old>{sign})\s+(?:to|as|into|->|should be (?:called|named)|->)\s+(?P<new>{sign})", _shown(phrase)):
        old, new = _said(phrase, match, "old"), _said(phrase, match, "new")
        column = nearest(old, scene.main)
        if column:
            names[column] = new
        elif re.search(r"\brenam", phrase.lower):
            return Trouble("ask", f"There is no column {old!r} to rename; the data has {', '.join(scene.main.names)}. Which one is meant?")
    if not names:
        return []
    shown = ", ".join(f"{old} to {new}" for old, new in names.items())
    return [Wish(op="rename", id="renamed", stage=COLUMNS, params={"names": names}, span=(0, len(phrase.lower)), evidence=f"rename: {shown}")]


def _shown(phrase: Phrase) -> str:
    return "".join(HIDDEN if low == HIDDEN else sign for sign, low in zip(phrase.text, phrase.lower, strict=True))


def _said(phrase: Phrase, match: re.Match[str], group: str) -> str:
    atom = next((atom for atom in phrase.atoms if atom.start == match.start(group)), None)
    return atom.value if atom else match[group]


def _drop_columns(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    other = re.search(r"\b(?:all )?(?:the )?(?:other|remaining) (?:columns|fields)\b", phrase.lower)
    names = _listed(phrase, scene)
    if other and names:
        return [
            Wish(
                op="select_columns",
                id="columns",
                stage=COLUMNS,
                params={"columns": names},
                span=(0, len(phrase.lower)),
                evidence=f"select_columns: {', '.join(names)}",
            )
        ]
    joined = list(scene.joined)
    if re.search(r"\b(?:label|joined|added|looked-up|new|extra)\s+(?:columns|fields)\b", phrase.lower) and joined:
        names = joined
    absent = _absent(phrase, scene)
    if absent:
        return Trouble("ask", f"There is no column {absent!r}; the data has {', '.join(scene.main.names)}. Which one is meant?")
    if not names or re.search(r"\bduplicat|\bempty\b|\bmissing\b|\bwhere\b|\bwhose\b|\brows\b", phrase.lower):
        return []
    return [
        Wish(
            op="drop_columns",
            id="without_columns",
            stage=COLUMNS,
            params={"columns": names},
            span=(0, len(phrase.lower)),
            evidence=f"drop_columns: {', '.join(names)}",
        )
    ]


def _listed(phrase: Phrase, scene: Scene) -> list[str]:
    names = list(named(phrase, scene.main))
    for table in scene.references:
        names += [name for name in named(phrase, table) if name not in names]
    return names + [name for name in scene.made if re.search(rf"\b{re.escape(name.lower())}\b", phrase.lower) and name not in names]


def _absent(phrase: Phrase, scene: Scene) -> str | None:
    """A quoted or underscored name that no input has."""
    known = {name for table in scene.tables.values() for name in table.names} | set(scene.made)
    for word in [*phrase.quoted(), *re.findall(r"\b[A-Za-z]+(?:_[A-Za-z0-9]+)+\b", _shown(phrase))]:
        if word not in known and all(nearest(word, table) is None for table in scene.tables.values()):
            return word
    return None


def name_of_text(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else f'"{name}"'


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "column"


__all__ = ["name_of", "new_columns", "read_chunks", "read_columns", "read_join", "read_new_column"]
