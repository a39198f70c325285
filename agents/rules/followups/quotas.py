"""Reads how many rows shall come out: `only 500`, `keep 10k at most`, `5% is enough`, `a smaller sample`, `fewer rows`."""

import re

from tools.cards import summaries
from workflows.edits import Edit, Set
from workflows.recipe import Step

from .. import slots
from .attaching import attached
from .knobs import QUOTAS, SOME, Knob, knobs, number, put, told, turned
from .outcome import Change, Doubt, Now
from .said import Said
from .steps import SAMPLES

_VERB = (
    r"only|just|keep|take|give me|i want|want|need|limit (?:it|this|them|that)? ?to|cap (?:it|this|them|that)? ?(?:at|to)|restrict (?:it|"
    r"this|them)? ?to|max(?:imum)?|at most|"
    r"no more than|not more than|up to|sample|use|pick|draw|choose|select|cut (?:it|this|them) (?:down )?to|reduce (?:it|this|them)? ?to|"
    r"return|output|write|make it|shrink (?:it )?to|get|a sample of|"
    r"random|randomly|select|trim (?:it )?to|downsample to"
)
_NOUN = (
    r"rows?|records?|examples?|samples?|items|entries|lines|documents|docs|messages|pairs|reviews|questions|texts|of (?:them|those|these|it|"
    r"the rows|the data|all)|ones|"
    r"in total|altogether|overall|total|in all|data points?|random (?:rows|ones)|random"
)
_END = (
    r"at most|at max|max(?:imum)?|tops|or so|or fewer|or less|will do|is enough|are enough|is plenty|are plenty|suffice|please|is all i "
    r"need|is fine|are fine|for a start|at random|randomly|would be enough"
)
_QUOTA = re.compile(
    rf"(?P<verb>(?:(?:{_VERB})\s+)*)(?:the\s+)?(?P<order>first|top|random\s+)?\s*(?:about |around |roughly |some |exactly "
    rf")?(?P<n>{slots.NUMBER}|half|a (?:half|third|quarter|fifth|tenth)|one (?:third|quarter|tenth))"
    rf"(?P<noun>(?:\s+(?:{_NOUN}))*)(?P<end>(?:\s+(?:{_END}))*)"
)
_LESS = re.compile(
    r"(?:(?:a |some )?(?:much |a lot |way |far |slightly |a bit )?(?:smaller|fewer|less)(?: (?:sample|rows|data|of them|"
    r"examples|subset))?|(?:too many|too much)(?: rows| data| of them| examples)?|reduce (?:the )?(?:sample|number of rows)(?: size)?)(?: "
    r"please)?"
)
_MORE = re.compile(
    r"(?:(?:a |some )?(?:much |a lot |way |far |slightly |a bit )?(?:bigger|larger|more)(?: (?:sample|rows|data|of them|"
    r"examples|subset))?|(?:too few|not enough)(?: rows| data| of them| examples)?|increase (?:the )?(?:sample|number of rows)(?: size)?)(?: "
    r"please)?"
)
_FAR = re.compile(r"\b(?:much|a lot|way|far|too many|too much|too few)\b")
_BIT = re.compile(r"\b(?:slightly|a bit)\b")
_ALL = re.compile(
    r"(?:(?:keep|take|use|give me|i want|want|return)\s+)?(?:all|every)(?: (?:of )?(?:the |them|it))?(?: ?(?:rows?|of them|"
    r"data|messages|examples|documents|records))?|no (?:row )?(?:limit|cap)|(?:all|everything),? no(?:t a)? sampl(?:e|ing)|don't sample|the "
    r"(?:full|whole) (?:set|data ?set|data|thing)"
)


def read(said: Said, now: Now) -> Change | Doubt | None:
    """A number of rows, and nothing else."""
    lower = said.lower.strip(" .!")
    less, more = _LESS.fullmatch(lower), _MORE.fullmatch(lower)
    if less or more:
        return _resized(more is not None, lower, now)
    if _ALL.fullmatch(lower):
        return _unlimited(now)
    match = _QUOTA.fullmatch(lower)
    if match is None or not (match["verb"] or match["noun"].strip() or match["end"].strip() or match["order"]):
        return None
    return _quota(match, said, now)


def _quota(match: re.Match[str], said: Said, now: Now) -> Change | Doubt | None:
    value, share = _value(match["n"])
    rows = bool(match["noun"].strip())
    if not share and (value < 1 or not float(value).is_integer()):
        return None
    samples = _samples(now)
    bounds = [knob for step in now.recipe.steps for knob in knobs(step, now.recipe) if knob.param == "at_most" and not knob.default]
    capped = re.search(r"\b(?:at most|no more than|not more than|up to|max\w*)\b", match["verb"] + match["end"]) is not None
    bare = re.fullmatch(r"\s*make it\s*", match["verb"]) is not None and not rows
    if bare or (capped and not rows and not re.search(r"\b(?:only|just|keep|take|want|limit|cap)\b", match["verb"]) and (bounds or not samples)):
        return None if bare or bounds or share else _which(value, now)
    first = (match["order"] or "").strip() in ("first", "top")
    if first and (match["order"] or "").strip() == "top" and samples and samples[-1].op.startswith("top_k"):
        first = False
    if not samples:
        return _sampled(value, share, first, match, now)
    if first and not samples[-1].op.startswith("first_n"):
        return _as_first(samples[-1], value, share)
    return _sized(samples[-1], value, share)


