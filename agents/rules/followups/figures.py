"""Reads other numbers for what is there: `make it 50`, `at most 300 words instead`, `change the minimum to 40`, `raise it by 10`."""

import re
from dataclasses import dataclass

from workflows.edits import Edit, Set
from workflows.recipe import Step

from .. import slots
from ..columns import mentions
from ..lengths import MEASURES
from .knobs import QUOTAS, Knob, knobs, number, put, told
from .outcome import Change, Doubt, Now, port_of
from .said import Said
from .steps import shown, spoken

_CHANGE = r"change|set|make|raise|increase|lower|decrease|reduce|bump|put|adjust|move|bring|use|take|try|turn|push|drop|cut|let|go|keep"
_BY = re.compile(
    rf"(?P<verb>raise|increase|bump|push|lower|decrease|reduce|cut|drop|add|bring)\b(?P<what>.*?)\b(?P<way>up|down)?\s*by (?P<n>{slots.NUMBER})$"
)
_FROM_TO = re.compile(
    rf"(?:\bfrom|(?<=change)|(?<=replace)|(?<=turn)|(?<=make)|(?<=set))(?: the)? (?P<a>{slots.NUMBER})(?: \w+)? (?:to|into|"
    rf"with|by) (?P<b>{slots.NUMBER})"
)
_TOO = re.compile(
    rf"(?P<a>{slots.NUMBER})(?: \w+)? (?:is|are|was) (?:way |far |much |a bit )*too (?:many|few|much|little|high|low|long|"
    rf"short|big|small|strict|loose)(?: \w+)?,?\s*"
    rf"(?:but |so )?(?:make (?:it|that) |take |use |try |rather |do |go (?:for|with) |let's say |say )?(?P<b>{slots.NUMBER})"
)
_TIMES = re.compile(r"\b(?P<times>double|halve|twice|half)\b")
_MARK = re.compile(
    rf"\b(?:{_CHANGE}|to|at|of|is|be|it|that|this|the|a|an|its|instead|rather|enough|will do|are|should|must|only|just|with|for|as|than|"
    rf"limit(?:ed)?|"
    r"bounds?|thresholds?|cut-?offs?|numbers?|values?|up|down|by|now|not|but|parameter|rule|steps?|filters?|in|on|needs?|want(?:ed)?|"
    r"required?|suffices?|"
    r"good|fine|ok|okay|better|instead of|was|were|one|they|them|then|must have|have|has|say|like|about|around|roughly|exactly|"
    r"mean(?:t)?)\b"
)
_LOW = re.compile(r"\b(?:minimum|min|lower (?:bound|limit)|floor|at[_ ]least|least)\b")
_HIGH = re.compile(r"\b(?:maximum|max|upper (?:bound|limit)|ceiling|cap|at[_ ]most|most)\b")
_UPPER = re.compile(r"\b(?:maximum|upper (?:bound|limit)|ceiling)\b")
_SIMILAR = re.compile(r"\b(?:similarity|jaccard|similar|alike)\b")
_CONFIDENT = re.compile(r"\b(?:confidence|sure|confident)\b")
_KEEPING = re.compile(r"(?:drop|cut|keep|take)\b")
_UNITS = re.compile(rf"\b(?:{'|'.join(slots.SIZE_UNITS)})\b")
_ROWS = re.compile(
    r"\b(?:rows?|records?|examples?|samples?|items|entries|lines|documents|messages|pairs|reviews|questions|of them|in total|altogether|overall)\b"
)
_SEED = re.compile(r"\bseed\b")
_ADDS = re.compile(r"\b(?:drop|remove|delete|discard|exclude|without|no|that|which|whose|where|those|ones|keep rows|keep those|also)\b")


@dataclass(frozen=True)
class Figure:
    """The number that a message says, and on which side of it rows are to lie."""

    value: float
    side: str = ""  # at_least, at_most, or neither
    share: bool = False
    other: float | None = None  # the upper end of a range
    was: float | None = None  # what it is said to be now


def read(said: Said, now: Now) -> Change | Doubt | None:
    """A message that is one number and the words that say whose."""
    lower = said.lower
    if _SEED.search(lower):
        return None
    moved = _moved(said, now)
    if moved is not None:
        return moved
    found = figure(lower)
    if found is None:
        return None
    one, rest = found
    unit = next((slots.SIZE_UNITS[match[0]] for match in _UNITS.finditer(rest)), "")
    rows = not unit and _ROWS.search(rest) is not None
    if _ADDS.search(rest) and not _changes(said):
        return None
    steps = _whose(_without_units(rest, rows), said, now)
    if steps is None:
        return None
    side = one.side or ("at_least" if _LOW.search(rest) else "at_most" if _HIGH.search(rest) else "")
    words = {"similarity": _SIMILAR.search(rest) is not None, "confidence_at_least": _CONFIDENT.search(rest) is not None}
    wanted = next((name for name, is_said in words.items() if is_said), "")
    return _set(one, side, unit, rows, wanted, rest, steps, said, now)


