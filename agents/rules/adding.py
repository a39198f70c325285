"""Reads which columns to add: a length, the language, a part of another column, columns put together."""

import re

from .clauses import HIDDEN, Phrase, split
from .columns import mentions, named, nearest, text_of
from .sql import text_literal
from .wishes import ADD, EXTRACT, Scene, Trouble, Wish

_NEW = re.compile(
    r"\b(?:columns?|fields?)\s+(?:called\s+|named\s+)?(?P<a>[\ue000]+|[a-z]\w*)\b|\b(?:a\s+|an\s+|the\s+)?(?:new\s+|"
    r"extra\s+|additional\s+)(?:columns?|fields?)\s+(?:called\s+|named\s+)?(?P<b>[\ue000]+|[a-z]\w*)|"
    r"\b(?:as|into|in|to|called|named)\s+(?:an?\s+|the\s+)?(?:new\s+)?(?:columns?\s+|fields?\s+)?(?:called\s+|"
    r"named\s+)?(?P<c>[\ue000]+|[a-z]\w*)(?:\s+(?:column|field))?\s*$"
)
_WITH = re.compile(
    r"\b(?:add|create|make|append|attach|compute|derive)\s+(?:an?\s+|the\s+)?(?P<name>[\ue000]+|[a-z]\w*_\w+|[a-z]+)\s*(?:with|=|:|for|as|holding|containing)\s+"
    r"(?:the\s+)?(?:number|count|length|language|word|character|amount|how (?:many|long)|final|last|part|text)\b"
)  # `add n_words with the number of words`
_ADDS = re.compile(
    r"\b(?:add|create|make|put|append|compute|calculate|derive|attach|insert|include|store|write|count|measure|give|"
    r"annotate|extract|save|record|note|concatenate|combine|join|merge|make|glue)\b"
)
_LANGUAGE_OF = re.compile(r"\b(?:the\s+|its\s+|detected\s+)*language\b(?:\s+(?:code|of|each|name))*")
_PART = re.compile(
    r"\b(?:the\s+)?(?P<what>(?:only\s+)?(?:the\s+)?(?:final\s+|last\s+)?(?:number|text|part|everything|answer|result|"
    r"solution|value|what (?:comes|stands|is)|rest|words?|string))\s+(?:that\s+)?(?:comes?\s+|stands?\s+|is\s+|"
    r"right\s+)?\(?(?P<side>after|behind|following|before|in front of|preceding)\s*(?:the\s+)?(?:last\s+|first\s+|marker\s+|"
    r"sign\s+|string\s+|separator\s+|delimiter\s+)*$"
)
_CONSTANT = re.compile(
    r"\b(?:that (?:always )?says|(?:with|of) the (?:constant |fixed )?value|set to|filled with|with the (?:word|text|"
    r"constant)|always equal to|which is always)\s+"
    r"(?P<what>[\ue000]+|[\w-]+)\s*(?:everywhere|in (?:all|every) rows?|for (?:all|every) rows?)?[ .!]*$"
)
NUMBER = r"(-?[$]?\d[\d,]*(?:\.\d+)?)"


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A column to add: a length, the language, a part of another column, or columns put together."""
    if not _ADDS.search(phrase.lower) or phrase.side == "drop" or re.search(r"\bmessages column\b", phrase.lower):
        return []
    new = new_name(phrase, scene)
    part = _part(phrase, scene, new) or _last(phrase, scene, new)
    if part:
        return part
    fixed = _constant(phrase, new)
    if fixed:
        return fixed
    column = text_of(phrase, scene.main)
    length = re.search(
        r"\b(?P<a>word|character|char|letter)s?[ -]?(?:counts?|length|numbers?)\b|\b(?:number|count|"
        r"amount) of (?:the )?(?P<b>words?|characters?|chars|letters)\b|\bhow many (?P<c>words|characters|letters)\b|"
        r"\blengths?\b(?: in (?P<d>words|characters))?|\bhow long\b",
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


def _constant(phrase: Phrase, new: str | None) -> list[Wish]:
    """`a column source that says gsm`: the same value in every row."""
    match = _CONSTANT.search(phrase.lower)
    if new is None or match is None:
        return []
    atom = next((atom for atom in phrase.atoms if atom.start == match.start("what")), None)
    value = text_literal(atom.value if atom else phrase.text[match.start("what") : match.end("what")])
    evidence = f"derive {new} = {value} in every row"
    return [Wish(op="derive", id=f"with_{_slug(new)}", stage=ADD, params={"column": new, "value": value}, span=match.span(), evidence=evidence)]


def new_columns(phrases: list[Phrase], scene: Scene) -> tuple[str, ...]:
    """Names of columns that the goal wants made, so that they are not taken for missing ones."""
    return tuple(name for phrase in phrases if _ADDS.search(phrase.lower) and (name := new_name(phrase, scene)))


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


def new_name(phrase: Phrase, scene: Scene) -> str | None:
    for match in (*_NEW.finditer(phrase.lower), *_WITH.finditer(phrase.lower)):
        group = next(name for name in ("a", "b", "c", "name") if name in match.groupdict() and match[name])
        name = phrase.text[match.start(group) : match.end(group)]
        if HIDDEN in match[group]:
            atom = next((atom for atom in phrase.atoms if atom.start == match.start(group)), None)
            if atom is None or atom.kind != "quoted":
                continue
            name = atom.value
        if (
            name.lower()
            in (
                "with",
                "as",
                "that",
                "which",
                "for",
                "holding",
                "containing",
                "of",
                "text",
                "it",
                "them",
                "and",
                "the",
                "to",
                "is",
                "the same",
                "place",
                "column",
                "field",
                "new",
            )
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
        value = f"regexp_extract({_quoted(source)}, {text_literal(pattern)}, 1)"
    else:
        pattern = rf"(?s){mark}\s*(.*?)\s*$" if behind else rf"(?s)^\s*(.*?)\s*{mark}"
        value = f"regexp_extract({_quoted(source)}, {text_literal(pattern)}, 1)"
    target = new or source
    return [
        Wish(
            op="derive",
            id=f"with_{_slug(target)}",
            stage=EXTRACT,
            params={"column": target, "value": value},
            span=(match.start(), end),
            evidence=f"derive {target} = {value}, from {phrase.text[match.start() : end]!r}{note}",
        )
    ]


def _last(phrase: Phrase, scene: Scene, new: str | None) -> list[Wish]:
    """`the final number` of a text."""
    match = re.search(r"\b(?:final|last) number\b", phrase.lower)
    source = _source_with(phrase, scene)
    if not match or source is None or new is None:
        return []
    value = f"regexp_extract({_quoted(source)}, {text_literal(r'(-?[0-9][0-9,]*(?:[.][0-9]+)?)[^0-9]*$')}, 1)"
    return [
        Wish(
            op="derive",
            id=f"with_{_slug(new)}",
            stage=EXTRACT,
            params={"column": new, "value": value},
            span=match.span(),
            evidence=f"derive {new} = {value}",
        )
    ]


def _source_with(phrase: Phrase, scene: Scene) -> str | None:
    """The column that a mark stands in: one named here or anywhere in the goal, else the text."""
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
    value = f"concat_ws({separator}, {', '.join(_quoted(name) for name in names)})"
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


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else f'"{name}"'


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "column"
