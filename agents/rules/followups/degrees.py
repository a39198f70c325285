"""Reads `stricter` and `looser`: a turn of the numbers of the step that is spoken of, else of the filter that was spoken of last."""

import re

from workflows.edits import Edit, Set
from workflows.recipe import Step

from .knobs import LITTLE, MUCH, QUOTAS, SOME, knobs, number, put, told, turned
from .outcome import Change, Doubt, Now
from .said import Said
from .steps import SIZES, shown, spoken

_STRICT = (
    r"strict(?:er|ly)?|stronger|tight(?:er|en)|tougher|harsher|harder|more (?:strict|aggressive|selective|picky|severe|rigorous)|"
    r"pickier|severe(?:r)?|less (?:lenient|loose|permissive)|narrower|raise the bar"
)
_LOOSE = (
    r"loos(?:er|en)|laxer?|softer|gentler|milder|relax(?:ed)?|more (?:lenient|relaxed|permissive|tolerant|generous|lax)|less (?:strict|"
    r"aggressive|harsh|picky|severe|selective|tight)|(?:too|so) (?:strict|harsh|tight|aggressive|severe|picky)|easier|wider|lower the bar|not "
    r"(?:so|that|as) (?:strict|harsh|tight)"
)
_TOO_LOOSE = r"(?:too|so) (?:loose|lax|lenient|soft|permissive)|not (?:\w+ )?(?:strict|tight|picky|harsh) enough"
_LONGER = re.compile(
    r"(?:(?:only|just|keep|take|i want|want|a bit|a little|slightly|much|a lot|even|still|make (?:them|it)|they should be|should be|must be|"
    r"the|with|use)\s+)*(?:(?P<up>longer)|(?P<down>shorter))"
    r"(?:\s+(?:ones|texts?|messages?|rows|answers|documents|examples|outputs?|only|please|minimum|maximum|bits?))*"
)
_LESS = r"a (?:little |wee |tiny )?bit|a little|slightly|a tad|a touch|somewhat(?: slightly)?|a notch|little"
_MORE = r"much|a lot|lots|far|way|considerably|significantly|substantially|very|really|a good deal|quite a bit|twice as"
_DEGREE = re.compile(
    rf"\b(?:(?P<less>{_LESS})|(?P<more>{_MORE})|by (?:about )?(?P<by>\d+(?:\.\d+)?) ?(?:%|percent)|(?P<share>\d+(?:\.\d+)?) ?(?:%|percent))(?=\s|$)"
)
_WAY = re.compile(rf"(?<![\w-])(?:(?P<loose>{_LOOSE})|(?P<strict>{_STRICT}|{_TOO_LOOSE}))(?![\w-])")
_AROUND = re.compile(
    r"\b(?:be|make|made|go|get|is|it's|its|it|that's|that|this|are|was|let|still|even|more|filter(?:ing)? (?:it )?|with|on|about|for|in|the|"
    r"a|to|much too|bit|"
    r"than that|than this|than before|than now|do it|all of it|everything|please|little|please be|one|needs to|should|can|we|you|could|them|now)\b"
)


def read(said: Said, now: Now) -> Change | Doubt | None:
    """Such a message and nothing else."""
    longer = _LONGER.fullmatch(said.lower.strip(" .!"))
    if longer:
        return _sized(longer["up"] is not None, said, now)
    way = _WAY.search(said.lower)
    if way is None:
        return None
    by, rest = _degree(said.lower[: way.start()] + " " + said.lower[way.end() :])
    rest = re.sub(r"^[\s,.:;-]+|[\s,.:;-]+$", "", rest)
    steps = _meant(rest, now)
    if steps is None:
        return None
    stricter = way["strict"] is not None
    if steps:
        return _turn(steps, stricter, by, now, said)
    return _last(stricter, by, now, said)


def _sized(up: bool, said: Said, now: Now) -> Change | Doubt:
    """`longer ones`: the bounds of the step that measures a size move up, or down."""
    steps = sizes([step for name in now.last_said if (step := now.step(name))])
    by, _ = _degree(said.lower)
    for step in steps:
        own = [knob for knob in knobs(step, now.recipe) if knob.param in ("at_least", "at_most")]
        knob = next((one for one in own if one.param == ("at_least" if up else "at_most")), own[0] if own else None)
        new = turned(knob, bool(knob.rises) == up, by) if knob else None
        if knob and new is not None:
            way = f"{by:.0%} {'longer' if up else 'shorter'}; say a number for another"
            return Change(put(knob, new, step), f"{told(knob, new)} ({way})", (step.id,))
    word = "at least 50 words" if up else "at most 50 words"
    return Doubt("no step has a bound on the length; how long shall they be", (word,))


