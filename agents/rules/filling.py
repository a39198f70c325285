"""Reads wishes about the values of columns: fill what is missing, change their type, take records apart."""

import re

import pyarrow as pa

from .clauses import HIDDEN, Phrase, split
from .columns import Mention, called, mentions
from .profile import Column
from .wishes import COLUMNS, EXTRACT, FIX, Scene, Trouble, Wish

_GAP = r"(?:missing|null|nulls|nan|nans|absent|unset|none|empty|blank|n/a|without a value)"
_FILLS = re.compile(
    rf"\b(?:fill\w*|imput\w+|replac\w+|substitut\w+|set|turn\w*|chang\w+|convert\w*|default\w*)\b[^.;]*\b{_GAP}\b|\bfill\w*\s+(?:in|up|the|"
    rf"gaps|empty)\b|\bfillna\b|"
    rf"\b(?:if|where|when|wherever|whenever)\b[^.;]*\b(?:is|are)\s+{_GAP}\b[^.;]*\b(?:use|take|put|set|write|fill|insert)\b|"
    rf"\b(?:use|take|put|set|write|insert)\b[^.;]*\b(?:if|where|when|wherever|whenever|instead of)\b[^.;]*\b{_GAP}\b|"
    rf"\b{_GAP}\b[^.;]*\b(?:becomes?|gets?|reads?|(?:should|shall|must|is to|are to) (?:be|read|become|say))\s|\bfall\w* back\b|\bcoalesce\b"
)
_NO_TEXT = re.compile(r"\b(?:lines?|rows?|strings? in|paragraphs?|spaces|tags)\s+(?:with|by|from|that|which)\b|\bempty (?:lines|paragraphs|rows)\b")
_BY = re.compile(
    rf"\b(?:with|by|to|as|into|from|be|becomes?|gets?|reads?|says?|put|use|insert|write|take)\s+(?:an?\s+|the\s+)?(?:(?:value|text|string|word|"
    rf"constant|default|number|"
    rf"values? of|values? (?:from|in)|content of|"
    rf"column|one (?:in|from|of))\s+)*(?:the\s+)?(?P<what>{HIDDEN}+|empty(?: string| text)?|nothing|zeros?|-?\d+(?:\.\d+)?|true|false|"
    rf"unknown|none|n/a|[a-z]\w*)"
)
_BLANK = re.compile(r"\b(?:empty|blank)\b")
_TYPES = {
    "integer": r"integers?|ints?|whole numbers?|int64|int32|bigint",
    "number": r"numbers?|floats?|numeric|decimals?|doubles?|floating[- ]point(?: numbers?)?|reals?",
    "text": r"strings?|texts?|str|varchar",
    "boolean": r"booleans?|bools?|flags?|true/false|true or false",
    "timestamp": r"timestamps?|datetimes?|date ?times?|times",
    "date": r"dates?",
}
_KINDS = "|".join(_TYPES.values())
_CASTS = re.compile(
    r"\b(?:(?:cast|convert|turn|pars|chang|read|treat|transform|stor|coerc|interpret|mak)\w*\b[^.;]*?\b(?:in ?to|to|as|of type|the type)|"
    r"(?:mak\w+|be|is)\b[^.;]*?\ban?(?=\s))\s+(?:an?\s+|of\s+|type\s+|real\s+|proper\s+|plain\s+)*"
    rf"(?P<kind>{_KINDS})(?=\s*(?:$|[.,;:()]|columns?\b|values?\b|and\b|please\b|where\b|when\b|if\b|type\b|instead\b))"
)
_STRICT = re.compile(r"\b(?:quarantine|set aside|fail on|reject)\b")
_UNFIT = re.compile(
    r"\b(?:(?:not|n't|cannot|can't|never)\b[^.;]*\b(?:pars\w*|convert\w*|fit\w*|read|cast|be turned)|unparse?able|invalid|malformed)\b"
)
_UNNEST = re.compile(
    r"\b(?:unnest\w*|unpack\w*|flatten\w*|un-?nest\w*|spread)\b|\b(?:fields?|keys?|entries)\b[^.;]{0,40}\b(?:in ?to|as|to)\b[^.;]{0,20}\bcolumns\b|"
    r"\b(?:expand|split|turn|take|break|convert)\w*\b[^.;]{0,40}\b(?:into|apart|up|as)\b[^.;]{0,24}\bcolumns?\b|\btake\b[^.;]*\bapart\b|"
    r"\b(?:pull|extract|take|get|lift|bring|move)\b[^.;]*\b(?:out of|from)\b"
)
_DEEP = re.compile(r"\b(?:deep\w*|recursive\w*|all levels|completely|fully|nested ones too)\b")
_KEEPS = re.compile(r"\bkeep\w*\b[^.;]{0,20}\b(?:the )?(?:original|record|struct|it|itself)\b")
_PREFIX = re.compile(r"\bprefix\w*\s+(?:by\s+|with\s+|of\s+|the names? with\s+|them with\s+)?(?P<what>[a-z]\w*_|[\ue000]+)")


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Whichever of them a clause asks for."""
    if phrase.side == "drop":
        return []
    return _fills(phrase, scene) or _casts(phrase, scene) or _unnests(phrase, scene)


def explains(phrase: Phrase, scene: Scene) -> bool:
    """`set aside what does not parse`: what another clause, which turns values into a type, does with those that do not fit."""
    casts = any(other.text != phrase.text and _CASTS.search(other.lower) for other in split(scene.goal))
    return casts and bool(_STRICT.search(phrase.lower) and _UNFIT.search(phrase.lower))


def _fills(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    if not _FILLS.search(phrase.lower) or _NO_TEXT.search(phrase.lower):
        return []
    named = mentions(phrase, scene.main)
    by = next(iter(_BY.finditer(phrase.lower, _verb_end(phrase))), None)
    other = next((one for one in named if by and _is_at(one, by)), None)
    targets = [one for one in named if one is not other and not (by and other is None and by.start("what") <= one.start < by.end("what"))]
    if not targets:
        found = called(phrase, scene.main)
        if found is None or (by and re.match(rf"{found.name}\b", by["what"])):
            return []
        columns = [found]
    else:
        columns = list({one.column.name: one.column for one in targets}.values())
    fall = re.search(r"\bfall\w* back (?:to|on)\s+(?:the\s+)?", phrase.lower)
    if fall and other is None:
        other = next((one for one in named if one.start >= fall.end()), None)
        columns = [column for column in columns if other is None or column is not other.column]
    if by is None and other is None:
        return Trouble("ask", f"{phrase.text!r}: fill what is missing in {', '.join(column.name for column in columns)} with what?")
    if other is not None:
        return [_filled(phrase, column, {"other": True}, {"column": column.name, "other": other.column.name}) for column in columns]
    assert by is not None
    made = []
    for column in columns:
        value = _value(phrase, by, column)
        if value is None:
            return Trouble("ask", f"{phrase.text!r}: {by['what']!r} is no value of {column.name}, which holds {column.type}. Which value is meant?")
        made.append(_filled(phrase, column, {"value": value}, {"column": column.name}))
    return made


def _verb_end(phrase: Phrase) -> int:
    verb = re.search(r"\b(?:fill\w*|imput\w+|replac\w+|substitut\w+|set|turn\w*|chang\w+|convert\w*|default\w*|if|where|when)\b", phrase.lower)
    put = re.match(r"\s*(?:use|put|take|write|insert)\b", phrase.lower)
    return 0 if put or not verb else verb.end()


def _is_at(one: Mention, by: re.Match[str]) -> bool:
    """Whether the column is what is put there: named there, or there as `the text column`."""
    return (one.start < by.end("what") and by.start("what") < one.end) or (
        HIDDEN not in by["what"] and by.start() <= one.start and one.end <= by.end()
    )


def _filled(phrase: Phrase, column: Column, params: dict[str, object], on: dict[str, str | list[str]]) -> Wish:
    if _BLANK.search(phrase.lower) and column.kind == "text" and params.get("value") != "":
        params = {**params, "blanks": True}
    shown = on.get("other") or repr(params.get("value"))
    evidence = f"fill_missing {column.name} with {shown}"
    return Wish(op="fill_missing", id=f"filled_{column.name}", stage=FIX, params=params, on=on, span=(0, len(phrase.text)), evidence=evidence)


def _value(phrase: Phrase, by: re.Match[str], column: Column) -> object:
    """What the clause says to put there, as the column's type has it; none where it has no such value."""
    atom = next((atom for atom in phrase.atoms if atom.start == by.start("what")), None)
    said = atom.value if atom else phrase.text[by.start("what") : by.end("what")]
    plain = said.lower()
    if column.kind == "text" or pa.types.is_null(column.type):
        return "" if atom is None and (plain.startswith("empty") or plain == "nothing") else said
    if column.kind == "number":
        number = {"zero": "0", "zeros": "0"}.get(plain, said)
        if not re.fullmatch(r"-?\d+(?:\.\d+)?", number):
            return None
        return int(number) if "." not in number else float(number)
    return {"true": True, "false": False}.get(plain) if column.kind == "flag" else None


