"""The turns of phrase that are said plainly before a goal is read: each a way of speaking, never a sentence of one goal."""

import re
from dataclasses import dataclass

_ROWS = (
    r""
    r""
    r""
    r""
    r""
    r"(?:rows?|records?|messages?|texts?|pages?|lines?|items?|examples?|pairs?|comments?|reviews?|documents?|answers?|responses?|entries|ones|posts?)"
)
_ASK = r"(?:(?:can|could|would|will) (?:you|we) (?:please )?|please |kindly |i(?:'d| would) like you to )?"
_END = r"(?=\s*(?:[.,;!?)]|$|\band\b))"
CODES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ru": "Russian", "tr": "Turkish", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "ar": "Arabic", "sv": "Swedish", "fi": "Finnish",
}  # fmt: skip
CODE = "|".join(CODES)
_ORDERED = (
    r"(?P<order>from (?:high(?:est)?|large(?:st)?|big|best) to (?:low(?:est)?|small(?:est)?|worst)|descending|in "
    r"descending order|highest first|from (?:low(?:est)?|small(?:est)?) to "
    r"(?:high(?:est)?|large(?:st)?|big)|ascending|in ascending order|lowest first)"
)
_AGAIN = r"(?:it|them|this|that|these|those|th(?:is|at|ese|ose) (?:header|block|part|stuff|things?|bits?|marks?|notes?|lines?|tags?))"
_HOLDS = (
    r"(?:there(?:'s| is| are)|starts? with|begins? with|contains?|(?:is|are) "
    r"(?:littered|riddled|full|peppered|strewn|cluttered) (?:with|of)|"
    r"comes? with|ha(?:s|ve)|still (?:has|have))"
)


@dataclass(frozen=True)
class Turn:
    """A turn of phrase and how it is said plainly; `{name}` stands for what a group found."""

    said: re.Pattern[str]
    plain: str


def _turn(said: str, plain: str) -> Turn:
    return Turn(re.compile(said), plain)