def figure(lower: str) -> tuple[Figure, str] | None:
    """The one number or bound of a text, and the text without it."""
    too = _TOO.search(lower)
    if too:
        (was, _), (value, share) = slots.value(too["a"]), slots.value(too["b"])
        return Figure(value, share=share, was=was), _cut(lower, too.start(), too.end())
    both = _FROM_TO.search(lower)
    if both and re.search(rf"\b(?:{_CHANGE})\b", lower[: both.start()]):
        (was, _), (value, share) = slots.value(both["a"]), slots.value(both["b"])
        return Figure(value, share=share, was=was), _cut(lower, both.start(), both.end())
    bounds = slots.bounds(lower)
    if len(bounds) == 2 and (pair := _paired(bounds)):
        rest = _cut(_cut(lower, bounds[1].start, bounds[1].end), bounds[0].start, bounds[0].end)
        unit = slots.unit(lower, bounds[0]) or slots.unit(lower, bounds[1])
        return pair, f"{re.sub(r'^(.*?)[ ,]*(?:and|but)? *$', chr(92) + '1', rest)} {unit}"
    if len(bounds) == 1:
        return _bounded(bounds[0], lower)
    numbers = slots.numbers(lower)
    shares = slots.shares(lower)
    if bounds or len(numbers) > 1:
        return None
    if shares and (not numbers or shares[0].start <= numbers[0].start):
        return Figure(shares[0].value, share=True), _cut(lower, shares[0].start, shares[0].end)
    if not numbers or (numbers[0].value == 1 and lower[numbers[0].start : numbers[0].end] == "one"):
        return None
    return Figure(numbers[0].value, share=numbers[0].share), _cut(lower, numbers[0].start, numbers[0].end)


def _bounded(bound: slots.Bounds, lower: str) -> tuple[Figure, str] | None:
    rest = _cut(lower, bound.start, bound.end)
    unit = slots.unit(lower, bound)
    if unit:
        rest += f" {unit}"
    low, high = (bound.low, bound.high) if bound.share else bound.whole() if _are_whole(bound) else (bound.low, bound.high)
    if low is not None and high is not None:
        return Figure(low, "" if low == high else "both", bound.share, None if low == high else high), rest
    value = low if low is not None else high
    return None if value is None else (Figure(value, "at_least" if low is not None else "at_most", bound.share), rest)


def _paired(bounds: list[slots.Bounds]) -> Figure | None:
    """`at least 20 words and at most 300`: one range."""
    lows, highs = [one for one in bounds if one.high is None], [one for one in bounds if one.low is None]
    if len(lows) != 1 or len(highs) != 1 or lows[0].share or highs[0].share:
        return None
    low, high = lows[0].whole()[0], highs[0].whole()[1]
    return None if low is None or high is None or low > high else Figure(low, "both", other=high)


def _are_whole(bound: slots.Bounds) -> bool:
    return all(value is None or float(value).is_integer() for value in (bound.low, bound.high))


def _cut(text: str, start: int, end: int) -> str:
    return f"{text[:start]} {text[end:]}"


def _changes(said: Said) -> bool:
    return said.instead or said.no or (re.match(rf"(?:{_CHANGE})\b", said.lower) is not None and not _KEEPING.match(said.lower))


def _without_units(rest: str, rows: bool) -> str:
    for pattern in (_UNITS, _LOW, _HIGH, _CONFIDENT, *((_ROWS,) if rows else ())):
        rest = pattern.sub(" ", rest)
    return rest


def _whose(rest: str, said: Said, now: Now) -> list[Step] | None:
    """Steps that the other words name; none: no words are left; None: they say something else."""
    table = next(iter(now.tables.values()), None)
    columns = [mention.column.name for mention in mentions(said.phrase, table)] if table else []
    bare = _SIMILAR.sub(" ", rest)
    for name in columns:
        bare = re.sub(rf"(?<![\w]){re.escape(name.lower())}(?![\w])", " ", bare)
    bare = " ".join(re.sub(r"[\ue000.,:;!?'=<>-]+", " ", _MARK.sub(" ", bare)).split())
    on_column = [step for step in now.recipe.steps if set(columns) & set(_bound(step))]
    if not bare:
        return on_column if columns and on_column else []
    found = spoken(bare, now.recipe) or spoken(" ".join(rest.split()).strip(" ,.:;"), now.recipe)
    return [step for step in found if not columns or step in on_column] or found or None


