"""Reads what a text must hold: its language, a pattern, words that occur in it, prose rather than logs."""

import re
from dataclasses import replace

from . import languages, slots
from .clauses import Atom, Phrase, goes
from .columns import mentions, nearest, text_of
from .profile import Column
from .wishes import CHEAP, FILTER, Scene, Trouble, Wish

_ABOUT_LANGUAGE = re.compile(r"\blanguages?\b|\bspoken\b|\bspeak\w*\b")
_NOT_LANGUAGE = re.compile(
    r"^\s*(?:users?|customers?|readers?|speakers?|market|clients?|people|students?|learners?|literature|history|cuisine|food|teachers?)\b"
)
_TRANSLATES = re.compile(r"\btranslat\w+\b")
_CONTAINS = re.compile(
    r"\b(?:contain(?:s|ing)?|mention(?:s|ing)?|includ(?:es|ing)|with the (?:word|words|phrase|string|text)|ha(?:s|ve|"
    r"ving) the (?:word|words|phrase|string)|say(?:s|ing)?|talk(?:s|ing)? about|the (?:word|words|phrase|phrases|string|"
    r"term|terms|keyword|keywords))\b"
)
_LISTED = re.compile(
    r"\((?P<list>(?:e\.g\.,?\s+|like\s+|such as\s+)?[\w' *-]+(?:,\s*(?:and |or )?[\w' *-]+)+)\)|\b(?:like|such as|e\.g\.|"
    r"namely|words?:)\s+(?P<open>[\w'*-]+(?:(?:,\s*(?:and |or )?|\s+(?:and|or)\s+)[\w'*-]+)*)"
)
_ANY_OF = r"(?:(?:any|one|some|either|at least one)(?: or more)?(?: of(?: the(?: (?:words?|terms?|phrases?|keywords?))?)?)?:?\s+)?"
_SOME_OF = re.compile(
    r"\b(?:one|any|some|none|either)(?: or more)? of (?:these|those|the following|the) (?:words|terms|phrases|keywords)\s*:?\s*\(?"
    r"(?P<words>[\w'-]+(?: [\w'-]+)?(?:(?:,\s*(?:or |and )?|\s+(?:or|and)\s+)[\w'-]+(?: [\w'-]+)?)*)"
)
_NEITHER = re.compile(
    r"\b(?:contain(?:s|ing)?|mention(?:s|ing)?|with|ha(?:s|ve|ving)|includ(?:es?|ing))\s+neither\s+(?P<one>[\w'-]+|[\ue000]+)\s+nor\s+(?P<other>[\w'-]+|[\ue000]+)"
)
_FOUL = re.compile(
    r"\bprofan\w+|\bfoul(?:-mouthed)?\b|\bswear\w*|\bcurs(?:e|ing)\b|\bobscen\w+|\bvulgar\w*|\bdirty words|\bcuss\w*|"
    r"\bexpletives?|\bfour-letter|\bslurs?\b|\bbad words|\boffensive words"
)
_AND_SO_ON = re.compile(r"\band so (?:on|forth)\b|\betc\b|\band the like\b|\bor similar\b|\be\.g\.|\blike\b|\bsuch as\b|\.\.\.")
STRONG = ("fuck", "shit", "bitch", "cunt", "asshole", "bastard", "whore", "slut", "wanker", "motherf")  # with what is made of them
_FILLERS = re.compile(r"^(?:and so on|and so forth|etc\.?|and the like|and others?|or similar|similar|so on|\.\.\.|and more|e\.g\.|like|such as)$")
_ENDS = re.compile(
    r"\b(?P<how>start(?:s|ing)?|begin(?:s|ning)?|end(?:s|ing)?)\s+(?:with|in|on|by)\s+(?:an?\s+|"
    r"the\s+)?(?P<what>question mark|exclamation mark|full stop|period|colon|comma|digit|number|capital letter|"
    r"upper[- ]?case letter|lower[- ]?case letter|letter|punctuation\w*)?"
)
SIGNS = {
    "question mark": r"\?",
    "exclamation mark": "!",
    "full stop": r"\.",
    "period": r"\.",
    "colon": ":",
    "comma": ",",
    "digit": r"\d",
    "number": r"\d",
    "capital letter": r"\p{Lu}",
    "uppercase letter": r"\p{Lu}",
    "upper-case letter": r"\p{Lu}",
    "lowercase letter": r"\p{Ll}",
    "lower-case letter": r"\p{Ll}",
    "upper case letter": r"\p{Lu}",
    "lower case letter": r"\p{Ll}",
    "letter": r"\p{L}",
    "punctuation": r"[.!?]",
}
_TOKEN = re.compile(
    r"(?:(?:the )?(?:word|letters?|string|text|prefix|suffix) )?(?=[A-Z]|\S*[^\w\s,.;)])\S*[^\s,.;)]"
)  # a name or a sign, no plain word
ROWS = (
    r"rows|messages|examples|documents|texts|records|entries|samples|comments|reviews|posts|sentences|articles|answers|"
    r"outputs|responses|replies|items|lines|pages|questions|instructions|prompts|pairs"
)
HOLDS = {
    r"urls?|links?|web ?address(?:es)?|hyperlinks?": r"(?i)\bhttps?://|\bwww\.",
    r"e-?mails?(?: address(?:es)?)?": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
    r"phone numbers?|telephone numbers?": r"(?:\+?\d[\d ().-]{7,}\d)",
    r"ip(?: address(?:es)?)?": r"\b\d{1,3}(?:\.\d{1,3}){3}\b",
    r"digits?|numbers|a number|numerals?": r"\d",
    r"hash ?tags?": r"#\w+",
    r"@-?mentions?|(?:user |twitter )?mentions|user ?names?|(?:user |twitter )?handles?": r"(?:^|[^\w])@\w",
    r"x?html(?: tags?| markup)?": r"</?[A-Za-z][^<>]*>",
    r"emojis?": r"[\x{1F300}-\x{1FAFF}\x{2600}-\x{27BF}]",
    r"code (?:blocks?|fences?)": "```",
    r"question marks?": r"\?",
}
_HOLDS = re.compile(
    rf"\b(?:contain(?:s|ing)?|with|without|having|ha(?:s|ve)|includ(?:es|ing)|hold(?:s|ing)?|no|that are)\s+(?:any\s+|an?\s+|"
    rf"some\s+|at least one\s+|no\s+)?(?P<what>{'|'.join(HOLDS)})(?![\w@])"
)
_OR_HOLDS = re.compile(rf"\s*(?P<how>,\s*(?:or|and)|,|or|and(?:/or)?|/|&)\s*(?:an?\s+|any\s+|some\s+|the\s+)?(?P<what>{'|'.join(HOLDS)})(?![\w@])")
_NAMED = re.compile(
    r"\s*\((?:i\.e\.,? |meaning )?(?P<list>[^\s,()]+(?:(?:,\s*(?:or |and )?|\s+(?:or|and)\s+|/)[^\s,()]+)+)\)"
)  # `(http or www)` says which
_PROSE = re.compile(
    r"\b(?:natural(?:-| )language|natural\b[^.;,]{0,25}\bprose|(?:running|fluent|real|proper|plain|natural|readable|"
    r"written) (?:\w+ )?(?:prose|sentences)|prose\b|machine logs?|log (?:lines?|files?|messages|entries|output)|gibberish|"
    r"not natural|word salad)"
)


