"""What a goal may not have, what winnow cannot do yet, and what a clause merely says."""

import re
from collections.abc import Collection

from .capabilities import CAPABILITIES
from .clauses import Phrase
from .wishes import Trouble

_DETERMINER = (
    r"(?:all|the|other|every|any|each|my|our|its|their|these|those|old|input|original|source|of|remaining|unused|both|local|whole|entire|you|find)"
)
_DELETES = re.compile(
    rf"\b(?:delete|remove|erase|wipe|rm|unlink|shred|overwrite|trash|empty|clear)\s+(?:{_DETERMINER}\s+)*(?:files?|folders?|"
    rf"director(?:y|ies)|disks?|drives?|home)\b(?!\s+(?:columns?|fields?|names?))"
)
_PATHS = re.compile(
    r"(?<![\w./])(?:/(?:etc|home|root|usr|var|proc|sys|dev|tmp|opt|bin|boot|mnt|srv|Users)\b[\w./-]*|~/[\w./-]*|\.\./[\w./-]*|[A-Z]:\\[\w.\\-]*)"
)
_LEAD = r"(?:^|[.;,:]\s+|\b(?:and|then|please|also|first|to|finally|afterwards)\s+)"
_SENDS = re.compile(
    rf"{_LEAD}(?:(?:send|upload|post|publish|push|transmit|forward|submit|tweet)\s+(?:(?!to\b|via\b)[\w'-]+\s+){{0,6}}(?:to|via)\b"
    r"|(?:send|e-?mail|mail|text)\s+(?:me|us|it|them|him|her|everyone|the (?:results?|outputs?|files?|report|rows|data\w*))\b)"
)
_FETCHES = re.compile(
    rf"{_LEAD}(?:download|fetch|crawl|scrape|browse|curl|wget|visit|google|search the (?:web|internet)|look up online|"
    rf"query the api|call (?:the|an|a) (?:api|web ?service|endpoint|url))\b"
)
_RUNS = re.compile(
    r"\b(?:run|execute|launch|start|install|eval)\s+(?:(?:the|a|an|this|my|any|some|following)\s+)*(?:shell|bash|command|"
    r"commands|script|scripts|program|binary|sudo|pip|software|package|server|code in|sql statement)\b"
)
_URL = re.compile(r"\b(?:https?|ftp|s3|ssh)://\S+")
_SECRETS = re.compile(
    r"\b(?:read|open|append|include|load|print|show|import|copy)\b[^.;]{0,40}\b(?:passwords? file|ssh keys?|"
    r"environment variables?|\.env|secrets?|credentials|private keys?)\b"
)

_COMPILED = tuple((re.compile(pattern), operators, what) for pattern, operators, what in CAPABILITIES)

