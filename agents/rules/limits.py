"""What a goal may not have, what winnow cannot do yet, and what a clause merely says."""

import re
from collections.abc import Collection

from .clauses import Phrase
from .wishes import Trouble

_DETERMINER = (
    r"(?:all|the|other|every|any|each|my|our|its|their|these|those|old|input|original|source|of|remaining|unused|both|local|whole|entire|you|find)"
)
_DELETES = re.compile(
    rf"\b(?:delete|remove|erase|wipe|rm|unlink|shred|overwrite|trash|empty|clear)\s+(?:{_DETERMINER}\s+)*(?:files?|folders?|director(?:y|ies)|disks?|drives?|home)\b(?!\s+(?:columns?|fields?|names?))"
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
    rf"{_LEAD}(?:download|fetch|crawl|scrape|browse|curl|wget|visit|google|search the (?:web|internet)|look up online|query the api|call (?:the|an|a) (?:api|web ?service|endpoint|url))\b"
)
_RUNS = re.compile(
    r"\b(?:run|execute|launch|start|install|eval)\s+(?:(?:the|a|an|this|my|any|some|following)\s+)*(?:shell|bash|command|commands|script|scripts|program|binary|sudo|pip|software|package|server|code in|sql statement)\b"
)
_URL = re.compile(r"\b(?:https?|ftp|s3|ssh)://\S+")
_SECRETS = re.compile(
    r"\b(?:read|open|append|include|load|print|show|import|copy)\b[^.;]{0,40}\b(?:passwords? file|ssh keys?|environment variables?|\.env|secrets?|credentials|private keys?)\b"
)

