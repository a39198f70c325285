"""Reads wishes about what is text and what stands around it: web pages, markup, front matter, bibliographies, comments in code."""

import re

from tools.code.comments import ALSO, LANGUAGES

from . import repeats
from .clauses import Phrase
from .columns import mentions, text_of
from .wishes import EXTRACT, FIX, Scene, Trouble, Wish

_ROWS = re.compile(
    r"\b(?:rows?|documents?|docs|texts?|records?|entries|samples?|examples?|answers?|posts?|items|pages|papers|articles|snippets|files|responses|ones)\s+"
    r"(?:that|which|with|containing|having|where|whose|in which|without|of which|consisting|full of|mentioning|about|written in|starting|beginning)\b"
)
_OF_ROWS = re.compile(r"\b(?:from|in|inside|within|of|off|out of) (?:the |all |each |every |its |their |these |those |my |our |any )*\w+")
_TAKES = re.compile(
    r"\b(?:remov\w*|strip\w*|drop\w*|delet\w*|discard\w*|get(?:ting)? rid of|take|taking|cut\w*|throw\w*|clean\w*|clear\w*|eliminat\w*|exclud\w*|"
    r"without|no|not|free of|leave|leaving|trim\w*|erase|ditch|lose|omit|skip|kill|purge|out|don't|removal|stripping|minus|except)\b"
)
_MAIN = re.compile(
    r"\b(?:main|primary|actual|core|central|real|readable|article|body)[ -](?:text|content|body|part|article|copy)\b|"
    r"\b(?:clean|plain|pure) (?:article|page|main|body|readable) (?:text|content)\b|\bboiler-?plate\b|\bpage furniture\b|\bsite chrome\b|"
    r"\btrafilatura\b|\bresiliparse\b|\breadability(?:\.js| algorithm| mode)\b|\breader (?:mode|view)\b|\bjust-?text\b|"
    r"\b(?:just|only|nothing but) the (?:articles?|stor(?:y|ies)|prose|posts?)(?: itself| themselves| text)?\b"
    r"(?! (?:that|which|with|from|about|where|whose|in|of|by)\b)|"
    r"\b(?:pages?|websites?|html|sites)\b[^.;]{0,40}\b(?:to|into|as) (?:clean |plain |readable |pure )*"
    r"(?:articles?|prose|article text|running text)\b|"
    r"\btext of (?:the |each |every )?articles? (?:only|alone|itself)\b"
)
_FURNITURE = re.compile(
    r"\b(?:menus?|nav(?:igation|s)?(?: ?(?:bars?|menus?|links|elements?))?|side ?bars?|(?:page |site )?(?:footers?|headers?)|"
    r"(?:cookie|consent|gdpr)[ -](?:notices?|banners?|warnings?|pop-?ups?|walls?)|ads\b|adverts?|advertisements?|"
    r"(?:share|social)(?: media)? (?:buttons?|links|icons)|teasers?|related (?:articles|posts|links|stories)|bread ?crumbs?|page furniture|"
    r"boiler-?plate|newsletter (?:boxes|forms?|sign-?ups?)|web ?page (?:clutter|junk|cruft)|clutter|template text)"
)
TAGGED = 0.9  # share of rows with tags from which texts are pages: documents in Markdown hold some too
_HTML_NAME = re.compile(r"html|(?:^|_)(?:raw_?)?page(?:$|_)", re.IGNORECASE)
_FAVOUR = {
    "precision": re.compile(r"\b(?:precision|strict(?:ly)?|aggressive(?:ly)?|rather (?:lose|miss|drop)|only what is (?:sure|certain))\b"),
    "recall": re.compile(r"\b(?:recall|lenient|as much (?:text )?as possible|rather (?:keep|too much)|(?:lose|miss) (?:no|nothing|as little))\b"),
}
_AS_MARKDOWN = re.compile(
    r"\b(?:as|to|into|in) (?:clean )?(?:github[- ])?(?:markdown|md)\b|\bkeep\w*\b[^.;]{0,30}\b(?:headings|formatting|structure)\b"
)
_KEEPS_COMMENTS = re.compile(r"\b(?:with|keep\w*|including|include|and)\b[^.;,]{0,20}\b(?:reader |user |the )*comments\b")
_NO_TABLES = re.compile(r"\b(?:without|no|drop\w*|remov\w*|leave out)\b[^.;]{0,30}\btables\b")
_MARKUP = {
    "markdown": re.compile(r"\b(?:markdown|md (?:formatting|syntax|markup)|common ?mark)\b(?! (?:files?|documents?|pages?|posts?|column|field))"),
    "latex": re.compile(r"\b(?:la)?tex (?:commands?|markup|code|macros?|syntax|formatting|sources?|to)\b|\blatex\b|\bde-?tex\b"),
    "wiki": re.compile(r"\b(?:media ?)?wiki[ -]?(?:text|markup|code|syntax|templates?|formatting|links?)\b|\bmediawiki\b"),
    "rst": re.compile(r"\bre?structured ?text\b|\brst\b"),
}
_TO_PLAIN = re.compile(
    r"\b(?:to|into|as|in)\s+(?:an? |the )?(?:plain|clean|normal|simple|raw|unformatted)\s+(?:text|prose|words|english)\b|\bplain text\b"
)
_INTO_MARKUP = re.compile(r"\b(?:to|into|as|in)\s+(?:valid |clean |proper |an? )*(?:markdown|md|latex|wiki ?text|rst)\b")
_NO_CODE = re.compile(r"\b(?:code (?:blocks?|fences?|samples?)|fenced code)\b")
_FRONT = re.compile(
    r"\bfront[ -]?matters?\b|\b(?:yaml|toml|json|jekyll|hugo|meta ?data|markdown) (?:headers?|preambles?|blocks? at the (?:top|start|beginning))\b"
)
_KINDS = {"yaml": r"\byaml\b|\bjekyll\b", "toml": r"\btoml\b", "json": r"\bjson\b"}
_INTO_COLUMN = re.compile(
    r"\b(?:into|to|in|as)\s+(?:an?\s+|the\s+|its own\s+|their own\s+)?(?:(?:new|own|separate|extra)\s+)*(?:columns?|fields?)?\s*"
    r"(?:called|named|with the name)?\s*(?P<name>[\ue000]+|[a-z_]\w*)?"
)
_REFERENCES = re.compile(
    r"\bbibliograph(?:y|ies)\b|\breferences? (?:sections?|lists?|at the (?:end|bottom))\b|\b(?:lists?|sections?) of (?:references|literature)\b|"
    r"\bworks cited\b|\b(?:literature|citation) lists?\b|\bcited literature\b|\b(?:the|their|all|any|trailing|its) references\b(?! to\b)|"
    r"\b(?:remove|drop|strip|delete|cut(?: off| out)?|without|no) references\b(?! to\b)|\breferences (?:and|or) citations\b|"
    r"\bcitations (?:and|or) references\b"
)
_CITATIONS = re.compile(r"\bcitations?\b|\bcitation (?:marks?|markers?|numbers?)\b|\bin-?text references\b|\breference (?:marks?|numbers?)\b")
_CODE_WORDS = r"(?:source |program |the |all |any |their |its |these |python |java |javascript |sql |c |c\+\+ |shell |bash )*"
_COMMENTS = re.compile(
    rf"\bcomments?\b[^.;,]{{0,20}}\b(?:from|in|inside|within|of|out of|off)\s+{_CODE_WORDS}"
    r"(?:code|source|sources|programs?|scripts?|snippets?|functions?|solutions?|python|java|javascript|sql|responses?|outputs?|answers?)\b|"
    r"\b(?:code|source|program|inline|block|python|java|javascript|js|sql|shell|bash|c|c\+\+|css|php|ruby|rust|go)[ -](?:code )?comments?\b|"
    r"\b(?:code|programs?|scripts?|snippets?|source)\b[^.;]{0,15}\b(?:without|free of|minus|with no)\s+(?:any |the )?comments?\b|"
    r"\bun-?comment(?:ed)? code\b"
)
_DOCSTRINGS = re.compile(r"\bdoc-?strings?\b")
_WORDS = {"r", "c", "h", "go", "ini", "node", "console", "html", "xml"}  # that mean other things too
_NAMES = sorted({*LANGUAGES, *ALSO} - _WORDS, key=len, reverse=True)
_LANGUAGE = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, _NAMES))})(?![\w-])")
_COMMENT_COLUMN = re.compile(
    r"\b(?:comments?|doc-?strings?) (?:columns?|fields?)\b|\b(?:columns?|fields?) (?:called |named )?(?:comments?|doc-?strings?)\b"
)


