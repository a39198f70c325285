"""Reads wishes for plain punctuation, for one letter case, and for Chinese in other characters."""

import re

from .clauses import Phrase
from .rewriting import columns_of, placeholder
from .wishes import FIX, Scene, Wish

_QUOTES = re.compile(
    r"\b(?:curly|curled|smart|typographic\w*|fancy|slanted|angled|curved|guillemet\w*|book)\s+(?:\w+\s+(?:and|or)\s+)?(?:\w+\s+)?"
    r"(?:quot\w+(?:\s+marks?)?|apostrophes?|quotation)|[“”‘’«»]|\bstraight(?:en)?\s+(?:the\s+|all\s+)?(?:quot\w+|apostrophes)|\bguillemets\b|"
    r"\b(?:quotes?|quotation marks?|apostrophes?)\b(?=[^.;]*\b(?:straight|plain|ascii|dumb|typewriter|ordinary)\b)"
)
_DASHES = re.compile(r"\b(?:em|en|long|fancy|unicode|typographic)[- ]dash(?:es)?\b|\bdash(?:es)?\b(?=.*\b(?:hyphens?|minus|ascii|plain)\b)|[–—]")
_ELLIPSIS = re.compile(r"\b(?:ellips[ie]s|unicode) (?:characters?|signs?|symbols?)\b|\bellips[ie]s\b(?=.*\b(?:dots|periods|ascii|plain)\b)|…")
_WIDE = re.compile(r"\b(?:full[- ]?width|wide|chinese|cjk|japanese)\b[^.;]{0,20}\b(?:punctuation|commas?|full stops|periods|quotes|marks|signs)\b")
_ANY = re.compile(
    r"\b(?:normali[sz]\w*|unif\w+|standardi[sz]\w*|simplif\w+|clean\w*|ascii\w*|plain|straighten\w*|harmoni[sz]\w*)\b[^.;]{0,24}\bpunctuation\b|"
    r"\bpunctuation\b[^.;]{0,24}\b(?:normali[sz]\w*|ascii|plain|uniform|simple|standard)\b"
)
_CHANGES = re.compile(
    r"\b(?:replac\w*|normali[sz]\w*|convert\w*|turn\w*|chang\w*|straighten\w*|make|mak\w+|fix\w*|simplif\w*|remov\w*|get rid|clean\w*|"
    r"unif\w*|swap\w*|"
    r"substitut\w*|transform\w*|standardi[sz]\w*|no|without|ascii\w*|map\w*|want|use)\b"
)
_PLAIN = re.compile(
    r"\b(?:straight|plain|normal|simple|regular|ascii|standard|ordinary|dumb|keyboard|hyphens?|minus|dots|periods|western|latin|english|"
    r"half[- ]?width|"
    r"(?:ones|quotes|equivalents?|counterparts?|versions?|form))\b"
)
_CASE = re.compile(
    r"\b(?P<which>lower|upper)[ -]?cas(?:e[ds]?|ing)\b(?! letters?)|\b(?:in|into|to|all|only)\s+(?:small|(?P<big>capital|"
    r"block))\s+letters\b|\bletters\s+small\b|\b(?P<un>uncapitali[sz]\w*)\b"
)
_TRADITIONAL = r"traditional|繁體|繁体"
_INTO = re.compile(
    rf"(?<!are )(?<!is )(?<!written )(?<!be )\b(?:in ?to|to|in|as)\s+(?:the\s+)?(?P<what>simplified|{_TRADITIONAL}|taiwan\w*|hong[- ]?kong)\b|"
    rf"\b(?:want|make|get|need|have|turn|like)\s+(?:them|it|these|those|all|everything|the \w+)\s+(?:to be\s+)?(?P<made>simplified|{_TRADITIONAL})\b|"
    r"(?:转|轉)(?:为|為|成|换成)?(?P<zh>简|簡|繁)|\b(?P<alone>t2s|s2t|s2tw|s2hk|tw2s|hk2s|s2twp|tw2sp)\b|"
    r"\b(?P<simplify>simplify)\b(?=[^.;]*\b(?:chinese|characters|hanzi)\b)"
)
_FROM = re.compile(
    rf"\b(?:from\s+)?(?P<what>simplified|{_TRADITIONAL}|taiwan\w*|hong[- ]?kong)\b(?=[^.;]*\b(?:in ?to|to)\s+(?:the\s+)?(?:simplified|"
    rf"traditional|taiwan|hong))"
)
_CHINESE = re.compile(r"\b(?:chinese|characters?|hanzi|han|opencc|mandarin|script)\b|[繁简簡]|\b(?:t2s|s2t|s2tw|s2hk|tw2s|hk2s|s2twp|tw2sp)\b")
_REGIONAL = re.compile(r"\b(?:vocabulary|wording|words too|phrases|idioms|terms too|regional words)\b")
_WRITINGS = {"s": "simplified", "t": "traditional", "tw": "taiwan", "hk": "hong_kong"}


