"""The messages and the schema of one question, as large as the model can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.turns import Situation
from sandbox.gateway import Endpoint, Message
from sandbox.gateway.budget import about, tokens_of
from tools.cards import Summary

from . import prompt, schema
from .choosing import MOST_CARDS, choose
from .data import MOST_VALUES, Sight
from .guards import files_of
from .quoting import fenced, plain, quoted

SIZES = ((MOST_CARDS, MOST_VALUES), (20, 16), (15, 12), (10, 10), (7, 7), (4, 4))  # cards and values, until it fits
SPARE = 1.1  # what repair turns and our own estimate may come to
MOST_SAID = 4000  # characters of one message of the person
MOST_FINDINGS = 5


@dataclass(frozen=True)
class View:
    """What a model is asked, and what it may speak of in its answer."""

    messages: tuple[Message, ...]
    schema: Mapping[str, Any]
    cards: Mapping[str, Summary]
    files: tuple[str, ...]


def words_of(situation: Situation) -> str:
    """All that the person said."""
    return "\n".join((*situation.said, situation.message))


def without_paths(text: str, situation: Situation) -> str:
    """A program's words without the person's paths: names do for a model."""
    paths = {**{path: name for name, path in situation.inputs.items()}, **({situation.output: "the output"} if situation.output else {})}
    folders = {str(Path(path).parent) for path in paths if Path(path).is_absolute()} | {str(Path.cwd())}
    for path in sorted((*paths, *(one for one in folders if len(one) > 1)), key=len, reverse=True):
        text = text.replace(path, f"<{paths.get(path, 'a folder')}>")
    return text


def of_plan(situation: Situation, sight: Sight, needed: Iterable[str], endpoint: Endpoint, values: bool) -> View:
    """The question for a plan, or for a change where there is a recipe."""
    has = [step.op.partition("@")[0] for step in situation.recipe.steps] if situation.recipe else []
    first = (*has, *needed)
    for cards, shown in SIZES:
        view = _view(situation, sight, choose(words_of(situation), first, cards), shown if values else 0)
        if fits(view.messages, view.schema, endpoint):
            break
    return view


def of_choice(situation: Situation, sight: Sight, needed: Iterable[str], endpoint: Endpoint) -> View:
    """The first question to a small model: which operators. No value of the data has a say in that."""
    for cards, _ in SIZES:
        chosen = choose(words_of(situation), needed, cards)
        data = fenced(sight.lines(0))
        asked = prompt.user("choose", cards=[prompt.short(one) for one in chosen], data=data, message=said(words_of(situation)))
        messages = (prompt.system(), asked)
        wanted = schema.of_choice([one.name for one in chosen])
        if fits(messages, wanted, endpoint):
            break
    return View(messages, wanted, {one.name: one for one in chosen}, files_of(words_of(situation)))


def of_filling(situation: Situation, sight: Sight, card: Summary, part: str, before: Iterable[str], values: bool) -> View:
    """The question for one operator's columns and parameters."""
    words = words_of(situation)
    files = files_of(words)
    data = fenced(sight.lines(MOST_VALUES // 2 if values else 0))
    asked = prompt.user("fill", card=prompt.card(card), part=plain(part, MOST_SAID), before=list(before), data=data, message=said(words))
    return View((prompt.system(), asked), schema.of_filling(card, files), {card.name: card}, files)


def fits(messages: tuple[Message, ...], wanted: Mapping[str, Any], endpoint: Endpoint) -> bool:
    """Whether the question and the answer go into the model's window."""
    asked = tokens_of(messages) + about(str(wanted))
    return asked * SPARE + endpoint.most_reply_tokens <= endpoint.context_tokens


def said(text: str) -> str:
    """The person's words, without what hides or turns text."""
    return "\n".join(line for one in text.splitlines() if (line := plain(one, MOST_SAID)))


def _view(situation: Situation, sight: Sight, cards: tuple[Summary, ...], values: int) -> View:
    files = files_of(words_of(situation))
    follows = situation.recipe is not None
    asked = prompt.user(
        "ask",
        cards=[prompt.card(one) for one in cards],
        recipe=prompt.recipe(situation.recipe) if situation.recipe else "",
        data=fenced(sight.lines(values)),
        findings=fenced(quoted(without_paths(one, situation), prompt.MOST_FAULT) for one in situation.findings[:MOST_FINDINGS])
        if situation.findings
        else "",
        said=[said(one) for one in situation.said],
        question=fenced([quoted(situation.question, prompt.MOST_FAULT)]) if situation.question else "",
        message=said(situation.message),
    )
    wanted = schema.of_change(cards, files) if follows else schema.of_plan(cards, files)
    return View((prompt.system(follows=follows), asked), wanted, {one.name: one for one in cards}, files)
