"""Reads changes to the text itself: markup, broken characters, white space, personal data, patterns to replace or remove."""

import re
from dataclasses import replace

from .clauses import Atom, Phrase
from .columns import mentions, nearest, text_of
from .sql import name_of
from .wishes import FIX, Scene, Trouble, Wish

_HTML = re.compile(
    r"\bx?html\b|\b(?:strip|remove|drop|delete|clean|without|no|get rid of|clear|eliminate|take out|"
    r"throw)\b[^.;]{0,30}\b(?:tags|markup)\b|\bxml tags?\b"
)
_UNICODE = re.compile(
    r"\bmojibake\b|\bunicode\b|\b(?:broken|wrong|bad|mangled|garbled|messed[- ]up|corrupt\w*)\s+(?:\w+\s+)?(?:encod\w+|"
    r"characters?|accents?|umlauts?|letters|text)\b|\bencod(?:ing|ed)\b[^.;]{0,20}\b(?:error|problem|issue|wrong|broken|"
    r"damage|mess|twice|fix)\w*|\bfix\w*\b[^.;]{0,20}\bencod\w+|\bsmart quotes\b|\bftfy\b|â€|Ã"
)
_BLANKS = re.compile(r"\b(?:white ?space|blanks|spaces|double spaces|extra spaces|newlines|line breaks|blank lines|empty lines|tabs|spacing)\b")
_ONE_LINE = re.compile(
    r"\b(?:on|in|into|to|as)\s+(?:a |one |only )*(?:single |one )line\b|\b(?:remov\w+|without|no|delet\w+|strip\w*|"
    r"get rid of|flatten) (?:all |any |the )*"
    r"(?:line ?breaks|new ?lines)\b|\b(?:replac\w+|turn|convert|chang\w+)\s+(?:all |every |each |the )*(?:new ?lines?|"
    r"line ?breaks?)\b.*\b(?:with|by|into|to)\s+(?:an? |single )*(?:space|blank)"
)
_PII = re.compile(
    r"\bpii\b|\bpersonal(?:ly)?[ -](?:identif\w+ )?(?:data|information|details|info)\b|\bprivate (?:data|information|"
    r"details)\b|\bsensitive (?:data|information)\b|\bcontact (?:data|details|information)\b|\banonymi[sz]\w+|"
    r"\bpseudonymi[sz]\w+|\bde-?identif\w+|\bgdpr\b"
)
KINDS = {  # what people call the kinds that mask_pii knows
    "email": r"\be-?mails?(?:[ -]address(?:es)?)?\b|\bmail addresses\b",
    "phone": r"\b(?:tele)?phone(?:[ -]numbers?|s)?\b|\bmobile numbers?\b|\bfax numbers?\b",
    "card": r"\b(?:credit|debit|payment|bank)[ -]?cards?(?:[ -]numbers?)?\b|\bcard numbers?\b",
    "iban": r"\bibans?\b|\bbank account(?: number)?s?\b|\baccount numbers?\b",
    "ip": r"\bip(?:v[46])?(?:[ -]address(?:es)?|s)?\b",
}
UNKNOWN_KINDS = {
    "social security numbers": r"\bssns?\b|\bsocial security numbers?\b",
    "names of people": r"\b(?:person(?:al)? |people's |first |last |full )?names\b(?! of (?!people|persons|customers|users|clients|the people|"
    r"employees|patients))",
    "keys and tokens": r"\b(?:api|access|secret)[ -]?(?:keys?|tokens?)\b|\bsecrets\b",
    "MAC addresses": r"\bmac addresses\b",
    "postal addresses": r"\b(?:postal|street|home) addresses\b",
    "dates of birth": r"\bdates? of birth\b|\bbirth ?dates?\b",
    "passport numbers": r"\bpassports?\b|\bdriver'?s? licen[cs]es?\b",
}
_MASKS = re.compile(
    r"\b(?:mask|redact|anonymi[sz]e|pseudonymi[sz]e|replac\w+|hide|scrub|remove|strip|delete|blank out|black out|censor|"
    r"substitute|obfuscate|obscure|take out|get rid of|de-?identify|clean|cut|x out|swap|safe|free of|no|without|put|write)\w*"
)
_FORBIDS = re.compile(
    r"(?:\bnot|\bnever|n't|\bcannot)\s+(?:be\s+)?(?:allow\w*|accept\w*|tolerat\w+|permit\w*|want|contain\w*|include|hold|"
    r"have|show|leak|store|keep|carry|appear|be in|be visible)\b|"
    r"\b(?:forbid|prohibit|ban|object to|worr(?:y|ied) about|illegal|confidential)\w*\b"
)
_SUCH = re.compile(
    r"\b(?:rows|messages|examples|documents|texts|records|entries|samples|comments|reviews|posts|sentences|articles|answers|"
    r"outputs|responses|replies|items|pages|questions|instructions|prompts|pairs)"
    r"\s+(?:such as|like|saying|of the kind)\b"
)
_ROWS = re.compile(
    r"\b(?:rows?|messages|examples?|documents?|texts?|records?|entries|samples?|comments|reviews|posts|sentences|articles|"
    r"answers|items|lines|pages)\b\s*(?:that|which|with|containing|having|where|whose|in which|without)\b"
)
_PIECE_NOUNS = (
    r"(?:urls?|links?|tags?|mentions|hash ?tags|handles|e-?mails?|addresses|numbers|digits|emojis?|lines?|words?|spaces|characters|signs|symbols|"
    r"paragraphs|sentences|brackets|quotes|marks|blanks|names|blocks|fences|fields|columns|letters|parts|pieces|bits|prefix(?:es)?|suffix(?:es)?|"
    r"comments?(?= starting| beginning)|strings?|patterns?|citations|footnotes|accents|codes|parentheses|commas|dates|times\w*|html|markup|newlines)"
)
_THESE_ROWS = re.compile(
    r"\b(?:get rid of|throw (?:out|away)|drop|remove|delete|discard|exclude|skip|omit|toss|ditch|purge|reject|"
    r"ignore|keep|retain|select|take|want|need|"
    r"filter out|weed out|kick out|leave out)\s+(?:only\s+|just\s+|out\s+)*(?:all|any|every|each)?\s*(?:of\s+)?(?:the\s+|those\s+|these\s+|my\s+)*"
    rf"(?!{_PIECE_NOUNS}\b)(?:[a-z]+s|ones|one|anything|everything|whatever|every [a-z]+)\s+"
    r"(?:that|which|with|containing|having|where|whose|in which|without|mentioning|holding|including)\b"
)
_BARE_NO = re.compile(
    r"(?:please |and |but )*(?:no|without)(?: any)?(?: [@\w-]+){1,2}(?:(?:,| or| and|, or)(?: no)? [@\w-]+)*(?: please| pls)?"
)  # `no digits`: rows, or what they hold?
_ANY_ROW = re.compile(r"\b(?:any|every|each|all|no)\s+[a-z]+\s+(?:that|which|whose|where|starting|beginning|ending|containing)\b")
# named pieces of text, as RE2 patterns
PIECES: tuple[tuple[str, str, str], ...] = (
    (r"\burls?\b|\blinks?\b|\bweb ?addresses\b|\bhyperlinks\b", r"(?:https?://|www\.)[^\s<>\"')\]]+", "web addresses"),
    (r"\bhtml comments?\b", r"(?s)<!--.*?-->", "HTML comments"),
    (r"\bcode (?:blocks?|fences?)\b|\bfenced code\b", r"(?s)```.*?(?:```|\z)", "fenced code"),
    (r"\bhash ?tags?\b", r"#\w+", "hashtags"),
    (r"(?:\buser ?|@-?)?\bmentions\b|\b(?:user|twitter) ?(?:names?|handles?)\b|\bhandles\b", r"@\w+", "@mentions"),
    (r"\bemojis?\b|\bemoticons?\b", r"[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}\x{FE0F}\x{200D}\x{2B50}\x{2B55}]", "emoji"),
    (
        r"\b(?:wiki\w* |numeric |numbered )?(?:citations?|reference (?:marks?|numbers?)|footnote (?:marks?|numbers?))\b",
        r"\[\d+(?:\s*[,–-]\s*\d+)*\]",
        "citations such as [12]",
    ),
    (r"\bcontrol characters?\b|\bzero[- ]width\b", r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{7F}\x{200B}-\x{200D}\x{FEFF}]", "control characters"),
    (r"\bdigits\b|\b(?:every|each|any) digit\b|\b(?:all|the) numbers\b", r"\d+", "digits"),
    (r"\btime ?stamps?\b", r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z?", "timestamps"),
    (r"\btrailing (?:white ?space|spaces|blanks)\b", r"(?m)[ \t]+$", "blanks at the ends of lines"),
    (r"\bquot(?:ation|e) marks\b", r"[\"“”„«»]", "quotation marks"),
)
_REPLACES = re.compile(r"\b(?:replac\w+|substitut\w+|swap|turn|change|convert)\b")
_INTO = re.compile(
    r"\b(?:with|by|to|into|for|as(?=\s+[\ue000]))\s+(?:an?\s+|the\s+)?(?:placeholder\s+|token\s+|tag\s+|word\s+|string\s+|text\s+|"
    r"single\s+)*(?P<what>[\ue000]+|nothing|(?:an?\s+)?(?:empty string|space|blank|newline|dash|hyphen|underscore|comma|"
    r"apostrophe|single quote|double quote|"
    r"quotation mark|full stop|period|dot|colon|semicolon|slash|tab|hash|asterisk|star|ampersand|question mark)\b|"
    r"<?[A-Z_]{2,}>?|\d(?![\w%.]))?"
)
PLAIN = {
    "apostrophe": "'",
    "single quote": "'",
    "double quote": '"',
    "quotation mark": '"',
    "full stop": ".",
    "period": ".",
    "dot": ".",
    "colon": ":",
    "semicolon": ";",
    "slash": "/",
    "tab": "\t",
    "hash": "#",
    "asterisk": "*",
    "star": "*",
    "ampersand": "&",
    "question mark": "?",
    "nothing": "",
    "empty string": "",
    "space": " ",
    "blank": " ",
    "newline": "\n",
    "dash": "-",
    "hyphen": "-",
    "underscore": "_",
    "comma": ",",
}
BLANK_VERBS = (
    r"\b(?:collaps\w+|squeez\w+|normali[sz]\w+|trim\w*|strip|remove|fix|clean|tidy|reduc\w+|condens\w+|replac\w+|delete|"
    r"merge|turn|extra|runs? of|multiple|repeated|get rid|superfluous|surplus)\b"
)


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """All changes a clause asks for."""
    if (
        (
            _ROWS.search(phrase.lower)
            or _THESE_ROWS.search(phrase.lower)
            or _ANY_ROW.search(phrase.lower)
            or (_SUCH.search(phrase.lower) and phrase.quoted())
        )
        and phrase.side in ("drop", "keep")
        and not re.search(
            r"\b(?:from|in|inside|within) (?:the |all |each |every |its |their )?(?:text|rows|messages|column|answers?)\b", phrase.lower
        )
    ):
        return []
    masked = _masked(phrase, scene)
    wishes = masked if isinstance(masked, Trouble) else [*masked, *_html(phrase, scene), *_unicode(phrase, scene), *_blanks(phrase, scene)]
    if isinstance(wishes, Trouble):
        return wishes
    return wishes or _cases(phrase, scene) or _pieces(phrase, scene)


def _on(phrase: Phrase, scene: Scene) -> str | list[str] | None:
    """The columns a clause names, else the text column; for training pairs all of theirs when it says everything."""
    named = [mention.column.name for mention in mentions(phrase, scene.main) if mention.column.kind == "text"]
    if named:
        return named[0] if len(named) == 1 else list(dict.fromkeys(named))
    if (
        scene.main.shape
        and text_of(phrase, scene.main) == scene.main.column(scene.main.shape[-1])
        and not re.search(r"\banswers?\b|\boutputs?\b|\bresponses?\b", phrase.lower)
    ):
        return list(scene.main.shape)
    column = text_of(phrase, scene.main)
    return column.name if column else None


def _rewrite(
    op: str, id: str, phrase: Phrase, scene: Scene, span: tuple[int, int], why: str, params: dict[str, object] | None = None
) -> Wish | Trouble:
    on = _on(phrase, scene)
    if on is None:
        return Trouble("ask", f"{phrase.text!r}: the data has no text column to change; it has {', '.join(scene.main.names)}.")
    shown = on if isinstance(on, str) else ", ".join(on)
    return Wish(
        op=op, id=id, stage=FIX, params=params or {}, on=on, span=span, evidence=f"{op} on {shown}: {why} from {phrase.text[span[0] : span[1]]!r}"
    )


def _cases(phrase: Phrase, scene: Scene) -> list[Wish]:
    """Lower or upper case."""
    match = re.search(r"\b(?P<which>lower|upper)[ -]?cas(?:e[ds]?|ing)\b(?! letters?)", phrase.lower)
    on = _on(phrase, scene)
    if not match or on is None or phrase.side != "do":
        return []
    return [
        Wish(
            op="derive",
            id=f"{match['which']}_case",
            stage=FIX,
            params={"column": name, "value": f"{match['which']}({_name(scene, name)})"},
            span=match.span(),
            evidence=f"derive: {name} in {match['which']} case",
        )
        for name in ([on] if isinstance(on, str) else on)
    ]


def _name(scene: Scene, name: str) -> str:
    column = scene.main.column(name)
    return name_of(column) if column else name


def _html(phrase: Phrase, scene: Scene) -> list[Wish]:
    match = _HTML.search(phrase.lower)
    if not match or re.search(r"\bhtml comments?\b|\b(?:to|into|as) (?:markdown|md)\b", phrase.lower) or phrase.side == "":
        return []
    wish = _rewrite("strip_html", "no_html", phrase, scene, match.span(), "the text without its tags")
    return [wish] if isinstance(wish, Wish) else []


def _unicode(phrase: Phrase, scene: Scene) -> list[Wish]:
    match = _UNICODE.search(phrase.lower)
    if not match or phrase.side == "":
        return []
    wish = _rewrite("fix_unicode", "fixed", phrase, scene, match.span(), "broken characters mended")
    return [wish] if isinstance(wish, Wish) else []


def _blanks(phrase: Phrase, scene: Scene) -> list[Wish]:
    match = _ONE_LINE.search(phrase.lower) or _BLANKS.search(phrase.lower)
    if (
        not match
        or phrase.side == ""
        or not (_ONE_LINE.search(phrase.lower) or re.search(BLANK_VERBS, phrase.lower))
        or re.search(r"\btrailing (?:white|spaces|blanks)", phrase.lower)
    ):
        return []
    params: dict[str, object] = {"keep_lines": False} if _ONE_LINE.search(scene.goal.lower()) else {}
    wish = _rewrite("normalise_whitespace", "tidy_blanks", phrase, scene, match.span(), "runs of blanks collapsed", params)
    return [wish] if isinstance(wish, Wish) else []


def _masked(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Personal data of the kinds named, or of all kinds where only personal data is said."""
    verb = _MASKS.search(phrase.lower) or _FORBIDS.search(phrase.lower)
    kinds = {kind: match.span() for kind, pattern in KINDS.items() if (match := re.search(pattern, phrase.lower))}
    general = _PII.search(phrase.lower)
    unknown = next((what for what, pattern in UNKNOWN_KINDS.items() if re.search(pattern, phrase.lower)), None)
    if general and unknown and not kinds and re.match(r"anonymi|pseudonymi|de-?identif", general[0]):
        general = None
    if not verb or not (kinds or general):
        strong = verb and re.match(r"mask|redact|anonymi|pseudonymi|scrub|hide|de-?identify", verb[0])
        return (
            Trouble("refuse", f"{phrase.text!r}: winnow has no operator that finds {unknown} yet; mask_pii masks {', '.join(KINDS)}.")
            if strong and unknown
            else []
        )
    spans = [*kinds.values(), *([general.span()] if general else [])]
    span = (min(start for start, _ in spans), max(end for _, end in spans))
    params: dict[str, object] = {"types": sorted(kinds)} if kinds else {}
    holder = _placeholder(phrase, span[1])
    if holder is not None:
        params["placeholder"] = holder
    what = ", ".join(sorted(kinds)) or "all kinds of personal data"
    wish = _rewrite("mask_pii", "masked", phrase, scene, span, what + (f" as {holder!r}" if holder else ""), params)
    if isinstance(wish, Trouble):
        return wish
    return [replace(wish, lacks=f"finding {unknown} (no operator does)")] if unknown else [wish]


def _placeholder(phrase: Phrase, at: int) -> str | None:
    placed = re.match(r"(?:please )?(?:put|write|insert)\s+", phrase.lower)
    first = next((atom for atom in phrase.atoms if placed and atom.start == placed.end()), None)
    if first:
        return first.value if first.kind == "quoted" else phrase.text[first.start : first.end]
    for match in _INTO.finditer(phrase.lower):
        atom = next((atom for atom in phrase.atoms if match["what"] and atom.start == match.start("what")), None)
        if atom:
            return atom.value if atom.kind == "quoted" else phrase.text[atom.start : atom.end]
        plain = (match["what"] or "").removeprefix("a ").removeprefix("an ")
        if plain in PLAIN and _REPLACES.search(phrase.lower):
            return PLAIN[plain]
    after = phrase.text[max(at, 0) :]
    literal = re.search(
        r"\b(?:with|by)\s+(?:the\s+)?(?:(?:placeholder|token|word|string|text|" r"tag)\s+)?(?P<value>[^\s,;]*[\d<>\[\]{}*#_][^\s,;]*)", after
    )
    said = re.search(r"\b(?:placeholder|token|word|string|tag)\s+(?P<value>\w+)", after)
    if literal or said:
        return (literal or said)["value"].rstrip(".")  # type: ignore[index]
    upper = re.search(r"\b(?:with|by)\s+(?:the\s+)?(?:word\s+|token\s+|placeholder\s+)?(<?[A-Z][A-Z_]+>?)(?![\w])", phrase.text)
    return upper[1] if upper else None


def _pieces(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Pieces of text to remove or replace: named ones, a regex, an example in its delimiters, a quoted string."""
    removes = re.search(r"\b(?:remov\w+|strip\w*|delet\w+|drop|cut|take out|get rid of|clean|erase|without|no)\b", phrase.lower)
    replaces = _REPLACES.search(phrase.lower)
    if not removes and not replaces:
        return []
    found = _pattern(phrase, scene, bool(replaces))
    if found is None:
        return []
    pattern, what, span = found
    by = _placeholder(phrase, span[1]) if replaces else ""
    if by is None:
        return Trouble("ask", f"{phrase.text!r}: replace {what} with what?")
    params: dict[str, object] = {"pattern": pattern}
    params |= {"replacement": by.replace("\\", "\\\\")} if by else {}
    wish = _rewrite(
        "replace",
        "replaced" if by else "removed",
        phrase,
        scene,
        span,
        f"{what} {'become ' + repr(by) if by else 'removed'}, pattern {pattern!r}",
        params,
    )
    if not isinstance(wish, Wish):
        return wish
    question = f"are rows with {phrase.text[slice(*span)]} to go, or is it to be cut out of the text?"
    return [replace(wish, assumed=question) if _BARE_NO.fullmatch(phrase.lower.strip(" .!")) else wish]


CUTS = re.compile(
    r"\b(?:everything|all|the (?:text|part|rest)|what (?:comes|stands|is))\s+(?:that\s+)?(?:comes\s+|stands\s+|"
    r"is\s+)?(?P<side>from|after|behind|following|before|up to|in front of|preceding)\s+(?:the\s+)?$"
)


def _cut(phrase: Phrase, scene: Scene) -> tuple[str, str, tuple[int, int]] | None:
    """`everything from #### on`, `all before ---`."""
    for atom in phrase.atoms:
        match = CUTS.search(phrase.lower[: atom.start]) if nearest(atom.value, scene.main) is None else None
        if match:
            mark = re.escape(atom.value)
            before = match["side"] in ("before", "up to", "in front of", "preceding")
            pattern = rf"(?s)\A.*?{mark}\s*" if before else rf"(?s)\s*{mark}.*\z"
            return pattern, f"everything {match['side']} {atom.value!r}", (match.start(), atom.end)
    return None


def _pattern(phrase: Phrase, scene: Scene, replaces: bool) -> tuple[str, str, tuple[int, int]] | None:
    cut = _cut(phrase, scene)
    if cut:
        return cut
    into = _INTO.search(phrase.lower) if replaces else None
    stop = into.start() if into else len(phrase.lower)
    for atom in phrase.atoms:
        if atom.kind == "regex" or (
            atom.kind == "quoted" and re.search(r"\b(?:regex|regexp|regular expression|pattern|match(?:es|ing)?)\s*$", phrase.lower[: atom.start])
        ):
            return atom.value, f"what matches {atom.value!r}", (atom.start, atom.end)
    pieces = [(pattern, what, match.span()) for words, pattern, what in PIECES if (match := re.search(words, phrase.lower[:stop]))]
    if pieces:
        patterns, names, spans = zip(*pieces, strict=True)
        pattern = patterns[0] if len(patterns) == 1 else "|".join(f"(?:{one})" for one in patterns)
        return pattern, ", ".join(names), (min(start for start, _ in spans), max(end for _, end in spans))
    for atom in phrase.atoms:
        if atom.start > stop or nearest(atom.value, scene.main) is not None or re.search(r"\b(?:columns?|fields?)\s+$", phrase.lower[: atom.start]):
            continue
        if atom.kind == "delimited":
            return _delimited(phrase, atom), f"pieces such as {atom.value!r}", (atom.start, atom.end)
        if atom.kind == "quoted":
            example = re.search(r"\b(?:like|such as|e\.g\.?,?|as in|of the (?:form|kind))\s*$", phrase.lower[: atom.start])
            pattern = (
                _delimited(phrase, atom)
                if example or (atom.value[:1] + atom.value[-1:] in ("[]", "<>", "{}", "()") and len(atom.value) > 2)
                else re.escape(atom.value)
            )
            return pattern, f"{atom.value!r}", (atom.start, atom.end)
    return None


def _delimited(phrase: Phrase, atom: Atom) -> str:
    """A pattern from one example: its signs at both ends, anything short between; digits where it holds only digits."""
    left = re.match(r"[<\[{(]+", atom.value) or re.match(r"[^\w\s.]+", atom.value)
    right = re.search(r"[>\]})]+$", atom.value) or re.search(r"[^\w\s.]+$", atom.value)
    if not left or not right or left.end() >= len(atom.value):
        return re.escape(atom.value)
    inside = atom.value[left.end() : right.start()]
    if "..." in atom.value or "…" in atom.value or not re.fullmatch(r"[\d,\s–-]+", inside):
        closing = re.escape(right[0][0])
        return (
            f"{re.escape(left[0])}[^{closing}\\n]*{re.escape(right[0])}"
            if len(right[0]) == 1
            else f"{re.escape(left[0])}[^\\n]*?{re.escape(right[0])}"
        )
    return f"{re.escape(left[0])}[\\d,\\s–-]+{re.escape(right[0])}"
