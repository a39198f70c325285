"""The formats that conversations are written in: their columns, what of a conversation they hold, and what they lose."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import pyarrow as pa

from tools.contract import Types

from .calls import apart, numbered, out_of_turn, parsed, together
from .reading import SPOKEN, as_transcript
from .talk import ASSISTANT, CALLED, CALLS, MESSAGES, SHAREGPT, SYSTEM, TOOL, USER, Shape, Talk, Turn

Loss = Literal["answer", "system", "turns", "tools", "roles", "keys", "parts", "ids", "rejected"]
LOSSES: tuple[Loss, ...] = ("answer", "system", "turns", "tools", "roles", "keys", "parts", "ids", "rejected")
Which = Literal["first", "last"]
Form = Literal["texts", "messages", "transcript", "sharegpt"]
SHAPES: Mapping[str, Shape] = {"messages": MESSAGES, "sharegpt": SHAREGPT}
CALL = pa.struct([("id", pa.string()), ("type", pa.string()), ("function", pa.struct([("name", pa.string()), ("arguments", pa.string())]))])
TEXT = pa.string()
GAP = "\n\n"


class Fitted(NamedTuple):
    """What a format makes of a conversation: its columns, none where it has nothing to hold, and the turns that stand in them."""

    values: Mapping[str, object] | None
    held: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Target(ABC):
    """A format to write in. `keys`: what else than text its turns can carry."""

    keys: Types = field(default_factory=dict)
    has_calls: bool = False
    shape: Shape | None = None  # None: texts, which have no roles
    holds_rejected: bool = False

    @abstractmethod
    def types(self) -> Types: ...
    @abstractmethod
    def fit(self, talk: Talk) -> Fitted: ...

    def columns(self, talks: Sequence[Talk | None]) -> dict[str, pa.Array]:
        """The columns of these conversations; null where there is none, or nothing that fits."""
        made = [self.fit(talk).values if talk else None for talk in talks]
        return {name: pa.array([values and values[name] for values in made], kind) for name, kind in self.types().items()}

    def lost(self, talk: Talk) -> tuple[tuple[Loss, ...], int]:
        """What kinds of things do not fit, and how many turns are not there or not whole."""
        values, held = self.fit(talk)
        kinds = [self._lost_of(turn, place in held) for place, turn in enumerate(talk.turns)]
        kinds += [self._lost_of(turn, values is not None) for turn in talk.rejected or () if self.holds_rejected]
        found = set[Loss]().union(*kinds) | (set() if values else {"answer"})
        found |= {"rejected"} if talk.rejected and not self.holds_rejected else set()
        found |= {"ids"} if self.shape and not self._beside and out_of_turn(talk.turns) else set()
        return tuple(one for one in LOSSES if one in found), sum(bool(one - {"roles", "keys"}) for one in kinds)

    def _lost_of(self, turn: Turn, is_held: bool) -> set[Loss]:
        calls = parsed(turn.text) if turn.who == CALLS else turn.calls
        if not is_held:
            return {"system" if turn.who == SYSTEM else "tools" if calls or turn.who in (TOOL, CALLS) else "turns" if turn.who in CALLED else "roles"}
        found: set[Loss] = {"keys"} if turn.keys.keys() - self.keys.keys() else set()
        found |= {"parts"} if turn.parts else set()
        found |= {"tools"} if calls and self.shape is None else set()
        has_no_word = turn.who not in CALLED or (self.shape is MESSAGES and not (self._beside and calls) and (turn.who == CALLS or bool(calls)))
        return found | ({"roles"} if has_no_word else set())

    @property
    def _beside(self) -> bool:
        """Whether calls stand beside the text."""
        return self.has_calls and self.shape is MESSAGES

    def turn_type(self) -> pa.DataType:
        """The type of one turn."""
        shape = self.shape or MESSAGES
        calls = [("tool_calls", pa.list_(CALL)), ("tool_call_id", TEXT)] if self._beside else []
        return pa.struct([(shape.who, TEXT), (shape.what, TEXT), *calls, *self.keys.items()])

    def records(self, turns: Sequence[Turn], before: Sequence[Turn] = ()) -> list[dict[str, object]]:
        """Turns as the format writes them; calls are numbered on from those of the turns before."""
        if not self._beside:
            return [self._record(turn) for turn in apart(turns)]
        first = together(before)
        return [self._record(turn) for turn in list(numbered([*first, *together(turns)]))[len(first) :]]

    def _record(self, turn: Turn) -> dict[str, object]:
        shape = self.shape or MESSAGES
        made: dict[str, object] = {shape.who: shape.words.get(turn.who, turn.who), shape.what: turn.text}
        if self._beside:
            calls = [{"id": one.id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}} for one in turn.calls]
            made |= {"tool_calls": calls or None, "tool_call_id": turn.call_id}
        return made | {name: turn.keys.get(name) for name in self.keys}


@dataclass(frozen=True, kw_only=True)
class Turns(Target):
    """One column of turns: messages or ShareGPT."""

    def types(self) -> Types:
        return {(self.shape or MESSAGES).column: pa.list_(self.turn_type())}

    def fit(self, talk: Talk) -> Fitted:
        return Fitted({(self.shape or MESSAGES).column: self.records(talk.turns)}, _all(talk))


@dataclass(frozen=True, kw_only=True)
class Alpaca(Target):
    """Instruction, input and output; with the last exchange its history."""

    turn: Which = "first"
    with_system: bool = False

    def types(self) -> Types:
        history = {"history": pa.list_(pa.list_(TEXT))} if self.turn == "last" else {}
        return {"instruction": TEXT, "input": TEXT, "output": TEXT} | history | ({"system": TEXT} if self.with_system else {})

    def fit(self, talk: Talk) -> Fitted:
        pairs = exchanges(talk.turns)
        chosen = _chosen(pairs, talk, self.turn)
        if chosen is None:
            return Fitted(None)
        taken = [*(pairs[:chosen] if self.turn == "last" else ()), pairs[chosen]]
        said = [[_joined(talk, asked), talk.turns[answer].text] for asked, answer in taken]
        values = {"instruction": said[-1][0], "input": "", "output": said[-1][1], "history": said[:-1], "system": _system(talk)}
        return Fitted(values, frozenset(place for asked, answer in taken for place in (*asked, answer)) | _systems(talk, self.with_system))


@dataclass(frozen=True, kw_only=True)
class PromptCompletion(Target):
    """What comes before an answer, and the answer: texts, messages, or a text with speakers."""

    form: Form = "texts"
    turn: Which | None = None
    with_system: bool = False

    def types(self) -> Types:
        kind = pa.list_(self.turn_type()) if self.form == "messages" else TEXT
        return {"prompt": kind, "completion": kind} | ({"system": TEXT} if self.with_system else {})

    def fit(self, talk: Talk) -> Fitted:
        if self.form == "texts":
            pairs = exchanges(talk.turns)
            chosen = _chosen(pairs, talk, self.turn or "first")
            if chosen is None:
                return Fitted(None)
            asked, answer = pairs[chosen]
            values = {"prompt": _joined(talk, asked), "completion": talk.turns[answer].text, "system": _system(talk)}
            return Fitted(values, frozenset((*asked, answer)) | _systems(talk, self.with_system))
        cut = _cut(talk, self.turn or "last")
        if cut is None:
            return Fitted(None)
        start, stop = cut
        return _around(self, talk.turns[:start], {"completion": talk.turns[start:stop]}, stop, self.with_system)


@dataclass(frozen=True, kw_only=True)
class Preference(Target):
    """Prompt, chosen and rejected: texts, messages, a text with speakers; or ShareGPT's, where the prompt is `conversations`."""

    form: Form = "texts"
    with_system: bool = False
    holds_rejected: bool = True

    def types(self) -> Types:
        several, one = (pa.list_(self.turn_type()), self.turn_type())
        if self.form == "sharegpt":
            found: dict[str, pa.DataType] = {"conversations": several, "chosen": one, "rejected": one}
        else:
            found = dict.fromkeys(("prompt", "chosen", "rejected"), several if self.form == "messages" else TEXT)
        return found | ({"system": TEXT} if self.with_system else {})

    def fit(self, talk: Talk) -> Fitted:
        before, sides = talk.turns[: talk.answer], {"chosen": talk.turns[talk.answer :], "rejected": talk.rejected or ()}
        is_single = all(len(side) == 1 and side[0].who == ASSISTANT and side[0].text is not None for side in sides.values())
        if not all(sides.values()) or (self.form in ("texts", "sharegpt") and not is_single) or not any(turn.who == USER for turn in before):
            return Fitted(None)
        if self.form == "sharegpt":
            made = {name: self.records(side, before)[-1] for name, side in sides.items()}
            return Fitted({"conversations": self.records(before), **made, "system": ""}, _all(talk))
        if self.form != "texts":
            return _around(self, before, sides, len(talk.turns), self.with_system)
        last = max(place for place, turn in enumerate(before) if turn.who == USER)
        answers = (place for place, turn in enumerate(before[:last]) if turn.who != USER)
        asked = list(range(max(answers, default=-1) + 1, last + 1))
        values = {"prompt": _joined(talk, asked), "system": _system(talk)} | {name: side[0].text for name, side in sides.items()}
        return Fitted(values, frozenset((*asked, len(before))) | _systems(talk, self.with_system))


