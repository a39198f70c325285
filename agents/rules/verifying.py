"""Reads what answers must be, of one column: code that parses, JSON of a shape, no refusals."""

import json
import re

from .agreeing import ENSURES
from .clauses import HIDDEN, Phrase, goes
from .code_signs import FENCED
from .columns import text_of
from .profile import Column
from .wishes import FILTER, Scene, Trouble, Wish

LANGUAGES = {
    "python": "python", "python3": "python", "py": "python", "javascript": "javascript", "js": "javascript", "typescript": "typescript",
    "java": "java", "golang": "go", "rust": "rust", "c++": "cpp", "cpp": "cpp", "c#": "csharp", "csharp": "csharp", "bash": "bash", "shell": "bash",
    "ruby": "ruby", "php": "php", "html": "html", "css": "css", "sql": "sql",
}  # fmt: skip
_LANGUAGE = re.compile(
    rf"(?<![\w+#])(?P<name>{'|'.join(re.escape(name) for name in sorted(LANGUAGES, key=len, reverse=True))})(?![\w+#])"
    r"|\b(?P<short>c|go)(?= (?:code|programs?|functions?|snippets?|sources?)\b)|(?<=\bin )(?P<after>c|go)(?=\s*(?:$|[,.;)]))"
)
_NAMED = "|".join(re.escape(name) for name in sorted(LANGUAGES, key=len, reverse=True))
_CODE = (
    rf"(?:code|programs?|snippets?|scripts?|functions?|source|syntax|code blocks?|(?<![\w+#])(?:{_NAMED})(?![\w+#])(?: code| snippets?|"
    rf" programs?| functions?| scripts?)?)"
)
_BAD_CODE = re.compile(
    rf"\bsyntax errors?\b|\b(?:broken|invalid|malformed|non-?compiling|unparseable|ill-formed)\s+(?:(?:python|sql|java|javascript)\s+)?{_CODE}"
    r"|\b(?:compile|compilation|parse|parsing) errors?\b|\b(?:syntactically (?:wrong|invalid|incorrect|broken))\b|\bfails? to (?:compile|parse)\b"
)
_GOOD_CODE = re.compile(
    rf"\b(?:valid|well-?formed|parse?able|compilable|compiling|syntactically (?:correct|valid))\s+{_CODE}"
    rf"|{_CODE}(?=\s)[^.;,]{{0,40}}?\b(?:parses?|compiles?|be parsed|be compiled)\b"
    rf"|\b(?:parses?|compiles?|be parsed|be compiled) (?:as|into|in|with|under) (?:valid )?{_CODE}|\bsyntax (?:is|must be|"
    rf"should be) (?:valid|correct|right)\b"
)
_IN_FENCES = re.compile(r"\b(?:fences?|fenced|code blocks?|markdown blocks?|backticks|code fences?)\b")
_GO = re.compile(r"\b(?:go|goes|out|away|leave|dropped|removed)\b")
_REFUSES = re.compile(
    r"\brefus(?:e|es|ed|ing|als?)\b(?! (?:column|field|label|score))|\bdeclin(?:e|es|ed|ing) to (?:answer|help|respond|reply|assist)\b"
    r"|\bdeclines?\b(?= (?:the |a |their )?(?:request|question|task))|\b(?:says?|saying) (?:that )?(?:it|they) (?:can't|cannot|can not) help\b"
)
_EXCUSES = re.compile(
    r"\bas an? ai\b(?: (?:language )?model)?|\bai disclaimers?\b|\bmorali[sz]ing\b|\bdisclaimers?\b|\blectur(?:es?|ing)\b(?= (?:the |"
    r"about|people|users?))"
)
_QUOTED_REFUSAL = re.compile(
    r"as an ai|language model|(?:sorry|apologi[sz]e)\b.*\b(?:can['’]?t|cannot|unable)|i (?:can['’]?t|cannot) (?:help|assist)", re.I
)
_LIKE = re.compile(r"\b(?:like|such as|similar to|kind of|e\.g\.|as in|style|sort)\W*$")
_JSON_KEYS = re.compile(
    r"\bjson\b(?: (?:objects?|documents?|texts?|values?))?[^.;]{0,40}?"
    r"\b(?P<what>(?:the |these |following |both |required |all )*(?:keys?|fields?|propert(?:y|ies)|members?|attributes?))(?: (?:named|"
    r"called|names))?\b[ :]*(?:of )?"
)
_ARTICLED = re.compile(r"\bjson\b(?: objects?)? (?:with|that (?:has|have|contains?)|having|containing|which (?:has|have)) (?=(?:an?|the) )")
_ITEM = re.compile(
    rf"(?:(?:an?|the|its)\s+)?(?P<name>[\w.$-]+|{HIDDEN}+)\s*(?:\((?:an?\s+)?(?P<type>[a-z ]+)\)|"
    rf":\s*(?P<also>[a-z]+))?(?P<next>\s*(?:,\s*(?:and\s+|or\s+)?|&\s*|\band\s+)|\s*(?=$|[.;)!]))"
)
_LACKS = re.compile(r"\b(?:without|lacks?|lacking|misses|missing)\b")
_BAD_JSON = re.compile(r"\b(?:broken|invalid|malformed)\s+json\b")
TYPES = {
    "string": "string", "text": "string", "str": "string", "integer": "integer", "int": "integer", "whole number": "integer", "number": "number",
    "float": "number", "numeric": "number", "boolean": "boolean", "bool": "boolean", "list": "array", "array": "array",
    "object": "object", "dict": "object",
}  # fmt: skip
SCHEMA_WORDS = {"type", "properties", "required", "items", "$ref", "anyOf", "oneOf", "allOf", "enum"}


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Filters by what the text of a column must be."""
    if phrase.side not in ("keep", "drop") and not ENSURES.match(phrase.lower):
        return []
    column = text_of(phrase, scene.main)
    if column is None:
        return []
    return _shaped(phrase, column) or _code(phrase, scene, column) or _refusals(phrase, scene, column)


def _code(phrase: Phrase, scene: Scene, column: Column) -> list[Wish] | Trouble:
    bad, good = _BAD_CODE.search(phrase.lower), _GOOD_CODE.search(phrase.lower)
    match = bad or good
    if match is None:
        return []
    verb = re.search(r"\b(?:parse|compile)\w*", match[0])  # `code that does not parse`: the negation stands within
    at = match.start() + (verb.start() if verb and not bad else 0)
    wants_good = goes(phrase, at) == bool(bad)
    params, said = _language(phrase, scene, column)
    if not params:
        return Trouble("ask", f"In which language is the code in {column.name!r}? Say, for instance, `valid Python code`.")
    explained = bool(bad) and wants_good and _GOOD_CODE.search(scene.goal.lower()) is not None  # `valid Python …; broken code goes`
    by_error = bad is not None and wants_good and phrase.side == "drop" and not explained
    params |= {"keep": "invalid"} if by_error or not wants_good else {}
    span = (0, len(phrase.text)) if explained and _GO.search(phrase.lower) else match.span()
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    evidence = f"code_compiles of {column.name}: {shown or 'language=python'}{said}"
    port = "dropped" if by_error else "kept"
    return [
        Wish(
            op="code_compiles",
            id="parses",
            stage=FILTER,
            params=params,
            on=_bound(params, column, scene),
            port=port,
            filters=True,
            span=span,
            evidence=evidence,
        )
    ]


def _bound(params: dict[str, object], column: Column, scene: Scene) -> str | dict[str, str | list[str]]:
    if params.get("language") != "column":
        return column.name
    told = _told(scene)
    return {"text": column.name, "language": told.name} if told else column.name


def _language(phrase: Phrase, scene: Scene, column: Column) -> tuple[dict[str, object], str]:
    """Parameters that say the language, and how it is known; none where nothing tells."""
    found = _LANGUAGE.search(phrase.lower)
    fenced = {"fenced": True} if _IN_FENCES.search(phrase.lower) or column.code == FENCED else {}
    if found:
        name = found["name"] or found["short"] or found["after"]
        return {"language": LANGUAGES.get(name, name), **fenced}, ""
    if _told(scene):
        return {"language": "column", **fenced}, ", as the column of languages says"
    said = _LANGUAGE.search(scene.goal.lower())
    if said and (said["name"] or said["short"]):
        return {"language": LANGUAGES.get(said["name"] or said["short"], said["short"] or ""), **fenced}, ", the language that the goal names"
    if fenced:
        return {"language": FENCED}, ", as the fences say"
    return ({"language": column.code}, f", most values look like {column.code}") if column.code else ({}, "")


def _told(scene: Scene) -> Column | None:
    """A column that names programming languages."""
    return next(
        (one for one in scene.main.columns if one.labels and sum(label.lower() in LANGUAGES for label in one.labels) * 2 > len(one.labels)), None
    )


def _refusals(phrase: Phrase, scene: Scene, column: Column) -> list[Wish]:
    refuses, excuses = _REFUSES.search(phrase.lower), _EXCUSES.search(phrase.lower)
    quoted = next((atom for atom in phrase.atoms if atom.kind == "quoted" and _QUOTED_REFUSAL.search(atom.value)), None)
    quoted = quoted if quoted and _LIKE.search(phrase.lower[: quoted.start]) else None  # else it is these words that are looked for
    match = refuses or excuses
    if (match is None and quoted is None) or any("refus" in label.lower() for one in scene.main.columns for label in one.labels):
        return []
    spans = [one.span() for one in (refuses, excuses) if one] + ([(quoted.start, quoted.end)] if quoted else [])
    start, end = min(spans)[0], max(stop for _, stop in spans)
    says_ai = excuses is not None or (quoted is not None and "ai" in quoted.value.lower().split())
    params: dict[str, object] = ({"disclaimers": "drop"} if says_ai else {}) if goes(phrase, start) else {"keep": "refusals"}
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    evidence = f"no_refusal of {column.name}{': ' if shown else ''}{shown}, from {quoted.value if quoted else phrase.text[start:end]}"
    return [
        Wish(
            op="no_refusal",
            id="no_refusals" if "keep" not in params else "refusals",
            stage=FILTER,
            params=params,
            on=column.name,
            filters=True,
            span=(start, end),
            evidence=evidence,
        )
    ]


def _shaped(phrase: Phrase, column: Column) -> list[Wish]:
    """`valid JSON with keys name and age`, or a schema between backticks."""
    keys = _JSON_KEYS.search(phrase.lower) or _ARTICLED.search(phrase.lower)
    given = next((atom for atom in phrase.atoms if _is_schema(atom.value)), None)
    if given:
        fits: dict[str, object] = json.loads(given.value)
        start, end = (min(keys.start(), given.start) if keys else given.start), given.end
    elif keys:
        named, end = _keys(phrase, keys.end())
        if not named:
            return []
        types = {name: {"type": kind} for name, kind in named.items() if kind}
        fits = {"type": "object", "required": list(named)} | ({"properties": types} if types else {})
        start = keys.start()
    else:
        return []
    at = re.search(r"\bjson\b|\bschema\b", phrase.lower)
    bad = _BAD_JSON.search(phrase.lower)
    lacks = keys is not None and _LACKS.search(phrase.lower[keys.start() : keys.end()]) is not None
    wants_bad = (goes(phrase, at.start() if at else start) != bool(bad)) != lacks
    params = {"fits": fits} | ({"keep": "invalid"} if wants_bad else {})
    lead = re.search(r"(?:\b(?:valid|well-?formed|parseable|broken|invalid|malformed)\s+|\b(?:is|are|be)\s+(?:an?\s+)?)$", phrase.lower[:start])
    span = (lead.start() if lead else start, end)
    evidence = f"json_schema of {column.name}: {json.dumps(fits)}"
    return [Wish(op="json_schema", id="fits_schema", stage=FILTER, params=params, on=column.name, filters=True, span=span, evidence=evidence)]


def _keys(phrase: Phrase, at: int) -> tuple[dict[str, str], int]:
    """The names that stand in a list from this place, each with its type where one is said, and where the list ends."""
    named: dict[str, str] = {}
    while item := _ITEM.match(phrase.lower, at):
        start, end = item.span("name")
        atom = next((atom for atom in phrase.atoms if atom.start <= start < atom.end), None)
        kind = (item["type"] or item["also"] or "").strip()
        named[atom.value if atom else phrase.text[start:end]] = TYPES.get(kind, "")
        at = item.end()
        if not item["next"].strip():
            break
    return named, at


def _is_schema(text: str) -> bool:
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and bool(SCHEMA_WORDS & found.keys())
