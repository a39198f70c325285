"""What conversations are like: how many turns they have, whether a trainer can read them, what another format would lose."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.chats.calls import numbered, together
from tools.chats.flat import translated
from tools.chats.formats import LISTS, OfChats
from tools.chats.talk import ASSISTANT, CALLED, CALLS, MESSAGES, SYSTEM, TOOL, USER, Turn
from tools.chats.targets import SHAPES, Alpaca, Form, Preference, PromptCompletion, Target, Which
from tools.chats.targets import Turns as TurnsTarget
from tools.contract import ANY, DECIDES, Bound, Bounded, Card, Columns, Desk, Example, Measure, OneOf, Rule, Types

Into = Literal["messages", "sharegpt", "alpaca", "prompt_completion", "preference"]
Fault = Literal[
    "empty",
    "unknown_role",
    "empty_turn",
    "late_system",
    "user_not_first",
    "same_side_twice",
    "tool_without_call",
    "call_without_answer",
    "assistant_not_last",
]
FAULTS: tuple[Fault, ...] = get_args(Fault)
SOUND = "none"


class Turns(OfChats, Bounded):
    """Count the turns of a conversation, those of the system aside.

    An exchange of one question and one answer has two turns; `counted` counts questions, or answers, instead. Calls of tools and
    what tools answer are turns as well.
    """

    counted: Literal["turns", "user", "assistant", "tools"] = Field(
        default="turns", description="Turns of anyone, of users, of assistants; or turns that call tools or are what these answered."
    )
    at_least: Bound = None
    at_most: Bound = None

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"messages": ANY},
        adds={"turns": pa.int32()},
        exact=True,
        micros_per_row=1.0,
        aliases=(
            "number of turns",
            "at least N turns",
            "multi-turn conversations",
            "single-turn conversations",
            "long conversations",
            "conversation length",
            "count messages in a conversation",
            "how many turns",
            "conversations that call tools",
            "without tool calls",
        ),
        not_for=("words of an answer: use words", "conversations that break off: use chat_valid"),
        examples=(
            Example(
                params={"at_least": 2},
                given={
                    "messages": [
                        [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}],
                        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}],
                    ]
                },
                keeps=(1,),
                drops={0: "turns"},
            ),
            Example(
                params={"made_of": "sharegpt", "counted": "user"},
                given={"conversations": [[{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Ho"}], []]},
                gives={"turns": [1, 0]},
            ),
        ),
    )

    def adds(self, given: Types) -> Types:
        self.check(given)
        return self.card.adds

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        plain = translated(batch[LISTS[self.made_of]], MESSAGES) if self.made_of in LISTS and not self.has_system else None
        if plain is None:
            return {"turns": pa.array([self._count(talk.turns) if talk else None for talk in self.talks(batch)], pa.int32())}
        roles = pc.struct_field(plain.flatten(), "role")
        wanted = pa.array({"tools": [TOOL, CALLS], "turns": [SYSTEM]}.get(self.counted, [self.counted]))
        counts = pc.not_equal(pc.is_in(roles, value_set=wanted), self.counted == "turns")
        ends = pc.cumulative_sum(counts.cast(pa.int64()))
        running = pa.concat_arrays([pa.array([0], pa.int64()), ends])
        offsets = plain.offsets
        return {"turns": pc.subtract(running.take(offsets[1:]), running.take(offsets[:-1])).cast(pa.int32())}

    def _count(self, turns: Sequence[Turn]) -> int:
        if self.counted == "tools":
            return sum(turn.who in (TOOL, CALLS) or bool(turn.calls) for turn in turns)
        return sum(turn.who == self.counted if self.counted != "turns" else turn.who != SYSTEM for turn in turns)


class ChatValid(OfChats, Measure):
    """Tell whether a trainer can read a conversation, and if not what is wrong with it; by default drop such rows.

    Sound is: perhaps one turn of the system, then a user and an assistant in turn, the assistant last; calls of tools are followed by what the
    tools answered. `chat_fault` names the first fault, or none; `faults` says which count.
    """

    keep: Annotated[Literal["valid", "invalid", "all"], DECIDES] = Field(default="valid", description="Which rows go on.")
    faults: tuple[Fault, ...] = Field(default=FAULTS, description="What counts as a fault.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"messages": ANY},
        adds={"chat_valid": pa.bool_(), "chat_fault": pa.string()},
        exact=True,
        micros_per_row=12.0,
        proof="finds the one result without a call in the 485 glaive_toolcall conversations, 11 odd dialogues of 1,870 in hh_rlhf, none in kto_en "
        "(2026-11-28)",
        aliases=(
            "valid conversations",
            "broken conversations",
            "malformed chats",
            "alternating roles",
            "user and assistant alternate",
            "conversations that end with the assistant",
            "conversations that start with the user",
            "conversations with empty turns",
            "incomplete conversations",
            "well-formed chats",
        ),
        not_for=("how long a conversation is: use turns", "what a conversion would lose: use chat_loss"),
        examples=(
            Example(
                given={
                    "messages": [
                        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}],
                        [{"role": "user", "content": "Hi"}],
                        [{"role": "assistant", "content": "Ho"}],
                        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": " "}],
                        [{"role": "user", "content": "Hi"}, {"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Ho"}],
                        [],
                    ]
                },
                gives={"chat_fault": ["none", "assistant_not_last", "user_not_first", "empty_turn", "same_side_twice", "empty"]},
                keeps=(0,),
                drops={1: "chat_valid", 5: "chat_valid"},
            ),
            Example(
                params={"faults": ("empty", "user_not_first"), "keep": "all"},
                given={"messages": [[{"role": "user", "content": "Hi"}]]},
                gives={"chat_valid": [True], "chat_fault": ["none"]},
            ),
        ),
    )

    def adds(self, given: Types) -> Types:
        self.check(given)
        return self.card.adds

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        found = [self._fault(together(talk.turns)) if talk else None for talk in self.talks(batch)]
        faults = pa.array(found, pa.string())
        return {"chat_valid": pc.equal(faults, SOUND), "chat_fault": faults}

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("chat_valid", (self.keep == "valid",)),)

    def _fault(self, turns: list[Turn]) -> str:
        return next((name for name, is_there in _faults(turns) if is_there and name in self.faults), SOUND)


def _faults(turns: list[Turn]) -> list[tuple[Fault, bool]]:
    """Each fault and whether it is there, the gravest first."""
    talk = [turn for place, turn in enumerate(turns) if turn.who != SYSTEM or place]
    pairs = list(pairwise(talk))
    return [
        ("empty", not any(turn.who != SYSTEM for turn in turns)),
        ("unknown_role", any(turn.who not in CALLED or turn.who == "function_call" for turn in turns)),
        ("empty_turn", any(not (turn.text or "").strip() and not turn.calls and not turn.parts for turn in turns)),
        ("late_system", any(turn.who == SYSTEM for turn in turns[1:])),
        ("user_not_first", bool(talk) and talk[0].who != USER),
        ("same_side_twice", any(one.who == other.who and one.who in (USER, ASSISTANT) and not one.calls for one, other in pairs)),
        ("tool_without_call", any(turn.who == TOOL and turn.call_id is None for turn in numbered(turns))),
        ("call_without_answer", any(one.calls and other.who != TOOL for one, other in pairs)),
        ("assistant_not_last", bool(talk) and (talk[-1].who != ASSISTANT or bool(talk[-1].calls))),
    ]


class ChatLoss(OfChats, Measure):
    """Tell what of a conversation a format cannot hold; keep all rows, or only those that lose nothing.

    `lost` names it: answer (there is none, so that the row would give nulls), system, turns (before or after the exchange that is
    taken), tools (calls and their results), roles (turns by roles that the format does not know; they are kept as they are written), keys (what
    else turns carry), parts (images and the like), ids (which call a tool answered), rejected (the worse answer); or nothing.
    `lost_turns` counts the turns that would be gone or cut. The parameters are those of the operator that writes the format.
    """

    into: Into = Field(description="The format that the rows would be written in.")
    form: Form = Field(default="texts", description="Of prompt and completion, and of preference pairs: what the columns would hold.")
    turn: Which | None = Field(default=None, description="Which exchange would be taken; by default as the operator that writes it.")
    with_system: bool = Field(default=False, description="Whether a column `system` would be added.")
    has_calls: bool = Field(default=False, description="Whether calls of tools would stand beside the text in messages.")
    keep: Annotated[Literal["all", "lossless"], DECIDES] = Field(default="all", description="Which rows go on.")

    card: ClassVar[Card] = Card(
        stage="format",
        reads={"messages": ANY},
        adds={"lost": pa.string(), "lost_turns": pa.int32()},
        exact=True,
        micros_per_row=15.0,
        proof="counts what 9 files of 4,724 rows lose in 11 layouts, in docs/chat-formats.md (2026-11-28)",
        aliases=(
            "what a conversion loses",
            "lossless conversion",
            "rows that fit the format",
            "conversations that do not fit",
            "without losing turns",
            "drop rows that would lose turns",
            "lost system prompts",
        ),
        not_for=("conversations that are broken: use chat_valid", "the conversion itself: use to_alpaca and its like"),
        examples=(
            Example(
                params={"into": "alpaca", "keep": "lossless"},
                given={
                    "messages": [
                        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}],
                        [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}],
                        [{"role": "user", "content": "Hi"}],
                    ]
                },
                gives={"lost": ["nothing", "system", "answer, turns"], "lost_turns": [0, 1, 1]},
                keeps=(0,),
                drops={1: "lost", 2: "lost"},
            ),
        ),
    )

    def target(self, given: Types) -> Target:
        """The format as the operator would write it."""
        shape = SHAPES.get(self.into if self.into in SHAPES else self.form)
        keys = self.keys(given) if shape else {}
        if self.into == "alpaca":
            return Alpaca(turn=self.turn or "first", with_system=self.with_system)
        if self.into == "prompt_completion":
            return PromptCompletion(form=self.form, turn=self.turn, with_system=self.with_system, has_calls=self.has_calls, shape=shape, keys=keys)
        if self.into == "preference":
            return Preference(form=self.form, with_system=self.with_system, has_calls=self.has_calls, shape=shape, keys=keys)
        return TurnsTarget(shape=shape, has_calls=self.has_calls, keys=keys)

    def adds(self, given: Types) -> Types:
        self.check(given)
        return self.card.adds

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        target = self.target(dict(zip(batch.schema.names, batch.schema.types, strict=True)))
        found = [target.lost(talk) if talk else ((), 0) for talk in self.talks(batch)]
        return {
            "lost": pa.array([", ".join(kinds) or "nothing" for kinds, _ in found], pa.string()),
            "lost_turns": pa.array([n for _, n in found], pa.int32()),
        }

    def rule(self) -> Rule:
        return () if self.keep == "all" else (OneOf("lost", ("nothing",)),)
