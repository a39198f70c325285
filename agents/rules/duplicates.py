"""Reads wishes to drop rows that come again: equal ones, nearly equal ones, ones that also stand in a reference input."""

import re
from dataclasses import replace

from . import slots
from .choosing import ROW_NOUNS
from .clauses import Phrase
from .columns import Mention, called, mentions
from .profile import Column, Table
from .wishes import CLEAN_OF, DEDUPE, NEAR, Columns, Scene, Trouble, Wish

_TWICE = re.compile(
    r"\b(?:de-?dup\w*|duplicat\w+|dupes?|dups?|doubles|doublets?|doubled|repeat(?:s|ed)?(?! (?:lines?|words?|characters?|"
    r"phrases?|sentences?|paragraphs?)\b| (?:the|its|their) )|repetitions|re-?posts?|copies|redundan\w+|identical|twins?|"
    r"(?:occur|appear|come|stand|show up|are there|is there|exist)\w* (?:more than once|twice|several times|multiple times|"
    r"again)|more than once|twice(?! (?:as|the (?:length|size|number|amount))\b)|only once|just once|"
    r"unique|distinct|(?<!at least )one\s+[a-z]+\s+(?:per|for each|for every|of each|from each)\b|(?<!at least )one of (?:each|every)\b|(?:each|"
    r"every)\s+\w+\s+(?:only\s+|just\s+|exactly\s+)?once|same (?:\w+ ){1,3}(?:again|twice|more than once)|"
    r"(?:already|previously) (?:seen|appeared|occurred|there|came up|known)|no two\b|minhash|near-?dup\w*)\b"
)
_PER_SOMETHING = re.compile(r"one\s+[a-z]+\s+(?:per|for each|for every)$")
_SAME_VALUE = re.compile(
    r"\b(?:with|have|having|has|share|whose)\s+(?:exactly\s+)?(?:the\s+)?(?:same|identical|equal)"
    r"(?!\s+(?:number|side|amount|as|size|length|order|split|share|part|to|language)|\s+\w+\s+(?:proportion|distribution|share|ratio|mix))"
)
_ONCE = re.compile(r"\b(?:two rows|one too many|more than one|twice|several|only one|just one|keep one|leave one)\b")
_NEAR = re.compile(
    r"\b(?:near(?:ly)?|almost|fuzzy|approximate(?:ly)?|similar|look-?alikes?|close|virtually|practically|minhash|lsh|"
    r"jaccard|shingles?|n-?grams?|slightly (?:different|changed|edited)|differ\w* (?:only|slightly|by|"
    r"in) (?:\w+ ){0,3}(?:few|little|small|one or two)\b|"
    r"small (?:edits|changes|differences)|reworded|essentially|very alike|alike|overlap\w*|much the same|resembl\w+|share more than|variants?)\b"
)
_WITHIN = re.compile(
    r"\b(?:duplicate|repeated|duplicated|identical|double)\s+(?:lines?|words?|paragraphs?|sentences?|n-?grams?|characters?|"
    r"spaces?|whitespace|blank\w*|newlines?|punctuation)\b|\b(?:lines?|paragraphs?)\s+(?:(?:that|which)\s+)?(?:are\s+)?(?:repeat\w*|duplicated)\b"
)
_REFERENCE = re.compile(
    r"\b(?:de-?contaminat\w*|contaminat\w*|leak\w*|benchmarks?|test[ -]?sets?|evaluation(?: set)?s?|eval(?: set)?s?|"
    r"held-?out|test data|test questions?|overlap\w*|reference|(?:safe|clean|fit) (?:to|for) (?:train|fine-?tun|use)\w*)\b"
)
_ALSO_THERE = re.compile(
    r"\b(?:is|are|be|stays?)\s+(?:also\s+)?in(?:side)? the\b|"
    r"\b(?:also|already)\s+(?:\w+\s+){0,2}(?:occur\w*|appear\w*|in|contained|present|found|part of|exist\w*|stand\w*|"
    r"there)\b|\b(?:occur|appear|show up|exist|stand|found|contained|present|seen|listed)\w*\s+(?:also\s+|too\s+)?(?:in|"
    r"inside|within|on)\b|"
    r"\b(?:that|which)\s+(?:is|are)\s+(?:also\s+|already\s+)?in\b|\bpart of\b|\boverlap\w*\b|\bshare\w*\b|\bleak\w*|"
    r"\bin common with\b|\bduplicates? of\b"
)
_LOOSE = re.compile(
    r"\b(?:ignor\w+|regardless of|disregard\w*|no matter|apart from|aside from)\b[^.;]{0,30}\b(?:case|white ?space|spaces?|"
    r"capitali[sz]ation)\b|\bcase[- ]insensitiv\w*"
)
_LONGEST = re.compile(
    r"\b(?:keep|leave|retain|prefer|preserve|save|hold on to)\w*\b[^.;]{0,40}\blongest\b|"
    r"(?:,|\balways|\bnamely) the longest(?: one| copy| row| version)?[ .!]*$|\blongest (?:\w+ )?(?:of each|stays|wins|should stay|is kept|survives)"
)
_BUNCHES = ("group", "cluster", "pair", "family", "set", "bunch", "heap")
_CLUSTER = re.compile(
    r"\b(?:one|first|longest|best|newest|copy|member|rest|single\s+\w+)\s+(?:of|per|from|in|for)\s+(?:each|every|a|the)\s+(?:such\s+)?$"
)
REACH = 0.8  # below it the operator must be told to look further
_KEY = re.compile(
    r"\b(?:by|on|per|based on|with (?:the )?(?:same|identical|equal)|same|identical|whose|where|for each|for every|each|"
    r"of each|per|according to|comparing|share (?:the|a) (?:same )?|judged by|"
    r"considering)\s+(?:only\s+)?(?:the\s+)?(?:same\s+)?(?:columns?\s+|fields?\s+|exact\s+)?$"
)


