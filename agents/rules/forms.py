"""Reads of what form a text is: JSON, spam, swearing, cut off, of one script, of one site, beginning with one of some words."""

import re

from . import slots
from .clauses import Phrase, goes
from .columns import text_of
from .profile import Column
from .wishes import CHEAP, FILTER, Scene, Wish

Found = tuple[str, dict[str, object], tuple[int, int], bool]  # operator, parameters, where it is said, whether these rows go by the port `dropped`

_JSON = re.compile(
    r"\b(?P<bad>broken|invalid|malformed|unparseable|ill-formed)\s+json\b|\b(?:valid|well-?formed|parseable|correct|proper)\s+json\b"
    r"|\bjson (?:that|which) parses\b|\bpars(?:e|es|eable)\s+as json\b|\b(?:is|are|be)\s+(?:a |an )?json\b(?! (?:file|lines))"
)
_JSON_KIND = re.compile(r"\bjson\s+(?P<kind>object|array)s?\b")
_SPAM = re.compile(
    r"\bspam(?:my)?\b(?!\s+(?:column|field|label|score|words?|folder))|\b(?:scam|promotional|junk) messages\b|\bunwanted advertising\b"
)
_FOUL = re.compile(
    r"\bprofan\w+|\b(?:foul|bad|crude|vulgar|obscene) language\b|\bfoul-mouthed\b|\bswear(?:ing|words?)?\b(?: words?)?|\bcursing\b|"
    r"\b(?:curse|cuss|dirty|vulgar|obscene|offensive|four-letter|bad) words\b|\bexpletives?\b|\bslurs?\b|\bobscenities\b|\bvulgarity\b"
)
_CUT = re.compile(
    r"\b(?:are|is|were|was|got|been|seem|look|get)\s+(?:cut off|cut short|truncated|unfinished)\b|\b(?:truncated|unfinished|cut-off)\s+"
    r"(?:texts?|sentences?|answers?|responses?|outputs?|documents?|replies|completions?|articles?)\b"
    r"|\b(?:end|ends|ending|stop|stops|break off|breaks off)\s+(?:in the middle of an?|mid-?)\s?sentence\b"
)
WHOLE = ("stop", "ellipsis", "quote", "bracket")  # how a text ends that was not cut off
SCRIPTS = {
    "latin": "Latin", "roman": "Latin", "cyrillic": "Cyrillic", "greek": "Greek", "arabic": "Arabic", "hebrew": "Hebrew",
    "devanagari": "Devanagari", "bengali": "Bengali", "tamil": "Tamil", "telugu": "Telugu", "thai": "Thai", "georgian": "Georgian",
    "armenian": "Armenian", "hangul": "Hangul", "korean": "Hangul", "hiragana": "Hiragana", "katakana": "Katakana", "chinese": "Han",
    "han": "Han", "khmer": "Khmer", "ethiopic": "Ethiopic", "gujarati": "Gujarati", "gurmukhi": "Gurmukhi", "kannada": "Kannada",
    "malayalam": "Malayalam", "tibetan": "Tibetan", "lao": "Lao", "burmese": "Myanmar",
}  # fmt: skip
_SCRIPT = re.compile(
    rf"(?:\bcontain(?:s|ing)?\s+)?(?:\b(?:mostly|mainly|only)\s+)?\b(?P<name>{'|'.join(SCRIPTS)})\s+(?:script|alphabet|letters|writing)\b|\b(?P<alone>cyrillic|devanagari|hangul|hiragana|katakana)\b"
)
_DOMAIN = r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?!(?:jsonl?|csv|tsv|parquet|txt|zst|gz|md|html?)\b)[a-z]{2,}"
_SITES = re.compile(
    rf"\b(?:from|of|on|at|by|domains?|sites?|hosts?)\s+(?:the )?(?:(?:(?:web)?sites?|domains?|hosts?|urls?)\s*:?\s+)?"
    rf"(?P<list>{_DOMAIN}(?:(?:,\s*(?:or |and )?|\s+(?:or|and)\s+){_DOMAIN})*)"
)
_ADDRESS = re.compile(r"url|link|href|address|site|domain|source|uri", re.I)
_STARTS = re.compile(r"\b(?:start|begin|open)(?:s|ing|ning)?\s+(?:with|by)\s+(?:the words?\s+|the phrases?\s+|either\s+|one of\s+|any of\s+)*")