def _value(text: str) -> tuple[float, bool]:
    shares = slots.shares(text)
    if shares:
        return shares[0].value, True
    if text in ("half", "a half"):
        return 0.5, True
    return slots.value(text)


def _samples(now: Now) -> list[Step]:
    return [step for step in now.recipe.steps if step.op.partition("@")[0] in SAMPLES and any(key in step.params for key in QUOTAS)]


def _sized(step: Step, value: float, share: bool) -> Change | Doubt:
    key, other = ("share", "rows") if share else ("rows", "share")
    known = summaries()[step.op.partition("@")[0]].params
    if key not in known:
        return Doubt(f"{step.id} ({step.op.partition('@')[0]}) takes no {key}", (f"remove {step.id}",))
    wanted: int | float = value if share else int(value)
    if step.params.get(key) == wanted:
        return Change((), f"{step.id}.{key} is {number(value)} already: nothing changed", (step.id,))
    had = next((f"{name} {number(old)}" for name in (key, other, "rows_each") if isinstance(old := step.params.get(name), int | float)), "all rows")
    edits: list[Edit] = [Set(step=step.id, key=f"with.{name}") for name in (other, "rows_each") if name in step.params]
    edits.append(Set(step=step.id, key=f"with.{key}", value=wanted))
    if had.startswith(f"{key} "):
        return Change(tuple(edits), f"{step.id}.{had} → {number(value)}", (step.id,))
    return Change(tuple(edits), f"{step.id}: {had} → {key} {number(value)}", (step.id,))


def _as_first(step: Step, value: float, share: bool) -> Change | Doubt:
    if share:
        return Doubt("the first rows are told by their number", ("the first 100 rows",))
    op = step.op.partition("@")[0]
    edits: list[Edit] = [Set(step=step.id, key=f"with.{key}") for key in step.params if key != "rows"]
    edits += [Set(step=step.id, key="on")] if step.on else []
    edits += [Set(step=step.id, key="op", value=f"first_n@{summaries()['first_n'].version}"), Set(step=step.id, key="with.rows", value=int(value))]
    return Change(tuple(edits), f"{step.id}: {op} → first_n, rows {number(value)}", (step.id,))


def _sampled(value: float, share: bool, first: bool, match: re.Match[str], now: Now) -> Change | Doubt:
    goal = f"take a random {value * 100:g}% of the rows" if share else f"take the first {int(value)} rows" if first else f"take {int(value)} rows"
    draft = now.planned(goal)
    if draft.recipe is None or draft.unclear or not draft.recipe.steps:
        return Doubt(f"{match[0]!r} could not be made a sample")
    found = attached(draft.recipe, now.recipe)
    if isinstance(found, str):
        return Doubt(found)
    edits, names = found
    name = next(iter(names.values()))
    how = f"{value:.0%} of the rows" if share else f"{number(value)} rows"
    word = (
        f"the first {number(value)} rows"
        if first
        else f"{how} at random; say “the first {number(value)}” to take them in order"
        if not share
        else f"{how} at random"
    )
    return Change(tuple(edits), f"added {name}: {word}", (name,))


def _which(value: float, now: Now) -> Doubt | None:
    sized = [step for step in now.recipe.steps if any(knob.param == "at_least" for knob in knobs(step, now.recipe))]
    if not sized:
        return None
    return Doubt(f"at most {number(value)} of what", (f"only {number(value)} rows", f"{sized[0].id} at most {number(value)}"))


def _resized(more: bool, lower: str, now: Now) -> Change | Doubt:
    own = [knob for step in reversed(_samples(now)) for knob in knobs(step, now.recipe) if knob.param in QUOTAS]
    if not own:
        options = ("looser", "remove a filter by its name") if more else ("stricter", "only 500 rows")
        return Doubt("no step says how many rows come out", options[:1] if more else options)
    knob: Knob = own[0]
    by = 0.5 if _FAR.search(lower) else 0.1 if _BIT.search(lower) else SOME
    new = turned(knob, not more, by)
    step = now.step(knob.step)
    if new is None or step is None:
        return Doubt(f"{knob.name} is {number(knob.value)} and cannot go further")
    return Change(put(knob, new, step), f"{told(knob, new)} ({by:.0%} {'more' if more else 'less'}; say a number for another)", (knob.step,))


def _unlimited(now: Now) -> Change | Doubt | None:
    from .removing import without

    samples = _samples(now)
    return without(samples, now) if samples else None