def read_reference(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Rows that also stand in another input, when there is one and the clause speaks of it."""
    reference = meant(phrase, scene)
    speaks = _REFERENCE.search(phrase.lower)
    also = _ALSO_THERE.search(phrase.lower)
    points = (
        re.search(r"\b(?:nothing|none|no\w*)\b[^.;]{0,20}\b(?:of|from) (?:it|them|that|those|these|this)\b", phrase.lower)
        if scene.references
        else None
    )
    speaks = speaks or points
    if not speaks and not (reference and also):
        return []
    wants = re.search(
        r"\bde-?contaminat\w*|\bleak\w*|\bcontaminat\w*|\b(?:safe|clean|fit) (?:to|for) (?:train|fine-?tun)\w*|"
        r"\bmust not contain\b|\bfree of\b|\bnot (?:be )?in\b|"
        r"\b(?:nothing|none|no)\b.{0,60}\b(?:may|must|can|should|shall|is to|are to|ends?|end)\b.{0,20}\b(?:be|appear|occur|"
        r"end up|show up|remain|stay|leak|up) ?in\w*\b|"
        r"(?:\bnot|\bnever|n't) (?:also |already |yet )?(?:occur|appear|exist|stand|found|contained|present|listed)\w* (?:also )?in\b|"
        r"\b(?:must|may|should|can) (?:not|never) (?:be|appear|occur|end up|show up|leak|see|contain|include)\b|"
        r"\bno\b.{0,60}\b(?:is|are|be|stays?|remains?)\s+(?:also\s+)?in\b",
        phrase.lower,
    )
    if not wants and not (phrase.side == "drop" and also):
        return []
    if reference is None:
        if not scene.references:
            return Trouble("ask", f"{phrase.text!r}: which file is the benchmark or test set? Give it as a second --input.") if wants else []
        reference = scene.references[0]
    columns = shared(phrase, scene.main, reference)
    if not columns:
        return Trouble(
            "ask",
            f"{phrase.text!r}: which columns of {scene.main.name!r} and {reference.name!r} are to be compared? They have no text column in common.",
        )
    span = (speaks or also).span() if (speaks or also) else (0, 0)  # type: ignore[union-attr]
    mine, theirs = columns
    return [
        Wish(
            op="decontaminate",
            id="clean",
            stage=CLEAN_OF,
            on={"text": mine, "against.text": theirs},
            against=reference.name,
            filters=True,
            span=span,
            evidence=f"decontaminate against {reference.name}: {mine} is compared with {theirs}, from {phrase.text[span[0] : span[1]]!r}",
        )
    ]


def read(phrase: Phrase, scene: Scene) -> list[Wish]:
    """Equal rows, or nearly equal ones where the clause says so."""
    match = _TWICE.search(phrase.lower)
    if match is None and (phrase.side == "drop" or _ONCE.search(phrase.lower)):
        match = _SAME_VALUE.search(phrase.lower)
    near = _NEAR.search(phrase.lower) or (_NEAR.search(scene.goal.lower()) if match and re.match(r"one of (?:each|every)", match[0]) else None)
    if _WITHIN.search(phrase.lower) and not re.search(r"\bde-?dup|\brows\b", phrase.lower):
        return []
    if not match and not (
        near
        and phrase.side == "drop"
        and re.search(r"\b(?:too|very|nearly|almost|near|so)\b.*\b(?:similar|alike|the same|identical)\b|\bsimilar to each other\b", phrase.lower)
    ):
        return []
    found = match or near
    if found is None:
        return []
    said = found[0]
    if re.match(r"one (?:paragraph|sentence|line|section|chunk|passage) per", said):
        return []  # what a row is to hold
    if _PER_SOMETHING.match(said) and not _known(phrase, found.end(), scene):
        return []
    if said in ("unique", "distinct", "twice", "copies", "repeat", "identical") and phrase.side == "do" and not re.search(r"\bdedup", phrase.lower):
        return []
    columns = _columns(phrase, scene)
    exact = re.search(r"\bexact(?:ly)?\b|\bidentical\b|\bverbatim\b|\bword for word\b", phrase.lower) and not re.search(
        r"\bnear|\balmost|\bfuzzy", phrase.lower
    )
    if near and not exact:
        return [_near(phrase, scene, columns, found.span())]
    made = _exact(phrase, scene, columns, found.span())
    return _longest(made, scene) if "by" not in (made.on if isinstance(made.on, dict) else {}) and wants_longest(scene) else [made]


def _known(phrase: Phrase, at: int, scene: Scene) -> bool:
    """Whether `one row per ...` goes on with rows or with a column: `one row per verse` is no matter of duplicates."""
    what = re.match(r"\s*(?:(?:the|same|different|distinct|unique|single)\s+)*(?P<noun>[a-z][\w-]*)", phrase.lower[at:])
    if what is None or re.fullmatch(f"(?:{ROW_NOUNS}|group|cluster|pair|set|kind)", what["noun"]):
        return True
    start = at + what.start("noun")
    return (
        any(one.start <= start < one.end for one in mentions(phrase, scene.main))
        or called(phrase, scene.main, ("text", "number", "flag")) is not None
    )


def _longest(made: Wish, scene: Scene) -> list[Wish]:
    """Of equal rows the one with the longest text: its length is measured first."""
    text = scene.main.text
    if text is None or made.on == text.name or isinstance(made.on, dict):
        return [made]
    lengths = replace(
        made, op="characters", id="lengths", params={}, on=text.name, filters=False, evidence=f"characters of {text.name}: which row is the longest"
    )
    by: Columns = {"text": made.on or [], "by": "lengths.characters"}
    return [lengths, replace(made, params={**made.params, "keep": "best"}, on=by, evidence=f"{made.evidence}, the longest {text.name} stays")]


def _exact(phrase: Phrase, scene: Scene, columns: list[str], span: tuple[int, int]) -> Wish:
    text: str | list[str] = columns[0] if len(columns) == 1 else columns
    on: Columns = text
    params: dict[str, object] = {"ignore": "case_and_space"} if _LOOSE.search(scene.goal.lower()) else {}
    by = best(scene)
    if by:
        params, on = params | {"keep": "best"}, {"text": text, "by": by}
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return Wish(
        op="exact_dedup",
        id="once",
        stage=DEDUPE,
        params=params,
        on=on,
        filters=True,
        span=span,
        evidence=f"exact_dedup by {', '.join(columns)}{': ' + shown if shown else ''}, from {phrase.text[span[0] : span[1]]!r}",
    )


def _near(phrase: Phrase, scene: Scene, columns: list[str], span: tuple[int, int]) -> Wish:
    params: dict[str, object] = {}
    share = next((number for number in slots.shares(phrase.lower) if 0.2 <= number.value < 1), None)
    if share:
        params["similarity"] = round(share.value, 4)
        params |= {"reach": params["similarity"]} if share.value < REACH else {}
    grams = re.search(r"\b(\w+)-?\s?(?:words?|grams?)[ -](?:shingles?|n-?grams?|grams?|windows?)|\b(\d+)-?grams?\b", phrase.lower)
    size = (grams[1] or grams[2]) if grams else None
    if size and (size.isdigit() or size in slots.WORDS):
        params["ngram"] = int(slots.value(size)[0])
    text: str | list[str] = columns[0] if len(columns) == 1 else columns
    on: Columns = text
    by = best(scene)
    if by:
        params, on = params | {"keep": "best"}, {"text": text, "by": by}
    elif wants_longest(scene):
        params |= {"keep": "longest"}
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return Wish(
        op="minhash_dedup",
        id="no_twins",
        stage=NEAR,
        params=params,
        on=on,
        filters=True,
        span=span,
        evidence=f"minhash_dedup by {', '.join(columns)}{': ' + shown if shown else ''}, from {phrase.text[span[0] : span[1]]!r}",
    )


def best(scene: Scene) -> str | None:
    """The number column whose largest value says which copy stays, where the goal names one."""
    for column in scene.main.columns:
        name = re.escape(column.name.lower().replace("_", " "))
        if column.kind == "number" and re.search(
            rf"\bkeep\w*\b[^.;]{{0,40}}\b(?:highest|best|largest|newest|latest|most recent|greatest)\s+(?:{name}|{re.escape(column.name.lower())})\b",
            scene.goal.lower(),
        ):
            return column.name
    return None


def _columns(phrase: Phrase, scene: Scene) -> list[str]:
    """The columns named behind `by` or `same`, else a column that is called in the clause, else what makes a row what it is."""
    table = scene.main
    if re.search(
        r"\b(?:whole|entire|full|complete) rows?\b|\ball columns\b|\bevery column\b|\brows? (?:that are )?(?:completely|fully|"
        r"entirely) (?:identical|equal|the same)\b",
        phrase.lower,
    ):
        return [column.name for column in table.columns if column.kind != "nested"] or list(table.names)
    named = [mention for mention in mentions(phrase, table) if mention.column.name not in scene.made]
    spans = [match.span() for pattern in (_TWICE, _SAME_VALUE) for match in pattern.finditer(phrase.lower)] + [
        match.span() for match in _NEAR.finditer(phrase.lower)
    ]
    keyed: list[Mention] = []
    for mention in sorted(named, key=lambda mention: mention.start):
        if _CLUSTER.search(phrase.lower[: mention.start]) and mention.column.name.lower() in _BUNCHES:
            continue
        if _is_key(phrase, mention, spans) or (
            keyed and re.fullmatch(r"\s*(?:,|and|&|\+|, and)\s*(?:the\s+)?", phrase.lower[keyed[-1].end : mention.start])
        ):
            keyed.append(mention)
    if keyed:
        return list(dict.fromkeys(mention.column.name for mention in keyed))
    word = called(phrase, table)
    if word and not named:
        return [word.name]
    shape = table.shape
    return list(shape) if shape else list(table.content)


def _is_key(phrase: Phrase, mention: Mention, spans: list[tuple[int, int]]) -> bool:
    """Whether rows are compared by this column: it stands behind `by` or `same`, or right beside the word for a duplicate."""
    if re.match(r"\s+(?:is|are|has|have)\s+(?:not\s+)?(?:empty|blank|missing|null)\b", phrase.lower[mention.end :]):
        return False
    if _KEY.search(phrase.lower[: mention.start]):
        return True
    after = any(
        re.fullmatch(
            r"\s*(?:rows? |values? |entries )?(?:in |of |by |on |per |for |each )?(?:the )?(?:columns? )?", phrase.lower[end : mention.start]
        )
        for _, end in spans
        if end <= mention.start
    )
    return after or any(
        re.fullmatch(
            r"\s*(?:that |which |only |values? )?(?:(?:is|are|(?:should|must|has to|have to|may) (?:only )?be) )?", phrase.lower[mention.end : start]
        )
        for start, _ in spans
        if start >= mention.end
    )


def meant(phrase: Phrase, scene: Scene) -> Table | None:
    """The other input that a clause speaks of, by its name or as the second file."""
    for table in scene.references:
        name = table.name.lower().replace("_", "[ _-]?")
        if re.search(rf"\b{name}\b", phrase.lower):
            return table
    if scene.references and re.search(r"\b(?:second|other|reference|last|benchmark|test|eval\w*|held-?out)\b", phrase.lower):
        return scene.references[0]
    return None


def shared(phrase: Phrase, main: Table, reference: Table) -> tuple[str | list[str], str | list[str]] | None:
    """Which columns stand against which: those the clause names, those of equal name, else all text of each."""
    both = [mention.column.name for mention in mentions(phrase, main) if (other := reference.column(mention.column.name)) and other.kind == "text"]
    word = called(phrase, main)
    both = both or ([word.name] if word and (other := reference.column(word.name)) and other.kind == "text" else [])
    if both:
        return (both[0], both[0]) if len(both) == 1 else (both, both)
    equal = [column.name for column in main.columns if _is_text(column) and (other := reference.column(column.name)) and other.kind == "text"]
    if equal:
        first = next((name for name in ("question", "prompt", "instruction", "text") if name in equal), equal[0])
        return first, first
    mine, theirs = _asks(main), _asks(reference)
    return (mine, theirs) if mine and theirs else None


def _asks(table: Table) -> str | list[str] | None:
    """The text that a task stands in."""
    first = next((name for name in ("question", "prompt", "instruction", "text") if (column := table.column(name)) and column.kind == "text"), None)
    return first or (table.text.name if table.text and _is_text(table.text) else None)


def _is_text(column: Column) -> bool:
    return column.kind == "text" and column.mean_length >= 20


def wants_longest(scene: Scene) -> bool:
    """Whether of equal rows the longest is to stay."""
    return _LONGEST.search(scene.goal.lower()) is not None
