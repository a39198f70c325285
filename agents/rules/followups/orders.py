"""Reads what the conversation itself does: run, undo, redo, show, diff, compare, save, approve, history, help, quit."""

import re

from agents.turns import Order, Situation, Turn

from . import whys
from .outcome import Now
from .said import Said, read
from .slashes import slash, slugged
from .steps import named_in, spoken

_RUN = re.compile(
    r"(?:(?:ok(?:ay)?|yes|yep|yeah|sure|fine|great|good|perfect|looks? good|that's (?:good|fine|it|all)|all good|lgtm|alright|cool),?\s+)*"
    r"(?:run|start|execute|launch|go(?: ahead)?(?: and run)?|do|apply|ship|make|kick off|fire)\s*(?:it|that|this|the (?:recipe|plan|"
    r"pipeline|thing|whole thing)|them|away|off|so)?"
    r"(?:\s+(?:now|then|already|please|for real|on (?:everything|all(?: the)?(?: of it| rows| data| files)?|the (?:full|whole) (?:data|data "
    r"?set|file|input|thing))))*"
)
_NOT_RUN = re.compile(r"(?:do|make(?: it| that| this| them)?|go(?: off)?|do (?:that|this|them)|start|apply|fire(?: it| that)?|make so|ship)")
_LETS_GO = re.compile(r"(?:do it|make it so|go for it|let it run|ship it|run|go|start)(?: now| then| already)?")
_LAST = r"(?:the |that |this |my )?(?:very )?(?:last|latest|previous|most recent|prior)"
_THING = r"(?:changes?|edits?|steps?|messages?|things?|ones?|turns?|actions?|modifications?|bits?|commands?|moves?)"
_MANY = r"(?P<many>\d+|one|two|three|four|five|six|seven|eight|nine|ten|couple(?: of)?|few|both)"
_COUNT = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "couple": 2,
    "couple of": 2,
    "few": 3,
    "both": 2,
}
_BACK = r"(?:undo|revert|take back|roll ?back|back out(?: of)?|reverse|cancel|scratch|go back|step back|back up|back)"
_UNDO = re.compile(
    rf"(?:{_BACK}|never ?mind|forget|go back|back|oops|ctrl[- +]?z)"
    rf"(?:\s+(?:that|it|this|about (?:that|it)|on that|what (?:i|you) (?:just )?(?:said|did)|"
    rf"{_LAST}(?: {_THING})?(?: i (?:just )?(?:said|did|asked(?: for)?))?|that (?:last )?{_THING}|a "
    rf"step|one step|one|again))?"
    rf"|take (?:that|it|this|{_LAST}(?: {_THING})?) back|put (?:it|that) back (?:to )?(?:how|the way|as) it was(?: before)?|go back to "
    rf"(?:how|what|the way) it was(?: before)?"
    rf"|(?:go )?back to {_LAST} (?:version|state|one|recipe)|restore {_LAST} (?:version|state|one)|oops,? (?:undo|take that back)|that was "
    rf"(?:wrong|a mistake|bad|worse)(?:,? undo(?: it| that)?)?"
)
_UNDO_MANY = re.compile(
    rf"(?:{_BACK})\s+(?:the |my |these |those )?(?:last |latest |previous )?{_MANY}(?: (?:last )?{_THING})?(?: back)?|(?:undo|revert|go back|"
    rf"back)(?: that| it)? (?P<twice>twice|thrice)"
    rf"|(?:take )(?:the )?(?:last |latest )?{_MANY.replace('many', 'many2')}(?: {_THING})? back|undo,? undo(?P<again>(?:,? undo)*)"
)
_UNDO_ALL = re.compile(
    r"(?:undo|revert|forget|scratch|reset|cancel|discard)\s+(?:everything|all(?: of it| (?:my |the )?(?:changes|edits))?|the (?:whole|"
    r"entire) thing)(?: i said)?|start (?:over|again|afresh|from scratch)|reset|"
    r"(?:go )?back to (?:the )?(?:start|beginning|original|first version|square one)"
)
_BEFORE = re.compile(
    r"(?:(?:go|get|roll|take me|bring me|step|undo|revert)?\s*(?:it )?(?:back|everything)?\s*(?:to|until)?\s*(?:how it was |the state |the "
    r"version |what we had |where we were |when it was )?(?:just |right )?"
    r"(?:before|prior to))\s+(?:we |you |i |there was |adding |having )?(?:added |put in |had |did |introduced |made )?(?P<what>.+)"
    r"|undo (?:everything|all)(?: that came)? (?:since|after|from)\s+(?P<since>.+)"
)
_VERSION = re.compile(r"(?:(?:go )?back to|restore|revert to|undo (?:back )?to|use)\s+(?:version |v|@)\s*(?P<version>\d+)")
_REDO = re.compile(
    r"redo(?: (?:it|that|this|again|the last(?: one| change)?))?|undo (?:the|that|my last) undo|(?:put|bring) (?:it|that) back(?: again)?|"
    r"un-?undo|do (?:it|that) again"
)
_SHOW = re.compile(
    r"(?:show|display|print|list|see|view|let me see|give me|describe|explain)(?: me| us)?(?: again)?"
    r"(?:\s+(?:it|that|this|everything|all|again|(?:the |my |our )?(?:current |whole |full |entire )?(?:recipe|plan|graph|pipeline|steps?|"
    r"workflow|yaml|funnel|draft|state|status|preview)(?: (?:so far|now|again|as it is))?))?"
    r"|what (?:do (?:we|you|i) have|is there|have we got|does it (?:do|look like)|is the (?:recipe|plan|pipeline))(?: so far| now| right "
    r"now| at the moment)?|(?:show me )?what(?:'ve| have)? you(?:'ve)? (?:got|made|built|done)(?: so far| there)?|"
    r"where (?:are we|were we|do we stand)|status|recap|summary|summari[sz]e"
    r"|what(?:'s| is) (?:the )?(?:recipe|plan|pipeline|status|state|current recipe)(?: now| so far| like)?"
)
_SHOW_STEP = re.compile(
    r"(?:show|display|print|explain|describe|see|view|let me see|look at)(?: me| us)?\s+(?:what\s+)?(?P<step>.+?)(?:\s+(?:does|did|do|drops|"
    r"dropped|keeps|removes))?"
    r"|what(?:'s|s)? ?(?:does|do|did|is|are)? (?P<does>.+?)(?: (?:do|drop|mean|remove|keep|throw out|for|doing|change|doing there))?"
)
_ROWS_OF = re.compile(
    r"(?:the |some |a few |any |what |which )?(?:rows?|examples?|ones|lines|messages|samples?|what)(?: that)?(?: (?:was|were|are|got|is))? "
    r"?(?:dropped|removed|thrown out|filtered(?: out)?|gone|lost|lets? through|kept) ?(?:by|at|in|from|through)?\s+(?P<step>.+)"
)
_DIFF = re.compile(
    r"(?:show(?: me)? )?(?:the )?(?:diff(?:erences?)?|changes)(?: (?:please|now|so far))?(?: (?:with|to|against|from|since) (?P<of>.+))?|"
    r"what(?:'s| has| have| is| did)? ?(?:you |i |we |just |that |this |it )*(?:changed?|different|new)(?: (?:now|since|so far|there|just now|in the "
    r"recipe))*(?: (?:with|to|against|from|since) (?P<since>.+))?"
)
_COMPARE = re.compile(
    r"(?:compare|vs\.?|versus|against)(?: it| this| that| them| the (?:results?|recipes?|outputs?))?(?:\s+(?:(?:with|to|"
    r"against|and)\s+)?(?P<of>.+))?|how does (?:it|this|"
    r"that) (?:compare|differ)(?: (?:with|to|from)\s+(?P<with>.+))?"
    r"|(?:is|was) (?:it|this|that) (?:any )?better(?: than (?P<than>.+))?"
)
_OLD = re.compile(
    r"(?:before|(?:the )?(?:last|previous|old|earlier|prior) (?:version|one|recipe|state|run|draft|result)|what (?:it|we) (?:was|had)(?: "
    r"before)?|last time|(?:the )?(?:last|previous)|how it was(?: before)?)"
)
_A_VERSION = re.compile(r"(?:version |v|@)?(?P<version>\d+)|(?P<name>[a-z0-9][a-z0-9-]*@v?\d+)")
_SAVE = re.compile(
    r"(?:save|store|keep|remember)(?:\s+(?:it|this|that|the (?:recipe|plan|pipeline|draft|current (?:recipe|version))|(?:this|that) "
    r"(?:recipe|plan|version|pipeline)|recipe))?(?:\s+(?:as|under(?: the name)?|named|called|with the name)\s+(?:a )?(?:recipe |the recipe "
    r")?(?:called |named )?(?P<name>.+))?"
)
_APPROVE = re.compile(
    r"(?:i )?approved?(?: (?:it|this|that|the (?:recipe|plan|draft|version)|this (?:recipe|version)))?|lgtm|(?:i )?sign(?:ed)? off(?: on "
    r"(?:it|this))?|(?:i )?confirm(?:ed)?"
)
_HISTORY = re.compile(
    r"(?:show(?: me)? )?(?:the |our |my )?(?:history|versions|log|timeline)(?: of (?:it|this|changes|versions|the recipe))?|what (?:did|"
    r"have) (?:i|we) (?:say|said|do|done|ask(?:ed)?|tell you)(?: so far| before)?|list (?:all )?(?:the )?(?:versions|changes|messages)"
)
_HELP = re.compile(
    r"help(?: me)?(?: out)?|\?+|what can (?:i|you|we) (?:say|do|type|ask|write)(?: here)?|how does (?:this|it) work|what (?:are )?(?:the |"
    r"my )?(?:commands|options)(?: are there)?|i(?:'m| am) (?:lost|stuck)|usage|commands"
)
_QUIT = re.compile(
    r"(?:quit|exit|bye(?:[- ]bye)?|good ?bye|q|:q!?|:wq|leave|close|end|stop(?: here)?|i(?:'m| am) (?:done|out|off)|see you|later)(?: "
    r"(?:now|the chat|this|for (?:now|today)))?"
)
_FORMATS = re.compile(r"(?:a |an )?(?:csv|tsv|jsonl?|parquet|arrow|feather|json ?lines|ndjson|text|txt)(?: file)?|.*[./\\].*")
_NEGATED = re.compile(r"(?:do not|don't|never|not yet|wait|hold on|before you|not)\b.*\b(?:run|go|start|execute|save|quit|undo|approve|apply)\b.*")