def read(phrase: Phrase, scene: Scene) -> list[Wish]:
    """All of these that a clause asks for."""
    on = columns_of(phrase, scene)
    return [*_chinese(phrase, on), *_case(phrase, on), *_punctuation(phrase, on)] if on is not None else []


def _wish(op: str, id: str, params: dict[str, object], on: str | list[str], phrase: Phrase, span: tuple[int, int]) -> list[Wish]:
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    where = on if isinstance(on, str) else ", ".join(on)
    dots = ", … becomes 3 dots" if params.get("ellipsis", op == "normalise_punctuation") else ""
    evidence = f"{op} on {where}{': ' + shown if shown else ''}{dots}"
    return [Wish(op=op, id=id, stage=FIX, params=params, on=on, span=span, evidence=evidence)]


def _punctuation(phrase: Phrase, on: str | list[str]) -> list[Wish]:
    lower = phrase.text.lower() if len(phrase.text.lower()) == len(phrase.text) else phrase.lower
    quotes, dashes, ellipsis, wide, every = (pattern.search(lower) for pattern in (_QUOTES, _DASHES, _ELLIPSIS, _WIDE, _ANY))
    found = [match for match in (quotes, dashes, ellipsis, wide, every) if match]
    if not found or not _CHANGES.search(phrase.lower) or re.search(r"\b(?:rows|texts|documents)\s+(?:with|that|which|containing)\b", phrase.lower):
        return []
    to = placeholder(phrase, 0)
    if to is not None and not re.fullmatch(r"[-'\".]{1,3}|--| - ", to) and not _PLAIN.search(phrase.lower):
        return []  # another sign is wanted: a plain replacement
    if to is None and not _PLAIN.search(phrase.lower) and re.search(r"\b(?:with|by|into)\s+(?:an?\s+)?\w+", phrase.lower[found[0].end() :]):
        return []
    params: dict[str, object] = {"wide": True} if wide else {}
    if not every and not wide:
        params |= {name: False for name, said in (("quotes", quotes), ("dashes", dashes), ("ellipsis", ellipsis)) if not said}
    if to in ("--", " - ") and dashes:
        params["long_dash"] = to
    return _wish("normalise_punctuation", "plain_punctuation", params, on, phrase, (0, len(phrase.text)))


def _case(phrase: Phrase, on: str | list[str]) -> list[Wish]:
    match = _CASE.search(phrase.lower)
    of_rows = re.search(
        r"\b(?:rows|texts|messages|documents|answers|lines|words|ones)\s+(?:that|which|with|written|in|whose|of|are|having)\b", phrase.lower
    )
    if match is None or phrase.side == "drop" or (of_rows and phrase.side != "do"):
        return []
    if re.search(
        r"\bignor\w+|\bregardless\b|\bcase[- ]?(?:in)?sensitiv\w*|\bupper or lower\b|\blower or upper\b|\bshare\b|%|\bpercent", phrase.lower
    ):
        return []
    is_upper = match["which"] == "upper" or bool(match["big"])
    return _wish("upper_case" if is_upper else "lower_case", f"{'upper' if is_upper else 'lower'}_case", {}, on, phrase, match.span())


def _chinese(phrase: Phrase, on: str | list[str]) -> list[Wish]:
    into = _INTO.search(phrase.lower)
    if into is None or phrase.side == "drop" or not (_CHINESE.search(phrase.lower) or _FROM.search(phrase.lower)):
        return []
    if (
        phrase.side == "keep"
        and re.search(r"\b(?:rows|texts|only|documents)\b", phrase.lower)
        and not re.search(r"\bconvert|\bturn|\bwrite", phrase.lower)
    ):
        return []
    if into["alone"]:
        given, _, wanted = into["alone"].partition("2")
        params: dict[str, object] = {"into": _WRITINGS[wanted.rstrip("p")], "given": _WRITINGS[given]}
        params |= {"words": True} if wanted.endswith("p") else {}
    else:
        said = _FROM.search(phrase.lower)
        source = _writing(said["what"]) if said else None
        wanted = "simplified" if into["simplify"] else _writing(into["what"] or into["made"] or into["zh"])
        params = {}
        params |= {"into": wanted} | ({"given": source} if source and source != wanted else {})
        params |= {"words": True} if _REGIONAL.search(phrase.lower) and {"taiwan", "hong_kong"} & set(params.values()) else {}
    usual = "simplified" if params["into"] != "simplified" else "traditional"
    params = {name: value for name, value in params.items() if (name, value) not in (("into", "simplified"), ("given", usual))}
    return _wish("convert_chinese", "converted", params, on, phrase, (0, len(phrase.text)))


def _writing(said: str) -> str:
    if said.startswith("taiwan"):
        return "taiwan"
    if said.startswith("hong"):
        return "hong_kong"
    return "simplified" if said.startswith(("simplified", "简", "簡")) else "traditional"
