"""How people say which shape a trainer wants, whether anything may be lost, and which system prompt goes in front."""

import re

from .clauses import Phrase, split
from .wishes import Scene

_CHAT = re.compile(
    r"\b(?:openai|chatml|chat(?:ml)?|messages|conversational?|conversations?)[ -](?:fine-?tuning )?(?:format|style|template|"
    r"layout|schema|shape|jsonl)\b|\bmessages (?:column|field|list|array)\b|\b(?:into|to|as)\s+(?:\w+\s+){0,2}(?:chat |"
    r"openai )?(?:messages|chats)\b|\b(?:into|to|as)\s+(?:(?!trees?\b|threads?\b)\w+\s+){0,2}conversations\b|"
    r"\bopenai\b[^.;]{0,20}\bmessages\b|\brole\b[^.;]{0,12}\bcontent\b|\buser turns?\b[^.;]{0,40}\bassistant\b|"
    r"\bopenai\b[^.;]{0,20}\b(?:tool_calls|tool calls|function calling)\b|\b(?:to|into|as) (?:the )?openai(?:'s)?\b|\bchatml\b|"
    r"\brole ?[/&+] ?content\b|"
    r"\b(?:make|create|build)\s+(?:chat |openai )?messages\b|\bopenai\b[^.;]{0,12}\b(?:fine-?tun\w+|api|trainer|file)\b"
)
_SHAREGPT = re.compile(
    r"\bshare-?gpt\b|\bfrom\b[^.;]{0,10}\band value\b|\bvicuna(?:'s)? (?:format|style|layout)\b|"
    r"\bfrom ?[/&+] ?value\b|\bhuman and gpt\b|\bhuman ?/ ?gpt\b"
)
_ALPACA = re.compile(
    r"\balpaca(?:'s)?(?:[ -](?:format|style|shape|layout|schema|json|columns))\b|\b(?:to|into|as|in)\s+(?:the\s+)?(?:stanford\s+)?alpaca\b|"
    r"\binstruction ?[,/+&]? ?input ?[,/+&]? ?(?:and )?output\b"
)
_PREFERENCE = re.compile(
    r"\bdpo(?:[ -]?trainer)?\b|\bpreference (?:format|pairs?|data\w*|training|tuning|layout|style)\b|"
    r"\bprompt\b[^.;]{0,12}\bchosen\b[^.;]{0,12}\brejected\b|\breward model(?:ing|ling)?\b|\brlhf pairs\b"
)
_PAIRS = re.compile(r"\bprompt\b[^.;]{0,8}\b(?:completion|response)s?\b(?:[^.;]*\b(?:format|columns?|pairs?|fields?)\b)?|\bcompletion[- ]only\b")
WANTS = re.compile(
    r"\b(?:convert|turn|transform|reshape|reformat|format|bring|make|write|save|export|output|store|want\w*|need\w*|"
    r"expect\w*|go\w* into|read\w*|produce|create|use[sd]?|get|into|as|to|give|takes?|split|style|layout|shape|please|pls|build|put|"
    r"merge|combine|unpack|file)\b"
)
SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("preference", _PREFERENCE),
    ("sharegpt", _SHAREGPT),
    ("alpaca", _ALPACA),
    ("prompt_completion", _PAIRS),
    ("messages", _CHAT),
)
_MAKES = re.compile(
    r"\b(?:make|create|build|produce|want|need|get|give(?: me| us)?|for)\s+(?:me |us )?(?:a |the |some |clean |my )?(?:dpo|preference)\b"
)
_TOWARDS = re.compile(r"\b(?:to|into|as|in)\s+(?:the\s+|an?\s+|stanford\s+|trl(?:'s)?\s+|openai(?:'s)?\s+|simple\s+|plain\s+)*$")
_FROM = re.compile(
    r"\b(?:from|these|this|the|my|our|those|of)\s+(?:\w+\s+)?$|^\s*(?:convert|turn|transform|reformat|flatten)\s+(?:the\s+|my\s+|these\s+|all\s+)*$"
)
_SYSTEM = re.compile(r"\bsystem[- ](?:prompt|message|turn|instruction)\b")
_LOSSLESS = re.compile(
    r"\bloss-?less\w*|\bwithout (?:losing|loss of|any loss|dropping)\b[^.;,]{0,20}|"
    r"\bnothing (?:is |gets |may be |may get |should be |must be |must get |be )?lost\b|"
    r"\b(?:do not|don't|never|must not|may not) lose (?:any |a |the )?(?:turns?|system|tools?|anything|content|information)\b|"
    r"\b(?:that|which|what|whatever|whose \w+|if (?:it|they|something)) (?:would |will |do(?:es)? not |don't |doesn't |"
    r"cannot |can't |wo(?:uld)?n't )?"
    r"(?:lose\w*|fits?\b(?: (?:in|into) (?:it|that|the format))?|be lost|be held)(?: (?:something|anything|turns|nothing|any turns|information))?|"
    r"\bwould be lost\b"
)
_CHOSEN = re.compile(
    r"\b(?:keep|take|use|want|with|from)\b[^.;]{0,20}\b(?:chosen|preferred|better|good|winning|accepted)\s+(?:sides?|answers?|responses?|ones?|completions?|repl(?:y|ies))\b"
)
_SINGLE = re.compile(r"\b(?:single|one)[- ]turn\b|\bfirst (?:exchange|turn|question|answer|pair|round)\b|\b(?:only|just) the first\b")
_FORMS = (
    ("transcript", re.compile(r"\btranscripts?\b|\bhuman:|\bhh(?:-rlhf)?[ -](?:style|format)\b|\bhuman ?/ ?assistant\b|\bone text per side\b")),
    ("sharegpt", re.compile(r"\bshare-?gpt\b|\bllama-?factory\b|\bconversations column\b")),
    (
        "messages",
        re.compile(
            r"\bas (?:lists? of )?(?:chat |openai )?(?:messages|turns)\b|\bconversational\b|"
            r"\blists? of (?:messages|turns)\b|\bmessage lists?\b|\brole\b[^.;]{0,12}\bcontent\b"
        ),
    ),
    ("texts", re.compile(r"\b(?:plain |as |simple )(?:texts?|strings?)\b|\b(?:text|string) columns?\b|\bstrings?\b")),
)


