"""Reads wishes to take lines out of texts, by what they say or because they stand in many texts of a site."""

import re

from . import slots
from .clauses import Phrase
from .columns import mentions
from .profile import Column
from .repeats import NONE_STAYS, in_texts
from .rewriting import columns_of
from .slots import shares
from .wishes import DEDUPE, FIX, Scene, Trouble, Wish

_LINES = re.compile(r"\b(?:lines?|bullets?(?: points?)?|list items)\b")
_THESE = (
    r"(?:that|which|with|containing|contain\w*|having|starting|beginning|ending|matching|mentioning|about|of|shorter|longer|in|like|made of|"
    r"without|where|"
    r"whose|consisting|saying|under|over|below|above)"
)
_SUCH = re.compile(
    rf"\b(?P<kind>(?:all |any |every |very |too |the |those |these )*(?:(?P<short>short|tiny)|(?P<caps>all[- ]caps|upper-?case|"
    rf"capitali[sz]ed|shouted)|"
    rf"(?P<bullet>bullet(?:ed)?|list|bullet[- ]point)|(?P<ellipsis>ellipsis|trailing[- ]off)|(?P<unended>unfinished|incomplete|"
    rf"unpunctuated)) lines)\b|"
    rf"\blines?\s+{_THESE}\b|\b(?P<bullets>bullet points|bullets|list items)\b"
)
_WITHIN = re.compile(
    r"\b(?:in|from|of|within|inside|out of)\s+(?:each|every|the|all|any|my|its|their|these|those)\s+(?:\w+\s+)?\w+|\bwithin\b|\binside\b"
)
_CONTAINS = re.compile(
    r"\b(?:contain\w*|mention\w*|with|about|saying|says?|includ\w+|having|has|have|like)\s+(?:the\s+)?(?:words?\s+|phrases?\s+|"
    r"text\s+)?(?:either\s+|any of\s+)?$"
)
_STARTS = re.compile(r"\b(?:start\w*|begin\w*)\s+(?:with|by|in)\s+(?:an?\s+|the\s+|either\s+)?(?:word\s+|sign\s+|character\s+|prefix\s+)?$")
_ENDS = re.compile(r"\b(?:end\w*)\s+(?:with|in|on|by)\s+(?:an?\s+|the\s+|either\s+)?(?:word\s+|sign\s+|character\s+|suffix\s+)?$")
_MATCHES = re.compile(r"\b(?:match\w*|regex|regexp|regular expression|pattern)\s+(?:the\s+)?(?:regex\s+|regexp\s+|pattern\s+|expression\s+)*$")
_CAPS = re.compile(r"\b(?:in |are |is |entirely |only |all )*(?:all[- ]caps|all capitals|capitals|capital letters|upper-?case)\b")
_BULLET = re.compile(r"\b(?:start|begin)\w*\s+(?:with|by)\s+(?:an? )?bullets?\b|\bbullets?(?: points?)?\b")
_UNENDED = re.compile(
    r"\b(?:without|no|not|lack\w*|missing)\b[^.;]{0,40}\b(?:full stop|period|punctuation|end of a sentence|sentence[- ]end\w*|terminal|dot)\b|"
    r"\b(?:don't|do not|doesn't|not) end\w*\b[^.;]{0,30}\b(?:sentence|punctuation|full stop|period)"
)
_ENDED = re.compile(r"\bend\w*\s+(?:with|in|on|as)\s+(?:an?\s+|the\s+)?(?:full stop|period|punctuation|terminal|sentence|proper|dot|end mark)")
_TRAILS = re.compile(r"\b(?:trail\w* off|end\w* (?:in|with) (?:an? )?(?:ellipsis|ellipses|three dots))\b")
_ABOUT = re.compile(
    r"\b(?:about|mention\w*|contain\w*|that say|saying|with the words?)\s+(?P<what>[a-z][a-z' -]*?(?:(?:,| or|"
    r" and)\s+[a-z][a-z' -]*?)*)\s*(?=$|[.,;]| (?:from|in|of) )"
)
_SITE = re.compile(
    r"\b(?:same|each|one|a|every|per|that|its|their)\s+(?:single\s+)?(?:web ?)?(?:sites?|domains?|hosts?|websites?)\b|\b(?:site|"
    r"domain)[- ]wide\b|\bper (?:site|domain|host)\b"
)
_OF_TEXTS = re.compile(r"\bof (?:the |all |all the |my |our )?(?:pages|documents|docs|texts|rows|articles|posts|reviews|files)\b")
_LENGTH = re.compile(r"\b(?:short\w*|long\w*|length)\b[^.;]{0,16}$")
_GO = re.compile(
    r"\b(?:should|must|shall|have to|has to|can|may)\s+(?:all\s+)?(?:vanish|disappear|go|leave|be (?:removed|dropped|deleted|cut|stripped|gone))\b"
)
_SHARE = re.compile(r"\b(?:in|on|of)\s+(?:more than|over|at least|\d)")
_COUNT = re.compile(r"\b(?P<way>more than|over|at least|above)\s+(?P<a>[\w,]+)\b|\b(?P<b>[\w,]+)\s+or\s+more\b")
_ADDRESS = re.compile(r"(?:^|[_\s-])(?:url|uri|link|href|permalink|address)s?(?:$|[_\s-])", re.IGNORECASE)
SHORT = 3  # words of a line that is called short