def read(phrase: Phrase, scene: Scene) -> list[Wish]:
    """Filters by form that the clause asks for."""
    if phrase.side not in ("keep", "drop"):
        return []
    column = text_of(phrase, scene.main)
    found = [_sites(phrase, scene)]
    if column is not None:
        found += [_one(reader(phrase, scene), column) for reader in (_json, _spam, _foul, _cut, _script, _starts)]
    wishes: list[Wish] = []
    for wish in filter(None, found):
        if not any(wish.span[0] < other.span[1] and other.span[0] < wish.span[1] for other in wishes):
            wishes.append(wish)
    return wishes


def _one(found: Found | None, column: Column) -> Wish | None:
    if found is None:
        return None
    op, params, span, inverse = found
    stage, shown = FILTER if op in ("script", "is_json") else CHEAP, ", ".join(f"{name}={value}" for name, value in params.items())
    evidence = f"{op} of {column.name}{': ' if shown else ''}{shown}"
    return Wish(
        op=op, id=op, stage=stage, params=params, on=column.name, port="dropped" if inverse else "kept", filters=True, span=span, evidence=evidence
    )


def _json(phrase: Phrase, scene: Scene) -> Found | None:
    match = _JSON.search(phrase.lower)
    if not match or re.search(r"\b(?:write|save|output(?! (?:is|are|must|should|has|have)\b)|export)\b", phrase.lower[: match.start()]):
        return None
    wants_bad = goes(phrase, match.start()) != bool(match["bad"])
    kind = _JSON_KIND.search(phrase.lower)
    params: dict[str, object] = {"keep": "invalid"} if wants_bad else {"kinds": [kind["kind"]]} if kind else {}
    return "is_json", params, match.span(), False


def _spam(phrase: Phrase, scene: Scene) -> Found | None:
    match = _SPAM.search(phrase.lower)
    if not match or any("spam" in label.lower() for column in scene.main.columns for label in column.labels):
        return None  # where a column tells, it is asked
    return "spam_like", {"at_most": 0.5} if goes(phrase, match.start()) else {"at_least": 0.5}, match.span(), False


def _foul(phrase: Phrase, scene: Scene) -> Found | None:
    match = _FOUL.search(phrase.lower)
    names_words = phrase.quoted() or re.search(r"\(|\b(?:like|such as|e\.g\.|namely|words?:)\s", phrase.lower)
    if not match or names_words or slots.bounds(phrase.lower):
        return None
    return "profanity", {"at_most": 0} if goes(phrase, match.start()) else {"at_least": 1}, match.span(), False


def _cut(phrase: Phrase, scene: Scene) -> Found | None:
    match = _CUT.search(phrase.lower)
    return ("last_character", {"kinds": list(WHOLE)}, match.span(), not goes(phrase, match.start())) if match else None


def _script(phrase: Phrase, scene: Scene) -> Found | None:
    match = _SCRIPT.search(phrase.lower)
    if not match:
        return None
    return "script", {"scripts": [SCRIPTS[match["name"] or match["alone"]]]}, match.span(), goes(phrase, match.start())


def _starts(phrase: Phrase, scene: Scene) -> Found | None:
    """Several beginnings; one alone is a pattern like any other."""
    match = _STARTS.search(phrase.lower)
    said = [atom for atom in phrase.atoms if atom.kind == "quoted" and match and atom.start >= match.end()]
    if not match or len(said) < 2 or said[0].start != match.end():
        return None
    params: dict[str, object] = {"beginnings": [atom.value for atom in said]}
    return "starts_with", params | ({"keep": "others"} if goes(phrase, match.start()) else {}), (match.start(), said[-1].end), False


def _sites(phrase: Phrase, scene: Scene) -> Wish | None:
    match = _SITES.search(phrase.lower)
    column = next((one for one in scene.main.columns if one.kind == "text" and _ADDRESS.search(one.name)), None)
    if not match or column is None:
        return None
    domains = re.findall(_DOMAIN, match["list"])
    params: dict[str, object] = {"domains": domains} if goes(phrase, match.start("list")) else {"domains": domains, "keep": "listed"}
    evidence = f"url_domain of {column.name}: {', '.join(domains)}"
    return Wish(op="url_domain", id="url_domain", stage=CHEAP, params=params, on=column.name, filters=True, span=match.span(), evidence=evidence)