TURNS: tuple[Turn, ...] = (
    # what heads a list, and what leads in
    _turn(r"(?<=[.;!?] )also,? (?=[a-z])", ""),
    _turn(r"^(?P<name>[a-z]\w*): (?P<verb>delete|remove|strip|replace|mask|redact|collapse|trim|lower-?case)\b", "In {name}, {verb}"),
    _turn(r"^(?:please )?(?:clean|tidy|fix)(?: up)? (?P<what>[^:;.,]{1,40}): (?=\w)", ""),
    # shorthand
    _turn(r"\bcol\b", "column"),
    _turn(r"\bcols\b", "columns"),
    _turn(r"(?<=[\w)]) [+&] (?=[\w(])", " and "),
    _turn(r"\s*(?:->|=>|→)\s*(?=(?:an? )?(?:csv|tsv|jsonl?|parquet|arrow)\b)", " and write it as "),
    _turn(r"(?<!the)(?<=\w),? columns (?P<names>[a-z]\w*(?:, ?[a-z]\w*)+)(?=\s*(?:[.;(]|$))", " with the columns {names}"),
    _turn(r"\b(?P<name>[a-z]\w*)=(?P<value>[a-z]\w*)\b", "{name} = {value}"),
    _turn(r"^(?!seed\b)(?P<name>[a-z]\w*) (?:==?) (?P<value>[\w\ue000]+)(?=\s*(?:$|[,;.]| and ))", "keep rows where {name} is {value}"),
    _turn(
        rf"\b(?P<verb>keep|only|just) (?P<codes>(?:{CODE})(?:(?:,| and| or|/)\s*(?:{CODE}))*)(?P<end> only)?(?=[.;!]|$)",
        "{verb} {codes}{end}",
    ),
    _turn(r"\bfile (?P<n>one|two|three)\b", "{n:file}"),
    # a column in brackets behind what it holds, a condition behind what it picks
    _turn(
        r"\b(?P<noun>[a-z]+) \((?:that's|that is|this is|i\.e\.|it's|=|meaning|called) (?:the )?(?:(?:column|field) "
        r"(?P<a>[a-z]\w*)|(?P<b>[a-z]\w*) (?:column|field))\)",
        "{a}{b}",
    ),
    _turn(
        r"\bthe (?:\w+ )?(?:part|rows|split|set|portion|subset) \((?P<cond>[a-z]\w* (?:is|=|equals) [\w\ue000]+)\)",
        "the rows where {cond}",
    ),
    _turn(r"\bfor which\b", "where"),
    _turn(r"^from (?P<rows>(?:the |all )?rows (?:where|whose|with) [^,;.]+), (?=\w)", "Keep {rows}. "),
    _turn(
        r"\b(?:that|which) ha(?:s|ve) (?:nothing|no (?:text|value|content)) in (?:the |their )?(?P<name>[a-z]\w*)\b",
        "whose {name} is empty",
    ),
    _turn(
        r"\b(?:that|which) (?:has|have|holds?|contains?) (?:nothing but|only|just) "
        r"(?P<names>(?!the\b|those\b|an?\b|one\b)[a-z]\w*(?:,? (?:and )?[a-z]\w*)*?)(?: in "
        r"(?:it|them))?(?=\s*(?:[.;]|$))",
        "with only the columns {names}",
    ),
    _turn(r"\b(?:a|one) (?P<kind>csv|tsv|jsonl|parquet)(?: file)? (?:of|with|from) (?P<rows>the rows [^.;]*)", "{rows}, as {kind}"),
    _turn(r"\b(?P<rows>the [a-z]+) with [^,;.]{1,50},? (?:i\.e\.|that is),? (?P<cond>(?:where|whose|with|those)\b)", "{rows} {cond}"),
    # to have and to leave
    _turn(r" for (?:me|us)(?=[.?!,]|$)", ""),
    _turn(rf"\b{_ASK}(?:pull|fish|dig|pick) out (?=the |all |those |every )", "keep "),
    _turn(rf"\b{_ASK}(?:hand|pass|send|fetch|grab|get) me (?=the |all |those |every |only |just )", "give me "),
    _turn(
        r"\b(?:i'm|i am|we're|we are) (?:only |just )?(?:after|looking for|interested in) (?=the |those |all |only |texts |rows |\w+s )", "keep only "
    ),
    _turn(r"\bi(?:'d| would| only)? (?:like|have use for|can use|need|want) (?:only |just )(?!to\b|the best\b)(?=\w)", "keep only "),
    _turn(r"\bi (?:only|just) (?:have (?:a )?use for|can use|need|want|like) (?!to\b)(?=\w)", "keep only "),
    _turn(r"\b(?:i|we) can only use (?=\w)", "keep only "),
    _turn(
        rf"\b(?:discard|drop|remove|delete|exclude|throw out|skip) (?:all |any |the |every )?(?P<rows>{_ROWS}) unless (?=\w)",
        "keep only {rows} where ",
    ),
    _turn(
        r"\b(?P<what>\w+ must [^.;,]+), (?:else|otherwise|or else) (?:drop|remove|discard|skip|delete)(?: (?:it|the row|them))?(?=[.;]|$)",
        "keep only rows where {what}",
    ),
    _turn(
        r"\bwhich (?P<what>(?:[\w-]+ )?[a-z]+s) have the (?P<most>largest|highest|greatest|lowest|smallest|most|least) (?P<name>\w+)\?",
        "give me the {what} with the {most} {name}.",
    ),
    _turn(
        r"\bi (?:do not|don't) (?:want|need) (?P<what>the [^.;,]+?) (?:in (?:the "
        r"(?:result|output|file)|it|there)|anymore|any more)(?=[.;]|$)",
        "drop {what}",
    ),
    _turn(r"\bcolumns of the (?P<table>\w+?)s? file\b", "{table} columns"),
    _turn(r"(?<![\w-])mails?(?= addresses?\b|,? ?(?:and |or |/)?(?:tele)?phone)", "e-mail"),
    # said of what goes
    _turn(r" \(see (?:the )?(?:column |field )?[a-z]\w*\)", ""),
    _turn(r"\b(?:kill|nuke|zap|axe|chop off|lop off) (?=the |all |any |every )", "remove "),
    _turn(
        r"^(?:an? |add an? |use an? |apply an? )?(?P<what>profanity|spam|swearing|toxicity|duplicate|boilerplate|nsfw) "
        r"filter\b(?: please| pls)?",
        "drop {what}",
    ),
    _turn(
        r"\b(?:\w+ but )?(?:clean|rude|harmless|good) (?:ones|comments|rows|texts) (?:stay|are fine|are "
        r"ok(?:ay)?|remain|are welcome)\b[^.;]*",
        "keep the rest",
    ),
    _turn(
        r"\b(?P<rows>pairs|rows|examples|records|items) (?:with no|without(?: an?| any)?) "
        r"(?P<name>answer|output|response|reply|input|instruction|question|label|title|content)\b(?! "
        r"(?:of|from|than|with|in)\b)",
        "{rows} whose {name} is empty",
    ),
    _turn(
        r"(?P<lead>^|[:.;] )(?P<what>[^.;:]+?) (?:are|is) to be (?:dropped|removed|deleted|excluded|discarded|thrown out)(?=[.;]|$)",
        "{lead}drop {what}",
    ),
    _turn(
        r"(?:^|(?<=[.;!?] ))[^.;!?]*?\b(?:who|that) (?:only |can )?(?:read|speak|understand|know)s? "
        r"(?P<langs>[a-z]+(?:(?:,| or| and)+ ?[a-z]+)*),? (?:so|hence|therefore) "
        r"(?:all )?(?P<rows>\w+) in (?:any )?other languages? [^.;]*",
        "keep only {rows} in {langs}",
    ),
    _turn(
        r"\b(?:make sure|ensure|see to it|take care)(?: that)? (?:no|none of the|not one) (?P<rows>\w+) "
        r"(?:is|are|occurs?|appears?|comes?|stands?|shows up)"
        r"(?: in (?:there|it|the file|the data))? (?:twice|more than once|repeatedly|several times)\b",
        "remove exact duplicate {rows}",
    ),
    _turn(
        r"\bgrep (?:for )?(?P<mark>\S+) in (?P<name>[a-z]\w*)(?: and keep (?:the hits|what matches|the matches|those))?",
        "keep rows whose {name} matches the regex {mark}",
    ),
    _turn(
        r"\bis (?:the )?(?P<name>[a-z]\w*) (?P<what>[^?]+)\? if not,? (?:out with it|drop it|it goes|remove it|throw it out|get rid of it)",
        "keep only rows whose {name} is {what}",
    ),
    _turn(r"\b(?:working|correct|proper) (?P<kind>python|json)(?P<code> code)?(?: syntax-wise)?\b", "valid {kind}{code}"),
    _turn(
        r"\b(?:there (?:should|must) be )?no (?:double|multiple|repeated|extra) (?:blanks?|spaces?)(?: afterwards| left| any ?more)?\b",
        "collapse runs of whitespace",
    ),
    _turn(
        r"\b(?P<what>[^.;,:]+?) (?:has|have|needs?|must|should|shall|ought) (?:to )?be (?:blanked(?: "
        r"out)?|masked|redacted|anonymi[sz]ed|blacked out) in (?P<name>[a-z]\w*)",
        "mask {what} in {name}",
    ),
    _turn(
        r"\b(?:drop|remove|throw out|get rid of|delete) (?:the |all |any )?(?:machine |server |system )?(?:logs|log "
        r"lines|log files|machine output)(?:/[\w ]+?)?(?: that [^.;,]+)?(?=[.;,]|$)",
        "keep only natural prose",
    ),
    # what it is that goes, told before
    _turn(
        rf"(?P<where>(?:(?<=^)|(?<=[.;!?] ))[^.;!?]*?)\b{_HOLDS}\s+(?:always |often |also )?(?P<what>[^.;!?]+?)(?:[.;!]|, (?:so|and)) "
        rf"+(?:i (?:do not|don't) (?:need|want) (?:it|them)[,.;] (?:so )?)?{_ASK}"
        rf"(?:(?:take|cut|strip|throw|leave|get) {_AGAIN} (?:out|off|away)|(?:delete|remove|drop|erase|kill|strip|get "
        rf"rid of) {_AGAIN})(?: please)?{_END}",
        "Remove {what} from {where:place}",
    ),
    _turn(r"\bi (?:do not|don't) (?:need|want) (?:it|them), (?=(?:delete|remove|drop)\b)", ""),
    # all rows stay
    _turn(
        r"\b(?:leave (?:every|each|all)(?: the| of the| single)? rows? in|keep each and every row|(?:don't|do not) "
        r"(?:filter|drop|remove) (?:anything|any of them)|"
        r"nothing (?:is|gets|should be|shall be) (?:filtered|dropped|removed)(?: out)?(?: or changed)?|all (?:the "
        r")?[a-z]+s (?:stay|remain) as they are)\b",
        "keep all rows",
    ),
    _turn(
        r"\b(?:the )?(?P<name>[a-z]\w*) (?:is to be|must be|should be|has to be|needs to be) (?:kept|preserved|retained)\b",
        "keep the {name}",
    ),
    _turn(r",? and each with its (?P<name>[a-z]\w*)", ". Keep the {name}"),
    # said again
    _turn(r"\bkeep (?:whichever|the one that|the row that|what) comes first\b", "keep the first one"),
    _turn(r"\b(?:so )?(?:filter out|drop|remove|throw out|discard) all (?:of )?the rest\b", "drop the rest"),
    _turn(r", nothing in (?:any )?other \w+(?=[.;]|$)", ""),
    _turn(r",? and (?:that )?no rare \w+ (?:disappears|gets lost|is lost|vanishes|goes missing)\b", ""),
    _turn(r", (?:none|no trace) of the (?:navigation|menus?|ads?|advertis\w+|cookie)[^.;]*", ""),
    _turn(r"\. (?:black|blank|blot|cross|block) (?:them|these|those|it) out(?: but (?=keep)|(?=[.;]|$))", ". "),
    _turn(r"\bclean (?P<table>[a-z]\w*) of (?:them|those|it|that)\b", "decontaminate {table}"),
    _turn(
        r"\bthe (?:result|output) (?:must|should|may|shall|has to) (?:only )?(?:contain|hold|have) (?:only "
        r")?(?P<rows>\w+ rows)(?: only)?(?=[.;]|$)",
        "only {rows} belong in the output",
    ),
    _turn(
        r"\bthe (?P<what>benchmark|test set|test data|reference|evaluation data) is (?:in )?(?P<file>the "
        r"(?:first|second|third|last|other) file)\b",
        "{file} is the {what}",
    ),
    # front matter
    _turn(
        r"\b(?:an? |the )?(?:(?:yaml )?(?:header|metadata|preamble|block)(?: (?:in|of) yaml)|yaml (?:header|metadata|preamble|block))(?:,)?"
        r"(?: (?:fenced|enclosed|surrounded|wrapped|delimited|between)\b[^.;,]*)?",
        "the YAML front matter",
    ),
    _turn(r"\bfrontmatter\b", "front matter"),
    _turn(r"\bthe [\ue000]{3,} yaml [\ue000]{3,} block(?: (?:on|at) (?:the )?top of (?:each|every|the) \w+)?", "the YAML front matter"),
    # repeats
    _turn(
        r"\bif (?:an?|the same|one) (?P<name>[a-z]\w*) (?:shows up|appears|occurs|comes(?: up)?|is there|turns up) "
        r"(?:several times|more than once|repeatedly|multiple times|twice(?: or more)?|again)[^,;.]*, "
        r"(?:keep|retain|take|leave)(?: only)? (?:its|the) first"
        r"(?: (?:occurrence|one|row|instance))?(?: and (?:discard|drop|remove|delete) (?:the|all) (?:later|other|rest|others)(?: ones)?)?",
        "deduplicate by the column {name}, keeping the first row of each",
    ),
    # numbers and order
    _turn(r"(?<=\w)[.?!;,] (?:just|only) (?:those|these),? (?:sorted |ordered )?(?:in )?descending(?: order)?", ", highest first"),
    _turn(r"\bi(?:'d| would) like an? (?:mixture|mix|blend|combination) of ", "mix "),
    _turn(r"\bhalf (?:of (?:it|them|the rows|that|those|which) )?from (?=\w)", "50% from "),
    _turn(r"\bthe (?:remaining|other|last) (?=\d+ ?%)", ""),
    _turn(r"\buse (?P<n>\d+) (?:as|for) (?:the |a |your )?(?:random )?seed\b", "with seed {n}"),
    _turn(
        rf"\b(?:rank|sort|order) (?:the |all )?(?P<what>[\w ]*?)by (?P<name>\w+),? {_ORDERED},? (?:and|then|and then) "
        rf"(?:give me|keep|take|return|show me|hand over) "
        r"(?:the |just the |only the )?(?:first|top) (?P<n>\w+)(?: (?:of (?:that|the|this) list|of them|of those|rows))?",
        "give me the {order:end} {n} {what}by {name}",
    ),
    _turn(
        r"\b(?P<a>[a-z]\w*) (?P<x>\d+) ?%? ?/ ?(?P<b>[a-z]\w*) (?P<y>\d+) ?%? ?/ ?(?P<c>[a-z]\w*) (?P<z>\d+) ?(?:percent|%|pct)",
        "{x}% {a}, {y}% {b}, {z}% {c}",
    ),
    _turn(r"\b(?P<a>[a-z]\w*) (?P<x>\d+) ?%? ?/ ?(?P<b>[a-z]\w*) (?P<y>\d+) ?(?:percent|%|pct)", "{x}% {a}, {y}% {b}"),
    _turn(
        r"\b(?:equal(?:ly)?|balanced|the same(?: number)?|evenly)(?: many)? (?:per|by|across|over|for each|for every) (?P<name>[a-z]\w*)\b",
        "the same number from every {name}",
    ),
    _turn(r"\b(?:torn|ripped|pulled) apart\b|\bbroken up over both\b", "separated"),
    _turn(r",? and let (?:me|us) train on (?:the )?(?:other|rest|remaining)[^.;,]*", ", the rest is for training"),
    _turn(
        r"\b(?:put|set|lay) an? (?:random )?tenth of (?P<what>[^.;,]*?) aside for (?P<part>validation|testing|test)\b",
        "split at random into train and {part}, 90% / 10%",
    ),
    # what is computed
    _turn(
        r"\bcount the (?P<unit>words|characters|lines|sentences) (?:in|of) (?:the )?(?P<name>[a-z]\w*)(?: of (?:each|every|the) \w+)? and "
        r"(?:put|store|write|save) (?:the (?:number|count|result)|it|that) (?:in|into|to|as) (?:an? |the )?(?:new "
        r"|extra |additional )?(?:column|field)[,:]? (?:called |named )?(?P<new>[a-z]\w*)",
        "add a column {new} with the number of {unit} in {name}",
    ),
    _turn(
        r"\b(?:they|it|each row|every row|all rows|the rows) (?:only |just )?gets? an? "
        r"(?:additional|extra|new|further|second) (?:field|column)[,:]? (?:called |named )?(?P<new>[a-z]\w*)",
        "add a column {new}",
    ),
    _turn(r"\b(?:which|that) (?:says|tells|holds|has|gives) (?=how many |the )", "with "),
    _turn(
        r"\bhow many (?P<unit>words|characters|lines|sentences) (?P<name>[a-z]\w*) (?:has|contains|holds|is made of)\b",
        "the number of {unit} in {name}",
    ),
    _turn(r"\b(?:the )?word ?count (?:of|in|for) (?=[a-z])", "the number of words in "),
    _turn(
        r"\b(?:an? )?new (?:column|field)[,:]? (?:called |named )?(?P<new>[a-z]\w*) ?(?:=|:|with|holding|containing) ?", "add a column {new} with "
    ),
    _turn(r"\badd (?P<new>[a-z]\w*_\w+) ?(?:=|:) ?(?=the |number)", "add a column {new} with "),
    _turn(
        r"\bwhat (?:comes|stands|follows|is) (?:after|behind|right after) (?P<mark>[#\ue000:=*-]+) is (?:the |its )?[\w "
        r"]+?[:,;.]? ?(?:copy|put|move|write|store|extract) "
        r"(?:that|this|the) (?P<kind>number|text|value) (?:to|into|in) (?:an? )?(?:new )?(?:column|field)[,:]? "
        r"(?:called |named )?(?P<new>[a-z]\w*)",
        "add a column {new} with the {kind} after {mark}",
    ),
    _turn(
        r"\b(?:wherever|where|whenever|when|if) (?:the )?(?P<name>[a-z]\w*) (?:contains|has|holds|mentions|shows) "
        r"(?:an? |any |someone's |somebody's |the )?"
        r"(?P<what>[^,.;]+?), (?:then )?(?:put|write|insert|place|use) (?P<new>\S+) (?:in (?:its|their) (?:place|stead)|instead|there)",
        "replace every {what} in {name} with {new}",
    ),
    _turn(r"\brename (?P<old>[a-z]\w*) in (?P<table>[a-z]\w*) to (?P<new>[a-z]\w*)", "in {table} the {new} column is called {old}"),
    _turn(r"\bsingle spaces(?: only)?\b", "collapse runs of whitespace"),
    # code
    _turn(r"\b(?P<must>must|should|has to) parse as (?P<kind>python|json)\b", "{must} be valid {kind}"),
    _turn(r"\b(?P<kind>python|json)(?P<code> code)? without (?:any )?syntax errors?\b", "valid {kind}{code}"),
    _turn(r"\bmatch(?P<es>es)? (?=/\S+/)", "match{es} the regex "),
    _turn(
        r"\b(?:where|in which) (?P<mark>\\\S+|[\ue000]+) (?:is found|occurs|appears|can be found|is matched) in (?P<name>[a-z]\w*)\b",
        "whose {name} matches the regex {mark}",
    ),
    _turn(r"\bthe length of (?:the )?(?P<name>[a-z]\w*) in (?P<unit>words|characters|lines|sentences)\b", "the number of {unit} in {name}"),
    _turn(
        r"\b(?:append|add|attach) an? (?:new )?column (?:called |named )?(?P<new>[a-z]\w*)(?: to (?:the |each |every "
        r")?\w+)?[.?!;,] (?:it|this|which) (?:should |must |shall )?"
        r"(?:tell|say|hold|contain|give|show|be)s? (?P<what>the [^.;]+)",
        "add a column {new} with {what}",
    ),
    _turn(r"^(?P<new>[a-z]\w*_\w+) ?:?= ?(?=(?:the )?number of )", "add a column {new} with "),
    _turn(
        r"\bthe (?P<kind>number|text|value) (?:that|which) (?:follows|comes after|stands after|comes behind) "
        r"(?P<mark>[#\ue000:=*-]+) (?:(?:should|must|shall|has to) )?(?:also )?(?:be )?"
        r"(?:put|go|goes|stored|written|copied|kept) (?:in|into|to) an? (?:new )?(?:column|field) (?:called |named )?(?P<new>[a-z]\w*)",
        "add a column {new} with the {kind} after {mark}",
    ),
    _turn(
        r"\bmax\.? (?P<n>\d+) (?P<unit>words|tokens|characters) per (?:row|text|piece)\b[^.;]*?\b(?:cut|split|break) "
        r"(?:up )?(?:the )?longer \w+[^,.;]*",
        "split the texts into chunks of at most {n} {unit}",
    ),
    _turn(r"\bleave the (?P<name>[a-z]\w*) on (?:each|every\w*|all|them)\b(?: of them)?", "keep the {name}"),
    # other inputs
    _turn(r"\bjoin (?P<what>[^.;,]+?) (?:in)?to one (?P<kind>file|data ?set)\b", "combine {what} into one {kind}"),
    _turn(r"\bwhose (?P<name>[a-z]\w*) is also an? (?P<table>[a-z]\w*) (?P=name)\b", "whose {name} also occurs in {table}"),
    _turn(r"\b(?:check|compare|hold) [a-z]\w* (?:against|with) [a-z]\w* and (?=(?:take out|remove|drop|delete|throw out)\b)", ""),
    _turn(
        r"\b(?:make sure|ensure|see to it)(?: that)? (?:none|nothing) of the (?P<other>[a-z]\w*)(?: [a-z]+)?(?: "
        r"(?:in|from) the \w+ file)? (?:is|are|occurs?|appears?|remains?)"
        r"(?: contained| found| left| included)? in (?P<own>[^.;,]+)",
        "decontaminate {own} against {other}",
    ),
    _turn(
        r"^(?:please )?(?:write|save|export|output) (?P<names>[a-z]\w*(?:,? (?:and )?[a-z]\w*)*?) of (?:all )?(?:the "
        r")?(?P<rows>rows (?:with|where|whose) [^.;]+?) (?:to|into|as) (?:an? )?(?P<kind>csv|tsv|jsonl|parquet)\b",
        "keep {rows}. write them as {kind} with the columns {names}",
    ),
    _turn(
        r"\bmatch (?:the )?\w+ (?:to|with|against) (?:the )?\w+(?: rows)? (?:via|by|on|using) (?:the )?(?:column |key "
        r")?(?P<key>[a-z]\w*)\b",
        "join both files on {key}",
    ),
    _turn(
        r"\b(?P<verb>remove|drop|delete|exclude) from (?P<table>[a-z]\w*) (?:all|every|any|the) rows? "
        r"(?P<what>(?:whose|that|which|with) [^.;,]+)",
        "{verb} every {table} row {what}",
    ),
    _turn(
        r"\bwhose (?P<name>[a-z]\w*) is (?:also |already )?(?:in|part of|found in|contained in) (?:the "
        r")?(?P<table>[a-z]\w*)(?: file| set| data)?\b(?! order)",
        "whose {name} also occurs in {table}",
    ),
    _turn(
        r"\b(?:please )?(?:get|keep|take) (?:the |all )?(?P<other>[a-z]\w*) "
        r"(?:tasks|problems|questions|examples|items|prompts) out of (?P<own>[^.;,]+)",
        "decontaminate {own} against {other}",
    ),
    _turn(
        r"\b(?:nothing|none) (?:from|of) (?!them\b|it\b|that\b|those\b|this\b|these\b|the\b)(?P<other>[a-z]\w*) "
        r"?(?:\([^)]*\) )?(?:may|can|should|must|shall) (?:be|appear|occur|show up|end up|stand) in (?P<own>[^.;,]+)",
        "decontaminate {own} against {other}",
    ),
    # pages
    _turn(
        r"\b(?:keep only|extract|give me|get|take) (?:only |just )?the (?:actual |real |main "
        r")?(?:articles?|content|body)(?: text)? (?:from|of|out of|in) (?P<pages>[^,.;]*?pages?)(?: as (?:plain |clean "
        r")?text)?",
        "extract the main text of {pages}",
    ),
)