def shape_of(phrase: Phrase) -> tuple[str, tuple[int, int]] | None:
    """The shape that a clause wants the rows in, and where it says so; where several are named, the one behind `to`, `into` or `as`."""
    if phrase.side == "drop" or not WANTS.search(phrase.lower):
        return None
    pairs = _PREFERENCE.search(phrase.lower)
    if pairs and (pairs[0].startswith("prompt") or _MAKES.search(phrase.lower)):
        return "preference", pairs.span()
    named = [(shape, match) for shape, pattern in SHAPES for match in pattern.finditer(phrase.lower)]
    wanted = [
        (shape, match) for shape, match in named if re.match(r"(?:to|into|as|in)\b", match[0]) or _TOWARDS.search(phrase.lower[: match.start()])
    ]
    others = [(shape, match) for shape, match in named if not _FROM.search(phrase.lower[: match.start()])]
    best = next(iter([*wanted, *others, *named]), None)
    if best is None:
        return None
    same = [match for shape, match in named if shape == best[0]]
    return best[0], (min(match.start() for match in same), max(match.end() for match in same))


def shape_of_goal(scene: Scene) -> str | None:
    """The shape that any clause of the goal asks for."""
    return next((told[0] for phrase in split(scene.goal) if (told := shape_of(phrase))), None)


def system_of(scene: Scene) -> str | None:
    """The system prompt that the goal gives in quotes."""
    said = (phrase for phrase in split(scene.goal) if _SYSTEM.search(phrase.lower) and phrase.quoted())
    return next((next(iter(phrase.quoted())) for phrase in said), None)


def names_system(phrase: Phrase) -> bool:
    """Whether the clause gives a system prompt."""
    return bool(_SYSTEM.search(phrase.lower) and phrase.quoted())


def only_chosen(phrase: Phrase) -> bool:
    """`keep the chosen side of the pairs`: which answer goes into a conversation."""
    return phrase.side in ("keep", "", "do") and bool(_CHOSEN.search(phrase.lower))


def lossless(lower: str) -> re.Match[str] | None:
    """Where it says that nothing may be lost."""
    return _LOSSLESS.search(lower)


def wants_first(lower: str) -> bool:
    """Whether one exchange of each conversation is wanted, the first."""
    return bool(_SINGLE.search(lower))


def with_manner(lower: str, span: tuple[int, int]) -> tuple[int, int]:
    """Where the shape is said together with how it is to be held, as `as plain text, without losing turns`."""
    manner = [match.span() for match in (_LOSSLESS.search(lower), _SINGLE.search(lower)) if match]
    every = [span, *manner]
    return min(start for start, _ in every), max(end for _, end in every)


def form_of(lower: str) -> str | None:
    """How prompts and answers shall be held: as texts, messages, transcripts."""
    return next((form for form, pattern in _FORMS if pattern.search(lower)), None)
