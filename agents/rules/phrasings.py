"""The turns of phrase that are said plainly before a goal is read: each a way of speaking, never a sentence of one goal."""

from .phrasing import Phrasing, phrasing

_ROWS = (
    r"(?:rows?|records?|messages?|texts?|pages?|lines?|items?|examples?|pairs?|comments?|reviews?|documents?|answers?|responses?|entries|ones|posts?)"
)
_ASK = r"(?:(?:can|could|would|will) (?:you|we) (?:please )?|please |kindly |i(?:'d| would) like you to )?"
_END = r"(?=\s*(?:[.,;!?)]|$|\band\b))"
CODES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ru": "Russian", "tr": "Turkish", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "ar": "Arabic", "sv": "Swedish", "fi": "Finnish",
}  # fmt: skip
CODE = "|".join(CODES)
_AGAIN = r"(?:it|them|this|that|these|those|th(?:is|at|ese|ose) (?:header|block|part|stuff|things?|bits?|marks?|notes?|lines?|tags?))"
_HOLDS = (
    r"(?:there(?:'s| is| are)|starts? with|begins? with|contains?|(?:is|are) "
    r"(?:littered|riddled|full|peppered|strewn|cluttered) (?:with|of)|"
    r"comes? with|ha(?:s|ve)|still (?:has|have))"
)