def read_language(phrase: Phrase, scene: Scene) -> list[Wish]:
    """A language filter for a clause that names languages, or countries where it speaks of their languages."""
    if _TRANSLATES.search(phrase.lower):
        return []
    said = [one for one in languages.named(phrase.lower) if not _NOT_LANGUAGE.match(phrase.lower[one[2] :]) and not _is_reason(phrase, one[1])]
    codes = list(dict.fromkeys(code for code, _, _ in said))
    evidence = ", ".join(repr(phrase.lower[start:end]) for _, start, end in said)
    if not codes and _ABOUT_LANGUAGE.search(phrase.lower) and not re.search(r"\b(?:other|programming|language[- ]model)\b", phrase.lower):
        codes = languages.of_countries(scene.goal.lower())
        evidence = f"the languages of the countries named: {', '.join(languages.NAMES.get(code, code) for code in codes)}"
    if not codes or phrase.side == "do":
        return []
    span = (said[0][1], said[-1][2]) if said else (0, 0)
    inverse = goes(phrase, span[0]) and not re.search(r"\bother languages?\b", phrase.lower[span[1] :])  # `German is fine, other languages go`
    by_label = _labelled(codes, scene)
    if by_label and any(mention.column is by_label[0] for mention in mentions(phrase, scene.main)):
        return []  # `lang is de` is a condition like any other
    if by_label:
        column, values = by_label
        listed = ", ".join(f"'{value}'" for value in values)
        expression = f'"{column.name}" {"not " if inverse else ""}in ({listed})'
        return [
            Wish(
                op="field",
                id="language_label",
                stage=CHEAP,
                params={"where": expression},
                filters=True,
                span=span,
                evidence=f"field: the column {column.name} already tells the language, {evidence}",
            )
        ]
    column_read = text_of(phrase, scene.main)
    if column_read is None:
        return []
    name = languages.NAMES[codes[0]] if len(codes) == 1 else "languages"
    return [
        Wish(
            op="language",
            id=f"not_{name}" if inverse else name,
            stage=FILTER,
            params={"languages": codes} | ({"careful": True} if _is_careful(phrase, codes) else {}),
            on=column_read.name,
            filters=True,
            port="dropped" if inverse else "kept",
            span=span,
            evidence=f"language: {'all but ' if inverse else ''}{', '.join(codes)} from {evidence}",
        )
    ]


