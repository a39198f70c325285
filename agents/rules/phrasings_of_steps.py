"""Turns of phrase about numbers and order, new columns, code, other inputs and pages; applied after those of phrasings.py."""

from .phrasing import Phrasing, phrasing

_ORDERED = (
    r"(?P<order>from (?:high(?:est)?|large(?:st)?|big|best) to (?:low(?:est)?|small(?:est)?|worst)|descending|in "
    r"descending order|highest first|from (?:low(?:est)?|small(?:est)?) to "
    r"(?:high(?:est)?|large(?:st)?|big)|ascending|in ascending order|lowest first)"
)
PHRASINGS: tuple[Phrasing, ...] = (
    # numbers and order
    phrasing(r"\bonly (?P<n>\d[\d,]*) of (?:the|these|those|all) (?=rows|messages|texts|records|lines|examples|pairs|ones)", "only {n} "),
    phrasing(r"(?<=\w)[.?!;,] (?:just|only) (?:those|these),? (?:sorted |ordered )?(?:in )?descending(?: order)?", ", highest first"),
    phrasing(r"\bi(?:'d| would) like an? (?:mixture|mix|blend|combination) of ", "mix "),
    phrasing(r"\bhalf (?:of (?:it|them|the rows|that|those|which) )?from (?=\w)", "50% from "),
    phrasing(r"\bthe (?:remaining|other|last) (?=\d+ ?%)", ""),
    phrasing(r"\buse (?P<n>\d+) (?:as|for) (?:the |a |your )?(?:random )?seed\b", "with seed {n}"),
    phrasing(
        rf"\b(?:rank|sort|order) (?:the |all )?(?P<what>[\w ]*?)by (?P<name>\w+),? {_ORDERED},? (?:and|then|and then) "
        rf"(?:give me|keep|take|return|show me|hand over) "
        r"(?:the |just the |only the )?(?:first|top) (?P<n>\w+)(?: (?:of (?:that|the|this) list|of them|of those|rows))?",
        "give me the {order:end} {n} {what}by {name}",
    ),
    phrasing(
        r"\b(?P<a>[a-z]\w*) (?P<x>\d+) ?%? ?/ ?(?P<b>[a-z]\w*) (?P<y>\d+) ?%? ?/ ?(?P<c>[a-z]\w*) (?P<z>\d+) ?(?:percent|%|pct)",
        "{x}% {a}, {y}% {b}, {z}% {c}",
    ),
    phrasing(r"\b(?P<a>[a-z]\w*) (?P<x>\d+) ?%? ?/ ?(?P<b>[a-z]\w*) (?P<y>\d+) ?(?:percent|%|pct)", "{x}% {a}, {y}% {b}"),
    phrasing(
        r"\b(?:equal(?:ly)?|balanced|the same(?: number)?|evenly)(?: many)? (?:per|by|across|over|for each|for every) (?P<name>[a-z]\w*)\b",
        "the same number from every {name}",
    ),
    phrasing(r"\b(?:torn|ripped|pulled) apart\b|\bbroken up over both\b", "separated"),
    phrasing(r",? and let (?:me|us) train on (?:the )?(?:other|rest|remaining)[^.;,]*", ", the rest is for training"),
    phrasing(
        r"\b(?:put|set|lay) an? (?:random )?tenth of (?P<what>[^.;,]*?) aside for (?P<part>validation|testing|test)\b",
        "split at random into train and {part}, 90% / 10%",
    ),
    # what is computed
    phrasing(
        r"\bcount the (?P<unit>words|characters|lines|sentences) (?:in|of) (?:the )?(?P<name>[a-z]\w*)(?: of (?:each|every|the) \w+)? and "
        r"(?:put|store|write|save) (?:the (?:number|count|result)|it|that) (?:in|into|to|as) (?:an? |the )?(?:new "
        r"|extra |additional )?(?:column|field)[,:]? (?:called |named )?(?P<new>[a-z]\w*)",
        "add a column {new} with the number of {unit} in {name}",
    ),
    phrasing(
        r"\b(?:they|it|each row|every row|all rows|the rows) (?:only |just )?gets? an? "
        r"(?:additional|extra|new|further|second) (?:field|column)[,:]? (?:called |named )?(?P<new>[a-z]\w*)",
        "add a column {new}",
    ),
    phrasing(r"\b(?:which|that) (?:says|tells|holds|has|gives) (?=how many |the )", "with "),
    phrasing(
        r"\bhow many (?P<unit>words|characters|lines|sentences) (?P<name>[a-z]\w*) (?:has|contains|holds|is made of)\b",
        "the number of {unit} in {name}",
    ),
    phrasing(r"\b(?:the )?word ?count (?:of|in|for) (?=[a-z])", "the number of words in "),
    phrasing(
        r"\b(?:an? )?new (?:column|field)[,:]? (?:called |named )?(?P<new>[a-z]\w*) ?(?:=|:|with|holding|containing) ?", "add a column {new} with "
    ),
    phrasing(r"\badd (?P<new>[a-z]\w*_\w+) ?(?:=|:) ?(?=the |number)", "add a column {new} with "),
    phrasing(
        r"\bwhat (?:comes|stands|follows|is) (?:after|behind|right after) (?P<mark>[#\ue000:=*-]+) is (?:the |its )?[\w "
        r"]+?[:,;.]? ?(?:copy|put|move|write|store|extract) "
        r"(?:that|this|the) (?P<kind>number|text|value) (?:to|into|in) (?:an? )?(?:new )?(?:column|field)[,:]? "
        r"(?:called |named )?(?P<new>[a-z]\w*)",
        "add a column {new} with the {kind} after {mark}",
    ),
    phrasing(
        r"\b(?:wherever|where|whenever|when|if) (?:the )?(?P<name>[a-z]\w*) (?:contains|has|holds|mentions|shows) "
        r"(?:an? |any |someone's |somebody's |the )?"
        r"(?P<what>[^,.;]+?), (?:then )?(?:put|write|insert|place|use) (?P<new>\S+) (?:in (?:its|their) (?:place|stead)|instead|there)",
        "replace every {what} in {name} with {new}",
    ),
    phrasing(r"\brename (?P<old>[a-z]\w*) in (?P<table>[a-z]\w*) to (?P<new>[a-z]\w*)", "in {table} the {new} column is called {old}"),
    phrasing(r"\bsingle spaces(?: only)?\b", "collapse runs of whitespace"),
    # code
    phrasing(r"\b(?P<must>must|should|has to) parse as (?P<kind>python|json)\b", "{must} be valid {kind}"),
    phrasing(r"\b(?P<kind>python|json)(?P<code> code)? without (?:any )?syntax errors?\b", "valid {kind}{code}"),
    phrasing(r"\bmatch(?P<es>es)? (?=/\S+/)", "match{es} the regex "),
    phrasing(
        r"\b(?:where|in which) (?P<mark>\\\S+|[\ue000]+) (?:is found|occurs|appears|can be found|is matched) in (?P<name>[a-z]\w*)\b",
        "whose {name} matches the regex {mark}",
    ),
    phrasing(r"\bthe length of (?:the )?(?P<name>[a-z]\w*) in (?P<unit>words|characters|lines|sentences)\b", "the number of {unit} in {name}"),
    phrasing(
        r"\b(?:append|add|attach) an? (?:new )?column (?:called |named )?(?P<new>[a-z]\w*)(?: to (?:the |each |every "
        r")?\w+)?[.?!;,] (?:it|this|which) (?:should |must |shall )?"
        r"(?:tell|say|hold|contain|give|show|be)s? (?P<what>the [^.;]+)",
        "add a column {new} with {what}",
    ),
    phrasing(r"^(?P<new>[a-z]\w*_\w+) ?:?= ?(?=(?:the )?number of )", "add a column {new} with "),
    phrasing(
        r"\bthe (?P<kind>number|text|value) (?:that|which) (?:follows|comes after|stands after|comes behind) "
        r"(?P<mark>[#\ue000:=*-]+) (?:(?:should|must|shall|has to) )?(?:also )?(?:be )?"
        r"(?:put|go|goes|stored|written|copied|kept) (?:in|into|to) an? (?:new )?(?:column|field) (?:called |named )?(?P<new>[a-z]\w*)",
        "add a column {new} with the {kind} after {mark}",
    ),
    phrasing(
        r"\bmax\.? (?P<n>\d+) (?P<unit>words|tokens|characters) per (?:row|text|piece)\b[^.;]*?\b(?:cut|split|break) "
        r"(?:up )?(?:the )?longer \w+[^,.;]*",
        "split the texts into chunks of at most {n} {unit}",
    ),
    phrasing(r"\bleave the (?P<name>[a-z]\w*) on (?:each|every\w*|all|them)\b(?: of them)?", "keep the {name}"),
    # other inputs
    phrasing(r"\bjoin (?P<what>[^.;,]+?) (?:in)?to one (?P<kind>file|data ?set)\b", "combine {what} into one {kind}"),
    phrasing(r"\bwhose (?P<name>[a-z]\w*) is also an? (?P<table>[a-z]\w*) (?P=name)\b", "whose {name} also occurs in {table}"),
    phrasing(r"\b(?:check|compare|hold) [a-z]\w* (?:against|with) [a-z]\w* and (?=(?:take out|remove|drop|delete|throw out)\b)", ""),
    phrasing(
        r"\b(?:make sure|ensure|see to it)(?: that)? (?:none|nothing) of the (?P<other>[a-z]\w*)(?: [a-z]+)?(?: "
        r"(?:in|from) the \w+ file)? (?:is|are|occurs?|appears?|remains?)"
        r"(?: contained| found| left| included)? in (?P<own>[^.;,]+)",
        "decontaminate {own} against {other}",
    ),
    phrasing(
        r"^(?:please )?(?:write|save|export|output) (?P<names>[a-z]\w*(?:,? (?:and )?[a-z]\w*)*?) of (?:all )?(?:the "
        r")?(?P<rows>rows (?:with|where|whose) [^.;]+?) (?:to|into|as) (?:an? )?(?P<kind>csv|tsv|jsonl|parquet)\b",
        "keep {rows}. write them as {kind} with the columns {names}",
    ),
    phrasing(
        r"\bmatch (?:the )?\w+ (?:to|with|against) (?:the )?\w+(?: rows)? (?:via|by|on|using) (?:the )?(?:column |key "
        r")?(?P<key>[a-z]\w*)\b",
        "join both files on {key}",
    ),
    phrasing(
        r"\b(?P<verb>remove|drop|delete|exclude) from (?P<table>[a-z]\w*) (?:all|every|any|the) rows? "
        r"(?P<what>(?:whose|that|which|with) [^.;,]+)",
        "{verb} every {table} row {what}",
    ),
    phrasing(
        r"\bwhose (?P<name>[a-z]\w*) is (?:also |already )?(?:in|part of|found in|contained in) (?:the "
        r")?(?P<table>[a-z]\w*)(?: file| set| data)?\b(?! order)",
        "whose {name} also occurs in {table}",
    ),
    phrasing(
        r"\b(?:please )?(?:get|keep|take) (?:the |all )?(?P<other>[a-z]\w*) "
        r"(?:tasks|problems|questions|examples|items|prompts) out of (?P<own>[^.;,]+)",
        "decontaminate {own} against {other}",
    ),
    phrasing(
        r"\b(?:nothing|none) (?:from|of) (?!them\b|it\b|that\b|those\b|this\b|these\b|the\b)(?P<other>[a-z]\w*) "
        r"?(?:\([^)]*\) )?(?:may|can|should|must|shall) (?:be|appear|occur|show up|end up|stand) in (?P<own>[^.;,]+)",
        "decontaminate {own} against {other}",
    ),
    # pages
    phrasing(
        r"\b(?:keep only|extract|give me|get|take) (?:only |just )?the (?:actual |real |main "
        r")?(?:articles?|content|body)(?: text)? (?:from|of|out of|in) (?P<pages>[^,.;]*?pages?)(?: as (?:plain |clean "
        r")?text)?",
        "extract the main text of {pages}",
    ),
)