# What people ask for that needs an operator winnow may not have. Names of operators that would do it: with one of them here the phrase is no trouble.
CAPABILITIES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (r"\b(?:openai|chatml|chat)[ -](?:format|style|messages|template)|\bmessages (?:column|field|format|list)|\bchat(?:ml)? format|\brole and content|\bas (?:chat|openai) messages|\bconversation(?:al)? format",
     ("to_messages",), "turning rows into chat messages"),
    (r"\bshare-?gpt\b|\bfrom and value\b", ("to_sharegpt",), "writing ShareGPT conversations"),
    (r"\balpaca (?:format|style|shape|layout|json)\b|\b(?:to|into|as) alpaca\b", ("to_alpaca",), "turning conversations into the Alpaca shape"),
    (r"\bdpo ?trainer\b|\bdpo (?:format|data|training|pairs)\b|\bpreference (?:format|pairs?|dataset)\b|\bprompt,? chosen,? (?:and )?rejected\b|\bflatten (?:the )?(?:conversations?|chats?|messages)\b",
     ("flatten_chat", "to_preference"), "making prompt, chosen and rejected texts"),
    (r"\bprompt(?:/| and )completion (?:format|pairs?|shape)\b", ("to_prompt_completion",), "writing prompt and completion pairs"),
    (r"\b(?:main|article|body) (?:text|content)\b|\bclean (?:article|page) text\b|\bboilerplate\b|\breadable text\b|\b(?:menus?|nav(?:igation)? bars?|cookie (?:notices?|banners?)|page furniture|sidebars?|footers?)\b",
     ("extract_main_text",), "taking the main text out of web pages"),
    (r"\btoxic\w*|\bhate ?(?:speech|ful)|\bharmful\b|\babusive\b|\binsult\w*|\bnsfw\b|\bunsafe (?:content|text|answers?)",
     ("toxicity",), "judging toxicity (it needs a model)"),
    (r"\b(?:valid|working|correct|parses?|parseable|compil\w+|syntactically|broken|runnable|executable)\b[^.;]{0,30}\b(?:python|code|javascript|java|sql|programs?|snippets?)\b|\bcode\b[^.;]{0,30}\b(?:parses?|compiles?|runs?)\b|\bsyntax errors?\b",
     ("code_compiles",), "checking that code parses"),
    (r"\b(?:valid|well-?formed|parseable|broken|invalid|malformed) json\b|\bjson (?:that|which) parses\b|\bparses? as json\b", ("is_json",), "checking that a text is JSON"),
    (r"\bbalanced?\b|\bsame number (?:of|from|per)\b|\bequal(?:ly)? (?:number|many|share|sized?|represented)\b|\b(?:per|from each|of each|for each|from every|of every|per each)\s+(?:class|label|category|topic|intent|group|language|source|\w+ (?:class|label))\b|\beven(?:ly)? (?:split|distributed|spread)\b",
     ("balance", "stratified_sample"), "balancing the classes"),
    (r"\bstratif\w+|\bkeeping the (?:label|class|category) (?:distribution|proportions?|shares?)\b|\bproportional(?:ly)? (?:by|to|across)\b",
     ("stratified_sample",), "a stratified sample"),
    (r"\btranslat\w+", ("translate",), "translating (it needs a model)"),
    (r"\bsummari[sz]\w+\b", ("summarise",), "summarising (it needs a model)"),
    (r"\bparaphras(?:e|ing)\b|\brephras\w+|\bsynthesi[sz]\w+|\b(?:generate|write|invent|come up with)\b[^.;]{0,30}\b(?:questions?|answers?|examples?|instructions?|pairs|rows|problems?|explanations?)\b",
     ("questions_from_text", "rewrite_text", "self_instruct"), "writing new text (it needs a model)"),
    (r"\b(?:embeddings?|semantic(?:ally)?)\b(?! model| models)[^.;]{0,20}\b(?:dedup\w*|duplicates?|similar\w*|cluster\w*|vectors?|of)\b|\bsemantic dedup\w*",
     ("semantic_dedup",), "comparing meanings (it needs an embedding model)"),
    (r"\bperplexity\b(?! column)", ("perplexity", "ngram_surprise"), "measuring perplexity (it needs a model)"),
    (r"\b(?:llm|gpt-?\d|claude|model)[ -](?:judge|as a judge|rate|score|grade)\w*|\b(?:rate|grade|judge|score)\b[^.;]{0,40}\b(?:helpful\w*|quality|difficulty|usefulness|from \d to \d+|on a scale)\b",
     ("llm_judge", "ask_llm"), "judging rows (it needs a model)"),
    (r"\bhtml\b[^.;]{0,20}\bmarkdown\b|\b(?:remove|strip|without)\b[^.;]{0,20}\b(?:markdown|latex|wiki ?text|wiki markup)\b", ("remove_markup",), "taking markup other than HTML out of a text"),
    (r"\bfacts?(?:ually)?\b[^.;]{0,20}\b(?:wrong|correct|true|false|check\w*)\b|\bhallucinat\w+|\b(?:wrong|incorrect|correct) (?:answers?|solutions?|results?)\b",
     ("math_answer", "faithfulness"), "checking whether answers are right"),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), operators, what) for pattern, operators, what in CAPABILITIES)

