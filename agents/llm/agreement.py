"""Holds a model's plan against the person's words and against the other planner: which part led to which steps, and what nobody asked for."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agents.draft import Clause
from agents.rules import limits
from agents.rules.clauses import Phrase, split
from agents.rules.retrieval import STOP
from agents.turns import Turn
from workflows.recipe import Recipe, Step

from .answers import Claim
from .choosing import points_to

SAME = 0.5  # of the words of the shorter text
LEAST = 0.25  # of the longer text, where one holds the other


@dataclass(frozen=True)
class Account:
    """What each part of the person's words led to. `unasked`: steps that no part led to."""

    clauses: tuple[Clause, ...]
    unclear: tuple[str, ...]
    unasked: tuple[str, ...]
    pointless: tuple[str, ...] = ()  # steps that no word of their part speaks of
    why: Mapping[str, str] = field(default_factory=dict)  # step → the person's words


def account(text: str, claims: Sequence[Claim], recipe: Recipe, new: Collection[str], rules: Turn | None, gone: Collection[str] = ()) -> Account:
    """`new`: the steps that must answer some part of the text; all are taken to answer the only part of a text that has no other. `gone`: what was
    there before, and answers a part by being no longer there."""
    phrases = split(text)
    steps = {step.id: step for step in recipe.steps}
    led = [_led(phrase, claims, steps, new if len(phrases) == 1 else ()) for phrase in phrases]
    speaks = [{name: _speaks_of(phrase, steps[name], rules) for name in names} for phrase, names in zip(phrases, led, strict=True)]
    best = {name: max(said.get(name, 0) for said in speaks) for names in led for name in names}
    led = [tuple(name for name in names if said[name] == best[name]) for names, said in zip(led, speaks, strict=True)]
    clauses = tuple(
        Clause(text=phrase.text, steps=led[place], evidence=_evidence(phrase, [steps[one] for one in led[place]], rules))
        for place, phrase in enumerate(phrases)
    )
    answered = {name for names in led for name in names}
    done = [place for place, phrase in enumerate(phrases) if led[place] or _takes_out(phrase, claims, gone, len(phrases) == 1)]
    unclear = [phrase.text for place, phrase in enumerate(phrases) if place not in done and not _only_says(phrase, rules)]
    pointless = [(phrase, name) for phrase, names in zip(phrases, led, strict=True) for name in names if not best[name]]
    unclear += [f"{phrase.text} (step {name!r}, {_bare(steps[name])}: no word of this speaks of it)" for phrase, name in pointless]
    why = {name: phrase.text for place, phrase in reversed(list(enumerate(phrases))) for name in led[place]}
    unasked = tuple(name for name in new if name not in answered)
    return Account(clauses, tuple(unclear), unasked, tuple(name for _, name in pointless), why)


def bears_out(clauses: Iterable[Clause], recipe: Recipe, rules: Turn | None) -> bool:
    """Whether the rules planner took the same operators for every part that it understood."""
    if rules is None or rules.kind != "change":
        return False
    ops = {step.id: _bare(step) for step in recipe.steps}
    for clause in clauses:
        ours, theirs = {ops[name] for name in clause.steps if name in ops}, _ops_of(clause.text, rules)
        unread = any(same_part(clause.text, said) for said in rules.unclear)
        if ours != theirs and not (unread and theirs <= ours):
            return False
    return True


def speaks_of_columns(text: str, columns: Iterable[str]) -> bool:
    """Whether the person's words say which columns are written."""
    return bool(re.search(r"\b(?:columns?|fields?)\b", text.lower())) or bool(set(_words(text)) & {one.lower() for one in columns})


def _led(phrase: Phrase, claims: Sequence[Claim], steps: Mapping[str, Step], all_new: Collection[str]) -> tuple[str, ...]:
    named = [name for claim in claims if same_part(claim.text, phrase.text) for name in claim.steps if name in steps]
    return tuple(dict.fromkeys([*named, *(name for name in all_new if name in steps)]))


def _takes_out(phrase: Phrase, claims: Sequence[Claim], gone: Collection[str], is_alone: bool) -> bool:
    named = {name for claim in claims if same_part(claim.text, phrase.text) for name in claim.steps}
    return bool(named & set(gone)) or (is_alone and bool(gone))


def same_part(one: str, other: str) -> bool:
    """Whether two texts are about the same part: one holds the other, or half of the words of the shorter."""
    a, b = " ".join(one.lower().split()).strip(" .,;!"), " ".join(other.lower().split()).strip(" .,;!")
    if a and b and (a in b or b in a) and min(len(a), len(b)) >= LEAST * max(len(a), len(b)):
        return True  # in scripts without spaces there are no words to count
    first, second = set(_words(a)), set(_words(b))
    return bool(first and second) and len(first & second) >= SAME * min(len(first), len(second))


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if word not in STOP] or re.findall(r"\w+", text.lower())


def _evidence(phrase: Phrase, led: Sequence[Step], rules: Turn | None) -> str:
    other = _ops_of(phrase.text, rules)
    parts = [f"{_bare(step)}: {_params(step)}" if step.params else _bare(step) for step in led]
    if led and other:
        ours = {_bare(step) for step in led}
        parts.append("the rules planner agrees" if ours == other else f"the rules planner would take {', '.join(sorted(other))}")
    elif led and rules is not None and rules.kind == "change":
        parts.append("the rules planner takes nothing for it")
    elif other:
        parts.append(f"the rules planner would take {', '.join(sorted(other))}")
    return "; ".join(parts) or _only_says(phrase, rules)


def _ops_of(text: str, rules: Turn | None) -> set[str]:
    if rules is None or rules.recipe is None:
        return set()
    ops = {step.id: _bare(step) for step in rules.recipe.steps}
    return {ops[name] for clause in rules.clauses if same_part(clause.text, text) for name in clause.steps if name in ops}


def _only_says(phrase: Phrase, rules: Turn | None) -> str:
    """Why a part needs no step; empty where it does."""
    if rules is not None and rules.kind == "change":
        told = [one for one in rules.clauses if same_part(one.text, phrase.text)]
        if told and not any(one.steps for one in told):
            unread = any(same_part(one.text, said) for one in told for said in rules.unclear)
            return "" if unread else "; ".join(one.evidence for one in told) or "nothing to do"
    if limits.is_output(phrase):
        return "the output"
    if limits.only_says(phrase) or limits.is_purpose(phrase):
        return "says what the data is or is for"
    return ""


def _speaks_of(phrase: Phrase, step: Step, rules: Turn | None) -> int:
    """How clearly a part speaks of a step: the other planner takes the operator for it; or a word names it, its columns or its parameters."""
    if _bare(step) in _ops_of(phrase.text, rules):
        return 2
    return int(points_to(phrase.text, _bare(step)) or _shares(phrase.text, step))


def _shares(text: str, step: Step) -> bool:
    """Whether a number, a name or a word of the parameters stands in the text."""
    words = set(_words(text))
    return any(word in words for value in (step.params, step.on) for word in _words(str(value)) if len(word) > 1 or word.isdigit())


def _params(step: Step) -> str:
    return ", ".join(f"{name}={str(value)[:60]}" for name, value in step.params.items())


def _bare(step: Step) -> str:
    return step.op.partition("@")[0]