def read_pattern(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Filters by a regular expression, by words named in the clause, by what a text begins or ends with."""
    if phrase.side not in ("keep", "drop"):
        return []
    regex = next((atom for atom in phrase.atoms if atom.kind == "regex"), None)
    if regex is None and re.search(r"\b(?:regex|regexp|regular expression|pattern)\b", phrase.lower):
        regex = next((atom for atom in phrase.atoms if atom.kind == "quoted" and nearest(atom.value, scene.main) is None), None)
    if regex:
        return _one(_matches(phrase, scene, regex.value, (regex.start, regex.end), f"the regex {regex.value!r}"))
    return _ends(phrase, scene) or _words(phrase, scene) or _holds(phrase, scene)


def read_prose(phrase: Phrase, scene: Scene) -> list[Wish]:
    """Prose against logs, tables and gibberish: sentences hold stop words, and mostly letters."""
    match = _PROSE.search(phrase.lower)
    column = text_of(phrase, scene.main)
    if (
        not match
        or column is None
        or phrase.side not in ("keep", "drop")
        or goes(phrase, match.start())
        or re.search(r"\b(?:may|can|might) (?:also )?(?:hold|contain|have|include)\b|^(?:prose|other languages)\b.*\bgo\b", phrase.lower)
    ):
        return []
    why = f"from {match[0]!r}"
    span = (match.end() - len(match[0].split()[-1]), match.end())
    return [
        Wish(
            op="alphabetic_share",
            id="mostly_letters",
            stage=CHEAP,
            params={"at_least": 0.7},
            on=column.name,
            filters=True,
            span=span,
            evidence=f"alphabetic_share: at_least=0.7 {why}",
        ),
        Wish(
            op="stop_words",
            id="prose",
            stage=CHEAP,
            params={"share_at_least": 0.2},
            on=column.name,
            filters=True,
            span=span,
            evidence=f"stop_words: share_at_least=0.2 {why}; logs and tables have hardly any",
        ),
    ]


def _matches(phrase: Phrase, scene: Scene, pattern: str, span: tuple[int, int], why: str, ignore_case: bool = False) -> Wish | Trouble:
    column = text_of(phrase, scene.main)
    if column is None:
        return Trouble("ask", f"{phrase.text!r}: the data has no text column; it has {', '.join(scene.main.names)}.")
    inverse = goes(phrase, span[0])
    often = _often(phrase)
    params: dict[str, object] = {"pattern": pattern, "at_most": 0} if inverse else {"pattern": pattern, "at_least": 1}
    if often:
        params, inverse = {"pattern": pattern, **often}, False
    params |= {"ignore_case": True} if ignore_case else {}
    return Wish(
        op="matches",
        id="without_match" if inverse else "matching",
        stage=CHEAP,
        params=params,
        on=column.name,
        filters=True,
        span=span,
        evidence=f"matches: {'none' if inverse else 'some'} of {why} in {column.name}",
    )


def _often(phrase: Phrase) -> dict[str, object]:
    """`at least 5 times`, `more than once`: bounds on how often a pattern occurs."""
    for bound in slots.bounds(phrase.lower):
        if re.match(r"\s*times\b", phrase.lower[bound.end :]):
            kept = bound.outside() if phrase.side == "drop" else bound
            low, high = kept.whole() if kept else (None, None)
            return {name: value for name, value in (("at_least", low), ("at_most", high)) if value is not None}
    more = re.search(r"\bmore than once\b|\b(?:at least )?twice(?! as\b)(?: or more)?\b|\bseveral times\b", phrase.lower)
    return {} if not more else {"at_most": 1} if phrase.side == "drop" else {"at_least": 2}


def _listed(phrase: Phrase, scene: Scene, words: list[str], span: tuple[int, int]) -> Wish | Trouble:
    """Several words, any of which counts."""
    wish = _matches(phrase, scene, "", span, ", ".join(map(repr, words)))
    if isinstance(wish, Trouble):
        return wish
    params = {name: value for name, value in wish.params.items() if name != "pattern"}
    return replace(wish, op="contains_words", params={"words": words, **params}, evidence=wish.evidence.replace("matches:", "contains_words:", 1))


def _one(wish: Wish | Trouble) -> list[Wish] | Trouble:
    return wish if isinstance(wish, Trouble) else [wish]


def _words(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Words that the clause names: quoted behind `contains`, or listed behind `profanity` and its like."""
    foul = _FOUL.search(phrase.lower)
    if foul:
        listed = _LISTED.search(phrase.lower, foul.start())
        words = _list(listed["list"] or listed["open"]) if listed else phrase.quoted()
        more = _AND_SO_ON.search(phrase.lower) is not None or not words
        words += [word for word in STRONG if word not in words] if more else []
        pattern = rf"\b\w{{0,7}}(?:{'|'.join(map(re.escape, words))})\w*\b"
        span = (foul.start(), listed.end() if listed else foul.end())
        return _one(_matches(phrase, scene, pattern, span, f"the words {', '.join(words)} and words made of them", True))
    contains = _CONTAINS.search(phrase.lower) or re.search(rf"\b(?:{ROWS})\s+(?:such as|like|saying|of the kind)\b", phrase.lower)
    quoted = [atom for atom in phrase.atoms if atom.kind in ("quoted", "mark", "delimited") and contains and atom.start >= contains.end() - 1]
    quoted = [atom for atom in quoted if not _is_column(atom, scene)]
    if contains and quoted:
        if len(quoted) > 1 and all(_is_word(atom.value) for atom in quoted):
            return _one(_listed(phrase, scene, [atom.value for atom in quoted], (contains.start(), quoted[-1].end)))
        pattern = "|".join(_word(atom.value) for atom in quoted)
        return _one(_matches(phrase, scene, pattern, (contains.start(), quoted[-1].end), ", ".join(repr(atom.value) for atom in quoted), True))
    neither = _NEITHER.search(phrase.lower)
    if neither and phrase.side == "keep":
        words = [phrase.text[slice(*neither.span(name))].strip("`'\"") for name in ("one", "other")]
        wish = _listed(phrase, scene, words, neither.span())
        if isinstance(wish, Trouble):
            return wish
        return [replace(wish, params={"words": words, "at_most": 0}, id="without_match", evidence=f"contains_words: none of {' and '.join(words)}")]
    some = _SOME_OF.search(phrase.lower)
    if some:
        return _one(_listed(phrase, scene, _list(some["words"]), some.span()))
    bare = re.search(
        r"(?<!@)\b(?:mention(?:s|ing)?|contain(?:s|ing)?|(?:the|a) (?:word|words|phrase|term|keyword|keywords)|talk(?:s|"
        r"ing)? about)\s+(?:(?<=mention )an?\s+|(?<=mentions )an?\s+|(?<=mentioning )an?\s+|(?<=about )an?\s+)?"
        r"(?:the (?:words?|terms?|phrases?|keywords?)\s+)?" + _ANY_OF + r"(?P<words>[\w'-]+(?:(?:,\s*(?:or |and )?|"
        r"\s+or\s+)(?:an?\s+)?[\w'-]+)*)",
        phrase.lower,
    )
    if (
        not bare
        or _HOLDS.search(phrase.lower)
        or re.match(r"(?:neither|either|at|no|and|or|from|in|any|more|less|fewer|the|a|an|only|both|all|some)\b|\d", bare["words"])
    ):
        return []
    words = _list(bare["words"])
    if len(words) > 1:
        return _one(_listed(phrase, scene, words, bare.span()))
    return _one(_matches(phrase, scene, "|".join(_word(word) for word in words), bare.span(), ", ".join(map(repr, words)), True))


def _ends(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    wishes = []
    for match in _ENDS.finditer(phrase.lower):
        atom = next((atom for atom in phrase.atoms if atom.kind != "regex" and atom.start == match.end() and not _is_column(atom, scene)), None)
        bare = None if match["what"] or atom else _TOKEN.match(phrase.text, match.end())
        if not match["what"] and atom is None and bare is None:
            continue
        said = match["what"] or (atom.value if atom else bare[0] if bare else "")
        what = SIGNS.get(said, SIGNS["punctuation"]) if match["what"] else re.escape(said)
        pattern = rf"{what}\s*\z" if match["how"].startswith("end") else rf"\A\s*{what}"
        wish = _matches(
            phrase, scene, pattern, (match.start(), atom.end if atom else bare.end() if bare else match.end()), f"what {match['how']} with {said!r}"
        )
        if isinstance(wish, Trouble):
            return wish
        wishes.append(wish)
    return wishes


def _holds(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    wishes = []
    for match in _HOLDS.finditer(phrase.lower):
        named = _NAMED.match(phrase.lower, match.end())
        place = re.match(r"\s+(?:right )?at (?:the|its|their) (?:very )?(?P<end>end|start|beginning)\b", phrase.lower[match.end() :])
        pattern, end = _pattern_of(match["what"]), match.end()
        each: list[re.Match[str]] = []
        while more := _OR_HOLDS.match(phrase.lower, end):
            each, end = [*each, more], more.end()
        both = phrase.side == "keep" and not goes(phrase, match.start("what")) and not any("or" in one["how"] or one["how"] == "/" for one in each)
        if each and not both:
            pattern = "|".join(f"(?:{one})" for one in (pattern, *(_pattern_of(one["what"]) for one in each)))
        for other in each if both else ():
            wish = _matches(phrase, scene, _pattern_of(other["what"]), other.span("what"), other["what"])
            if isinstance(wish, Trouble):
                return wish
            wishes.append(wish)
        if place:
            pattern = rf"(?:{pattern})\s*\z" if place["end"] == "end" else rf"\A\s*(?:{pattern})"
        if named:
            pattern = f"(?i){'|'.join(re.escape(word) for word in _list(named['list']))}"
        wish = _matches(
            phrase,
            scene,
            pattern,
            (match.start("what"), end if each and not both else (named or match).end()),
            match["what"] if both else phrase.lower[match.start("what") : end],
        )
        if isinstance(wish, Trouble):
            return wish
        wishes.append(wish)
    return wishes


def _pattern_of(what: str) -> str:
    return next(pattern for name, pattern in HOLDS.items() if re.fullmatch(name, what))


def _labelled(codes: list[str], scene: Scene) -> tuple[Column, list[str]] | None:
    for column in scene.main.columns:
        if re.fullmatch(r"(?:.*_)?lang(?:uage)?(?:_?code)?", column.name.lower()) and column.labels:
            by_value = {value.lower(): value for value in column.labels}
            found = [next((by_value[name] for name in (code, languages.NAMES[code]) if name in by_value), None) for code in codes]
            values = [value for value in found if value]
            if len(values) == len(codes):
                return column, values
    return None


def _is_careful(phrase: Phrase, codes: list[str]) -> bool:
    return not languages.RARE.isdisjoint(codes) or bool(re.search(r"\bcareful(?:ly)?\b|\bthorough(?:ly)?\b", phrase.lower))


def _is_reason(phrase: Phrase, at: int) -> bool:
    return bool(re.search(r"\b(?:for|train(?:ing)?|about)\s+(?:an?\s+|the\s+|our\s+)?$", phrase.lower[:at]))


def _is_column(atom: Atom, scene: Scene) -> bool:
    return nearest(atom.value, scene.main) is not None


def _list(text: str) -> list[str]:
    parts = [
        part.strip(" '\"*")
        for part in re.split(
            r",\s*(?:and |or )?|\s+(?:and|or)\s+(?!so (?:on|forth))", re.sub(r"\s+(?:and so (?:on|forth)|etc\.?|and the like)\s*$", "", text)
        )
    ]
    parts = [re.sub(r"^(?:e\.g\.|like|such as|an?(?= [\w'-]+$))\s+", "", part) for part in parts]
    return [part for part in parts if part and not _FILLERS.match(part)]


def _is_word(text: str) -> bool:
    """A word or a phrase, no part of one and no sign."""
    return text[:1].isalnum() and text[-1:].isalnum()


def _word(text: str) -> str:
    left = r"\b" if text[:1].isalnum() else ""
    right = r"\b" if text[-1:].isalnum() else ""
    return f"{left}{re.escape(text)}{right}"