def _bound(step: Step) -> list[str]:
    on = step.on
    names = [on] if isinstance(on, str) else list(on.values()) if isinstance(on, dict) else list(on or ())
    return [one for name in names for one in ([name] if isinstance(name, str) else name)]


def _set(one: Figure, side: str, unit: str, rows: bool, wanted: str, rest: str, steps: list[Step], said: Said, now: Now) -> Change | Doubt | None:
    ordered = steps or [step for name in now.last_said if (step := now.step(name))]
    if unit:
        return _of_unit(one, side, unit, ordered, said, now)
    every = _of_columns([knob for step in ordered for knob in knobs(step, now.recipe)], said, now)
    fitting = [knob for knob in every if _fits(knob, one, side, rows, wanted)]
    if one.share and "%" not in said.lower and "percent" not in said.lower:  # `0.9` is a similarity sooner than a part of the rows
        fitting = [knob for knob in every if knob.is_share and knob.param not in QUOTAS] or fitting
    if one.other is not None:
        ranged = next((step for step in ordered if any(knob.param in ("at_least", "at_most") for knob in knobs(step, now.recipe))), None)
        if ranged is not None and not rows and not wanted:
            return _both(ranged, one)
    if side == "at_most" and not steps and {knob.param in QUOTAS for knob in fitting} == {True, False}:
        bound = next(knob for knob in fitting if knob.param not in QUOTAS)
        if not _UPPER.search(rest):
            return Doubt(f"at most {number(one.value)} of what", (_option(bound, one), f"only {number(one.value)} rows"))
        fitting = [knob for knob in fitting if knob.param not in QUOTAS]
    if not fitting:
        return _nothing_fits(one, every, steps, rows, said)
    first = fitting[0]
    if (not side or first.of) and not wanted:
        alike = [knob for knob in fitting if knob.step == first.step and not knob.default]
        near = [knob for knob in alike if knob.of and 1 / 3 <= one.value / (knob.value or 1) <= 3]  # `2000` means the year, not the stars
        if len(near) == 1:
            return _put(near[0], one, now, fitting, said)
        if len(alike) > 1 and one.was is None:
            return Doubt(f"{first.step} has {len(alike)} numbers", tuple(_option(knob, one) for knob in alike[:3]))
    return _put(first, one, now, fitting, said)


def _of_columns(every: list[Knob], said: Said, now: Now) -> list[Knob]:
    """`at least 3 stars`: where a condition compares a column that is named, its number and no other."""
    table = next(iter(now.tables.values()), None)
    named = {mention.column.name for mention in mentions(said.phrase, table)} if table else set()
    return [knob for knob in every if knob.of in named] or every


def _fits(knob: Knob, one: Figure, side: str, rows: bool, wanted: str) -> bool:
    if wanted:
        return knob.param == wanted
    if knob.default:
        return False
    if one.was is not None and knob.value != one.was:
        return False
    if rows:
        return knob.param in ("rows", "rows_each")
    if one.share or (0 < one.value < 1):
        return knob.is_share or (knob.param in QUOTAS and one.share) or (not knob.is_whole and one.value <= 1 and not one.share)
    if side in ("at_least", "at_most") and knob.of:
        return (">" in knob.shown) == (side == "at_least")
    if side in ("at_least", "at_most") and not knob.param.endswith(side):
        return side == "at_most" and knob.param in QUOTAS
    if knob.is_share:
        return knob.param == "share" and one.value >= 1 and float(one.value).is_integer()
    return not knob.is_whole or bool(knob.of) or float(one.value).is_integer()


def _put(knob: Knob, one: Figure, now: Now, fitting: list[Knob], said: Said) -> Change | Doubt:
    step = now.step(knob.step)
    assert step is not None
    swap = {"rows": "share", "share": "rows"}.get(knob.param)
    if swap and (one.share != (knob.param == "share")):
        value: int | float = one.value if one.share else int(one.value)
        edits: tuple[Edit, ...] = (Set(step=step.id, key=f"with.{knob.param}"), Set(step=step.id, key=f"with.{swap}", value=value))
        return Change(edits, f"{step.id}: {knob.param} {number(knob.value)} → {swap} {number(value)}", (step.id,))
    if one.other is not None:
        return Doubt(f"{knob.name} is one number, and {said.whole!r} names two", (f"at least {number(one.value)}", f"at most {number(one.other)}"))
    if knob.value == one.value:
        return Change((), f"{knob.name} is {number(one.value)} already: nothing changed", (step.id,))
    others = {other.step for other in fitting} - {knob.step}
    offers = tuple(f"for another step say “{other} {number(one.value)}”" for other in sorted(others)[:2])
    return Change(put(knob, one.value, step), told(knob, one.value), (step.id,), offers)