def read_repeated(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Lines that stand in many texts, of the same site perhaps, and shall go from all of them."""
    lower = phrase.lower
    if not _LINES.search(lower) and not re.search(r"\bboilerplate\b|\bheaders?\b|\bfooters?\b|\bmenus?\b", lower):
        return []
    site = _SITE.search(lower)
    count = _count(lower)
    part = next((one.value for one in shares(lower)), None) if _SHARE.search(lower) else None
    many = in_texts(lower) or site or (part and _OF_TEXTS.search(lower))
    if (phrase.side in ("keep", "") and not _GO.search(lower)) or not many or not (site or (count or 0) > 2 or part):
        return []
    if re.search(r"\b(?:keep|leave|but) (?:the )?(?:first|one)\b", scene.goal.lower()) and not NONE_STAYS.search(lower):
        return []
    group = _group(phrase, scene)
    texts = [
        one.column for one in mentions(phrase, scene.main) if one.column.kind == "text" and one.column is not group and one.column.mean_length > 60
    ]
    text = next(iter(texts), scene.main.text)
    if text is None:
        return []
    on = text.name
    params: dict[str, object] = {"seen_at_least": count} if count and count != 5 else {}
    if part and not (site or group):
        params |= {"share": part} | ({} if count else {"seen_at_least": 2})
    bound: dict[str, str | list[str]] = {"text": on}
    address = next((column for column in scene.main.columns if column.kind == "text" and _ADDRESS.search(column.name)), None)
    if group is not None:
        params |= {"per": "group"}
        bound["group"] = group.name
    elif site and address is None:
        return Trouble("ask", f"{phrase.text!r}: which column tells the site? The data has {', '.join(scene.main.names)}.")
    elif site and address is not None:
        params |= {"per": "site"}
        bound["url"] = address.name
    shown = ", ".join(f"{name}={value}" for name, value in ({"seen_at_least": count or 5} | params).items())
    return [
        Wish(
            op="remove_repeated_lines",
            id="no_boilerplate",
            stage=DEDUPE,
            params=params,
            on=bound if len(bound) > 1 else on,
            span=(0, len(phrase.text)),
            evidence=f"remove_repeated_lines from {on}{': ' + shown if shown else ''}",
        )
    ]


def _count(lower: str) -> int | None:
    for match in _COUNT.finditer(lower):
        word = (match["a"] or match["b"]).replace(",", "")
        if (word.isdigit() or word in slots.WORDS) and not re.match(r"\s*(?:%|percent|words?|characters?|chars|letters)", lower[match.end() :]):
            return int(slots.value(word)[0]) + (match["way"] in ("more than", "over", "above"))
    return None


def _group(phrase: Phrase, scene: Scene) -> Column | None:
    """The column that tells what belongs together: `of the same domain`, where there is a column domain."""
    same = re.search(r"\b(?:same|per|each|every|one|by)\s+(?P<what>[a-z]\w*)\b(?!.*\bsame\b)", phrase.lower)
    known = {column.name.lower(): column for column in scene.main.columns if column.kind in ("text", "number") and not _ADDRESS.search(column.name)}
    spoken = [one.column for one in mentions(phrase, scene.main) if one.column.name.lower() in known and one.column is not scene.main.text]
    return known.get(same["what"]) if same and same["what"] in known else next(iter(spoken), None)


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Lines that go, or alone stay, by what they say."""
    such = None if in_texts(phrase.lower) else _SUCH.search(phrase.lower)
    on = columns_of(phrase, scene)
    if such is None or phrase.side not in ("drop", "keep", "do") or not isinstance(on, str) or not _is_within(phrase, scene, on, such):
        return []
    rules = _rules(phrase, such)
    keeps = phrase.side == "keep" and not _GO.search(phrase.lower)
    ends_well = _ENDED.search(phrase.lower, such.start()) and not _UNENDED.search(phrase.lower)
    if ends_well and keeps and not rules:
        rules["unfinished"] = True
    elif keeps:
        rules["keep_only"] = True
    if not rules.keys() - {"keep_only"}:
        return []
    if re.search(r"\b(?:count\w*|how many|number of)\b[^.;]{0,30}\b(?:removed|cut|went|dropped|gone|lines)\b", phrase.lower[such.end() :]):
        rules["counted"] = True
    shown = ", ".join(f"{name}={value}" for name, value in rules.items())
    evidence = f"remove_lines from {on}: {shown}"
    return [Wish(op="remove_lines", id="without_lines", stage=FIX, params=rules, on=on, span=(0, len(phrase.text)), evidence=evidence)]


def _is_within(phrase: Phrase, scene: Scene, on: str, such: re.Match[str]) -> bool:
    """Whether lines are meant, and not rows that are called so, or rows with such lines."""
    before = phrase.lower[: such.start()]
    if re.search(r"\b(?:rows?|texts?|documents?|pages?|articles?|posts?|messages?|records?|share|percent|%)\b", before) and not re.search(
        r"\b(?:from|in|of|within|inside)\s+(?:\w+\s+){0,2}\w+,?\s*(?:\w+\s+){0,3}$", before
    ):
        return False
    if re.search(r"%|\bpercent\b|\bshare\b|\bhalf\b|\bmore than \w+ lines\b|\bfewer than \w+ lines\b", phrase.lower):
        return False
    column = scene.main.column(on)
    return bool(column and column.has_lines) or bool(_WITHIN.search(phrase.lower[such.end() :]) or _WITHIN.search(before))


def _rules(phrase: Phrase, such: re.Match[str]) -> dict[str, object]:
    lower, rules = phrase.lower, dict[str, object]()
    patterns: list[str] = []
    phrases: list[str] = []
    for atom in phrase.atoms:
        before = re.sub(r"[\ue000]+(?:,|\s+or|\s+and|\s)*", "", lower[: atom.start])
        if atom.kind == "regex" or _MATCHES.search(before):
            patterns.append(atom.value)
        elif _STARTS.search(before):
            patterns.append(f"^{re.escape(atom.value)}")
        elif _ENDS.search(before):
            patterns.append(f"{re.escape(atom.value)}$")
        elif _CONTAINS.search(before):
            phrases.append(atom.value)
    if not phrase.atoms and (about := _ABOUT.search(lower, such.start())):
        phrases = [_singular(one) for one in re.split(r",\s*(?:or |and )?| or | and ", about["what"]) if one.strip()]
    if patterns:
        rules["matching"] = patterns[0] if len(patterns) == 1 else "|".join(f"(?:{one})" for one in patterns)
    if phrases:
        rules["containing"] = phrases
    rules |= _sizes(lower, such)
    if such["caps"] or _CAPS.search(lower[such.start() :]):
        rules["all_caps"] = True
    if such["bullet"] or such["bullets"] or _BULLET.search(lower[such.start() :]):
        rules["bullets"] = True
    if such["ellipsis"] or _TRAILS.search(lower):
        rules["trailing_off"] = True
    if such["unended"] or _UNENDED.search(lower):
        rules["unfinished"] = True
    return rules


def _sizes(lower: str, such: re.Match[str]) -> dict[str, object]:
    for bound in slots.bounds(lower):
        unit = slots.unit(lower, bound) or ("characters" if _LENGTH.search(lower[: bound.end]) else "")
        low, high = bound.whole()
        if high is not None and unit in ("words", "characters"):
            return {f"fewer_{unit}_than": high + 1}
        if low is not None and unit == "characters":
            return {"more_characters_than": low - 1}
    return {"fewer_words_than": SHORT} if such["short"] else {}


def _singular(word: str) -> str:
    bare = re.sub(r"^(?:the|our|a|an|any)\s+", "", word.strip())
    return bare[:-1] if bare.endswith("s") and not bare.endswith("ss") and len(bare) > 3 else bare
