"""Reads changes to the text itself: markup, broken characters, white space, patterns to replace or remove."""

import re
from dataclasses import replace

from .clauses import Phrase
from .columns import mentions, text_of
from .patterns import Found, patterns_of
from .wishes import FIX, Scene, Trouble, Wish

_HTML = re.compile(
    r"\bx?html\b|\b(?:strip|remove|drop|delete|clean|without|no|get rid of|clear|eliminate|take out|"
    r"throw)\b[^.;]{0,30}\b(?:tags|markup)\b|\bxml tags?\b"
)
_UNICODE = re.compile(
    r"\bmojibake\b|\bunicode\b|\b(?:broken|wrong|bad|mangled|garbled|messed[- ]up|corrupt\w*)\s+(?:\w+\s+)?(?:encod\w+|"
    r"characters?|accents?|umlauts?|letters|text)\b|\bencod(?:ing|ed)\b[^.;]{0,20}\b(?:error|problem|issue|wrong|broken|"
    r"damage|mess|twice|fix)\w*|\bfix\w*\b[^.;]{0,20}\bencod\w+|\bftfy\b|â€|Ã"
)
_BLANKS = re.compile(r"\b(?:white ?space|blanks|spaces|double spaces|extra spaces|newlines|line breaks|blank lines|empty lines|tabs|spacing)\b")
_ONE_LINE = re.compile(
    r"\b(?:on|in|into|to|as)\s+(?:a |one |only )*(?:single |one )line\b|\b(?:remov\w+|without|no|delet\w+|strip\w*|"
    r"get rid of|flatten) (?:all |any |the )*"
    r"(?:line ?breaks|new ?lines)\b|\b(?:replac\w+|turn|convert|chang\w+)\s+(?:all |every |each |the )*(?:new ?lines?|"
    r"line ?breaks?)\b.*\b(?:with|by|into|to)\s+(?:an? |single )*(?:space|blank)"
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
_REPLACES = re.compile(r"\b(?:replac\w+|substitut\w+|swap\w*|exchang\w+|turn|change|convert)\b")
INTO = re.compile(
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
    if speaks_of_rows(phrase):
        return []
    return [*_html(phrase, scene), *_unicode(phrase, scene), *_blanks(phrase, scene)] or _pieces(phrase, scene)


def speaks_of_rows(phrase: Phrase) -> bool:
    """Whether rows are to go or stay, rather than pieces of their texts."""
    lower = phrase.lower
    rows = _ROWS.search(lower) or _THESE_ROWS.search(lower) or _ANY_ROW.search(lower) or (_SUCH.search(lower) and phrase.quoted())
    pieces = re.search(r"\b(?:from|in|inside|within) (?:the |all |each |every |its |their )?(?:text|rows|messages|column|answers?)\b", lower)
    return bool(rows) and phrase.side in ("drop", "keep") and not pieces


def columns_of(phrase: Phrase, scene: Scene) -> str | list[str] | None:
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


def rewritten(
    op: str, id: str, phrase: Phrase, scene: Scene, span: tuple[int, int], why: str, params: dict[str, object] | None = None
) -> Wish | Trouble:
    on = columns_of(phrase, scene)
    if on is None:
        return Trouble("ask", f"{phrase.text!r}: the data has no text column to change; it has {', '.join(scene.main.names)}.")
    shown = on if isinstance(on, str) else ", ".join(on)
    return Wish(
        op=op, id=id, stage=FIX, params=params or {}, on=on, span=span, evidence=f"{op} on {shown}: {why} from {phrase.text[span[0] : span[1]]!r}"
    )


def _html(phrase: Phrase, scene: Scene) -> list[Wish]:
    match = _HTML.search(phrase.lower)
    if not match or re.search(r"\bhtml comments?\b|\b(?:to|into|as) (?:markdown|md)\b", phrase.lower) or phrase.side == "":
        return []
    wish = rewritten("strip_html", "no_html", phrase, scene, match.span(), "the text without its tags")
    return [wish] if isinstance(wish, Wish) else []


def _unicode(phrase: Phrase, scene: Scene) -> list[Wish]:
    match = _UNICODE.search(phrase.lower)
    if not match or phrase.side == "":
        return []
    wish = rewritten("fix_unicode", "fixed", phrase, scene, match.span(), "broken characters mended")
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
    wish = rewritten("normalise_whitespace", "tidy_blanks", phrase, scene, match.span(), "runs of blanks collapsed", params)
    return [wish] if isinstance(wish, Wish) else []


_HOLDERS = {"mask_pii": "placeholder", "remove_urls": "replacement", "replace": "replacement", "strip_emoji": "replacement"}


def placeholder(phrase: Phrase, at: int) -> str | None:
    placed = re.match(r"(?:please )?(?:put|write|insert)\s+", phrase.lower)
    first = next((atom for atom in phrase.atoms if placed and atom.start == placed.end()), None)
    if first:
        return first.value if first.kind == "quoted" else phrase.text[first.start : first.end]
    for match in INTO.finditer(phrase.lower):
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
    upper = re.search(r"\b(?:with|by)\s+(?:the\s+)?(?:word\s+|token\s+|placeholder\s+)?(<?[A-Z](?:[A-Z_]|-(?=[A-Z]))+>?)(?![\w])", phrase.text)
    return upper[1] if upper else None


def paired(phrase: Phrase, wishes: list[Wish]) -> list[Wish]:
    """`replace phones and links with <PHONE> and <URL>`: the first stands for the first, the second for the second."""
    match = re.search(r"\b(?:with|by)\s+(?=[\ue000])", phrase.lower)
    atoms = [atom for atom in phrase.atoms if match and atom.start >= match.end()]
    holders = [wish for wish in wishes if wish.op in _HOLDERS and _HOLDERS[wish.op] in wish.params]
    if len(atoms) < 2 or len(atoms) != len(holders):
        return wishes
    made = {}
    for wish, atom in zip(sorted(holders, key=lambda wish: wish.span), atoms, strict=True):
        said = atom.value if atom.kind == "quoted" else phrase.text[atom.start : atom.end]
        old = str(wish.params[_HOLDERS[wish.op]])
        made[id(wish)] = replace(wish, params={**wish.params, _HOLDERS[wish.op]: said}, evidence=wish.evidence.replace(repr(old), repr(said)))
    return [made.get(id(wish), wish) for wish in wishes]


def _pieces(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Pieces of text to remove or replace: named ones, a regex, an example in its delimiters, a quoted string."""
    removes = re.search(
        r"\b(?:remov\w+|strip\w*|delet\w+|drop|cut|take out|get rid of|clean|erase|eliminat\w+|discard\w*|purg\w+|throw\w*|without|no)\b",
        phrase.lower,
    )
    replaces = _REPLACES.search(phrase.lower)
    if not removes and not replaces:
        return []
    into = INTO.search(phrase.lower) if replaces else None
    found = patterns_of(phrase, scene, into.start() if into else len(phrase.lower))
    if not found:
        return []
    by = placeholder(phrase, found[-1].end) if replaces else ""
    if by is None:
        return Trouble("ask", f"{phrase.text!r}: replace {found[0].what} with what?")
    made = [_without(one, by, phrase, scene) for one in found]
    wishes = [wish for wish in made if isinstance(wish, Wish)]
    if len(wishes) < len(made):
        return next(one for one in made if isinstance(one, Trouble))
    if not _BARE_NO.fullmatch(phrase.lower.strip(" .!")):
        return list(wishes)
    said = phrase.text[found[0].start : found[-1].end]
    question = f"are rows with {said} to go, or is it to be cut out of the text?"
    return [replace(wish, assumed=question) for wish in wishes]


def _without(found: Found, by: str, phrase: Phrase, scene: Scene) -> Wish | Trouble:
    """The texts less what was found, or with something else in its place."""
    span, becomes = (found.start, found.end), f"become {by!r}" if by else "removed"
    params: dict[str, object] = {"replacement": by} if by else {}
    if found.op:
        wish = rewritten(found.op, f"no_{found.op.partition('_')[2]}", phrase, scene, span, f"{found.what} {becomes}", params)
        named = [one.column.name for one in mentions(phrase, scene.main) if one.start < found.end and found.start < one.end]
        if isinstance(wish, Wish) and wish.on in named and scene.main.text:  # `no urls`: what is to go, not a column that is called so
            return replace(wish, on=scene.main.text.name, evidence=wish.evidence.replace(f" on {wish.on}:", f" on {scene.main.text.name}:"))
        return wish
    params |= {"pattern": found.pattern} | ({"replacement": by.replace("\\", "\\\\")} if by else {})
    why = f"{found.what} {becomes}, pattern {found.pattern!r}"
    return rewritten("replace", "replaced" if by else "removed", phrase, scene, span, why, params)