def _of_unit(one: Figure, side: str, unit: str, steps: list[Step], said: Said, now: Now) -> Change | Doubt | None:
    """A number with a unit of size belongs to the step that counts in it."""
    op = MEASURES.get(unit, unit)
    same = [step for step in steps if step.op.partition("@")[0] == op or (unit == "tokens" and step.op.startswith("tokens"))]
    if not same:
        cutting = [step for step in steps if step.op.partition("@")[0] in ("chunk", "truncate") and unit in step.params and not side]
        if cutting:
            knob = next(knob for knob in knobs(cutting[0], now.recipe) if knob.param == unit)
            return _put(knob, one, now, [knob], said)
        if side or not (_changes(said)):
            return None  # a new bound: an addition
        sized = [step for step in steps if step.op.partition("@")[0] in MEASURES.values()]
        if not sized:
            return None
        return Doubt(
            f"no step counts {unit}; {shown(sized[:1])} counts {sized[0].op.partition('@')[0]}",
            (f"keep rows with at least {number(one.value)} {unit}", f"keep rows with at most {number(one.value)} {unit}"),
        )
    step = same[0]
    if one.other is not None:
        return _both(step, one)
    own = [knob for knob in knobs(step, now.recipe) if knob.param in ("at_least", "at_most")]
    if not side and len(own) == 1:
        return _put(own[0], one, now, own, said)
    if not side:
        return Doubt(f"{step.id} has two bounds", tuple(_option(knob, one) for knob in own)) if own else None
    if port_of(step.id, now.recipe) == "dropped":
        return None
    known = next((knob for knob in own if knob.param == side), None)
    if known:
        return _put(known, one, now, own[:1], said)
    if not (said.instead or said.no) or not own:
        return None
    gone = own[0]
    edits = (Set(step=step.id, key=f"with.{gone.param}"), Set(step=step.id, key=f"with.{side}", value=int(one.value)))
    return Change(edits, f"{step.id}: {gone.param} {number(gone.value)} → {side} {number(one.value)}", (step.id,))


def _both(step: Step, one: Figure) -> Change:
    assert one.other is not None
    had = ", ".join(f"{name} {value}" for name, value in step.params.items() if name in ("at_least", "at_most"))
    edits = [Set(step=step.id, key=f"with.{name}", value=int(value)) for name, value in (("at_most", one.other), ("at_least", one.value))]
    return Change(tuple(edits), f"{step.id}: {had} → at_least {number(one.value)}, at_most {number(one.other)}", (step.id,))


def _moved(said: Said, now: Now) -> Change | Doubt | None:
    """`raise the minimum by 10`, `double it`."""
    by, times = _BY.search(said.lower), _TIMES.search(said.lower)
    if not by and not times:
        return None
    rest = by["what"] if by else f"{said.lower[: times.start()]} {said.lower[times.end() :]}" if times else ""
    side = "at_least" if _LOW.search(rest) else "at_most" if _HIGH.search(rest) else ""
    rows = _ROWS.search(rest) is not None
    steps = _whose(_without_units(rest, rows), said, now)
    if steps is None:
        return None
    ordered = steps or [step for name in now.last_said if (step := now.step(name))]
    own = [knob for step in ordered for knob in knobs(step, now.recipe) if not knob.default and (not side or knob.param.endswith(side))]
    own = [knob for knob in own if not rows or knob.param == "rows"]
    if not own:
        return Doubt("no step has a number that could be moved" + (f"; the recipe has {shown(now.recipe.steps)}"))
    knob = own[0]
    if by:
        amount, share = slots.value(by["n"])
        down = by["way"] == "down" or by["verb"] in ("lower", "decrease", "reduce", "cut", "drop")
        new = knob.value * (1 - amount if down else 1 + amount) if share else knob.value - amount if down else knob.value + amount
    else:
        assert times is not None
        new = knob.value * (2 if times["times"] in ("double", "twice") else 0.5)
    new = round(new) if knob.is_whole else round(new, 4)
    return _put(knob, Figure(new, share=knob.param == "share"), now, [knob], said)


def _option(knob: Knob, one: Figure) -> str:
    if knob.of:
        return f"{knob.of} {number(one.value)}"
    side = {"at_least": "at least ", "at_most": "at most "}.get(knob.param, f"{knob.param} ")
    return f"{knob.step} {side}{number(one.value)}"


def _nothing_fits(one: Figure, every: list[Knob], steps: list[Step], rows: bool, said: Said) -> Change | Doubt | None:
    if rows or not (_changes(said) or steps or re.fullmatch(r"[\s\d.,%]*", said.lower)):
        return None
    have = ", ".join(f"{knob.name} {number(knob.value)}" for knob in every if not knob.default)[:200]
    what = f"{number(one.value * 100)}%" if one.share else number(one.value)
    return Doubt(f"{what} fits no number of {shown(steps) if steps else 'the recipe'}" + (f", which has {have}" if have else ""))
