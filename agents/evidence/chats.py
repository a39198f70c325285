"""Conversations: how many turns, who speaks first and last, and what a system turn says."""

import re
from collections.abc import Callable, Mapping, Sequence

from agents.rules import slots

from .findings import Check, Claim, Filter, Finding, RowTest, shown, unknown, verdict_of
from .ground import Ground, Row, Side
from .said import Said

_TURNS = re.compile(r"\b(?P<who>user )?turns?\b")
_MULTI = re.compile(r"\bmulti-?turns?\b")
_LAST = re.compile(
    r"\b(?P<no>don't|do not|doesn't|does not|not)?\s*(?:ends?|ending|finish\w*|close) (?:with|on|in) an? "
    r"(?P<who>assistant|user|system)(?: turn| message)?"
)
_SYSTEM = re.compile(r"\bsystem (?:prompt|message|turn)\s*(?=\ue000)")
_PAIRS = (
    (re.compile(r"\bprompt, chosen(?:,| and| ,and) rejected\b|\bdpo\b"), ("prompt", "chosen", "rejected")),
    (re.compile(r"\bprompt\s?(?:/|and|\+)\s?completion\b"), ("prompt", "completion")),
    (re.compile(r"\balpaca format\b|\binto alpaca\b|\bas instruction, input, output\b"), ("instruction", "output")),
    (re.compile(r"\bpreference pairs\b(?! (?:in|with|whose|that))"), ("chosen", "rejected")),
)
_SHAPES = re.compile(r"\b(?:need|want|give|turn|convert|make|into|as|format|wants)\b")
WHO, USERS, ANSWERS = ("role", "from"), ("user", "human"), ("assistant", "gpt")
SPOKEN = (*USERS, *ANSWERS)


def read(said: Said) -> list[Check]:
    """`at least 3 turns`, `multi-turn`, `ends with an assistant turn`, `prompt, chosen and rejected`."""
    return [*_turns(said), *_last(said), *_system(said), *_paired(said)]


def _talks(said: Said) -> list[str]:
    return [name for side in (said.ground.given, said.ground.out) for name in side.types if _is_talk(side, name)]


def _is_talk(side: Side, name: str) -> bool:
    seen = [value for value in side.values(name)[:5] if value]
    return bool(seen) and all(_turns_of(value) is not None for value in seen)


def _turns_of(value: object) -> list[str] | None:
    """Who speaks, turn by turn; none where it is no conversation."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    who = [next((turn[key] for key in WHO if key in turn), None) if isinstance(turn, Mapping) else None for turn in value]
    return [str(one) for one in who] if who and all(isinstance(one, str) for one in who) else None


def _filter(said: Said, start: int, end: int, judge: Callable[[list[str]], bool | None], says: str, wanted: bool | None) -> list[Check]:
    names = list(dict.fromkeys(_talks(said)))
    if wanted is None or not names:
        return []

    def on(name: str) -> Callable[[Row], bool | None]:
        return lambda row: None if (turns := _turns_of(row[name])) is None else judge(turns)

    return [Filter(start, end, tuple(RowTest((name,), on(name), f"{says} in {name}", wanted) for name in names))]


def _turns(said: Said) -> list[Check]:
    multi, named = _MULTI.search(said.lower), _TURNS.search(said.lower)
    way = said.wanted((multi or named).start()) if (multi or named) else None  # type: ignore[union-attr]
    way = True if way is None and said.way is None else way
    if multi:
        return _filter(
            said, *multi.span(), lambda turns: True if _count(turns, USERS) > 1 else False if len(turns) < 3 else None, "of several turns", way
        )
    bounds = [one for one in slots.bounds(said.lower) if named and one.end <= named.end() and not one.share]
    if named is None or len(bounds) != 1:
        return []
    low, high = bounds[0].whole()

    def judge(turns: list[str]) -> bool | None:
        least, most = (_count(turns, USERS),) * 2 if named and named["who"] else (_count(turns, USERS), _count(turns, SPOKEN))
        if (low is None or least >= low) and (high is None or most <= high):
            return True
        return False if (low is not None and most < low) or (high is not None and least > high) else None

    return _filter(said, bounds[0].start, named.end(), judge, f"of {said.text[bounds[0].start : named.end()]}", way)


def _count(turns: list[str], who: tuple[str, ...]) -> int:
    return sum(turn in who for turn in turns)


def _last(said: Said) -> list[Check]:
    match = _LAST.search(said.lower)
    if match is None:
        return []
    who = {"assistant": ANSWERS, "user": USERS}.get(match["who"], (match["who"],))
    wanted = said.wanted(match.start())
    no = bool(match["no"])
    return _filter(said, *match.span(), lambda turns: (turns[-1] in who) != no, f"that {'do not ' * no}end with {match['who']}", wanted)


def _system(said: Said) -> list[Check]:
    match = _SYSTEM.search(said.lower)
    atom = next((atom for atom in said.phrase.atoms if match and atom.start == match.end()), None)
    return [] if atom is None else [Claim(0 if match is None else match.start(), atom.end, lambda ground: _starts_with(said, ground, atom.value))]


def _starts_with(said: Said, ground: Ground, prompt: str) -> Finding:
    name = next((name for name in ground.out.types if _is_talk(ground.out, name)), None)
    if name is None:
        return unknown("no conversation goes out")
    looked = ground.out.picked()
    wrong = sum(prompt not in str(next(iter(ground.out.values(name)[at] or [None]))) for at in looked)  # type: ignore[call-overload]
    return verdict_of(not wrong, f"{wrong} of {len(looked)} conversations do not begin with {shown(prompt)}")


def _paired(said: Said) -> list[Check]:
    for cue, names in _PAIRS:
        match = cue.search(said.lower)
        if match and _SHAPES.search(said.lower) and said.way != "drop":
            return [Claim(match.start(), match.end(), lambda ground, names=names: _there(ground, names))]  # type: ignore[misc]
    return []


def _there(ground: Ground, names: tuple[str, ...]) -> Finding:
    """The columns are there, and none of them is empty throughout."""
    missing = [name for name in names if name not in ground.out.types]
    if missing:
        return Finding("fails", f"no column {', '.join(missing)} goes out; there are {', '.join(ground.out.types)}")
    empty = [name for name in names if len(ground.out) and not any(ground.out.values(name)[at] for at in ground.out.picked())]
    return verdict_of(not empty, f"{', '.join(empty)} hold nothing" if empty else f"{', '.join(names)} go out, filled")