def exchanges(turns: Sequence[Turn]) -> list[tuple[list[int], int]]:
    """What users asked and the answer to it, by places; turns of tools, calls, and turns without text are no part of it."""
    found: list[tuple[list[int], int]] = []
    asked: list[int] = []
    for place, turn in enumerate(turns):
        if turn.text is None or turn.calls:
            continue
        if turn.who == USER:
            asked.append(place)
        elif turn.who == ASSISTANT and asked:
            found.append((asked, place))
            asked = []
    return found


def _around(
    target: PromptCompletion | Preference, before: Sequence[Turn], sides: Mapping[str, Sequence[Turn]], stop: int, with_system: bool
) -> Fitted:
    """The prompt and what comes behind it, as messages or as text with speakers."""
    system = GAP.join(turn.text or "" for turn in before if turn.who == SYSTEM)
    kept = [place for place, turn in enumerate(before) if not (with_system and turn.who == SYSTEM)]
    shown = [before[place] for place in kept]
    if target.form == "messages":
        made: dict[str, object] = {name: target.records(side, before) for name, side in sides.items()}
        return Fitted({"prompt": target.records(shown), **made, "system": system}, frozenset(range(stop)))
    if not all(side[0].who == ASSISTANT and any(turn.text is not None for turn in side) for side in sides.values()):
        return Fitted(None)
    texts = {name: as_transcript(side).removeprefix(f"{GAP}Assistant:") for name, side in sides.items()}
    plain = [place for place, turn in enumerate((*before, *next(iter(sides.values())))) if turn.who in SPOKEN and turn.text is not None]
    return Fitted({"prompt": f"{as_transcript(shown)}{GAP}Assistant:", **texts, "system": system}, frozenset(plain))