def _casts(phrase: Phrase, scene: Scene) -> list[Wish]:
    match = _CASTS.search(phrase.lower)
    named = list({one.column.name: one.column for one in mentions(phrase, scene.main)}.values())
    if match is None or not named or re.search(r"\b(?:lines|words|sentences|rows|chat|messages|one|single|lower|upper)\b", phrase.lower):
        return []
    kind = next(kind for kind, words in _TYPES.items() if re.fullmatch(words, match["kind"]))
    columns = [
        column
        for column in named
        if not (kind == "text" and column.kind == "text") and column.kind != "nested" and column.name.lower() != match["kind"]
    ]
    if not columns:
        return []
    params: dict[str, object] = {"columns": {column.name: kind for column in columns}}
    params |= {"invalid": "quarantine"} if _STRICT.search(scene.goal.lower()) and _UNFIT.search(scene.goal.lower()) else {}
    names = ", ".join(column.name for column in columns)
    return [
        Wish(
            op="cast",
            id="typed",
            stage=EXTRACT,
            params=params,
            span=(0, len(phrase.text)),
            evidence=f"cast {names} to {kind}",
        )
    ]


def _unnests(phrase: Phrase, scene: Scene) -> list[Wish]:
    records = [column for column in scene.main.columns if pa.types.is_struct(column.type)]
    if not records or not _UNNEST.search(phrase.lower):
        return []
    named = [one.column for one in mentions(phrase, scene.main) if one.column in records]
    generic = re.search(r"\b(?:records?|structs?|nested|objects?|dict\w*|metadata|fields?|maps?)\b", phrase.lower)
    chosen = named or (records if generic and len(records) == 1 else [])
    made: list[Wish] = []
    pulls = re.search(r"\b(?:pull|extract|take|get|lift|bring|move)\b[^.;]*\b(?:out of|from)\b", phrase.lower)
    for column in chosen if not pulls or named else []:
        fields = [field.name for field in column.type if pulls and re.search(rf"(?<![\w]){re.escape(field.name.lower())}(?![\w])", phrase.lower)]
        if pulls and not fields:
            continue
        params: dict[str, object] = {"fields": fields} if fields else {"deep": True} if _DEEP.search(phrase.lower) else {}
        prefix = _PREFIX.search(phrase.lower)
        atom = next((atom for atom in phrase.atoms if prefix and atom.start == prefix.start("what")), None)
        params |= {"prefix": atom.value if atom else prefix["what"]} if prefix else {}
        span = (0, len(phrase.text))
        made.append(Wish(op="unnest", id=f"fields_of_{column.name}", stage=EXTRACT, params=params, on={"record": column.name}, span=span,
                         evidence=f"unnest {column.name}"))  # fmt: skip
        if not _KEEPS.search(phrase.lower) and not fields:
            made.append(Wish(op="drop_columns", id="without_columns", stage=COLUMNS, params={"columns": [column.name]}, span=span,
                             evidence=f"drop_columns: {column.name}, whose fields are columns now"))  # fmt: skip
    return made
