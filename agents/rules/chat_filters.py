"""Reads filters on conversations: how many turns they have, whether they are sound, whether a conversion would lose something of them."""

import re
from dataclasses import replace

from . import adding, chat, chat_words, slots
from .chat_formats import Found, found, tree
from .clauses import Phrase, goes
from .wishes import ADD, CHEAP, Scene, Trouble, Wish

_TALK = r"(?:conversations?|chats?|dialog(?:ue)?s?|threads?|talks?|examples?|samples?|rows?|ones)"
_TURNS = re.compile(
    r"\b(?P<who>user|human|assistant|gpt|bot|model)?[ -]?"
    r"(?P<what>turns?|exchanges?|rounds?|messages|utterances|questions|answers|replies|back-and-forths?)\b"
)
_MULTI = re.compile(
    r"\bmulti[- ]?turn\b|\bmultiple turns\b|\bseveral turns\b|\bmore than one (?:turn|exchange|round|question)\b|\bfollow-?up questions?\b"
)
_SINGLE = re.compile(r"\bsingle[- ]?turn\b|\bone[- ]turn\b|\bonly one (?:turn|exchange|round|question)\b")
_WHOLE = re.compile(
    rf"\b(?P<bad>invalid|broken|malformed|incomplete|unfinished|ill-formed|badly formed|corrupt)\s+(?:\w+ )?{_TALK}\b|"
    rf"\b(?:valid|well-?formed|sound|proper|complete|clean|correct(?:ly formed)?)\s+(?:\w+ )?(?:conversations?|chats?|dialog(?:ue)?s?)\b|"
    r"\b(?P<not>(?:do not|don't|does not|doesn't|fail to|not)\s+)?(?:strictly |properly |correctly )?alternat\w+\b(?P<alternates>)"
)
_ENDS = re.compile(
    r"\b(?:end|stop|finish|close)(?:s|ing|es)?\s+(?:with|on|in|by)\s+(?:an?\s+|the\s+)?(?P<who>assistant|gpt|bot|model|answer|user|human|question|reply)"
)
_LAST = re.compile(
    r"\b(?:last|final)\s+(?:turn|message|word)\s+(?:is|comes|must be|should be|belongs)\s+(?P<not>not\s+)?(?:from\s+|by\s+|to\s+|an?\s+|the\s+)*"
    r"(?P<who>assistant|gpt|bot|model|user|human)"
)
_STARTS = re.compile(
    r"\b(?:start|begin|open)(?:s|ning|ing)?\s+(?:with|by)\s+(?:an?\s+|the\s+)?(?P<who>assistant|gpt|bot|model|answer|user|human|question)"
)
_EMPTY = re.compile(r"\b(?:empty|blank)\s+(?:turns?|messages?|replies|answers?|content)\b")
_UNANSWERED = re.compile(
    r"\bunanswered (?:tool |function )?calls?\b|\bcalls? (?:of|to) tools? without (?:a |an )?(?:result|answer|response)s?\b|\btool calls? without\b"
)
_CALLS = re.compile(
    r"\b(?:tools?|functions?) (?:is|are|was|were|gets?) (?:ever )?(?:called|used|invoked)\b|"
    r"\b(?:tool|function)[ -]?(?:calls?|calling|use|usage)\b|\b(?:call|use|invoke)(?:s|ing|d)?\s+"
    r"(?:an?\s+|any\s+|some\s+|the\s+)?(?:tools?|functions?)\b"
)
_NUMBER = re.compile(
    r"\b(?:how many|(?:the )?(?:number|count) of)\s+(?:the\s+)?(?P<who>user|human|assistant|gpt|bot|model)?[ -]?"
    r"(?P<what>turns?|exchanges?|rounds?|messages|questions|answers|replies)\b"
)
_ONLY = re.compile(r"\b(?:only|just|please)\b")
ANSWERING = ("assistant", "gpt", "bot", "model", "answer", "reply")
Bound = tuple[dict[str, object], tuple[int, int]]


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Filters on conversations, where the data holds some."""
    source = chat.source_of(scene, "messages") if tree(scene.main) else found(scene.main)
    if source is None or (source.made_of == "alpaca" and not source.talks):
        return []
    lossless = chat_words.lossless(phrase.lower)
    if lossless and chat_words.shape_of(phrase) is None:
        return chat.fits(scene, (0, len(phrase.lower)))
    added = _added(phrase, scene)
    if added:
        name = adding.new_name(phrase, scene) or "turns"
        wish = Wish(op="turns", id="counted", stage=ADD, params=added[0], span=added[1], evidence=f"turns as column {name}")
        return [replace(_of(wish, source_params(source), dict(source.on), ADD), rename=name, filters=False)]
    readers = (_counted, _sound) if phrase.side in ("keep", "drop") else (_counted,)
    wishes = [wish for reader in readers for wish in reader(phrase)]
    column = tree(scene.main)
    grown = [replace(wish, span=(0, 0)) for wish in chat.trees(scene, column)] if wishes and column else []
    return [*grown, *(_of(wish, source_params(source), dict(source.on), CHEAP) for wish in wishes)]


def source_params(source: Found) -> dict[str, object]:
    """What the measures are told of the format."""
    return {name: value for name, value in source.params.items() if not (name == "made_of" and value == "messages")}


def _of(wish: Wish, params: dict[str, object], on: dict[str, str | list[str]], stage: int) -> Wish:
    return Wish(
        op=wish.op,
        id=wish.id,
        stage=stage,
        params={**params, **wish.params},
        on=on or None,
        port=wish.port,
        filters=True,
        span=wish.span,
        evidence=wish.evidence,
    )


def _counted(phrase: Phrase) -> list[Wish]:
    """`at least 3 turns`, `multi-turn`."""
    found = (_many(phrase) if phrase.side in ("keep", "drop") or _ONLY.search(phrase.lower) else None) or _bounded(phrase) or _tools(phrase)
    if found is None:
        return []
    params, span = found
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return [Wish(op="turns", id="turns", stage=CHEAP, params=params, span=span, evidence=f"turns: {shown}")]


def _many(phrase: Phrase) -> Bound | None:
    for pattern, is_many in ((_MULTI, True), (_SINGLE, False)):
        match = pattern.search(phrase.lower)
        if match and not chat_words.shape_of(phrase):
            wants_many = is_many != goes(phrase, match.start())
            return {"counted": "user", **({"at_least": 2} if wants_many else {"at_most": 1})}, match.span()
    return None


def _bounded(phrase: Phrase) -> Bound | None:
    for bound in slots.bounds(phrase.lower):
        match = next((one for one in _TURNS.finditer(phrase.lower) if -16 <= one.start() - bound.end <= 12 and one.end() > bound.start), None)
        if match is None or bound.share:
            continue
        if goes(phrase, bound.start):
            outside = bound.outside()
            if outside is None:
                return None
            bound = outside
        low, high = bound.whole()
        params = {name: value for name, value in (("at_least", low), ("at_most", high)) if value is not None}
        return {**_counts(match), **params}, (min(bound.start, match.start()), max(bound.end, match.end()))
    return None


def _counts(match: re.Match[str]) -> dict[str, object]:
    what, who = match["what"], match["who"]
    if who:
        return {"counted": "user" if who in ("user", "human") else "assistant"}
    if what.startswith(("exchange", "round", "question", "back")):
        return {"counted": "user"}
    return {"counted": "assistant"} if what.startswith(("answer", "repl")) else {}


def _tools(phrase: Phrase) -> Bound | None:
    """`without tool calls`, `that call a tool`."""
    match = _CALLS.search(phrase.lower)
    if match is None or phrase.side not in ("keep", "drop"):
        return None
    return {"counted": "tools", **({"at_most": 0} if goes(phrase, match.start()) else {"at_least": 1})}, match.span()


def _added(phrase: Phrase, scene: Scene) -> Bound | None:
    """`the number of turns as a column n`."""
    match = _NUMBER.search(phrase.lower)
    if match is None or not re.search(r"\b(?:columns?|fields?|add|store|note|compute|count)\b", phrase.lower):
        return None
    return _counts(match), match.span()


def _sound(phrase: Phrase) -> list[Wish]:
    """Conversations that a trainer can read, or those with one fault."""
    whole = _WHOLE.search(phrase.lower)
    if whole and whole["alternates"] is None:
        keeps_bad = bool(whole["bad"]) != goes(phrase, whole.start())
        return [_valid({"keep": "invalid"} if keeps_bad else {}, whole.span())]
    wishes = []
    good: list[str] = []
    spans: list[tuple[int, int]] = []
    for pattern, fault in ((_ENDS, "assistant_not_last"), (_LAST, "assistant_not_last"), (_STARTS, "user_not_first")):
        match = pattern.search(phrase.lower)
        denied = bool(match and match.groupdict().get("not"))
        if match and ((match["who"] in ANSWERING) == (fault == "assistant_not_last")) != (goes(phrase, match.start()) != denied):
            good.append(fault)
            spans.append(match.span())
        elif match:
            wishes.append(_valid({"faults": [fault], "keep": "invalid"}, match.span()))
    if good:
        wishes.append(_valid({"faults": good}, (min(start for start, _ in spans), max(end for _, end in spans))))
    if whole:
        wants = not goes(phrase, whole.start()) if whole["not"] is None else goes(phrase, whole.start("not"))
        wishes.append(_valid({"faults": ["same_side_twice"]} | ({} if wants else {"keep": "invalid"}), whole.span()))
    for pattern, faults in ((_EMPTY, ["empty", "empty_turn"]), (_UNANSWERED, ["call_without_answer"])):
        match = pattern.search(phrase.lower)
        if match:
            wishes.append(_valid({"faults": faults} | ({} if goes(phrase, match.start()) else {"keep": "invalid"}), match.span()))
    return wishes


def _valid(params: dict[str, object], span: tuple[int, int]) -> Wish:
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return Wish(op="chat_valid", id="sound", stage=CHEAP, params=params, span=span, evidence=f"chat_valid{': ' + shown if shown else ''}")