_MORE = re.compile(r"\b(?:duplicat\w*|de-?dup\w*|empty|e-?mails?|urls?|html|white ?space|personal data|pii|emojis?)\b")  # other readers' words


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """The whole clause is read, so that `comments` or `headers` in it are not taken for columns; not where it asks for more."""
    rows, main = _ROWS.search(phrase.lower), _MAIN.search(phrase.lower)
    if phrase.side in ("keep", "drop") and rows and not (main and main.start() < rows.start()):  # `the main text of pages without menus`
        return []
    return (
        _front_matter(phrase, scene) or _references(phrase, scene) or _comments(phrase, scene) or _main_text(phrase, scene) or _markup(phrase, scene)
    )


def _main_text(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    lower = phrase.lower
    main, furniture = _MAIN.search(lower), _FURNITURE.search(lower)
    goes_on = _is_html(scene) and _AS_MARKDOWN.search(lower) and (_MAIN.search(scene.goal.lower()) or _FURNITURE.search(scene.goal.lower()))
    if repeats.read(phrase, scene) or not (main or goes_on or (furniture and _TAKES.search(lower))):
        return []
    if not _is_html(scene):
        said = (main or furniture)[0]  # type: ignore[index]
        near = "extract_main_text reads web pages with their tags; for lines that stand in many texts say `lines that repeat across documents`"
        return Trouble("unclear", f"{said!r}: the text column holds no HTML; {near}") if main or re.search("boiler|cookie|nav", said) else []
    params: dict[str, object] = {}
    for name, pattern in _FAVOUR.items():
        params |= {"favour": name} if pattern.search(lower) else {}
    params |= {"form": "markdown"} if _AS_MARKDOWN.search(lower) else {}
    params |= {"comments": True} if _KEEPS_COMMENTS.search(lower) and not re.search(r"\b(?:no|without|or)\b[^.;]*\bcomments\b", lower) else {}
    params |= {"tables": False} if _NO_TABLES.search(lower) else {}
    return [_wish("extract_main_text", "main_text", EXTRACT, phrase, scene, params)]


def _markup(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    lower = phrase.lower
    found = next(((name, match) for name, pattern in _MARKUP.items() if (match := pattern.search(lower))), None)
    if found is None or re.search(r"\btables?\b|\blinks?\b|\bheadings?\b|\bimages?\b", lower):
        return []
    if _INTO_MARKUP.search(lower):
        if re.search(r"\bhtml\b|\bpages?\b", lower):
            return Trouble(
                "unclear", f"{phrase.text!r}: winnow writes the main text of pages as Markdown; say `main text as markdown` if that is meant"
            )
        return []
    if not (_TAKES.search(lower) or _TO_PLAIN.search(lower)):
        return []
    params: dict[str, object] = {"markup": found[0]} if found[0] != "markdown" else {}
    params |= {"code": False} if _NO_CODE.search(lower) and not re.search(r"\bkeep\w*\b[^.;]*\bcode\b", lower) else {}
    return [_wish("remove_markup", "plain_text", FIX, phrase, scene, params, found[1].span())]


def _front_matter(phrase: Phrase, scene: Scene) -> list[Wish]:
    lower = phrase.lower
    match = _FRONT.search(lower)
    moves = re.search(r"\b(?:move|put|extract|save|store|copy|split|pull|write)\b", lower)
    if not match or not (_TAKES.search(lower) or moves):
        return []
    params: dict[str, object] = {}
    kinds = [kind for kind, pattern in _KINDS.items() if re.search(pattern, lower)]
    params |= {"kinds": kinds} if kinds else {}
    into = _INTO_COLUMN.search(lower, match.end()) if moves else None
    if into:
        atom = next((atom for atom in phrase.atoms if into["name"] and atom.start == into.start("name")), None)
        named = atom.value if atom else into["name"]
        params["into"] = named if named and named not in ("column", "columns", "field", "it", "them") else "front_matter"
    return [_wish("remove_front_matter", "no_front_matter", EXTRACT, phrase, scene, params, match.span())]


def _references(phrase: Phrase, scene: Scene) -> list[Wish]:
    lower = phrase.lower
    match = _REFERENCES.search(lower)
    if not match or not _TAKES.search(lower) or re.search(r"\bcolumns?\b|\bfields?\b|\bduplicat\w*", lower):
        return []
    params: dict[str, object] = {"citations": True} if _CITATIONS.search(lower.replace("citation list", "")) else {}
    return [_wish("remove_references", "no_references", EXTRACT, phrase, scene, params, match.span())]


def _comments(phrase: Phrase, scene: Scene) -> list[Wish]:
    lower = phrase.lower
    docs = _DOCSTRINGS.search(lower)
    match = _COMMENTS.search(lower) or docs
    if not match or not _TAKES.search(lower) or _COMMENT_COLUMN.search(lower):
        return []
    said = _LANGUAGE.search(lower)
    params: dict[str, object] = {"language": ALSO.get(said[1], said[1])} if said else {}
    params |= {"docstrings": True, "language": params.get("language", "auto")} if docs else {}
    params = {name: value for name, value in params.items() if value != "auto"}
    return [_wish("remove_code_comments", "no_comments", FIX, phrase, scene, params, match.span())]


def _is_html(scene: Scene) -> bool:
    column = scene.main.text
    return column is not None and (scene.main.faults.get("tags", 0) >= TAGGED or bool(_HTML_NAME.search(column.name)))


def _wish(op: str, id: str, stage: int, phrase: Phrase, scene: Scene, params: dict[str, object], said: tuple[int, int] | None = None) -> Wish:
    named = [one.column.name for one in mentions(phrase, scene.main) if one.column.kind == "text" and one.sure and not one.column.labels]
    column = text_of(phrase, scene.main)
    names = list(dict.fromkeys(named)) or ([column.name] if column else ["text"])
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return Wish(
        op=op,
        id=id,
        stage=stage,
        params=params,
        on=names[0] if len(names) == 1 else names,
        span=said if said and _MORE.search(phrase.lower) else (0, len(phrase.text)),
        evidence=f"{op} on {', '.join(names)}{': ' + shown if shown else ''}, from {phrase.text!r}",
    )