def order_of(message: str, situation: Situation) -> Turn | None:
    """An order and nothing else; None: it is about the recipe."""
    slashed = slash(message, situation)
    if slashed is not None:
        return slashed
    said = read(message)
    if _NEGATED.fullmatch(said.lower) or _NEGATED.fullmatch(message.lower().strip()):
        return None
    raw = " ".join(message.replace("’", "'").lower().split()).strip(" .!,")
    for reader in (_plain, _undoes, _looks, _saves, whys.read):
        found = reader(said, raw, situation)
        if found is not None:
            return found
    return None


def turn(order: Order, of: str = "", message: str = "") -> Turn:
    return Turn(kind="order", order=order, of=of, message=message, counts=False)


def _plain(said: Said, raw: str, situation: Situation) -> Turn | None:
    texts = (said.lower.strip(" .!"), raw)
    patterns: tuple[tuple[Order, re.Pattern[str]], ...] = (
        ("redo", _REDO), ("approve", _APPROVE), ("history", _HISTORY), ("help", _HELP), ("quit", _QUIT),
    )  # fmt: skip
    if any((_RUN.fullmatch(text) and not _NOT_RUN.fullmatch(text)) or _LETS_GO.fullmatch(text) for text in texts):
        return turn("run")
    return next((turn(order) for order, pattern in patterns for text in texts if pattern.fullmatch(text)), None)