_ROWS = r"(?:rows?|records?|examples?|samples?|items?|entries|lines?|documents?|messages?|texts?|data|pages?|questions?|answers?|pairs|[a-z]+s)"
_KEEPS_ALL = re.compile(
    rf"\b(?:don't|do not|never|must not|without|no)\s+(?:drop|remove|delete|lose|discard|filter|losing|dropping|removing)(?:\s+or\s+\w+)?(?:\s+out)?\s+(?:any|a single|a|one|the|other)?\s*{_ROWS}(?!\s+(?:that|with|which|whose|where|longer|shorter|over|under|from|in))\b"
    rf"|\b(?:keep|keeping|retain|preserve)\s+(?:all|every(?: single)?|each)(?:\s+of)?(?:\s+the)?\s+{_ROWS}(?!\s*(?:that|with|which|whose|where|longer|shorter|over|under|from|in|having|of|but|except|about|written)\b)"
    rf"|\b(?:all|every) rows? (?:stays?|must stay|are kept|is kept|remains?)\b|\bno row (?:may|should|must|is to) (?:be )?(?:dropped|lost|removed|get lost|go)\b"
)
_SAYS = re.compile(
    r"^(?:please\s+)?(?:"
    r"(?:but\s+)?(?:keep|keeping|leave|leaving|preserve|retain)\s+(?:the\s+|all\s+(?:the\s+)?)?(?:rest|everything(?: else)?|other\w*|remaining)\b.*"
    r"|(?:the rest|everything(?: else)?|all (?:the )?others?|nothing else|anything else|all else)\b.*"
    r"|(?:drop|remove|discard|delete|throw away|get rid of|forget|ignore|toss|exclude)\s+(?:the rest|everything(?: else)?|all (?:the )?others?|the others?|the remaining.*|anything else)\b.*"
    r"|(?:but\s+)?(?:don't|do not|never)\s+(?:\w+\s+)?(?:lose|touch|change|alter|modify|rewrite|edit|harm|mangle|break|reorder)\b.*"
    r"|(?:leave|keep)\b.*\b(?:alone|untouched|as (?:it|they) (?:is|are|was|were)|unchanged|as is|intact)$"
    r"|keep(?:ing)?\s+(?:only\s+|just\s+)?(?:the\s+)?(?:first|one|earliest|a single|longest|best|one copy|first copy)\b.*\b(?:of (?:each|every|them|those|all)|per|copy|one|occurrence|version|for each|duplicates?|group|time|instance|row|seen)\b.*"
    r"|(?:the |an? )?(?:input|context)\b.*\b(?:goes|comes|stands|belongs|is appended|follows|is put|should (?:go|come|follow))\b.*\b(?:after|below|behind|following|under)\b.*"
    r"|(?:each|every|all|any)\b.*\b(?:keeps?|carr(?:y|ies)|retains?|traceable)\b.*"
    r"|nothing (?:else|more)?\b.*|(?:the )?order\b.*|(?:it|this|they)\s+(?:must|should|has to|needs to)\s+be\s+(?:reproducible|deterministic|repeatable)\b.*|(?:please|thanks|thank you|cheers)"
    r")$"
)  # fmt: skip
_PURPOSE = re.compile(
    r"^only\b.*\b(?:belongs?|goes?|go|should be|are to be) in(?:to)? the (?:output|result)|^(?:so |now |here |well )?(?:i|we|my|our|these?|this|those|someone|people|they|it|there|the (?:data|file|files|rows|model|goal|idea|second|first|set))\b(?!.*\b(?:must|should|only|need (?!to)|want (?!to)|don't want)\b)"
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
            f"The goal names {foreign!r}, which is not among the inputs; winnow reads only files given with --input. Give it as an input if it is meant.",
        )
    found = _DELETES.search(lower)
    if found:
        return Trouble("refuse", f"{found[0]!r}: winnow never deletes, moves or overwrites files; it writes one output and touches nothing else.")
    for pattern, why in ((_SENDS, "winnow sends nothing anywhere; it writes one local output"), (_RUNS, "winnow runs no commands or programs"),
                         (_FETCHES, "winnow fetches nothing from the network"), (_SECRETS, "winnow reads only the inputs it is given")):  # fmt: skip
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
    return bool(_KEEPS_ALL.search(phrase.lower))


def only_says(phrase: Phrase) -> bool:
    """Whether the clause orders nothing new: the other side of another clause, or a wish to leave things alone."""
    return bool(_SAYS.match(phrase.lower.strip(" .!")))


def is_purpose(phrase: Phrase) -> bool:
    """Whether the clause tells what the data is or is for."""
    return bool(_PURPOSE.match(phrase.lower))


def is_remark(phrase: Phrase, names: Collection[str]) -> bool:
    """Whether the clause only says which input or column is what."""
    said = "|".join(re.escape(name.lower()) for name in names)
    return bool(
        re.match(
            rf"(?:the\s+|in\s+)?(?:(?:file|input|dataset|data|column|answer|first|second|{said})[\w .-]*)\s*(?:column\s+)?(?:is|are|holds?|contains?|has|have|means?|comes?)\b",
            phrase.lower,
        )
    )