def _cut(talk: Talk, which: Which) -> tuple[int, int] | None:
    """Where the answer begins and ends; none where no user speaks before it."""
    if talk.answer is not None:
        start, stop = talk.answer, len(talk.turns)
    else:
        places = [place for place, turn in enumerate(talk.turns) if turn.who == ASSISTANT and any(one.who == USER for one in talk.turns[:place])]
        start = next(iter(places if which == "first" else reversed(places)), -1)
        stop = start + 1
    return (start, stop) if 0 <= start < stop and any(turn.who == USER for turn in talk.turns[:start]) else None


def _chosen(pairs: Sequence[tuple[list[int], int]], talk: Talk, which: Which) -> int | None:
    """Which exchange is taken: the one that holds the answer, where the format says which that is."""
    if talk.answer is not None:
        return next((place for place, (_, answer) in enumerate(pairs) if answer >= (talk.answer or 0)), None)
    return None if not pairs else 0 if which == "first" else len(pairs) - 1


def _joined(talk: Talk, places: Sequence[int]) -> str:
    return GAP.join(talk.turns[place].text or "" for place in places)


def _system(talk: Talk) -> str:
    return GAP.join(turn.text or "" for turn in talk.turns if turn.who == SYSTEM)


def _systems(talk: Talk, with_system: bool) -> frozenset[int]:
    return frozenset(place for place, turn in enumerate(talk.turns) if turn.who == SYSTEM) if with_system else frozenset()


def _all(talk: Talk) -> frozenset[int]:
    return frozenset(range(len(talk.turns)))