def turn(step: Step, stricter: bool, by: float, now: Now) -> tuple[list[Edit], list[str]]:
    """The edits that turn all numbers of a step, and what they say."""
    own = [knob for knob in knobs(step, now.recipe) if knob.rises is not None and knob.param not in QUOTAS]
    edits: list[Edit] = []
    words: list[str] = []
    here = step
    for knob in own:
        new = turned(knob, stricter, by)
        if new is None:
            continue
        for edit in put(knob, new, here):
            here = here.model_copy(update={"params": {**here.params, edit.key.removeprefix("with."): edit.value}})
            edits = [one for one in edits if not (isinstance(one, Set) and one.key == edit.key)] + [edit]
        words.append(told(knob, new))
    return edits, words


def _degree(text: str) -> tuple[float, str]:
    match = _DEGREE.search(text)
    if match is None:
        return SOME, text
    said = match["by"] or match["share"]
    by = float(said) / 100 if said else LITTLE if match["less"] else MUCH
    return by, f"{text[: match.start()]} {text[match.end() :]}"


def _meant(rest: str, now: Now) -> list[Step] | None:
    """Steps spoken of; none of them: the message names none; None: it says something else."""
    found = spoken(rest, now.recipe) if rest else []
    if found:
        return found
    bare = " ".join(_AROUND.sub(" ", rest).split()).strip(" ,.;:-")
    values = {number(knob.value) for step in now.recipe.steps for knob in knobs(step, now.recipe)}
    bare = " ".join(word for word in bare.split() if word not in values)  # `min 6 words is too strict`
    if not bare:
        return []
    return spoken(bare, now.recipe) or None


def _last(stricter: bool, by: float, now: Now, said: Said) -> Change | Doubt:
    able = [step for name in now.last_said if (step := now.step(name)) and turn(step, stricter, by, now)[0]]
    if not able:
        word = "stricter" if stricter else "looser"
        return Doubt(f"no step has a bound that could be {word}; the recipe has {shown(now.recipe.steps)}", _offers(now))
    change = _turn([able[0]], stricter, by, now, said)
    if isinstance(change, Change) and len(able) > 1:
        word = "stricter" if stricter else "looser"
        others = tuple(f"for another step say “{word} on {step.id}”" for step in able[1:3])
        return Change(change.edits, change.told, change.steps, others)
    return change


def _turn(steps: list[Step], stricter: bool, by: float, now: Now, said: Said) -> Change | Doubt:
    word = "stricter" if stricter else "looser"
    able = [step for step in steps if turn(step, stricter, by, now)[0]]
    if len(able) > 1:
        return Doubt(f"which one shall be {word}", tuple(f"{word} on {step.id}" for step in able))
    if not able:
        return _without_bound(steps[0], stricter, now)
    edits, words = turn(able[0], stricter, by, now)
    how = "by the share named" if re.search(r"\d", said.lower) else f"{by:.0%} {word}; say a number for another"
    return Change(tuple(edits), f"{', '.join(words)} ({how})", (able[0].id,))


def _without_bound(step: Step, stricter: bool, now: Now) -> Change | Doubt:
    """Steps whose strictness is no number, or is at its end."""
    op = step.op.partition("@")[0]
    if op == "exact_dedup":
        wanted = "case_and_space" if stricter else "nothing"
        have = step.params.get("ignore", "nothing")
        if have != wanted:
            edit = Set(step=step.id, key="with.ignore", value=wanted if stricter else None)
            return Change(
                (edit,), f"{step.id}.ignore {have} → {wanted}: case and outer space {'no longer count' if stricter else 'count'}", (step.id,)
            )
        return Doubt(
            f"{step.id} is as {'strict' if stricter else 'loose'} as an exact comparison gets",
            ("near duplicates instead of exact ones",) if stricter else (f"remove {step.id}",),
        )
    if op == "language" and stricter and "confidence_at_least" not in step.params:
        return Change((Set(step=step.id, key="with.confidence_at_least", value=0.8),), f"{step.id}.confidence_at_least none → 0.8", (step.id,))
    ends = [f"{knob.name} is {number(knob.value)}" for knob in knobs(step, now.recipe)]
    word = "stricter" if stricter else "looser"
    return Doubt(f"{step.id} ({op}) cannot be made {word}: {', '.join(ends) or 'it has no bound'}", _offers(now))


def _offers(now: Now) -> tuple[str, ...]:
    able = [step for step in now.recipe.steps if any(knob.rises is not None and knob.param not in QUOTAS for knob in knobs(step, now.recipe))]
    return tuple(f"stricter on {step.id}" for step in able[:2])


def sizes(steps: list[Step]) -> list[Step]:
    """Those that measure a size."""
    return [step for step in steps if step.op.partition("@")[0] in SIZES]
