"""From outcomes to figures: shares with the interval in which they lie, by level."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from .playing import Outcome

LEVELS = ("easy", "medium", "hard")
ALL = "all"
Z = 1.959964  # of a 95% interval


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many."""

    part: int
    of: int

    @property
    def value(self) -> float | None:
        return self.part / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's, 95%: it holds for few cases and for shares near 0 and 1 too."""
        if not self.of:
            return None
        mean, square = self.part / self.of, Z * Z
        middle, spread = mean + square / (2 * self.of), Z * sqrt(mean * (1 - mean) / self.of + square / (4 * self.of * self.of))
        return max(0.0, (middle - spread) / (1 + square / self.of)), min(1.0, (middle + spread) / (1 + square / self.of))

    def as_json(self) -> dict[str, object]:
        low, high = self.interval or (None, None)
        return {"part": self.part, "of": self.of, "value": self.value, "low": low, "high": high}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one level, or of all cases."""

    level: str
    cases: int
    passed: Share
    executable: Share  # of goals that should run: those that ran to the end
    asked_right: Share  # of those asked or refused: those that should be (precision)
    asked_due: Share  # of those to be asked or refused: those that were (recall)
    confident: Share  # wrong rows, nothing called unclear
    false_unclear: Share  # of right results: those of which a part was called not understood
    operators: float | None  # F1 against gold recipes
    parameters: Share
    not_judged: int
    seconds: float  # median
    cpu_seconds: float  # median
    tokens: float | None
    cost: float | None

    def as_json(self) -> dict[str, object]:
        return {name: value.as_json() if isinstance(value, Share) else value for name, value in vars(self).items()}


def by_level(outcomes: Sequence[Outcome]) -> list[Figures]:
    """Easy first, what else there is after hard, all last."""
    there = dict.fromkeys(one.level for one in outcomes)
    levels = [*(level for level in LEVELS if level in there), *(level for level in there if level not in LEVELS)]
    each = [_figures(level, [one for one in outcomes if one.level == level]) for level in levels]
    return [*each, _figures(ALL, outcomes)]


def _figures(level: str, outcomes: Sequence[Outcome]) -> Figures:
    judged = [one for one in outcomes if one.is_judged]
    silent = [one for one in outcomes if one.kind in ("asked", "refused")]
    to_run = [one for one in outcomes if one.wanted == ("run",)]
    to_ask = [one for one in outcomes if "run" not in one.wanted]
    right = [one for one in judged if one.ok and one.kind == "run"]
    return Figures(
        level=level,
        cases=len(outcomes),
        passed=_share(judged, lambda one: one.ok),
        executable=_share(to_run, lambda one: one.kind == "run"),
        asked_right=_share(silent, _may_ask),
        asked_due=_share(to_ask, lambda one: one.kind in ("asked", "refused")),
        confident=_share(judged, lambda one: one.confident),
        false_unclear=_share(right, lambda one: bool(one.unclear)),
        operators=_operators(outcomes),
        parameters=_parameters(outcomes),
        not_judged=len(outcomes) - len(judged),
        seconds=median(one.seconds for one in outcomes) if outcomes else 0.0,
        cpu_seconds=median(one.cpu_seconds for one in outcomes) if outcomes else 0.0,
        tokens=_total([one.tokens for one in outcomes]),
        cost=_total([one.cost for one in outcomes]),
    )


def _may_ask(one: Outcome) -> bool:
    """Whether asking or refusing, either, was right."""
    return bool({"asked", "refused"} & set(one.wanted))


def _share(outcomes: Sequence[Outcome], counts: Callable[[Outcome], bool]) -> Share:
    return Share(part=sum(counts(one) for one in outcomes), of=len(outcomes))


def _operators(outcomes: Sequence[Outcome]) -> float | None:
    matches = [one.match for one in outcomes if one.match is not None]
    right, both = sum(one.right for one in matches), sum(one.made + one.wanted for one in matches)
    return 2 * right / both if both else None


def _parameters(outcomes: Sequence[Outcome]) -> Share:
    matches = [one.match for one in outcomes if one.match is not None]
    return Share(part=sum(one.params_right for one in matches), of=sum(one.params for one in matches))


def _total(values: Sequence[float | None]) -> float | None:
    told = [value for value in values if value is not None]
    return sum(told) if told else None
