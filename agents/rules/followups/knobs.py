"""The numbers of a step that a message may turn: which way is stricter, and how far a turn goes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor, log10

from tools.cards import summaries
from workflows.edits import Set
from workflows.recipe import Recipe, Step

from .outcome import port_of
from .steps import NEAR

LITTLE, SOME, MUCH = 0.1, 0.25, 0.5
STRICTER_WHEN_LOWER = {  # of operators whose number is no bound: what goes on falls when it falls
    "similarity": True, "shortest": True, "seen_at_least": True, "ngram": False,
}  # fmt: skip
QUOTAS = ("rows", "rows_each", "share", "budget")
_SHARES = ("decontaminate", "overlap", "label_noise", "quantile", "spam_like", "answer_in_context")
_COMPARED = re.compile(r"(?P<what>(?:\"[^\"]+\"|\w+(?:\([^()]*\))?)\s*)(?P<sign>>=|<=|>|<)(?P<gap>\s*)(?P<number>-?\d+(?:\.\d+)?)(?![\w.])")
_WHERE = re.compile(r"where:(\d+)")


@dataclass(frozen=True)
class Knob:
    """One number of a step. `rises`: a larger number lets fewer rows through; none: it does not filter."""

    step: str
    param: str  # `where:N`: the N-th number of a condition
    value: float
    rises: bool | None
    is_share: bool = False
    is_whole: bool = False
    default: bool = False  # the recipe does not write it
    shown: str = ""
    of: str = ""  # the column that a condition compares

    @property
    def name(self) -> str:
        return f"{self.step}.{self.shown or self.param}"


def knobs(step: Step, recipe: Recipe) -> list[Knob]:
    """The numbers that a step has, those of the recipe before defaults that matter."""
    op = step.op.partition("@")[0]
    known = summaries().get(op)
    if known is None:
        return []
    flipped = port_of(step.id, recipe) == "dropped"
    found = [_knob(step, op, name, value, known.params.get(name, {}), flipped) for name, value in step.params.items() if _is_number(value)]
    if op in NEAR and "similarity" not in step.params:
        schema = known.params["similarity"]
        found.append(_knob(step, op, "similarity", schema["default"], schema, flipped, default=True))
    if op in ("decontaminate",) and "at_most" not in step.params:
        schema = known.params["at_most"]
        found.append(_knob(step, op, "at_most", schema["default"], schema, flipped, default=True))
    return found + list(_conditions(step, flipped))


def turned(knob: Knob, stricter: bool, by: float) -> float | None:
    """The number after a turn; none where it is at its end already."""
    up = bool(knob.rises) == stricter
    value = knob.value
    if knob.is_share:
        near = 1 - value if value >= 0.5 else value
        moved = near * (1 + by) if (value < 0.5) == up else near * (1 - by)
        new = round(1 - moved if value >= 0.5 else moved, 4)
        new = min(max(new, 0.0), 1.0)
        return None if new == value else new
    new = value * (1 + by) if up == (value >= 0) else value * (1 - by)
    new = float(_nice(new, value, up)) if knob.is_whole else _two_digits(new)
    if new == value:
        new = value + (1 if up else -1) if knob.is_whole else new
    if knob.is_whole and value >= 0 and new < 0:
        return None
    return None if new == value else new


def put(knob: Knob, value: float, step: Step) -> tuple[Set, ...]:
    """The edits that give a knob this value. What a similarity is searched with goes down with it."""
    number = _plain(knob, value)
    place = _WHERE.fullmatch(knob.param)
    if not place:
        edits = (Set(step=knob.step, key=f"with.{knob.param}", value=number),)
        known = summaries()[step.op.partition("@")[0]].params
        reach = step.params.get("reach", known["reach"].get("default")) if knob.param == "similarity" and "reach" in known else None
        return (*edits, Set(step=knob.step, key="with.reach", value=number)) if isinstance(reach, int | float) and value < reach else edits
    where = str(step.params["where"])
    match = list(_COMPARED.finditer(where))[int(place[1])]
    text = f"{where[: match.start('number')]}{number}{where[match.end('number') :]}"
    return (Set(step=knob.step, key="with.where", value=text),)


def told(knob: Knob, value: float) -> str:
    """`long_enough.at_least 40 → 50`."""
    return f"{knob.name} {number(knob.value)} → {number(value)}"


def number(value: float) -> str:
    """A number as people write it."""
    whole = float(value).is_integer()
    return f"{int(value):,}" if whole else f"{value:g}"


def _plain(knob: Knob, value: float) -> int | float:
    return int(value) if float(value).is_integer() and not (knob.is_share and not knob.is_whole and isinstance(knob.value, float)) else value


def _knob(step: Step, op: str, name: str, value: object, schema: Mapping[str, object], flipped: bool, *, default: bool = False) -> Knob:
    assert isinstance(value, int | float)
    rises: bool | None = None
    if name.endswith("at_least") and name not in STRICTER_WHEN_LOWER:
        rises = not flipped
    elif name.endswith("at_most"):
        rises = flipped
    elif name in STRICTER_WHEN_LOWER:
        rises = not STRICTER_WHEN_LOWER[name] if summaries()[op].stage == "dedupe" else None
    elif (op == "substring_dedup" and name == "words") or name in QUOTAS:
        rises = False
    kinds = str(schema)
    whole = isinstance(value, int) and ("'integer'" in kinds) and not (op.endswith("_share") or op in _SHARES)
    share = 0 <= value <= 1 and (
        op.endswith("_share") or op in _SHARES or name in ("similarity", "share") or "share" in name or "confidence" in name or op == "split"
    )
    return Knob(step.id, name, float(value), rises, is_share=share and not whole, is_whole=whole, default=default)


def _conditions(step: Step, flipped: bool) -> Iterator[Knob]:
    where = step.params.get("where")
    if not isinstance(where, str):
        return
    for place, match in enumerate(_COMPARED.finditer(where)):
        value = float(match["number"])
        rises = (match["sign"][0] == ">") != flipped
        what, whole = match["what"].strip(), "." not in match["number"]
        shown = f"where: {what} {match['sign']}"
        yield Knob(step.id, f"where:{place}", value, rises, is_whole=whole, shown=shown, of=what.strip('"'))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _nice(new: float, old: float, up: bool) -> int:
    """A round number near it, on the right side of the old one."""
    size = abs(new)
    step = 1 if size < 20 else 5 if size < 200 else 10 if size < 1000 else 10 ** (floor(log10(size)) - 1)
    found = round(new / step) * step
    return int(found if (found > old if up else found < old) else (-(-new // 1) if up else new // 1))


def _two_digits(value: float) -> float:
    return float(f"{value:.3g}")
