"""Reads answers to the question that was asked last: `the second`, `body`, `yes`, `I don't care`."""

import re

from agents.turns import Situation, Turn
from workflows.edits import between
from workflows.recipe import Recipe

from ..clauses import atoms_of, orders_something
from ..planner import plan
from .additions import plain
from .outcome import Now, joined
from .said import read as heard

_ABOUT = re.compile(r"About “(?P<message>.*?)”: (?P<why>.*)", re.S)
_OPTION = re.compile(r"“([^”]+)”")
_FIRST = re.compile(
    r"(?:the )?(?:first|1st|1|former|a)(?: (?:one|option|please))?|yes|yep|yeah|sure|ok(?:ay)?|exactly|right|correct|please do|do that|that "
    r"one|that|this one"
)
_SECOND = re.compile(r"(?:the )?(?:second|2nd|2|latter|other|b)(?: (?:one|option))?")
_THIRD = re.compile(r"(?:the )?(?:third|3rd|3|c|last)(?: (?:one|option))?")
_ANY = re.compile(
    r"(?:i )?(?:don't|do not) (?:care|mind|know)|whatever|any(?: of them| one)?|either(?: one| way)?|(?:it )?doesn't matter|no preference|"
    r"you (?:choose|decide|pick)|up to you|no idea|"
    r"dunno|skip(?: it| that)?|leave it(?: as it is)?|none(?: of (?:them|those|these))?|neither|no|nope|never ?mind|forget it|as it is|"
    r"ignore (?:it|that)"
)
_OPEN = re.compile(r"What shall be done")  # any goal answers it
MOST_WORDS = 6
LEAST_WORDS = 3  # of a wish
_SIZE = re.compile(r"how many words is '(?P<what>[^']+)'")
_ABSENT = re.compile(r"There is no column '(?P<name>[^']+)'; the data has (?P<names>[^.]*)\.")


def left(now: Now) -> bool:
    """`I don't care`: the recipe that holds stays."""
    text, raw = _both(now)
    return _ANY.fullmatch(text) is not None or _ANY.fullmatch(raw) is not None


def is_new(now: Now) -> bool:
    """Whether the message may be no answer but a wish of its own: it tells what to do."""
    message = now.situation.message
    return len(message.split()) >= LEAST_WORDS and orders_something(message) and _chosen(*_both(now), now.situation.question, None) is None


def meant(now: Now) -> list[str]:
    """Messages that the answer stands for, the likeliest first; none: it is something else."""
    about = _ABOUT.match(now.situation.question)
    chosen = _chosen(*_both(now), now.situation.question, about)
    if chosen is not None:
        return [chosen]
    return _completions(about["message"], about["why"], now.situation.message.strip(), now.columns) if about else []


def _both(now: Now) -> tuple[str, str]:
    """The message without politeness, and as it is."""
    return heard(now.situation.message).lower.strip(" .!?"), now.situation.message.lower().strip(" .!?")


def _chosen(text: str, raw: str, question: str, about: re.Match[str] | None) -> str | None:
    """The option that the answer picks: by its place, or by a word that no other option has."""
    options = _OPTION.findall(about["why"] if about else question)
    for place, pattern in enumerate((_FIRST, _SECOND, _THIRD)):
        if place < len(options) and (pattern.fullmatch(text) or pattern.fullmatch(raw)):
            return str(options[place])
    words = set(re.findall(r"\w+", text))
    hits = [option for option in options if words and words <= set(re.findall(r"\w+", option.lower()))]
    return str(hits[0]) if len(hits) == 1 else None


def _completions(message: str, why: str, answer: str, columns: tuple[str, ...]) -> list[str]:
    """The message as it would have been, had it said that."""
    absent = _ABSENT.search(why)
    word = heard(answer).text.strip(" .`'\"")
    column = _column(word, answer, columns)
    if absent and column:
        name = re.escape(absent["name"])
        return [re.sub(rf"[`'\"“]?(?<!\w){name}(?!\w)[`'\"”]?", f"`{column}`", message, flags=re.I)]
    wrong = next((atom for atom in atoms_of(message) if atom.kind == "quoted" and atom.value not in columns), None)
    if column and wrong and "column" in why:
        return [f"{message[: wrong.start]}`{column}`{message[wrong.end :]}"]
    size, number = _SIZE.search(why), re.search(r"\d+", answer)
    if size and number:
        way = "longer" if "long" in size["what"] else "shorter"
        return [
            re.sub(
                rf"\b(?:that are )?{re.escape(size['what'])}\b(?P<rest>.*)",
                rf"\g<rest> {way} than {number[0]} words",
                message.rstrip(" .!?"),
                count=1,
            )
        ]
    if absent or _OPEN.match(why) or len(word.split()) > MOST_WORDS:
        return []
    bare = message.rstrip(" .!?")
    return [f"{bare} {word}", f"{bare}, {answer}", f"{bare}. {answer}"]


def _column(word: str, answer: str, columns: tuple[str, ...]) -> str | None:
    """The column that an answer names."""
    same = next((name for name in columns if name.lower() == word.lower()), None)
    return same or next((name for name in columns if re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", answer.lower())), None)


def completed(situation: Situation) -> Turn:
    """The first goal; after a question the goal that was asked about with the answer in it, else the message as a goal of its own."""
    about = _ABOUT.match(situation.question)
    if about is None:
        return _first(joined([*situation.said, plain(situation.message)]), situation)
    columns = Now(_EMPTY, situation).columns
    goals = [*_completions(about["message"], about["why"], situation.message.strip(), columns), plain(situation.message)]
    turns = [_first(goal, situation) for goal in dict.fromkeys(goals)]
    whole = [turn for turn in turns if turn.kind == "change"]
    best = next((turn for turn in whole if not turn.unclear), whole[0] if whole else None)
    return best or Turn(kind="ask", message=situation.question, unclear=(situation.message,), counts=False)


def _first(goal: str, situation: Situation) -> Turn:
    draft = plan(goal, situation.inputs, situation.output, cache=situation.cache, seed=situation.seed)
    if draft.status != "draft" or draft.recipe is None:
        message = draft.message if draft.status == "refuse" else f"About “{goal}”: {draft.message}"
        return Turn(kind="ask" if draft.status == "ask" else "refuse", message=message, clauses=draft.clauses, unclear=draft.unclear, counts=False)
    return Turn(
        kind="change",
        said=goal,
        recipe=draft.recipe,
        edits=tuple(between(_EMPTY, draft.recipe)),
        clauses=draft.clauses,
        unclear=draft.unclear,
        suggestions=draft.suggestions,
    )


_EMPTY = Recipe(name="recipe", sources={}, outputs={})
