"""Cuts a goal into clauses. What is quoted, a regex or a placeholder is an atom: it is never cut and hides its words."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

Side = Literal["keep", "drop", "do", ""]
HIDDEN = "\ue000"  # stands for each character of an atom, so that positions stay

DROP = (
    r"filter(?:ed)? out|get(?:ting)? rid of|throw(?:ing)?|weed(?:ing)?|leave out|leaving out|kick(?:ing)?|cut out|take out|sort out|"
    r"(?:leave|leaving|keep|take|taking|filter|filtering|cut|cutting|sort|screen|strip)\b[^.;,]{1,40}?\bout(?! of\b)|"
    r"screen out|drop|remove|removing|dropping|delete|deleting|discard|discarding|exclude|excluding|eliminate|skip|omit|reject|toss|purge|ditch|"
    r"take off|taking off|clear out|lose|prune|ignore(?! (?:the )?(?:case|white|upper|lower|capital|space|punct))|strip out|avoid|ban"
)
KEEP = (
    r"keep|keeping|retain|preserve|select|choose|pick|want|need|take|get|give|filter|include|restrict|limit|leave|require|hold on to|"
    r"filter (?:to|for|down)|narrow|find|show|extract|draw|return|cap"
)
DO = (
    r"strip|collapse|collapsing|squeeze|replace|replacing|mask|redact|anonymi[sz]e|pseudonymi[sz]e|scrub|censor|hide|"
    r"convert|turn|transform|reshape|reformat|"
    r"format|add|compute|calculate|count|measure|attach|annotate|split|chunk|break|divide|cut|join|merge|combine|mix|blend|concatenate|append|sample|"
    r"shuffle|sort|order|rank|rename|call|fix|repair|normali[sz]e|clean|tidy|dedup\w*|de-dup\w*|decontaminate|"
    r"decontaminating|write|save|output|export|store|hold(?= \S+ (?:out|back)\b)|"
    r"balance|make|create|truncate|shorten|lower-?case|translate|summari[sz]e|generate|rewrite|trim|unescape|decode|look up|"
    r"match|stratify|read|send|upload|"
    r"download|fetch|delete|hold out|set aside|put|use|build|change|touch|alter|modify|drop|derive|label|tag|classify|score|"
    r"rate|train|index|upper-?case|fill|cast|explode|unnest|unroll|flatten|straighten|"
    r"(?<!must )(?<!should )(?<!that )(?<!not )(?<!they )parse|impute|clip|uncapitali[sz]e"
)
NOUNS = (
    r"output|label|score|count|rate|order|sample|format|rank|index|match|measure|change|limit|store|mix|cap|mask|call|split|chunk|use|cut|"
    r"rows?|fill|cast"
)
_NOUN = (
    rf"(?!(?:{NOUNS})\b(?=\s*(?:$|[,.;:)]|and\b|or\b|only\b|too\b|as well\b|isn't\b|must\b|should\b|equals\b|[=<>!]|is\b|"
    rf"are\b|columns?\b|fields?\b|has\b|have\b|in\b|to\s+(?!a\b|the\b|"
    rf"an\b|csv|json|parquet|file)[a-z_]+\b)))"
)  # a column's name, no order
_AS_NOUN = rf"(?:{NOUNS})\s+(?:with|without|whose|longer|shorter|that|which|under|over|must|should)\b"  # `output with less than 5 words`
LEAD = r"(?:(?:please|then|also|finally|afterwards|next|first|only|just|simply|lastly|now|don't|do not|never|instead|again|randomly|after that)\s+)*"
_CUT = re.compile(
    rf"(?:\s*[,;:]?\s+(?:and|then|but|so|plus|also|as well as|while|yet)\s+|\s*[,;:]\s+(?:(?:and|then|"
    rf"but)\s+)*)(?={LEAD}{_NOUN}(?:{DROP}|{KEEP}|{DO})\b(?!\s+(?:to\s+\d|column))|(?:please\s+)?"
    rf"(?:no\s+(?!longer|more|less|fewer|other|overlap)|(?:nothing|without|none)\s+(?!else|overlap))"
    rf"|(?:please\s+)?(?:the rest|the remain\w+|the others?|everything else|all (?:the )?others?|all the rest)\b"
    rf"|(?:that|this|these|those) (?:ones?|rows?) (?:must|should|can|may|ha(?:s|ve) to|needs? to)\b)"
    rf"|(?<!json)(?<!json object)(?<!json objects)\s*,?\s+(?=with (?:only |just )?(?:the )?(?:columns|fields)\b)"
    rf"|\s*,\s+(?:and\s+|but\s+)?(?=(?:never|not|no|at most)\s+(?:(?:more|fewer|less)\s+than\s+)?"
    rf"\d+\s+(?:\w+\s+)?(?:per|of each|for each|from each|in each|each)\b)"
    rf"|\s+[+&]\s+(?={LEAD}{_NOUN}(?:{DROP}|{KEEP}|{DO})\b)"
    rf"|\s*,\s+(?=[a-z]+s (?:with|that|whose|which)\b[^,;]*\b(?:is|are)(?: not|n't| okay| ok| fine| welcome| too)[ .!]*$)"
    rf"|\s*,\s+(?:and\s+)?(?!but\b)(?=(?:[a-z]+\s+)?[a-z]*[a-rt-z]\s+only[ .!]*(?:$|,|\band\b|\bthen\b))"  # no columns: `titles only`
    rf"|\s*,\s+(?:and\s+)?(?=\d+\s?%?\s*/\s*\d+\s?%?(?:\s*/\s*\d+\s?%?)?\s+(?:train|split|test|val))"
    rf"|\s*,\s+(?=(?:as |in |to )?(?:an? )?(?:csv|tsv|jsonl?|parquet|arrow|feather)(?: (?:file|output|format))?[ .!]*$)"
    rf"|\s*,\s+but\s+(?=(?:we|i|it|they|you|only|never|do not|don't|not|all|every|no (?:more|fewer|less) than|at (?:most|least))\b)"
    rf"|\s+[-–—]\s+(?=(?:i\.e\.,?\s+)?{LEAD}(?:{DROP}|{KEEP}|{DO})\b)"
    rf"|\s*[,;]?\s+(?:and\s+)?then\s+(?=(?:an?|the|in|to|only|just|at (?:least|most)|\d)\b)"
)
_AFTER_NO = re.compile(r"\s*,\s+(?:and\s+)?(?=(?:at (?:least|most)|between|max\w*|min\w*|up to|only|just|more than|less than|fewer than)\b)")
_SENTENCE = re.compile(
    r"(?<!e\.g)(?<!i\.e)(?<!etc)(?<!\bvs)(?<!\bno)(?:(?<!\bmax)(?<!\bmin)(?<!\bapprox)(?<!\bca)|(?=[.]\s+\D))[.!?](?:\s+|$)|;\s+|"
    r"\n\s*(?:[-*•]|\d+[.)])\s+|\n{2,}"
)
_ATOMS = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\"(?P<double>[^\"\n]+)\"|“(?P<curly>[^”\n]+)”|‘(?P<single_curly>[^’\n]+)’|(?<![\w])'(?P<single>[^'\n]{1,120})'(?!\w)"
    r"|(?:(?<=regex )|(?<=regexp )|(?<=regular expression )|(?<=the pattern )|(?<=regex: ))(?P<regex>(?!and\b|or\b|that\b|"
    r"for\b|which\b)\S*[\\^$*+?\[\](){}|.]\S*)"
    r"|(?P<delimited><<[^<>]*>>|\[\[[^\]]*\]\]|\{\{[^}]*\}\}|\[[^\]\s]{1,40}\]|</?[A-Za-z][^<>]{0,60}>|\{[^{}\s]{1,40}\})"
    r"|(?P<entity>&\w{2,8};|&?#x?[0-9A-Fa-f]{2,6};|\\[ntr]\b)"
    r"|(?P<mark>(?<!\S)[#=@*~_|\\/$%^&+<>:-]{3,}(?=[\s.,;)]|$)|(?<!\S)(?:##|::|\|\||=>|->)(?=[\s.,;)]|$))"
)
_COMPLAINS = re.compile(
    r"\b(?:complain\w*|sick|tired|fed up|annoyed|suffer\w*|plagued|riddled|polluted|spoil\w*|problems?|trouble|full|"
    r"bothered)\b\s*(?:about|of|with|by|from)\b|"
    r"\b(?:has|have|contains?|there are|there is|with|see|got)\s+(?:far\s+|way\s+)?(?:too many|too much|many|lots of|"
    r"a lot of|plenty of|tons of|loads of)\b"
)
_VERB = re.compile(rf"\b(?:{DROP}|{KEEP}|{DO})\b")
_GOES_ON = re.compile(r"\s*(?:also|and also|likewise|same (?:goes )?for|as well as|plus|the same for)\b")
_LEADING_NO = re.compile(
    r"(?:please )?(?:there (?:must|should) be )?(?:no|nothing|none|without|except|not)\b"
    r"(?! (?:more|less|fewer|longer|shorter|greater|larger|smaller|higher|lower|bigger|over|under|above) than\b| (?:but|matter|need|idea)\b)"
)
_ALL_BUT = re.compile(
    r"(?:please |just |keep |i want |we want |take |give me )*(?:everything|all|any(?:thing)?|every \w+|"
    r"all \w+)(?: of them)? (?:but|except(?: for)?)\b"
)
_ALL_BUT_ROWS = (
    r"^(?:please |just |keep |i want |we want |take |give me )*(?:everything|all|any(?:thing)?|every \w+|"
    r"all \w+)(?: of them)? (?:but|except(?: for)?)\s+"
    r"(?=(?:the |those |any |all )?(?:\w+ )?(?:where|whose|that|which|with|having)\b)"
)
_USELESS = re.compile(
    r"\b(?:of no (?:use|help|value|interest)|"
    r"no (?:use|need|interest|place|room|time) (?:for|in)\b|no good|useless|worthless|pointless|no use)\b|(?:\bnot|n't|\bnever) (?:help|"
    r"fit|suit|work|need|wanted|belong|want|allow\w*|tolerate|"
    r"like|welcome|stand)\b|\b(?:(?:is|are) not (?:needed|wanted|of use|useful|welcome|relevant|interesting|allowed)|"
    r"teach\w*\b[^.;]{0,20}\bnothing|unusable|"
    r"(?:is|are) too (?:much|many|long|short|big|small|few)\b|(?:is|are) (?:noise|junk|garbage|rubbish|trash)|"
    r"don't care (?:about|for)|(?:know|speak|read|understand)s? (?:no|"
    r"neither)\b|(?:do not|don't|doesn't|cannot|can't) (?:know|speak|read|understand)\b|not interested in|(?:may|can|should|"
    r"could) (?:all )?(?:go|leave)\b)"
)
_LEAVES = re.compile(
    r"\b(?:go|goes|is out|are out|must leave|be (?:dropped|removed|deleted|thrown out|left out|excluded))(?:\s+(?:too|out|"
    r"as well|away|please|either|now))*[ .!]*$|"
    r"\bnot wanted\b|\bunwanted\b|\b(?:is|are)(?: not|n't)[ .!]*$"
)
_WELCOME = re.compile(
    r"\b(?:is|are) (?:welcome|fine|ok|okay|good|useful|wanted|enough|all i need|what (?:i|we) (?:want|need))\b(?!.*\b(?:not|n't)\b)"
)
_POINTS_BACK = re.compile(
    r"(?:please |just |so |only |i |we |want to |would like to |'d like to |to )*"
    r"(?:(?:drop|remove|delete|discard|exclude|throw|kick|leave|toss|filter|get rid of|weed|skip|keep|take|use|want|need|select|pick|give me|"
    r"reject|purge|ditch|omit|sort)\s+(?:out\s+|away\s+|only\s+|just\s+|all\s+(?:of\s+)?)*(?:these|those|them|both|it|that|"
    r"such)(?:\s+(?:ones?|[a-z]+s))?(?:\s+(?:out|away|only|off|please|too|as well))*"
    r"|(?:keep|take|retain|want|use)\s+(?:only\s+|just\s+)*(?:the ones|those|the rows|what)\s+(?:that\s+|which\s+)?(?:do|pass(?:es)?|match(?:es)?|"
    r"qualif\w+|succeeds?|survives?)"
    r"|(?:these|those|they|that|it|such|this)(?:\s+(?:ones?|rows?|pairs|items|cases|lines|messages|examples|"
    r"documents))?\s+(?:all\s+)?(?:(?:must|should|can|may|"
    r"have to|has to|need to|needs to|ought to)\s+(?:all\s+)?(?:go|leave|be (?:dropped|removed|deleted|thrown out|left out|"
    r"excluded|kept))|goes?|stays?)(?:\s+(?:too|as well|away|please))*)[.! ]*"
)
_NEGATED_VERB = re.compile(
    rf"(?:\bdon't|\bdo not|\bnever|\bnot|\bwon't|\bcan't|\bcannot|\bdoesn't)\s+(?:\w+\s+)?(?:{DROP}|{KEEP}|care (?:about|for)|like|allow)\b"
)
_NEGATES = re.compile(
    r"(?:\bnot\b|n't\b|\bnon-?|\bno(?:thing|ne|body)?\b(?! (?:more|less|fewer|longer|shorter|later|earlier))|\bwithout\b|"
    r"\b(?:other|else) than\b|\b(?:an)?other \w+ (?:than|but)\b|\banything but\b|\bany \w+ (?:but|except)\b|\bnever\b|"
    r"\bexcept(?: for)?\b|\bapart from\b|\bunless\b|(?<!know )(?<!knows )(?<!speak )(?<!read )(?<!understand )\bneither\b|"
    r"\b(?:everything|all|every \w+|all \w+) but\b)(?:(?!\band\b|\bbut\b)[^,;]){0,40}$"
)
FENCE = {"entity": "quoted", "code": "quoted", "double": "quoted", "curly": "quoted", "single_curly": "quoted", "single": "quoted"}


@dataclass(frozen=True)
class Atom:
    """A span that is taken as it stands."""

    kind: str  # quoted, regex, delimited or mark
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Phrase:
    """One clause of a goal; `lower` hides the atoms and has the length of `text`."""

    text: str
    lower: str
    side: Side
    atoms: tuple[Atom, ...]
    first: bool = False  # the goal says that this comes first
    repeats: bool = False  # `i.e.`: it says the clause before in other words

    def quoted(self) -> list[str]:
        return [atom.value for atom in self.atoms if atom.kind == "quoted"]


def atoms_of(text: str) -> list[Atom]:
    """All atoms of a text, in order."""
    found = []
    for match in _ATOMS.finditer(text):
        name = match.lastgroup or ""
        value, end = match[name], match.end()
        if name == "regex":
            escaped = value.endswith(("\\.", "\\,"))
            value = value if escaped else value.rstrip(",;.!?")
            surplus = len(value) > 1 and value.endswith(")") and value.count("(") < value.count(")")
            value = value[:-1] if surplus else value
            value = value[1:-1] if len(value) > 2 and value[0] == value[-1] == "/" else value
            end = match.end() if escaped else match.start() + len(match[0].rstrip(",;.!?")) - surplus
        found.append(Atom(FENCE.get(name, name), value, match.start(), end))
    return found


def hide(text: str, atoms: list[Atom]) -> str:
    """The text in lower case with every character of an atom hidden."""
    shown = list(text.replace("’", "'").lower() if len(text.lower()) == len(text) else text)
    for atom in atoms:
        shown[atom.start : atom.end] = HIDDEN * (atom.end - atom.start)
    return "".join(shown)


def split(goal: str) -> list[Phrase]:
    """The clauses of a goal, in order. A clause without a verb takes the side of the one before it in its sentence."""
    return list(_split(goal))


@lru_cache(maxsize=256)  # every reader of every clause may ask for it
def _split(goal: str) -> tuple[Phrase, ...]:
    text = re.sub(r"[ \t\r\f\v]+", " ", goal.strip())
    text = re.sub(r"(?<![\w/`'\"])w/ ?(?=o\b)", "with", text)  # `w/o` is short for without
    text = re.sub(r"(?<![\w/`'\"])witho\b", "without", re.sub(r"(?<![\w/`'\"])w/\s*(?=\S)", "with ", text))
    lower = hide(text, atoms_of(text))
    phrases: list[Phrase] = []
    for start, end in _asked(lower, _spans(lower, _SENTENCE, 0, len(lower))):
        before: Side = phrases[-1].side if phrases and _GOES_ON.match(lower, start, end) else ""
        for left, right in _with_leads(lower, _clauses(lower, start, end)):
            phrase = _phrase(text[left:right], before)
            if _GOES_ON.match(lower, left, right) and before and not _VERB.search(phrase.lower):
                phrase = replace(phrase, side=before)
            before = phrase.side if phrase.side in ("keep", "drop") and not _LEADING_NO.match(phrase.lower) else before
            if phrases and points_back(phrase):
                phrases[-1] = replace(phrases[-1], side=phrase.side)
            phrases.append(phrase)
    return tuple(phrases)


def orders_something(text: str) -> bool:
    """Whether a text has a verb that tells what to do with rows."""
    return _VERB.search(text.lower()) is not None


def phrase_of(text: str, side: Side) -> Phrase:
    """A part of a clause as a clause of its own."""
    return replace(_phrase(text, side), side=side)


def points_back(phrase: Phrase) -> bool:
    """`throw these out`: an order for the rows that the clause before tells of."""
    return phrase.side in ("keep", "drop") and bool(_POINTS_BACK.fullmatch(phrase.lower.strip(" .!")))


def _phrase(piece: str, before: Side) -> Phrase:
    text = re.sub(r"^(?:(?:and|then|also|finally|but)\s+)+(?=\w+\s)", "", piece.strip(" ,;:\n"), flags=re.I)
    text = re.sub(_ALL_BUT_ROWS, "drop ", text, flags=re.I)
    again = re.match(r"(?:i\.e\.?,?|that is(?: to say)?,?|in other words,?|meaning|which means|namely,?)\s+", text, re.I)
    text = text[again.end() :] if again else text
    atoms = atoms_of(text)
    lower = hide(text, atoms)
    first = bool(re.match(r"(?:first(?:ly)?|to begin with|start by|before anything else)\b", lower))
    return Phrase(text, lower, side_of(lower) or before, tuple(atoms), first, again is not None)


def side_of(lower: str) -> Side:
    """Which way the first verb of a clause points. `want to train` and other wishes for later are no orders."""
    if _LEADING_NO.match(lower):
        return "drop"
    if _ALL_BUT.match(lower) or re.match(r"(?:only|nothing but|just|no (?:more|fewer|less) than)\b", lower):
        return "keep"
    if _COMPLAINS.search(lower) or _USELESS.search(lower):
        return "drop"
    if _WELCOME.search(lower):
        return "keep"
    verb = re.search(rf"\b(?!{_AS_NOUN})(?:(?P<drop>{DROP})|(?P<keep>{KEEP})|(?P<do>{DO}))\b(?!-|\s+to\s+(?!have\b|keep\b)[a-z])", lower)
    if verb is None:
        return "drop" if _LEAVES.search(lower) else _implied(lower)
    no = re.search(r"(?:\bdon't|\bdo not|\bnever|\bnot)\s+(?:\w+\s+)?$", lower[: verb.start()])
    if verb["drop"]:
        return "keep" if no else "drop"
    if verb["keep"]:
        no = no or re.search(r"\b(?:none|no)\b", lower[verb.end() : verb.end() + 8])
        return "drop" if no else "keep"
    return "do"


def goes(phrase: Phrase, at: int) -> bool:
    """Whether what stands at this place is to go: a dropping clause, or a `no` or `without` before it, but not both."""
    lead = _LEADING_NO.match(phrase.lower) or _NEGATED_VERB.search(phrase.lower, 0, at) or _USELESS.search(phrase.lower, 0, at)
    start = lead.end() if lead else 0
    negated = _NEGATES.search(phrase.lower[start:at])
    drops = phrase.side == "drop"
    return drops != bool(negated)


def _implied(lower: str) -> Side:
    """A noun phrase, `rows with a year after 2000`, is a wish to have them."""
    if re.match(
        r"(?:the |all |all the |every |any |those )?(?:[a-z-]+ )?[a-z]+s\s+(?:with|whose|where|that|which|having|of|"
        r"over|under|above|below|longer|shorter|from|in|written)\b",
        lower,
    ):
        return "keep"
    if re.match(r"(?:all|all the|any|those) (?:[\w/-]+(?:,? (?:and|or) |, | )){0,6}[a-z]+s$", lower):
        return "keep"
    if re.search(r"\b(?:possible to|can i|could i|may i|can we|could we) (?:have|get|see)\b", lower):
        return "keep"
    return "keep" if re.search(r"[=<>!]=|\s[=<>]\s|\bonly\b|\bmust\b|\bshould\b|\bhas to\b|\bhave to\b", lower) else ""


def _clauses(lower: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = [span for span in _spans(lower, _CUT, start, end) if lower[span[0] : span[1]].strip(" ,;:.\n")]
    return [part for span in spans for part in (_spans(lower, _AFTER_NO, *span) if _LEADING_NO.match(lower[span[0] : span[1]].strip()) else [span])]


def _asked(lower: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`How long is each text? Add this as a column`: a question belongs to what is ordered behind it."""
    joined: list[tuple[int, int]] = []
    for left, right in spans:
        if joined and re.match(r"\s*(?:how (?:many|long)|which|what)\b", lower[joined[-1][0] : joined[-1][1]]):
            joined[-1] = (joined[-1][0], right)
        else:
            joined.append((left, right))
    return joined


def _with_leads(lower: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`In answer, remove X`: what only says where belongs to the clause behind it."""
    joined: list[tuple[int, int]] = []
    for left, right in reversed(spans):
        says_where = re.fullmatch(r"\s*(?:in|for|from|within|inside|of|on|across)\b[^,;]{0,60}", lower[left:right])
        if says_where and joined and side_of(lower[left:right].strip()) == "":
            joined[-1] = (left, joined[-1][1])
        else:
            joined.append((left, right))
    return joined[::-1]


def _spans(lower: str, cut: re.Pattern[str], start: int, end: int) -> list[tuple[int, int]]:
    """What lies between the cuts; a cut within brackets does not count."""
    spans, left = [], start
    for match in cut.finditer(lower, start, end):
        if lower.count("(", start, match.start()) > lower.count(")", start, match.start()):
            continue
        spans.append((left, match.start()))
        left = match.end()
    spans.append((left, end))
    return [span for span in spans if lower[span[0] : span[1]].strip()]