def _undoes(said: Said, raw: str, situation: Situation) -> Turn | None:
    texts = (said.lower.strip(" .!?"), raw)
    if any(_UNDO.fullmatch(text) for text in texts):
        return turn("undo")
    if any(_UNDO_ALL.fullmatch(text) for text in texts):
        return turn("undo", "all")
    for text in texts:
        many = _UNDO_MANY.fullmatch(text)
        if many:
            return turn("undo", str(_times(many)))
        version = _VERSION.fullmatch(text)
        if version:
            return turn("undo", f"v{version['version']}")
        before = _BEFORE.fullmatch(text)
        steps = _steps(before["what"] or before["since"], situation) if before else []
        if len(steps) == 1:
            return turn("undo", steps[0])
    return None


def _times(match: re.Match[str]) -> int:
    if match["twice"]:
        return 2 if match["twice"] == "twice" else 3
    said = match["many"] or match["many2"]
    if said:
        return int(said) if said.isdigit() else _COUNT[said]
    return 2 + (match["again"] or "").count("undo")


def _looks(said: Said, raw: str, situation: Situation) -> Turn | None:
    text = said.lower.strip(" .!?")
    if _SHOW.fullmatch(text) and not re.fullmatch(r"(?:give me|list|explain|describe|see|print)", text):
        return turn("show")
    for pattern, order in ((_DIFF, "diff"), (_COMPARE, "compare")):
        match = pattern.fullmatch(text)
        if match:
            named = next((group for group in match.groups() if group), "")
            of = _of_version(named)
            return None if of is None else turn("diff" if order == "diff" else "compare", of)
    match = _SHOW_STEP.fullmatch(text)
    if not match:
        return None
    what = match["step"] or match["does"]
    inner = _ROWS_OF.fullmatch(what)
    steps = _steps(inner["step"] if inner else what, situation)
    return turn("show", steps[0]) if len(steps) == 1 else None


def _of_version(named: str) -> str | None:
    """A version as the conversation knows it; empty: the one before; None: no version is named."""
    named = named.strip(" ?.!")
    if not named or _OLD.fullmatch(named):
        return ""
    match = _A_VERSION.fullmatch(named)
    return (match["name"] or match["version"]) if match else None


def _saves(said: Said, raw: str, situation: Situation) -> Turn | None:
    match = _SAVE.fullmatch(said.lower.strip(" .!"))
    if not match or re.fullmatch(r"(?:keep|remember|store)(?: (?:it|this|that))?", said.lower.strip(" .!")):
        return None
    if not match["name"]:
        return turn("save")
    start = match.start("name")
    quoted = said.phrase.quoted()
    name = quoted[0] if quoted else said.text[start:]
    if _FORMATS.fullmatch(name.lower().strip()):
        return None
    return turn("save", slugged(name))


def _steps(what: str, situation: Situation) -> list[str]:
    if situation.recipe is None:
        return []
    now = Now(situation.recipe, situation)
    what = re.sub(r"\b(?:was|were|there|added|came in|in|happened|it)$", "", what).strip()
    return [step.id for step in spoken(what, now.recipe) or named_in(what, now.recipe)]