_ROWS = r"(?:rows?|records?|examples?|samples?|items?|entries|lines?|documents?|messages?|texts?|data|pages?|questions?|answers?|pairs|[a-z]+s)"
_KEEPS_ALL = re.compile(
    rf"\b(?:cannot|can't|can not|must not|mustn't|may not|don't want to|do not want to|won't)\s+(?:afford to\s+)?(?:lose|"
    rf"drop|losing)\s+(?:any\s+|a single\s+)?(?:of\s+the\s+)?{_ROWS}"
    rf"(?!\s+(?:that|with|which|whose|where|longer|shorter|over|under|from|in))\b|"
    rf"\b(?:don't|do not|never|must not|without|no)\s+(?:drop|remove|delete|lose|discard|filter|losing|dropping|"
    rf"removing)(?:\s+or\s+\w+)?(?:\s+out)?\s+(?:any|a single|a|one|the|other)?\s*{_ROWS}(?!\s+(?:that|with|which|whose|"
    rf"where|longer|shorter|over|under|from|in))\b"
    rf"|\b(?:keep|keeping|retain|preserve)\s+(?:all|every(?: single)?|each)(?:\s+of)?(?:\s+the)?\s+{_ROWS}(?!\s*(?:that|with|"
    rf"which|whose|where|longer|shorter|over|under|from|in|having|of|but|except|about|written|unless|if|in which|on which)\b)"
    rf"|\b(?:all|every) rows? (?:stays?|must stay|are kept|is kept|remains?)\b|\bno row (?:may|should|must|"
    rf"is to) (?:be )?(?:dropped|lost|removed|get lost|go)\b"
)
_PARTS_OF_ROWS = re.compile(
    r"\b(?:turns?|exchanges?|systems?|tools?|calls?|prompts?|contents?|parts?|columns?|fields?)$"
)  # of a conversation or a row
_ELSE = r"(?:the rest|everything else|all (?:the )?others?|the others?|the remaining\b.*|anything else|all else|others|nothing else)"
_SAYS = re.compile(
    r"^(?:please\s+|but\s+|just\s+)*(?:"
    rf"(?:keep|keeping|leave|leaving|preserve|retain|drop|dropping|remove|discard|delete|throw away|throw out|get rid of|"
    rf"forget|ignore|toss|exclude)\s+(?:of\s+)?{_ELSE}\b.*"
    rf"|{_ELSE}\b(?!.*\b(?:balanc|sampl|sort|"
    r"shuffl|split|random|dedup|mask|renam|lower|upper|order|convert|\d)).*|nothing (?:else|more)\b.*|change nothing\b.*"
    r"|(?:keep|leave|drop|remove)\s+everything"
    r"|everything (?:below|above|after|before|around|outside|beneath)\b.*\b(?:stays?|remains?|is kept)\b.*"
    r"|(?:don't|do not|never)\s+(?:\w+\s+)?(?:lose|touch|change|alter|modify|rewrite|edit|harm|mangle|break|reorder)\b.*"
    r"|(?:leave|keep)\b.*\b(?:alone|untouched|as (?:it|they) (?:is|are|was|were)|unchanged|as is|intact)"
    r"|keep(?:ing)?\s+(?:only\s+|just\s+)?(?:the\s+)?(?:first|earliest|longest|best|first copy)(?:\s+(?:one|row|copy|"
    r"occurrence|version|example|entry|message|instance))?(?:\s+(?:of\s+(?:each|every|them|those|all|any)\b.*|per group|"
    r"for each(?: one| group)?))?"
    r"|keep(?:ing)?\s+(?:only\s+|just\s+)?(?:the\s+)?(?:one|row|copy|version)\s+(?:with|that has)\s+(?:the\s+)?(?:highest|"
    r"largest|newest|latest|most|best|greatest)\b.*"
    r"|(?:the |an? )?(?:input|context)\b.*\b(?:goes|comes|stands|belongs|is appended|follows|is put|should (?:go|come|"
    r"follow))\b.*\b(?:after|below|behind|following|under)\b.*"
    r"|.*\b(?:may|can|should|must|shall|are allowed to|is allowed to)\s+(?:stay|remain|be kept|be left in)"
    r"|(?:with\s+)?(?:no|without(?: any)?) overlap\w*|(?:keep|with|keeping)\s+(?:the\s+)?(?:path|url|id|source|link|"
    r"name)s?(?: column)?(?: on (?:each|every) \w+)?"
    r"|(?:each|every|all|any)\b.*\b(?:keeps?|carr(?:y|ies)|retains?|traceable)\b.*"
    r"|(?:it|this|they|the result|the output)\s+(?:must|should|has to|needs to)\s+be\s+(?:reproducible|deterministic|"
    r"repeatable)\b.*|please|(?:many |lots of |a big )?(?:thanks|thank you|thx|ty|cheers|tia|ta|regards|bye)"
    r"(?:,? (?:a lot|so much|very much|a million|a bunch|in advance|for (?:your|the) help|again|guys|all|everyone|mate))*"
    r")$"
)
_WRITES = re.compile(
    r"^(?:\w+ly |please |then |and |also |now |just |only |so |you |can |could |should |i |we |it |they |the |results? |rows? |all |"
    r"everything |want |to |"
    r"need |like |would |must |be |is |are |has |have )*(?:written|write|saved?|output(?! (?:must|should|may|can|is|are|has|not|to|of|that|which))|"
    r"export(?:ed)?|stored?)\b|"
    r"\b(?:and|then|to)\s+(?:write|save|export|store)\b|\b(?:output|file|result)\b[^.;]{0,25}\b(?:csv|tsv|jsonl?|parquet|json lines)\b"
)
_WRITES_ANEW = re.compile(
    r"\b(?:in(?:to)?|as|to)\s+(?:an?\s+|the\s+|its own\s+)?(?:(?:new|extra|separate|additional|own)\s+)*(?:columns?|fields?)\b|"
    r"\b(?:write|output|store|save)\s+(?:me\s+|us\s+)?(?:an?|one|two|three|some|its|their)\s+"
    r"(?!(?:\w+\s+)?(?:file|csv|tsv|jsonl?|parquet|copy|list|table|output|result|"
    r"data ?set|spreadsheet|line|row)\b)[a-z]"
)
_FORBIDS = re.compile(
    r"\b(?:won't|will not|can't|cannot|may not|must not|mustn't|not allowed|never|forbid\w*|prohibit\w*)\b(?! (?:afford|wait|help|know))"
)
_PURPOSE = re.compile(
    r"^only\b.*\b(?:belongs?|goes?|go|should be|are to be) in(?:to)? the (?:output|result)|^(?:so |now |here |well )?(?:i|"
    r"we|my|our|these?|this|those|someone|people|they|it|there|the (?:data|file|files|rows|model|goal|idea|second|first|"
    r"set))\b(?!.*\b(?:must|should|only|need (?!to)|want (?!to)|don't want)\b)"
    r"|^(?:because|since|as|for|to)\b|^(?:hi|hello|hey|dear)\b"
)