PHRASINGS: tuple[Phrasing, ...] = (
    # what heads a list, and what leads in
    phrasing(r"(?<=[.;!?] )also, (?=[a-z])", ""),
    phrasing(r"^(?P<name>[a-z]\w*): (?P<verb>delete|remove|strip|replace|mask|redact|collapse|trim|lower-?case)\b", "In {name}, {verb}"),
    phrasing(r"^(?:please )?(?:clean|tidy|fix)(?: up)? (?P<what>[^:;.,]{1,40}): (?=\w)", ""),
    # shorthand
    phrasing(r"\bcol\b", "column"),
    phrasing(r"\bcols\b", "columns"),
    phrasing(r"(?<=[\w)]) [+&] (?=[\w(])", " and "),
    phrasing(r"\s*(?:->|=>|→)\s*(?=(?:an? )?(?:csv|tsv|jsonl?|parquet|arrow)\b)", " and write it as "),
    phrasing(r"(?<!the)(?<=\w),? columns (?P<names>[a-z]\w*(?:, ?[a-z]\w*)+)(?=\s*(?:[.;(]|$))", " with the columns {names}"),
    phrasing(r"\b(?P<name>[a-z]\w*)=(?P<value>[a-z]\w*)\b", "{name} = {value}"),
    phrasing(r"^(?!seed\b)(?P<name>[a-z]\w*) (?:==?) (?P<value>[\w\ue000]+)(?=\s*(?:$|[,;.]| and ))", "keep rows where {name} is {value}"),
    phrasing(
        rf"\b(?P<verb>keep|only|just) (?P<codes>(?:{CODE})(?:(?:,| and| or|/)\s*(?:{CODE}))*)(?P<end> only)?(?=[.;!]|$)",
        "{verb} {codes}{end}",
    ),
    phrasing(r"\bfile (?P<n>one|two|three)\b", "{n:file}"),
    phrasing(
        r"^(?P<name>[a-z]\w*): (?:the |all |every )?(?P<what>[a-z][a-z -]*?) (?:->|=>) (?P<new>\S+)$",
        "replace every {what} in {name} with {new}",
    ),
    phrasing(r"^(?P<name>[a-z]\w*) (?P<end>top|bottom) (?P<n>\d+)\b", "{end} {n} by {name}"),
    phrasing(r"\b(?P<low>\d+) up to (?P<high>\d+)\b", "{low} to {high}"),
    phrasing(
        r"\b(?:make|create|give me|produce) (?:me )?an? (?P<kind>csv|tsv|jsonl|parquet)(?: file)? (?:with|of) "
        r"(?P<names>[a-z]\w*(?:,? (?:and )?[a-z]\w*)*?)"
        r" (?:from|of|for) (?:all )?(?:the )?(?P<rows>rows (?:with|where|whose) [^.;]+)",
        "keep {rows}. write them as {kind} with the columns {names}",
    ),
    phrasing(
        r"\bkeep (?:all )?(?:the )?\w+ of (?:one|the same|each|a) (?P<name>[a-z]\w*) in (?:one|the same) (?:part|side|split|set)\b",
        "all rows of the same {name} go to the same side",
    ),
    phrasing(
        r"^(?P<table>[a-z]\w*) (?:minus|without|except) (?:everything|all(?: rows)?|anything|rows) (?P<what>whose "
        r"[^.;]+?)(?: as well| too)?(?=[.;]|$)",
        "remove every {table} row {what}",
    ),
    phrasing(
        r"(?P<lead>^|[.;] )(?P<what>[^.;]+?) (?:should|must|may) not be (?:there|in (?:it|there|the (?:data|file|result)))\b",
        "{lead}drop {what}",
    ),
    phrasing(
        r"\b(?P<own>(?:our|the|my) [\w ]+?|\w+) (?:should not|shouldn't|must not|mustn't|may not) overlap with "
        r"(?P<other>[a-z]\w*)(?:,? (?:so )?(?:please )?(?:remove|drop) what does)?",
        "decontaminate {own} against {other}",
    ),
    phrasing(
        r"\b(?:i(?:'d| would) like to know|i want to know|tell me) (?P<what>the number of \w+ (?:of|in) )(?:each |every "
        r"|the )?(?P<name>\w+)[;,.:] "
        r"(?:store|put|save|write) (?:it|this|that) (?:in|into|as|to) (?:an? |the )?(?:new )?(?:column )?(?P<new>[a-z]\w*)",
        "add a column {new} with {what}{name}",
    ),
    # a column in brackets behind what it holds, a condition behind what it picks
    phrasing(
        r"\b(?P<noun>[a-z]+) \((?:that's|that is|this is|i\.e\.|it's|=|meaning|called) (?:the )?(?:(?:column|field) "
        r"(?P<a>[a-z]\w*)|(?P<b>[a-z]\w*) (?:column|field))\)",
        "{a}{b}",
    ),
    phrasing(
        r"\bthe (?:\w+ )?(?:part|rows|split|set|portion|subset) \((?P<cond>[a-z]\w* (?:is|=|equals) [\w\ue000]+)\)",
        "the rows where {cond}",
    ),
    phrasing(r"\bfor which\b", "where"),
    phrasing(r"^from (?P<rows>(?:the |all )?rows (?:where|whose|with) [^,;.]+), (?=\w)", "Keep {rows}. "),
    phrasing(
        r"\b(?:that|which) ha(?:s|ve) (?:nothing|no (?:text|value|content)) in (?:the |their )?(?P<name>[a-z]\w*)\b",
        "whose {name} is empty",
    ),
    phrasing(
        r"\b(?:that|which) (?:has|have|holds?|contains?) (?:nothing but|only|just) "
        r"(?P<names>(?!the\b|those\b|an?\b|one\b)[a-z]\w*(?:,? (?:and )?[a-z]\w*)*?)(?: in "
        r"(?:it|them))?(?=\s*(?:[.;]|$))",
        "with only the columns {names}",
    ),
    phrasing(r"\b(?:a|one) (?P<kind>csv|tsv|jsonl|parquet)(?: file)? (?:of|with|from) (?P<rows>the rows [^.;]*)", "{rows}, as {kind}"),
    phrasing(r"\b(?P<rows>the [a-z]+) with [^,;.]{1,50},? (?:i\.e\.|that is),? (?P<cond>(?:where|whose|with|those)\b)", "{rows} {cond}"),
    # to have and to leave
    phrasing(r" for (?:me|us)(?=[.?!,]|$)", ""),
    phrasing(rf"\b{_ASK}(?:pull|fish|dig|pick) out (?=the |all |those |every )", "keep "),
    phrasing(rf"\b{_ASK}(?:hand|pass|send|fetch|grab|get) me (?=the |all |those |every |only |just )", "give me "),
    phrasing(
        r"\b(?:i'm|i am|we're|we are) (?:only |just )?(?:after|looking for|interested in) (?=the |those |all |only |texts |rows |\w+s )", "keep only "
    ),
    phrasing(r"\bi(?:'d| would| only)? (?:like|have use for|can use|need|want) (?:only |just )(?!to\b|the best\b)(?=\w)", "keep only "),
    phrasing(r"\bi (?:only|just) (?:have (?:a )?use for|can use|need|want|like) (?!to\b)(?=\w)", "keep only "),
    phrasing(r"\b(?:i|we) can only use (?=\w)", "keep only "),
    phrasing(
        rf"\b(?:discard|drop|remove|delete|exclude|throw out|skip) (?:all |any |the |every )?(?P<rows>{_ROWS}) unless (?=\w)",
        "keep only {rows} where ",
    ),
    phrasing(
        r"\b(?P<what>\w+ must [^.;,]+), (?:else|otherwise|or else) (?:drop|remove|discard|skip|delete)(?: (?:it|the row|them))?(?=[.;]|$)",
        "keep only rows where {what}",
    ),
    phrasing(
        r"\bwhich (?P<what>(?:[\w-]+ )?[a-z]+s) have the (?P<most>largest|highest|greatest|lowest|smallest|most|least) (?P<name>\w+)\?",
        "give me the {what} with the {most} {name}.",
    ),
    phrasing(
        r"\bi (?:do not|don't) (?:want|need) (?P<what>the [^.;,]+?) (?:in (?:the "
        r"(?:result|output|file)|it|there)|anymore|any more)(?=[.;]|$)",
        "drop {what}",
    ),
    phrasing(r"\bcolumns of the (?P<table>\w+?)s? file\b", "{table} columns"),
    phrasing(r"(?<![\w-])mails?(?= addresses?\b|,? ?(?:and |or |/)?(?:tele)?phone)", "e-mail"),
    # said of what goes
    phrasing(r" \(see (?:the )?(?:column |field )?[a-z]\w*\)", ""),
    phrasing(r"\b(?:kill|nuke|zap|axe|chop off|lop off) (?=the |all |any |every )", "remove "),
    phrasing(
        r"^(?:an? |add an? |use an? |apply an? )?(?P<what>profanity|spam|swearing|toxicity|duplicate|boilerplate|nsfw) "
        r"filter\b(?: please| pls)?",
        "drop {what}",
    ),
    phrasing(
        r"\b(?:\w+ but )?(?:clean|rude|harmless|good) (?:ones|comments|rows|texts) (?:stay|are fine|are "
        r"ok(?:ay)?|remain|are welcome)\b[^.;]*",
        "keep the rest",
    ),
    phrasing(
        r"\b(?P<rows>pairs|rows|examples|records|items) (?:with no|without(?: an?| any)?) "
        r"(?P<name>answer|output|response|reply|input|instruction|question|label|title|content)\b(?! "
        r"(?:of|from|than|with|in)\b)",
        "{rows} whose {name} is empty",
    ),
    phrasing(
        r"(?P<lead>^|[:.;] )(?P<what>[^.;:]+?) (?:are|is) to be (?:dropped|removed|deleted|excluded|discarded|thrown out)(?=[.;]|$)",
        "{lead}drop {what}",
    ),
    phrasing(
        r"(?:^|(?<=[.;!?] ))[^.;!?]*?\b(?:who|that) (?:only |can )?(?:read|speak|understand|know)s? "
        r"(?P<langs>[a-z]+(?:(?:,| or| and)+ ?[a-z]+)*),? (?:so|hence|therefore) "
        r"(?:all )?(?P<rows>\w+) in (?:any )?other languages? [^.;]*",
        "keep only {rows} in {langs}",
    ),
    phrasing(
        r"\b(?:make sure|ensure|see to it|take care)(?: that)? (?:no|none of the|not one) (?P<rows>\w+) "
        r"(?:is|are|occurs?|appears?|comes?|stands?|shows up)"
        r"(?: in (?:there|it|the file|the data))? (?:twice|more than once|repeatedly|several times)\b",
        "remove exact duplicate {rows}",
    ),
    phrasing(
        r"\bgrep (?:for )?(?P<mark>\S+) in (?P<name>[a-z]\w*)(?: and keep (?:the hits|what matches|the matches|those))?",
        "keep rows whose {name} matches the regex {mark}",
    ),
    phrasing(
        r"\bis (?:the )?(?P<name>[a-z]\w*) (?P<what>[^?]+)\? if not,? (?:out with it|drop it|it goes|remove it|throw it out|get rid of it)",
        "keep only rows whose {name} is {what}",
    ),
    phrasing(r"\b(?:working|correct|proper) (?P<kind>python|json)(?P<code> code)?(?: syntax-wise)?\b", "valid {kind}{code}"),
    phrasing(
        r"\b(?:there (?:should|must) be )?no (?:double|multiple|repeated|extra) (?:blanks?|spaces?)(?: afterwards| left| any ?more)?\b",
        "collapse runs of whitespace",
    ),
    phrasing(
        r"\b(?P<what>[^.;,:]+?) (?:has|have|needs?|must|should|shall|ought) (?:to )?be (?:blanked(?: "
        r"out)?|masked|redacted|anonymi[sz]ed|blacked out) in (?P<name>[a-z]\w*)",
        "mask {what} in {name}",
    ),
    phrasing(
        r"\b(?:drop|remove|throw out|get rid of|delete) (?:the |all |any )?(?:machine |server |system )?(?:logs|log "
        r"lines|log files|machine output)(?:/[\w ]+?)?(?: that [^.;,]+)?(?=[.;,]|$)",
        "keep only natural prose",
    ),
    # what it is that goes, told before
    phrasing(
        rf"(?P<where>(?:(?<=^)|(?<=[.;!?] ))[^.;!?]*?)\b{_HOLDS}\s+(?:always |often |also )?(?P<what>[^.;!?]+?)(?:[.;!]|, (?:so|and)) "
        rf"+(?:i (?:do not|don't) (?:need|want) (?:it|them)[,.;] (?:so )?)?{_ASK}"
        rf"(?:(?:take|cut|strip|throw|leave|get) {_AGAIN} (?:out|off|away)(?: (?:of|from) \w+)?|(?:delete|remove|drop|erase|kill|strip|get "
        rf"rid of) {_AGAIN})(?: please)?{_END}",
        "Remove {what} from {where:place}",
    ),
    phrasing(r"\bi (?:do not|don't) (?:need|want) (?:it|them), (?=(?:delete|remove|drop)\b)", ""),
    # all rows stay
    phrasing(
        r"\b(?:leave (?:every|each|all)(?: the| of the| single)? rows? in|keep each and every row|(?:don't|do not) "
        r"(?:filter|drop|remove) (?:anything|any of them)|"
        r"nothing (?:is|gets|should be|shall be) (?:filtered|dropped|removed)(?: out)?(?: or changed)?|all (?:the "
        r")?[a-z]+s (?:stay|remain) as they are)\b",
        "keep all rows",
    ),
    phrasing(
        r"\b(?:the )?(?P<name>[a-z]\w*) (?:is to be|must be|should be|has to be|needs to be) (?:kept|preserved|retained)\b",
        "keep the {name}",
    ),
    phrasing(r",? and each with its (?P<name>[a-z]\w*)", ". Keep the {name}"),
    # said again
    phrasing(r"\bkeep (?:whichever|the one that|the row that|what) comes first\b", "keep the first one"),
    phrasing(r"\b(?:so )?(?:filter out|drop|remove|throw out|discard) all (?:of )?the rest\b", "drop the rest"),
    phrasing(r", nothing in (?:any )?other \w+(?=[.;]|$)", ""),
    phrasing(r",? and (?:that )?no rare \w+ (?:disappears|gets lost|is lost|vanishes|goes missing)\b", ""),
    phrasing(r", (?:none|no trace) of the (?:navigation|menus?|ads?|advertis\w+|cookie)[^.;]*", ""),
    phrasing(r"\. (?:black|blank|blot|cross|block) (?:them|these|those|it) out(?: but (?=keep)|(?=[.;]|$))", ". "),
    phrasing(r"\bclean (?P<table>[a-z]\w*) of (?:them|those|it|that)\b", "decontaminate {table}"),
    phrasing(
        r"\bthe (?:result|output) (?:must|should|may|shall|has to) (?:only )?(?:contain|hold|have) (?:only "
        r")?(?P<rows>\w+ rows)(?: only)?(?=[.;]|$)",
        "only {rows} belong in the output",
    ),
    phrasing(
        r"\bthe (?P<what>benchmark|test set|test data|reference|evaluation data) is (?:in )?(?P<file>the "
        r"(?:first|second|third|last|other) file)\b",
        "{file} is the {what}",
    ),
    # front matter
    phrasing(
        r"\b(?:an? |the )?(?:(?:yaml )?(?:header|metadata|preamble|block)(?: (?:in|of) yaml)|yaml (?:header|metadata|preamble|block))(?:,)?"
        r"(?: (?:fenced|enclosed|surrounded|wrapped|delimited|between)\b[^.;,]*)?",
        "the YAML front matter",
    ),
    phrasing(r"\bfrontmatter\b", "front matter"),
    phrasing(r"\bthe [\ue000]{3,} yaml [\ue000]{3,} block(?: (?:on|at) (?:the )?top of (?:each|every|the) \w+)?", "the YAML front matter"),
    # repeats
    phrasing(
        r"\bif (?:an?|the same|one) (?P<name>[a-z]\w*) (?:shows up|appears|occurs|comes(?: up)?|is there|turns up) "
        r"(?:several times|more than once|repeatedly|multiple times|twice(?: or more)?|again)[^,;.]*, "
        r"(?:keep|retain|take|leave)(?: only)? (?:its|the) first"
        r"(?: (?:occurrence|one|row|instance))?(?: and (?:discard|drop|remove|delete) (?:the|all) (?:later|other|rest|others)(?: ones)?)?",
        "deduplicate by the column {name}, keeping the first row of each",
    ),
)