def out_of_bounds(goal: str, inputs: Collection[str]) -> Trouble | None:
    """A refusal for a goal that reaches beyond its own inputs and output: files, network, commands."""
    lower = goal.lower()
    allowed = {path.rstrip("/") for path in inputs}
    paths = [match[0].rstrip(".,") for match in _PATHS.finditer(goal)]
    foreign = next((path for path in paths if path.rstrip("/") not in allowed and not path.startswith("/dev ")), None)
    if foreign:
        return Trouble(
            "refuse",
            f"The goal names {foreign!r}, which is not among the inputs; winnow reads only files given with --input. Give it as an "
            f"input if it is meant.",
        )
    found = _DELETES.search(lower)
    if found:
        return Trouble("refuse", f"{found[0]!r}: winnow never deletes, moves or overwrites files; it writes one output and touches nothing else.")
    for pattern, why in (
        (_SENDS, "winnow sends nothing anywhere; it writes one local output"),
        (_RUNS, "winnow runs no commands or programs"),
        (_FETCHES, "winnow fetches nothing from the network"),
        (_SECRETS, "winnow reads only the inputs it is given"),
    ):
        found = pattern.search(lower)
        if found:
            return Trouble("refuse", f"{found[0].strip()!r}: {why}.")
    found = _URL.search(lower)
    if found and re.search(r"\b(?:from|to|at|read|load|get|use)\s+$", lower[: found.start()]):
        return Trouble("refuse", f"{found[0]!r}: winnow reads nothing from the network; download it and give it with --input.")
    return None


def lacking(phrase: Phrase, operators: Collection[str]) -> tuple[str, tuple[int, int]] | None:
    """What the clause asks for that no operator here can do, and where it says so."""
    for pattern, names, what in _COMPILED:
        match = pattern.search(phrase.lower)
        if match and not any(name in operators for name in names):
            return what, match.span()
    return None


def keeps_all(phrase: Phrase) -> bool:
    """Whether the clause forbids that rows are dropped."""
    found = _KEEPS_ALL.search(phrase.lower)
    return bool(found and not _PARTS_OF_ROWS.search(found[0]))


def only_says(phrase: Phrase) -> bool:
    """Whether the clause orders nothing new: the other side of another clause, or a wish to leave things alone."""
    return bool(_SAYS.match(phrase.lower.strip(" .!")))


def is_purpose(phrase: Phrase) -> bool:
    """Whether the clause tells what the data is or is for."""
    return bool(_PURPOSE.match(phrase.lower)) and not _FORBIDS.search(phrase.lower)


def is_output(phrase: Phrase) -> bool:
    """Whether the clause only says that, where and as what the rows are written; what shall be written anew is no such thing."""
    if _WRITES.search(phrase.lower):
        return not _WRITES_ANEW.search(phrase.lower)
    return bool(
        re.fullmatch(
            r"(?:as|to|in)?\s*(?:an?\s+)?(?:csv|tsv|jsonl?|parquet|arrow|feather|json lines)(?: (?:file|output|format))?[ .!]*", phrase.lower
        )
    )


def is_remark(phrase: Phrase, names: Collection[str]) -> bool:
    """Whether the clause only says which input or column is what."""
    said = "|".join(re.escape(name.lower()) for name in names)
    return bool(
        re.match(
            rf"(?:the\s+|in\s+)?(?:(?:file|input|dataset|data|column|answer|first|second|{said})[\w .-]*)\s*(?:column\s+)?(?:is|are|"
            rf"holds?|contains?|has|have|means?|comes?)\b",
            phrase.lower,
        )
    )
